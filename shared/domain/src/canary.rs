//! The canary: a mail that the tracker sends to itself, so that silence is provably AWS's and not a broken way of the mail.
//!
//! It proves itself by a random nonce alone: the sweep keeps the nonce's hash in the table before it sends, and ingest accepts each nonce
//! once. What only looks like a canary is the mail that it is, and is judged like any other.

use std::fmt;

use jiff::SignedDuration;

use crate::ids::hash_hex;
use crate::mail::Mail;

/// The rule by which an accepted canary is ignored. No rule of reading has this name.
pub const RULE: &str = "canary";
/// How long a nonce is accepted: SES itself tries to deliver for hours, and one that is a day late proves nothing that matters.
pub const LIFE: SignedDuration = SignedDuration::from_hours(24);
/// The mail path is broken when no canary arrived for so long; one is sent each hour. What the alarm of the deployment says.
pub const LATE: SignedDuration = SignedDuration::from_hours(2);

/// What the subject begins with; the nonce follows, and nothing else.
const SUBJECT: &str = "port25 canary ";
/// Of the nonce, in bytes.
const BYTES: usize = 32;

/// 256 random bits, as 64 hexadecimal digits. Who knows it can make one arrival; the table has its hash only.
#[derive(Clone, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// From random bytes.
    pub fn of(random: &[u8; BYTES]) -> Self {
        Self(random.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// What the table keeps of it.
    pub fn hash(&self) -> String {
        hash_hex(&[b"canary", self.0.as_bytes()], BYTES)
    }

    /// The subject of the mail that carries it: ASCII, 78 characters.
    pub fn subject(&self) -> String {
        format!("{SUBJECT}{}", self.0)
    }

    /// The nonce of a mail that has the form of a canary: one sender, nothing that it answers, the subject and nothing besides. Whether
    /// it was ever sent is for the table to say.
    pub fn in_mail(mail: &Mail) -> Option<Self> {
        let nonce = mail.subject.strip_prefix(SUBJECT)?;
        let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        let form = nonce.len() == 2 * BYTES && nonce.chars().all(hex);
        (form && mail.sender().is_some() && mail.thread.is_empty() && !mail.forward).then(|| Self(nonce.to_owned()))
    }
}

/// Not its value: it goes into no log.
impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nonce({})", self.hash())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::read;

    fn mail(headers: &str) -> Mail {
        read(format!("{headers}\r\n\r\nA test of the way of the mail.\r\n").as_bytes())
    }

    #[test]
    fn a_canary_is_known_by_its_whole_subject() {
        let nonce = Nonce::of(&[0xa7; 32]);
        let subject = nonce.subject();
        assert_eq!((subject.len(), subject.is_ascii()), (78, true));
        let from = "From: canary@track.corp.example";
        assert_eq!(Nonce::in_mail(&mail(&format!("{from}\r\nSubject: {subject}"))), Some(nonce.clone()));
        // A server may fold the line.
        let folded = subject.replace(' ', "\r\n ");
        assert_eq!(Nonce::in_mail(&mail(&format!("{from}\r\nSubject: {folded}"))), Some(nonce.clone()));
        for other in [
            format!("{from}\r\nSubject: Re: {subject}"),
            format!("{from}\r\nSubject: Fwd: {subject}"),
            format!("{from}\r\nSubject: {subject}0"),
            format!("{from}\r\nSubject: {} x", subject),
            format!("{from}\r\nSubject: {}", subject.to_uppercase()),
            format!("{from}\r\nSubject: {}", &subject[..77]),
            format!("{from}\r\nSubject: {subject}\r\nIn-Reply-To: <a@b.example>"),
            format!("{from}, other@track.corp.example\r\nSubject: {subject}"),
            format!("Subject: {subject}"),
        ] {
            assert_eq!(Nonce::in_mail(&mail(&other)), None, "{other}");
        }
    }

    #[test]
    fn the_hash_tells_nothing_and_differs() {
        let (a, b) = (Nonce::of(&[1; 32]), Nonce::of(&[2; 32]));
        assert!(a.hash() != b.hash() && a.hash().len() == 64);
        assert!(!format!("{a:?}").contains(&a.0), "{a:?}");
    }
}
