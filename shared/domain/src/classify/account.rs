//! The AWS account that a mail names: twelve digits behind an anchor, in an ARN, or inside an API case ID.

use crate::ids::AccountId;

/// How far before the digits an anchor may end, in bytes: "account ID (12-digit): ".
const REACH: usize = 28;

/// The first account that a text names.
pub(super) fn find(text: &str) -> Option<AccountId> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|n| at + n) {
        let end = bytes[start..].iter().position(|b| !(b.is_ascii_digit() || *b == b'-')).map_or(text.len(), |n| start + n);
        let run = text[start..end].trim_end_matches('-');
        at = end.max(start + 1);
        let glued = start.checked_sub(1).and_then(|n| bytes.get(n)).is_some_and(u8::is_ascii_alphanumeric);
        if glued || bytes.get(start + run.len()).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let dashed = run.len() == 14 && run.split('-').map(str::len).eq([4, 4, 4]);
        // `case-<account>-…`: the run goes on behind the account.
        let leading = run.split('-').next().unwrap_or_default();
        if leading.len() != 12 && !dashed {
            continue;
        }
        let before = &before(text, start).to_ascii_lowercase();
        if (leading == run || dashed) && is_anchor(before) {
            return AccountId::parse(run);
        }
        if leading.len() == 12 && (is_arn(before) || before.ends_with("case-")) {
            return AccountId::parse(leading);
        }
    }
    None
}

fn before(text: &str, at: usize) -> &str {
    &text[text.ceil_char_boundary(at.saturating_sub(REACH))..at]
}

/// Whether these bytes end in "account", "account ID", "account number" or "AWS ID", and what may stand behind it.
fn is_anchor(before: &str) -> bool {
    let text = before
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '#' | '=' | '(' | '[' | '*' | '"' | '\'' | '|' | '-' | '.'));
    let text = text.strip_suffix(" is").unwrap_or(text).trim_end_matches(|c: char| c.is_whitespace() || c == ':');
    [
        "account",
        "accounts",
        "account id",
        "account (id",
        "account number",
        "account no",
        "aws id",
        "accountid",
        "account-id",
        "account_id",
        "アカウント",
        "アカウント id",
    ]
    .iter()
    .any(|anchor| text.ends_with(anchor))
}

/// `arn:aws:ec2:eu-west-1:`, with or without a Region.
fn is_arn(before: &str) -> bool {
    before.ends_with(':') && before.rsplit(|c: char| c.is_whitespace()).next().is_some_and(|word| word.matches(':').count() >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_found_behind_their_anchors() {
        for text in [
            "Your AWS Abuse Report [17] [AWS ID 111122223333]",
            "Your AWS account (ID: 111122223333)",
            "account ID: 111122223333",
            "Account number is 1111-2222-3333.",
            "your account 111122223333,",
            "the account\n(111122223333)",
            "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
            "arn:aws:iam::111122223333:root",
            "case-111122223333-muen-2026-0123456789abcdef",
            "request 172345678900123 of account 111122223333",
        ] {
            assert_eq!(find(text).map(|a| a.to_string()).as_deref(), Some("111122223333"), "{text}");
        }
    }

    #[test]
    fn other_digits_are_no_account() {
        for text in [
            "case 111122223333",
            "call 111122223333",
            "account 172345678900123",
            "account manager 5555",
            "account 1111222233334",
            "é 1",
            "",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
