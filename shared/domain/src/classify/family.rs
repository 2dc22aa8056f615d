//! The family of a mail, by its structure: AWS's subject templates, the footer, the words of the form. Never by the address
//! alone: AWS mails strangers' words from the same addresses.

use super::needles::Needles;
use super::own_id::has_support_footer;
use super::subject::{Subject, Template};
use super::{Evidence, Family, Place};
use crate::mail::Mail;
use crate::policy::Policy;

/// The address of SNS: it carries our own alerts, and subscriptions.
const SNS: &str = "no-reply@sns.amazonaws.com";
/// The address that answers the port 25 form.
const FORM: &str = "aws-automation@email.amazon.com";
/// Addresses that write to customers about things that are no request.
const NOTICES: &[&str] = &["health@aws.com", "no-reply@amazonaws.com", "aws-receivables-support@email.amazon.com", "no-reply@signin.aws"];
/// Addresses of families other than the form's: there the form's words alone are a stranger's.
const OTHERS: &[&str] =
    &["no-reply-aws@amazon.com", "trustandsafety@support.aws.com", "ec2-abuse@amazon.com", "aws-verification@amazon.com"];
/// Only this much of the text is searched for words that name the family, in bytes; they stand at the top.
const TOP: usize = 8 * 1024;

/// What a mail from the form's own address is about besides: words too common to name the family of any other sender.
const FORM_HINTS: &[&str] = &[
    "port25",
    "email limit",
    "e-mail limit",
    "smtp",
    "throttl",
    "elastic ip",
    "forward dns",
    "a record",
    "ptr",
    "from ec2",
    "unwanted mail",
    "unwanted email",
    "unsolicited",
    "simple email service",
    "request id",
    "your request",
];
/// Subjects, from their start, of mail that is no part of a request.
const NOTICE_SUBJECTS: &[&str] = &[
    "ec2 account notification",
    "amazon ec2 account notification",
    "amazon web services billing statement",
    "your amazon web services invoice",
    "amazon web services invoice",
    "aws health event",
];
/// Subjects, from their start, of mail in which AWS carries strangers' words or checks an address.
const CARRIER_SUBJECTS: &[&str] = &[
    "amazon ses setup notification",
    "aws notification - subscription confirmation",
    "aws notification - unsubscribe confirmation",
    "your verification code",
    "amazon web services - email address verification request",
    "amazon workmail",
    "welcome to amazon workmail",
    "your aws organization has invited",
    "your organization has invited",
    "invitation to join",
    "you have been invited to join",
    "your aws account has been invited",
    "verify your contact",
    "verify your alternate contact",
    "verify your email address",
    "please verify your contact",
    "confirm your contact",
    "review your contact",
];
/// What is looked for in the text, in one pass: sentences of carriers, what the form is about, and that a case was opened.
static WORDS: Needles = Needles::new(&[
    "your verification code is",
    "your confirmation code is",
    "you have chosen to subscribe to the topic",
    "to confirm this subscription",
    "invited your aws account to join",
    "invited your account to join",
    "invitation to join an organization",
    "to join their organization",
    "to join the organization",
    "port 25",
    "tcp 25",
    "email sending limit",
    "email sending restriction",
    "e-mail sending limit",
    "sending limitations",
    "reverse dns",
    "rdns",
    "ptr record",
    "ポート 25",
    "逆引き",
    OPENED_CASE,
]);
const CARRIERS: usize = 9;
/// Bits of [`Needles::found`].
const CARRIER: u32 = (1 << CARRIERS) - 1;
const FORM_WORDS: u32 = ((1 << 11) - 1) << CARRIERS;
const OPENED: u32 = 1 << (CARRIERS + 11);
const OPENED_CASE: &str = "opened case ";

/// What kind of mail it is.
pub(super) struct Found {
    pub(super) family: Family,
    /// What says so where the family alone decides the meaning.
    pub(super) evidence: Option<Evidence>,
    /// Whether it announces that a case was opened: it then carries the opener's title and text, and can only mean received.
    pub(super) announces_case: bool,
}

impl Found {
    const fn of(family: Family, evidence: Option<Evidence>) -> Self {
        Self { family, evidence, announces_case: false }
    }
}

/// The top of the text, and which of [`WORDS`] stand in it.
struct Top {
    text: String,
    has: u32,
}

/// A mail's family.
pub(super) fn of(mail: &Mail, subject: &Subject<'_>, policy: &Policy) -> Found {
    let sender = mail.from.first().map_or("", |a| a.address.as_str());
    let bare = subject.bare.as_str();
    if bare.starts_with("[port25]") && !policy.is_aws(sender) {
        return Found::of(Family::AlertEcho, evidence("family.alert-echo", bare, Place::Subject));
    }
    if sender == SNS {
        return Found::of(
            if bare.starts_with("aws notification") { Family::Carrier } else { Family::AlertEcho },
            evidence("family.sns", sender, Place::Header),
        );
    }
    let text = top(&mail.newest);
    let top = Top { has: WORDS.found(&text), text };
    let token = subject.token.as_ref();
    // Behind AWS's token stands a title: it names no family.
    if token.is_none()
        && let Some(found) = irrelevant(mail, sender, bare, &top)
    {
        return found;
    }
    let opening = token.is_some_and(|t| t.template == Template::Opening);
    let announces_case = opening || (token.is_none() && opened_case(&top));
    Found { family: relevant(mail, sender, token.map(|t| t.template), bare, &top), evidence: None, announces_case }
}

fn irrelevant(mail: &Mail, sender: &str, bare: &str, top: &Top) -> Option<Found> {
    if let Some(found) = CARRIER_SUBJECTS.iter().find(|s| bare.starts_with(**s)) {
        return Some(Found::of(Family::Carrier, evidence("family.carrier", found, Place::Subject)));
    }
    if top.has & CARRIER != 0 {
        let found = WORDS.text(top.has.trailing_zeros());
        return Some(Found::of(Family::Carrier, evidence("family.carrier-text", found, Place::Newest)));
    }
    if let Some(found) = NOTICE_SUBJECTS.iter().find(|s| bare.starts_with(**s)) {
        return Some(Found::of(Family::Notice, evidence("family.notice", found, Place::Subject)));
    }
    // From an address of notices, unless anything hints at a request: then a person looks.
    let hint = || !mail.thread.is_empty() || has_support_footer(mail) || has_form_words(bare) || top.has & FORM_WORDS != 0;
    (NOTICES.contains(&sender) && !hint()).then(|| Found::of(Family::Notice, evidence("family.notice-address", sender, Place::Header)))
}

fn relevant(mail: &Mail, sender: &str, template: Option<Template>, bare: &str, top: &Top) -> Family {
    let in_thread = !mail.thread.is_empty();
    let form = top.has & FORM_WORDS != 0 || (template.is_none() && has_form_words(bare));
    let abuse = sender == "trustandsafety@support.aws.com" || sender == "ec2-abuse@amazon.com";
    let verification = sender == "aws-verification@amazon.com";
    match template {
        Some(Template::Abuse) => return Family::Abuse,
        Some(_) if abuse => return Family::Abuse,
        Some(_) if verification => return Family::Verification,
        Some(Template::Case | Template::Request) if sender == FORM && form => return Family::Port25,
        Some(Template::Opening | Template::Case) => return Family::SupportCase,
        Some(Template::Request) if !OTHERS.contains(&sender) => return Family::Port25,
        Some(Template::Request) | None => {}
    }
    if abuse
        && (in_thread || ["abuse", "trust & safety", "trust and safety", "report"].iter().any(|w| top.text.contains(w) || bare.contains(w)))
    {
        return Family::Abuse;
    }
    if verification && (in_thread || ["verif", "validat"].iter().any(|w| top.text.contains(w) || bare.contains(w))) {
        return Family::Verification;
    }
    if sender == FORM {
        let hint = || FORM_HINTS.iter().any(|word| top.text.contains(word) || (template.is_none() && bare.contains(word)));
        return if form || in_thread || hint() { Family::Port25 } else { Family::Other };
    }
    if has_support_footer(mail) || opened_case(top) {
        return Family::SupportCase;
    }
    if form && !OTHERS.contains(&sender) { Family::Port25 } else { Family::Other }
}

/// "has opened case N on your behalf", "We have opened case N".
fn opened_case(top: &Top) -> bool {
    top.has & OPENED != 0
        && top.text.match_indices(OPENED_CASE).any(|(at, phrase)| {
            let behind = top.text[at + phrase.len()..].starts_with(|c: char| c.is_ascii_digit());
            behind && ["has ", "have ", "we've "].iter().any(|before| top.text[..at].ends_with(before))
        })
}

fn has_form_words(text: &str) -> bool {
    WORDS.found(text) & FORM_WORDS != 0
}

/// The top of a text in lower case, white space collapsed so that a wrapped phrase is whole.
fn top(text: &str) -> String {
    let text = beginning(text).trim();
    if text.is_ascii() {
        let mut bytes = text.to_ascii_lowercase().into_bytes();
        // White space as `split_whitespace` has it.
        bytes.iter_mut().filter(|byte| matches!(byte, b'\t'..=b'\r')).for_each(|byte| *byte = b' ');
        bytes.dedup_by(|next, byte| *next == b' ' && *byte == b' ');
        return String::from_utf8(bytes).unwrap_or_default();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out.to_lowercase()
}

fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(TOP)]
}

fn evidence(rule: &str, matched: &str, place: Place) -> Option<Evidence> {
    Some(super::reading::evidence(rule, matched, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(headers: &str, body: &str) -> Family {
        let mail = crate::mail::read(format!("{headers}\n\n{body}").as_bytes());
        of(&mail, &Subject::of(&mail.subject), &Policy::default()).family
    }

    #[test]
    fn structure_names_the_family() {
        let case = "From: no-reply-aws@amazon.com\nSubject: ";
        assert_eq!(family(&format!("{case}Amazon Web Services: New Support case: 172300000000111"), "x"), Family::SupportCase);
        assert_eq!(family(&format!("{case}RE:[CASE 172300000000111] port 25"), "x"), Family::SupportCase);
        assert_eq!(family(case, "Support has opened case 172300000000111 on your behalf"), Family::SupportCase);
        assert_eq!(family("From: aws-automation@email.amazon.com", "the email sending\nlimitations of your account"), Family::Port25);
        assert_eq!(family("From: aws-automation@email.amazon.com\nReferences: <a@b>", "thank you"), Family::Port25);
        assert_eq!(family("From: aws-automation@email.amazon.com", "which Elastic IP is it?"), Family::Port25);
        assert_eq!(family("From: no-reply-aws@amazon.com", "which Elastic IP is it?"), Family::Other);
        assert_eq!(
            family("From: trustandsafety@support.aws.com\nSubject: Your AWS Abuse Report [1723000] [AWS ID 111122223333]", "x"),
            Family::Abuse
        );
        assert_eq!(family("From: aws-verification@amazon.com", "please verify your account"), Family::Verification);
    }

    #[test]
    fn an_address_alone_names_none() {
        for address in
            ["no-reply-aws@amazon.com", "aws-automation@email.amazon.com", "trustandsafety@support.aws.com", "aws-verification@amazon.com"]
        {
            assert_eq!(family(&format!("From: {address}"), "hello"), Family::Other, "{address}");
        }
        assert_eq!(family("From: no-reply-aws@amazon.com", "We have granted your port 25 request"), Family::Other);
    }

    #[test]
    fn carriers_notices_and_echoes() {
        assert_eq!(family("From: no-reply@sns.amazonaws.com\nSubject: [port25] OVERDUE 51h x", "x"), Family::AlertEcho);
        assert_eq!(family("From: no-reply@sns.amazonaws.com\nSubject: AWS Notification - Subscription Confirmation", "x"), Family::Carrier);
        assert_eq!(family("From: no-reply-aws@amazon.com\nSubject: Amazon SES Setup Notification", "x"), Family::Carrier);
        assert_eq!(
            family(
                "From: no-reply@amazonaws.com",
                "Jane invited your AWS account to join an organization. Note: we have granted your request"
            ),
            Family::Carrier
        );
        assert_eq!(family("From: no-reply-aws@amazon.com\nSubject: EC2 Account Notification", "port 25"), Family::Notice);
        assert_eq!(family("From: health@aws.com\nSubject: maintenance", "x"), Family::Notice);
        assert_eq!(family("From: no-reply@amazonaws.com\nSubject: your reverse DNS request", "x"), Family::Port25);
    }
}
