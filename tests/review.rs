//! What a hostile reading found: alerts that a crash, a full transaction, an outage or a merge could lose, double or hide, and
//! forwarded mail that could quiet.

use domain::alert::{AlertId, Cause, Planned, State, Step, plan};
use domain::ids::{AccountId, AwsId};
use domain::policy::Policy;
use domain::request::{Act, Action, Entry, Reference, fold};
use store::{BundleChange, Change, MailRecord, StoredMail, Summary};

use crate::world::{Letter, World, unique_folder};

const ID: &str = "170000000050001";

fn received(id: &str, aws_id: &str, at: &str) -> Letter {
    let text = format!("We have received your request to remove the port 25 email sending limitations.\r\n\r\nRequest ID: {aws_id}\r\n");
    Letter::aws(id, at, "Your request", &text)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_reaches_the_quarantine_after_its_summary_is_told_too() {
    let world = World::new().await;
    world.advance_to("2026-11-20T10:30:00Z");
    world.mail(&received("one@evil", ID, "2026-11-20T10:00:00Z").forged().bytes()).await;
    world.advance_to("2026-11-20T11:01:00Z");
    world.sweep().await;
    world.expect_alert("CHECK MAIL 1");
    // Stored in the hour that was told already: its function was slow.
    let late = domain::mail::read(&received("two@evil", ID, "2026-11-20T10:00:00Z").forged().bytes());
    let at = "2026-11-20T10:59:59Z".parse().unwrap();
    let mail = StoredMail {
        message_id: late.message_id.unwrap(),
        trust: domain::trust::Trust::Unverified,
        ending: "quarantined".into(),
        why: "late".into(),
        object: "late".into(),
        from: "x@y".into(),
        subject: "s".into(),
        stored: at,
        names_open: true,
    };
    let change = Change {
        mail: Some(MailRecord { mail, supersedes: Vec::new(), object_only: false }),
        summary: Some(Summary::of(Cause::Quarantine, at)),
        ..Change::default()
    };
    world.store.commit(&change).await.unwrap();
    world.advance_to("2026-11-20T11:02:00Z");
    world.sweep().await;
    world.expect_alert("CHECK MAIL 2");
    assert_eq!(world.sweep().await.looked, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_that_do_not_fit_into_the_transaction_leave_the_request_due() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.mail(&received("first@amazon", ID, "2026-11-20T10:00:00Z").bytes()).await;
    let before = world.store.bundle(&world.store.find(ID).await.unwrap().unwrap()).await.unwrap().unwrap();
    let about = Reference::Aws(AwsId::parse(ID).unwrap());
    let entry = Entry::of_action("note", Action { by: "ann".to_owned(), about, act: Act::Note("n".to_owned()), why: None }, world.now());
    let pending = |n: u32| {
        let id = AlertId { opening: format!("entry-{n}"), cause: Cause::Approved, step: Step::Nth(1) };
        Planned { id, request: 0, standing: false, skipped: 0, reminder: false }.pending(world.now())
    };
    let change = BundleChange {
        requests: fold(&before.entries),
        before: Some(before.clone()),
        absorb: Vec::new(),
        entries: vec![entry],
        claims: Vec::new(),
        keys: Vec::new(),
        alerts: (0..40).map(pending).collect(),
        look_at: None,
    };
    world.store.commit(&Change { bundle: Some(change), ..Change::default() }).await.unwrap();
    let after = world.store.bundle(&before.address).await.unwrap().unwrap();
    assert!((10..25).contains(&after.alerts.len()), "{}", after.alerts.len());
    assert_eq!(after.look_at, Some(world.now()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_could_not_be_sent_is_never_sent_after_a_later_one() {
    let world = World::new().await;
    world.advance_to("2026-11-20T10:00:30Z");
    world.mail(&received("first@amazon", ID, "2026-11-20T10:00:00Z").bytes()).await;
    world.alerts.fail(2);
    world.advance_to("2026-11-22T10:00:00Z");
    world.sweep().await;
    world.advance_to("2026-11-23T09:59:30Z");
    world.sweep().await;
    world.expect_silence();
    world.advance_to("2026-11-23T10:00:00Z");
    world.sweep().await;
    assert!(world.expect_alert("OVERDUE 72h").alert_id.ends_with(":2"));
    world.advance_to("2026-11-23T10:30:00Z");
    world.sweep().await;
    world.expect_silence();
    assert_eq!(world.sweep().await.looked, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_was_withdrawn_is_told_when_its_cause_comes_back() {
    let world = World::new().await;
    world.advance_to("2026-11-20T10:00:30Z");
    world.mail(&received("first@amazon", ID, "2026-11-20T10:00:00Z").bytes()).await;
    let bundle = world.store.bundle(&world.store.find(ID).await.unwrap().unwrap()).await.unwrap().unwrap();
    let requests = fold(&bundle.entries);
    let now = "2026-11-22T11:00:00Z".parse().unwrap();
    let mut planned = plan(&requests, &[], &world.policy, now).send;
    let mut alert = planned.remove(0).pending(now);
    alert.state = State::Withdrawn { at: now, why: "its cause is gone".into() };
    let again = plan(&requests, &[alert.clone()], &world.policy, now);
    assert_eq!(again.send.len(), 1);
    assert_eq!(again.send[0].id, alert.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_that_cannot_be_read_never_stand_in_front_of_the_others() {
    use aws_sdk_dynamodb::types::AttributeValue;
    let world = World::new().await;
    world.advance_to("2026-11-20T10:00:30Z");
    world.mail(&received("first@amazon", ID, "2026-11-20T10:00:00Z").bytes()).await;
    for shard in (0..store::WORK_SHARDS).map(|n| format!("w{n}")) {
        for n in 0..105 {
            let text = |t: &str| AttributeValue::S(t.to_owned());
            let put =
                world.client.put_item().table_name(&world.engine.table).item("pk", text(&format!("B#{shard}{n}"))).item("sk", text("HEAD"));
            put.item("work", text(&shard)).item("work_at", text("2026-11-20T00:00:00.000Z")).send().await.unwrap();
        }
    }
    world.advance_to("2026-11-22T10:00:00Z");
    let report = world.sweep().await;
    assert_eq!((report.broken, report.sent), (105 * u32::from(store::WORK_SHARDS), 2), "{report:?}");
    world.expect_alert("OVERDUE 48h");
    world.expect_alert("SYSTEM");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_mail_of_an_earlier_date_never_makes_a_request_unexpected() {
    let mut policy = Policy::default();
    policy.forwarders.insert("aws-mail@groups.corp.example".to_owned());
    policy.accounts.insert(AccountId::parse("111122223333").unwrap());
    let world = World::with(policy).await;
    world.advance_to("2026-11-20T10:00:30Z");
    let mut mail = received("first@amazon", ID, "2026-11-20T10:00:00Z");
    mail.body.push_str("\r\nAccount ID: 111122223333\r\n");
    world.mail(&mail.bytes()).await;
    let before = world.request(ID).await;
    assert!(!before.unexpected);
    let mut forged = received("f@groups", ID, "2026-11-19T10:00:00Z");
    forged.from = "aws-mail@groups.corp.example".to_owned();
    assert_eq!(world.mail(&forged.bytes()).await.trust.as_str(), "forwarded");
    let after = world.request(ID).await;
    assert!(!after.unexpected);
    assert_eq!((after.first_mail, after.subject), (before.first_mail, before.subject));
    world.advance_to("2026-11-22T10:00:00Z");
    world.sweep().await;
    world.expect_alert("OVERDUE");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_alerts_of_one_second_and_subject_are_two_files() {
    let folder = unique_folder();
    let notifier = alert::Notifier::Folder { folder: folder.clone(), print: false };
    let id = |n: &str| AlertId { opening: n.to_owned(), cause: Cause::Quarantine, step: Step::Nth(1) };
    let now = "2026-11-20T11:00:00Z".parse().unwrap();
    for n in ["0a", "0b"] {
        notifier.send(&alert::message::quarantine(&id(n), &[], false, false, &domain::policy::Policy::default()), now).await.unwrap();
    }
    let names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path().extension().unwrap().to_owned()).collect();
    let of = |kind: &str| names.iter().filter(|n| *n == kind).count();
    assert_eq!((of("txt"), of("json"), names.len()), (2, 2, 4), "a text and its JSON for each");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_of_two_threads_that_merge_ends_and_nothing_stays_due() {
    for fail in [0u32, 1, 2] {
        let world = World::new().await;
        world.advance_to("2026-11-20T12:00:00Z");
        let text = "We have received your request to remove the port 25 email sending limitations.";
        world.mail(&Letter::aws("a@amazon", "2026-11-20T10:00:00Z", "Your request", text).bytes()).await;
        world.mail(&Letter::aws("b@amazon", "2026-11-20T10:00:00Z", "Your request", text).bytes()).await;
        world.advance_to("2026-11-22T11:00:00Z");
        world.alerts.fail(fail);
        world.sweep().await;
        for _ in 0..2 - fail {
            world.expect_alert("OVERDUE");
        }
        world.advance_to("2026-11-22T11:00:30Z");
        world.mail(&Letter::aws("c@amazon", "2026-11-22T11:00:20Z", "Your request", text).answers(&["a@amazon", "b@amazon"]).bytes()).await;
        world.sweep().await;
        world.expect_alert("RESOLVED");
        world.expect_alert("RESOLVED");
        world.advance_to("2026-11-22T12:30:30Z");
        world.sweep().await;
        world.expect_silence();
        assert_eq!(world.sweep().await.looked, 0);
        world.advance_to("2026-11-24T11:30:30Z");
        world.sweep().await;
        world.expect_alert("OVERDUE");
        assert_eq!(world.sweep().await.looked, 0);
    }
}

#[test]
fn our_reply_is_ours_on_lambda_too_when_our_domain_has_no_dmarc_policy() {
    use domain::trust::{Trust, Verdict, Verdicts};
    let mail = "Authentication-Results: amazonses.com; dkim=pass header.i=@corp.example; dmarc=none header.from=corp.example\r\n\
                From: <ops@corp.example>\r\nMessage-ID: <r@corp.example>\r\nReferences: <a@amazon>\r\n\r\nHello\r\n";
    let policy = Policy { own_addresses: ["@corp.example".to_owned()].into(), ..Policy::default() };
    let trust = |dmarc| {
        let verdicts = Some(Verdicts { dmarc, ..Verdicts::default() });
        let delivery = ingest::Delivery {
            object: "o",
            bytes: mail.as_bytes(),
            truncated: false,
            verdicts,
            origin: ingest::Origin::ByHand,
            signatures: ingest::Signatures::default(),
        };
        ingest::file::judge(&delivery, &policy).reading.trust
    };
    assert_eq!(trust(Verdict::None), Trust::Own);
    assert_eq!(trust(Verdict::Fail), Trust::Unverified);
}
