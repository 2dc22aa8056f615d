//! A page of a list costs what it shows, never what exists; where no index knows the filter, it examines 500 requests and goes on.

use crate::crowd::{self, letter_saying};
use crate::world::{Letter, World};

/// What is asked: the first page and one behind it, by turn, by account, what is overdue, and one request by its ID.
const ASKED: [&str; 6] =
    ["limit=50", "turn=aws&limit=50", "account=123456789012&limit=50", "overdue=true&limit=50", "limit=50&cursor=", "q=170000000000042"];

/// Requests as long as each other: an item's size is what it costs. The last one names another Region than the rest.
fn letter(n: usize, region: &str) -> Letter {
    let text = format!("in {region}.\r\n\r\nAccount: 123456789012");
    letter_saying(n, "2026-11-18T11:00:00Z", &text)
}

/// A world with so many requests, all of them overdue, and the units that each page consumes there.
async fn consumed(requests: usize) -> (World, Vec<(&'static str, f64)>) {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.advance_to("2026-11-20T12:00:00Z");
    crowd::fill(&world, requests - 1..requests, |n| letter(n, "us-east-1")).await;
    crowd::fill(&world, 0..requests - 1, |n| letter(n, "eu-west-1")).await;
    let first = world.get("/v1/requests?limit=50").await.json();
    let next = first["next"].as_str().unwrap().to_owned();
    let mut all = Vec::new();
    for query in ASKED {
        let cursor = if query.ends_with('=') { next.as_str() } else { "" };
        let before = world.store.spent();
        let list = world.get(&format!("/v1/requests?{query}{cursor}")).await.json();
        let items = list["items"].as_array().map_or(0, Vec::len);
        assert_eq!(items, if query.starts_with("q=") { 1 } else { 50 }, "{query}: {list}");
        all.push((query, world.store.spent() - before));
    }
    (world, all)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_costs_the_same_with_ten_times_as_many_requests_and_a_rare_one_is_found_in_short_pages() {
    let (_, few) = consumed(100).await;
    assert!(few.iter().all(|(_, units)| *units > 0.0), "{few:?}");
    let (world, many) = consumed(1_000).await;
    assert_eq!(few, many);

    let all = |list: &serde_json::Value| list["items"].as_array().map_or(0, Vec::len);
    let before = world.store.spent();
    let mut page = world.get("/v1/requests?region=us-east-1&limit=200").await.json();
    let examined = world.store.spent() - before;
    assert_eq!((all(&page), page["next"].is_string()), (0, true), "a short page with a next one: {page}");
    let (mut found, mut pages) = (0, 1);
    while let Some(next) = page["next"].as_str().map(str::to_owned) {
        let before = world.store.spent();
        page = world.get(&format!("/v1/requests?region=us-east-1&limit=200&cursor={next}")).await.json();
        assert!(world.store.spent() - before <= examined + 1.0, "no page examines more than the first");
        found += all(&page);
        pages += 1;
        assert!(pages < 10, "no end");
    }
    assert_eq!(found, 1);
}

/// The measurement of the notes; `.ci/long` runs it with `PORT25_LIST_COST=100,100000`.
#[tokio::test(flavor = "multi_thread")]
async fn list_cost_by_requests() {
    let wanted = boot::world::env("PORT25_LIST_COST").unwrap_or_else(|| "100,110".to_owned());
    let mut all = Vec::new();
    for requests in wanted.split(',') {
        let requests: usize = requests.parse().expect("PORT25_LIST_COST is a list of numbers");
        let (_, units) = consumed(requests).await;
        println!("list cost: {requests} requests: {units:?} units");
        all.push(units);
    }
    assert!(all.windows(2).all(|w| w[0] == w[1]), "{all:?}");
}
