//! The demo's story, end to end through the three processes, in real time: the mails are as old as they must be.

use jiff::SignedDuration;

use super::{Cloud, dated, event, raw, sqs};
use crate::world::{notification, story_mail};

#[tokio::test(flavor = "multi_thread")]
async fn the_story_is_told_by_three_processes() {
    let cloud = Cloud::new().await;
    let (ingest, alert, api) = tokio::join!(cloud.start("ingest"), cloud.start("alert"), cloud.start("api"));
    let arrive = async |name: &str, hours_ago: i64| {
        cloud.mail(name, &dated(&story_mail(name), SignedDuration::from_hours(hours_ago)));
        assert!(ingest.ingest(&event(name)).await.is_empty(), "{name}");
    };

    // An empty product says so, and an unknown path is a problem.
    let (status, headers, page) = api.get("/", "", "text/html").await;
    assert_eq!(status, 200);
    assert!(headers["content-type"].as_str().unwrap().starts_with("text/html") && page.contains("<html"), "{page}");
    let (status, headers, problem) = api.get("/v1/nothing", "", "*/*").await;
    assert_eq!((status, headers["content-type"].as_str()), (404, Some("application/problem+json")), "{problem}");

    arrive("01-received", 51).await;
    arrive("06-second-received", 49).await;
    arrive("07-second-denied", 21).await;
    alert.sweep().await;
    let told = cloud.sns.take();
    let overdue = told.iter().find(|p| p.subject.contains("OVERDUE")).unwrap().clone();
    let mut subjects: Vec<String> = told.iter().map(|p| p.subject.clone()).collect();
    subjects.sort();
    assert_eq!(
        subjects,
        ["[port25] DENIED 444455556666 us-east-1 172355555500456", "[port25] OVERDUE 51h 111122223333 eu-west-1 172345678900123",]
    );
    assert_eq!(overdue.topic, super::TOPIC);
    assert!(overdue.message.starts_with("Reply to the mail of "), "{}", overdue.message);
    let attribute = |name: &str| overdue.attributes.get(name).map(String::as_str);
    assert_eq!((attribute("event"), attribute("kind"), attribute("account")), (Some("trigger"), Some("overdue"), Some("111122223333")));
    assert_eq!((attribute("severity"), attribute("state"), attribute("region")), (Some("warning"), Some("aws"), Some("eu-west-1")));
    assert_eq!(overdue.attributes.len(), 8, "{:?}", overdue.attributes);
    // Each protocol has its form.
    let names: Vec<&str> = overdue.forms.keys().map(String::as_str).collect();
    assert_eq!(names, ["default", "email", "email-json", "http", "https", "lambda", "sms", "sqs"]);
    assert!(overdue.forms["sms"].starts_with("port25 OVERDUE 51h 111122223333 eu-west-1 172345678900123: reply to AWS's mail of "));
    let json: serde_json::Value = serde_json::from_str(&overdue.forms["sqs"]).unwrap();
    assert_eq!((json["version"].as_u64(), json["text"].as_str()), (Some(1), Some(overdue.message.as_str())));
    assert_eq!(json["alert_id"].as_str(), attribute("alert_id"));
    alert.sweep().await;
    assert!(cloud.subjects().is_empty(), "a sweep repeats nothing");

    arrive("02-question", 3).await;
    alert.sweep().await;
    let told = cloud.sns.take();
    let resolved = told.iter().find(|p| p.subject.contains("RESOLVED")).unwrap();
    assert_eq!(resolved.attributes["dedup_key"], overdue.attributes["dedup_key"]);
    assert_eq!(told.len(), 2);
    assert!(told.iter().any(|p| p.subject == "[port25] OUR TURN 111122223333 eu-west-1 172345678900123"));

    arrive("03-our-reply", 2).await;
    alert.sweep().await;
    assert_eq!(cloud.subjects(), ["RESOLVED 111122223333 eu-west-1 172345678900123"]);

    // The forgery changes nothing but the quarantine, which is told when its hour is over.
    let shown = async || {
        let (status, _, body) = api.get("/v1/requests/172345678900123", "", "*/*").await;
        assert_eq!(status, 200, "{body}");
        let mut body: serde_json::Value = serde_json::from_str(&body).unwrap();
        // How long it is waited for, and a draft that says so.
        for of_the_time in ["waiting_seconds", "answer"] {
            assert!(body.as_object_mut().unwrap().remove(of_the_time).is_some(), "{body}");
        }
        body
    };
    let before = shown().await;
    arrive("04-forged-approval", 1).await;
    alert.sweep().await;
    assert!(cloud.subjects().is_empty());
    assert_eq!(shown().await, before, "the forgery changed something");
    assert_eq!(cloud.make_due("pending").await, 1);
    alert.sweep().await;
    assert_eq!(cloud.subjects(), ["CHECK MAIL 1 in quarantine, 1 naming an open request"]);

    // The approval comes twice, the second time as a raw notification.
    arrive("05-approved", 0).await;
    assert!(ingest.ingest(&sqs(&[("again", raw("05-approved")), ("and-again", notification("05-approved"))])).await.is_empty());
    alert.sweep().await;
    assert_eq!(cloud.subjects(), ["APPROVED 111122223333 eu-west-1 172345678900123"]);

    // Reading shows all of it and writes nothing.
    let before = cloud.items().await.len();
    cloud.dynamo.calls().reset();
    let (status, _, list) = api.get("/v1/requests", "turn=settled&limit=10", "application/json").await;
    assert_eq!(status, 200, "{list}");
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let mut ids: Vec<&str> = list["items"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["172345678900123", "172355555500456"]);
    let (status, _, one) = api.get("/v1/requests/172345678900123", "", "application/json").await;
    assert_eq!(status, 200, "{one}");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&one).unwrap()["id"], "172345678900123");
    let (status, _, page) = api.get("/", "", "text/html").await;
    assert!(status == 200 && page.contains("172345678900123"), "{page}");
    let (status, _, page) = api.get("/requests/172345678900123", "", "text/html").await;
    assert!(status == 200 && page.contains("172345678900123"), "{page}");
    assert_eq!(api.get("/v1/requests/999999999", "", "*/*").await.0, 404);
    let calls = cloud.dynamo.calls().all();
    assert!(calls.keys().all(|c| matches!(c.as_str(), "Query" | "GetItem" | "BatchGetItem")), "a GET wrote: {calls:?}");
    assert_eq!(cloud.items().await.len(), before);

    // Not a word of the mails was logged.
    for function in [ingest, alert, api] {
        let lines: Vec<String> = function.end().await.iter().map(ToString::to_string).collect();
        for words in ["@", "sending limitations", "gather more", "unwanted mail", "Network Operations", "Amazon Web Services"] {
            assert!(!lines.iter().any(|line| line.contains(words)), "{words} is in {lines:#?}");
        }
    }
    cloud.close().await;
}
