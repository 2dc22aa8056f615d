//! Items that an older program wrote are read, and brought up to date with their next change; those of a newer one are refused.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::filing::Ending;
use domain::request::Turn;
use ingest::{IngestError, Outcome};
use serde_json::Value;
use store::StoreError;

use crate::world::{Letter, World, notification};

/// Form 0: the request of the story's first mail, as a program without versions left it.
const OLD: &str = include_str!("items/form-0.json");
const ID: &str = "172345678900123";

type Item = HashMap<String, AttributeValue>;

/// An attribute in DynamoDB's own JSON.
fn attribute(value: &Value) -> AttributeValue {
    let (kind, value) = value.as_object().unwrap().iter().next().unwrap();
    match kind.as_str() {
        "S" => AttributeValue::S(value.as_str().unwrap().to_owned()),
        "N" => AttributeValue::N(value.as_str().unwrap().to_owned()),
        "BOOL" => AttributeValue::Bool(value.as_bool().unwrap()),
        "L" => AttributeValue::L(value.as_array().unwrap().iter().map(attribute).collect()),
        "M" => AttributeValue::M(value.as_object().unwrap().iter().map(|(name, value)| (name.clone(), attribute(value))).collect()),
        other => panic!("an attribute of kind {other}"),
    }
}

fn old_items() -> Vec<Item> {
    let items: Vec<Value> = serde_json::from_str(OLD).unwrap();
    assert!(items.len() >= 5, "a head, an entry, a mail, an object, references");
    items.iter().map(|item| item.as_object().unwrap().iter().map(|(name, value)| (name.clone(), attribute(value))).collect()).collect()
}

fn text<'a>(item: &'a Item, name: &str) -> &'a str {
    item.get(name).and_then(|value| value.as_s().ok()).map_or("", String::as_str)
}

fn form(item: &Item) -> Option<u32> {
    item.get("schema").map(|value| value.as_n().unwrap().parse().unwrap())
}

async fn put(world: &World, item: Item) {
    world.client.put_item().table_name("promises").set_item(Some(item)).send().await.unwrap();
}

async fn items(world: &World) -> Vec<Item> {
    world.client.scan().table_name("promises").send().await.unwrap().items.unwrap()
}

/// A world with the items of form 0, an hour after they were written.
async fn old_world() -> World {
    let world = World::new().await;
    for item in old_items() {
        assert!(form(&item).is_none() && !item.contains_key("addresses"), "form 0 has neither");
        put(&world, item).await;
    }
    world.advance_to("2026-11-20T11:02:00Z");
    world
}

fn question() -> Vec<u8> {
    let text = format!("Please reply directly to this message with the use case of your port 25 request.\r\n\r\nRequest ID: {ID}");
    Letter::aws("q@email.amazon.com", "2026-11-20T11:01:00Z", "Your request", &text).bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn items_of_the_first_form_are_read_and_brought_up_to_date_by_the_next_change() {
    let world = old_world().await;
    assert!(matches!(world.request(ID).await.turn, Turn::Aws { .. }));
    assert_eq!(world.get("/v1/requests").await.json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(world.sweep().await.errors, [""; 0]);
    // The same mail again is known, and the next one joins.
    assert_eq!(world.story("01-received").await.ending, Ending::Duplicate);
    assert_eq!(world.mail(&question()).await.requests.len(), 1);
    let request = world.request(ID).await;
    assert!(matches!(request.turn, Turn::Ours { .. }) && request.steps.len() == 2, "{request:?}");
    world.sweep().await;
    world.expect_alert("OUR TURN");
    for item in items(&world).await {
        match text(&item, "sk") {
            "HEAD" => assert!(form(&item) == Some(store::SCHEMA) && item.contains_key("addresses"), "{item:?}"),
            // Entries are what was true, and stay as they were written.
            sk if sk.starts_with("E#") => assert_eq!(form(&item).is_none(), text(&item, "message_id") != "q@email.amazon.com", "{item:?}"),
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn items_of_a_newer_form_are_refused_by_name_and_nothing_is_written_over_them() {
    let world = old_world().await;
    let newer = AttributeValue::N((store::SCHEMA + 1).to_string());
    let before: Vec<Item> = items(&world).await;
    for kind in ["HEAD", "E#", "M#"] {
        let mut item = before.iter().find(|item| text(item, "sk").starts_with(kind) || text(item, "pk").starts_with(kind)).unwrap().clone();
        let old = item.clone();
        item.insert("schema".to_owned(), newer.clone());
        put(&world, item.clone()).await;
        let key = format!("newer-{}", kind.trim_end_matches('#'));
        // A copy of the first mail meets its item, the question meets the bundle.
        let mail = if kind == "M#" { crate::world::story_mail("01-received") } else { question() };
        world.put_silently(&key, &mail);
        match world.notify(&notification(&key)).await {
            Outcome::Failed(IngestError::Store(error @ StoreError::Newer { .. })) => {
                let says = format!("has form {}, and this version of port25 knows forms up to {}", store::SCHEMA + 1, store::SCHEMA);
                assert!(error.to_string().contains(&says), "{error}");
            }
            other => panic!("{kind}: it is tried again until the newer program is back: {other:?}"),
        }
        // A look by the API brings a token into the table.
        let now = items(&world).await.into_iter().filter(|item| !text(item, "pk").starts_with("T#token"));
        assert_eq!(now.count(), before.len(), "{kind}: nothing was written");
        if kind != "M#" {
            assert_eq!(world.get(&format!("/v1/requests/{ID}")).await.status, 500, "{kind}");
        }
        put(&world, old).await;
    }
    assert_eq!(world.mail(&question()).await.requests.len(), 1, "and then it goes on");
    world.sweep().await;
    world.expect_alert("OUR TURN");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_of_a_newer_form_hides_no_other_alert_and_is_counted() {
    let world = old_world().await;
    world.mail(&question()).await;
    let alert = items(&world).await.into_iter().find(|item| text(item, "sk").starts_with("A#")).unwrap();
    let mut newer = alert.clone();
    newer.insert("sk".to_owned(), AttributeValue::S(format!("{}-of-a-newer-form", text(&alert, "sk"))));
    newer.insert("schema".to_owned(), AttributeValue::N((store::SCHEMA + 1).to_string()));
    put(&world, newer).await;

    let list = world.get("/v1/alerts").await.json();
    assert_eq!((list["items"].as_array().unwrap().len(), &list["unreadable"]), (1, &Value::from(1)), "{list}");
    let status = world.get("/v1/status").await.json();
    assert_eq!((&status["status"], &status["unsent_alerts"]), (&Value::from("late"), &Value::from(1)), "{status}");
    assert!(status["problems"].to_string().contains("1 due alerts have a form that this version of port25 does not know"), "{status}");
}
