//! `list --csv`: for spreadsheets. Words of mails are in it, and a spreadsheet computes what begins like a formula (CWE-1236): such a cell
//! gets an apostrophe in front, as people write it there themselves.

use domain::text::one_line;
use serde_json::Value;

use crate::fields::{is, maybe, number, text, texts};

/// The columns.
const COLUMNS: [&str; 11] =
    ["id", "turn", "why", "overdue", "since", "waiting_seconds", "account", "regions", "family", "last_update", "subject"];

/// The requests, one in a line below the names of the columns (RFC 4180, but for its line ends: those of this system's tools).
pub(crate) fn of(items: &[Value]) -> String {
    let rows = items.iter().map(|item| {
        COLUMNS.map(|column| match column {
            "why" => maybe(item, "why").or_else(|| maybe(item, "outcome")).unwrap_or_default(),
            "overdue" => is(item, "overdue").to_string(),
            "waiting_seconds" => number(item, column).map(|seconds| seconds.to_string()).unwrap_or_default(),
            "regions" => texts(item, column).join(" "),
            column => text(item, column),
        })
    });
    [COLUMNS.map(str::to_owned)].into_iter().chain(rows).map(|row| row.map(|cell| quoted(&cell)).join(",") + "\n").collect()
}

/// A cell: one line, in quotes, and never a formula. Where the list separator is not the comma, a spreadsheet takes quotes apart, so
/// that a cell may begin behind any separator.
fn quoted(text: &str) -> String {
    let mut cell = String::from("\"");
    let mut begins = true;
    for c in one_line(text).chars() {
        // Also in the width in which East Asian keyboards type them.
        if begins && matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') {
            cell.push('\'');
        }
        begins = matches!(c, ',' | ';' | '|' | '"') || (begins && c.is_whitespace());
        cell.push(c);
        if c == '"' {
            cell.push(c);
        }
    }
    cell.push('"');
    cell
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cell_is_one_cell_and_no_formula() {
        for (text, cell) in [
            ("port 25 - mx1", "\"port 25 - mx1\""),
            ("", "\"\""),
            ("say \"yes\", please", "\"say \"\"yes\"\", please\""),
            ("=HYPERLINK(\"http://evil.example\";\"x\")", "\"'=HYPERLINK(\"\"http://evil.example\"\";\"\"x\"\")\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(1)", "\"'@SUM(1)\""),
            ("＝1", "\"'＝1\""),
            (" \t=1", "\"'=1\""),
            ("x; =cmd|' /C calc'!A0", "\"x; '=cmd|' /C calc'!A0\""),
            ("x\",=1", "\"x\"\",'=1\""),
            ("a\r\n=1", "\"a =1\""),
        ] {
            assert_eq!(quoted(text), cell, "{text:?}");
        }
    }

    #[test]
    fn every_request_is_one_line() {
        let items = [json!({
            "id": "172345678900123", "turn": "aws", "why": null, "outcome": null, "overdue": true, "since": "2026-11-20T10:02:00Z",
            "waiting_seconds": 200_000, "account": null, "regions": ["eu-west-1", "us-east-1"], "family": "port25",
            "last_update": "2026-11-20T10:02:00Z", "subject": "=1+1\r\nBcc: x\u{202E}",
        })];
        let lines: Vec<String> = of(&items).lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("\"id\",\"turn\",\"why\"") && lines[0].matches(',').count() == 10, "{}", lines[0]);
        assert_eq!(
            lines[1],
            "\"172345678900123\",\"aws\",\"\",\"true\",\"2026-11-20T10:02:00Z\",\"200000\",\"\",\"eu-west-1 us-east-1\",\"port25\",\
             \"2026-11-20T10:02:00Z\",\"'=1+1 Bcc: x\""
        );
    }
}
