//! Checks DKIM and DMARC of a mail whose receiving server left no word that we believe: for files given by hand. Never in Lambda, where SES
//! has checked already.
//!
//! The check asks the DNS, so it is off unless `--check-dkim` asks for it. What it finds can only raise how far a mail is believed: a
//! key that is gone, a body that a list changed, or a network that does not answer leave it as it was.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use domain::mail::Mail;
use domain::policy::Policy;
use mail_auth::common::verify::DomainKey;
use mail_auth::dmarc::Dmarc;
use mail_auth::dmarc::verify::DmarcParameters;
use mail_auth::hickory_resolver::proto::op::ResponseCode;
use mail_auth::{
    AuthenticatedMessage, DkimResult, DmarcResult, DnsError, DnssecStatus, Error, MessageAuthenticator, Parameters, RecordSet,
    ResolverCache, SpfOutput, Txt,
};

/// Signatures of one mail that are checked, from the top: each costs a question to the DNS. Real mail has two or three.
const SIGNATURES_MAX: usize = 8;
/// How long the DNS may take for one mail.
const PATIENCE: Duration = Duration::from_secs(15);
/// Header fields that decide what a mail says: an aligned signature must cover them, and each may stand there once, because a second
/// one above it is not signed and would be read first.
const DECISIVE: [&str; 3] = ["from", "subject", "date"];

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// DMARC passes: a valid signature of the sender's domain, and the domain has a policy.
    Pass,
    /// Nothing proves the sender, for this reason. It need not be forged.
    Unproven(&'static str),
    /// The check could not be made.
    NotChecked(&'static str),
}

impl Finding {
    /// The stable word for JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Unproven(_) => "unproven",
            Self::NotChecked(_) => "not-checked",
        }
    }

    /// Why, in one lowercase sentence fragment.
    pub const fn why(self) -> &'static str {
        match self {
            Self::Pass => "a valid signature of the sender's domain",
            Self::Unproven(why) | Self::NotChecked(why) => why,
        }
    }
}

/// Checks mails, with the DNS or without.
pub struct Checker {
    resolver: MessageAuthenticator,
    names: Names,
}

/// Who answers for names.
enum Names {
    /// The system's DNS, which remembers answers itself for as long as they hold.
    Dns,
    /// These answers and no others: any other name does not exist.
    Fixed(HashMap<Box<str>, Txt>),
}

impl Checker {
    /// One that asks the DNS that this machine is configured for.
    ///
    /// # Errors
    /// When that configuration cannot be read.
    pub fn with_dns() -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let resolver =
            MessageAuthenticator::new_system_conf().map_err(|e| format!("--check-dkim: this machine's DNS cannot be used: {e}"))?;
        Ok(Self { resolver, names: Names::Dns })
    }

    /// One that knows these TXT records and asks nobody.
    ///
    /// # Errors
    /// When a record is none of DKIM or DMARC.
    pub fn with_answers(records: &[(&str, &str)]) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        use mail_auth::common::parse::TxtRecordParser;
        let mut known = HashMap::new();
        for (name, record) in records {
            let parsed = if name.starts_with("_dmarc.") {
                Dmarc::parse(record.as_bytes()).map(Txt::from)
            } else {
                DomainKey::parse(record.as_bytes()).map(Txt::from)
            };
            known.insert(format!("{name}.").into_boxed_str(), parsed.map_err(|e| format!("{name}: {e}"))?);
        }
        let resolver = MessageAuthenticator::new_google().map_err(|e| e.to_string())?;
        Ok(Self { resolver, names: Names::Fixed(known) })
    }

    /// Whether our own check proves the sender of a mail. Asks only where that would raise anything: whoever else wrote is unverified
    /// in any case.
    pub async fn proves(&self, mail: &Mail, bytes: &[u8], policy: &Policy) -> bool {
        let known = |sender: &str| policy.is_aws(sender) || policy.is_own(sender) || policy.is_forwarder(sender);
        mail.sender().is_some_and(known) && self.check(mail, bytes).await == Finding::Pass
    }

    /// Checks a mail.
    pub async fn check(&self, mail: &Mail, bytes: &[u8]) -> Finding {
        if mail.sender().is_none() {
            return Finding::Unproven("there is not exactly one sender");
        }
        // Signatures are made over CRLF; a file often has LF.
        let bytes = with_crlf(bytes);
        let Some(mut message) = AuthenticatedMessage::parse(&bytes) else { return Finding::Unproven("it cannot be read as a mail") };
        let repeated =
            |name: &&str| message.headers.iter().filter(|(n, _)| n.trim_ascii().eq_ignore_ascii_case(name.as_bytes())).count() > 1;
        if DECISIVE.iter().any(repeated) || message.from.len() != 1 {
            return Finding::Unproven("a header that must be there once is repeated");
        }
        message.dkim_headers.truncate(SIGNATURES_MAX);
        let covers = |h: &[String]| DECISIVE.iter().all(|name| h.iter().any(|signed| signed.eq_ignore_ascii_case(name)));
        message.dkim_headers.retain(|signature| covers(&signature.header.h));
        if message.dkim_headers.is_empty() {
            return Finding::Unproven("no signature covers its sender, subject and date");
        }
        match tokio::time::timeout(PATIENCE, self.dmarc(&message)).await {
            Ok(finding) => finding,
            Err(_) => Finding::NotChecked("the DNS did not answer in time"),
        }
    }

    async fn dmarc(&self, message: &AuthenticatedMessage<'_>) -> Finding {
        let signatures = self.resolver.verify_dkim(Parameters::new(message).with_txt_cache(&self.names)).await;
        // Only signatures can be checked of a file: who delivered it is not known.
        let spf = SpfOutput::default();
        let asked = DmarcParameters::new(message, &signatures, "", &spf);
        let output = self.resolver.verify_dmarc(Parameters::new(asked).with_txt_cache(&self.names).with_ipv4_cache(&self.names)).await;
        if *output.dkim_result() == DmarcResult::Pass {
            return Finding::Pass;
        }
        let unanswered = matches!(output.dkim_result(), DmarcResult::TempError(_));
        if unanswered || signatures.iter().any(|s| matches!(s.result(), DkimResult::TempError(_))) {
            return Finding::NotChecked("the DNS gave no answer");
        }
        let gone = |e: &Error| matches!(e, Error::Dns(DnsError::RecordNotFound(_) | DnsError::InvalidRecordType));
        if signatures
            .iter()
            .any(|s| matches!(s.result(), DkimResult::PermError(e) | DkimResult::Fail(e) | DkimResult::Neutral(e) if gone(e)))
        {
            return Finding::Unproven("the key of a signature is not there (any more)");
        }
        if signatures.iter().any(|s| *s.result() == DkimResult::Pass) {
            return Finding::Unproven("a valid signature, but not of the sender's domain, or that has no DMARC policy");
        }
        Finding::Unproven("no signature is valid (any more)")
    }
}

impl ResolverCache<Box<str>, Txt> for Names {
    fn get<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        match self {
            Self::Dns => None,
            Self::Fixed(known) => {
                Some(known.get(name).cloned().unwrap_or_else(|| Txt::Error(Error::Dns(DnsError::RecordNotFound(ResponseCode::NXDomain)))))
            }
        }
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

impl ResolverCache<Box<str>, RecordSet<Ipv4Addr>> for Names {
    fn get<Q>(&self, _: &Q) -> Option<RecordSet<Ipv4Addr>>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        match self {
            Self::Dns => None,
            Self::Fixed(_) => Some(RecordSet { rrset: [].into(), dnssec_status: DnssecStatus::Indeterminate }),
        }
    }

    fn remove<Q>(&self, _: &Q) -> Option<RecordSet<Ipv4Addr>>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: RecordSet<Ipv4Addr>, _: Instant) {}
}

/// CRLF for every LF that has no CR.
fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 32);
    let mut before = 0;
    for &byte in bytes {
        if byte == b'\n' && before != b'\r' {
            out.push(b'\r');
        }
        out.push(byte);
        before = byte;
    }
    out
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use mail_auth::common::crypto::Ed25519Key;
    use mail_auth::common::headers::HeaderWriter;
    use mail_auth::dkim::DkimSigner;

    pub(crate) const MAIL: &str = "From: Amazon Web Services <no-reply-aws@amazon.com>\r\nTo: port25@track.corp.example\r\n\
         Subject: RE:[CASE 172300000000115] SES\r\nDate: Fri, 20 Nov 2026 10:02:00 +0000\r\nMessage-ID: <m@mail.example>\r\n\r\n\
         We have granted your request.\r\n";
    /// An RFC 8032 test vector: everybody knows this key.
    const SEED: [u8; 32] = [
        0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32,
        0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
    ];
    const PUBLIC: [u8; 32] = [
        0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6,
        0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
    ];
    const KEY: &str = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    pub(crate) const ALL: [&str; 4] = ["From", "To", "Subject", "Date"];
    pub(crate) const DNS: [(&str, &str); 4] = [
        ("s._domainkey.amazon.com", KEY),
        ("s._domainkey.evil.example", KEY),
        ("_dmarc.amazon.com", "v=DMARC1; p=quarantine; rua=mailto:d@amazon.com"),
        ("_dmarc.evil.example", "v=DMARC1; p=none"),
    ];

    pub(crate) fn signed(mail: &str, domain: &str, headers: &[&str]) -> String {
        let key = Ed25519Key::from_seed_and_public_key(&SEED, &PUBLIC).unwrap();
        let signer = DkimSigner::from_key(key).domain(domain).selector("s").headers(headers.iter().copied());
        format!("{}{mail}", signer.sign(mail.as_bytes()).unwrap().to_header())
    }

    async fn finding(mail: &str, dns: &[(&str, &str)]) -> Finding {
        let checker = Checker::with_answers(dns).unwrap();
        checker.check(&domain::mail::read(mail.as_bytes()), mail.as_bytes()).await
    }

    #[tokio::test]
    async fn a_signature_of_the_sender_s_domain_passes_with_lf_too() {
        let mail = signed(MAIL, "amazon.com", &ALL);
        assert_eq!(finding(&mail, &DNS).await, Finding::Pass);
        assert_eq!(finding(&mail.replace("\r\n", "\n"), &DNS).await, Finding::Pass);
        assert_eq!(finding(&format!("Received: from a by b; x\r\n{mail}"), &DNS).await, Finding::Pass, "what servers put on top");
    }

    #[tokio::test]
    async fn anything_else_is_unproven_and_says_why() {
        let good = signed(MAIL, "amazon.com", &ALL);
        for (mail, dns, why) in [
            (MAIL.to_owned(), &DNS[..], "no signature covers"),
            (good.replace("granted", "denied"), &DNS, "no signature is valid"),
            (good.replace("CASE 1723", "CASE 1724"), &DNS, "no signature is valid"),
            (signed(MAIL, "evil.example", &ALL), &DNS, "not of the sender's domain"),
            (signed(MAIL, "amazon.com", &["From"]), &DNS, "no signature covers"),
            (good.clone(), &DNS[2..], "not there (any more)"),
            (good.clone(), &DNS[..2], "no DMARC policy"),
            (format!("Subject: RE:[CASE 999] x\r\n{good}"), &DNS, "is repeated"),
            (format!("From: x@evil.example\r\n{good}"), &DNS, "not exactly one sender"),
            (MAIL.replace("<no-reply-aws@amazon.com>", "<a@amazon.com>, <b@evil.example>"), &DNS, "not exactly one sender"),
        ] {
            let found = finding(&mail, dns).await;
            assert!(matches!(found, Finding::Unproven(_)) && found.why().contains(why), "{found:?}: {mail}");
        }
    }

    #[tokio::test]
    async fn only_senders_that_could_be_believed_are_checked() {
        let checker = Checker::with_answers(&DNS).unwrap();
        let proves = async |mail: &str| checker.proves(&domain::mail::read(mail.as_bytes()), mail.as_bytes(), &Policy::default()).await;
        assert!(proves(&signed(MAIL, "amazon.com", &ALL)).await);
        let evil = MAIL.replace("no-reply-aws@amazon.com", "x@evil.example");
        assert_eq!(finding(&signed(&evil, "evil.example", &ALL), &DNS).await, Finding::Pass, "a pass proves the sender, whoever that is");
        assert!(!proves(&signed(&evil, "evil.example", &ALL)).await);
    }
}
