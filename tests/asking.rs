//! What people do, over the API: the same as by the library, with versions, keys and clear refusals.

use axum::http::Request;
use serde_json::{Value, json};
use store::Scope;

use crate::world::{Reply, World};

/// The request of the story's first mail.
const ID: &str = "172345678900123";

async fn waiting() -> World {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.advance_to("2026-11-20T10:05:00Z");
    world.story("01-received").await;
    world
}

async fn act(world: &World, act: &str, body: &Value) -> Reply {
    world.post(&format!("/v1/requests/{ID}/{act}"), body).await
}

async fn with(world: &World, act: &str, body: &Value, headers: &[(&str, &str)]) -> Reply {
    let token = format!("Bearer {}", world.token(Scope::Write).await);
    let request = Request::builder().method("POST").uri(format!("/v1/requests/{ID}/{act}")).header("authorization", token);
    let request = headers.iter().fold(request.header("content-type", "application/json"), |r, (name, value)| r.header(*name, *value));
    world.send(request, body.to_string()).await
}

async fn detail(world: &World) -> (Value, String) {
    let reply = world.get(&format!("/v1/requests/{ID}")).await;
    let etag = reply.header("etag").unwrap().to_owned();
    (reply.json(), etag)
}

fn problem(reply: &Reply) -> (u16, String) {
    let kind = reply.json()["type"].as_str().unwrap().strip_prefix("urn:port25:problem:").unwrap().to_owned();
    (reply.status, kind)
}

#[tokio::test]
async fn what_people_do_is_done_and_the_history_names_the_token() {
    let world = waiting().await;
    let ack = act(&world, "ack", &json!({"seconds": 3600.0, "by": "ann", "why": "seen"})).await;
    assert_eq!((ack.status, &ack.json()["until"], &ack.json()["said_before"]), (200, &json!("2026-11-20T11:05:00Z"), &json!(false)));
    let (shown, etag) = detail(&world).await;
    assert_eq!(shown["hold"]["act"], "ack");
    assert_eq!(ack.header("etag"), Some(&*etag), "the answer names the version that it made");
    let last = shown["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["act"], &last["by"], &last["why"]), (&json!("ack"), &json!("ann (token write)"), &json!("seen")));

    let until = "2026-11-25T12:00:00+02:00";
    assert_eq!(act(&world, "snooze", &json!({"until": until})).await.json()["until"], "2026-11-25T10:00:00Z");
    assert_eq!(act(&world, "replied", &json!({})).await.json()["turn"], "aws");
    assert_eq!(act(&world, "note", &json!({"text": "they called"})).await.status, 200);
    let settled = act(&world, "settle", &json!({"outcome": "approved"})).await.json();
    assert_eq!((&settled["turn"], &settled["outcome"]), (&json!("settled"), &json!("approved")));
    let refused = act(&world, "ack", &json!({})).await;
    assert_eq!(problem(&refused), (409, "conflict".to_owned()));
    assert!(refused.text.contains("reopen"), "{}", refused.text);
    assert_eq!(act(&world, "reopen", &json!({})).await.json()["turn"], "ours");
    let again = act(&world, "reopen", &json!({"why": "x"})).await.json();
    assert_eq!(again["said_before"], true, "the same once more within the hour");
}

#[tokio::test]
async fn a_key_makes_a_change_once_and_is_the_callers_own() {
    let world = waiting().await;
    let key = [("idempotency-key", "click-1")];
    let first = with(&world, "note", &json!({"text": "one"}), &key).await.json();
    world.advance_to("2026-11-20T18:00:00Z");
    let again = with(&world, "note", &json!({"text": "one"}), &key).await.json();
    assert_eq!((&again["entry"], &again["said_before"]), (&first["entry"], &json!(true)), "also hours later");
    let other = with(&world, "note", &json!({"text": "two"}), &key).await;
    assert_eq!(problem(&other), (409, "key-reused".to_owned()));
    assert_eq!(problem(&with(&world, "replied", &json!({}), &key).await), (409, "key-reused".to_owned()));
    let foreign = api::access::secret::new_token(&world.store, "other", Scope::Write, 1, world.now()).await.unwrap().0;
    let request =
        Request::builder().method("POST").uri(format!("/v1/requests/{ID}/note")).header("authorization", format!("Bearer {foreign}"));
    let request = request.header("content-type", "application/json").header("idempotency-key", "click-1");
    let theirs = world.send(request, json!({"text": "three"}).to_string()).await;
    assert_eq!((theirs.status, &theirs.json()["said_before"]), (200, &json!(false)), "another caller's key is another key");
    for bad in ["", "a b", "ä", &"x".repeat(201)] {
        assert_eq!(
            problem(&with(&world, "note", &json!({"text": "x"}), &[("idempotency-key", bad)]).await),
            (400, "header".to_owned()),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn what_changed_since_it_was_read_is_not_changed_again() {
    let world = waiting().await;
    let (_, etag) = detail(&world).await;
    assert_eq!(with(&world, "replied", &json!({}), &[("if-match", &etag), ("idempotency-key", "k")]).await.status, 200);
    let stale = with(&world, "settle", &json!({"outcome": "closed"}), &[("if-match", &etag)]).await;
    assert_eq!(problem(&stale), (412, "changed".to_owned()));
    assert_eq!(detail(&world).await.0["turn"], "aws", "nothing was settled");
    let retried = with(&world, "replied", &json!({}), &[("if-match", &etag), ("idempotency-key", "k")]).await;
    assert_eq!((retried.status, &retried.json()["said_before"]), (200, &json!(true)), "a lost answer is asked for again");
    for odd in ["\"v1\", \"v2\"", "v1", "W/\"v1\"", "\"v0\"", ""] {
        assert_eq!(with(&world, "note", &json!({"text": "x"}), &[("if-match", odd)]).await.status, 412, "{odd}");
    }
    assert_eq!(with(&world, "note", &json!({"text": "x"}), &[("if-match", "*")]).await.status, 200);
}

#[tokio::test]
async fn a_bad_body_is_named_with_its_place_and_changes_nothing() {
    let world = waiting().await;
    let (_, etag) = detail(&world).await;
    for (path, body, pointer) in [
        ("ack", json!({"seconds": 0}), "/seconds"),
        ("ack", json!({"seconds": 2_592_001}), "/seconds"),
        ("ack", json!({"seconds": 1.5}), "/seconds"),
        ("ack", json!({"until": "2026-11-20T10:05:00Z"}), "/until"),
        ("ack", json!({"until": "2027-01-01T00:00:00Z"}), "/until"),
        ("ack", json!({"until": "tomorrow"}), "/until"),
        ("ack", json!({"until": "2026-11-21T00:00:00Z", "seconds": 60}), ""),
        ("snooze", json!({}), ""),
        ("settle", json!({"outcome": "won"}), "/outcome"),
        ("settle", json!({}), ""),
        ("note", json!({"text": " \u{7}"}), "/text"),
        ("replied", json!({"colour": "blue"}), "/colour"),
        ("judge", json!({"mail": "story-1@amazon.com"}), ""),
    ] {
        let refused = act(&world, path, &body).await;
        assert_eq!(refused.status, if path == "judge" { 404 } else { 422 }, "{path} {body}: {}", refused.text);
        if path != "judge" {
            assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{path} {body}: {}", refused.text);
        }
    }
    let token = format!("Bearer {}", world.token(Scope::Write).await);
    let raw = |kind: &'static str| {
        Request::builder()
            .method("POST")
            .uri(format!("/v1/requests/{ID}/note"))
            .header("authorization", &token)
            .header("content-type", kind)
    };
    for (kind, body, want) in [
        ("text/plain", "{\"text\":\"x\"}".to_owned(), 415),
        ("application/x-www-form-urlencoded", "text=x".to_owned(), 415),
        ("application/json", "[\"x\"]".to_owned(), 400),
        ("application/json", "{\"text\":".to_owned(), 400),
        ("application/json", format!("{{\"text\":\"{}\"}}", "x".repeat(40_000)), 413),
    ] {
        assert_eq!(world.send(raw(kind), body).await.status, want, "{kind}");
    }
    assert_eq!(detail(&world).await.1, etag, "nothing was written");
    let unknown = world.post("/v1/requests/172345678909999/ack", &json!({})).await;
    assert_eq!(problem(&unknown), (404, "request-not-found".to_owned()));
}

#[tokio::test]
async fn mail_in_quarantine_is_released_or_dismissed() {
    let world = waiting().await;
    world.story("04-forged-approval").await;
    let listed = world.get("/v1/quarantine").await.json();
    let mail = listed["items"][0]["id"].as_str().unwrap().to_owned();
    let path = |act: &str| format!("/v1/quarantine/{mail}/{act}");
    assert_eq!(problem(&world.post(&path("release"), &json!({"meaning": "irrelevant"})).await), (422, "validation".to_owned()));
    let released = world.post(&path("release"), &json!({"meaning": "approved", "request": ID, "why": "confirmed by phone"})).await.json();
    assert_eq!((&released["released"], &released["requests"][0]), (&json!(true), &json!(ID)));
    assert_eq!(detail(&world).await.0["outcome"], "approved");
    assert!(world.get("/v1/quarantine").await.json()["items"].as_array().unwrap().is_empty());
    // A word that was wrong is said again, of the request's mail now.
    let taken = act(&world, "judge", &json!({"mail": mail, "meaning": "irrelevant"})).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    assert_eq!(detail(&world).await.0["turn"], "aws");
    assert_eq!(problem(&world.post("/v1/quarantine/nothing/dismiss", &json!({})).await), (404, "mail-not-found".to_owned()));
}

#[tokio::test]
async fn people_look_for_what_they_know() {
    let world = waiting().await;
    world.story("06-second-received").await;
    world.story("07-second-denied").await;
    let found = async |query: &str| -> Vec<String> {
        let list = world.get(&format!("/v1/requests?{query}")).await;
        assert_eq!(list.status, 200, "{query}: {}", list.text);
        list.json()["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    let first = detail(&world).await.0;
    let (account, region) = (first["account"].as_str().unwrap(), first["regions"][0].as_str().unwrap());
    let message = first["message_ids"][0].as_str().unwrap().replace('@', "%40");
    for q in [ID, account, region, &*message] {
        assert_eq!(found(&format!("q={q}")).await, [ID], "{q}");
    }
    let mailbox = first["answer"]["mailbox"].as_str().unwrap();
    assert!(found(&format!("q={}", mailbox.to_uppercase().replace('@', "%40"))).await.contains(&ID.to_owned()));
    assert_eq!(found("q=nobody%40corp.example").await, [""; 0]);
    assert_eq!(found("q=172345678909999").await, [""; 0]);
    assert_eq!(found(&format!("q={ID}&turn=settled")).await, [""; 0]);
    assert_eq!(found("kind=waiting").await, [ID]);
    assert_eq!(found("kind=denied").await.len(), 1);
    assert_eq!(found("family=verification").await, [""; 0]);
    assert_eq!(found("family=port25").await.len() + found("family=support-case").await.len(), 2);
    assert_eq!(found("turn=aws&state=ours").await, [""; 0]);
}

#[tokio::test]
async fn the_tracker_says_how_it_is_and_what_is_unsent() {
    let mut world = waiting().await;
    let status = world.get("/v1/status").await.json();
    assert_eq!(
        (&status["status"], &status["last_sweep"], &status["last_mail"]),
        (&json!("late"), &json!(null), &json!("2026-11-20T10:05:00Z"))
    );
    let ordered = world.post("/v1/alerts/test", &json!({})).await;
    assert_eq!(ordered.status, 202);
    let unsent = world.get("/v1/alerts").await.json();
    assert_eq!((&unsent["items"][0]["cause"], &unsent["items"][0]["state"]), (&json!("test"), &json!("pending")));
    assert_eq!(unsent["items"][0]["id"], ordered.json()["id"]);
    world.ignore_alerts();
    world.sweep().await;
    assert!(world.get("/v1/alerts").await.json()["items"].as_array().unwrap().is_empty());
    let status = world.get("/v1/status").await.json();
    assert_eq!((&status["status"], &status["last_sweep"]), (&json!("ok"), &json!("2026-11-20T10:05:00Z")), "{status}");
    world.advance_to("2026-11-20T10:15:01Z");
    assert_eq!(world.get("/v1/status").await.json()["status"], "late");
    // An alert of a request is told with its request.
    world.story("02-question").await;
    assert_eq!(world.get("/v1/alerts").await.json()["items"][0]["request"], ID);
    let matrix = world.get("/v1/summary").await.json();
    assert_eq!((&matrix["all"]["ours"], &matrix["examined"], &matrix["cut"]), (&json!(1), &json!(1), &json!(false)), "{matrix}");
    assert_eq!(matrix["cells"][0]["ours"], 1);
}

#[tokio::test]
async fn the_last_mail_is_the_last_one_that_ended_whatever_became_of_it() {
    let mut world = World::new().await;
    world.ignore_alerts();
    assert_eq!(world.get("/v1/status").await.json()["last_mail"], json!(null));
    for (hour, name, ending) in [
        (11, "01-received", "applied"),
        // A second copy of it, which adds nothing to any turn.
        (12, "01-received", "duplicate"),
        (13, "04-forged-approval", "quarantined"),
        (14, "02-question", "applied"),
        (15, "03-our-reply", "applied"),
    ] {
        let at = format!("2026-11-22T{hour}:00:00Z");
        world.advance_to(&at);
        assert_eq!(world.story(name).await.ending.as_str(), ending, "{name}");
        assert_eq!(world.get("/v1/status").await.json()["last_mail"], at, "{name}, {ending}");
    }
    world.mail(b"From: someone@elsewhere.example\r\nSubject: lunch\r\n\r\nNoon?\r\n").await;
    let spent = world.store.spent();
    assert!(world.store.last_mail().await.unwrap().is_some());
    assert!(world.store.spent() - spent <= 0.5, "it costs one item, however many mails there are");
}
