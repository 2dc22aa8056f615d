//! What was submitted to AWS by hand: registered before or without its mail, it has its clock, AWS's mail joins it, and the same
//! registration is one.

use api::act::{ActError, Registration, Word, belongs, register};
use domain::classify::Family;
use domain::ids::{AccountId, AwsId, Region};
use domain::policy::Policy;
use domain::request::{NotSubmitted, Outcome, Turn, Why};
use jiff::Timestamp;
use serde_json::json;

use crate::world::{Letter, World};

const ID: &str = "170000000090001";
const RECEIVED: &str = "We have received your request to remove the port 25 email sending limitations.";

fn registration() -> Registration {
    Registration {
        family: Family::Port25,
        account: AccountId::parse("123456789012"),
        regions: Region::parse("eu-west-1").into_iter().collect(),
        subject: "Open port 25 for mx1".to_owned(),
        aws_id: None,
        since: None,
        by: "ann".to_owned(),
        why: Some("sent the form".to_owned()),
        key: None,
    }
}

fn with_id() -> Registration {
    Registration { aws_id: AwsId::parse(ID), ..registration() }
}

fn received(id: &str, at: &str) -> Letter {
    Letter::aws(id, at, "Your request", &format!("{RECEIVED}\r\n\r\nRequest ID: {ID}\r\n"))
}

async fn registered(world: &World, registration: &Registration) -> Result<api::act::Registered, ActError> {
    register(&world.store, &world.policy, registration, world.now()).await
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_registered_without_a_mail_is_shown_and_told_when_aws_stays_silent() {
    let world = World::with(Policy { accounts: [AccountId::parse("999999999999").unwrap()].into(), ..Policy::default() }).await;
    let done = registered(&world, &registration()).await.unwrap();
    let key = done.request.to_string();
    assert!(key.starts_with("p25-") && !done.said_before && done.version == 1, "{done:?}");
    assert_eq!(done.turn, Turn::Aws { since: time("2026-11-20T10:00:00Z") });
    let request = world.request(&key).await;
    assert!(request.first_mail.is_none() && request.last_trust.is_none() && !request.unexpected && !request.dormant, "{request:?}");

    let list = world.get("/v1/requests?account=123456789012").await.json();
    let item = &list["items"][0];
    assert_eq!((item["id"].as_str(), item["subject"].as_str()), (Some(key.as_str()), Some("Open port 25 for mx1")));
    assert_eq!((item["family"].as_str(), item["regions"][0].as_str()), (Some("port25"), Some("eu-west-1")));
    let detail = world.get(&format!("/v1/requests/{key}")).await.json();
    assert_eq!(detail["answer"]["channel"], "nowhere");
    let instruction = detail["answer"]["instruction"].as_str().unwrap();
    assert!(instruction.contains("no mail of AWS came yet") && instruction.contains("send the form again"), "{instruction}");
    let act = &detail["history"][0];
    assert_eq!((act["act"].as_str(), act["by"].as_str(), act["why"].as_str()), (Some("register"), Some("ann"), Some("sent the form")));
    assert_eq!(act["says"], "port25, account 123456789012, eu-west-1: Open port 25 for mx1");
    let page = world.ask_for("text/html", &format!("/requests/{key}")).await;
    assert!(page.status == 200 && page.text.contains("registered what was submitted by hand:"), "{}", page.text);
    assert_eq!(world.get(&format!("/v1/requests/{key}/reply")).await.status, 409, "there is no mail to answer");

    world.advance_to("2026-11-22T09:59:59Z");
    world.sweep().await;
    world.expect_silence();
    world.advance_to("2026-11-22T10:00:00Z");
    world.sweep().await;
    let alert = world.expect_alert("OVERDUE 48h 123456789012 eu-west-1 p25-");
    assert!(alert.body.contains("no mail of AWS came yet") && alert.body.contains("Subject: Open port 25 for mx1"), "{}", alert.body);
    assert!(alert.body.contains("We submitted it on 2026-11-20 10:00 UTC, and 48 hours later"), "{}", alert.body);
    // It takes people's words as any other does.
    let acted = world.act(&key, &crate::world::deed(api::act::What::Replied)).await.unwrap();
    assert_eq!(acted.turn, Turn::Aws { since: time("2026-11-22T10:00:00Z") });
    world.sweep().await;
    world.expect_alert("RESOLVED");
}

#[tokio::test(flavor = "multi_thread")]
async fn aws_s_mail_with_its_id_joins_it_and_its_approval_settles_it() {
    let world = World::new().await;
    let done = registered(&world, &with_id()).await.unwrap();
    assert_eq!(done.request.as_str(), ID);
    world.advance_to("2026-11-21T10:00:00Z");
    world.mail(&received("one@amazon", "2026-11-21T10:00:00Z").bytes()).await;
    let request = world.request("one@amazon").await;
    assert_eq!((request.id.as_str(), request.steps.len()), (ID, 2));
    assert_eq!(request.turn, Turn::Aws { since: time("2026-11-21T10:00:00Z") }, "AWS's mail starts its time again");
    assert_eq!((request.subject.as_str(), request.account), ("Your request", AccountId::parse("123456789012")));
    let detail = world.get(&format!("/v1/requests/{ID}")).await.json();
    assert_eq!(detail["answer"]["channel"], "mail", "now there is a mail to answer");

    let approved = Letter::aws("two@amazon", "2026-11-21T12:00:00Z", "Your request", "We have granted your request.");
    world.advance_to("2026-11-21T12:00:00Z");
    world.mail(&approved.answers(&["one@amazon"]).bytes()).await;
    assert_eq!(world.request(ID).await.turn, Turn::Settled { since: time("2026-11-21T12:00:00Z"), outcome: Outcome::Approved });
    world.sweep().await;
    world.expect_alert("APPROVED");
    world.advance_to("2026-11-25T12:00:00Z");
    world.sweep().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_id_a_mail_that_a_person_moves_into_it_gives_the_request_both() {
    let mut world = World::new().await;
    world.ignore_alerts();
    let key = registered(&world, &registration()).await.unwrap().request.to_string();
    world.advance_to("2026-11-21T10:00:00Z");
    world.mail(&received("one@amazon", "2026-11-21T10:00:00Z").bytes()).await;
    assert_eq!(world.request(&key).await.steps.len(), 1, "nothing says that they are one");

    let request = belongs(&world.store, &key).await.unwrap();
    let word = Word { meaning: None, request: Some(request), by: "ann".to_owned(), why: None, key: None, expected: None };
    let taken = world.judge("one@amazon", &word).await;
    assert_eq!(taken.requests.iter().map(|id| id.as_str()).collect::<Vec<_>>(), [ID]);
    for name in [key.as_str(), ID, "one@amazon"] {
        let request = world.request(name).await;
        assert_eq!((request.id.as_str(), request.steps.len()), (ID, 3), "{name}");
    }
    assert_eq!(world.get("/v1/requests").await.json()["items"].as_array().map(Vec::len), Some(1), "it is listed once");

    // What AWS writes later finds it by the ID alone.
    world.advance_to("2026-11-21T12:00:00Z");
    let asked = format!("Please provide us with details about your use case of port 25.\r\n\r\nRequest ID: {ID}\r\n");
    world.mail(&Letter::aws("two@amazon", "2026-11-21T12:00:00Z", "Your request", &asked).bytes()).await;
    let request = world.request(&key).await;
    assert_eq!((request.why(), request.steps.len()), (Some(Why::Question), 4));

    // A word that was wrong is taken back: both are there again.
    world.judge("one@amazon", &Word { request: Some(domain::request::Belongs::Apart), ..word }).await;
    assert_eq!(world.request(&key).await.id.as_str(), key);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_learned_later_is_said_without_a_mail_and_aws_s_mails_with_it_join() {
    let mut world = World::new().await;
    world.ignore_alerts();
    let key = registered(&world, &registration()).await.unwrap().request.to_string();
    let path = |act: &str| format!("/v1/requests/{key}/{act}");
    let refused = world.post(&path("identify"), &json!({"aws_id": "p25-aaaaaaaaaa"})).await;
    assert_eq!((refused.status, &refused.json()["errors"][0]["pointer"]), (422, &json!("/aws_id")), "{}", refused.text);
    // A slip of the pen, and the right one.
    let wrong = world.post(&path("identify"), &json!({"aws_id": "170000000090009"})).await;
    assert_eq!((wrong.status, &wrong.json()["id"]), (200, &json!("170000000090009")), "{}", wrong.text);
    let said = world.post(&path("identify"), &json!({"aws_id": ID, "why": "seen in the console"})).await;
    assert_eq!((said.status, &said.json()["id"], &said.json()["said_before"]), (200, &json!(ID), &json!(false)), "{}", said.text);
    assert_eq!(said.header("etag"), world.get(path("").trim_end_matches('/')).await.header("etag"));
    assert_eq!(world.post(&path("identify"), &json!({"aws_id": ID})).await.json()["said_before"], true);
    let request = world.request(&key).await;
    assert_eq!((request.id.as_str(), request.turn), (ID, Turn::Aws { since: time("2026-11-20T10:00:00Z") }), "its clock goes on");
    let history = world.get(&format!("/v1/requests/{ID}")).await.json()["history"].clone();
    assert_eq!(
        (&history[2]["act"], &history[2]["says"], &history[2]["by"]),
        (&json!("identify"), &json!(ID), &json!("write")),
        "{history}"
    );

    world.advance_to("2026-11-21T10:00:00Z");
    world.mail(&received("one@amazon", "2026-11-21T10:00:00Z").bytes()).await;
    let request = world.request(&key).await;
    assert_eq!((request.id.as_str(), request.steps.len()), (ID, 4), "AWS's mail has joined it");
    assert_eq!(world.get("/v1/requests").await.json()["items"].as_array().map(Vec::len), Some(1), "it is listed once");
    assert_eq!(world.request("170000000090009").await.id.as_str(), ID, "an ID that was once shown finds it");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_said_makes_one_request_of_what_is_known_under_it_and_never_another_of_aws_s_own() {
    let mut world = World::new().await;
    world.ignore_alerts();
    let key = registered(&world, &registration()).await.unwrap().request.to_string();
    world.advance_to("2026-11-21T10:00:00Z");
    world.mail(&received("one@amazon", "2026-11-21T10:00:00Z").bytes()).await;
    assert_eq!(world.get("/v1/requests").await.json()["items"].as_array().map(Vec::len), Some(2), "nothing says that they are one");
    let at = |name: &str| format!("/v1/requests/{name}/identify");
    let (one, other) = (json!({"aws_id": ID}), json!({"aws_id": ID, "by": "bob"}));
    let (path, again) = (at(&key), at(&key));
    let (one, other) = tokio::join!(world.post(&path, &one), world.post(&again, &other));
    assert_eq!((one.status, other.status), (200, 200), "{} {}", one.text, other.text);
    for name in [&key, ID, "one@amazon"] {
        let request = world.request(name).await;
        assert_eq!((request.id.as_str(), request.steps.len()), (ID, 3), "{name}: said at once by two, it is said once");
    }
    // What AWS wrote itself is no person's to change, and a version that is gone is not changed.
    world
        .mail(
            &Letter::aws("two@amazon", "2026-11-21T10:00:00Z", "Another", &format!("{RECEIVED}\r\n\r\nRequest ID: 170000000090002"))
                .bytes(),
        )
        .await;
    let refused = world.post(&at("170000000090002"), &json!({"aws_id": ID})).await;
    assert_eq!((refused.status, &refused.json()["type"]), (409, &json!("urn:port25:problem:conflict")), "{}", refused.text);

    // A request that a mail began without an ID gets one in the same way.
    world.mail(&Letter::aws("three@amazon", "2026-11-21T10:00:00Z", "A third", RECEIVED).bytes()).await;
    let done = world.post(&at("three@amazon"), &json!({"aws_id": "170000000090003", "why": "by phone"})).await;
    assert_eq!((done.status, &done.json()["id"]), (200, &json!("170000000090003")), "{}", done.text);
    assert_eq!(world.request("170000000090003").await.turn, Turn::Aws { since: time("2026-11-21T10:00:00Z") });
    assert_eq!(world.get("/v1/requests").await.json()["items"].as_array().map(Vec::len), Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_registration_is_one_and_a_known_id_is_refused_with_its_name() {
    let mut world = World::new().await;
    world.ignore_alerts();
    let (plain, other) = (registration(), Registration { by: "bob".to_owned(), ..registration() });
    let (a, b) = tokio::join!(registered(&world, &plain), registered(&world, &other));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!((a.said_before, &a.entry, &a.request), (!b.said_before, &b.entry, &b.request), "at once, by two people");
    world.advance_to("2026-11-20T10:59:59Z");
    assert!(registered(&world, &registration()).await.unwrap().said_before, "within the hour");
    world.advance_to("2026-11-20T11:00:00Z");
    let later = registered(&world, &registration()).await.unwrap();
    assert!(!later.said_before && later.request != a.request, "the form was sent again");
    assert!(!registered(&world, &Registration { regions: Vec::new(), ..registration() }).await.unwrap().said_before);

    // By a key of one's own it is done, whenever.
    let keyed = Registration { key: Some("click-1".to_owned()), ..registration() };
    let first = registered(&world, &keyed).await.unwrap();
    world.advance_to("2026-11-21T10:00:00Z");
    let again = registered(&world, &keyed).await.unwrap();
    assert!(!first.said_before && again.said_before && again.entry == first.entry, "{again:?}");
    let reused = registered(&world, &Registration { subject: "another".to_owned(), ..keyed.clone() }).await.unwrap_err();
    assert!(matches!(reused, ActError::KeyReused), "{reused}");

    let (known, other) = (with_id(), Registration { account: None, ..with_id() });
    let (a, b) = tokio::join!(registered(&world, &known), registered(&world, &other));
    let refused = [a, b].into_iter().find_map(Result::err).unwrap();
    assert!(matches!(&refused, ActError::Known(id) if id.as_str() == ID) && refused.to_string().contains("port25 show"), "{refused}");
    world.mail(&received("one@amazon", "2026-11-21T10:00:00Z").bytes()).await;
    world.advance_to("2026-11-22T10:00:00Z");
    assert!(matches!(registered(&world, &with_id()).await, Err(ActError::Known(_))), "a day later");
    assert_eq!(world.request(ID).await.steps.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_and_aws_s_mail_at_once_are_one_request() {
    let mut world = World::new().await;
    world.ignore_alerts();
    for n in 0..6 {
        let id = format!("17000000009100{n}");
        let letter =
            Letter::aws(&format!("m{n}@amazon"), "2026-11-20T10:00:00Z", "Your request", &format!("{RECEIVED}\r\n\r\nRequest ID: {id}"));
        let bytes = letter.bytes();
        let registration = Registration { aws_id: AwsId::parse(&id), ..registration() };
        let (done, _) = tokio::join!(registered(&world, &registration), world.mail(&bytes));
        let steps = world.request(&id).await.steps.len();
        match done {
            Ok(done) => assert_eq!((done.request.as_str(), steps), (id.as_str(), 2)),
            Err(ActError::Known(known)) => assert_eq!((known.as_str(), steps), (id.as_str(), 1)),
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_have_been_submitted_so_is_refused_and_nothing_is_written() {
    let world = World::new().await;
    let at = |text: &str| Registration { since: Some(time(text)), ..registration() };
    let areas = ["eu", "us", "ap"].iter().flat_map(|a| (0..9).filter_map(move |n| Region::parse(&format!("{a}-west-{n}"))));
    for (wrong, said) in [
        (at("2026-11-20T10:00:01Z"), "in the future"),
        (at("2026-10-21T09:59:59Z"), "more than 30 days ago"),
        (Registration { subject: " \r\n\u{200B}".to_owned(), ..registration() }, "the subject is empty"),
        (Registration { family: Family::AlertEcho, ..registration() }, "support-case"),
        (Registration { regions: areas.collect(), ..registration() }, "27 Regions are too many"),
    ] {
        let refused = registered(&world, &wrong).await.unwrap_err();
        assert!(matches!(refused, ActError::NotSubmitted(_)) && refused.to_string().contains(said), "{refused}");
    }
    assert_eq!(world.get("/v1/requests").await.json()["items"].as_array().map(Vec::len), Some(0));
    assert_eq!(NotSubmitted::NoSubject.what(), "subject");

    // The oldest that is taken is overdue at once, and not asleep.
    let oldest = registered(&world, &at("2026-10-21T10:00:00Z")).await.unwrap();
    assert!(!world.request(oldest.request.as_str()).await.dormant);
    world.sweep().await;
    world.expect_alert("OVERDUE 720h 123456789012 eu-west-1 p25-");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_person_calls_it_breaks_a_line_or_the_page() {
    let world = World::new().await;
    let hostile = "<script>alert(1)</script>\r\nBcc: x@y.example\u{202E} 日本語";
    let id = registered(&world, &Registration { subject: hostile.to_owned(), ..with_id() }).await.unwrap().request;
    assert_eq!(world.request(id.as_str()).await.subject, "<script>alert(1)</script> Bcc: x@y.example 日本語");
    for path in ["/".to_owned(), format!("/requests/{id}")] {
        let page = world.ask_for("text/html", &path).await;
        assert!(page.status == 200 && !page.text.contains("<script>alert"), "{}", page.text);
    }
}
