//! `GET /v1/summary`: what is open, by account and Region.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::policy::Policy;
use jiff::Timestamp;
use serde::Serialize;
use store::{Filter, Head, ListedTurn, Position, Store, StoreError};
use utoipa::ToSchema;

use crate::App;
use crate::openapi::Refused;
use crate::problem::Problem;
use crate::view;

/// How many requests are examined.
const EXAMINED_MAX: usize = 2_000;
/// Requests of one call.
const PAGE: usize = 200;

/// What is open.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Matrix {
    /// All of them.
    pub all: Cell,
    /// By account and Region; a request that names several Regions counts in each.
    pub cells: Vec<Place>,
    /// How many requests were examined.
    pub examined: usize,
    /// There are more open requests than were examined (2,000): the numbers are of those alone.
    pub cut: bool,
}

/// Open requests of one account in one Region.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Place {
    /// The account; `null` where it is not known.
    pub account: Option<String>,
    /// The Region; `null` where it is not known.
    pub region: Option<String>,
    /// How many.
    #[serde(flatten)]
    pub cell: Cell,
}

/// How many, by who must do something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cell {
    /// Our turn.
    pub ours: u32,
    /// AWS's turn, and its time is over.
    pub overdue: u32,
    /// AWS's turn, within its time.
    pub waiting: u32,
}

/// Open requests by account and Region.
#[utoipa::path(get, operation_id = "get_summary", path = "/v1/summary", tag = "status", responses((status = 200, body = Matrix), Refused))]
pub(crate) async fn get(State(app): State<Arc<App>>) -> Result<Json<Matrix>, Problem> {
    read(&app.store, &app.policy, app.now()).await.map(Json).map_err(Problem::store)
}

/// Reads the open requests and counts them.
///
/// # Errors
/// When the table cannot be reached.
pub async fn read(store: &Store, policy: &Policy, now: Timestamp) -> Result<Matrix, StoreError> {
    let mut heads = Vec::new();
    let mut cut = false;
    for turn in [ListedTurn::Ours, ListedTurn::Aws] {
        let filter = Filter { turn: Some(turn), ..Filter::default() };
        let mut from: Option<Position> = None;
        loop {
            let room = EXAMINED_MAX - heads.len();
            if room == 0 {
                cut = true;
                break;
            }
            let page = store.list(&filter, from.as_ref(), room.min(PAGE)).await?;
            heads.extend(page.items);
            from = page.next;
            if from.is_none() {
                break;
            }
        }
    }
    Ok(count(&heads, cut, policy, now))
}

/// Counts requests. Dormant and unexpected ones are listed apart, so they are not counted.
pub(crate) fn count(heads: &[Head], cut: bool, policy: &Policy, now: Timestamp) -> Matrix {
    let mut all = Cell::default();
    let mut cells: BTreeMap<(Option<String>, Option<String>), Cell> = BTreeMap::new();
    for head in heads.iter().filter(|head| !head.dormant && !head.unexpected) {
        let item = view::item(head, policy, now);
        all.add(&item);
        let account = item.account.clone();
        let regions: Vec<Option<String>> =
            if item.regions.is_empty() { vec![None] } else { item.regions.iter().cloned().map(Some).collect() };
        for region in regions {
            cells.entry((account.clone(), region)).or_default().add(&item);
        }
    }
    let cells = cells.into_iter().map(|((account, region), cell)| Place { account, region, cell }).collect();
    Matrix { all, cells, examined: heads.len(), cut }
}

impl Cell {
    fn add(&mut self, item: &view::Item) {
        match item.turn.turn {
            "ours" => self.ours += 1,
            "aws" if item.overdue => self.overdue += 1,
            "aws" => self.waiting += 1,
            _ => {}
        }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
