//! Colours for people: on a terminal that wants them, never in a pipe or a file.

use std::io::IsTerminal;

use boot::world;
use comfy_table::{Cell, Color};
use serde_json::Value;

use crate::fields::{is, text};

/// What a state says at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// AWS is overdue, or denied.
    Bad,
    /// It is our turn.
    Ours,
    /// Approved.
    Good,
    /// Nothing to look at.
    Plain,
}

/// Whether there are colours.
#[derive(Clone, Copy, Debug)]
pub struct Paint(bool);

impl Paint {
    /// For standard output: a terminal, and neither `NO_COLOR` (<https://no-color.org>) nor a terminal that knows none.
    pub fn of_stdout() -> Self {
        let dumb = world::env("TERM").is_some_and(|term| term == "dumb");
        Self(std::io::stdout().is_terminal() && !dumb && world::env("NO_COLOR").is_none())
    }

    /// A word, in its colour.
    pub fn word(self, word: &str, tone: Tone) -> String {
        let code = match tone {
            Tone::Bad => "31",
            Tone::Ours => "33",
            Tone::Good => "32",
            Tone::Plain => return word.to_owned(),
        };
        if self.0 { format!("\u{1b}[{code}m{word}\u{1b}[0m") } else { word.to_owned() }
    }

    /// A cell of a table, in its colour.
    pub fn cell(self, word: &str, tone: Tone) -> Cell {
        let colour = match tone {
            Tone::Bad => Color::DarkRed,
            Tone::Ours => Color::DarkYellow,
            Tone::Good => Color::DarkGreen,
            Tone::Plain => return Cell::new(word),
        };
        if self.0 { Cell::new(word).fg(colour) } else { Cell::new(word) }
    }
}

/// The tone of a request, as the API gives it.
pub fn tone(item: &Value) -> Tone {
    match (text(item, "turn").as_str(), text(item, "outcome").as_str()) {
        ("aws", _) if is(item, "overdue") => Tone::Bad,
        ("ours", _) => Tone::Ours,
        (_, "approved") => Tone::Good,
        (_, "denied") => Tone::Bad,
        _ => Tone::Plain,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_state_has_a_colour_only_where_colours_are_wanted() {
        for (item, want) in [
            (json!({"turn": "aws", "overdue": true}), Tone::Bad),
            (json!({"turn": "aws", "overdue": false}), Tone::Plain),
            (json!({"turn": "ours", "why": "question"}), Tone::Ours),
            (json!({"turn": "settled", "outcome": "approved"}), Tone::Good),
            (json!({"turn": "settled", "outcome": "denied"}), Tone::Bad),
            (json!({"turn": "settled", "outcome": "closed"}), Tone::Plain),
        ] {
            assert_eq!(tone(&item), want, "{item}");
        }
        assert_eq!(Paint(true).word("x", Tone::Bad), "\u{1b}[31mx\u{1b}[0m");
        assert_eq!((Paint(true).word("x", Tone::Plain), Paint(false).word("x", Tone::Bad)), ("x".to_owned(), "x".to_owned()));
    }
}
