//! Lists: pages over the two indexes. One call examines at most 500 items and may give a short page with a position to go on.

use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::classify::Family;
use domain::ids::{AccountId, Region};
use domain::request::Turn;
use jiff::Timestamp;

use crate::items::{Head, Item, Reader, read_head};
use crate::keys::time;
use crate::table::{BY_ACCOUNT, BY_TURN, Index, SORT_KEY_MAX};
use crate::{Store, StoreError};

/// How many items one call examines at most.
const EXAMINED_MAX: usize = 500;

/// The turns in the order in which lists show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListedTurn {
    /// Our turn.
    Ours,
    /// AWS's turn.
    Aws,
    /// Over.
    Settled,
}

impl ListedTurn {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::Ours, Self::Aws, Self::Settled];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Aws => "aws",
            Self::Settled => "settled",
        }
    }

    /// Reads the word that [`Self::as_str`] writes.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str() == word)
    }
}

/// What a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this turn.
    pub turn: Option<ListedTurn>,
    /// Only this account.
    pub account: Option<AccountId>,
    /// Only requests that name this Region.
    pub region: Option<Region>,
    /// Only requests of this family.
    pub family: Option<Family>,
    /// Only those with this word: why it is our turn, `aws`, or how it ended.
    pub word: Option<&'static str>,
    /// Only requests that name this address: an e-mail address, an Elastic IP or a host name, in lower case.
    pub address: Option<String>,
    /// Only AWS's turn that began at or before this time (now minus the deadline: what is overdue).
    pub silent_since: Option<Timestamp>,
}

/// Where a page ended. Opaque to callers; the next page needs the same filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The turn that was being listed.
    pub turn: ListedTurn,
    /// The sort key of the last item examined; `None` at the beginning of that turn.
    pub last: Option<String>,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What it holds.
    pub items: Vec<T>,
    /// Where the next begins; `None` at the end.
    pub next: Option<Position>,
}

impl Filter {
    /// Whether it asks for what no index knows, so that heads are examined.
    const fn looks_inside(&self) -> bool {
        self.region.is_some() || self.family.is_some() || self.word.is_some() || self.address.is_some()
    }

    /// Whether it takes a request, as far as its head says (not: for how long AWS is silent).
    pub fn takes(&self, head: &Head) -> bool {
        let word = match head.turn {
            Turn::Aws { .. } => "aws",
            Turn::Ours { why, .. } => why.as_str(),
            Turn::Settled { outcome, .. } => outcome.as_str(),
        };
        self.turn.is_none_or(|turn| turn.as_str() == head.turn.as_str())
            && self.account.as_ref().is_none_or(|account| head.account.as_ref() == Some(account))
            && self.region.as_ref().is_none_or(|region| head.regions.contains(region))
            && self.family.is_none_or(|family| head.family == family)
            && self.word.is_none_or(|wanted| wanted == word)
            && self.address.as_ref().is_none_or(|address| head.addresses.contains(address))
    }
}

impl Store {
    /// A page of requests: our turn first, then AWS's, then what is over; in each the longest waiting first.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn list(&self, filter: &Filter, from: Option<&Position>, limit: usize) -> Result<Page<Head>, StoreError> {
        let turns: Vec<ListedTurn> = match (filter.turn, filter.silent_since) {
            (Some(turn), Some(_)) if turn != ListedTurn::Aws => Vec::new(),
            (Some(turn), _) => vec![turn],
            (None, Some(_)) => vec![ListedTurn::Aws],
            (None, None) => ListedTurn::ALL.to_vec(),
        };
        let first = from.and_then(|p| turns.iter().position(|t| *t == p.turn)).unwrap_or(0);
        let mut page = Page { items: Vec::new(), next: None };
        let mut examined = 0;
        let mut last = from.and_then(|p| p.last.clone());
        for turn in turns.into_iter().skip(first) {
            loop {
                if page.items.len() >= limit || examined >= EXAMINED_MAX {
                    page.next = Some(Position { turn, last });
                    return Ok(page);
                }
                let want = if filter.looks_inside() { EXAMINED_MAX - examined } else { limit - page.items.len() };
                let (items, end) = self.heads(filter, turn, last.take(), want.min(100)).await?;
                examined += items.len();
                for item in &items {
                    let head = read_head(item)?;
                    if page.items.len() >= limit {
                        page.next = Some(Position { turn, last });
                        return Ok(page);
                    }
                    last = Some(Reader::new(item).text(index_of(filter).sort)?.to_owned());
                    if filter.takes(&head) {
                        page.items.push(head);
                    }
                }
                if end || items.is_empty() {
                    last = None;
                    break;
                }
            }
        }
        Ok(page)
    }

    /// Some heads of one turn behind a sort key, and whether they are the last. What is over comes newest first.
    async fn heads(&self, filter: &Filter, turn: ListedTurn, after: Option<String>, limit: usize) -> Result<(Vec<Item>, bool), StoreError> {
        let index = index_of(filter);
        let forward = turn != ListedTurn::Settled;
        let prefix = if filter.account.is_some() { format!("{}#", turn.as_str()) } else { String::new() };
        let partition = filter.account.as_ref().map_or(turn.as_str(), |a| a.as_str()).to_owned();
        // `~` sorts behind every character of a time and an id.
        let first = format!("{prefix}0");
        let end = filter.silent_since.map_or_else(|| format!("{prefix}~"), |at| format!("{prefix}{}~", time(at)));
        let (from, until) = match (after.clone(), forward) {
            (Some(last), true) => (last.max(first), end),
            (Some(last), false) => (first, last.min(end)),
            (None, _) => (first, end),
        };
        // A cursor that somebody changed: DynamoDB refuses a range whose end is before its beginning, and what is longer than a key.
        if from > until || from.len().max(until.len()) > SORT_KEY_MAX {
            return Ok((Vec::new(), true));
        }
        // The last one is asked for again and left out: a sort key holds the request's id, so it names one item.
        let limit = limit.max(1) + usize::from(after.is_some());
        let asked = QueryInput::builder()
            .index_name(index.name)
            .key_condition_expression("#list = :list AND #at BETWEEN :from AND :until")
            .expression_attribute_names("#list", index.partition)
            .expression_attribute_names("#at", index.sort)
            .expression_attribute_values(":list", AttributeValue::S(partition))
            .expression_attribute_values(":from", AttributeValue::S(from))
            .expression_attribute_values(":until", AttributeValue::S(until))
            .scan_index_forward(forward)
            .limit(i32::try_from(limit).unwrap_or(100));
        let answer = self.query("list requests", asked).await?;
        let end = answer.last_evaluated_key.is_none();
        let mut items = answer.items.unwrap_or_default();
        items.retain(|item| after.is_none() || Reader::new(item).opt(index.sort) != after.as_deref());
        Ok((items, end))
    }
}

const fn index_of(filter: &Filter) -> Index {
    if filter.account.is_some() { BY_ACCOUNT } else { BY_TURN }
}
