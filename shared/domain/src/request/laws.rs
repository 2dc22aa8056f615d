//! The laws of the fold, as property tests: any order, any repetition, and nothing forged quiets anything.
//!
//! The mails are drawn from a small [`world`]. They are filed into bundles by the rules of production ([`shelf`]).

mod shelf;
mod world;

use std::collections::HashMap;

use proptest::prelude::*;

use crate::classify::{Meaning, Place};
use crate::ids::{AccountId, EntryId, Key};
use crate::trust::Trust;

use super::*;
use shelf::shelve;
use world::{any_world, at, aws_id, mail, mid, register, register_mid};

fn shuffled(entries: &[Entry]) -> impl Strategy<Value = Vec<Entry>> + use<> {
    Just(entries.to_vec()).prop_shuffle()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Promise 8 on the fold alone: a set of entries has one meaning.
    #[test]
    fn any_order_and_any_repetition_fold_to_the_same_requests(
        (entries, other) in any_world().prop_flat_map(|e| { let s = shuffled(&e); (Just(e), s) })
    ) {
        let mut twice = other.clone();
        twice.extend(entries.iter().cloned());
        prop_assert_eq!(fold(&entries), fold(&other));
        prop_assert_eq!(fold(&entries), fold(&twice));
    }

    /// Promise 8 with the filing: mails and registrations find each other in whatever order they come, also when a thread's first mail
    /// comes last.
    #[test]
    fn any_order_of_arrival_files_the_same_requests(
        (entries, other) in any_world().prop_flat_map(|e| { let s = shuffled(&e); (Just(e), s) })
    ) {
        let arriving = |entries: &[Entry]| entries.iter().filter(|e| e.mail().is_some() || is_registration(e)).cloned().collect::<Vec<_>>();
        prop_assert_eq!(shelve(&arriving(&entries)), shelve(&arriving(&other)));
    }

    /// Promise 3: an unverified entry in a bundle (which filing never makes) would still change nothing.
    #[test]
    fn no_unverified_mail_changes_anything(entries in any_world(), n in 20u8..30, thread in proptest::collection::vec(0u8..10, 0..3),
        meaning in 0usize..9, own in proptest::option::of(0u8..3), minutes in 0i64..5_000)
    {
        let own = own.map(|id| (id, Place::Subject));
        let forged = mail(n, thread, Trust::Unverified, Meaning::ALL[meaning], own, minutes, true);
        let mut with = entries.clone();
        with.push(forged.clone());
        prop_assert_eq!(fold(&entries), fold(&with));
    }

    /// Promise 3: what reaches a request only by an alias, a mention or quoted text leaves its turn (and so its deadline), its
    /// acknowledgement or snooze and its outcome as they are, whoever wrote it and whenever.
    #[test]
    fn no_mail_that_only_mentions_or_quotes_a_request_changes_it(entries in any_world(), n in 20u8..30, trust in 0usize..4,
        meaning in 0usize..9, quoted in proptest::option::of(0u8..3), mentioned in proptest::collection::vec(0u8..3, 0..3),
        alias in any::<bool>(), minutes in 0i64..6_000, to_aws in any::<bool>())
    {
        let own = quoted.map(|id| (id, Place::Quoted));
        let mut aside = mail(n, vec![], Trust::ALL[trust], Meaning::ALL[meaning], own, minutes, to_aws);
        if let Fact::Mail(mail) = &mut aside.fact {
            mail.mentions = mentioned.into_iter().map(aws_id).collect();
            mail.alias = AccountId::parse("111122223333").filter(|_| alias);
        }
        let before = shelve(&entries);
        let mut with = entries.clone();
        with.push(aside);
        let after = shelve(&with);
        let by_id: HashMap<&EntryId, &MailFact> = entries.iter().filter_map(|e| Some((&e.id, e.mail()?))).collect();
        for (id, request) in before {
            // A request that is known from quotations alone has nothing better to go by; a stray is none of its mails.
            let founds = |step: &Step| {
                let own = |mail: &&&MailFact| mail.own_id.as_ref().is_none_or(|o| o.id.as_str() == id && (o.place != Place::Quoted || !mail.thread.is_empty()));
                let counts = !matches!(step.meaning, Some(Meaning::Irrelevant | Meaning::Note));
                counts && by_id.get(&step.entry).filter(own).is_some_and(|mail| mail.trust == Trust::Verified)
            };
            let registered = request.steps.iter().any(|s| entries.iter().any(|e| e.id == s.entry && is_registration(e)));
            if registered || request.steps.iter().any(founds) {
                let then = after.get(&id).map(|r| (r.turn, &r.opened_by, &r.hold, &r.account, &r.subject));
                prop_assert_eq!(then, Some((request.turn, &request.opened_by, &request.hold, &request.account, &request.subject)));
            }
        }
    }

    /// Promise 3: what was only forwarded never settles a request and never moves a turn to AWS that was ours.
    #[test]
    fn forwarded_mail_never_makes_a_loud_request_quiet(entries in any_world(), n in 20u8..30,
        thread in proptest::collection::vec(0u8..10, 0..3), meaning in 0usize..9, own in proptest::option::of(0u8..3))
    {
        let own = own.map(|id| (id, Place::Subject));
        let late = mail(n, thread, Trust::Forwarded, Meaning::ALL[meaning], own, 6_000, true);
        let before: HashMap<ShownId, Turn> = fold(&entries).into_iter().map(|r| (r.id, r.turn)).collect();
        let mut with = entries.clone();
        with.push(late);
        for after in fold(&with) {
            match (before.get(&after.id), after.turn) {
                (Some(Turn::Ours { .. }), Turn::Aws { .. }) => prop_assert!(false, "moved to AWS"),
                (Some(Turn::Aws { since: a }), Turn::Aws { since: b }) => prop_assert_eq!(*a, b, "the clock was restarted"),
                // A new request can only be settled by people.
                (None, Turn::Settled { .. }) => prop_assert!(after.steps.iter().any(|s| s.meaning.is_none()), "settled"),
                (Some(Turn::Aws { .. } | Turn::Ours { .. }), Turn::Settled { .. }) => prop_assert!(false, "settled"),
                _ => {}
            }
        }
    }

    /// The same at any time: the date inside a forward is the word of whoever passes it on.
    #[test]
    fn forwarded_mail_of_any_date_never_makes_a_loud_request_quiet(entries in any_world(), n in 20u8..30,
        thread in proptest::collection::vec(0u8..10, 0..3), meaning in 0usize..9, own in proptest::option::of(0u8..3), minutes in 0i64..6_000)
    {
        let own = own.map(|id| (id, Place::Subject));
        let mut with: Vec<Entry> = entries.iter().filter(|e| e.mail().is_some() || is_registration(e)).cloned().collect();
        let before: HashMap<ShownId, Turn> = fold(&with).into_iter().map(|r| (r.id, r.turn)).collect();
        with.push(mail(n, thread, Trust::Forwarded, Meaning::ALL[meaning], own, minutes, true));
        for after in fold(&with) {
            match (before.get(&after.id), after.turn) {
                (Some(Turn::Ours { .. }), Turn::Aws { .. }) => prop_assert!(false, "moved to AWS"),
                (Some(Turn::Aws { since: a }), Turn::Aws { since: b }) => prop_assert!(b <= *a, "the clock was restarted"),
                (Some(Turn::Aws { .. } | Turn::Ours { .. }), Turn::Settled { .. }) => prop_assert!(false, "settled"),
                _ => {}
            }
        }
    }

    /// What a person registers never makes a loud request quiet, whenever it comes. (What binds nothing, or only quotes an ID, goes where
    /// something is known of that ID; a registration is something, as AWS's own mail is.)
    #[test]
    fn a_registration_never_makes_a_loud_request_quiet(entries in any_world(), aws in proptest::option::of(0u8..3), minutes in 0i64..6_000) {
        let plain = |mail: &MailFact| mail.binds() && mail.own_id.as_ref().is_none_or(|own| own.place != Place::Quoted);
        let mut with: Vec<Entry> = entries.into_iter().filter(|e| e.mail().is_none_or(plain)).collect();
        let before = fold(&with);
        with.push(register(9, aws, minutes));
        let after = fold(&with);
        let find = |request: &Request| after.iter().find(|r| r.id == request.id).map(|r| r.turn);
        for request in &before {
            match (request.turn, find(request)) {
                (Turn::Aws { since: a }, Some(Turn::Aws { since: b })) => prop_assert!(b <= a, "the clock was restarted"),
                (Turn::Ours { .. }, Some(now)) => prop_assert!(matches!(now, Turn::Ours { .. }), "it is no longer ours"),
                (Turn::Aws { .. }, Some(now)) => prop_assert!(!matches!(now, Turn::Settled { .. }), "it was settled"),
                (Turn::Settled { .. }, Some(_)) => {}
                (_, None) => prop_assert!(false, "{} is gone", request.id),
            }
        }
        prop_assert!(after.iter().any(|r| r.answers_to(register_mid(9).as_str()) && !r.unexpected));
    }

    /// A reply of ours that did not go to AWS moves no turn.
    #[test]
    fn no_mail_of_ours_without_an_aws_recipient_moves_a_turn(entries in any_world(), n in 20u8..30,
        thread in proptest::collection::vec(0u8..10, 1..3))
    {
        let aside = mail(n, thread, Trust::Own, Meaning::Ours, None, 6_000, false);
        let mut with = entries.clone();
        with.push(aside);
        let state = |rs: Vec<Request>| -> Vec<(ShownId, Turn, EntryId)> { rs.into_iter().map(|r| (r.id, r.turn, r.opened_by)).collect() };
        prop_assert_eq!(state(fold(&entries)), state(fold(&with)));
    }
}

fn is_registration(entry: &Entry) -> bool {
    matches!(&entry.fact, Fact::Action(Action { act: Act::Register(_), .. }))
}

#[test]
fn a_registered_request_gets_the_aws_id_of_the_mail_that_is_moved_into_it_or_of_one_that_answers_that() {
    let word = |n, minutes| judge(&format!("w{n}"), n, Meaning::Received, Some(Belongs::With(register_mid(1))), minutes);
    let registered = register(1, None, 0);
    let alone = fold(std::slice::from_ref(&registered)).swap_remove(0);
    assert_eq!((alone.id.as_str(), alone.subject.as_str(), alone.first_mail), (Key::of(&register_mid(1)).as_str(), "submitted 1", None));
    assert!(matches!(alone.turn, Turn::Aws { since } if since == at(0)) && !alone.unexpected && !alone.dormant);

    // The mail has it.
    let with_id = mail(1, vec![], Trust::Verified, Meaning::Received, Some((1, Place::Newest)), 10, false);
    let later = mail(2, vec![], Trust::Verified, Meaning::Question, Some((1, Place::Subject)), 30, false);
    let requests = fold(&[registered.clone(), with_id.clone(), word(1, 20), later.clone()]);
    assert_eq!((requests.len(), requests[0].id.as_str(), requests[0].steps.len()), (1, aws_id(1).as_str(), 4));
    assert!(requests[0].answers_to(register_mid(1).as_str()) && matches!(requests[0].turn, Turn::Ours { .. }));

    // A mail that answers it has it.
    let plain = mail(3, vec![], Trust::Verified, Meaning::Received, None, 10, false);
    let moved = fold(&[registered.clone(), plain.clone(), word(3, 20)]);
    assert_eq!((moved.len(), moved[0].id.as_str()), (1, Key::of(&register_mid(1)).as_str()), "it stays who it is");
    let answer = mail(4, vec![3], Trust::Verified, Meaning::Question, Some((1, Place::Subject)), 30, false);
    let requests = fold(&[registered.clone(), plain, word(3, 20), answer, later]);
    assert_eq!((requests.len(), requests[0].id.as_str(), requests[0].steps.len()), (1, aws_id(1).as_str(), 5));

    // What nothing proves, or somebody passed on, brings no ID.
    let forward = mail(1, vec![], Trust::Forwarded, Meaning::Received, Some((1, Place::Newest)), 10, false);
    let target = forward.id.clone();
    let act = Act::Judge { target, meaning: Meaning::Received, request: Some(Belongs::With(register_mid(1))) };
    let said = Entry::of_action("f", Action { by: "ann".to_owned(), about: Reference::Message(mid(1)), act, why: None }, at(20));
    let requests = fold(&[registered, forward, said]);
    assert_eq!((requests.len(), requests[0].id.as_str(), requests[0].steps.len()), (1, Key::of(&register_mid(1)).as_str(), 3));
}

#[test]
fn what_was_registered_opens_the_turn_and_restarts_no_clock_and_aws_describes_it() {
    let registered = register(1, Some(1), 100);
    let received = |minutes| mail(1, vec![], Trust::Verified, Meaning::Received, Some((1, Place::Subject)), minutes, false);
    let since = |entries: &[Entry]| fold(entries)[0].turn.since();
    assert_eq!(since(&[registered.clone(), received(150)]), at(150), "AWS's mail starts its time again");
    assert_eq!(since(&[registered.clone(), received(50)]), at(50), "the form that came before it does not");
    let request = fold(&[registered.clone(), received(150)]).swap_remove(0);
    assert_eq!((request.subject.as_str(), request.last_trust), ("mail 1", Some(Trust::Verified)));
    let forward = mail(2, vec![], Trust::Forwarded, Meaning::Received, Some((1, Place::Subject)), 20, false);
    let request = fold(&[registered, forward]).swap_remove(0);
    assert_eq!(request.subject, "submitted 1", "what was only passed on describes it less than the person who submitted it");
}

#[test]
fn a_thread_with_two_aws_ids_is_two_requests_and_people_hear_of_it() {
    let a = mail(1, vec![], Trust::Verified, Meaning::Received, Some((1, Place::Subject)), 0, false);
    let b = mail(2, vec![1], Trust::Verified, Meaning::Received, Some((2, Place::Subject)), 10, false);
    let reply = mail(3, vec![1, 2], Trust::Verified, Meaning::Question, None, 20, false);
    let requests = fold(&[reply, b.clone(), a]);
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|r| r.tangled));
    let first = requests.iter().find(|r| r.id.as_str() == aws_id(1).as_str()).unwrap();
    let second = requests.iter().find(|r| r.id.as_str() == aws_id(2).as_str()).unwrap();
    assert!(matches!(first.turn, Turn::Aws { .. }), "the first keeps its turn");
    assert_eq!(first.step(&b.id).and_then(|s| s.news), Some(News::Unclear), "the stray mail is told");
    assert!(matches!(second.turn, Turn::Ours { .. }), "a mail without an id goes to the nearest above it");
}

#[test]
fn an_approval_whose_id_stands_only_in_the_text_needs_its_thread() {
    let received = mail(1, vec![], Trust::Verified, Meaning::Received, Some((1, Place::Subject)), 0, false);
    // Nor does one in a subject behind other words: whoever answers may have written them.
    for place in [Place::Newest, Place::Header] {
        let alone = mail(2, vec![], Trust::Verified, Meaning::Approved, Some((1, place)), 10, false);
        let threaded = mail(3, vec![1], Trust::Verified, Meaning::Approved, Some((1, place)), 10, false);
        let weak = fold(&[received.clone(), alone]);
        assert!(matches!(weak[0].turn, Turn::Ours { why: Why::ConfirmApproved, .. }));
        let strong = fold(&[received.clone(), threaded]);
        assert!(matches!(strong[0].turn, Turn::Settled { outcome: Outcome::Approved, .. }));
    }
}

#[test]
fn a_question_that_only_quotes_an_id_is_told_and_changes_nothing() {
    let received = mail(1, vec![], Trust::Verified, Meaning::Received, Some((1, Place::Subject)), 0, false);
    let quoting = mail(2, vec![], Trust::Verified, Meaning::Question, Some((1, Place::Quoted)), 10, false);
    let before = fold(std::slice::from_ref(&received));
    let after = fold(&[received, quoting.clone()]);
    assert_eq!((after.len(), after[0].turn, after[0].last_update), (1, before[0].turn, before[0].last_update));
    assert_eq!(after[0].step(&quoting.id).and_then(|s| s.news), Some(News::Unclear));
    // Alone it is all there is.
    assert!(matches!(fold(&[quoting])[0].turn, Turn::Ours { why: Why::Question, .. }));
}

#[test]
fn the_recipient_names_the_account_only_where_no_text_does() {
    let account = |n: u8| AccountId::parse(&n.to_string().repeat(12));
    let with = |mut entry: Entry, text: Option<AccountId>, recipient: Option<AccountId>| {
        if let Fact::Mail(mail) = &mut entry.fact {
            (mail.account, mail.alias) = (text, recipient);
        }
        entry
    };
    let first = with(mail(1, vec![], Trust::Verified, Meaning::Received, None, 0, false), None, account(1));
    let second = with(mail(2, vec![1], Trust::Verified, Meaning::Question, None, 10, false), account(2), account(1));
    assert_eq!(fold(std::slice::from_ref(&first))[0].account, account(1));
    assert_eq!(fold(&[first, second])[0].account, account(2), "the text of a later mail");
}

#[test]
fn an_acknowledgement_ends_with_the_next_mail_of_aws() {
    let received = mail(1, vec![], Trust::Verified, Meaning::Received, None, 0, false);
    let ack = |minutes| {
        let action = Action { by: "ann".to_owned(), about: Reference::Message(mid(1)), act: Act::Ack { until: at(9_000) }, why: None };
        Entry::of_action("k", action, at(minutes))
    };
    let question = mail(2, vec![1], Trust::Verified, Meaning::Question, None, 100, false);
    assert!(fold(&[received.clone(), ack(50)])[0].hold.is_some());
    assert!(fold(&[received.clone(), ack(50), question.clone()])[0].hold.is_none());
    assert!(fold(&[received, ack(150), question])[0].hold.is_some());
}

fn judge(key: &str, n: u8, meaning: Meaning, request: Option<Belongs>, minutes: i64) -> Entry {
    let act = Act::Judge { target: EntryId::of_mail(Trust::Verified, &mid(n)), meaning, request };
    Entry::of_action(
        key,
        Action { by: "ann".to_owned(), about: Reference::Message(mid(n)), act, why: Some("seen".to_owned()) },
        at(minutes),
    )
}

/// The mails of each request, by number, in the order of the shown ids.
fn sorted_mails(entries: &[Entry]) -> Vec<Vec<String>> {
    let subjects = |r: &Request| {
        let mails = r.steps.iter().filter_map(|s| entries.iter().find(|e| e.id == s.entry)?.mail());
        mails.map(|m| m.subject.clone()).collect::<Vec<_>>()
    };
    let mut all: Vec<Vec<String>> = fold(entries).iter().map(subjects).collect();
    all.sort();
    all
}

#[test]
fn a_mail_that_joined_two_threads_is_taken_out_with_what_answers_it_and_they_are_two_again() {
    let plain = |n, thread, minutes| mail(n, thread, Trust::Verified, Meaning::Received, None, minutes, false);
    let mut entries = vec![plain(2, vec![], 0), plain(5, vec![], 10), plain(1, vec![2, 5], 20), plain(7, vec![2, 5, 1], 30)];
    assert_eq!(sorted_mails(&entries), [["mail 2", "mail 5", "mail 1", "mail 7"]]);
    entries.push(judge("split", 1, Meaning::Received, Some(Belongs::Apart), 40));
    assert_eq!(sorted_mails(&entries), [vec!["mail 1", "mail 7"], vec!["mail 2"], vec!["mail 5"]]);
    let apart = fold(&entries).into_iter().find(|r| r.answers_to("m1@aws.example")).unwrap();
    assert_eq!(apart.steps.len(), 3, "the judgement is in the history of the mail's request");
    assert!(!apart.answers_to("m2@aws.example"), "a Message-ID leads to the request that has the mail");
    // A later word on the meaning leaves it where it is; a word on the place moves it on.
    entries.push(judge("again", 1, Meaning::Progress, None, 50));
    assert_eq!(sorted_mails(&entries).len(), 3);
    entries.push(judge("with", 1, Meaning::Progress, Some(Belongs::With(mid(5))), 60));
    assert_eq!(sorted_mails(&entries), [vec!["mail 2"], vec!["mail 5", "mail 1", "mail 7"]]);
}

#[test]
fn a_mail_moves_into_a_request_with_an_aws_id_and_nobody_hears_of_a_stray() {
    let known = mail(1, vec![], Trust::Verified, Meaning::Received, Some((1, Place::Subject)), 0, false);
    let other = mail(2, vec![], Trust::Verified, Meaning::Received, Some((2, Place::Subject)), 10, false);
    let wrong = mail(3, vec![2], Trust::Verified, Meaning::Question, None, 20, false);
    let moved = judge("move", 3, Meaning::Question, Some(Belongs::Aws(aws_id(1))), 30);
    let requests = fold(&[known, other, wrong.clone(), moved]);
    let first = requests.iter().find(|r| r.id.as_str() == aws_id(1).as_str()).unwrap();
    let second = requests.iter().find(|r| r.id.as_str() == aws_id(2).as_str()).unwrap();
    assert!(matches!(first.turn, Turn::Ours { .. }) && matches!(second.turn, Turn::Aws { .. }));
    assert!(second.step(&wrong.id).is_none(), "a person said where it belongs");
}

#[test]
fn an_id_that_a_person_learned_is_that_of_the_registered_request() {
    let named = |key: &str, n: u8, minutes| {
        let about = Reference::Message(register_mid(1));
        Entry::of_action(key, Action { by: "ann".to_owned(), about, act: Act::Identify(aws_id(n)), why: None }, at(minutes))
    };
    let registered = register(1, None, 0);
    let known = mail(1, vec![], Trust::Verified, Meaning::Question, Some((2, Place::Subject)), 20, false);
    let slip = fold(&[registered.clone(), known.clone(), named("slip", 1, 30)]);
    assert_eq!(slip.iter().map(|r| r.id.as_str().to_owned()).collect::<Vec<_>>(), [aws_id(1).to_string(), aws_id(2).to_string()]);
    let said = fold(&[registered.clone(), known, named("slip", 1, 30), named("right", 2, 40)]);
    assert_eq!((said.len(), said[0].id.as_str(), said[0].steps.len()), (1, aws_id(2).as_str(), 4), "the last word counts");
    assert!(matches!(said[0].turn, Turn::Ours { .. }), "nothing loud becomes quiet by it");
    assert!(said[0].answers_to(register_mid(1).as_str()), "it is found as before");
    // Of what was registered with an ID, and of a mail, nobody says it so.
    let with_id = register(1, Some(1), 0);
    assert_eq!(fold(&[with_id, named("other", 2, 30)])[0].id.as_str(), aws_id(1).as_str());
}
