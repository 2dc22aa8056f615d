//! The date in the header block of a mail that a person passed on: written by their mail program for them to read, in their language and
//! mostly without a zone.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// Longest text that is looked at, in characters; the longest real one has fifty.
const TEXT_MAX: usize = 100;
const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
/// Zones by name, in hours: those that mail programs write. Any other name is no zone.
const ZONES: [(&str, i32); 15] = [
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("bst", 1),
    ("cet", 1),
    ("cest", 2),
    ("jst", 9),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
];

#[derive(Debug, PartialEq, Eq)]
enum Token {
    /// A number, and how many digits it has.
    Number(u16, usize),
    Word(String),
    Sign(char),
}

/// Reads a date with its time of day. `zone` (seconds east of UTC) is that of the mail which passes it on: mail programs write such dates in
/// the zone of their user. `None` for anything that could be read in two ways, such as `11/12/2026`.
pub(super) fn read(text: &str, zone: i32) -> Option<Timestamp> {
    let tokens = tokens(text);
    let (year, month, day) = date(&tokens)?;
    let (mut hour, minute, second, begin, end) = time(&tokens)?;
    let word_at = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => word.as_str(),
        _ => "",
    };
    let before = begin.checked_sub(1).map_or("", word_at);
    let (am, pm) = (word_at(end) == "am" || before.ends_with("午前"), word_at(end) == "pm" || before.ends_with("午後"));
    if (am || pm) && !(1..=12).contains(&hour) && !(hour == 0 && before.contains('午')) {
        return None;
    }
    if am && hour == 12 {
        hour = 0;
    } else if pm && hour < 12 {
        hour += 12;
    }
    let end = if matches!(word_at(end), "am" | "pm") { end + 1 } else { end };
    let offset = Offset::from_seconds(offset(tokens.get(end..).unwrap_or_default()).unwrap_or(zone)).ok()?;
    let civil = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    offset.to_timestamp(civil).ok()
}

fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut chars = text.chars().take(TEXT_MAX).flat_map(char::to_lowercase).peekable();
    while let Some(c) = chars.next() {
        if c.is_ascii_digit() {
            let mut digits = String::from(c);
            while let Some(c) = chars.next_if(char::is_ascii_digit) {
                digits.push(c);
            }
            found.push(Token::Number(digits.parse().unwrap_or(u16::MAX), digits.len()));
        } else if c.is_alphabetic() {
            let mut word = String::from(c);
            while let Some(c) = chars.next_if(|c| c.is_alphabetic()) {
                word.push(c);
            }
            found.push(Token::Word(word));
        } else if !c.is_whitespace() && c != ',' {
            found.push(Token::Sign(c));
        }
    }
    found
}

/// A day of the month or a month: one or two digits.
fn short(token: Option<&Token>) -> Option<i8> {
    match token {
        Some(Token::Number(n, 1 | 2)) => i8::try_from(*n).ok(),
        _ => None,
    }
}

fn year(token: Option<&Token>) -> Option<i16> {
    match token {
        Some(Token::Number(n @ 1970..=2999, 4)) => i16::try_from(*n).ok(),
        _ => None,
    }
}

/// The day: the year first and then numbers, or the month by its name.
fn date(tokens: &[Token]) -> Option<(i16, i8, i8)> {
    let parts = |token: Option<&Token>| match token {
        Some(Token::Sign('-' | '/' | '.')) => true,
        Some(Token::Word(word)) => word.starts_with('年') || word.starts_with('月'),
        _ => false,
    };
    let numbers = (0..tokens.len()).find_map(|at| {
        let year = year(tokens.get(at))?;
        let apart = parts(tokens.get(at + 1)) && parts(tokens.get(at + 3));
        if apart { Some((year, short(tokens.get(at + 2))?, short(tokens.get(at + 4))?)) } else { None }
    });
    let named = || {
        let month = |token: &Token| match token {
            Token::Word(word) if word.len() >= 3 => MONTHS.iter().position(|m| m.starts_with(word.as_str())),
            _ => None,
        };
        let (at, month) = tokens.iter().enumerate().find_map(|(at, token)| Some((at, month(token)?)))?;
        let before = if at > 0 && tokens.get(at - 1) == Some(&Token::Sign('.')) { at - 1 } else { at };
        let day = before.checked_sub(1).and_then(|at| short(tokens.get(at))).or_else(|| short(tokens.get(at + 1)))?;
        Some(((at..tokens.len()).find_map(|at| year(tokens.get(at)))?, i8::try_from(month + 1).ok()?, day))
    };
    numbers.or_else(named)
}

/// Hour, minute, second, and between which tokens they stand.
fn time(tokens: &[Token]) -> Option<(i8, i8, i8, usize, usize)> {
    let colon = |at: usize| tokens.get(at) == Some(&Token::Sign(':'));
    let two = |at: usize| short(tokens.get(at)).filter(|_| matches!(tokens.get(at), Some(Token::Number(_, 2))));
    (0..tokens.len()).find_map(|at| {
        let hour = short(tokens.get(at)).filter(|_| colon(at + 1))?;
        let minute = two(at + 2)?;
        match two(at + 4).filter(|_| colon(at + 3)) {
            Some(second) => Some((hour, minute, second, at, at + 5)),
            None => Some((hour, minute, 0, at, at + 3)),
        }
    })
}

/// Seconds east of UTC, if a zone stands at the start of these tokens: `+0900`, `GMT+1`, `(JST)`.
fn offset(tokens: &[Token]) -> Option<i32> {
    let tokens = tokens.strip_prefix(&[Token::Sign('(')]).unwrap_or(tokens);
    let (named, tokens) = match tokens.split_first() {
        Some((Token::Word(word), rest)) => (Some(ZONES.iter().find(|(name, _)| name == word)?.1), rest),
        _ => (None, tokens),
    };
    let sign = match tokens.first() {
        Some(Token::Sign('+')) => 1,
        Some(Token::Sign('-' | '\u{2212}')) => -1,
        _ => return named.map(|hours| hours * 3600),
    };
    let (hours, minutes) = match (tokens.get(1), tokens.get(2), tokens.get(3)) {
        (Some(Token::Number(n, 4)), ..) => (i32::from(n / 100), i32::from(n % 100)),
        (Some(Token::Number(n, 1 | 2)), Some(Token::Sign(':')), Some(Token::Number(m, 2))) => (i32::from(*n), i32::from(*m)),
        (Some(Token::Number(n, 1 | 2)), ..) => (i32::from(*n), 0),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60) + named.unwrap_or(0) * 3600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dates_of_mail_programs_are_read() {
        for text in [
            "Fri, 20 Nov 2026 09:58:00 +0000",
            "Fri, 20 Nov 2026 10:58:00 +0100 (CET)",
            "Fri, Nov 20, 2026 at 9:58 AM",
            "Friday, November 20, 2026 9:58 AM",
            "Friday, 20 November 2026 09:58",
            "November 20, 2026 at 10:58:00 AM GMT+1",
            "20. November 2026 um 10:58:00 MEZ+1",
            "20 November 2026 at 18:58:00 JST",
            "2026年11月20日(金) 9:58",
            "2026年11月20日金曜日 午前9:58",
            "2026年11月20日 18:58:00 JST",
            "2026/11/20 9:58",
            "2026-11-20T09:58:00Z",
            "2026-11-20 15:28:00 +05:30",
        ] {
            let found = read(text, if text.contains("MEZ") { 3600 } else { 0 }).map(|t| t.to_string());
            assert_eq!(found.as_deref(), Some("2026-11-20T09:58:00Z"), "{text}");
        }
        assert_eq!(read("Fri, Nov 20, 2026 at 12:05 AM", -8 * 3600).map(|t| t.to_string()).as_deref(), Some("2026-11-20T08:05:00Z"));
        assert_eq!(read("2026年11月20日 午後12:05", 9 * 3600).map(|t| t.to_string()).as_deref(), Some("2026-11-20T03:05:00Z"));
    }

    #[test]
    fn what_may_mean_two_days_or_none_is_not_read() {
        for text in [
            "",
            "yesterday",
            "11/12/2026 9:58 AM",
            "20.11.26 09:58",
            "Fri, Nov 20, 2026",
            "Nov 20 9:58",
            "Fri, 31 Feb 2026 10:00 +0000",
            "Fri, 20 Nov 2026 25:00",
            "Fri, 20 Nov 2026 13:00 AM",
            "99999999999999999999 9:58",
            ":::: 9: 2026年年年",
        ] {
            assert_eq!(read(text, 0), None, "{text}");
        }
    }
}
