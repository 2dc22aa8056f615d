//! Reverse-DNS names: host names that a text ties to an address.
//!
//! Either the sentence (or the heading of a list) speaks of reverse DNS, or a line of a table says `address -> name`. Other host
//! names are everywhere in mail: links, senders, AWS's own services.

use std::fmt;

use super::super::needles::Needles;
use super::words::{Word, sentences, words};
use super::{add, address};

/// Longest host name and label (RFC 1035, 2.3.4), in bytes.
const NAME_MAX: usize = 253;
const LABEL_MAX: usize = 63;
/// Words of a table's line: an address, a name, and perhaps a number and a Region.
const ROW_WORDS: usize = 4;
/// Bytes between an address and its name: an arrow and some space.
const ROW_GAP: usize = 40;

/// A host name: at least two labels of letters, digits and dashes, in lower case, without the final dot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostName(String);

impl HostName {
    /// Accepts the host names of RFC 1123 with a top-level domain that is no number.
    pub fn parse(raw: &str) -> Option<Self> {
        let name = raw.strip_suffix('.').unwrap_or(raw);
        let is_label = |label: &str| {
            (1..=LABEL_MAX).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let (_, top) = name.rsplit_once('.')?;
        let is_top = top.len() >= 2
            && (top.bytes().all(|b| b.is_ascii_alphabetic()) || top.get(..4).is_some_and(|t| t.eq_ignore_ascii_case("xn--")));
        (name.len() <= NAME_MAX && is_top && name.split('.').all(is_label)).then(|| Self(name.to_ascii_lowercase()))
    }

    /// The name in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it lies in a domain: by whole labels.
    fn is_in(&self, domain: &str) -> bool {
        self.0.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// AWS's own hosts, and the names that DNS gives to addresses themselves.
const NOT_OURS: &[&str] =
    &["amazonaws.com", "amazonaws.com.cn", "amazon.com", "aws.com", "aws", "amazonses.com", "awstrack.me", "in-addr.arpa", "ip6.arpa"];
/// Endings of files, which look like top-level domains.
const FILES: &[&str] =
    &["pdf", "txt", "png", "jpg", "html", "htm", "csv", "xml", "json", "docx", "xlsx", "log", "gz", "js", "conf", "cf", "eml"];

/// What a text that names some has in it.
static REVERSE_DNS: Needles = Needles::new(&["reverse", "rdns", "ptr", "resolv", "逆引き"]);

/// The names of a text, each once, in order.
pub(super) fn find(text: &str, most: usize) -> Vec<HostName> {
    let mut places = in_tables(text);
    if speaks_of_reverse_dns(text) {
        places.extend(in_sentences(text));
    }
    places.sort_by_key(|(start, _)| *start);
    let mut found = Vec::new();
    for (_, name) in places {
        add(&mut found, name, most);
    }
    found
}

/// Cheap: most mails say nothing of the kind.
fn speaks_of_reverse_dns(text: &str) -> bool {
    REVERSE_DNS.any(text)
}

/// `203.0.113.5 -> mail.corp.example`, and lines that hold nothing but an address and its name.
fn in_tables(text: &str) -> Vec<(usize, HostName)> {
    let mut found = Vec::new();
    if !address::may_hold(text) {
        return found;
    }
    let (mut at, mut dump) = (0, false);
    for line in text.split('\n') {
        dump = address::in_header_dump(line, dump);
        if !dump && address::may_hold(line) {
            let mut addresses = address::in_line(line).map(|(word, _)| word).peekable();
            if addresses.peek().is_some() {
                let row = words(line).take(ROW_WORDS + 1).count() <= ROW_WORDS;
                let mut before: Option<Word<'_>> = None;
                for word in words(line) {
                    if let Some(address) = before
                        && leads(&line[address.end()..word.start], row)
                        && let Some(name) = of_word(word)
                    {
                        found.push((at + word.start, name));
                    }
                    before = addresses.next_if(|a| a.start == word.start);
                }
            }
        }
        at += line.len() + 1;
    }
    found
}

/// Whether what stands between an address and a word ties them together.
fn leads(between: &str, row: bool) -> bool {
    between.len() <= ROW_GAP && (row || between.contains(['=', '|', ':', '\u{2192}', '\u{21d2}']) || between.contains("->"))
}

/// The names of the sentences that speak of reverse DNS, and of the lists below such a sentence.
fn in_sentences(text: &str) -> Vec<(usize, HostName)> {
    let mut found = Vec::new();
    let mut open = false;
    for sentence in sentences(text) {
        let speaks = speaks(sentence.text);
        if !speaks && !open {
            continue;
        }
        let names = words(sentence.text).filter_map(|word| Some((sentence.start + word.start, of_word(word)?)));
        let before = found.len();
        if speaks {
            found.extend(names);
            open = sentence.text.ends_with([':', '：']);
        } else if sentence.text.split('\n').all(|line| words(line).take(ROW_WORDS + 1).count() <= ROW_WORDS) {
            found.extend(names);
            open = found.len() > before;
        } else {
            open = false;
        }
    }
    found
}

/// Whether a sentence ties a name to an address.
fn speaks(sentence: &str) -> bool {
    let mut resolves = false;
    for word in words(sentence) {
        let lead = word.text.split('-').next().unwrap_or_default();
        if ["reverse", "rdns", "ptr", "ptrs"].iter().any(|known| lead.eq_ignore_ascii_case(known)) {
            return true;
        }
        if resolves && word.is_one_of(&["to", "as", "back"]) {
            return true;
        }
        resolves = word.is_one_of(&["resolve", "resolves", "resolving", "resolved"]);
    }
    sentence.contains("逆引き")
}

/// The host name that a word is, if it may be one of ours.
fn of_word(word: Word<'_>) -> Option<HostName> {
    let name = HostName::parse(word.text)?;
    let top = word.text.rsplit('.').next().unwrap_or_default();
    // "record.Please" lacks a space; nobody writes a domain like that.
    let glued = top.starts_with(|c: char| c.is_ascii_uppercase()) && top[1..].bytes().all(|b| b.is_ascii_lowercase());
    let file = FILES.iter().any(|file| top.eq_ignore_ascii_case(file));
    (!glued && !file && !NOT_OURS.iter().any(|domain| name.is_in(domain))).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        find(text, 16).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_that_stand_as_reverse_dns_are_found() {
        for text in [
            "We have configured the reverse DNS record mail.corp.example for 203.0.113.5.",
            "rDNS: mail.corp.example",
            "The PTR record is\nMAIL.corp.example.",
            "5.113.0.203.in-addr.arpa. PTR mail.corp.example.",
            "203.0.113.5 now resolves to mail.corp.example, see https://docs.aws.amazon.com/ec2.",
            "mail.corp.example was set as reverse-DNS name.",
            "203.0.113.5 -> mail.corp.example",
            "We set 203.0.113.5 => mail.corp.example as you asked, and all of it is done",
            "- 203.0.113.5: mail.corp.example",
            "203.0.113.5 mail.corp.example eu-west-1",
            "| 2001:db8::5 | mail.corp.example |",
            "We have set reverse DNS for these names:\n\n- mail.corp.example\n- mail.corp.example",
            "Reverse DNS:\nmail.corp.example\nMail.corp.example\nmail.corp.example.\nmail.corp.example\nmail.corp.example",
            "203.0.113.5の逆引きはmail.corp.exampleです。",
        ] {
            assert_eq!(found(text), ["mail.corp.example"], "{text}");
        }
        let list = "Reverse DNS records:\n- 203.0.113.5 a.corp.example\n- b.corp.example\n\nOur team will look at it. Write to c.corp.example soon";
        assert_eq!(found(list), ["a.corp.example", "b.corp.example"]);
    }

    #[test]
    fn other_names_are_not() {
        for text in [
            "We host mail.corp.example for 203.0.113.5.",
            "Write to ops@mail.corp.example about reverse DNS.",
            "See https://mail.corp.example/ for reverse DNS, or http://mail.corp.example.",
            "reverse DNS e.g. in i.e. the report.pdf of record.Please use 203.0.113.5 or 1.5.",
            "The reverse DNS of ec2-203-0-113-5.compute-1.amazonaws.com, docs.aws.amazon.com, repost.aws",
            "reverse DNS of -mail.corp.example- a..example bücher.example x_y.example localhost",
            "We will resolve the problem of mail.corp.example.",
            "203.0.113.5 sends mail, mail.corp.example too, as we know from the report",
            "mail.corp.example 10.0.0.1",
        ] {
            let others: Vec<_> = found(text).into_iter().filter(|n| !(n == "mail.corp.example" && text.contains("-mail"))).collect();
            assert_eq!(others, Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_name_of_ours_that_only_ends_like_aws_is_ours() {
        assert_eq!(
            found("reverse DNS mail.notamazon.com and mail.amazon.com.corp.example"),
            ["mail.notamazon.com", "mail.amazon.com.corp.example"]
        );
        for bad in ["", "a", "a.", ".a", "a.b", "a.1", &format!("{}.example", "a".repeat(64)), &format!("{}example", "a.".repeat(130))] {
            assert_eq!(HostName::parse(bad), None, "{bad}");
        }
    }
}
