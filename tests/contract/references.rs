//! One consistent batch get: what is known of a mail, and where its references lead.

use domain::ids::{AwsId, MessageId};
use domain::request::Reference;
use store::{Commit, Probe};

use super::{ID, adds, bundle, commit, letter, note, one};
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn unknown_ids_lead_nowhere() {
    let world = World::new().await;
    for unknown in ["170000000099999", "p25-aaaaaaaaaa", "nobody@nowhere", "", "<>", "../../etc", &"x".repeat(3_000)] {
        assert!(world.store.find(unknown).await.unwrap().is_none(), "{unknown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_known_by_its_object_and_by_every_copy_at_once() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.deliver("forged", &letter(0).forged().bytes()).await;
    world.deliver("real", &letter(0).bytes()).await;
    let message_id = MessageId::parse("m0@amazon").unwrap();
    // As many as one lookup ever asks for, one of them twice and most of them unknown.
    let mut references: Vec<Reference> = (0..18).map(|n| Reference::Message(MessageId::parse(&format!("x{n}@amazon")).unwrap())).collect();
    references.push(Reference::Aws(AwsId::parse(ID).unwrap()));
    references.push(Reference::Message(message_id.clone()));
    references.push(Reference::Message(message_id.clone()));
    let probe = Probe { object: "real", message_id: &message_id, references: &references };
    let found = world.store.look_up(&probe).await.unwrap();
    assert_eq!(found.object.as_deref(), Some("applied"));
    let mut endings: Vec<&str> = found.twins.values().map(|twin| twin.ending.as_str()).collect();
    endings.sort_unstable();
    assert_eq!(endings, ["applied", "superseded"]);
    assert_eq!(found.places.len(), 2);
    let nothing = Probe { object: "nothing", message_id: &MessageId::parse("x@y").unwrap(), references: &[] };
    let found = world.store.look_up(&nothing).await.unwrap();
    assert!(found.object.is_none() && found.twins.is_empty() && found.places.is_empty());
}

/// A consistent read sees the write before it.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_read_at_once() {
    let world = World::new().await;
    one(&world).await;
    for n in 0..20 {
        let read = bundle(&world, ID).await;
        let name = format!("claimed-{n}@amazon");
        let mut grown = adds(&read, vec![note(&world, &name)]);
        grown.claims = vec![Reference::Message(MessageId::parse(&name).unwrap())];
        assert_eq!(commit(&world, grown).await, Commit::Done);
        assert_eq!(world.store.find(&name).await.unwrap(), Some(read.address.clone()));
        assert_eq!(bundle(&world, ID).await.version, read.version + 1);
    }
}
