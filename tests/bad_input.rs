//! Bad input: each ends as a visible outcome, never a crash, never silence.

use domain::filing::Ending;
use ingest::Outcome;

use crate::world::{Letter, World, notification};

const ENDINGS: [&str; 5] = ["applied", "duplicate", "superseded", "ignored", "quarantined"];

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_broken_mail_ends_somewhere_visible() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.advance_to("2026-11-20T12:00:00Z");
    let aws = |headers: &str, body: &str| {
        format!("Authentication-Results: amazonses.com; dmarc=pass header.from=email.amazon.com\r\n{headers}\r\n\r\n{body}").into_bytes()
    };
    let nested = (0..2_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n")).collect::<String>();
    let references = (0..200).map(|n| format!("<r{n}@amazon>")).collect::<Vec<_>>().join("\r\n ");
    let from = "From: aws-automation@email.amazon.com";
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("only line breaks", b"\r\n\r\n".to_vec()),
        ("binary", (0..100_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()),
        ("huge", [aws(from, "port 25 "), vec![b'x'; 41 * 1024 * 1024]].concat()),
        ("deeply nested", aws(&format!("{from}\r\nMessage-ID: <n@x>"), &nested)),
        ("no From", aws("Message-ID: <nofrom@x>\r\nSubject: port 25", "text")),
        ("no Date", aws(&format!("{from}\r\nMessage-ID: <nodate@x>"), "We received your port 25 request. Request ID: 170000000010011")),
        ("no Message-ID", aws(from, "We received your port 25 request. Request ID: 170000000010012")),
        ("no ID at all", aws(&format!("{from}\r\nMessage-ID: <noid@x>"), "We received your port 25 request.")),
        (
            "two IDs",
            aws(&format!("{from}\r\nMessage-ID: <two@x>"), "Request ID: 170000000010013\r\n\r\nRequest ID: 170000000010014 port 25"),
        ),
        ("200 references", aws(&format!("{from}\r\nMessage-ID: <many@x>\r\nReferences: {references}"), "port 25")),
        ("two From headers", aws(&format!("{from}\r\n{from}\r\nMessage-ID: <twofrom@x>"), "port 25")),
    ];
    for (name, bytes) in cases {
        let filed = world.deliver(&name.replace(' ', "-"), &bytes).await;
        assert!(ENDINGS.contains(&filed.ending.as_str()), "{name}");
        let silent = matches!(filed.ending, Ending::Ignored(ref why) | Ending::Quarantined(ref why) if why.is_empty());
        assert!(!silent, "{name} ends without a reason");
        if matches!(name, "no Date" | "no Message-ID" | "no ID at all" | "two IDs" | "200 references" | "deeply nested") {
            assert_eq!(filed.ending, Ending::Applied, "{name}");
        }
        if matches!(name, "no From" | "two From headers") {
            assert_ne!(filed.ending, Ending::Applied, "{name} proves no sender");
        }
        // The same object again is the same mail, and so is another one of the same Message-ID.
        assert_eq!(world.deliver(&name.replace(' ', "-"), &bytes).await.ending, Ending::Duplicate, "{name}");
        if bytes.windows(11).any(|w| w == b"Message-ID:") {
            assert_eq!(world.mail(&bytes).await.ending, Ending::Duplicate, "{name}");
        }
    }
    let two = world.request("170000000010013").await;
    assert!(two.mentions.iter().any(|m| m.as_str() == "170000000010014"), "the second ID is a mention");
    assert!(world.find("170000000010014").await.is_none(), "and no link");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_can_never_work_is_poison_and_says_why() {
    let world = World::new().await;
    for body in ["", "not json", "{}", r#"{"Message":"{}"}"#, r#"{"receipt":{"action":{"type":"Lambda"}}}"#] {
        match world.notify(body).await {
            Outcome::Poison(why) => assert!(!why.is_empty()),
            other => panic!("{body:?}: {other:?}"),
        }
    }
    match world.notify(&notification("never-stored")).await {
        Outcome::Poison(why) => assert!(why.contains("never-stored")),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unrelated_mail_is_kept_and_listed_and_says_nothing() {
    let world = World::new().await;
    let mut letter = Letter::aws("spam@shop", "2026-11-20T10:00:00Z", "Great offers", "Buy now");
    letter.from = "offers@shop.example".to_owned();
    letter.dmarc = "fail";
    let filed = world.mail(&letter.bytes()).await;
    assert_eq!(filed.ending, Ending::Ignored("unrelated".to_owned()));
    let (from, until) = ("2026-11-20T00:00:00Z".parse().unwrap(), "2026-11-21T00:00:00Z".parse().unwrap());
    let kept = world.store.mails(store::MailList::Ignored, from, until, 10).await.unwrap();
    assert_eq!(kept.iter().map(|m| m.from.as_str()).collect::<Vec<_>>(), ["offers@shop.example"]);
    world.advance_to("2026-11-21T10:00:00Z");
    world.sweep().await;
    world.expect_silence();
}
