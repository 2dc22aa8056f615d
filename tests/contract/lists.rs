//! The two list indexes: pages of any length show each item once, in order, and a place that somebody changed does no harm.

use std::collections::BTreeSet;

use domain::ids::AccountId;
use store::{Filter, ListedTurn, MailFilter, MailList, Position};

use super::letter;
use crate::world::{Letter, World};

const ACCOUNT: &str = "111122223333";

/// Twelve requests in AWS's turn and eleven that were denied; every third names an account.
async fn filled() -> World {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.advance_to("2026-11-20T11:00:00Z");
    for n in 0..23 {
        let mut letter = letter(n);
        letter.date = letter.date.replace("10:00:00", &format!("10:{:02}:00", n * 7 % 23));
        if n % 3 == 0 {
            letter.body.push_str(&format!("\r\nAWS account ID: {ACCOUNT}\r\n"));
        }
        world.mail(&letter.bytes()).await;
        if n % 2 == 1 {
            let text = "We are unable to grant your request at this time.";
            let at = format!("2026-11-20T10:{:02}:30Z", 30 + n);
            world.mail(&Letter::aws(&format!("d{n}@amazon"), &at, "Your request", text).answers(&[&format!("m{n}@amazon")]).bytes()).await;
        }
    }
    world
}

/// Ids and the times since when each waits, from pages of this length.
async fn listed(world: &World, filter: &Filter, limit: usize) -> Vec<(String, jiff::Timestamp)> {
    let mut all = Vec::new();
    let mut from: Option<Position> = None;
    for pages in 0.. {
        assert!(pages < 60, "the list does not end");
        let page = world.store.list(filter, from.as_ref(), limit).await.unwrap();
        assert!(page.items.len() <= limit);
        all.extend(page.items.iter().map(|head| (head.id.to_string(), head.turn.since())));
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    let ids: BTreeSet<&String> = all.iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), all.len(), "shown twice");
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_several_pages_shows_each_request_once_and_in_order() {
    let world = filled().await;
    let whole = listed(&world, &Filter::default(), 100).await;
    assert_eq!(whole.len(), 23);
    let (waiting, over) = whole.split_at(12);
    assert!(waiting.is_sorted_by_key(|(_, since)| *since), "the longest waiting first: {waiting:?}");
    assert!(over.iter().rev().is_sorted_by_key(|(_, since)| *since), "what is over comes newest first: {over:?}");
    for limit in [1, 5, 23] {
        assert_eq!(listed(&world, &Filter::default(), limit).await, whole, "limit {limit}");
    }
    let none = Filter { turn: Some(ListedTurn::Ours), ..Filter::default() };
    assert!(listed(&world, &none, 10).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_an_account_and_one_of_a_silence_are_parts_of_it() {
    let world = filled().await;
    let account = Filter { account: AccountId::parse(ACCOUNT), ..Filter::default() };
    let whole = listed(&world, &account, 100).await;
    assert_eq!(whole.len(), 8);
    for limit in [1, 3, 8] {
        assert_eq!(listed(&world, &account, limit).await, whole, "limit {limit}");
    }
    let waiting = listed(&world, &Filter { turn: Some(ListedTurn::Aws), ..Filter::default() }, 100).await;
    let middle = waiting[5].1;
    for limit in [1, 4, 100] {
        let silent = listed(&world, &Filter { silent_since: Some(middle), ..Filter::default() }, limit).await;
        assert_eq!(silent, waiting[..6], "limit {limit}: the one of that very time is in it");
    }
    let other = Filter { account: AccountId::parse("444455556666"), ..Filter::default() };
    assert!(listed(&world, &other, 10).await.is_empty());
}

/// Cursors go through people's hands. Engines refuse ranges whose end is before their beginning, so none is ever asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_changed_place_gives_an_empty_or_a_shorter_page_and_no_error() {
    let world = filled().await;
    let account = Filter { account: AccountId::parse(ACCOUNT), ..Filter::default() };
    for filter in [Filter::default(), account] {
        for turn in ListedTurn::ALL {
            for last in ["", " ", "0", "aws#", "2026", "settled#2026-11-20T10:20:00.000Z", "~", "~~~", "日本語", &"9".repeat(1_500)] {
                let from = Position { turn, last: Some(last.to_owned()) };
                let page = world.store.list(&filter, Some(&from), 5).await;
                assert!(page.as_ref().is_ok_and(|page| page.items.len() <= 5), "{turn:?} {last}: {page:?}");
            }
        }
    }
    let filter = MailFilter { which: MailList::Ignored, names_open: None, from: world.now(), until: world.now() };
    for after in ["", " ", "0", "~", "2025", "日本語", &"9".repeat(1_500)] {
        let page = world.store.mail_page(&filter, Some(after), 5).await;
        assert!(page.is_ok(), "{after}: {page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_in_quarantine_come_in_pages_newest_first_also_those_that_name_an_open_request() {
    let world = {
        let mut world = World::new().await;
        world.ignore_alerts();
        world
    };
    world.mail(&letter(0).bytes()).await;
    for n in 0..9 {
        world.advance_to(&format!("2026-11-20T11:{n:02}:00Z"));
        let mut forged = if n % 3 == 0 { letter(0).forged() } else { letter(500 + n).forged() };
        forged.id = format!("forged-{n}@amazon");
        assert_eq!(world.mail(&forged.bytes()).await.ending.as_str(), "quarantined");
    }
    let (from, until) = ("2026-11-20T11:01:00Z".parse().unwrap(), "2026-11-20T11:08:00Z".parse().unwrap());
    let names = async |names_open: Option<bool>, limit: usize| {
        let filter = MailFilter { which: MailList::Quarantined, names_open, from, until };
        let mut all = Vec::new();
        let mut after: Option<String> = None;
        for pages in 0.. {
            assert!(pages < 40, "the list does not end");
            let page = world.store.mail_page(&filter, after.as_deref(), limit).await.unwrap();
            assert!(page.items.len() <= limit);
            all.extend(page.items.into_iter().map(|mail| mail.message_id.as_str().to_owned()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        all
    };
    let forged = |numbers: &[i32]| numbers.iter().map(|n| format!("forged-{n}@amazon")).collect::<Vec<_>>();
    for limit in [1, 2, 100] {
        assert_eq!(names(None, limit).await, forged(&[7, 6, 5, 4, 3, 2, 1]), "limit {limit}");
        assert_eq!(names(Some(true), limit).await, forged(&[6, 3]), "limit {limit}");
        assert_eq!(names(Some(false), limit).await, forged(&[7, 5, 4, 2, 1]), "limit {limit}");
    }
}
