//! `GET /v1/requests`: a page of requests, our turn first, then AWS's, then what is over; the longest waiting first.
//!
//! Parameters: `turn` (or `state`), `account`, `region`, `overdue`, `limit`, `cursor`. A page may be short and still have a next one.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::LINK;
use axum::response::{IntoResponse, Response};
use domain::ids::{AccountId, Region};
use domain::policy::Policy;
use domain::text::{cut, one_line};
use jiff::Timestamp;
use store::{Filter, ListedTurn, StoreError};

use crate::App;
use crate::cursor::Cursor;
use crate::problem::Problem;
use crate::view::{self, List};

/// Items of a page when nothing is said.
const LIMIT: usize = 50;
/// The most items of a page.
const LIMIT_MAX: usize = 200;
/// How often the table is read for one page of `overdue=false`, which the index cannot express.
const READS_MAX: usize = 5;

/// What a list is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Listing {
    turn: Option<ListedTurn>,
    account: Option<AccountId>,
    region: Option<Region>,
    overdue: Option<bool>,
    limit: usize,
    cursor: Option<String>,
}

pub(crate) async fn get(State(app): State<Arc<App>>, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response, Problem> {
    let listing = Listing::parse(&pairs)?;
    let list = page(&app, &listing).await?;
    let link = list.next.as_ref().map(|next| [(LINK, format!("<{}>; rel=\"next\"", listing.address(next)))]);
    Ok((link, Json(list)).into_response())
}

async fn page(app: &App, listing: &Listing) -> Result<List, Problem> {
    let now = app.now();
    let canonical = listing.canonical();
    let cursor = listing.cursor.as_deref().map(|text| Cursor::decode(text, &canonical)).transpose()?;
    let filter = listing.filter(cursor.as_ref().and_then(|c| c.silent_since), &app.policy, now);
    let mut position = cursor.map(|c| c.position);
    let resumed = position.is_some();
    let mut items = Vec::new();
    let reads = if listing.overdue == Some(false) { READS_MAX } else { 1 };
    for _ in 0..reads {
        let page = app.store.list(&filter, position.as_ref(), listing.limit - items.len()).await;
        let page = page.map_err(|error| if resumed { of_position(error) } else { Problem::store(error) })?;
        let heads = page.items.iter().map(|head| view::item(head, &app.policy, now));
        items.extend(heads.filter(|item| listing.overdue.is_none_or(|wanted| item.overdue == wanted)));
        position = page.next;
        if position.is_none() || items.len() >= listing.limit {
            break;
        }
    }
    let next = position.map(|position| Cursor { filter: canonical, silent_since: filter.silent_since, position }.encode());
    Ok(List { items, next })
}

/// The table refuses a place that lies outside the list: no cursor of ours names one.
fn of_position(error: StoreError) -> Problem {
    match error {
        StoreError::Call { code, .. } if code == "ValidationException" => Problem::cursor(),
        error => Problem::store(error),
    }
}

impl Listing {
    fn parse(pairs: &[(String, String)]) -> Result<Self, Problem> {
        let mut listing = Self { turn: None, account: None, region: None, overdue: None, limit: LIMIT, cursor: None };
        for (i, (name, value)) in pairs.iter().enumerate() {
            let refused = |accepted: &str| {
                let value = cut(&one_line(value), 40);
                Problem::parameter(name, &format!("“{value}” is not accepted; give {accepted}"))
            };
            let same = |other: &str| plain(other) == plain(name);
            if pairs[..i].iter().any(|(earlier, _)| same(earlier)) {
                return Err(Problem::parameter(name, "it is given twice (`state` is another word for `turn`)"));
            }
            match name.as_str() {
                "turn" | "state" => {
                    listing.turn = Some(ListedTurn::parse(value).ok_or_else(|| refused("aws, ours or settled"))?);
                }
                "account" => {
                    listing.account = Some(AccountId::parse(value).ok_or_else(|| refused("the twelve digits of an AWS account"))?);
                }
                "region" => {
                    listing.region = Some(Region::parse(value).ok_or_else(|| refused("the code of a Region, such as eu-west-1"))?);
                }
                "overdue" => listing.overdue = Some(value.parse().map_err(|_| refused("true or false"))?),
                "limit" => {
                    let limit = value.parse().ok().filter(|n| (1..=LIMIT_MAX).contains(n));
                    listing.limit = limit.ok_or_else(|| refused("a number from 1 to 200"))?;
                }
                "cursor" => listing.cursor = Some(value.clone()),
                _ => {
                    let known = "this parameter is unknown; there are turn (or state), account, region, overdue, limit and cursor";
                    return Err(Problem::parameter(name, known));
                }
            }
        }
        Ok(listing)
    }

    /// The filter as text, the same for every way of writing it. It needs no escaping: turns, digits and Region codes.
    fn canonical(&self) -> String {
        let fields = [
            self.turn.map(|t| format!("turn={}", t.as_str())),
            self.account.as_ref().map(|a| format!("account={a}")),
            self.region.as_ref().map(|r| format!("region={r}")),
            self.overdue.map(|o| format!("overdue={o}")),
        ];
        fields.into_iter().flatten().collect::<Vec<_>>().join("&")
    }

    /// Where the next page is. A cursor needs no escaping either.
    fn address(&self, next: &str) -> String {
        let filter = Some(self.canonical()).filter(|f| !f.is_empty()).map(|f| format!("{f}&")).unwrap_or_default();
        format!("/v1/requests?{filter}limit={}&cursor={next}", self.limit)
    }

    /// `bound` is that of the first page, once there was one.
    fn filter(&self, bound: Option<Timestamp>, policy: &Policy, now: Timestamp) -> Filter {
        let overdue = || bound.unwrap_or_else(|| now.checked_sub(policy.shortest_deadline()).unwrap_or(Timestamp::MIN));
        Filter {
            turn: self.turn,
            account: self.account.clone(),
            region: self.region.clone(),
            silent_since: (self.overdue == Some(true)).then(overdue),
        }
    }
}

fn plain(name: &str) -> &str {
    if name == "state" { "turn" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<Listing, Problem> {
        let uri = format!("/v1/requests?{query}").parse().unwrap();
        let Query(pairs): Query<Vec<(String, String)>> = Query::try_from_uri(&uri).unwrap();
        Listing::parse(&pairs)
    }

    #[test]
    fn every_way_of_writing_a_filter_has_one_canonical_text() {
        for query in [
            "turn=aws&account=123456789012&region=eu-west-1&overdue=true",
            "overdue=true&region=EU-WEST-1&account=1234-5678-9012&state=aws&limit=1",
        ] {
            assert_eq!(parse(query).unwrap().canonical(), "turn=aws&account=123456789012&region=eu-west-1&overdue=true");
        }
        assert_eq!(parse("").unwrap().canonical(), "");
        assert_eq!(parse("").unwrap().limit, 50);
        assert_eq!(parse("limit=7").unwrap().address("x"), "/v1/requests?limit=7&cursor=x");
        assert_eq!(parse("state=ours").unwrap().address("x"), "/v1/requests?turn=ours&limit=50&cursor=x");
    }

    #[test]
    fn what_is_not_accepted_is_named_with_what_is() {
        for (query, parameter, hint) in [
            ("turn=open", "turn:", "aws, ours or settled"),
            ("state=", "state:", "aws, ours or settled"),
            ("account=1234", "account:", "twelve digits"),
            ("region=mars", "region:", "eu-west-1"),
            ("overdue=yes", "overdue:", "true or false"),
            ("limit=0", "limit:", "1 to 200"),
            ("limit=201", "limit:", "1 to 200"),
            ("limit=-1", "limit:", "1 to 200"),
            ("limit=99999999999999999999999", "limit:", "1 to 200"),
            ("turn=aws&turn=aws", "turn:", "given twice"),
            ("turn=aws&state=aws", "state:", "given twice"),
            ("colour=blue", "colour:", "turn (or state), account, region, overdue, limit and cursor"),
            ("%FF%0d=x", "\u{FFFD}:", "unknown"),
        ] {
            let problem = parse(query).unwrap_err();
            assert!(problem.detail.starts_with(parameter) && problem.detail.contains(hint), "{query}: {}", problem.detail);
            assert_eq!(problem.status, 400);
        }
    }

    #[test]
    fn the_bound_of_an_overdue_list_is_that_of_its_first_page() {
        let now: Timestamp = "2026-11-22T10:02:00Z".parse().unwrap();
        let listing = parse("overdue=true").unwrap();
        let first = listing.filter(None, &Policy::default(), now).silent_since;
        assert_eq!(first, "2026-11-20T10:02:00Z".parse().ok());
        let later = now + jiff::SignedDuration::from_hours(1);
        assert_eq!(listing.filter(first, &Policy::default(), later).silent_since, first);
        assert_eq!(parse("overdue=false").unwrap().filter(None, &Policy::default(), now).silent_since, None);
    }
}
