//! What the sender wrote now, what is quoted below it, and where the links stand.

use super::Link;
use super::lines::Lines;

/// Non-empty lines at the end of the newest part in which a link can be a footer; AWS's boilerplate has up to ten.
pub(super) const FOOTER_LINES: usize = 14;
/// Bytes of the longest words between the dashes of a separator, and some.
const SEPARATOR_MAX: usize = 40;
/// Bytes of the longest label of a header line ("送信日時 :"), and some.
const LABEL_MAX: usize = 24;
/// Lines that an attribution ("On … wrote:") may wrap over.
const ATTRIBUTION_LINES: usize = 4;
/// Bytes of the words behind which a link stands alone on its line, and some.
pub(super) const LINK_WORDS_MAX: usize = 40;
/// Links kept of one mail.
pub(super) const MAX_LINKS: usize = 200;
/// Longest URL that is kept.
pub(super) const MAX_URL: usize = 2000;

/// The parts of a mail's text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) newest: String,
    pub(super) quoted: String,
    pub(super) links: Vec<Link>,
    /// The quoted part is a forwarded mail.
    pub(super) forwarded: bool,
    /// The line on which the first separator stands, where nothing was answered above it.
    pub(super) separator: Option<usize>,
}

/// Characters without width, which split an ID or a phrase for a program and not for a reader; also the bidi controls.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// The plain form of characters that word processors and mail clients put in place of it.
pub(super) const fn normal(c: char) -> char {
    match c {
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' | '\u{2032}' | '\u{ff07}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201f}' | '\u{2033}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{ff1a}' => ':',
        other => other,
    }
}

/// What makes everything below it quoted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    /// An earlier mail of the thread.
    Original,
    /// A mail that a person passes on.
    Forwarded,
}

/// Separates newest from quoted.
pub(super) fn split(lines: &Lines) -> Parts {
    let mut quoted = vec![false; lines.len()];
    let mut parts = Parts::default();
    let mut below = false;
    let mut seen_separator = false;
    for at in 0..lines.len() {
        if below {
            quoted[at] = true;
        } else if let Some(kind) = separator(lines, at) {
            parts.forwarded |= kind == Separator::Forwarded && !seen_separator;
            if !seen_separator {
                parts.separator = Some(at);
            }
            // Inside what the HTML marks as quoted, the mark says where it ends.
            below = !lines.is_quoted(at);
            quoted[at] = true;
            seen_separator = true;
        } else if let Some(length) = attribution(lines, at) {
            quoted[at..at + length].fill(true);
            let next = (at + length..lines.len()).find(|next| !lines.line(*next).trim().is_empty());
            // Quote marks say themselves where the quoted text ends; an answer may stand below it.
            let unmarked = |next: usize| !lines.is_quoted(next) && !lines.line(next).trim_start().starts_with('>');
            below = !lines.is_quoted(at) && next.is_some_and(unmarked);
            seen_separator = true;
        } else {
            quoted[at] |= lines.is_quoted(at) || lines.line(at).trim_start().starts_with('>');
        }
    }
    let (newest, old) = (join(lines, &quoted, false), join(lines, &quoted, true));
    parts.links = links(lines, &quoted);
    parts.newest = newest;
    parts.quoted = old;
    parts
}

fn join(lines: &Lines, quoted: &[bool], want: bool) -> String {
    let texts = || {
        let wanted = lines.iter().zip(quoted).filter(|(_, q)| **q == want).map(|(line, _)| line);
        wanted.map(|text| if want { text.trim_start_matches(['>', ' ']) } else { text }).skip_while(|text| text.is_empty())
    };
    let mut out = String::with_capacity(texts().map(|text| text.len() + 1).sum());
    for text in texts() {
        out.push_str(text);
        out.push('\n');
    }
    out.truncate(out.trim_end_matches('\n').len());
    out
}

/// Whether a separator stands on a line.
fn separator(lines: &Lines, at: usize) -> Option<Separator> {
    let line = lines.line(at).trim_start_matches(['>', ' ']).trim_end();
    if line.is_empty() || line.len() > 200 {
        return None;
    }
    let dashes = line.starts_with("--") || line.starts_with("==") || line.starts_with("__") || line.starts_with("**");
    let words = line.trim_matches(|c: char| matches!(c, '-' | '=' | '_' | '*' | ':' | ' '));
    let first = words.bytes().next().unwrap_or_default();
    let may_be_one = words.len() <= SEPARATOR_MAX && (!first.is_ascii() || b"bafwou".contains(&first.to_ascii_lowercase()));
    match if may_be_one { words.to_lowercase() } else { String::new() }.as_str() {
        "begin forwarded message" | "anfang der weitergeleiteten nachricht" => return Some(Separator::Forwarded),
        "転送されたメッセージ" if line.ends_with(':') => return Some(Separator::Forwarded),
        "forwarded message" | "転送メッセージ" | "転送されたメッセージ" | "weitergeleitete nachricht" if dashes => {
            return Some(Separator::Forwarded);
        }
        "original message" | "元のメッセージ" | "オリジナルメッセージ" | "ursprüngliche nachricht" if dashes => {
            return Some(Separator::Original);
        }
        _ => {}
    }
    is_header_block(lines, at).then_some(Separator::Original)
}

/// Outlook's block: From:, then within a few lines Sent: or Date:, and To: or Subject:.
fn is_header_block(lines: &Lines, at: usize) -> bool {
    let label = |line: &str, names: &[&str]| {
        let text = line.trim_start_matches(['>', ' ', '*']);
        let text = text[..text.floor_char_boundary(LABEL_MAX)].to_lowercase();
        names.iter().any(|name| text.strip_prefix(name).is_some_and(|rest| rest.trim_start_matches(['*', ' ']).starts_with(':')))
    };
    let first = lines.line(at);
    let letter = first.bytes().find(|b| !matches!(b, b'>' | b' ' | b'*')).unwrap_or_default();
    if letter.is_ascii() && !b"fvd".contains(&letter.to_ascii_lowercase()) {
        return false;
    }
    let near = || lines.from(at + 1).take(6);
    label(first, &["from", "差出人", "von", "de"])
        && near().any(|l| label(l, &["sent", "date", "送信日時", "日付", "gesendet", "envoyé"]))
        && near().any(|l| label(l, &["to", "subject", "宛先", "件名", "an", "betreff", "à"]))
}

/// "On Fri, 20 Nov 2026 at 10:02, Amazon Web Services <…> wrote:", wrapped or not, and the Japanese forms: its length in lines.
fn attribution(lines: &Lines, at: usize) -> Option<usize> {
    let first = lines.line(at).trim_start_matches(['>', ' ']);
    let starts = first.starts_with("On ") || first.starts_with("Am ") || first.starts_with("Le ") || first.starts_with("20");
    if !starts || first.len() > 300 {
        return None;
    }
    let mut whole = String::new();
    for (n, line) in lines.from(at).take(ATTRIBUTION_LINES).enumerate() {
        let text = line.trim_start_matches(['>', ' ']).trim_end();
        if text.is_empty() {
            return None;
        }
        whole.push_str(text);
        let ends = ["wrote:", "schrieb:", "écrit :", "書きました:", "書きました：", "のメッセージ:"].iter().any(|e| whole.ends_with(e));
        if ends {
            return (whole.contains(|c: char| c.is_ascii_digit()) || whole.contains('@')).then_some(n + 1);
        }
        whole.push(' ');
    }
    None
}

/// The text of a forwarded mail: behind the first empty line (its header lines end there), up to the next separator.
pub(super) fn newest_of_forwarded(quoted: &str) -> &str {
    let mut at = 0;
    let mut start = None;
    let lines = Lines::of_clean(quoted);
    for (n, line) in lines.iter().enumerate() {
        match start {
            None if at > 0 && line.trim().is_empty() => start = Some(at),
            Some(start) if separator(&lines, n).is_some() || attribution(&lines, n).is_some() => return &quoted[start..at],
            _ => {}
        }
        at += line.len() + 1;
    }
    &quoted[start.unwrap_or(0).min(quoted.len())..]
}

fn links(lines: &Lines, quoted: &[bool]) -> Vec<Link> {
    if lines.all_hrefs().next().is_none() && !lines.whole().contains("://") {
        return Vec::new();
    }
    let newest: Vec<usize> = (0..lines.len()).filter(|at| !quoted[*at] && !lines.line(*at).trim().is_empty()).collect();
    let footer_from = newest.len().saturating_sub(FOOTER_LINES);
    let mut found: Vec<Link> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if lines.hrefs(at).next().is_none() && !line.contains("://") {
            continue;
        }
        let footer = !quoted[at]
            && newest.binary_search(&at).is_ok_and(|n| {
                let before = n.checked_sub(1).and_then(|n| newest.get(n)).map_or("", |at| lines.line(*at));
                n >= footer_from && leads(line, before)
            });
        for href in lines.hrefs(at).chain(urls(line)).filter(|h| h.len() <= MAX_URL) {
            if found.len() >= MAX_LINKS {
                return found;
            }
            if !found.iter().rev().take(8).any(|l| l.href == href && l.quoted == quoted[at]) {
                found.push(Link { href: href.to_owned(), quoted: quoted[at], footer });
            }
        }
    }
    found
}

/// Whether a line is AWS's "to contact us again, use this link" and not a sentence that happens to name a URL: the link stands
/// alone, or the line or the one before it says what the link is for (in HTML it may hide behind a word: "this page").
fn leads(line: &str, before: &str) -> bool {
    let text = line.trim().trim_matches(['<', '>', '(', ')']);
    let lead = |text: &str| {
        let text = text.to_ascii_lowercase();
        [
            "support center",
            "contact us",
            "following url",
            "following link",
            "view this case",
            "view or respond",
            "respond to this case",
            "reopen",
            "reply to this case",
            "case link",
        ]
        .iter()
        .any(|phrase| text.contains(phrase))
    };
    lead(text)
        || (text.starts_with("http") && !text.contains(' ') && (lead(before) || before.trim_end().ends_with(':') || before.is_empty()))
        || (text.len() <= LINK_WORDS_MAX && lead(before) && before.trim_end().ends_with(':'))
}

/// The URLs in a line of text, without the punctuation behind them.
fn urls(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let scheme = rest.find("://")?;
        let start = if rest[..scheme].ends_with("https") {
            scheme - 5
        } else if rest[..scheme].ends_with("http") {
            scheme - 4
        } else {
            scheme
        };
        let url = &rest[start..];
        let end = url.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '`' | '|')).unwrap_or(url.len());
        rest = &url[end..];
        Some(url[..end].trim_end_matches(['.', ',', ';', ':', ')', ']', '!']))
    })
    .filter(|url| url.starts_with("http"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Parts {
        split(&Lines::of_plain(text, 1 << 20, false, false).0)
    }

    #[test]
    fn every_kind_of_separator_ends_the_newest_part() {
        for below in [
            "---- Original message: ----\nold",
            "-----Original Message-----\nFrom: x\nold",
            "---------- Forwarded message ---------\nold",
            "Begin forwarded message:\n\nold",
            "From: AWS <a@b.example>\nSent: Friday\nTo: us\nSubject: x\n\nold",
            "*From:* AWS\n*Date:* Friday\n*Subject:* x\n\nold",
            "On Fri, Nov 20, 2026 at 10:02 AM Amazon Web Services <\na@b.example> wrote:\n\n> old",
            "2026年11月20日(金) 19:02 AWS <a@b.example> が書きました:\n> old",
            "----- 元のメッセージ -----\nold",
            "> old",
        ] {
            let parts = of(&format!("new text\n\n{below}"));
            assert_eq!(parts.newest, "new text", "{below}");
            assert!(parts.quoted.contains("old"), "{below}");
        }
        assert!(of("FYI\n\n---------- Forwarded message ---------\nFrom: x").forwarded);
        assert!(!of("new\n---- Original message: ----\nold\n---------- Forwarded message ---------").forwarded);
    }

    #[test]
    fn an_answer_below_the_quotation_is_new() {
        let parts = of("On 20 Nov 2026, AWS wrote:\n> old question\n\nnew answer");
        assert_eq!((parts.newest.as_str(), parts.quoted.contains("old question")), ("new answer", true));
        assert_eq!(of("On reflection this is text.\nFrom: the start").quoted, "");
    }

    #[test]
    fn a_footer_link_is_at_the_end_and_led_by_its_phrase() {
        let url = "https://console.aws.amazon.com/support/home#/case/?displayId=172300000100123";
        let parts = of(&format!(
            "Hello\nsee {url} for more.\n\nTo contact us again please use the following URL:\n{url}&language=en\n\nThank you.\n> {url}x"
        ));
        let flags: Vec<_> = parts.links.iter().map(|l| (l.footer, l.quoted)).collect();
        assert_eq!(flags, [(false, false), (true, false), (false, true)]);
        let far = of(&format!("To contact us again:\n{url}\n{}", "more text\n".repeat(30)));
        assert!(!far.links[0].footer);
    }
}
