//! How far a mail is believed: one of four levels, from the servers' verdicts and the header From, never from the text.

use crate::mail::{AuthResults, Mail, Method, Outcome};
use crate::policy::Policy;

/// How far a mail is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trust {
    /// Nothing proves the sender. Changes nothing.
    Unverified,
    /// The outer mail passes DMARC on a mailbox that the operator named. May start and alarm, never quiet.
    Forwarded,
    /// One of our own addresses, proven by DMARC (or aligned DKIM where there is no policy).
    Own,
    /// DMARC pass on a listed AWS address. Proves the sender, not the author of every word.
    Verified,
}

impl Trust {
    /// All levels, the least trusted first.
    pub const ALL: [Self; 4] = [Self::Unverified, Self::Forwarded, Self::Own, Self::Verified];

    /// The stable word for JSON, keys and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Forwarded => "forwarded",
            Self::Own => "own",
            Self::Verified => "verified",
        }
    }

    /// Reads the word that [`Self::as_str`] writes.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str() == word)
    }
}

/// What a mail server found, as the receiving service reports it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// DMARC on the header From.
    pub dmarc: Verdict,
    /// A valid DKIM signature aligned with the header From.
    pub dkim_aligned: Verdict,
    /// Spam scan.
    pub spam: Verdict,
    /// Virus scan.
    pub virus: Verdict,
}

/// One verdict. Unknown words from the service are [`Verdict::Unknown`]: they prove nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail,
    /// There is nothing to check against (DMARC: the domain has no policy).
    None,
    /// Not checked, not reported, or a word we do not know.
    #[default]
    Unknown,
}

/// A level with the reason in words for people (`explain`, history).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The level.
    pub trust: Trust,
    /// Why, in one lowercase sentence fragment.
    pub why: &'static str,
}

/// The authserv-id under which Amazon SES writes its results.
const SES: &str = "amazonses.com";

/// The verdicts that stand in the mail itself: from the topmost `Authentication-Results`, if its author is believed.
///
/// Believed are Amazon SES, where no foreign server's line stands above the result, and the hosts that the operator named.
/// A pass counts only for the domain of the one sender: `dmarc=pass header.from=evil.example` proves nothing about Amazon.
///
/// This is for a mail that somebody handed over as a file, whose word is all there is; see [`from_headers_of`] for an object.
pub fn from_headers(mail: &Mail, policy: &Policy) -> Verdicts {
    believed(mail, policy, true)
}

/// The same for an object that Amazon SES stored under `key`: SES's results count only where SES's own `Received` line above them
/// carries the id that the object is named by. Who copies SES's lines into a mail cannot know that id beforehand.
pub fn from_headers_of(mail: &Mail, key: &str, policy: &Policy) -> Verdicts {
    let id = key.rsplit('/').next().filter(|id| !id.is_empty());
    let stored = mail.results.as_ref().and_then(|r| r.ses_id.as_deref());
    believed(mail, policy, id.is_some() && id == stored)
}

fn believed(mail: &Mail, policy: &Policy, ses: bool) -> Verdicts {
    let (Some(results), Some(sender)) = (mail.results.as_ref(), mail.sender()) else { return Verdicts::default() };
    let is_ses = ses && results.authserv == SES && !results.below_foreign_received;
    if !is_ses && !policy.trusted_results.contains(&results.authserv) {
        return Verdicts::default();
    }
    let sender = domain_of(sender);
    let scan = |word: &Option<String>| match word.as_deref() {
        Some("PASS") if is_ses => Verdict::Pass,
        Some("FAIL") if is_ses => Verdict::Fail,
        _ => Verdict::Unknown,
    };
    Verdicts {
        dmarc: dmarc(results, sender, is_ses),
        dkim_aligned: dkim_aligned(results, sender),
        spam: scan(&results.spam),
        virus: scan(&results.virus),
    }
}

fn dmarc(results: &AuthResults, sender: &str, is_ses: bool) -> Verdict {
    let mut found = results.methods.iter().filter(|m| m.method == Method::Dmarc);
    let Some(first) = found.next() else { return Verdict::Unknown };
    if first.outcome == Outcome::Fail || found.any(|m| m.outcome == Outcome::Fail) {
        return Verdict::Fail;
    }
    let aligned = match first.domain.as_deref() {
        Some(from) => covers(domain_of(from), sender),
        // SES's own results name the domain; only old ones did not.
        None => is_ses,
    };
    match first.outcome {
        Outcome::Pass if aligned => Verdict::Pass,
        Outcome::None => Verdict::None,
        _ => Verdict::Unknown,
    }
}

fn dkim_aligned(results: &AuthResults, sender: &str) -> Verdict {
    let mut any = false;
    for one in results.methods.iter().filter(|m| m.method == Method::Dkim) {
        any = true;
        if one.outcome == Outcome::Pass && one.domain.as_deref().is_some_and(|d| covers(domain_of(d), sender)) {
            return Verdict::Pass;
        }
    }
    if any { Verdict::Fail } else { Verdict::Unknown }
}

/// What stands behind the last `@`, without the root's dot.
fn domain_of(address: &str) -> &str {
    address.rsplit('@').next().unwrap_or_default().trim_end_matches('.')
}

/// Whether `domain` is the sender's domain or a parent of it, by whole labels; a top-level domain is nobody's parent.
fn covers(domain: &str, sender: &str) -> bool {
    domain.contains('.') && (domain == sender || sender.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
}

/// The level of a mail, from the verdicts of the service that took it.
pub fn judge(mail: &Mail, verdicts: &Verdicts, policy: &Policy) -> Judgement {
    let (trust, why) = level(mail, verdicts, policy);
    Judgement { trust, why }
}

fn level(mail: &Mail, verdicts: &Verdicts, policy: &Policy) -> (Trust, &'static str) {
    let Some(sender) = mail.sender() else {
        return match mail.from_headers {
            0 => (Trust::Unverified, "no From header"),
            1 => (Trust::Unverified, "the From header does not name exactly one mailbox"),
            _ => (Trust::Unverified, "several From headers"),
        };
    };
    if verdicts.virus == Verdict::Fail {
        return (Trust::Unverified, "the virus scan failed");
    }
    if verdicts.spam == Verdict::Fail {
        return (Trust::Unverified, "the spam scan failed");
    }
    let passes = verdicts.dmarc == Verdict::Pass;
    let signed = verdicts.dmarc == Verdict::None && verdicts.dkim_aligned == Verdict::Pass;
    match (policy.is_aws(sender), policy.is_own(sender), policy.is_forwarder(sender)) {
        (true, ..) if passes => (Trust::Verified, "DMARC passes on a listed AWS address"),
        (true, ..) => {
            (Trust::Unverified, unproven(verdicts, ["a listed AWS address, but DMARC fails", "a listed AWS address without a DMARC pass"]))
        }
        // A named mailbox of our own domain is a forwarder first: what it sends are other people's words.
        (_, _, true) if passes => (Trust::Forwarded, "DMARC passes on a named forwarding mailbox"),
        (_, true, _) if passes => (Trust::Own, "DMARC passes on an own address"),
        (_, true, _) if signed => (Trust::Own, "an aligned DKIM signature on an own address whose domain has no DMARC policy"),
        (_, _, true) => {
            (Trust::Unverified, unproven(verdicts, ["a forwarding mailbox, but DMARC fails", "a forwarding mailbox without a DMARC pass"]))
        }
        (_, true, _) => (Trust::Unverified, unproven(verdicts, ["an own address, but DMARC fails", "an own address without a DMARC pass"])),
        _ => (Trust::Unverified, "the sender is not on the list of AWS addresses"),
    }
}

fn unproven(verdicts: &Verdicts, [fails, lacks]: [&'static str; 2]) -> &'static str {
    if verdicts.dmarc == Verdict::Fail { fails } else { lacks }
}

/// Whether a mail gives itself out as AWS's, by address, display name or Reply-To, proven or not.
pub fn claims_aws(mail: &Mail, policy: &Policy) -> bool {
    let foreign = |address: &str| !policy.is_own(address) && !policy.is_forwarder(address);
    let by_address = |address: &str| policy.is_aws(address) || (foreign(address) && is_aws_domain(domain_of(address)));
    mail.from.iter().any(|a| by_address(&a.address) || names_aws(&a.name))
        || mail.reply_to.iter().any(|a| by_address(&a.address) || names_aws(&a.name))
}

/// Whole labels: AWS's own domains, and domains that show one of its names as a label (`amazon.com.evil.example`).
fn is_aws_domain(domain: &str) -> bool {
    ["amazon.com", "amazonaws.com", "aws.com", "amazonses.com"].iter().any(|own| covers(own, domain))
        || plain(domain).split('.').any(|label| matches!(label, "amazon" | "amazonaws" | "aws"))
}

/// Whether a display name has "AWS" or "Amazon" as a word, look-alike letters included.
fn names_aws(name: &str) -> bool {
    plain(name).split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "aws" | "amazon" | "amazonaws"))
}

/// Lower case, with the Cyrillic, Greek and other letters that look like those of "amazon" and "aws" put in Latin.
fn plain(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '\u{430}' | '\u{3b1}' | '\u{251}' | '\u{e0}'..='\u{e5}' => 'a',
            '\u{43c}' | '\u{3bc}' => 'm',
            '\u{437}' | '\u{1d22}' => 'z',
            '\u{43e}' | '\u{3bf}' | '\u{f2}'..='\u{f6}' | '0' => 'o',
            '\u{f1}' | '\u{3b7}' => 'n',
            '\u{51d}' | '\u{461}' | '\u{3c9}' => 'w',
            '\u{455}' => 's',
            '\u{ff41}'..='\u{ff5a}' => char::from_u32(u32::from(c) - 0xff41 + 0x61).unwrap_or(c),
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::read;

    const SES_LINE: &str = "Received: from x by inbound-smtp.eu-west-1.amazonaws.com with SMTP id k; x\n";

    fn policy() -> Policy {
        Policy {
            own_addresses: ["@corp.example".to_owned()].into(),
            forwarders: ["aws-list@groups.example".to_owned()].into(),
            trusted_results: ["mx.google.com".to_owned()].into(),
            ..Policy::default()
        }
    }

    fn of(headers: &str) -> Judgement {
        let mail = read(format!("{headers}\n\nx").as_bytes());
        judge(&mail, &from_headers(&mail, &policy()), &policy())
    }

    fn ses(from: &str, results: &str) -> Trust {
        of(&format!("{SES_LINE}Authentication-Results: amazonses.com; {results}\nFrom: {from}")).trust
    }

    #[test]
    fn the_four_levels() {
        assert_eq!(ses("AWS <no-reply-aws@amazon.com>", "dkim=permerror; dmarc=pass header.from=amazon.com"), Trust::Verified);
        assert_eq!(ses("aws-automation@email.amazon.com", "dmarc=pass header.from=amazon.com"), Trust::Verified);
        assert_eq!(ses("a@corp.example", "dmarc=pass header.from=corp.example"), Trust::Own);
        assert_eq!(ses("a@corp.example", "dkim=pass header.i=@corp.example; dmarc=none header.from=corp.example"), Trust::Own);
        assert_eq!(ses("aws-list@groups.example", "dmarc=pass header.from=groups.example"), Trust::Forwarded);
        assert_eq!(ses("a@elsewhere.example", "dmarc=pass header.from=elsewhere.example"), Trust::Unverified);
    }

    #[test]
    fn a_pass_for_another_domain_proves_nothing() {
        for results in [
            "dmarc=pass header.from=evil.example",
            "dmarc=pass header.from=notamazon.com",
            "dmarc=pass header.from=zon.com",
            "dmarc=pass header.from=com",
            "dmarc=fail header.from=amazon.com",
            "dmarc=none; dkim=pass header.i=@amazon.com",
            "spf=pass; dkim=pass header.i=@amazon.com",
            "dmarc=pass header.from=amazon.com; dmarc=fail",
            "spf=pass (dmarc=pass header.from=amazon.com)",
        ] {
            assert_eq!(ses("no-reply-aws@amazon.com", results), Trust::Unverified, "{results}");
        }
        assert_eq!(ses("a@corp.example", "dkim=pass header.i=@evil.example; dmarc=none"), Trust::Unverified);
    }

    #[test]
    fn only_believed_servers_are_believed() {
        let result = |id: &str| {
            format!("Authentication-Results: {id}; dmarc=pass (p=QUARANTINE) header.from=amazon.com\nFrom: no-reply-aws@amazon.com")
        };
        assert_eq!(of(&result("amazonses.com")).trust, Trust::Verified);
        assert_eq!(of(&result("mx.google.com")).trust, Trust::Verified);
        assert_eq!(of(&format!("Received: from a by mx.google.com; x\n{}", result("mx.google.com"))).trust, Trust::Verified);
        assert_eq!(of(&result("mx.evil.example")).trust, Trust::Unverified);
        assert_eq!(of(&result("amazonses.com.evil.example")).trust, Trust::Unverified);
        assert_eq!(of(&format!("Received: from a by mx.evil.example; x\n{}", result("amazonses.com"))).trust, Trust::Unverified);
        assert_eq!(
            of(&format!("Authentication-Results: mx.evil.example; dmarc=pass\n{}", result("amazonses.com"))).trust,
            Trust::Unverified
        );
        assert_eq!(of("Authentication-Results: mx.google.com; dmarc=pass\nFrom: no-reply-aws@amazon.com").trust, Trust::Unverified);
    }

    #[test]
    fn an_object_is_believed_only_under_the_id_that_ses_gave_it() {
        let result = "Authentication-Results: amazonses.com; dmarc=pass header.from=amazon.com\nFrom: no-reply-aws@amazon.com";
        let dmarc = |headers: &str, key: &str| {
            let mail = read(format!("{headers}{result}\n\nx").as_bytes());
            from_headers_of(&mail, key, &policy()).dmarc
        };
        for key in ["k", "in/k", "a/b/k"] {
            assert_eq!(dmarc(SES_LINE, key), Verdict::Pass, "{key}");
        }
        for key in ["", "K", "k/", "kk", "in/x", "k/x", "x-k"] {
            assert_eq!(dmarc(SES_LINE, key), Verdict::Unknown, "{key}");
        }
        assert_eq!(dmarc("", "k"), Verdict::Unknown, "no line of SES's at all");
        assert_eq!(dmarc("Received: by inbound-smtp.eu-west-1.amazonaws.com; x\n", "k"), Verdict::Unknown, "a line without an id");
        assert_eq!(
            dmarc(&format!("Received: by inbound-smtp.eu-west-1.amazonaws.com with SMTP id other; x\n{SES_LINE}"), "k"),
            Verdict::Unknown
        );
        // A host that the operator named has no part in SES's keys.
        let named = "Authentication-Results: mx.google.com; dmarc=pass header.from=amazon.com\nFrom: no-reply-aws@amazon.com\n\nx";
        assert_eq!(from_headers_of(&read(named.as_bytes()), "k", &policy()).dmarc, Verdict::Pass);
    }

    #[test]
    fn several_senders_spam_and_viruses_are_unverified() {
        let pass = "dmarc=pass header.from=amazon.com";
        assert_eq!(ses("no-reply-aws@amazon.com\nFrom: evil@evil.example", pass), Trust::Unverified);
        assert_eq!(ses("no-reply-aws@amazon.com, evil@evil.example", pass), Trust::Unverified);
        let spam =
            format!("{SES_LINE}X-SES-Spam-Verdict: FAIL\nAuthentication-Results: amazonses.com; {pass}\nFrom: no-reply-aws@amazon.com");
        assert_eq!(of(&spam).why, "the spam scan failed");
    }

    #[test]
    fn what_claims_aws() {
        let claims = |headers: &str| claims_aws(&read(format!("{headers}\n\nx").as_bytes()), &policy());
        for yes in [
            "From: x@amazon.com",
            "From: x@email.amazon.com",
            "From: no-reply@signin.aws",
            "From: x@amazon.com.evil.example",
            "From: \"Amazon Web Services\" <x@evil.example>",
            "From: \"\u{410}WS Support\" <x@evil.example>",
            "From: x@evil.example\nReply-To: aws-automation@email.amazon.com",
            "From: \"no-reply-aws@amazon.com\" <x@notamazon.com>",
        ] {
            assert!(claims(yes), "{yes}");
        }
        for no in
            ["From: x@notamazon.com", "From: Amazonas Travel <x@y.example>", "From: Laws & Co <x@laws.example>", "From: a@corp.example"]
        {
            assert!(!claims(no), "{no}");
        }
    }
}
