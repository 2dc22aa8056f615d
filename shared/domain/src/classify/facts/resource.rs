//! EC2 resources by their ids: instances, NAT gateways, and allocations of Elastic IPs.

use std::fmt;

use super::add;

/// A line at least this long that ends inside an id was wrapped there; mail is wrapped at 72 to 78 columns.
const WRAPPED_LINE: usize = 66;
/// The digits of an id: 17 since 2016, 8 before.
const DIGITS: [usize; 2] = [17, 8];

/// What a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceKind {
    /// `i-…`
    Instance,
    /// `nat-…`
    NatGateway,
    /// `eipalloc-…`
    Allocation,
}

impl ResourceKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Instance, Self::NatGateway, Self::Allocation];

    /// What its ids begin with.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Instance => "i-",
            Self::NatGateway => "nat-",
            Self::Allocation => "eipalloc-",
        }
    }
}

/// The id of a resource, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId(ResourceKind, String);

impl ResourceId {
    /// Accepts a known prefix and 8 or 17 hexadecimal digits.
    pub fn parse(raw: &str) -> Option<Self> {
        let id = raw.to_ascii_lowercase();
        let kind = ResourceKind::ALL.into_iter().find(|kind| id.starts_with(kind.prefix()))?;
        let digits = &id.as_bytes()[kind.prefix().len()..];
        (DIGITS.contains(&digits.len()) && digits.iter().all(u8::is_ascii_hexdigit)).then_some(Self(kind, id))
    }

    /// What it is.
    pub const fn kind(&self) -> ResourceKind {
        self.0
    }

    /// The id with its prefix.
    pub fn as_str(&self) -> &str {
        &self.1
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.1)
    }
}

/// The ids of a text, each once, in order.
pub(super) fn find(text: &str, most: usize) -> Vec<ResourceId> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    for dash in memchr::memchr_iter(b'-', bytes) {
        let Some(kind) = kind_before(&bytes[..dash]) else { continue };
        if let Some(id) = digits_at(bytes, dash + 1).and_then(|digits| ResourceId::parse(&format!("{}{digits}", kind.prefix()))) {
            add(&mut found, id, most);
            if found.len() == most {
                break;
            }
        }
    }
    found
}

/// The kind whose prefix ends here, as a word of its own: `ami-…` is no instance.
fn kind_before(before: &[u8]) -> Option<ResourceKind> {
    ResourceKind::ALL.into_iter().find(|kind| {
        let word = kind.prefix().as_bytes().split_last().map_or(&[][..], |(_, word)| word);
        let Some(at) = before.len().checked_sub(word.len()) else { return false };
        let glued = at.checked_sub(1).is_some_and(|n| is_id_byte(before[n]));
        before[at..].eq_ignore_ascii_case(word) && !glued
    })
}

const fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// The digits of an id from `start`, joined where the line was wrapped inside them.
fn digits_at(bytes: &[u8], start: usize) -> Option<String> {
    let run = |from: usize| bytes[from..].iter().take(DIGITS[0] + 1).take_while(|b| is_id_byte(**b)).count();
    let text = |from: usize, length: usize| std::str::from_utf8(&bytes[from..from + length]).ok().map(str::to_owned);
    let first = run(start);
    if DIGITS.contains(&first) {
        return text(start, first);
    }
    let end = start + first;
    let next = match bytes.get(end..) {
        Some([b'\n', ..]) => end + 1,
        Some([b'\r', b'\n', ..]) => end + 2,
        _ => return None,
    };
    let line = bytes[..end].iter().rev().take(WRAPPED_LINE).take_while(|b| **b != b'\n').count();
    let whole = first < DIGITS[0] && line >= WRAPPED_LINE && first + run(next) == DIGITS[0];
    if whole { Some(text(start, first)? + &text(next, DIGITS[0] - first)?) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        find(text, 16).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn ids_are_found_however_they_stand() {
        for text in [
            "instance i-0123456789abcdef0.",
            "(i-0123456789ABCDEF0)",
            "I-0123456789abcdef0",
            "arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0",
            "i-0123456789abcdef0 and again i-0123456789abcdef0",
            "インスタンスi-0123456789abcdef0です",
            "this is a line of text that is long enough to be wrapped, in i-0123456789\nabcdef0 and more",
            "this is a line of text that is long enough to be wrapped, in i-0123456789\r\nabcdef0 and more",
        ] {
            assert_eq!(found(text), ["i-0123456789abcdef0"], "{text}");
        }
        assert_eq!(
            found("i-0a1b2c3d nat-0123456789abcdef0, eipalloc-0a1b2c3d"),
            ["i-0a1b2c3d", "nat-0123456789abcdef0", "eipalloc-0a1b2c3d"]
        );
        assert_eq!(ResourceId::parse("nat-0a1b2c3d").map(|id| id.kind()), Some(ResourceKind::NatGateway));
    }

    #[test]
    fn false_friends_are_not() {
        for text in [
            "ami-0123456789abcdef0 and eni-01234567",
            "i-0123456789abcdef",
            "i-0123456789abcdef01",
            "i-0123456789abcdefg",
            "i-am-here wi-01234567 x-i-01234567",
            "i-01234567-x i-01234567_x",
            "short line i-0123456789\nabcdef0",
            "i-",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }
}
