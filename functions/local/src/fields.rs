//! What commands print: members of the JSON that the API gives, whether it came from a data folder or over HTTP. Words of mails are in
//! them: nothing that steers a terminal leaves here, in text or in JSON.

use std::io::{self, Write};

use domain::text::{clean, is_hostile, one_line};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// A member's text in one line; `None` where it is not there or `null`.
pub fn maybe(value: &Value, name: &str) -> Option<String> {
    value[name].as_str().map(one_line)
}

/// The same, empty where it is not there.
pub fn text(value: &Value, name: &str) -> String {
    maybe(value, name).unwrap_or_default()
}

/// The same, `-` where it is not there.
pub fn dash(value: &Value, name: &str) -> String {
    maybe(value, name).unwrap_or_else(|| "-".to_owned())
}

/// A member's text of several lines.
pub fn lines(value: &Value, name: &str) -> String {
    clean(value[name].as_str().unwrap_or_default())
}

/// Whether a member is `true`.
pub fn is(value: &Value, name: &str) -> bool {
    value[name].as_bool().unwrap_or_default()
}

/// A member's number.
pub fn number(value: &Value, name: &str) -> Option<i64> {
    value[name].as_i64()
}

/// A member's time.
pub fn stamp(value: &Value, name: &str) -> Option<Timestamp> {
    value[name].as_str()?.parse().ok()
}

/// A member's list.
pub fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A list of texts, each in one line.
pub fn texts(value: &Value, name: &str) -> Vec<String> {
    items(value, name).iter().filter_map(Value::as_str).map(one_line).collect()
}

/// Prints as JSON, for programs and for people who look at it.
///
/// # Errors
/// When it cannot be written.
pub fn print_json(value: &impl Serialize) -> io::Result<()> {
    print(&format!("{}\n", harmless(&serde_json::to_string_pretty(value)?)))
}

/// Prints. That the reader has enough (`port25 list | head`) is no error.
///
/// # Errors
/// When it cannot be written.
pub fn print(text: &str) -> io::Result<()> {
    match io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// The same JSON with every character escaped that could mislead a terminal: JSON itself asks that for the first 32 only.
fn harmless(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_hostile(c) {
            let mut units = [0; 2];
            out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_read_and_what_is_not_there_is_nothing() {
        let value = json!({"a": "x\r\n\u{1b}[31my", "n": 5, "b": true, "l": ["p\u{202E}q", 1], "t": "2026-11-20T10:02:00Z", "null": null});
        assert_eq!((text(&value, "a").as_str(), maybe(&value, "null"), dash(&value, "none").as_str()), ("x [31my", None, "-"));
        assert_eq!((number(&value, "n"), is(&value, "b"), is(&value, "n")), (Some(5), true, false));
        assert_eq!((texts(&value, "l"), items(&value, "a").len()), (vec!["pq".to_owned()], 0));
        assert_eq!(stamp(&value, "t").unwrap().to_string(), "2026-11-20T10:02:00Z");
        assert_eq!(text(&json!("no object"), "a"), "");
    }

    #[test]
    fn json_steers_no_terminal_and_says_the_same() {
        let value = json!({"a": "x\u{1b}[31m\u{9b}31m\u{202E}\u{E0041}日本\u{7f}\n"});
        let shown = harmless(&serde_json::to_string_pretty(&value).unwrap());
        assert!(!shown.chars().any(|c| c != '\n' && is_hostile(c)), "{shown:?}");
        assert!(shown.contains("日本"));
        assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), value);
    }
}
