//! The cursor of a list: where a page ended, opaque to callers, tied to the filter it was made for.
//!
//! Base64url of a short checksum and a compact, versioned JSON. The checksum finds what was cut or mistyped, it keeps no secret:
//! a cursor that somebody forges can only ask for another place in a list that they may read anyway.

use data_encoding::BASE64URL_NOPAD;
use domain::ids::hash_hex;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{ListedTurn, Position};

use crate::problem::Problem;

/// The version of the form below.
const VERSION: u8 = 1;
/// Longer ones are not ours: they have about 500 characters.
const LENGTH_MAX: usize = 1_000;
/// Characters of the checksum.
const SUM: usize = 12;

/// Where the next page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The filter's canonical text.
    pub(crate) filter: String,
    /// For a list of what is overdue: the bound of the first page, so that all pages are of one list.
    pub(crate) silent_since: Option<Timestamp>,
    /// The place.
    pub(crate) position: Position,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    v: u8,
    f: String,
    s: Option<String>,
    t: String,
    l: Option<String>,
}

impl Cursor {
    pub(crate) fn encode(&self) -> String {
        let form = Form {
            v: VERSION,
            f: self.filter.clone(),
            s: self.silent_since.map(|at| at.to_string()),
            t: self.position.turn.as_str().to_owned(),
            l: self.position.last.clone(),
        };
        let json = serde_json::to_string(&form).unwrap_or_default();
        BASE64URL_NOPAD.encode(format!("{}{json}", sum(&json)).as_bytes())
    }

    /// Reads a cursor, and holds it against the filter it is given with.
    pub(crate) fn decode(text: &str, filter: &str) -> Result<Self, Problem> {
        let cursor = Self::read(text).ok_or_else(Problem::cursor)?;
        if cursor.filter == filter { Ok(cursor) } else { Err(Problem::cursor_mismatch(&cursor.filter)) }
    }

    fn read(text: &str) -> Option<Self> {
        if text.len() > LENGTH_MAX {
            return None;
        }
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (found, json) = str::from_utf8(&bytes).ok()?.split_at_checked(SUM)?;
        if found != sum(json) {
            return None;
        }
        let form: Form = serde_json::from_str(json).ok().filter(|f: &Form| f.v == VERSION)?;
        let silent_since = match form.s {
            Some(at) => Some(at.parse().ok()?),
            None => None,
        };
        let position = Position { turn: ListedTurn::parse(&form.t)?, last: form.l };
        Some(Self { filter: form.f, silent_since, position })
    }
}

fn sum(json: &str) -> String {
    hash_hex(&[b"cursor", json.as_bytes()], SUM / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(last: Option<String>) -> Cursor {
        let position = Position { turn: ListedTurn::Aws, last };
        Cursor { filter: "turn=aws&overdue=true".into(), silent_since: "2026-11-20T10:03:00.123456789Z".parse().ok(), position }
    }

    fn full() -> Cursor {
        sample(Some(format!("aws#2026-11-20T10:03:00.000Z#{}", "x".repeat(60))))
    }

    #[test]
    fn a_cursor_comes_back_as_it_was_and_fits() {
        for cursor in [full(), sample(None), Cursor { silent_since: None, ..full() }] {
            let text = cursor.encode();
            assert!(text.len() <= LENGTH_MAX, "{} characters", text.len());
            assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "needs no escaping: {text}");
            assert_eq!(Cursor::decode(&text, &cursor.filter).unwrap(), cursor);
        }
    }

    #[test]
    fn a_cursor_of_another_filter_is_refused() {
        let refused = Cursor::decode(&full().encode(), "turn=aws").unwrap_err();
        assert!(refused.detail.contains("turn=aws&overdue=true"), "{refused:?}");
        assert_eq!(refused.status, 400);
    }

    #[test]
    fn any_changed_character_and_any_cut_is_found() {
        let text = full().encode();
        for i in 0..text.len() {
            let other = if text.as_bytes()[i] == b'A' { "B" } else { "A" };
            let changed = format!("{}{other}{}", &text[..i], &text[i + 1..]);
            assert!(Cursor::read(&changed).is_none(), "character {i} of {text}");
            assert!(Cursor::read(&text[..i]).is_none(), "the first {i} characters of {text}");
        }
        for junk in ["", "null", "ä", "AAAA", &"A".repeat(5_000)] {
            assert!(Cursor::read(junk).is_none(), "{junk}");
        }
    }

    #[test]
    fn a_cursor_of_another_version_is_refused() {
        let json = r#"{"v":2,"f":"","s":null,"t":"aws","l":null}"#;
        assert!(Cursor::read(&BASE64URL_NOPAD.encode(format!("{}{json}", sum(json)).as_bytes())).is_none());
    }
}
