//! What the work costs in request units, measured where the service reports it: in the answers, by a proxy in front of the engine.
//! `docs/cost.json` holds the figures that docs/COST.md is computed from (`.ci/cost.py`); this test holds them against the product.

use std::collections::BTreeMap;
use std::path::PathBuf;

use api::act::What;
use port25_tests::stand_ins::DynamoProxy;
use serde_json::{Value, json};
use store::Store;

use crate::engine::Kind;
use crate::world::{Letter, World, deed};

const ID: &str = "170000000040001";

/// Read and write units, by what was done.
type Units = BTreeMap<String, [f64; 2]>;

struct Meter {
    world: World,
    proxy: DynamoProxy,
    units: Units,
}

impl Meter {
    async fn new() -> Self {
        let mut world = World::new().await;
        world.ignore_alerts();
        let proxy = DynamoProxy::start(&world.engine.endpoint()).await.unwrap();
        world.store = Store::new(boot::aws::local_service(&proxy.endpoint()), &world.engine.table);
        Self { world, proxy, units: Units::new() }
    }

    /// Notes what was consumed since the last note.
    fn note(&mut self, name: &str) {
        let [read, write] = self.units.entry(name.to_owned()).or_default();
        let (more_read, more_write) = self.proxy.take_units();
        *read += more_read;
        *write += more_write;
    }

    async fn mail(&mut self, key: &str, name: &str, letter: &Letter) {
        self.world.deliver(key, &letter.bytes()).await;
        self.note(name);
    }

    async fn sweep_at(&mut self, at: &str, name: &str, sent: u32) {
        self.world.advance_to(at);
        let report = self.world.sweep().await;
        assert_eq!(report.sent, sent, "{name} at {at}: {report:?}");
        self.note(name);
    }
}

fn letter(id: &str, at: &str, text: &str) -> Letter {
    // Of the length that AWS's mails have: with an excerpt as long as one is kept.
    let words = "You can answer this mail, and we look at it as soon as we can. ".repeat(60);
    let text = format!("{text}\r\n\r\nAWS account ID: 111122223333\r\nRegion: eu-west-1\r\nRequest ID: {ID}\r\n\r\n{words}\r\n");
    Letter::aws(id, at, "Your request to remove email sending limitations", &text)
}

/// One request from its first mail to its end, as long as they get: silence, a question, our reply, an approval; and what is beside it.
async fn measure() -> Units {
    let mut meter = Meter::new().await;
    meter.world.sweep().await;
    // The first sweep of a process notes itself; so does one every four minutes.
    meter.note("first sweep");
    meter.sweep_at("2026-11-20T10:01:00Z", "idle sweep", 0).await;
    let idle = meter.units["idle sweep"];
    let first = meter.units.remove("first sweep").unwrap();
    meter.units.insert("note of a sweep".to_owned(), [first[0] - idle[0], first[1] - idle[1]]);

    let received = letter("m1@amazon", "2026-11-20T10:01:00Z", "We have received your request to remove the port 25 limitations.");
    meter.mail("m1", "mails of a request", &received).await;
    meter.mail("m1", "redelivery", &received).await;
    let forged = letter("f1@amazon", "2026-11-20T10:01:30Z", "We have granted your request.").forged();
    meter.mail("f1", "forged mail", &forged).await;
    meter.sweep_at("2026-11-20T11:01:00Z", "summary of the quarantine", 1).await;

    meter.sweep_at("2026-11-22T10:01:00Z", "alerts of a request", 1).await;
    meter.sweep_at("2026-11-23T10:01:00Z", "alerts of a request", 1).await;
    meter.world.advance_to("2026-11-23T18:00:00Z");
    let question =
        letter("m2@amazon", "2026-11-23T18:00:00Z", "Please reply directly to this message with your use case.").answers(&["m1@amazon"]);
    meter.mail("m2", "mails of a request", &question).await;
    meter.sweep_at("2026-11-23T18:01:00Z", "alerts of a request", 2).await;
    let reply =
        Letter::ours("r1@corp.example", "2026-11-23T20:00:00Z", "m2@amazon", &"We send receipts to our customers only. ".repeat(60));
    meter.world.advance_to("2026-11-23T20:00:00Z");
    meter.mail("r1", "mails of a request", &reply).await;
    meter.sweep_at("2026-11-23T20:01:00Z", "alerts of a request", 1).await;
    // The first call of a token makes it, and notes its use for the hour.
    assert_eq!(meter.world.get("/v1/requests?turn=ours").await.status, 200);
    meter.proxy.take_units();
    let list = meter.world.get("/v1/requests?turn=aws").await;
    assert_eq!(list.status, 200);
    meter.note("a list");
    assert_eq!(meter.world.get(&format!("/v1/requests/{ID}")).await.status, 200);
    meter.note("a request read");
    meter.world.act(ID, &deed(What::Ack(None))).await.unwrap();
    meter.note("an act");
    meter.world.advance_to("2026-11-24T14:00:00Z");
    let granted = letter("m3@amazon", "2026-11-24T14:00:00Z", "We have granted your request.").answers(&["m1@amazon", "r1@corp.example"]);
    meter.mail("m3", "mails of a request", &granted).await;
    meter.sweep_at("2026-11-24T14:01:00Z", "alerts of a request", 1).await;
    meter.sweep_at("2026-11-24T14:02:00Z", "idle sweep again", 0).await;
    let again = meter.units.remove("idle sweep again").unwrap();
    assert_eq!(again, idle, "a sweep that finds nothing costs the same, whatever there is");
    // Each of the sweeps that told something would have asked anyway.
    let told = meter.units.get_mut("alerts of a request").unwrap();
    told[0] -= idle[0] * 5.0;
    meter.units.get_mut("summary of the quarantine").unwrap()[0] -= idle[0];
    meter.units
}

#[tokio::test(flavor = "multi_thread")]
async fn the_units_that_the_cost_table_is_computed_from_are_those_of_the_product() {
    let units = measure().await;
    println!("units: {units:?}");
    let engine = match Kind::here() {
        Kind::Embedded => "embedded",
        Kind::DynamoDbLocal => "dynamodb-local",
        // It reports none of a batch get.
        Kind::MiniStack => return,
    };
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/cost.json");
    let mut kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    if boot::world::env("PORT25_BLESS").is_some_and(|v| v == "1") {
        kept["units"][engine] = json!(units);
        std::fs::write(&path, format!("{}\n", serde_json::to_string_pretty(&kept).unwrap())).unwrap();
    }
    let kept: Units = serde_json::from_value(kept["units"][engine].clone()).unwrap();
    assert!(kept.keys().eq(units.keys()), "{kept:?} {units:?}");
    for (name, now) in &units {
        for (now, kept) in now.iter().zip(kept[name]) {
            // One item more or less is no other price.
            let near = (now - kept).abs() <= 1.0 + kept / 10.0;
            assert!(near, "{name}: {now} units, docs/cost.json says {kept}; write it anew with PORT25_BLESS=1, then .ci/cost.py");
        }
    }
}
