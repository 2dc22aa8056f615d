//! Mails arriving: twice, in any order, at once, and forged. The same mails give the same requests.

use std::collections::BTreeMap;

use domain::filing::Ending;
use domain::policy::Policy;
use domain::request::{Request, Turn, Why};

use crate::world::{Letter, World, story_mail};

const STORY: [&str; 7] =
    ["01-received", "02-question", "03-our-reply", "04-forged-approval", "05-approved", "06-second-received", "07-second-denied"];

/// What the API shows of everything, without when it was stored.
async fn shown(world: &World) -> BTreeMap<String, (Turn, Vec<String>)> {
    let reply = world.get("/v1/requests?limit=200").await;
    let mut all = BTreeMap::new();
    for item in reply.json()["items"].as_array().unwrap() {
        let id = item["id"].as_str().unwrap().to_owned();
        let request = world.request(&id).await;
        let steps = request.steps.iter().map(|s| format!("{} {:?} {:?}", s.entry, s.effect, s.meaning)).collect();
        all.insert(id, (request.turn, steps));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_in_any_order_and_twice_gives_the_same_requests() {
    let mut results = Vec::new();
    for turn in 0..4usize {
        let mut world = World::new().await;
        world.ignore_alerts();
        world.advance_to("2026-11-24T00:00:00Z");
        let mut order: Vec<&str> = STORY.to_vec();
        match turn {
            0 => {}
            1 => order.reverse(),
            n => order.rotate_left(n * 2),
        }
        for name in order.iter().chain(order.iter().filter(|_| turn > 1)) {
            world.story(name).await;
        }
        results.push(shown(&world).await);
    }
    assert_eq!(results[0].len(), 2);
    for other in &results[1..] {
        assert_eq!(&results[0], other);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_object_and_a_second_copy_end_as_duplicates_and_change_nothing() {
    let world = World::new().await;
    let mail = story_mail("01-received");
    assert_eq!(world.deliver("first", &mail).await.ending, Ending::Applied);
    let before = world.request("172345678900123").await;
    assert_eq!(world.deliver("first", &mail).await.ending, Ending::Duplicate);
    assert_eq!(world.deliver("second", &mail).await.ending, Ending::Duplicate);
    assert_eq!(world.deliver("second", &mail).await.ending, Ending::Duplicate);
    assert_eq!(world.request("172345678900123").await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unverified_copy_never_shadows_the_real_mail() {
    for real_first in [false, true] {
        let mut world = World::new().await;
        world.ignore_alerts();
        world.advance_to("2026-11-20T10:05:00Z");
        let real =
            Letter::aws("one@amazon", "2026-11-20T10:00:00Z", "Your request", "Request ID: 170000000010001. Port 25: we have received it.");
        let copy = Letter::aws("one@amazon", "2026-11-20T10:00:00Z", "Your request", "Request ID: 170000000010001. Port 25.").forged();
        let (first, second) = if real_first { (&real, &copy) } else { (&copy, &real) };
        let first = world.mail(&first.bytes()).await;
        let second = world.mail(&second.bytes()).await;
        let (real_end, copy_end) = if real_first { (first, second) } else { (second, first) };
        assert_eq!(real_end.ending, Ending::Applied);
        assert_eq!(copy_end.ending.as_str(), if real_first { "superseded" } else { "quarantined" });
        // Whichever came first: nothing is left in quarantine.
        let from = "2026-11-20T00:00:00Z".parse().unwrap();
        let until = "2026-11-21T00:00:00Z".parse().unwrap();
        let left = world.store.mails(store::MailList::Quarantined, from, until, 10).await.unwrap();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_s_rewritten_copy_gives_way_to_the_direct_mail_whichever_comes_first() {
    for direct_first in [false, true] {
        let mut world = World::with(Policy { forwarders: ["aws-mail@groups.example".to_owned()].into(), ..Policy::default() }).await;
        world.ignore_alerts();
        world.advance_to("2026-11-20T10:05:00Z");
        let direct = Letter::aws(
            "one@amazon",
            "2026-11-20T10:00:00Z",
            "RE:[CASE 170000000010001] port 25",
            "We have granted your request on port 25.",
        );
        let copy = Letter {
            from: "aws-mail@groups.example".to_owned(),
            ..Letter::aws("one@amazon", "2026-11-20T10:00:00Z", &direct.subject, &direct.body)
        };
        let (first, second) = if direct_first { (&direct, &copy) } else { (&copy, &direct) };
        let first = world.mail(&first.bytes()).await;
        if !direct_first {
            let turn = world.request("170000000010001").await.turn;
            assert!(matches!(turn, Turn::Ours { why: Why::ConfirmApproved, .. }), "the copy alone settles nothing: {turn:?}");
        }
        let second = world.mail(&second.bytes()).await;
        let (direct_end, copy_end) = if direct_first { (first, second) } else { (second, first) };
        assert_eq!(direct_end.ending, Ending::Applied);
        assert_eq!(copy_end.ending.as_str(), if direct_first { "superseded" } else { "applied" });
        let turn = world.request("170000000010001").await.turn;
        assert!(matches!(turn, Turn::Settled { .. }), "{turn:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_under_another_key_than_ses_gave_it_is_not_believed() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.advance_to("2026-11-20T10:05:00Z");
    let letter = Letter::aws("one@amazon", "2026-11-20T10:00:00Z", "RE:[CASE 170000000010001] port 25", "We have granted your request.");
    let forged = crate::world::stored_by_ses("another-key", &letter.bytes());
    assert_eq!(world.deliver_as_it_is("this-key", &forged).await.ending.as_str(), "quarantined");
    let real = crate::world::stored_by_ses("that-key", &letter.bytes());
    assert_eq!(world.deliver_as_it_is("that-key", &real).await.ending, Ending::Applied);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_mails_of_one_unseen_thread_at_once_become_one_request() {
    for round in 0..5 {
        let mut world = World::new().await;
        world.ignore_alerts();
        world.advance_to("2026-11-20T12:00:00Z");
        let root = format!("root-{round}@amazon");
        let text = "We are looking into your port 25 request and will get back to you.";
        let letters: Vec<Vec<u8>> = (0..4)
            .map(|n| {
                Letter::aws(&format!("reply-{n}@amazon"), &format!("2026-11-20T11:0{n}:00Z"), "Update", text).answers(&[&root]).bytes()
            })
            .collect();
        let done = tokio::join!(world.mail(&letters[0]), world.mail(&letters[1]), world.mail(&letters[2]), world.mail(&letters[3]));
        for filed in [done.0, done.1, done.2, done.3] {
            assert_eq!(filed.ending, Ending::Applied);
        }
        let all = shown(&world).await;
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!(all.values().next().unwrap().1.len(), 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_threads_that_a_late_mail_connects_become_one_request_that_any_id_finds() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.advance_to("2026-11-20T12:00:00Z");
    let text = "We have received your request to remove the port 25 email sending limitations.";
    world.mail(&Letter::aws("a@amazon", "2026-11-20T10:00:00Z", "Your request", text).bytes()).await;
    world.mail(&Letter::aws("b@amazon", "2026-11-20T11:00:00Z", "Your request", text).bytes()).await;
    let before = shown(&world).await;
    assert_eq!(before.len(), 2);
    let keys: Vec<String> = before.into_keys().collect();
    let joining = Letter::aws("c@amazon", "2026-11-20T11:30:00Z", "Your request", text).answers(&["a@amazon", "b@amazon"]);
    world.mail(&joining.bytes()).await;
    let after = shown(&world).await;
    assert_eq!(after.len(), 1);
    assert_eq!(after.values().next().unwrap().1.len(), 3);
    for old in &keys {
        let reply = world.get(&format!("/v1/requests/{old}")).await;
        assert_eq!(reply.status, 200, "{old} was shown once and must be found");
        assert_eq!(reply.json()["id"].as_str(), after.keys().next().map(String::as_str));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_aws_id_in_a_thread_goes_to_its_own_request_and_people_hear_of_it() {
    let mut shapes: Vec<Vec<(String, Turn, bool)>> = Vec::new();
    for reversed in [false, true] {
        let mut world = World::new().await;
        world.ignore_alerts();
        world.advance_to("2026-11-20T12:00:00Z");
        let received = "We have opened case to address your port 25 request.";
        let mut letters = vec![
            Letter::aws("a@amazon", "2026-11-20T10:00:00Z", "Amazon Web Services: New Support case: 170000000010001", received),
            Letter::aws("b@amazon", "2026-11-20T11:00:00Z", "Amazon Web Services: New Support case: 170000000010002", received)
                .answers(&["a@amazon"]),
        ];
        for letter in &mut letters {
            letter.from = "no-reply-aws@amazon.com".to_owned();
        }
        if reversed {
            letters.reverse();
        }
        for letter in letters {
            assert_eq!(world.mail(&letter.bytes()).await.ending, Ending::Applied);
        }
        let mut shape = Vec::new();
        for id in ["170000000010001", "170000000010002"] {
            let request: Request = world.request(id).await;
            shape.push((request.id.to_string(), request.turn, request.tangled));
        }
        assert!(shape.iter().all(|(_, _, tangled)| *tangled));
        world.sweep().await;
        assert_eq!(world.expect_alert("UNCLEAR").event, "trigger");
        shapes.push(shape);
    }
    assert_eq!(shapes[0], shapes[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_only_forwarded_starts_and_alarms_but_waits_for_a_click_to_settle() {
    let mut policy = Policy::default();
    policy.forwarders.insert("aws-mail@groups.corp.example".to_owned());
    let world = World::with(policy).await;
    world.advance_to("2026-11-20T12:00:00Z");
    let forwarded = |id: &str, at: &str, text: &str| {
        let mut letter = Letter::aws(id, at, "RE:[CASE 170000000010007] mail server", text);
        letter.from = "aws-mail@groups.corp.example".to_owned();
        letter
    };
    let begun = "We have received your request to remove the port 25 email sending limitations.";
    let filed = world.mail(&forwarded("a@groups", "2026-11-20T11:00:00Z", begun).bytes()).await;
    assert_eq!((filed.ending, filed.trust.as_str()), (Ending::Applied, "forwarded"));
    world.advance_to("2026-11-21T12:00:00Z");
    let granted = "We have granted your request. Your port 25 email sending limits have been removed.";
    world.mail(&forwarded("b@groups", "2026-11-21T11:00:00Z", granted).bytes()).await;
    let request = world.request("170000000010007").await;
    assert!(matches!(request.turn, Turn::Ours { why: Why::ConfirmApproved | Why::Unclear, .. }), "{:?}", request.turn);
    world.sweep().await;
    let told = world.alerts.next().unwrap();
    assert!(["[port25] CONFIRM", "[port25] UNCLEAR"].iter().any(|w| told.subject.starts_with(w)), "{}", told.subject);
}

#[tokio::test(flavor = "multi_thread")]
async fn our_reply_to_aws_restarts_the_clock_and_a_mail_among_ourselves_does_not() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.advance_to("2026-11-20T12:00:00Z");
    let question = "Please provide the following information about your port 25 use case. Request ID: 170000000010021";
    world.mail(&Letter::aws("a@amazon", "2026-11-20T10:00:00Z", "Your request", question).bytes()).await;
    let ours = || world.request("170000000010021");

    let mut aside = Letter::ours("b@corp", "2026-11-20T10:30:00Z", "a@amazon", "Who answers this?");
    aside.to = "colleague@corp.example".to_owned();
    world.mail(&aside.bytes()).await;
    assert!(matches!(ours().await.turn, Turn::Ours { .. }), "a mail among ourselves is no answer");
    let elsewhere = Letter::ours("c@corp", "2026-11-20T10:40:00Z", "other@amazon", "About something else");
    assert_eq!(world.mail(&elsewhere.bytes()).await.trust.as_str(), "own");
    assert!(matches!(ours().await.turn, Turn::Ours { .. }), "an answer to another thread is none to this one");

    world.mail(&Letter::ours("d@corp", "2026-11-20T11:00:00Z", "a@amazon", "Here are our answers.").bytes()).await;
    let answered = ours().await;
    assert_eq!(answered.turn, Turn::Aws { since: "2026-11-20T11:00:00Z".parse().unwrap() });
}
