//! Who comes in at AWS: by a token, or authorised by API Gateway; what a failed attempt leaves behind, and what a busy table answers.

use port25_tests::stand_ins::Fault;
use serde_json::{Value, json};

use super::{Cloud, sqs};
use crate::world::{Letter, notification};

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_gateway_authorised_by_iam_may_act_and_the_history_names_them() {
    const ANN: &str = "arn:aws:iam::111122223333:user/ann";
    let cloud = Cloud::new().await;
    let (ingest, api) = tokio::join!(cloud.start("ingest"), cloud.start_with("api", &[("API_ACCESS", "iam")]));
    let id = "170000000070001";
    let text = format!("We have received your request to remove the port 25 email sending limitations.\r\n\r\nRequest ID: {id}");
    let now = boot::world::now().to_string();
    cloud.mail("one", &Letter::aws("one@amazon", &now, "Your request", &text).bytes());
    ingest.ingest(&sqs(&[("one", notification("one"))])).await;

    let path = format!("/v1/requests/{id}");
    assert_eq!(api.get(&path, "", "*/*").await.0, 401, "a token is nothing here");
    let by_ann = |mut event: Value| {
        event["requestContext"]["authorizer"] = json!({"iam": {
            "accessKey": "AKIAEXAMPLE", "accountId": "111122223333", "callerId": "AIDAEXAMPLE", "userArn": ANN, "userId": "AIDAEXAMPLE",
        }});
        event
    };
    assert_eq!(api.ask(&by_ann(api.asked(&path, "", "*/*"))).await.0, 200);
    let mut act = by_ann(api.asked(&format!("{path}/replied"), "", "*/*"));
    act["requestContext"]["http"]["method"] = json!("POST");
    let (status, _, text) = api.ask(&act).await;
    assert_eq!(status, 200, "{text}");
    let (_, _, text) = api.ask(&by_ann(api.asked(&path, "", "*/*"))).await;
    let shown: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(shown["history"].as_array().unwrap().last().unwrap()["by"], ANN, "{shown}");
    // What a caller writes into a header is no identity.
    let mut forged = api.asked(&path, "", "*/*");
    forged["headers"]["x-amzn-request-context"] = by_ann(json!({}))["requestContext"].clone().to_string().into();
    assert_eq!(api.ask(&forged).await.0, 401);
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_attempt_is_a_line_that_a_metric_filter_counts_and_a_busy_table_says_when_to_come_again() {
    let cloud = Cloud::new().await;
    let api = cloud.start("api").await;
    let mut wrong = api.asked("/v1/requests", "", "*/*");
    wrong["headers"]["authorization"] = json!(format!("Bearer p25w_{}", "x".repeat(43)));
    assert_eq!(api.ask(&wrong).await.0, 401);
    let mut form = api.asked("/login", "", "text/html");
    form["requestContext"]["http"]["method"] = json!("POST");
    form["headers"]["content-type"] = json!("application/x-www-form-urlencoded");
    form["body"] = json!(format!("secret=p25w_{}", "y".repeat(43)));
    assert_eq!(api.ask(&form).await.0, 401);
    assert_eq!(api.get("/v1/requests", "", "*/*").await.0, 200);
    let _met = cloud.dynamo.calls().plan("Query", 1, Fault::Refuse(400, "AccessDeniedException"));
    let (status, headers, text) = api.get("/v1/requests", "turn=ours", "*/*").await;
    assert_eq!((status, &headers["retry-after"]), (503, &json!("5")), "{text}");

    // As docs/API.md says: { $.message = "asked" && $.status = 401 }.
    let lines = api.one_line_each().await;
    let counted = |line: &&Value| line["message"] == "asked" && line["status"] == 401;
    let routes: Vec<&str> = lines.iter().filter(counted).map(|line| line["route"].as_str().unwrap()).collect();
    assert_eq!(routes, ["/v1/requests", "/login"], "{lines:#?}");
    cloud.close().await;
}
