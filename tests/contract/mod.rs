//! The store's contract: what it promises whoever calls it, whatever engine is under the table. `cargo test` holds it on the embedded
//! engine; `.ci/engines` on AWS's DynamoDB Local and on `MiniStack` too, so that nothing here leans on a quirk of one of them.

mod changes;
mod references;
mod work;
mod lists;
mod items;
mod forgotten;
mod expiry;
mod busy;
mod refusals;

use domain::ids::AwsId;
use domain::request::{Act, Action, Entry, Reference, fold};
use store::{BundleChange, Change, Commit};

use crate::world::{Letter, World};

/// The request of most of these tests.
const ID: &str = "170000000030000";

fn id(n: usize) -> String {
    format!("17000000003{n:04}")
}

/// AWS's confirmation of the nth request.
fn letter(n: usize) -> Letter {
    let text = format!("We have received your request to remove the port 25 email sending limitations.\r\n\r\nRequest ID: {}\r\n", id(n));
    Letter::aws(&format!("m{n}@amazon"), "2026-11-20T10:00:00Z", "Your request", &text)
}

fn action(world: &World, key: &str, act: Act) -> Entry {
    let about = Reference::Aws(AwsId::parse(ID).unwrap());
    Entry::of_action(key, Action { by: "ann".to_owned(), about, act, why: Some("it is spam".into()) }, world.now())
}

fn note(world: &World, key: &str) -> Entry {
    action(world, key, Act::Note(key.to_owned()))
}

/// The bundle that this text leads to.
async fn bundle(world: &World, name: &str) -> store::Bundle {
    let address = world.store.find(name).await.unwrap().unwrap_or_else(|| panic!("nothing answers to {name}"));
    world.store.bundle(&address).await.unwrap().unwrap()
}

/// A table with one request.
async fn one(world: &World) -> store::Bundle {
    world.mail(&letter(0).bytes()).await;
    bundle(world, ID).await
}

/// What these entries change in a bundle, without alerts.
fn adds(bundle: &store::Bundle, new: Vec<Entry>) -> BundleChange {
    let entries: Vec<Entry> = bundle.entries.iter().chain(&new).cloned().collect();
    BundleChange {
        before: Some(bundle.clone()),
        absorb: Vec::new(),
        requests: fold(&entries),
        entries: new,
        claims: Vec::new(),
        keys: Vec::new(),
        alerts: Vec::new(),
        look_at: None,
    }
}

fn change(bundle: &store::Bundle, entry: Entry) -> Change {
    Change { bundle: Some(adds(bundle, vec![entry])), ..Change::default() }
}

async fn commit(world: &World, change: BundleChange) -> Commit {
    world.store.commit(&Change { bundle: Some(change), ..Change::default() }).await.unwrap()
}
