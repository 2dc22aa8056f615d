//! The draft of an answer: in each situation as a golden file, through the API, and never with a header that a mail smuggled in.
//!
//! `PORT25_BLESS=1` writes the golden files anew; `.ci/draft.py` reads them with a parser that is not ours.

use std::collections::BTreeSet;
use std::path::PathBuf;

use api::act::{Deed, What, Word};
use domain::classify::Meaning;
use domain::ids::MessageId;
use domain::policy::{Language, Policy};
use domain::reply::{NoDraft, REFERENCES_MAX, draft};
use domain::request::{Entry, Fact, fold};
use proptest::prelude::*;

use crate::world::{Letter, World, deed};

const ID: &str = "170000000090001";
const NOW: &str = "2026-11-24T13:00:00Z";
const TRACKER: &str = "port25@track.corp.example";
const TEAM: &str = "net-ops@corp.example";
const ABOUT: &str = "Request ID: 170000000090001\r\nAccount: 111122223333\r\nRegion: eu-west-1\r\n";
const RECEIVED: &str = "We have received your request to remove the port 25 email sending limitations.";
const ASKED: &str = "We would like to gather more information about your use case.\r\n\r\nPlease reply directly to this message with:\r\n\r\n\
                     - what kind of mail your instances send, and to whom\r\n- how you keep unwanted mail from leaving them\r\n\r\n\
                     How many mails a day do you expect?";
const DENIED: &str = "We are unable to grant your request because your account has not shown a clear use case.";

fn policy() -> Policy {
    Policy { own_addresses: [TEAM.to_owned()].into(), tracker: Some(TRACKER.to_owned()), ..Policy::default() }
}

fn japanese() -> Policy {
    Policy { language: Language::Japanese, ..policy() }
}

/// AWS's first mail, to the team's mailbox.
fn first(text: &str) -> Letter {
    let mut letter = Letter::aws(
        "first@amazon",
        "2026-11-20T10:02:00Z",
        "Your request to remove email sending limitations",
        &format!("Hello,\r\n\r\n{text}\r\n\r\n{ABOUT}"),
    );
    letter.to = TEAM.to_owned();
    letter
}

fn then(date: &str, text: &str) -> Letter {
    let text = format!("Hello,\r\n\r\n{text}\r\n\r\nKind regards,\r\nAmazon Web Services\r\n");
    Letter::aws("second@amazon", date, "Re: Your request to remove email sending limitations", &text).answers(&["first@amazon"])
}

/// What happened before someone answers.
struct Case {
    name: &'static str,
    policy: Policy,
    mails: Vec<Letter>,
    replied: Option<&'static str>,
}

fn cases() -> Vec<Case> {
    let case = |name, policy, mails| Case { name, policy, mails, replied: None };
    let asked = || vec![first(RECEIVED), then("2026-11-22T15:30:00Z", ASKED)];
    let denied = |text| vec![first(RECEIVED), then("2026-11-22T15:30:00Z", text)];
    let mut without_id = first(RECEIVED);
    without_id.body = format!("Hello,\r\n\r\n{RECEIVED}\r\n");
    let mut to_tracker = first(RECEIVED);
    to_tracker.to = TRACKER.to_owned();
    let mut in_japanese = first("ポート 25 の制限について、利用目的の詳細をお知らせください。1 日の送信数はどのくらいでしょうか。");
    in_japanese.subject = "=?UTF-8?B?44Od44O844OIIDI1IOOBruWItumZkOino+mZpOOBq+OBpOOBhOOBpg==?=".to_owned();
    let support = Letter {
        subject: format!("Amazon Web Services: New Support case: {ID}"),
        from: "no-reply-aws@amazon.com".to_owned(),
        ..first(&format!("Amazon Web Services has opened case {ID} on your behalf."))
    };
    let both = format!("{DENIED} Please provide us with details about your use case.");
    vec![
        case("follow-up.eml", policy(), vec![first(RECEIVED)]),
        Case { replied: Some("2026-11-22T10:30:00Z"), ..case("second-follow-up.eml", policy(), vec![first(RECEIVED)]) },
        case("answer.eml", policy(), asked()),
        case("answer-after-a-denial.eml", policy(), denied(&both)),
        case("appeal.eml", policy(), denied(DENIED)),
        case("appeal-without-a-reason.eml", policy(), denied("We are unable to grant your request at this time.")),
        case("unclear.eml", policy(), denied("Purple monkeys.")),
        case("no-id-yet.eml", policy(), vec![without_id]),
        case("in-a-longer-thread.eml", policy(), vec![first(RECEIVED).answers(&["form-1@corp.example", "form-2@corp.example"])]),
        case("from-the-tracker.eml", policy(), vec![to_tracker.clone()]),
        case("from-the-configured-sender.eml", Policy { reply_from: Some(TEAM.to_owned()), ..policy() }, vec![to_tracker]),
        case("japanese-follow-up.eml", japanese(), vec![first(RECEIVED)]),
        Case { replied: Some("2026-11-22T10:30:00Z"), ..case("japanese-second-follow-up.eml", japanese(), vec![first(RECEIVED)]) },
        case("japanese-answer.eml", policy(), vec![in_japanese]),
        case("japanese-appeal.eml", japanese(), denied(DENIED)),
        case("japanese-unclear.eml", japanese(), denied("Purple monkeys.")),
        case("support-case.txt", policy(), vec![support]),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn each_situation_has_its_draft() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden/reply");
    let bless = boot::world::env("PORT25_BLESS").is_some_and(|v| v == "1");
    let mut used = BTreeSet::new();
    for case in cases() {
        let mut world = World::with(case.policy).await;
        world.ignore_alerts();
        world.advance_to("2026-11-22T10:30:00Z");
        if case.replied.is_none() {
            world.advance_to(NOW);
        }
        for (n, letter) in case.mails.iter().enumerate() {
            world.mail(&letter.bytes()).await;
            assert!(world.find("first@amazon").await.is_some(), "{}: mail {n} is in no request", case.name);
        }
        if let Some(at) = case.replied {
            world.advance_to(at);
            world.act("first@amazon", &deed(What::Replied)).await.unwrap();
            world.advance_to(NOW);
        }
        let shown = api::find(&world.store, "first@amazon").await.unwrap().unwrap();
        let (view, draft) = api::reply::of(&shown, &world.policy, world.now());
        let got = match draft {
            Ok(draft) => api::reply::eml(&draft),
            Err(NoDraft::SupportCenter { .. }) => format!("{}\n\n{}", view.instruction, view.text).into_bytes(),
            Err(other) => panic!("{}: {other}", case.name),
        };
        let path = folder.join(case.name);
        if bless {
            std::fs::write(&path, &got).unwrap();
        }
        let want = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e} (PORT25_BLESS=1 writes it)", path.display()));
        assert_eq!(String::from_utf8_lossy(&got), String::from_utf8_lossy(&want), "{} (PORT25_BLESS=1 writes it anew)", case.name);
        used.insert(case.name.to_owned());
    }
    let there: BTreeSet<String> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(there, used, "a golden file that no case uses");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_gives_the_draft_as_json_and_as_a_mail_or_says_what_to_do_instead() {
    let mut world = World::with(policy()).await;
    world.ignore_alerts();
    world.mail(&first(RECEIVED).bytes()).await;
    world.advance_to(NOW);
    let path = format!("/v1/requests/{ID}/reply");
    let json = world.get(&path).await.json();
    assert_eq!(json["channel"], "mail");
    assert_eq!((json["to"].as_str(), json["from"].as_str()), (Some("aws-automation@email.amazon.com"), Some(TEAM)));
    assert_eq!((json["bcc"].as_str(), json["in_reply_to"].as_str()), (Some(TRACKER), Some("first@amazon")));
    assert_eq!(json["subject"], "Re: Your request to remove email sending limitations");
    assert!(json["text"].as_str().unwrap().contains(ID) && json["link"].is_null());

    let mail = world.get(&format!("{path}?format=eml")).await;
    assert_eq!((mail.status, mail.header("content-type")), (200, Some("message/rfc822")));
    assert_eq!(mail.header("content-disposition"), Some(format!("attachment; filename=\"reply-{ID}.eml\"").as_str()));
    assert!(mail.text.starts_with("X-Unsent: 1\r\n") && !mail.text.contains("Message-ID:"), "{}", mail.text);
    assert_eq!(world.ask_for("message/rfc822", &path).await.text, mail.text);

    for query in ["format=pdf", "format=eml&format=eml", "color=blue"] {
        assert_eq!(world.get(&format!("{path}?{query}")).await.status, 400, "{query}");
    }
    assert_eq!(world.get("/v1/requests/170000000099999/reply").await.status, 404);
    assert_eq!(world.ask("POST", &path).await.status, 405);
    let page = world.get(&format!("/requests/{ID}")).await.text;
    assert!(page.contains(&format!("href=\"../v1/requests/{ID}/reply?format=eml\" download")), "{page}");

    // Dismissed: AWS's mail is none any more.
    let word = Word { meaning: Some(Meaning::Irrelevant), request: None, by: "ann".to_owned(), why: None, key: None, expected: None };
    world.judge("first@amazon", &word).await;
    let none = world.get(&path).await;
    assert_eq!((none.status, none.header("content-type")), (409, Some("application/problem+json")));
    assert!(none.json()["detail"].as_str().unwrap().contains("no mail of AWS came yet"), "{}", none.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_draft_sent_from_our_mailbox_restarts_the_clock_by_its_bcc() {
    let mut world = World::with(policy()).await;
    world.ignore_alerts();
    world.mail(&first(RECEIVED).bytes()).await;
    world.advance_to(NOW);
    let shown = api::find(&world.store, ID).await.unwrap().unwrap();
    let written = draft(&shown.request, &shown.entries, &world.policy, world.now()).unwrap();
    // What a mail program adds: who it is, and when.
    let sent = format!(
        "Authentication-Results: amazonses.com; dmarc=pass header.from=corp.example;\r\nDate: Tue, 24 Nov 2026 13:00:00 +0000\r\n\
         Message-ID: <sent@corp.example>\r\n{}",
        String::from_utf8(api::reply::eml(&written)).unwrap()
    );
    world.mail(sent.as_bytes()).await;
    let since = NOW.parse().unwrap();
    assert_eq!(world.request(ID).await.turn, domain::request::Turn::Aws { since });
    // Saying so as well changes nothing but the clock of that minute.
    let said = world.act(ID, &Deed { why: None, ..deed(What::Replied) }).await.unwrap();
    assert!(!said.said_before);
}

/// Whatever a mail may call a subject, an address or an id.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z@<>\\r\\n:, ]{0,60}",
        "[a-z]{0,8}(\\r\\n|\\n|\\r|\u{2028}|\u{85})(Bcc|X-Evil|Message-ID): [a-z]{1,9}@evil\\.example",
        Just("a>\r\nBcc: <x@evil.example".to_owned()),
        Just("=?utf-8?Q?=0D=0ABcc:_x@evil.example?=".to_owned()),
        Just("x@evil.example, y@evil.example".to_owned()),
        "[\u{3041}-\u{30ff}é]{1,400}",
    ]
}

proptest! {
    #[test]
    fn no_hostile_subject_address_or_id_adds_a_header(
        subject in hostile(),
        reply_to in proptest::option::of(hostile()),
        from in prop_oneof![3 => Just("aws-automation@email.amazon.com".to_owned()), 1 => hostile()],
        mailbox in proptest::option::of(hostile()),
        tracker in proptest::option::of(hostile()),
        reply_from in proptest::option::of(hostile()),
        ids in proptest::collection::vec(hostile(), 0..30),
        excerpt in hostile(),
    ) {
        let mut policy = Policy { tracker, reply_from, ..Policy::default() };
        policy.aws_addresses.extend(reply_to.iter().map(|a| a.to_ascii_lowercase()).take(1));
        let mail = domain::mail::read(&first(RECEIVED).bytes());
        let judgement = domain::trust::Judgement { trust: domain::trust::Trust::Verified, why: "" };
        let reading = domain::classify::read(&mail, &judgement, &policy);
        let mut entry = Entry::of_mail(&mail, &reading, &policy, "o", NOW.parse().unwrap());
        if let Fact::Mail(mail) = &mut entry.fact {
            (mail.subject, mail.reply_to, mail.from, mail.mailbox, mail.excerpt) = (subject, reply_to, from, mailbox, excerpt);
            let mut ids = ids.iter().filter_map(|id| MessageId::parse(id));
            mail.message_id = ids.next().unwrap_or_else(|| mail.message_id.clone());
            mail.thread = ids.collect();
        }
        let entries = [entry];
        let requests = fold(&entries);
        prop_assert_eq!(requests.len(), 1);
        let Ok(draft) = draft(&requests[0], &entries, &policy, NOW.parse().unwrap()) else { return Ok(()) };
        prop_assert!(policy.is_aws(&draft.to) && draft.references.len() <= REFERENCES_MAX);
        let eml = api::reply::eml(&draft);
        let text = String::from_utf8(eml).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        prop_assert!(head.is_ascii(), "{}", head);
        prop_assert!(!head.replace("\r\n", "").contains(['\r', '\n']), "{}", head);
        let names: Vec<&str> =
            head.split("\r\n").filter(|l| !l.starts_with([' ', '\t'])).map(|l| l.split(':').next().unwrap_or_default()).collect();
        let known = [
            "X-Unsent", "From", "To", "Bcc", "Subject", "In-Reply-To", "References", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
        ];
        let optional = |name: &&str| !(*name == "From" && draft.from.is_none() || *name == "Bcc" && draft.bcc.is_none());
        prop_assert_eq!(names, known.into_iter().filter(optional).collect::<Vec<_>>());
        let read = domain::mail::read(text.as_bytes());
        prop_assert_eq!(read.recipients.iter().filter(|a| a.address.contains("evil")).count(), usize::from(draft.to.contains("evil")));
        prop_assert_eq!(read.thread.last(), Some(&draft.in_reply_to));
    }
}
