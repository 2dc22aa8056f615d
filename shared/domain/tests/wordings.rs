//! Wordings that no rule was written for: of the same kind as AWS's phrases they are understood, of any other kind they are
//! never taken for an approval; and the way a text is wrapped and encoded never changes what it means.

use domain::classify::{self, Meaning, Reading};
use domain::mail;
use domain::policy::Policy;
use domain::trust::{Judgement, Trust};
use proptest::prelude::*;

const HEAD: &str = "From: aws-automation@email.amazon.com\nSubject: port 25\n";
/// Courtesies and links as they stand under real answers: none of it is a question about the request.
const FOOT: &str = "\n\nDid this answer help you? We welcome your feedback: please rate this answer.\n\nIf you have any further questions, \
                    please do not hesitate to contact us.\n\nThis address cannot accept incoming e-mail.\n";

const APPROVED: &[&str] = &[
    "We have approved your request to lift the email sending limitations.",
    "Good news! Your request for a higher service quota has been approved.",
    "We've checked everything. We've reviewed and approved your limit increase request.",
    "After a careful review, we have raised your sending quota to 70,000 messages a day.",
    "Your request to remove the email sending limitations from the resources of your account has been approved.",
    "I'm glad to let you know that your reverse DNS record has been configured.",
    "We have set up the rDNS entry for 203.0.113.4. Please let us know if anything is missing.",
    "I have heard from the service team that they have approved your request.",
    "We have taken your account out of the sandbox. If complaints rise, we may suspend your account.",
    "Your limit increase has been approved and will be available within 30 minutes.",
    "I am pleased to inform you that your EC2 limit was successfully increased to 100 in us-west-2.",
    "We have approved your appeal, and the email sending limitations are gone.",
    "The team has approved your request for a sending quota of 100,000 messages per day.",
    "We have granted your account production access.",
    "Your request to remove email sending limitations in eu-west-1 was approved.",
];
const DENIED: &[&str] = &[
    "Thank you for providing us with additional information. We read it, but we are still unable to grant your request.",
    "To protect other customers we are denying this request.",
    "Thank you for your patience. Unfortunately, we are unable to process your request at this time.",
    "We're sorry, but we can't increase your limit right now.",
    "Due to the age of your account you are not eligible for this increase.",
    "Unfortunately, your request was not approved.",
    "We regret to inform you that your request has been rejected.",
    "We won't be granting this request.",
    "It came late; your appeal was declined.",
    "I am afraid we are not in a position to approve the increase.",
    "We are unable to share how we decided. At this time we are not able to remove the restriction from your account.",
    "After reviewing your use case, we've determined that we won't be able to remove the limitation.",
    "At this time, your request does not qualify for an increase.",
    "We are not in a position to lift the port 25 restrictions on this account.",
    "Your request for production access has not been granted.",
    "We have declined your request for a limit increase.",
    "We have decided to maintain the current port 25 restriction on your account.",
    "We will be keeping the email sending limitations in place.",
    "Unfortunately, we can't lift the port 25 restriction for accounts with an unpaid balance.",
    "Upon review, the service team could not approve the increase that you asked for.",
    "It's been decided that your account will not receive an exemption from the email sending limitations.",
    "Your service quota increase request was rejected.",
    "We regret that your request to remove the limits could not be fulfilled.",
];
const QUESTION: &[&str] = &[
    "We need you to provide a clear use case.",
    "We require additional details regarding the mail that you intend to send.",
    "Can you tell us how you will handle complaints?",
    "We have not yet heard back from you.",
    "Before we can proceed, kindly provide the A record of your domain.",
    "Please describe your use case.",
    "To go on, answer the questions below:\n1. What do you send?\n2. How do you get addresses?",
    "We're unable to process your request without further details.",
    "We still need the PTR name for this address.",
    "Your response is required to continue.",
    "We'd appreciate it if you could provide more details on your use case for port 25.",
    "Can we have the list of the instance IDs?",
    "Your port 25 request is missing the following: a clear use case, and how you prevent unwanted mail.",
    "For us to proceed, the following is needed: the Elastic IPs and the reverse DNS names.",
    "Please update your case with the answers to these points.",
    "Please let us know the Elastic IP addresses that send the mail.",
    "We noticed that the payment method on your account is not valid. Please update it before we can continue with your port 25 request.",
    "Would you mind sharing an example of the mail that you send?",
    "To complete your port 25 request we will require proof that you own the domain.",
    "Kindly fill in the attached questionnaire and send it back to us.",
    "In order for the team to evaluate this, they have asked for the expected daily volume and a sample of the content.",
    "I see that you are asking for 70,000 messages a day. Help me understand why you need this many.",
    "The A record for mail.corp.example does not resolve to your Elastic IP. Please fix this and write back.",
    "Your attention is needed: your case has been put on hold pending your reply.",
    "Please respond at your earliest convenience so that we can move forward.",
];
const PROGRESS: &[&str] = &[
    "Your request is currently under review.",
    "We are still reviewing your request and will update you shortly.",
    "I have escalated your case to the service team.",
    "Our team is working on it.",
    "We're still looking into this.",
    "Just a quick update on your port 25 request: the team needs a little more time to complete the review.",
    "Your case has been assigned to an engineer, who will be in touch.",
    "We apologize for the delay. Your request is in the queue and will be reviewed soon.",
    "I wanted to let you know that I have reached out to the relevant team and will get back to you once I hear from them.",
    "I have engaged our internal service team and they are currently looking at your request. I'll keep you posted.",
    "This is to let you know that we continue to work on your case. There is nothing needed from you at the moment.",
];
const RECEIVED: &[&str] = &[
    "We have received your request and will respond within 48 hours.",
    "This is to acknowledge receipt of your form.",
    "Thank you for submitting the form. It is being reviewed.",
    "Thanks for reaching out. This is an automated message to let you know that we got your request. A member of our team will review it.",
    "Your request to remove email sending limitations has been submitted.",
    "Thank you for contacting Amazon Web Services. We acknowledge receipt of your port 25 request and will look into it.",
    "We got your port 25 removal request and it is now in our queue. You should hear from us within 48 hours.",
];
const UNCLEAR: &[&str] = &[
    "This case has been resolved.",
    "You're all set.",
    "Your request has been processed.",
    "We will grant your request shortly.",
    "Let us know if your request is approved.",
    "We approved nothing.",
    "We hope that your request is granted.",
    "In case we have approved your request, ignore this.",
    "To get your request approved, wait.",
    "Your request to have the increase approved is here.",
    "Most customers whose request was approved are happy.",
    "Imagine that we have granted your request!",
    "We have almost approved your request.",
    "We have partially approved your request.",
    "We have granted your request to close the case.",
    "It looks like your request was approved by mistake.",
    "As soon as your request is approved you are free.",
    "Make sure that your reverse DNS was configured.",
    "If we are unable to process your request, that is that.",
    "Thank you for contacting us.",
];

fn read(mail: &[u8]) -> Reading {
    classify::read(&mail::read(mail), &Judgement { trust: Trust::Verified, why: "" }, &Policy::default())
}

fn plain(body: &str) -> Vec<u8> {
    format!("{HEAD}\nHello,\n\n{body}{FOOT}").into_bytes()
}

#[test]
fn each_wording_means_what_it_says() {
    let all = [
        (Meaning::Approved, APPROVED),
        (Meaning::Denied, DENIED),
        (Meaning::Question, QUESTION),
        (Meaning::Progress, PROGRESS),
        (Meaning::Received, RECEIVED),
        (Meaning::Unclear, UNCLEAR),
    ];
    let mut wrong = Vec::new();
    for (meaning, bodies) in all {
        for body in bodies {
            let found = read(&plain(body));
            if found.meaning != meaning {
                let rules: Vec<_> = found.evidence.iter().map(|e| format!("{} \"{}\"", e.rule, e.matched)).collect();
                wrong.push(format!("{} instead of {}: {body} ({})", found.meaning.as_str(), meaning.as_str(), rules.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Sentences that were written before the rules that they are held against, a meaning and a sentence a line; `not approved` stands for
/// any other meaning.
const BLIND: &str = include_str!("wordings.txt");

#[test]
fn sentences_written_without_sight_of_the_rules_mean_what_they_say() {
    let mut wrong = Vec::new();
    let mut read_so_far = 0;
    for (meaning, body) in BLIND.lines().filter_map(|line| line.split_once('|')) {
        read_so_far += 1;
        let found = read(&plain(body)).meaning;
        let right = if meaning == "not approved" { found != Meaning::Approved } else { found.as_str() == meaning };
        if !right {
            wrong.push(format!("{} instead of {meaning}: {body}", found.as_str()));
        }
    }
    assert!(read_so_far >= 250, "only {read_so_far} sentences");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Granted in the past, by mistake, in part, to somebody else, or only hoped for: whatever it means, it lets nobody rest.
const NEVER_APPROVED: &[&str] = &[
    "We have received your request that was approved by your manager.",
    "Our policy says that requests are approved within 48 hours.",
    "Your request was approved in error and has been reversed.",
    "Please tell us whether your previous request was approved.",
    "You wrote that we have granted your request. We have no record of that.",
    "Limits that have been increased may be lowered again.",
    "We grant requests like yours only after a review.",
    "We have approved your request for review.",
    "Had we granted your request, you would have received another mail.",
    "We have granted your request partially: the limits stay in eu-west-1.",
    "We are pleased to inform you that your request was forwarded.",
    "Your request has been approved by the support team and is now with the service team for final approval.",
    "We approved your request on Monday, and revoked it today.",
    "It is true that we have granted your request in the past.",
    "As an example: Your request was approved.",
    "Nobody in our team has approved your request.",
    "We have approved your request. However, we found a problem with your account and the limits could not be removed yet.",
    "Your request was approved yesterday. Today that decision was reversed.",
    "We have granted your request. That message was sent to you by mistake.",
    "Thank you! We have granted many requests like yours, and will look at this one soon.",
    "Your new sending quota is not set yet.",
    "Your new limit is under review.",
    "We have configured the reverse DNS record you requested incorrectly and had to take it back.",
    "We have moved your account out of the sandbox queue and into the review queue.",
    "This takes effect immediately in the region when you have verified a domain.",
    "The increase was implemented and then rolled back.",
    "We have increased your limits of open cases. The port 25 request is still open.",
    "You may use this template: \"We have granted your request\".",
    "Your colleague wrote: we have granted your request.",
    "We have not approved your request, we have approved another.",
    "To have your request approved, please fill in the form.",
    "We have approved your request to be reviewed by a specialist.",
    "Your request to have the limit removed has been approved for the first of two stages.",
    "I see your request has been approved on your side.",
];

#[test]
fn what_only_sounds_like_a_grant_is_no_approval() {
    let wrong: Vec<&&str> = NEVER_APPROVED.iter().filter(|body| read(&plain(body)).meaning == Meaning::Approved).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The text wrapped at a width, as plain text.
fn wrapped(body: &str, width: usize) -> Vec<u8> {
    let lines = body.split('\n').map(|line| {
        let mut out = String::new();
        let mut column = 0;
        for word in line.split(' ') {
            if column + word.len() > width && column > 0 {
                out.push('\n');
                column = 0;
            } else if column > 0 {
                out.push(' ');
            }
            out.push_str(word);
            column += word.len() + 1;
        }
        out
    });
    plain(&lines.collect::<Vec<_>>().join("\n"))
}

/// Every byte that is not a letter escaped, soft breaks every few characters.
fn quoted_printable(body: &str, width: usize) -> Vec<u8> {
    let mut out = format!("{HEAD}Content-Transfer-Encoding: quoted-printable\n\n");
    for (at, byte) in format!("Hello,\n\n{body}{FOOT}").bytes().enumerate() {
        if byte.is_ascii_alphanumeric() || byte == b'\n' {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("={byte:02X}"));
        }
        if at % width == width - 1 {
            out.push_str("=\n");
        }
    }
    out.into_bytes()
}

fn html(body: &str) -> Vec<u8> {
    let text = body.replace('&', "&amp;").replace('\'', "&rsquo;").replace('\n', "<br>\n").replace(' ', "\n ");
    let foot = FOOT.replace("\n\n", "</p><p>");
    format!("{HEAD}Content-Type: text/html; charset=UTF-8\n\n<html><body><p>Hello,</p><p>{text}{foot}</p></body></html>").into_bytes()
}

fn base64(body: &str, width: usize) -> Vec<u8> {
    let text = data_encoding::BASE64.encode(format!("Hello,\n\n{body}{FOOT}").as_bytes());
    let lines: Vec<&str> = text.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap_or_default()).collect();
    format!("{HEAD}Content-Transfer-Encoding: base64\n\n{}\n", lines.join("\n")).into_bytes()
}

/// RFC 3676: a line that ends in a space goes on in the next one.
fn flowed(body: &str, width: usize) -> Vec<u8> {
    let text = String::from_utf8(wrapped(body, width)).unwrap_or_default();
    let (head, text) = text.split_once("\n\n").unwrap_or_default();
    let soft: Vec<String> = text.split("\n\n").map(|paragraph| paragraph.replace('\n', " \n")).collect();
    format!("{head}\nContent-Type: text/plain; format=flowed\n\n{}", soft.join("\n\n")).into_bytes()
}

/// As a person passes it on, without a word of their own.
fn forwarded(body: &str, gmail: bool) -> Vec<u8> {
    let (line, sent) = if gmail { ("---------- Forwarded message ---------\n", "Date") } else { ("\n", "Sent") };
    let block = format!(
        "From: Amazon Web Services <aws-automation@email.amazon.com>\n{sent}: Fri, Nov 20, 2026 at 10:02 AM\nSubject: port 25\nTo: <us@corp.example>\n"
    );
    format!("From: aws-automation@email.amazon.com\nSubject: Fwd: port 25\n\n{line}{block}\n\nHello,\n\n{body}{FOOT}").into_bytes()
}

/// What does not depend on the form of a mail.
fn gist(reading: &Reading) -> (Meaning, Option<String>, Option<String>, Vec<String>) {
    (
        reading.meaning,
        reading.own_id.as_ref().map(|own| own.id.to_string()),
        reading.account.as_ref().map(ToString::to_string),
        reading.regions.iter().map(ToString::to_string).collect(),
    )
}

/// What names the request, behind any text.
const NAMES: &str = "\n\nRequest ID: 172345678900123, account 111122223333, Europe (Stockholm).";

proptest! {
    #[test]
    fn wrapping_and_encoding_change_nothing(
        body in prop::sample::select([APPROVED, DENIED, QUESTION, PROGRESS, RECEIVED, UNCLEAR].concat()),
        width in 20usize..90,
    ) {
        let body = &format!("{body}{NAMES}");
        let expected = gist(&read(&plain(body)));
        prop_assert_eq!(expected.1.as_deref(), Some("172345678900123"));
        let forms = [wrapped(body, width), quoted_printable(body, width), html(body), base64(body, width), flowed(body, width)];
        for other in forms.into_iter().chain([forwarded(body, true), forwarded(body, false)]) {
            prop_assert_eq!(gist(&read(&other)), expected.clone(), "{}", String::from_utf8_lossy(&other));
        }
    }

    /// Any words in any order, with none of the words that grant in the perfect or passive: no approval.
    #[test]
    fn words_without_a_grant_are_never_an_approval(words in prop::collection::vec("[a-z]{1,9}", 0..60)) {
        prop_assert_ne!(read(&plain(&words.join(" "))).meaning, Meaning::Approved);
    }
}
