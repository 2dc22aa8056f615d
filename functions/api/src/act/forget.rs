//! Forgetting a request: everything that the table holds of it goes, and no copy of its mails brings it back.
//!
//! This is no entry, and there is no history that could tell of it: a tombstone says when and by whom. The raw mails stay in the
//! bucket. A new mail of AWS about the same thing begins a new request.

use domain::request::{ShownId, fold};
use domain::text::{cut, one_line};
use jiff::Timestamp;
use store::{Bundle, Commit, Erased, Store, StoreError};

use super::{ActError, BY_MAX, DECISIONS_MAX};

/// A person's wish that a request be forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgetting {
    /// Who says so.
    pub by: String,
    /// Also the other requests that hang together with it by their mails; else several are an error.
    pub all: bool,
    /// The version of the request that the person saw; it must still have it. `None`: whatever it has become.
    pub expected: Option<u64>,
}

/// What was forgotten, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// The requests: one, or those that hang together. None where only dismissed mail was left, or an earlier attempt had begun.
    pub requests: Vec<ShownId>,
    /// The objects of its mails. They stay in the bucket until its lifecycle removes them.
    pub objects: Vec<String>,
    /// How many entries of histories: mails, and what people did.
    pub entries: usize,
    /// How many alerts.
    pub alerts: usize,
    /// An attempt that had begun before was ended; the numbers are those of what it had left.
    pub resumed: bool,
}

/// What forgetting a request would take away; nothing is changed.
///
/// # Errors
/// When no request answers, or the table cannot be read.
pub async fn forgettable(store: &Store, name: &str) -> Result<Forgotten, ActError> {
    let address = store.find(name).await?.ok_or_else(|| unknown(name))?;
    let bundle = store.bundle(&address).await?.ok_or_else(|| unknown(name))?;
    Ok(forgotten(requests(&bundle), store.erasable(&bundle).await?, false))
}

/// Forgets the request that a reference means. Said again after a failure, it goes on from there.
///
/// # Errors
/// When no request answers, it hangs together with others, it is not as it was seen, or the table cannot be read or written.
pub async fn forget(store: &Store, name: &str, wish: &Forgetting, now: Timestamp) -> Result<Forgotten, ActError> {
    let by = cut(&one_line(&wish.by), BY_MAX);
    for _ in 0..DECISIONS_MAX {
        let address = store.find(name).await?.ok_or_else(|| unknown(name))?;
        let Some(bundle) = store.bundle(&address).await? else {
            let rest = store.finish_forgetting(&address).await.map_err(ActError::HalfForgotten)?;
            return rest.map(|rest| forgotten(Vec::new(), rest, true)).ok_or_else(|| unknown(name));
        };
        let requests = requests(&bundle);
        if requests.len() > 1 && !wish.all {
            return Err(ActError::HangTogether(requests));
        }
        if wish.expected.is_some_and(|expected| expected != bundle.version) {
            return Err(ActError::Changed);
        }
        let erased = store.erasable(&bundle).await?;
        if store.begin_forgetting(&bundle, name, &by, now).await? == Commit::Done {
            store.finish_forgetting(&bundle.address).await.map_err(ActError::HalfForgotten)?;
            return Ok(forgotten(requests, erased, false));
        }
    }
    Err(StoreError::Contended(DECISIONS_MAX).into())
}

fn requests(bundle: &Bundle) -> Vec<ShownId> {
    fold(&bundle.entries).into_iter().map(|request| request.id).collect()
}

fn forgotten(requests: Vec<ShownId>, erased: Erased, resumed: bool) -> Forgotten {
    let Erased { objects, entries, alerts } = erased;
    Forgotten { requests, objects, entries, alerts, resumed }
}

fn unknown(name: &str) -> ActError {
    ActError::NoRequest(cut(&one_line(name), BY_MAX))
}
