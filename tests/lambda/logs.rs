//! Promise 6: mail bodies and full addresses never reach logs. One JSON line for each invocation, with its outcome and ids.

use port25_tests::runtime_api::Invocation;
use port25_tests::stand_ins::Fault;
use serde_json::Value;

use super::{BUCKET, Cloud, Function, event, id, question, sqs};
use crate::world::{Letter, notification};

/// Words that stand nowhere but in mails.
const PLANTED: [&str; 6] = ["zwielichtquast", "brummkreisel", "fingerhut", "marderfell", "kichererbse", "@"];

/// Mails with planted words in every place, and of every kind.
fn letters() -> Vec<(&'static str, Letter)> {
    let planted = |mut letter: Letter| {
        letter.subject = format!("{} zwielichtquast", letter.subject);
        letter.body = format!("Brummkreisel brummkreisel.\r\n\r\n{}\r\n\r\nmarderfell@kichererbse.example", letter.body);
        letter.to = "\"Fingerhut fingerhut\" <marderfell@kichererbse.example>".to_owned();
        letter
    };
    let question_1 = || question(1);
    let mut ours = question_1().answers(&["question-1@email.amazon.com"]);
    ours.from = port25::demo::OWN_ADDRESS.to_owned();
    ours.id = "ours@corp.example".to_owned();
    let mut unclear = question_1();
    (unclear.id, unclear.body) = ("unclear@email.amazon.com".to_owned(), format!("Port 25, fingerhut. Request ID: {}", id(2)));
    let mut forged = question_1().forged();
    forged.id = "forged@marderfell.example".to_owned();
    let mut unrelated = question_1().forged();
    (unrelated.id, unrelated.from) = ("unrelated@marderfell.example".to_owned(), "fingerhut@kichererbse.example".to_owned());
    unrelated.body = "kichererbse".to_owned();
    let mut odd = question_1();
    (odd.id, odd.date) = ("fingerhut marderfell@kichererbse".to_owned(), "brummkreisel".to_owned());
    [("question", question_1()), ("ours", ours), ("unclear", unclear), ("forged", forged), ("unrelated", unrelated), ("odd", odd)]
        .map(|(key, letter)| (key, planted(letter)))
        .into()
}

fn clean(lines: &[Value]) {
    for word in PLANTED {
        let found = lines.iter().find(|line| line.to_string().to_lowercase().contains(word));
        assert!(found.is_none(), "{word} was logged: {found:?}");
    }
}

/// Lets all of these mails in.
async fn arrive(cloud: &Cloud, ingest: &Function) {
    for (key, letter) in letters() {
        cloud.mail(key, &letter.bytes());
        assert!(ingest.ingest(&event(key)).await.is_empty(), "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ingest_logs_one_line_with_endings_and_ids_and_no_word_of_a_mail() {
    let cloud = Cloud::new().await;
    let ingest = cloud.start("ingest").await;
    arrive(&cloud, &ingest).await;
    // The same words in what goes wrong: forbidden, refused by the table, no notification.
    let letters = letters();
    cloud.mail("late", &letters[0].1.bytes());
    cloud.s3.forbid(BUCKET, "late");
    assert_eq!(ingest.ingest(&event("late")).await, ["late"]);
    cloud.s3.permit(BUCKET, "late");
    let _met = cloud.dynamo.calls().plan("TransactWriteItems", 1, Fault::Refuse(400, "ValidationException"));
    assert_eq!(ingest.ingest(&event("late")).await, ["late"]);
    let inside = notification("question").replace("\\\"receipt\\\"", "\\\"brummkreisel fingerhut\\\"");
    for poison in ["marderfell@kichererbse.example".to_owned(), inside, "{\"receipt\":\"zwielichtquast\"}".to_owned()] {
        assert!(ingest.ingest(&sqs(&[("poison", poison)])).await.is_empty());
    }
    let lines = ingest.one_line_each().await;
    clean(&lines);
    for (line, (key, _)) in lines.iter().zip(&letters) {
        let record = &line["records"][0];
        assert_eq!((&record["message"], &record["object"]), (&(*key).into(), &(*key).into()), "{line}");
        assert!(line["level"].is_string() && line["timestamp"].is_string(), "{line}");
    }
    assert_eq!(lines[0]["records"][0]["requests"], serde_json::json!([id(1)]));
    assert_eq!(lines[6]["level"], "ERROR");
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_a_form_that_nobody_knows_is_not_quoted() {
    let cloud = Cloud::new().await;
    let (ingest, api) = tokio::join!(cloud.start("ingest"), cloud.start("api"));
    for event in ["zwielichtquast", "\"zwielichtquast\"", "{\"Records\":\"zwielichtquast\"}", "{\"Records\":[\"zwielichtquast\"]}"] {
        for function in [&api, &ingest] {
            let answer = match function.call(event.into()).await {
                Invocation::Error(text) => text,
                Invocation::Response(body) => String::from_utf8(body).unwrap(),
                other => panic!("{event}: {other:?}"),
            };
            assert!(!answer.contains("zwielichtquast"), "{answer}");
        }
    }
    clean(&ingest.end().await);
    clean(&api.end().await);
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alert_logs_one_line_with_what_it_did_also_when_it_could_not() {
    let cloud = Cloud::new().await;
    let (ingest, alert) = tokio::join!(cloud.start("ingest"), cloud.start("alert"));
    arrive(&cloud, &ingest).await;
    // A sweep whose topic refuses, one that tells, one that cannot read the table.
    let _met = cloud.sns.calls().plan("Publish", 1, Fault::Refuse(400, "InvalidParameter"));
    alert.sweep().await;
    cloud.make_due("pending").await;
    cloud.make_due("retry").await;
    alert.sweep().await;
    assert!(!cloud.sns.take().is_empty());
    let _met = cloud.dynamo.calls().plan("Query", 1, Fault::Refuse(400, "AccessDeniedException"));
    let failed = alert.call(b"{}".to_vec()).await;
    assert!(matches!(&failed, Invocation::Error(text) if text.contains("AccessDeniedException")), "{failed:?}");
    let lines = alert.one_line_each().await;
    clean(&lines);
    let levels: Vec<&str> = lines.iter().map(|l| l["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["ERROR", "INFO", "ERROR"]);
    assert!(!lines[2].to_string().contains("SdkBody"), "an SDK's whole answer: {}", lines[2]);
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn api_logs_one_line_and_not_what_people_ask_for() {
    let cloud = Cloud::new().await;
    let (ingest, api) = tokio::join!(cloud.start("ingest"), cloud.start("api"));
    arrive(&cloud, &ingest).await;
    // Message-IDs stand in paths, words in queries.
    for path in ["/v1/requests", "/requests/ours%40corp.example", "/v1/requests/marderfell%40kichererbse.example", "/fingerhut"] {
        let (status, _, _) = api.get(path, "", "*/*").await;
        assert!(status == 200 || status == 404, "{path}: {status}");
    }
    assert_eq!(api.get("/v1/requests", "account=zwielichtquast", "*/*").await.0, 400);
    let _met = cloud.dynamo.calls().plan("Query", 1, Fault::Refuse(400, "AccessDeniedException"));
    let refused = api.get("/v1/requests", "", "*/*").await;
    assert!(refused.0 >= 500 && !refused.2.contains("AccessDenied"), "{refused:?}");
    clean(&api.one_line_each().await);
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_s_line_names_the_mail_that_caused_it() {
    let cloud = Cloud::new().await;
    let (ingest, alert) = tokio::join!(cloud.start("ingest"), cloud.start("alert"));
    cloud.mail("q1", &question(1).bytes());
    assert!(ingest.ingest(&event("q1")).await.is_empty());
    alert.sweep().await;
    assert_eq!(cloud.sns.take().len(), 1);
    let (arrived, told) = (ingest.one_line_each().await, alert.one_line_each().await);
    let (record, alerts) = (&arrived[0]["records"][0], told[0]["alerts"].as_array().unwrap());
    assert_eq!((record["object"].as_str(), record["mail"].as_str().map(str::len)), (Some("q1"), Some(32)));
    assert_eq!(alerts.len(), 1);
    assert_eq!((&alerts[0]["entry"], &alerts[0]["request"]), (&record["mail"], &record["requests"][0]));
    assert_eq!(alerts[0]["alert"], format!("{}:our-turn:1", record["mail"].as_str().unwrap()));
    assert_eq!(alerts[0]["outcome"], "sent");
    cloud.close().await;
}
