//! Forgetting: nothing of a request is left in the table, no copy of its mails brings it back, and new mail begins anew. Whatever
//! happens in between.

use api::act::{ActError, Forgetting, Forgotten, Registration, What, forget, forgettable, register};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::classify::Meaning;
use domain::filing::Ending;
use domain::ids::AwsId;
use domain::request::{Act, Action, Entry, Reference, Turn};
use ingest::Outcome;
use port25_tests::stand_ins::{DynamoProxy, Fault};
use store::{BundleChange, Change, Commit, MailList, Store};

use crate::world::{Letter, World, deed, notification};

const ID: &str = "170000000090001";
/// Pieces of what the mails, the people and the alerts say; none of them is in anything else.
const WORDS: [&str; 6] = ["Zebra", "okapi", "giraffe", "quagga", "tapir", "net-ops"];

fn received(id: &str, at: &str) -> Letter {
    let text = format!("We have received your request to remove the port 25 email sending limitations. okapi\r\n\r\nRequest ID: {ID}\r\n");
    let mut letter = Letter::aws(id, at, "Zebra request", &text);
    letter.to = "giraffe@track.corp.example".to_owned();
    letter
}

fn question(id: &str, at: &str) -> Letter {
    let text =
        format!("Please reply directly to this message with the use case of your port 25 request. okapi\r\n\r\nRequest ID: {ID}\r\n");
    Letter::aws(id, at, "Zebra request", &text).answers(&["one@amazon"])
}

fn wish() -> Forgetting {
    Forgetting { by: "ann".to_owned(), all: false, expected: None }
}

impl World {
    async fn forget(&self, name: &str) -> Result<Forgotten, ActError> {
        forget(&self.store, name, &wish(), self.now()).await
    }

    /// What was told until now is not what the test is about.
    fn hush(&self) {
        while self.alerts.next().is_some() {}
    }

    /// The whole table, item by item, as text. Only a test scans.
    async fn items(&self) -> Vec<String> {
        let answer = self.client.scan().table_name(&self.engine.table).send().await.unwrap();
        assert!(answer.last_evaluated_key().is_none(), "one page");
        let text = |value: &AttributeValue| format!("{value:?}");
        answer.items().iter().map(|item| item.iter().map(|(name, value)| format!("{name}={} ", text(value))).collect()).collect()
    }

    /// No piece of the request is in the table, the tombstone of its head is closed, and a sweep has nothing to do or to tell.
    async fn assert_no_trace(&self, case: &str) {
        let items = self.items().await;
        for word in WORDS {
            assert!(!items.iter().any(|item| item.contains(word)), "{case}: {word} in {items:#?}");
        }
        for kind in ["\"E#", "\"A#", "\"R#", "work_at=", "list_at=", "account_at="] {
            // That an object once got an outcome, and when, stays: it names no request.
            let others = items.iter().filter(|item| !item.contains("\"T#") && !item.contains("list=S(\"came\")"));
            let left = others.into_iter().find(|item| item.contains(kind));
            assert!(left.is_none(), "{case}: {left:?}");
        }
        assert_eq!(items.iter().filter(|item| item.contains("forgotten=") && item.contains("\"HEAD\"")).count(), 1, "{case}: {items:#?}");
        assert!(self.find(ID).await.is_none() && self.find("one@amazon").await.is_none(), "{case}");
        assert_eq!(self.sweep().await.looked, 0, "{case}");
        self.expect_silence();
    }

    /// Many notes in one transaction.
    async fn note(&self, numbers: std::ops::Range<i32>) {
        let bundle = self.store.bundle(&self.store.find(ID).await.unwrap().unwrap()).await.unwrap();
        let note = |n: i32| {
            let about = Reference::Aws(AwsId::parse(ID).unwrap());
            let action = Action { by: "ann".to_owned(), about, act: Act::Note(format!("tapir {n}")), why: None };
            Entry::of_action(&format!("note-{n}"), action, self.now())
        };
        let change = BundleChange::of(bundle, Vec::new(), numbers.map(note).collect(), Vec::new(), &self.policy, self.now());
        assert_eq!(self.store.commit(&Change { bundle: Some(change), ..Change::default() }).await.unwrap(), Commit::Done);
    }

    /// A request with mails, a reply, notes, alerts that were sent and that wait, and a forged copy of one of its mails.
    async fn fill(&self) {
        self.deliver("forged-copy", &received("one@amazon", "2026-11-20T10:00:00Z").forged().bytes()).await;
        self.deliver("one", &received("one@amazon", "2026-11-20T10:00:00Z").bytes()).await;
        self.advance_to("2026-11-22T10:00:00Z");
        self.sweep().await;
        self.hush();
        self.advance_to("2026-11-22T11:00:00Z");
        self.deliver("ours", &Letter::ours("reply@corp.example", "2026-11-22T11:00:00Z", "one@amazon", "the quagga answers").bytes()).await;
        self.act(ID, &deed(What::Note("a tapir was here".to_owned()))).await.unwrap();
        self.advance_to("2026-11-22T12:00:00Z");
        self.deliver("two", &question("two@amazon", "2026-11-22T12:00:00Z").bytes()).await;
        let items = self.items().await;
        for word in WORDS {
            assert!(items.iter().any(|item| item.contains(word)), "{word} is in {items:#?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forgotten_leaves_no_trace_and_no_copy_brings_it_back() {
    let world = World::new().await;
    world.fill().await;
    let would = forgettable(&world.store, ID).await.unwrap();
    assert_eq!(would.objects, ["forged-copy", "one", "ours", "two"]);
    let version = api::find(&world.store, ID).await.unwrap().unwrap().version;
    let stale = Forgetting { expected: Some(version - 1), ..wish() };
    assert!(matches!(forget(&world.store, ID, &stale, world.now()).await, Err(ActError::Changed)));

    let seen = Forgetting { expected: Some(version), ..wish() };
    let done = forget(&world.store, ID, &seen, world.now()).await.unwrap();
    assert_eq!(done, would, "as it was said");
    assert_eq!(done.requests.iter().map(|id| id.as_str()).collect::<Vec<_>>(), [ID]);
    world.assert_no_trace("forgotten").await;
    assert!(matches!(world.forget(ID).await, Err(ActError::NoRequest(_))), "there is nothing more");
    for which in [MailList::Ignored, MailList::Quarantined] {
        let listed = world.store.mails(which, "2026-11-01T00:00:00Z".parse().unwrap(), world.now(), 100).await.unwrap();
        assert!(listed.is_empty(), "{listed:?}");
    }

    // Nothing is without an ending, so the audit brings nothing; the same objects, and the same mails under other keys, are known.
    let keys = ["forged-copy", "one", "ours", "two"].map(str::to_owned);
    assert_eq!(world.store.ended(&keys).await.unwrap().len(), 4);
    for again in ["two", "two-again"] {
        let filed = world.deliver(again, &question("two@amazon", "2026-11-22T12:00:00Z").bytes()).await;
        assert_eq!(filed.ending, Ending::Duplicate, "{again}");
    }
    // A copy that nothing proves ends without its words.
    let copy = world.deliver("copy", &question("two@amazon", "2026-11-22T12:00:00Z").forged().bytes()).await;
    assert_eq!(copy.ending, Ending::Superseded);
    world.assert_no_trace("delivered again").await;
    let mail = world.store.mail("two").await.unwrap().unwrap();
    assert_eq!((mail.ending.as_str(), mail.why.as_str(), mail.from.as_str()), ("ignored", "forgotten", ""));
    let word =
        api::act::Word { meaning: Some(Meaning::Question), request: None, by: "ann".to_owned(), why: None, key: None, expected: None };
    let refused = api::act::judge(&world.store, &world.policy, &mail, None, &word, world.now()).await;
    assert!(matches!(refused, Err(ActError::Forgotten)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_mail_about_the_same_id_or_thread_begins_a_new_request() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.fill().await;
    world.forget(ID).await.unwrap();
    world.advance_to("2026-11-23T10:00:00Z");
    let filed = world.mail(&question("three@amazon", "2026-11-23T09:59:00Z").bytes()).await;
    assert_eq!(filed.ending, Ending::Applied);
    let request = world.request(ID).await;
    assert!(matches!(request.turn, Turn::Ours { .. }) && request.steps.len() == 1, "{request:?}");
    world.sweep().await;
    world.expect_alert("OUR TURN");
    // And what belongs to that one finds it: by the thread, also by a mail that was forgotten, and by the id.
    let thread = Letter::aws("four@amazon", "2026-11-23T09:59:30Z", "Re", "We are still working on it.").answers(&["one@amazon"]);
    world.mail(&thread.bytes()).await;
    assert_eq!(world.request("four@amazon").await.id.as_str(), ID);
    // It can be forgotten as well.
    world.forget("four@amazon").await.unwrap();
    assert!(world.find(ID).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_anywhere_leaves_a_request_that_nobody_sees_and_the_same_command_or_the_next_sweep_ends_it() {
    let refused = Fault::Refuse(400, "AccessDeniedException");
    // Each write fails once: it is not done, or only its answer is lost.
    for (fault, who) in [(refused, "the command"), (refused, "the sweep"), (Fault::CutAfter, "the call itself")] {
        for write in 1.. {
            let case = format!("write {write}, ended by {who}");
            let world = World::new().await;
            world.fill().await;
            world.advance_to("2026-11-22T13:29:00Z");
            // More than one transaction of the forgetting holds.
            for from in [0, 15] {
                world.note(from..from + 15).await;
            }
            world.sweep().await;
            world.hush();
            let proxy = DynamoProxy::start(&world.engine.endpoint()).await.unwrap();
            let broken = Store::new(boot::aws::local_service(&proxy.endpoint()), &world.engine.table);
            let _met = proxy.calls().plan("TransactWriteItems", write, fault);
            let done = forget(&broken, ID, &wish(), world.now()).await;
            if proxy.calls().count("TransactWriteItems") < write {
                assert!(done.is_ok() && write > 5, "{case}: {done:?}");
                break;
            }
            match (fault, write) {
                (Fault::CutAfter, _) => assert!(done.is_ok(), "{case}: {done:?}"),
                (_, 1) => {
                    assert!(matches!(done, Err(ActError::Store(_))) && world.find(ID).await.is_some(), "{case}: {done:?}");
                    world.forget(ID).await.unwrap();
                }
                _ => {
                    assert!(matches!(done, Err(ActError::HalfForgotten(_))), "{case}: {done:?}");
                    assert!(world.find(ID).await.is_none(), "{case}");
                    assert!(world.get("/v1/requests").await.json()["items"][0].is_null(), "{case}");
                    if who == "the sweep" {
                        world.advance_to("2026-11-22T13:31:00Z");
                        world.sweep().await;
                    } else {
                        assert!(world.forget(ID).await.unwrap().resumed, "{case}");
                    }
                }
            }
            world.assert_no_trace(&case).await;
            let again = world.deliver("one-again", &received("one@amazon", "2026-11-20T10:00:00Z").bytes()).await;
            assert_eq!(again.ending, Ending::Duplicate, "{case}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_comes_while_a_request_is_being_forgotten_is_retried_and_begins_a_new_one() {
    let world = World::new().await;
    world.fill().await;
    world.sweep().await;
    world.hush();
    let address = world.store.find(ID).await.unwrap().unwrap();
    let bundle = world.store.bundle(&address).await.unwrap().unwrap();
    world.store.begin_forgetting(&bundle, ID, "ann", world.now()).await.unwrap();
    world.put_silently("three", &question("three@amazon", "2026-11-22T11:59:00Z").bytes());
    let outcome = world.notify(&notification("three")).await;
    assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
    assert!(world.find(ID).await.is_none());
    world.sweep().await;
    world.expect_silence();

    world.store.finish_forgetting(&address).await.unwrap().unwrap();
    assert!(world.store.finish_forgetting(&address).await.unwrap().is_none());
    world.assert_no_trace("finished").await;
    assert!(matches!(world.notify(&notification("three")).await, Outcome::Filed(_)));
    assert_eq!(world.request(ID).await.steps.len(), 1);
    world.sweep().await;
    world.expect_alert("OUR TURN");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ingest_and_an_act_that_had_read_it_before_lose_and_decide_again() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.fill().await;
    let proxy = DynamoProxy::start(&world.engine.endpoint()).await.unwrap();
    let slow = Store::new(boot::aws::local_service(&proxy.endpoint()), &world.engine.table);
    let bytes = crate::world::stored_by_ses("three", &question("three@amazon", "2026-11-22T11:59:00Z").bytes());
    let delivery = ingest::Delivery {
        object: "three",
        bytes: &bytes,
        truncated: false,
        verdicts: None,
        origin: ingest::Origin::Ses,
        signatures: ingest::Signatures::default(),
    };
    // It has read, and is about to write.
    let mut met = proxy.calls().plan("TransactWriteItems", 1, Fault::Hold);
    let forgets = async {
        assert!(met.wait().await);
        world.forget(ID).await.unwrap();
        met.release();
    };
    let (filed, ()) = tokio::join!(ingest::file(&slow, &world.policy, &delivery, world.now()), forgets);
    assert_eq!(filed.unwrap().ending, Ending::Applied);
    assert_eq!(world.request(ID).await.steps.len(), 1, "a new one");

    // It has looked up where its references lead, and is about to read there.
    let bytes = crate::world::stored_by_ses("four", &question("four@amazon", "2026-11-22T11:59:30Z").bytes());
    let mut met = proxy.calls().plan("Query", 1, Fault::Hold);
    let forgets = async {
        assert!(met.wait().await);
        world.forget(ID).await.unwrap();
        met.release();
    };
    let delivery = ingest::Delivery { object: "four", bytes: &bytes, ..delivery };
    let (filed, ()) = tokio::join!(ingest::file(&slow, &world.policy, &delivery, world.now()), forgets);
    assert_eq!(filed.unwrap().ending, Ending::Applied);
    assert_eq!(world.request(ID).await.steps.len(), 1, "it claimed its references anew");
    assert_eq!(world.request("one@amazon").await.id.as_str(), ID);

    let mut met = proxy.calls().plan("TransactWriteItems", 1, Fault::Hold);
    let forgets = async {
        assert!(met.wait().await);
        world.forget(ID).await.unwrap();
        met.release();
    };
    let note = deed(What::Note("too late".to_owned()));
    let act = api::act::on_request(&slow, &world.policy, ID, &note, world.now());
    let (acted, ()) = tokio::join!(act, forgets);
    assert!(matches!(acted, Err(ActError::NoRequest(_))), "{acted:?}");

    // A forget that was decided on an older state decides again.
    world.mail(&question("five@amazon", "2026-11-22T11:59:40Z").bytes()).await;
    let mut met = proxy.calls().plan("TransactWriteItems", 1, Fault::Hold);
    let writes = async {
        assert!(met.wait().await);
        world.mail(&question("six@amazon", "2026-11-22T11:59:50Z").bytes()).await;
        met.release();
    };
    let wish = wish();
    let (done, ()) = tokio::join!(forget(&slow, ID, &wish, world.now()), writes);
    assert_eq!(done.unwrap().entries, 2);
    assert!(world.find("six@amazon").await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_that_holds_an_alert_of_it_sends_at_most_that_one_and_leaves_nothing() {
    let world = World::new().await;
    world.fill().await;
    let proxy = DynamoProxy::start(&world.engine.endpoint()).await.unwrap();
    let slow = Store::new(boot::aws::local_service(&proxy.endpoint()), &world.engine.table);
    // The second write of a sweep settles the first of what it claimed.
    let mut met = proxy.calls().plan("TransactWriteItems", 2, Fault::Hold);
    let forgets = async {
        assert!(met.wait().await);
        world.forget(ID).await.unwrap();
        met.release();
    };
    let notifier = alert::Notifier::Captured(world.alerts.clone());
    let (report, ()) = tokio::join!(alert::sweep(&slow, &notifier, &world.policy, "slow", world.now(), || true), forgets);
    assert_eq!(report.unwrap().sent, 1);
    world.hush();
    world.assert_no_trace("after the sweep").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn merged_partitions_go_with_it_and_requests_that_hang_together_only_all_at_once() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.advance_to("2026-11-20T12:00:00Z");
    let plain =
        |id: &str, at: &str| Letter::aws(id, at, "Zebra", "We have received your request to remove the port 25 email sending limitations.");
    world.mail(&plain("a@amazon", "2026-11-20T10:00:00Z").bytes()).await;
    world.mail(&plain("b@amazon", "2026-11-20T10:10:00Z").bytes()).await;
    let keys = [world.request("a@amazon").await.key, world.request("b@amazon").await.key];
    world.mail(&plain("c@amazon", "2026-11-20T10:20:00Z").answers(&["a@amazon", "b@amazon"]).bytes()).await;
    // Taken apart they are several again, in one bundle.
    let apart = api::act::Word {
        meaning: None,
        request: Some(domain::request::Belongs::Apart),
        by: "ann".to_owned(),
        why: None,
        key: None,
        expected: None,
    };
    world.judge("c@amazon", &apart).await;
    let refused = world.forget("a@amazon").await.unwrap_err();
    assert!(matches!(&refused, ActError::HangTogether(ids) if ids.len() == 3), "{refused}");
    assert!(world.find("a@amazon").await.is_some());

    let all = Forgetting { all: true, ..wish() };
    let done = forget(&world.store, "a@amazon", &all, world.now()).await.unwrap();
    assert_eq!((done.requests.len(), done.entries, done.objects.len()), (3, 4, 3));
    for name in ["a@amazon", "b@amazon", "c@amazon", keys[0].as_str(), keys[1].as_str()] {
        assert!(world.find(name).await.is_none(), "{name}");
    }
    let items = world.items().await;
    assert!(!items.iter().any(|item| item.contains("Zebra") || item.contains("\"R#") || item.contains("\"E#")), "{items:#?}");
    assert!(items.iter().any(|item| item.contains("merged_into=")), "the absorbed head still points to the tombstone");
    assert!(world.get("/v1/requests").await.json()["items"][0].is_null());
    // And its names are free.
    world.mail(&plain("d@amazon", "2026-11-20T11:00:00Z").answers(&["b@amazon"]).bytes()).await;
    assert!(world.request("b@amazon").await.answers_to("d@amazon"));
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_was_dismissed_is_forgotten_by_its_name() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.mail(&received("spam@evil", "2026-11-20T10:00:00Z").forged().bytes()).await;
    let word =
        api::act::Word { meaning: Some(Meaning::Irrelevant), request: None, by: "ann".to_owned(), why: None, key: None, expected: None };
    world.judge("spam@evil", &word).await;
    assert!(world.find("spam@evil").await.is_none(), "it is no request");
    let done = world.forget("spam@evil").await.unwrap();
    assert_eq!((done.requests.len(), done.entries), (0, 2));
    let items = world.items().await;
    assert!(!items.iter().any(|item| WORDS.iter().any(|word| item.contains(word))), "{items:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_registered_by_hand_goes_as_well_and_can_be_registered_again_at_once() {
    let world = World::new().await;
    let registration = Registration {
        family: domain::classify::Family::Port25,
        account: None,
        regions: Vec::new(),
        subject: "Zebra form".to_owned(),
        aws_id: AwsId::parse(ID),
        since: None,
        by: "ann".to_owned(),
        why: Some("tapir".to_owned()),
        key: None,
    };
    for _ in 0..3 {
        let done = register(&world.store, &world.policy, &registration, world.now()).await.unwrap();
        assert!(!done.said_before);
        assert!(register(&world.store, &world.policy, &registration, world.now()).await.unwrap().said_before);
        assert_eq!(world.forget(ID).await.unwrap().entries, 1);
        assert!(world.find(ID).await.is_none());
        let items = world.items().await;
        for word in ["Zebra", "tapir", "\"R#", "\"E#"] {
            assert!(!items.iter().any(|item| item.contains(word)), "{word} in {items:#?}");
        }
    }
    let keyed = Registration { key: Some("click-1".to_owned()), ..registration };
    register(&world.store, &world.policy, &keyed, world.now()).await.unwrap();
    world.forget(ID).await.unwrap();
    let again = register(&world.store, &world.policy, &keyed, world.now()).await;
    assert!(matches!(again, Err(ActError::KeyReused)), "a retry of a click brings nothing back: {again:?}");
}
