//! Mail in quarantine, in pages: what named an open request when it came stands first, then the rest, each newest first.

use domain::ids::EntryId;
use domain::text::one_line;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use store::{MailFilter, MailList, Store, StoreError, StoredMail};

use crate::view::time;

/// How often the table is read for one page: mail that names no open request may stand in front of the few that do.
const READS_MAX: usize = 10;

/// A page of mail in quarantine.
#[derive(Clone, Debug, Serialize)]
pub struct Quarantine {
    /// The mails.
    pub items: Vec<Quarantined>,
    /// Where the next page begins; `null` at the end.
    pub next: Option<String>,
}

/// A mail in quarantine, and why it is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quarantined {
    /// The id that its entry would have.
    pub id: String,
    /// Its Message-ID.
    pub message_id: String,
    /// The key of its object.
    pub object: String,
    /// When it came.
    pub stored: String,
    /// Who sent it, as it says.
    pub from: String,
    /// Its subject.
    pub subject: String,
    /// Why it is kept apart.
    pub why: String,
    /// Whether it named an open request when it came.
    pub names_open: bool,
}

/// Why a page cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum QuarantineError {
    /// The place is none that a page gave.
    #[error("the place {0:?} is none: give what the page before says, or nothing for the first page")]
    Place(String),
    /// The table could not be read.
    #[error("the quarantine could not be read")]
    Store(#[from] StoreError),
}

/// A page of at most `limit` mails behind `after`.
///
/// # Errors
/// When `after` is no place that a page gave, or the table cannot be reached.
pub async fn page(store: &Store, after: Option<&str>, limit: usize, now: Timestamp) -> Result<Quarantine, QuarantineError> {
    let (mut open, mut place) = match after {
        None => (true, None),
        Some(text) => read_place(text).ok_or_else(|| QuarantineError::Place(domain::text::cut(&one_line(text), 60)))?,
    };
    let until = now.checked_add(SignedDuration::from_hours(1)).unwrap_or(now);
    let mut items = Vec::new();
    for _ in 0..READS_MAX {
        let filter = MailFilter { which: MailList::Quarantined, names_open: Some(open), from: Timestamp::UNIX_EPOCH, until };
        let page = store.mail_page(&filter, place.as_deref(), limit - items.len()).await?;
        items.extend(page.items.iter().map(view));
        place = page.next;
        if place.is_none() {
            if !open {
                return Ok(Quarantine { items, next: None });
            }
            open = false;
        }
        if items.len() >= limit {
            break;
        }
    }
    let next = format!("{}:{}", if open { "open" } else { "rest" }, place.unwrap_or_default());
    Ok(Quarantine { items, next: Some(next) })
}

fn read_place(text: &str) -> Option<(bool, Option<String>)> {
    let (section, place) = text.split_once(':')?;
    let open = match section {
        "open" => true,
        "rest" => false,
        _ => return None,
    };
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '.' | '#');
    (place.len() <= 60 && place.chars().all(good)).then(|| (open, Some(place.to_owned()).filter(|p| !p.is_empty())))
}

fn view(mail: &StoredMail) -> Quarantined {
    Quarantined {
        id: EntryId::of_mail(mail.trust, &mail.message_id).to_string(),
        message_id: mail.message_id.to_string(),
        object: mail.object.clone(),
        stored: time(mail.stored),
        from: mail.from.clone(),
        subject: mail.subject.clone(),
        why: mail.why.clone(),
        names_open: mail.names_open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written_and_nothing_else() {
        let place = "2026-11-20T10:30:00.000Z#00ff";
        assert_eq!(read_place(&format!("open:{place}")), Some((true, Some(place.to_owned()))));
        assert_eq!(read_place("rest:"), Some((false, None)));
        for bad in ["", "open", "else:x", "open:a b", "rest:\u{1b}[31m", &format!("rest:{}", "x".repeat(61))] {
            assert_eq!(read_place(bad), None, "{bad:?}");
        }
    }
}
