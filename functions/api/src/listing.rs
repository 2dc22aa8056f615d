//! What a list of requests is asked for: its parameters, as they are read and as one canonical text.

use domain::classify::Family;
use domain::ids::{AccountId, Region, hash_hex};
use domain::policy::Policy;
use domain::request::{Outcome, Why};
use domain::text::{cut, one_line};
use jiff::Timestamp;
use store::{Filter, ListedTurn};

use crate::page::url::segment;
use crate::problem::Problem;

/// Items of a page when nothing is said.
const LIMIT: usize = 50;
/// The most items of a page.
const LIMIT_MAX: usize = 200;
/// Longest text that is looked for, in characters: a Message-ID has at most 250.
const Q_MAX: usize = 250;
/// Longest filter that a cursor carries as text, in bytes.
const BOUND_MAX: usize = 300;
/// The kind of a request in AWS's turn.
const WAITING: &str = "waiting";

/// What a list is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Listing {
    pub(crate) turn: Option<ListedTurn>,
    pub(crate) account: Option<AccountId>,
    pub(crate) region: Option<Region>,
    pub(crate) family: Option<Family>,
    pub(crate) kind: Option<&'static str>,
    pub(crate) overdue: Option<bool>,
    pub(crate) q: Option<String>,
    pub(crate) limit: usize,
    pub(crate) cursor: Option<String>,
    /// It was asked for two turns at once: no request is in both.
    pub(crate) nothing: bool,
}

impl Listing {
    /// Reads the parameters; what is unknown, given twice or not accepted is a problem that names it.
    pub(crate) fn parse(pairs: &[(String, String)]) -> Result<Self, Problem> {
        let mut listing = Self { limit: LIMIT, ..Self::default() };
        for (i, (name, value)) in pairs.iter().enumerate() {
            let refused = |accepted: &str| {
                let value = cut(&one_line(value), 40);
                Problem::parameter(name, &format!("“{value}” is not accepted; give {accepted}"))
            };
            if pairs[..i].iter().any(|(earlier, _)| earlier == name) {
                return Err(Problem::parameter(name, "it is given twice"));
            }
            match name.as_str() {
                "turn" | "state" => {
                    let turn = ListedTurn::parse(value).ok_or_else(|| refused("aws, ours or settled"))?;
                    listing.nothing = listing.turn.is_some_and(|other| other != turn);
                    listing.turn = Some(turn);
                }
                "account" => {
                    listing.account = Some(AccountId::parse(value).ok_or_else(|| refused("the twelve digits of an AWS account"))?);
                }
                "region" => {
                    listing.region = Some(Region::parse(value).ok_or_else(|| refused("the code of a Region, such as eu-west-1"))?);
                }
                "family" => {
                    let known = "port25, abuse, support-case, verification or another word that requests show as family";
                    listing.family = Some(Family::parse(value).ok_or_else(|| refused(known))?);
                }
                "kind" => listing.kind = Some(kind(value).ok_or_else(|| refused(&format!("one of {}", kinds().join(", "))))?),
                "q" => {
                    let text = Some(value.trim().to_owned()).filter(|_| (1..=Q_MAX).contains(&value.chars().count()));
                    listing.q = Some(text.ok_or_else(|| refused("a reference, an account, a Region or an address, whole"))?);
                }
                "overdue" => listing.overdue = Some(value.parse().map_err(|_| refused("true or false"))?),
                "limit" => {
                    let limit = value.parse().ok().filter(|n| (1..=LIMIT_MAX).contains(n));
                    listing.limit = limit.ok_or_else(|| refused("a number from 1 to 200"))?;
                }
                // An empty one is the beginning.
                "cursor" => listing.cursor = Some(value.clone()).filter(|cursor| !cursor.is_empty()),
                _ => {
                    let known =
                        "this parameter is unknown; there are turn (or state), account, region, family, kind, overdue, q, limit and cursor";
                    return Err(Problem::parameter(name, known));
                }
            }
        }
        Ok(listing)
    }

    /// The filter as text, the same for every way of writing it, as it stands in an address.
    pub(crate) fn canonical(&self) -> String {
        let fields = [
            self.turn.map(|t| format!("turn={}", t.as_str())),
            self.account.as_ref().map(|a| format!("account={a}")),
            self.region.as_ref().map(|r| format!("region={r}")),
            self.family.map(|f| format!("family={}", f.as_str())),
            self.kind.map(|k| format!("kind={k}")),
            self.overdue.map(|o| format!("overdue={o}")),
            self.q.as_ref().map(|q| format!("q={}", segment(q))),
        ];
        fields.into_iter().flatten().collect::<Vec<_>>().join("&")
    }

    /// What a cursor is tied to: the canonical text, or its hash where it is long.
    pub(crate) fn bound(&self) -> String {
        let canonical = self.canonical();
        if canonical.len() <= BOUND_MAX { canonical } else { hash_hex(&[canonical.as_bytes()], 16) }
    }

    /// Where the next page is. A cursor needs no escaping either.
    pub(crate) fn address(&self, next: &str) -> String {
        let filter = Some(self.canonical()).filter(|f| !f.is_empty()).map(|f| format!("{f}&")).unwrap_or_default();
        format!("/v1/requests?{filter}limit={}&cursor={next}", self.limit)
    }

    /// `bound` is that of the first page, once there was one.
    pub(crate) fn filter(&self, bound: Option<Timestamp>, policy: &Policy, now: Timestamp) -> Filter {
        let overdue = || bound.unwrap_or_else(|| now.checked_sub(policy.shortest_deadline()).unwrap_or(Timestamp::MIN));
        Filter {
            turn: self.turn,
            account: self.account.clone(),
            region: self.region.clone(),
            family: self.family,
            word: self.kind.map(|kind| if kind == WAITING { ListedTurn::Aws.as_str() } else { kind }),
            address: None,
            silent_since: (self.overdue == Some(true)).then(overdue),
        }
    }
}

/// The kinds: why it is our turn, that it waits for AWS, or how it ended.
fn kinds() -> Vec<&'static str> {
    let ours = Why::ALL.into_iter().map(Why::as_str);
    ours.chain([WAITING]).chain(Outcome::ALL.into_iter().map(Outcome::as_str)).collect()
}

fn kind(word: &str) -> Option<&'static str> {
    kinds().into_iter().find(|kind| *kind == word)
}

#[cfg(test)]
mod tests {
    use axum::extract::Query;

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
        assert_eq!(parse("q=%3Ca%40b%3E&kind=waiting&family=port25").unwrap().canonical(), "family=port25&kind=waiting&q=%3Ca%40b%3E");
        let both = parse("turn=aws&state=aws").unwrap();
        assert_eq!((both.canonical().as_str(), both.nothing), ("turn=aws", false));
        assert!(parse("turn=aws&state=ours").unwrap().nothing);
        assert_eq!(parse("").unwrap().canonical(), "");
        assert_eq!(parse("").unwrap().limit, 50);
        assert_eq!(parse("limit=7").unwrap().address("x"), "/v1/requests?limit=7&cursor=x");
        assert_eq!(parse("state=ours").unwrap().address("x"), "/v1/requests?turn=ours&limit=50&cursor=x");
    }

    #[test]
    fn the_description_knows_every_word() {
        let words = kinds().into_iter().chain(Family::ALL.map(Family::as_str)).chain(ListedTurn::ALL.map(ListedTurn::as_str));
        for word in words {
            let described = |before: &str| crate::openapi::OPENAPI.contains(&format!("{before}{word}"));
            assert!(described("|") || described("("), "{word}");
        }
    }

    #[test]
    fn what_is_not_accepted_is_named_with_what_is() {
        for (query, parameter, hint) in [
            ("turn=open", "turn:", "aws, ours or settled"),
            ("state=", "state:", "aws, ours or settled"),
            ("account=1234", "account:", "twelve digits"),
            ("region=mars", "region:", "eu-west-1"),
            ("family=mars", "family:", "support-case"),
            ("kind=mars", "kind:", "question"),
            ("q=", "q:", "whole"),
            ("overdue=yes", "overdue:", "true or false"),
            ("limit=0", "limit:", "1 to 200"),
            ("limit=201", "limit:", "1 to 200"),
            ("limit=-1", "limit:", "1 to 200"),
            ("limit=99999999999999999999999", "limit:", "1 to 200"),
            ("turn=aws&turn=aws", "turn:", "given twice"),
            ("colour=blue", "colour:", "turn (or state), account, region, family, kind, overdue, q, limit and cursor"),
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
