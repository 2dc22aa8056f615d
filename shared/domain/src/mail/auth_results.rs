//! The topmost `Authentication-Results` (RFC 8601): what the last server says it found.
//!
//! Only the topmost one is kept: a server writes its own above everything that came with the mail, so a sender can forge only
//! those further down. Whether its author is believed is decided in [`crate::trust`].

use super::field_name::Name;
use super::header::Fields;
use crate::text::lossy;

/// Results kept of one header; real ones have four to eight.
pub(super) const MAX_METHODS: usize = 40;

/// What one server wrote into `Authentication-Results`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthResults {
    /// Who says so: the authserv-id, lower case.
    pub authserv: String,
    /// What it says of DKIM and DMARC, the methods that prove a sender, in order; `dkim` may occur several times.
    pub methods: Vec<MethodResult>,
    /// Whether a `Received` line that Amazon SES did not write stands above it. SES writes its result above all such lines,
    /// so a result "from amazonses.com" below one came with the mail.
    pub below_foreign_received: bool,
    /// The id in the topmost `Received` line of Amazon SES above it, as written: SES names the object that it stores so.
    pub ses_id: Option<String>,
    /// The word of `X-SES-Spam-Verdict` above it, upper case.
    pub spam: Option<String>,
    /// The word of `X-SES-Virus-Verdict` above it, upper case.
    pub virus: Option<String>,
}

/// One method's result, such as `dmarc=pass header.from=amazon.com`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodResult {
    /// What was checked.
    pub method: Method,
    /// What came of it.
    pub outcome: Outcome,
    /// Whom it is about, as written but in lower case: of DMARC the `header.from`, of DKIM the `header.d`, else the `header.i`.
    pub domain: Option<String>,
}

/// A method that proves a sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A signature.
    Dkim,
    /// The policy of the domain of From.
    Dmarc,
}

/// A result, as far as it makes a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// `pass`.
    Pass,
    /// `fail`.
    Fail,
    /// `none`.
    None,
    /// Any other: `neutral`, `temperror`, `permerror`, ….
    Other,
}

/// The topmost result of a mail.
pub(super) fn topmost(fields: &Fields<'_>) -> Option<AuthResults> {
    let (mut foreign, mut ses_id, mut spam, mut virus) = (false, None, None, None);
    for (name, value) in fields.iter() {
        let word = || Some(lossy(value).trim().to_ascii_uppercase());
        match name {
            Name::Received => match by_ses(&lossy(value)) {
                Some(id) => ses_id = ses_id.or(id),
                None => foreign = true,
            },
            Name::SpamVerdict if spam.is_none() => spam = word(),
            Name::VirusVerdict if virus.is_none() => virus = word(),
            Name::AuthenticationResults => {
                return Some(AuthResults { below_foreign_received: foreign, ses_id, spam, virus, ..parse(&lossy(value))? });
            }
            _ => {}
        }
    }
    None
}

/// Whether a Received line says that Amazon SES took the mail, and the `id` in it.
fn by_ses(received: &str) -> Option<Option<String>> {
    let plain = without_comments(received);
    let mut words = plain.split_ascii_whitespace();
    let host = words.find(|w| w.eq_ignore_ascii_case("by")).and_then(|_| words.next()).unwrap_or_default();
    let host = host.trim_end_matches(';').to_ascii_lowercase();
    let is_ses = (host.starts_with("inbound-smtp.") && (host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn")))
        || host == "amazonses.com"
        || host.ends_with(".amazonses.com");
    let id = words.find(|w| w.eq_ignore_ascii_case("id")).and_then(|_| words.next()).map(|id| id.trim_end_matches(';').to_owned());
    is_ses.then_some(id)
}

fn parse(value: &str) -> Option<AuthResults> {
    let mut plain = without_comments(value);
    if plain.is_ascii() {
        plain.make_ascii_lowercase();
    } else {
        plain = plain.to_lowercase();
    }
    let mut segments = split_outside_quotes(&plain);
    // The id may be followed by a version number.
    let authserv = segments.next()?.split_ascii_whitespace().next()?.trim_matches('"').to_owned();
    // What a mail holds for good is no larger than it has to be: most name two or three.
    let mut methods = Vec::new();
    for method in segments.filter_map(parse_method).take(MAX_METHODS).flatten() {
        methods.reserve_exact(1);
        methods.push(method);
    }
    Some(AuthResults { authserv, methods, below_foreign_received: false, ses_id: None, spam: None, virus: None })
}

/// A method that is written as one; the inner `None` is one that nothing follows from.
fn parse_method(segment: &str) -> Option<Option<MethodResult>> {
    let mut pairs = pairs(segment);
    let (method, result) = pairs.next()?;
    let method = match method.split('/').next().unwrap_or_default().trim() {
        "dkim" => Method::Dkim,
        "dmarc" => Method::Dmarc,
        _ => return Some(None),
    };
    let outcome = match result {
        "pass" => Outcome::Pass,
        "fail" => Outcome::Fail,
        "none" => Outcome::None,
        _ => Outcome::Other,
    };
    let property = |name: &str| pairs.clone().find(|(known, _)| *known == name).map(|(_, value)| value.to_owned());
    let domain = match method {
        Method::Dmarc => property("header.from"),
        Method::Dkim => property("header.d").or_else(|| property("header.i")),
    };
    Some(Some(MethodResult { method, outcome, domain }))
}

/// `name=value` pairs, white space around the `=` and quotes around the value allowed.
fn pairs(segment: &str) -> impl Iterator<Item = (&str, &str)> + Clone {
    let mut rest = segment;
    std::iter::from_fn(move || {
        let (name, behind) = rest.split_once('=')?;
        // A word without `=` before this one belongs to nothing.
        let name = name.trim().rsplit(char::is_whitespace).next().unwrap_or_default();
        let behind = behind.trim_start();
        let (value, behind) = match behind.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => behind.split_at(behind.find(char::is_whitespace).unwrap_or(behind.len())),
        };
        rest = behind;
        Some((name, value))
    })
}

fn split_outside_quotes(text: &str) -> impl Iterator<Item = &str> + Clone {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let (text, mut quoted) = (rest?, false);
        let ends = |at: &usize| {
            let quote = text.as_bytes().get(*at) == Some(&b'"');
            quoted ^= quote;
            !quote && !quoted
        };
        let end = memchr::memchr2_iter(b';', b'"', text.as_bytes()).find(ends);
        rest = end.map(|end| &text[end + 1..]);
        Some(&text[..end.unwrap_or(text.len())])
    })
}

/// The text without comments in parentheses, which nest (RFC 5322, 3.2.2) and may hold anything, also `dmarc=pass`.
fn without_comments(text: &str) -> String {
    let (mut depth, mut quoted, mut out) = (0usize, false, String::with_capacity(text.len()));
    let mut rest = text;
    let special = |depth: usize, rest: &str| match depth {
        0 => memchr::memchr3(b'\\', b'"', b'(', rest.as_bytes()),
        _ => memchr::memchr3(b'\\', b'(', b')', rest.as_bytes()),
    };
    while let Some(at) = special(depth, rest) {
        let (before, special) = rest.split_at(at);
        rest = &special[1..];
        if depth == 0 {
            out.push_str(before);
        }
        match &special[..1] {
            "\\" if depth > 0 || quoted => {
                let mut chars = rest.chars();
                chars.next();
                rest = chars.as_str();
            }
            "\"" => {
                quoted = !quoted;
                out.push('"');
            }
            "(" if !quoted => depth += 1,
            ")" => {
                depth -= 1;
                out.push(' ');
            }
            other => out.push_str(other),
        }
    }
    if depth == 0 {
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SES: &str =
        "Received: from a (a [192.0.2.1]) by inbound-smtp.eu-west-1.amazonaws.com with SMTP id k1 for x; Fri, 20 Nov 2026 10:02:00 +0000\n";

    fn of(headers: &str) -> Option<AuthResults> {
        topmost(&Fields::split(headers.as_bytes()).0)
    }

    #[test]
    fn a_folded_result_with_comments_and_several_signatures_is_read() {
        let text = format!(
            "{SES}Authentication-Results: amazonses.com 1;\n spf=pass (spf (nested; dmarc=fail) ok) client-ip=192.0.2.1;\n\
             \tdkim=pass header.i=@amazon.com;\n dkim = permerror header.i=@x.example;\n dmarc=pass (p=QUARANTINE) header.from=\"Amazon.com\";\n\n"
        );
        let found = of(&text).unwrap();
        assert_eq!((found.authserv.as_str(), found.below_foreign_received), ("amazonses.com", false));
        assert_eq!(found.ses_id.as_deref(), Some("k1"));
        let all: Vec<_> = found.methods.iter().map(|m| (m.method, m.outcome, m.domain.as_deref())).collect();
        assert_eq!(
            all,
            [
                (Method::Dkim, Outcome::Pass, Some("@amazon.com")),
                (Method::Dkim, Outcome::Other, Some("@x.example")),
                (Method::Dmarc, Outcome::Pass, Some("amazon.com")),
            ]
        );
    }

    #[test]
    fn a_forged_result_further_down_is_marked_or_not_seen() {
        let forged = "Authentication-Results: amazonses.com; dmarc=pass header.from=amazon.com\n\n";
        let below = of(&format!("{SES}Received: from evil by mx.evil.example; x\n{forged}")).unwrap();
        assert!(below.below_foreign_received);
        let second = of(&format!("{SES}Authentication-Results: amazonses.com; dmarc=fail\n{forged}")).unwrap();
        assert_eq!(second.methods[0].outcome, Outcome::Fail);
        let comment = of("Received: from x (by inbound-smtp.eu-west-1.amazonaws.com) by mx.evil.example; x\n\
             Authentication-Results: amazonses.com; dmarc=pass\n\n");
        assert!(comment.unwrap().below_foreign_received);
    }

    #[test]
    fn odd_values_never_panic() {
        for value in ["", ";", "(((", "\"", "a; =", "a; b", "a; b=\"c", "a;=;==;b=c=d", "\\", "(\\", "a; x y z=1 w"] {
            let _ = parse(value);
        }
    }
}
