//! The names of things: one type per meaning, each with a private field and one way to make it.
//!
//! Ids are derived, never random, so the same mail gives the same id on every machine and in every order.

use std::fmt;

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

/// Longest Message-ID that is kept as it is; RFC 5322 lines end at 998 characters, real ids below 200.
/// A longer one is replaced by its hash, so that it still identifies the mail.
const MESSAGE_ID_MAX: usize = 250;

/// A Message-ID (RFC 5322, 3.6.4) without its angle brackets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(String);

impl MessageId {
    /// Takes what stands between the angle brackets. `None` when nothing printable is left.
    ///
    /// White space and control characters are dropped (folded headers, hostile ids); a very long id is replaced
    /// by its hash.
    pub fn parse(raw: &str) -> Option<Self> {
        let raw = raw.trim().trim_start_matches('<').trim_end_matches('>');
        let id = if raw.bytes().all(|b| b.is_ascii_graphic()) {
            raw.to_owned()
        } else {
            raw.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
        };
        match id.len() {
            0 => None,
            n if n > MESSAGE_ID_MAX => Some(Self(format!("long.{}@port25.invalid", hash_hex(&[id.as_bytes()], 20)))),
            _ => Some(Self(id)),
        }
    }

    /// The id of a mail that has none: derived from its bytes, so that the same file is the same mail.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(format!("none.{}@port25.invalid", hash_hex(&[bytes], 20)))
    }

    /// The id that stands for the mail of a request that was registered by hand: nobody ever wrote that mail. Derived from the
    /// registration's entry, so that the same registration is found by the same id.
    pub fn of_registration(entry: &EntryId) -> Self {
        Self(format!("register-{entry}@port25.invalid"))
    }

    /// The id without angle brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// AWS's own id of a request: a case's display id, the API form `case-…`, or a request ID of unknown form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AwsId(String);

impl AwsId {
    /// Accepts 6 to 60 ASCII letters, digits and dashes with at least four digits: the form of a port-25 request ID
    /// is unknown, so anything narrower could lose one. Where the text came from decides whether it is one
    /// ([`crate::classify`]). A UUID is refused: AWS's API errors carry those.
    pub fn parse(raw: &str) -> Option<Self> {
        let raw = raw.trim();
        let shape = (6..=60).contains(&raw.len())
            && raw.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && raw.bytes().filter(u8::is_ascii_digit).count() >= 4
            && !raw.starts_with('-')
            && !raw.ends_with('-');
        (shape && !is_uuid(raw) && !is_key(raw)).then(|| Self(raw.to_ascii_lowercase()))
    }

    /// The id, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AwsId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_uuid(raw: &str) -> bool {
    raw.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && raw.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

fn is_key(raw: &str) -> bool {
    raw.len() == 14 && raw.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("p25-"))
}

/// Our own key of a request that has no AWS id yet: `p25-` and ten base32 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// The key of the request whose smallest Message-ID this is.
    pub fn of(smallest: &MessageId) -> Self {
        let digest = Sha256::digest(smallest.as_str().as_bytes());
        let mut text = BASE32_NOPAD.encode(&digest[..8]).to_ascii_lowercase();
        text.truncate(10);
        Self(format!("p25-{text}"))
    }

    /// Reads a key that was shown before.
    pub fn parse(raw: &str) -> Option<Self> {
        let raw = raw.trim().to_ascii_lowercase();
        (is_key(&raw) && raw.bytes().skip(4).all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b))).then_some(Self(raw))
    }

    /// The key as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of an entry: 32 hexadecimal characters derived from what the entry is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(String);

impl EntryId {
    /// A mail's entry: the hash of its trust and its Message-ID.
    pub fn of_mail(trust: crate::trust::Trust, id: &MessageId) -> Self {
        Self(hash_hex(&[b"mail", trust.as_str().as_bytes(), id.as_str().as_bytes()], 16))
    }

    /// An action's entry: the hash of its idempotency key.
    pub fn of_action(idempotency_key: &str) -> Self {
        Self(hash_hex(&[b"action", idempotency_key.as_bytes()], 16))
    }

    /// Reads an id that was stored.
    pub fn parse(raw: &str) -> Option<Self> {
        (raw.len() == 32 && raw.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))).then(|| Self(raw.to_owned()))
    }

    /// 32 hexadecimal characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A twelve-digit AWS account id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(String);

impl AccountId {
    /// Accepts exactly twelve digits; single dashes or spaces between them are dropped (`1234-5678-9012`).
    pub fn parse(raw: &str) -> Option<Self> {
        let digits: String = raw.trim().chars().filter(|c| !matches!(c, '-' | ' ')).collect();
        (digits.len() == 12 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(Self(digits))
    }

    /// Twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The code of an AWS Region, such as `eu-west-1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(String);

impl Region {
    /// Accepts the form of a Region code; whether the Region exists is AWS's business, and new ones appear.
    pub fn parse(raw: &str) -> Option<Self> {
        let code = raw.trim().to_ascii_lowercase();
        let (rest, number) = code.rsplit_once('-')?;
        let (area, middle) = rest.split_once('-')?;
        let middle = || middle.split('-');
        let direction = middle().next_back().unwrap_or_default();
        let directions =
            ["north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest"].contains(&direction);
        (code.len() <= 20
            && directions
            && (2..=4).contains(&area.len())
            && area.bytes().all(|b| b.is_ascii_lowercase())
            && middle().count() <= 3
            && middle().all(|m| !m.is_empty() && m.bytes().all(|b| b.is_ascii_lowercase()))
            && number.len() == 1
            && number.bytes().all(|b| b.is_ascii_digit()))
        .then_some(Self(code))
    }

    /// The code in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The first `bytes` bytes of the SHA-256 of the parts (each length-prefixed, so that no two lists collide), in hex.
pub fn hash_hex(parts: &[&[u8]], bytes: usize) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    HEXLOWER.encode(&hasher.finalize()[..bytes.min(32)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_loses_brackets_folds_and_hostile_line_breaks() {
        assert_eq!(MessageId::parse(" <a@b>\r\n ").map(|m| m.to_string()).as_deref(), Some("a@b"));
        assert_eq!(MessageId::parse("<a\r\nBcc: x@y>").map(|m| m.to_string()).as_deref(), Some("aBcc:x@y"));
        assert_eq!(MessageId::parse("<>"), None);
        assert!(MessageId::parse(&"x".repeat(5000)).is_some_and(|m| m.as_str().len() < 80));
    }

    #[test]
    fn an_aws_id_is_neither_a_uuid_nor_our_own_key() {
        for good in ["170000000100123", "case-123456789012-muen-2026-0123456789abcdef", "PORT25-12345"] {
            assert!(AwsId::parse(good).is_some(), "{good}");
        }
        for bad in ["0f8fad5b-d9cb-469f-a165-70867728950e", "p25-abcdefghij", "12345", "case", "a b 1234", "<1234567>"] {
            assert!(AwsId::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn keys_accounts_and_regions_keep_their_form() {
        let key = MessageId::parse("a@b").map(|m| Key::of(&m));
        assert_eq!(key.as_ref().and_then(|k| Key::parse(k.as_str())), key);
        assert!(AccountId::parse("1234-5678-9012").is_some() && AccountId::parse("1234").is_none());
        for good in ["eu-west-1", "us-gov-east-1", "ap-southeast-2", "us-iso-east-1", "eu-a-b-west-1"] {
            assert!(Region::parse(good).is_some(), "{good}");
        }
        for bad in ["eu-west", "west-1", "eu-wild-1", "follow-up-west-1x", "eu--west-1", "eu-a-b-c-west-1", "-west-1", "eu-west-"] {
            assert!(Region::parse(bad).is_none(), "{bad}");
        }
    }
}
