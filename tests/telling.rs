//! What people read: every message in every form as a golden file, and nothing that a mail can smuggle into one.
//!
//! `PORT25_BLESS=1` writes the golden files anew.

use std::collections::BTreeSet;
use std::path::PathBuf;

use alert::message::{self, ENVELOPE_MAX, Message, SMS_MAX, SUBJECT_MAX, septets};
use domain::alert::{Alert, AlertId, Cause, State, Step, plan};
use domain::ids::AccountId;
use domain::policy::{Language, Policy};
use domain::request::{Act, Action, Entry, Fact, Outcome, Reference, fold};
use domain::trust::Trust;
use domain::window::Window;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use store::{Head, StoredMail};

use crate::world::Letter;

const ID: &str = "170000000090001";
const TEAM: &str = "net-ops@corp.example";
/// Friday the 20th of November 2026.
const RECEIVED_AT: &str = "2026-11-20T10:02:00Z";
const RECEIVED: &str = "We have received your request to remove the port 25 email sending limitations for 203.0.113.5.";
const ASKED: &str = "Please provide us with details about your use case. How many mails a day do you expect?";
const GRANTED: &str = "We have granted your request. Your new sending quota is 1,000 messages per day.";
const DENIED: &str = "We are unable to grant your request because your account has not shown a clear use case.";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// `hours` after AWS confirmed the request.
fn after(hours: i64) -> Timestamp {
    at(RECEIVED_AT) + SignedDuration::from_hours(hours)
}

/// A request as mails and people made it, and what was told of it.
struct Scene {
    policy: Policy,
    entries: Vec<Entry>,
    alerts: Vec<Alert>,
}

impl Scene {
    fn new(policy: &Policy) -> Self {
        Self { policy: policy.clone(), entries: Vec::new(), alerts: Vec::new() }
    }

    /// AWS's first mail came.
    fn received(policy: &Policy) -> Self {
        Self::new(policy).mail(&first(RECEIVED))
    }

    fn mail(mut self, letter: &Letter) -> Self {
        let mail = domain::mail::read(&letter.bytes());
        let judgement = domain::trust::judge(&mail, &domain::trust::from_headers(&mail, &self.policy), &self.policy);
        let reading = domain::classify::read(&mail, &judgement, &self.policy);
        let stored = mail.date.unwrap() + SignedDuration::from_secs(30);
        self.entries.push(Entry::of_mail(&mail, &reading, &self.policy, "object", stored));
        self
    }

    /// AWS writes in the thread.
    fn then(self, hours: i64, text: &str) -> Self {
        let id = format!("then-{hours}@amazon");
        self.mail(&Letter::aws(&id, &after(hours).to_string(), "Re: Your request", &body(text)).answers(&["first@amazon"]))
    }

    fn act(mut self, hours: i64, act: Act) -> Self {
        let about = Reference::Message(domain::ids::MessageId::parse("first@amazon").unwrap());
        let action = Action { by: "ann".to_owned(), about, act, why: None };
        self.entries.push(Entry::of_action(&format!("act-{hours}"), action, after(hours)));
        self
    }

    /// Sweeps: all that is owed goes out.
    fn sweep(mut self, hours: i64) -> Self {
        let now = after(hours);
        for planned in plan(&fold(&self.entries), &self.alerts, &self.policy, now).send {
            self.alerts.retain(|a| a.id != planned.id);
            self.alerts.push(Alert { state: State::Sent { at: now }, attempts: 1, ..planned.pending(now) });
        }
        self
    }

    /// The message of this cause that a sweep sends then.
    fn tells(&self, hours: i64, cause: Cause) -> Message {
        self.find(hours, |id| id.cause == cause && id.step != Step::Resolved)
    }

    /// The end of this cause that a sweep tells then.
    fn resolves(&self, hours: i64, cause: Cause) -> Message {
        self.find(hours, |id| id.cause == cause && id.step == Step::Resolved)
    }

    fn find(&self, hours: i64, wanted: impl Fn(&AlertId) -> bool) -> Message {
        let requests = fold(&self.entries);
        let plan = plan(&requests, &self.alerts, &self.policy, after(hours));
        let planned = plan.send.iter().find(|p| wanted(&p.id)).unwrap_or_else(|| panic!("not planned: {:?}", plan.send));
        message::compose(&requests[planned.request], &self.entries, &self.alerts, planned, &self.policy, after(hours))
    }
}

fn body(text: &str) -> String {
    format!(
        "Hello,\r\n\r\n{text}\r\n\r\nRequest ID: {ID}\r\nAccount: 111122223333\r\nRegion: eu-west-1\r\n\r\nKind regards,\r\nAmazon Web Services"
    )
}

/// AWS's first mail, to the team's mailbox.
fn first(text: &str) -> Letter {
    Letter {
        to: TEAM.to_owned(),
        ..Letter::aws("first@amazon", RECEIVED_AT, "Your request to remove email sending limitations", &body(text))
    }
}

/// The same request in Support Center.
fn support_case() -> Letter {
    let text = format!("Amazon Web Services has opened case {ID} on your behalf.\r\n\r\nAccount: 111122223333");
    Letter {
        from: "no-reply-aws@amazon.com".to_owned(),
        subject: format!("Amazon Web Services: New Support case: {ID}"),
        body: text,
        ..first("")
    }
}

fn quarantined(n: usize, names_open: bool) -> StoredMail {
    StoredMail {
        message_id: domain::ids::MessageId::parse(&format!("forged-{n}@evil.example")).unwrap(),
        trust: Trust::Unverified,
        ending: "quarantined".to_owned(),
        why: "claims to be AWS, and DMARC failed".to_owned(),
        object: format!("object-{n}"),
        from: "aws-automation@email.amazon.com".to_owned(),
        subject: format!("Your request was approved {n}"),
        stored: at("2026-11-20T10:20:00Z"),
        names_open,
    }
}

/// Requests of their own that are overdue, a minute apart.
fn overdue_ones(policy: &Policy, count: usize) -> Vec<Message> {
    let one = |n: usize| {
        let mut letter = first(RECEIVED);
        let date = at(RECEIVED_AT) - SignedDuration::from_mins(i64::try_from(n).unwrap());
        letter.id = format!("digest-{n}@amazon");
        letter.date = Letter::aws("", &date.to_string(), "", "").date;
        letter.body = letter.body.replace(ID, &format!("1700000000{n:05}")).replace("111122223333", &format!("11112222{n:04}"));
        Scene::new(policy).mail(&letter).tells(75, Cause::Overdue)
    };
    (0..count).map(one).collect()
}

/// Every message, by the name of its golden files.
fn messages(policy: &Policy) -> Vec<(&'static str, Message)> {
    let summary = |cause, name: &str| AlertId { opening: name.to_owned(), cause, step: Step::Nth(1) };
    let berlin = Policy {
        zone: TimeZone::get("Europe/Berlin").unwrap(),
        window: Window::parse("mon-fri 08:00-20:00"),
        deadline: SignedDuration::from_hours(7 * 24),
        ..policy.clone()
    };
    let elsewhere = Policy { accounts: [AccountId::parse("999999999999").unwrap()].into(), ..policy.clone() };
    // What a group passed on under its own name is believed enough to alarm, not to settle.
    let group = Policy { forwarders: ["aws-mails@corp.example".to_owned()].into(), ..policy.clone() };
    let passed_on = |text: &str| Letter {
        from: "aws-mails@corp.example".to_owned(),
        ..Letter::aws("passed-on@corp.example", &after(5).to_string(), &format!("RE:[CASE {ID}] Port 25"), text)
    };
    let received = || Scene::received(policy);
    let asked = || received().then(5, ASKED);
    let unclear = || received().then(5, "Purple monkeys.");
    let confirm = || Scene::received(&group).mail(&passed_on(GRANTED));
    let dormant: Vec<Head> = ["2026-08-20T10:00:00Z", "2026-07-01T10:00:00Z"]
        .iter()
        .map(|date| {
            let scene = Scene::new(policy).mail(&Letter { date: Letter::aws("", date, "", "").date, ..first(RECEIVED) });
            Head::from(&fold(&scene.entries)[0])
        })
        .collect();
    vec![
        ("overdue", received().tells(51, Cause::Overdue)),
        ("overdue-reminder", received().sweep(48).tells(72, Cause::Overdue)),
        ("overdue-critical", received().sweep(48).sweep(72).sweep(96).tells(120, Cause::Overdue)),
        ("overdue-after-skipped-steps", received().sweep(48).tells(48 + 96, Cause::Overdue)),
        ("overdue-after-our-answer", received().act(1, Act::Replied).tells(50, Cause::Overdue)),
        ("overdue-after-an-acknowledgement", received().sweep(48).act(49, Act::Ack { until: after(100) }).tells(101, Cause::Overdue)),
        ("overdue-support-case", Scene::new(policy).mail(&support_case()).tells(48, Cause::Overdue)),
        ("overdue-in-berlin-before-a-weekend", Scene::received(&berlin).tells(7 * 24, Cause::Overdue)),
        ("our-turn", asked().tells(6, Cause::OurTurn)),
        ("our-turn-reminder", asked().sweep(5).tells(29, Cause::OurTurn)),
        ("our-turn-after-a-snooze", received().act(1, Act::Snooze { until: after(300) }).then(5, ASKED).tells(6, Cause::OurTurn)),
        ("our-turn-denied", received().then(5, &format!("{DENIED} {ASKED}")).tells(6, Cause::OurTurn)),
        ("our-turn-reopened", received().then(5, GRANTED).sweep(5).act(6, Act::Reopen).tells(6, Cause::OurTurn)),
        ("our-turn-answered-already", asked().act(6, Act::Replied).tells(6, Cause::OurTurn)),
        ("unclear", unclear().tells(6, Cause::Unclear)),
        ("confirm", confirm().tells(6, Cause::Confirm)),
        ("confirm-denied", Scene::received(&group).mail(&passed_on(DENIED)).tells(6, Cause::Confirm)),
        ("approved", received().then(5, GRANTED).tells(6, Cause::Approved)),
        ("denied", received().then(5, DENIED).tells(6, Cause::Denied)),
        ("denied-overtaken", received().then(5, DENIED).act(6, Act::Replied).tells(6, Cause::Denied)),
        ("unexpected", Scene::received(&elsewhere).tells(1, Cause::Unexpected)),
        ("resolved-overdue", received().sweep(48).then(50, GRANTED).resolves(50, Cause::Overdue)),
        ("resolved-overdue-now-ours", received().sweep(48).then(50, ASKED).resolves(50, Cause::Overdue)),
        ("resolved-our-turn", asked().sweep(5).act(6, Act::Replied).resolves(6, Cause::OurTurn)),
        ("resolved-unclear", unclear().sweep(5).act(6, Act::Replied).resolves(6, Cause::Unclear)),
        ("resolved-confirm", confirm().sweep(5).act(6, Act::Settle(Outcome::Approved)).resolves(6, Cause::Confirm)),
        ("digest", message::digest_of(&overdue_ones(policy, 12).iter().collect::<Vec<_>>(), policy)),
        (
            "quarantine",
            message::quarantine(
                &summary(Cause::Quarantine, "2026-11-20T10"),
                &[quarantined(1, false), quarantined(2, true)],
                false,
                true,
                policy,
            ),
        ),
        ("dormant", message::dormant(&summary(Cause::Dormant, "2026-11-20T10"), &dormant, policy, after(0))),
        ("system", message::system(&summary(Cause::System, "2026-11-20"), &["0a1b:our-turn:1".to_owned()], policy)),
        ("test", message::test(after(0), policy)),
    ]
}

fn text_of(message: &Message) -> String {
    format!("Subject: {}\n\n{}", message.subject, message.body)
}

#[test]
fn every_message_in_every_form_is_as_its_golden_file_says() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden/alerts");
    let bless = boot::world::env("PORT25_BLESS").is_some_and(|v| v == "1");
    let mut used = BTreeSet::new();
    let mut same = |name: String, got: String| {
        let path = folder.join(&name);
        if bless {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &got).unwrap();
        }
        let want = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e} (PORT25_BLESS=1 writes it)"));
        assert_eq!(got, want, "{name} (PORT25_BLESS=1 writes it anew)");
        assert!(used.insert(name), "two messages of one name");
    };
    let policy = Policy { own_addresses: [TEAM.to_owned()].into(), ..Policy::default() };
    for (name, message) in messages(&policy) {
        fits(&message);
        let json: serde_json::Value = serde_json::from_str(&message.json).unwrap();
        same(format!("{name}.email.txt"), text_of(&message));
        same(format!("{name}.sms.txt"), format!("{}\n", message.sms));
        same(format!("{name}.json"), format!("{}\n", serde_json::to_string_pretty(&json).unwrap()));
    }
    for (name, message) in messages(&Policy { language: Language::Japanese, ..policy }) {
        fits(&message);
        same(format!("{name}.ja.txt"), text_of(&message));
    }
    let there: BTreeSet<String> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(there, used, "a golden file that no message uses");
}

/// What holds for every message.
fn fits(message: &Message) {
    let Message { subject, sms, body, .. } = message;
    assert!(subject.is_ascii() && subject.len() <= SUBJECT_MAX && !subject.contains(|c: char| c.is_control()), "{subject:?}");
    assert!(septets(sms).is_some_and(|n| n <= SMS_MAX), "{sms:?}");
    assert!(!body.contains(|c: char| (c.is_control() && c != '\n') || is_bidi(c)), "{body:?}");
    let envelope = message::envelope(message);
    assert!(envelope.len() <= ENVELOPE_MAX, "{}", envelope.len());
    let forms: std::collections::BTreeMap<String, String> = serde_json::from_str(&envelope).unwrap();
    assert!(forms.contains_key("default"));
    let json: serde_json::Value = serde_json::from_str(&message.json).unwrap();
    assert_eq!((json["version"].as_u64(), json["text"].as_str()), (Some(1), Some(body.as_str())));
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[test]
fn the_documented_json_is_what_is_sent() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let documented = std::fs::read_to_string(root.join("../docs/ALERTS.md")).unwrap();
    let golden = std::fs::read_to_string(root.join("golden/alerts/overdue.json")).unwrap();
    assert!(documented.contains(&format!("```json\n{golden}```")), "docs/ALERTS.md shows another JSON than golden/alerts/overdue.json");
}

#[test]
fn a_digest_of_five_hundred_fits_and_names_each() {
    let policy = Policy::default();
    let one = overdue_ones(&policy, 1).remove(0);
    let members: Vec<Message> = (0..500u32)
        .map(|n| Message {
            alert_id: format!("{}:our-turn:{n:010}", "f".repeat(32)),
            request: Some(format!("case-111122223333-muen-2026-{n:016}")),
            account: Some(format!("{n:012}")),
            region: Some("us-gov-southwest-1".to_owned()),
            ..one.clone()
        })
        .collect();
    let digest = message::digest_of(&members.iter().collect::<Vec<_>>(), &policy);
    assert_eq!(digest.subject, "[port25] OVERDUE 500 requests, oldest 75h");
    fits(&digest);
    assert!(digest.body.ends_with("… and 450 more (all in the JSON).\n"), "{}", digest.body);
    let forms: serde_json::Value = serde_json::from_str(&message::envelope(&digest)).unwrap();
    assert_eq!(forms["email"].as_str(), Some(digest.body.as_str()));
    let json: serde_json::Value = serde_json::from_str(forms["default"].as_str().unwrap()).unwrap();
    let ids: BTreeSet<&str> = json["members"].as_array().unwrap().iter().map(|m| m["alert_id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 500, "each identity");
}

/// Whatever a mail may call a subject, an address or a text.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\"\\\\a-z ]{0,2000}",
        "[a-z]{0,8}(\\r\\n|\\n|\\r|\u{2028}|\u{85}|\u{b})(Subject|Account|Granted): [a-z\u{202e}\u{2066}\u{200f}\u{61c}]{1,9}",
        "[\u{3041}-\u{30ff}é{}~|€]{1,400}",
        Just("x@y.example\u{202e}\u{1b}[31m".to_owned()),
    ]
}

proptest! {
    // A case reads ten mails and writes a dozen messages.
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_a_mail_says_breaks_a_line_or_steers_a_reader(
        subject in hostile(),
        excerpt in hostile(),
        from in hostile(),
        mailbox in proptest::option::of(hostile()),
        reason in proptest::option::of(hostile()),
        japanese in any::<bool>(),
    ) {
        let language = if japanese { Language::Japanese } else { Language::English };
        let policy = Policy { language, ..Policy::default() };
        let reply = from.to_ascii_lowercase();
        let mut scenes = vec![
            (Scene::received(&policy), 51),
            (Scene::received(&policy).then(5, ASKED), 6),
            (Scene::received(&policy).then(5, "Purple monkeys."), 6),
            (Scene::received(&policy).then(5, DENIED), 6),
            (Scene::received(&policy).then(5, GRANTED), 6),
        ];
        for (scene, hours) in &mut scenes {
            scene.policy.aws_addresses.insert(reply.clone());
            for entry in &mut scene.entries {
                let Fact::Mail(mail) = &mut entry.fact else { continue };
                (mail.subject, mail.excerpt, mail.mailbox) = (subject.clone(), excerpt.clone(), mailbox.clone());
                (mail.reply_to, mail.facts.reason) = (Some(reply.clone()), reason.clone());
            }
            let requests = fold(&scene.entries);
            let plan = plan(&requests, &scene.alerts, &scene.policy, after(*hours));
            prop_assert!(!plan.send.is_empty());
            for planned in &plan.send {
                let told = message::compose(&requests[planned.request], &scene.entries, &[], planned, &scene.policy, after(*hours));
                fits(&told);
                // A line is ours: AWS's words are marked, and a draft is set in.
                for label in ["Subject: ", "件名: ", "Account: ", "アカウント: ", "Request: ", "申請: "] {
                    let count = told.body.lines().filter(|line| line.starts_with(label)).count();
                    prop_assert_eq!(count, usize::from(label.is_ascii() != japanese), "{}", told.body);
                }
                let one = message::digest_of(&[&told, &told], &scene.policy);
                fits(&one);
            }
        }
        let mail = StoredMail { from, subject, why: excerpt, ..quarantined(1, true) };
        let id = AlertId { opening: "2026-11-20T10".to_owned(), cause: Cause::Quarantine, step: Step::Nth(1) };
        let told = message::quarantine(&id, &[mail], false, false, &policy);
        fits(&told);
        prop_assert_eq!(told.body.lines().filter(|line| line.starts_with("- ")).count(), 1);
    }
}
