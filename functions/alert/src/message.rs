//! What people read: the frozen subject, what to do first, then why now, then the facts.

use std::fmt::Write;

use domain::alert::{Alert, AlertId, Cause, DAY_MAX, Planned, Severity, Step};
use domain::classify::Meaning;
use domain::due::deadline;
use domain::policy::Policy;
use domain::reply::{channel, instruction, minute, text as draft};
use domain::request::{Entry, Request, ShownId, Turn, Why, known};
use domain::text::{cut, one_line};
use domain::trust::Trust;
use jiff::{SignedDuration, Timestamp};
use store::{Head, StoredMail};

/// SNS wants a subject of fewer than 100 characters, ASCII, without line breaks.
pub const SUBJECT_MAX: usize = 99;
/// How much of AWS's words an alert quotes, in bytes.
const QUOTE_MAX: usize = 1_200;
/// How many lines a summary lists.
const LINES_MAX: usize = 20;

/// A message, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// ASCII, at most [`SUBJECT_MAX`] characters. Its format is frozen: people filter on it.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// The identity: a repeat after a crash carries the same.
    pub alert_id: String,
    /// Constant over the repeats and the resolve of one cause.
    pub dedup_key: String,
    /// `trigger`, `remind`, `resolve` or `digest`.
    pub event: &'static str,
    /// The word of its kind in the subject: `OVERDUE`, `OUR TURN`, `RESOLVED`, …
    pub word: &'static str,
    /// The cause's word.
    pub cause: &'static str,
    /// The account, if it is known.
    pub account: Option<String>,
    /// The first Region, if one is known.
    pub region: Option<String>,
    /// How much it matters; it decides the topic.
    pub severity: Severity,
    /// Whose turn it is now (`aws`, `ours`), or how the request ended; `-` where it is about no request.
    pub state: &'static str,
    /// How long the present turn has lasted.
    pub age: SignedDuration,
}

/// The word of a cause in the subject. Frozen.
const fn word(id: &AlertId) -> &'static str {
    match (id.step, id.cause) {
        (Step::Resolved, _) => "RESOLVED",
        (_, Cause::Overdue | Cause::Dormant) => "OVERDUE",
        (_, Cause::OurTurn) => "OUR TURN",
        (_, Cause::Unclear) => "UNCLEAR",
        (_, Cause::Confirm) => "CONFIRM",
        (_, Cause::Approved) => "APPROVED",
        (_, Cause::Denied) => "DENIED",
        (_, Cause::Unexpected | Cause::Quarantine) => "CHECK MAIL",
        (_, Cause::System) => "SYSTEM",
        (_, Cause::Test) => "TEST",
    }
}

/// `[port25] OVERDUE 51h 123456789012 eu-west-1 <shown id>`; what is unknown is `-`, several Regions are the first and `+n`.
fn subject(word: &str, hours: Option<i64>, account: Option<&str>, regions: &[domain::ids::Region], id: &str) -> String {
    let hours = hours.map(|h| format!(" {h}h")).unwrap_or_default();
    let more = if regions.len() > 1 { format!("+{}", regions.len() - 1) } else { String::new() };
    let region = regions.first().map_or("-", |r| r.as_str());
    let mut subject = format!("[port25] {word}{hours} {} {region}{more} {id}", account.unwrap_or("-"));
    subject.retain(|c| c.is_ascii() && !c.is_ascii_control());
    subject.truncate(SUBJECT_MAX);
    subject
}

/// The message of an alert about a request.
pub fn compose(request: &Request, entries: &[Entry], _alerts: &[Alert], planned: &Planned, policy: &Policy, now: Timestamp) -> Message {
    let id = &planned.id;
    let hours = now.duration_since(request.turn.since()).as_hours().max(0);
    let shown_hours = (id.cause == Cause::Overdue && id.step != Step::Resolved).then_some(hours);
    let account = request.account.as_ref().map(|a| a.as_str());
    let opening = entries.iter().find(|e| e.id.as_str() == id.opening);
    let mut body = String::new();
    let mut line = |text: &str| {
        body.push_str(text);
        body.push('\n');
    };
    line(&what_to_do(request, entries, id, policy));
    line("");
    line(&why_now(request, id, opening, policy, now));
    if planned.skipped > 0 {
        line(&format!("({} earlier reminder(s) were due and were not sent.)", planned.skipped));
    }
    if let Some(mail) = opening.and_then(Entry::mail).filter(|_| quotes(id)) {
        line("");
        line(&format!("AWS wrote on {} (subject: {}):", opening.map(|e| minute(e.at)).unwrap_or_default(), one_line(&mail.subject)));
        for text in cut(&mail.excerpt, QUOTE_MAX).lines() {
            line(&format!("> {text}"));
        }
    }
    line("");
    for fact in facts(request, entries) {
        line(&fact);
    }
    if id.step != Step::Resolved && matches!(id.cause, Cause::Overdue | Cause::OurTurn | Cause::Unclear | Cause::Confirm) {
        let next = policy.repeat.as_hours();
        line(&format!("Next reminder: in {next} hours, unless something happens before."));
    }
    if id.step != Step::Resolved && matches!(id.cause, Cause::Overdue | Cause::OurTurn) {
        line("");
        line("A draft, to read before you send it:");
        line("");
        for text in draft(request, entries, policy, now).lines() {
            line(&format!("    {text}"));
        }
    }
    Message {
        subject: subject(word(id), shown_hours, account, &request.regions, request.id.as_str()),
        body,
        alert_id: id.to_string(),
        dedup_key: id.dedup_key(),
        event: match id.step {
            Step::Resolved => "resolve",
            Step::Nth(_) if planned.reminder => "remind",
            Step::Nth(_) => "trigger",
        },
        word: word(id),
        cause: id.cause.as_str(),
        account: account.map(str::to_owned),
        region: request.regions.first().map(ToString::to_string),
        severity: planned.severity,
        state: match request.turn {
            Turn::Settled { outcome, .. } => outcome.as_str(),
            turn => turn.as_str(),
        },
        age: now.duration_since(request.turn.since()),
    }
}

/// Many alerts of one kind in one message: the oldest first, cut visibly.
pub fn digest_of(members: &[Message], _policy: &Policy, _now: Timestamp) -> Message {
    let mut members: Vec<&Message> = members.iter().collect();
    members.sort_by_key(|m| std::cmp::Reverse(m.age));
    let ids: Vec<&[u8]> = members.iter().map(|m| m.alert_id.as_bytes()).collect();
    let word = members.first().map_or("-", |m| m.word);
    let oldest = members.first().map(|m| m.age.as_hours().max(0)).unwrap_or_default();
    let key = format!("digest:{}", domain::ids::hash_hex(&ids, 16));
    Message {
        subject: format!("[port25] {word} {} requests, oldest {oldest}h", members.len()),
        body: String::new(),
        alert_id: key.clone(),
        dedup_key: key,
        event: "digest",
        word,
        cause: members.first().map_or("-", |m| m.cause),
        account: None,
        region: None,
        severity: members.iter().map(|m| m.severity).max().unwrap_or(Severity::Info),
        state: "-",
        age: SignedDuration::ZERO,
    }
}

/// The tracker itself is not well: these alerts do not go out.
pub fn system(id: &AlertId, stuck: &[String]) -> Message {
    let body = format!("Look at the log of the tracker's sweep.\n\nAlerts that do not go out:\n{}\n", stuck.join("\n"));
    digest(id, "[port25] SYSTEM alerts do not go out".to_owned(), body, Severity::Critical)
}

/// A person tries whether alerts arrive.
pub fn test(now: Timestamp) -> Message {
    let id = AlertId { opening: format!("{now:.0}"), cause: Cause::Test, step: Step::Nth(1) };
    digest(&id, "[port25] TEST".to_owned(), "Nothing to do: somebody tries whether alerts arrive.\n".to_owned(), Severity::Info)
}

/// Whether the alert quotes the mail that opened it.
const fn quotes(id: &AlertId) -> bool {
    !matches!(id.step, Step::Resolved) && !matches!(id.cause, Cause::Overdue)
}

fn what_to_do(request: &Request, entries: &[Entry], id: &AlertId, policy: &Policy) -> String {
    let answer = instruction(&channel(request, entries, policy));
    match (id.step, id.cause) {
        (Step::Resolved, _) if request.why().is_some() => {
            "This alert has ended. It is our turn now: that has an alert of its own.".to_owned()
        }
        (Step::Resolved, _) => "Nothing to do: this alert has ended.".to_owned(),
        (_, Cause::Overdue | Cause::OurTurn | Cause::Dormant) => answer,
        (_, Cause::Unclear) => format!("Read this mail and decide what it means. To answer: {answer}"),
        (_, Cause::Confirm) => "Read this mail and confirm what it says; until then it counts as our turn.".to_owned(),
        (_, Cause::Approved) => "Nothing to do: AWS granted the request.".to_owned(),
        (_, Cause::Denied) => format!("AWS refused the request. To appeal: {answer}"),
        (_, Cause::Unexpected) => "Check whether this request is ours: its first mail names none of the expected accounts.".to_owned(),
        (_, Cause::Quarantine) => "Look at the mails in quarantine.".to_owned(),
        (_, Cause::System) => "Look at the log of the tracker's sweep.".to_owned(),
        (_, Cause::Test) => "Nothing to do: somebody tries whether alerts arrive.".to_owned(),
    }
}

fn why_now(request: &Request, id: &AlertId, opening: Option<&Entry>, policy: &Policy, now: Timestamp) -> String {
    let since = request.turn.since();
    let hours = now.duration_since(since).as_hours().max(0);
    let came = opening.map(|e| minute(e.at)).unwrap_or_default();
    match (id.step, id.cause) {
        (Step::Resolved, cause) => format!("It was: {}. Now: {}.", cause.as_str(), now_words(request)),
        (_, Cause::Overdue) => {
            format!(
                "AWS has been silent for {hours} hours, since {}; the deadline is {} hours.",
                minute(since),
                deadline(request, policy).as_hours()
            )
        }
        (_, Cause::OurTurn) if request.why() == Some(Why::DeniedQuestion) => {
            format!("AWS denied and asked something on {came}. Until we answer, nothing moves.")
        }
        (_, Cause::OurTurn) => format!("AWS asked something on {came}. Until we answer, nothing moves."),
        (_, Cause::Unclear) => format!("A mail of {came} came from AWS, and no rule understands it."),
        (_, Cause::Confirm) => {
            let denies = opening.and_then(Entry::mail).is_some_and(|m| m.meaning == Meaning::Denied);
            let seems = if denies { "denied" } else { "approved" };
            format!("AWS seems to have {seems} this on {came}, but the proof is not strong enough to settle it.")
        }
        (_, Cause::Approved) => format!("AWS approved this on {came}."),
        (_, Cause::Denied) => format!("AWS denied this on {came}."),
        (_, Cause::Unexpected) => format!("Its first mail came on {came}."),
        (_, Cause::Quarantine | Cause::Dormant | Cause::System | Cause::Test) => String::new(),
    }
}

fn now_words(request: &Request) -> String {
    match request.turn {
        Turn::Aws { since } => format!("AWS's turn since {}", minute(since)),
        Turn::Ours { since, why } => format!("our turn since {} ({})", minute(since), why.as_str()),
        Turn::Settled { since, outcome } => format!("{} since {}", outcome.as_str(), minute(since)),
    }
}

fn facts(request: &Request, entries: &[Entry]) -> Vec<String> {
    let id = match &request.id {
        ShownId::Aws(id) => id.to_string(),
        ShownId::Key(key) => format!("{key} (no AWS ID yet)"),
    };
    let regions: Vec<&str> = request.regions.iter().map(|r| r.as_str()).collect();
    let or_dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    let mut facts = vec![
        format!("Request: {id}"),
        format!("Account: {}", or_dash(request.account.as_ref().map(ToString::to_string).unwrap_or_default())),
        format!("Region:  {}", or_dash(regions.join(", "))),
        format!("Subject: {}", one_line(&request.subject)),
        format!("Last update: {}", minute(request.last_update)),
    ];
    match request.last_trust {
        Some(Trust::Verified) => facts.push("Trust: AWS's last mail is verified (DMARC).".to_owned()),
        Some(trust) => facts.push(format!("Trust: AWS's last mail is {}; read it with care.", trust.as_str())),
        None => {}
    }
    let known = known(request, entries);
    for (name, list) in [
        ("Elastic IP:", texts(&known.addresses, ", ")),
        ("Reverse DNS:", texts(&known.names, ", ")),
        ("Resource:", texts(&known.resources, ", ")),
        ("Granted:", texts(&known.limits, "; ")),
        ("AWS's reason:", known.reason.unwrap_or_default()),
    ] {
        if !list.is_empty() {
            facts.push(format!("{name} {list}"));
        }
    }
    if request.tangled {
        facts.push("Careful: this thread carries more than one AWS ID.".to_owned());
    }
    facts
}

fn texts<T: ToString>(things: &[T], between: &str) -> String {
    things.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}

/// The summary of mail in quarantine: those that name an open request first. `rarer` says that it is the last one of its day but for
/// the day's own.
pub fn quarantine(id: &AlertId, mails: &[StoredMail], more: bool, rarer: bool) -> Message {
    let open = mails.iter().filter(|m| m.names_open).count();
    let least = if more { "at least " } else { "" };
    let mut body = format!(
        "Look at the mails in quarantine: {open} of {least}{} name an open request.\n\n\
         They changed nothing. Nothing proves who sent them; do not answer them and follow no link in them.\n\n",
        mails.len()
    );
    let mut sorted: Vec<&StoredMail> = mails.iter().collect();
    sorted.sort_by_key(|m| !m.names_open);
    for mail in sorted.iter().take(LINES_MAX) {
        let mark = if mail.names_open { "names an open request" } else { "names no open request" };
        // A String never fails to be written to.
        let _ = writeln!(
            body,
            "- {} from {}: {} ({mark}; {})",
            minute(mail.stored),
            cut(&one_line(&mail.from), 80),
            cut(&one_line(&mail.subject), 100),
            one_line(&mail.why)
        );
    }
    if sorted.len() > LINES_MAX {
        let _ = writeln!(body, "… and {} more.", sorted.len() - LINES_MAX);
    }
    body.push_str("\nport25 quarantine lists them; port25 judge and port25 dismiss decide.\n");
    if rarer {
        let _ = writeln!(body, "More than {DAY_MAX} came today (UTC): the next summary comes when the day is over.");
    }
    digest(id, format!("[port25] CHECK MAIL {} in quarantine, {open} naming an open request", mails.len()), body, Severity::Warning)
}

/// The digest of old requests that an import brought.
pub fn dormant(id: &AlertId, heads: &[Head], now: Timestamp) -> Message {
    let waited = |h: &Head| now.duration_since(h.turn.since());
    let oldest = heads.iter().map(waited).max().unwrap_or(SignedDuration::ZERO).as_hours();
    let mut body = format!(
        "Look through {} old request(s) that never came to an end.\n\n\
         Nothing happened to them for over 30 days before they were imported, so they are listed and not repeated.\n\n",
        heads.len()
    );
    let mut sorted: Vec<&Head> = heads.iter().collect();
    sorted.sort_by_key(|h| std::cmp::Reverse(waited(h)));
    for head in sorted.iter().take(LINES_MAX) {
        let account = head.account.as_ref().map_or("-", |a| a.as_str());
        let hours = waited(head).as_hours();
        let _ = writeln!(body, "- {} {account} {hours}h {} ({})", head.id, head.turn.as_str(), cut(&one_line(&head.subject), 100));
    }
    if sorted.len() > LINES_MAX {
        let _ = writeln!(body, "… and {} more.", sorted.len() - LINES_MAX);
    }
    let plural = if heads.len() == 1 { "" } else { "s" };
    digest(id, format!("[port25] OVERDUE {} request{plural}, oldest {oldest}h", heads.len()), body, Severity::Info)
}

fn digest(id: &AlertId, subject: String, body: String, severity: Severity) -> Message {
    Message {
        subject,
        body,
        alert_id: id.to_string(),
        dedup_key: id.dedup_key(),
        event: "digest",
        word: word(id),
        cause: id.cause.as_str(),
        account: None,
        region: None,
        severity,
        state: "-",
        age: SignedDuration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::Region;

    /// People filter on subjects: this format is frozen. Do not change this test to make it pass.
    #[test]
    fn the_subject_format_is_frozen() {
        let eu = [Region::parse("eu-west-1").unwrap()];
        let two = [Region::parse("eu-west-1").unwrap(), Region::parse("us-east-1").unwrap(), Region::parse("us-west-2").unwrap()];
        assert_eq!(
            subject("OVERDUE", Some(51), Some("123456789012"), &eu, "172345678900123"),
            "[port25] OVERDUE 51h 123456789012 eu-west-1 172345678900123"
        );
        assert_eq!(subject("OUR TURN", None, None, &[], "p25-abcdefghij"), "[port25] OUR TURN - - p25-abcdefghij");
        assert_eq!(subject("APPROVED", None, None, &two, "1"), "[port25] APPROVED - eu-west-1+2 1");
        let words = Cause::ALL.map(|cause| word(&AlertId { opening: String::new(), cause, step: Step::Nth(1) }));
        let frozen =
            ["OVERDUE", "OUR TURN", "UNCLEAR", "CONFIRM", "APPROVED", "DENIED", "CHECK MAIL", "CHECK MAIL", "OVERDUE", "SYSTEM", "TEST"];
        assert_eq!(words, frozen);
    }

    /// The alert of the last of these mails, an hour apart.
    fn alert_about(texts: &[&str], cause: Cause) -> String {
        let policy = Policy::default();
        let entries: Vec<Entry> = (0..)
            .zip(texts)
            .map(|(n, text)| {
                let bytes = format!(
                    "From: aws-automation@email.amazon.com\nSubject: Re: port 25\nMessage-ID: <{n}@amazon>\nReferences: <first@amazon>\n\
                     Date: Fri, 20 Nov 2026 1{n}:00:00 +0000\n\n{text}\n"
                );
                let mail = domain::mail::read(bytes.as_bytes());
                let judgement = domain::trust::Judgement { trust: Trust::Verified, why: "" };
                let reading = domain::classify::read(&mail, &judgement, &policy);
                Entry::of_mail(&mail, &reading, &policy, "o", Timestamp::from_second(1_790_000_000).unwrap())
            })
            .collect();
        let request = domain::request::fold(&entries).swap_remove(0);
        let id = AlertId { opening: request.opened_by.to_string(), cause, step: Step::Nth(1) };
        let planned = Planned { id, request: 0, standing: false, reminder: false, skipped: 0, severity: Severity::Info };
        compose(&request, &entries, &[], &planned, &policy, Timestamp::from_second(1_790_000_000).unwrap()).body
    }

    #[test]
    fn an_approval_states_its_limits_and_a_denial_its_reason() {
        let question = "Please provide us with details on how you use 203.0.113.5.";
        let granted = "We have granted your request. Your new sending quota is 1,000 messages per day.";
        let body = alert_about(&[question, granted], Cause::Approved);
        assert!(body.contains("\nElastic IP: 203.0.113.5\nGranted: 1,000 messages per day\n"), "{body}");
        let refused = "We are unable to grant your request because your account is new. Thank you.";
        let body = alert_about(&[granted, refused], Cause::Denied);
        let reason = "\nAWS's reason: We are unable to grant your request because your account is new.\n";
        assert!(body.contains(reason) && !body.contains("Granted:"), "{body}");
        assert!(!alert_about(&["We are unable to grant your request at this time."], Cause::Denied).contains("reason:"));
    }

    #[test]
    fn a_subject_is_ascii_and_short_enough_for_sns() {
        let long = subject("OVERDUE", Some(9_999), Some("123456789012"), &[], &"x".repeat(300));
        assert!(long.len() <= SUBJECT_MAX && long.is_ascii());
    }
}
