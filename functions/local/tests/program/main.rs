//! The program `port25` as a process: what a newcomer, an operator and a crash do to it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may fail loudly; clippy sees only the test functions themselves as tests"
)]

mod faces;
mod looks;
mod remote;
mod served;

use std::io::{Read, Write};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use served::{Folder, Served, port25, run, text};

const STORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/mail/story");
const FIRST: &str = "172345678900123";

fn story(name: &str) -> Vec<u8> {
    std::fs::read(format!("{STORY}/{name}.eml")).unwrap()
}

#[test]
fn what_was_accepted_survives_a_kill_and_a_stop() {
    let folder = Folder::new();
    let data = folder.data();
    let served = Served::start(&data);
    served.send(&story("01-received"));
    assert!(served.get("/v1/requests").contains(FIRST));
    drop(served); // SIGKILL

    let served = Served::start(&data);
    let page = served.get("/");
    assert!(page.contains(FIRST), "{page}");
    served.send(&story("06-second-received"));
    assert_eq!(served.stop(), 0, "Ctrl-C is a good end");

    let listed = run(&["list", "--json", "--data", data.to_str().unwrap()]);
    let items: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(items.as_array().unwrap().len(), 2, "{items}");
}

#[test]
fn a_mail_that_was_kept_but_not_filed_before_a_crash_is_filed_at_the_next_start() {
    let folder = Folder::new();
    let incoming = folder.data().join("mail/incoming");
    std::fs::create_dir_all(&incoming).unwrap();
    std::fs::write(incoming.join("left-behind.eml"), story("01-received")).unwrap();
    std::fs::write(incoming.join(".half-written.eml.part"), "From: nobody").unwrap();
    let served = Served::start(&folder.data());
    let mut found = false;
    for _ in 0..200 {
        found = served.get("/v1/requests").contains(FIRST);
        if found {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(found, "the mail that was left behind is not filed");
}

#[test]
fn a_second_process_on_the_same_data_gets_a_clear_answer() {
    let folder = Folder::new();
    let data = folder.data();
    let served = Served::start(&data);
    for args in [vec!["list"], vec!["show", FIRST], vec!["import", STORY], vec!["serve", "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0"]]
    {
        let mut all = args.clone();
        all.extend(["--data", data.to_str().unwrap()]);
        let second = run(&all);
        assert_eq!(second.status.code(), Some(1), "{args:?}");
        let said = text(&second.stderr);
        assert!(said.contains("in use") && said.contains(&served.http), "{args:?}: {said}");
    }
    assert_eq!(served.stop(), 0);
}

#[test]
fn importing_twice_changes_nothing_and_the_exit_codes_speak() {
    let folder = Folder::new();
    let data = folder.data();
    let data = data.to_str().unwrap();
    let missing = run(&["list", "--data", data]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).contains("no data folder"));

    let first = run(&["import", STORY, "--data", data]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    assert!(text(&first.stdout).contains("7 mails"), "{}", text(&first.stdout));
    let shown = || text(&run(&["show", FIRST, "--json", "--data", data]).stdout);
    let history = |shown: &str| serde_json::from_str::<Value>(shown).unwrap()["history"].clone();
    let before = history(&shown());
    let second = run(&["import", STORY, "--data", data]);
    assert!(text(&second.stdout).contains("7 duplicate"), "{}", text(&second.stdout));
    assert_eq!(history(&shown()), before);

    // Both are settled: nothing is overdue.
    assert_eq!(run(&["list", "--overdue", "--data", data]).status.code(), Some(0));
    let old = story("01-received");
    let old = text(&old).replace("78900123</p>", "78900999</p>").replace("Message-ID: <", "Message-ID: <again-");
    let mut child = port25().args(["import", "-", "--data", data]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(old.as_bytes()).unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    let overdue = run(&["list", "--overdue", "--data", data]);
    assert_eq!(overdue.status.code(), Some(2), "{}", text(&overdue.stdout));
    assert!(text(&overdue.stdout).contains("OVERDUE"));
    let unknown = run(&["show", "172345678909999", "--data", data]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(text(&unknown.stderr).contains("no request answers"));
}

#[test]
fn explain_says_what_a_mail_means_and_stores_nothing() {
    let folder = Folder::new();
    let before = std::fs::read_dir(&folder.0).unwrap().count();
    let path = format!("{STORY}/02-question.eml");
    let output = port25().current_dir(&folder.0).args(["explain", &path, "--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    for key in [
        "from",
        "subject",
        "message_id",
        "trust",
        "meaning",
        "family",
        "aws_ids",
        "mentions",
        "account",
        "region",
        "elastic_ips",
        "reverse_dns",
        "instance_ids",
        "nat_gateway_ids",
        "allocation_ids",
        "limits",
        "denial_reason",
        "evidence",
        "problems",
        "from_name",
        "to",
        "received",
        "forwarded",
        "claims_aws",
        "meaning_why",
        "confidence",
        "own_id",
        "ending",
        "ending_why",
        "newest_text",
    ] {
        assert!(json.get(key).is_some(), "{key} is missing: {json}");
    }
    assert_eq!((json["trust"].as_str(), json["meaning"].as_str()), (Some("verified"), Some("question")));
    assert!(json["evidence"][0]["rule"].is_string() && json["evidence"][0]["where"].is_string());
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), before, "it left something behind");
}

#[test]
fn a_rule_file_takes_part_and_its_mistakes_are_named() {
    let tested = run(&["rules", "test", STORY]);
    assert_eq!(tested.status.code(), Some(0), "{}{}", text(&tested.stdout), text(&tested.stderr));
    assert!(text(&tested.stdout).contains("05-approved.eml") && text(&tested.stdout).contains("different: 0"));

    let folder = Folder::new();
    let file = |name: &str, content: &str| {
        let path = folder.0.join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let good = file("good.json", r#"{"rules": [{"id": "own.request", "means": "unclear", "phrase": "your request"}]}"#);
    assert_eq!(run(&["rules", "check", &good]).status.code(), Some(0));
    // A doubt of the operator's holds back the approval.
    let tested = run(&["rules", "test", STORY, "--rules", &good]);
    assert_eq!(tested.status.code(), Some(2), "{}", text(&tested.stderr));
    assert!(text(&tested.stdout).contains("own.request"), "{}", text(&tested.stdout));

    let wrong = file("wrong.json", "{\n\"aws_addresses\": [\"amazon.com\"]}");
    let mail = format!("{STORY}/01-received.eml");
    let refused = port25().args(["explain", &mail]).env("RULES_FILE", &wrong).output().unwrap();
    for output in [refused, run(&["rules", "check", &wrong]), run(&["explain", &mail, "--rules", &wrong])] {
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stderr).contains("line 2: address 1: \"amazon.com\" is no full address"), "{}", text(&output.stderr));
    }
}

#[test]
fn explain_takes_the_account_from_an_alias_and_refuses_what_is_none() {
    let mail = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/mail/plus-addressed-recipient.eml");
    let account = |args: &[&str]| {
        let output = run(&[&["explain", mail, "--json"], args].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["account"].clone()
    };
    assert_eq!(account(&[]), Value::Null);
    assert_eq!(account(&["--alias", "aws+prod-eu=111122223333", "--alias", "x@y.example=444455556666"]), "111122223333");
    let wrong = run(&["explain", mail, "--alias", "aws+prod-eu"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong.stderr).contains("--alias \"aws+prod-eu\""), "{}", text(&wrong.stderr));
}

#[test]
fn the_demo_tells_its_story() {
    let output = run(&["demo", "--pause", "0", "--exit"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    for words in [
        "OVERDUE 48h 111122223333 eu-west-1",
        "OUR TURN",
        "RESOLVED",
        "DENIED 444455556666",
        "quarantined",
        "CHECK MAIL",
        "APPROVED",
        "The end.",
    ] {
        assert!(said.contains(words), "{words} is missing in:\n{said}");
    }
}

#[test]
fn a_wrong_setting_or_address_stops_the_start_and_is_named() {
    let folder = Folder::new();
    let data = folder.data();
    let wrong = port25().args(["serve", "--data"]).arg(&data).env("DEADLINE_HOURS", "soon").output().unwrap();
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong.stderr).contains("DEADLINE_HOURS is \"soon\""), "{}", text(&wrong.stderr));
    let smtp = run(&["serve", "--smtp", "example.com:25"]);
    assert_eq!(smtp.status.code(), Some(2));
    // Other machines reach the page only where somebody says under which address.
    let open = run(&["serve", "--http", "0.0.0.0:80", "--data", data.to_str().unwrap()]);
    assert_eq!(open.status.code(), Some(1));
    assert!(text(&open.stderr).contains("--public URL"), "{}", text(&open.stderr));
    let host = run(&["explain", &format!("{STORY}/01-received.eml"), "--trust-results", "not a host"]);
    assert_eq!(host.status.code(), Some(1));
    assert!(text(&host.stderr).contains("--trust-results"));
}

#[test]
fn a_forged_mail_is_listed_released_and_explained_from_the_command_line() {
    let folder = Folder::new();
    let data = folder.data();
    let data = data.to_str().unwrap();
    let at = |args: &[&str]| run(&[args, &["--data", data]].concat());
    for name in ["01-received", "04-forged-approval"] {
        assert!(at(&["import", &format!("{STORY}/{name}.eml")]).status.success());
    }
    let listed: Value = serde_json::from_slice(&at(&["quarantine", "--json"]).stdout).unwrap();
    assert_eq!((listed["items"].as_array().unwrap().len(), &listed["items"][0]["names_open"]), (1, &Value::Bool(true)), "{listed}");
    let id = listed["items"][0]["id"].as_str().unwrap();
    assert!(text(&at(&["quarantine"]).stdout).contains("NAMES AN OPEN REQUEST"));

    let unknown = at(&["judge", id, "--as", "granted"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("approved"), "the words that it may be: {}", text(&unknown.stderr));
    let nobody = at(&["dismiss", "nobody@nowhere"]);
    assert_eq!(nobody.status.code(), Some(1));
    assert!(text(&nobody.stderr).contains("give a Message-ID"), "{}", text(&nobody.stderr));

    let done = at(&["judge", id, "--as", "question", "--by", "ann", "--why", "the signature was broken"]);
    assert!(text(&done.stdout).contains("Released") && text(&done.stdout).contains(FIRST), "{done:?}");
    let again = at(&["judge", id, "--as", "question"]);
    assert!(again.status.success() && text(&again.stdout).contains("Nothing to do"), "{again:?}");
    let shown = text(&at(&["show", FIRST]).stdout);
    assert!(shown.contains("judge by ann") && shown.contains("the signature was broken") && shown.contains(id), "{shown}");
    assert!(text(&at(&["quarantine"]).stdout).contains("No mail is in quarantine"));

    let apart = text(&at(&["split", id]).stdout);
    assert!(apart.contains("p25-"), "{apart}");
    let file = folder.data().join("wrong.eml");
    let fixture = ["judge", id, "--as", "approved", "--fixture", file.to_str().unwrap()];
    assert!(at(&fixture).status.success() && file.exists());
    assert_eq!(std::fs::read_to_string(file.with_extension("expect")).unwrap(), "meaning: approved\n");
    assert_eq!(at(&fixture).status.code(), Some(1), "a file that is there stays");
}

#[test]
fn a_request_is_answered_and_acted_on_from_the_command_line() {
    let folder = Folder::new();
    let data = folder.data();
    let data = data.to_str().unwrap();
    let at = |args: &[&str]| run(&[args, &["--data", data]].concat());
    assert!(at(&["import", &format!("{STORY}/01-received.eml")]).status.success());

    let file = folder.0.join("reply.eml");
    let out = ["reply", FIRST, "--out", file.to_str().unwrap()];
    let drafted = at(&out);
    let said = text(&drafted.stdout);
    assert!(drafted.status.success() && said.starts_with("Reply to the mail of 2026-11-20 10:02Z"), "{drafted:?}");
    assert!(said.contains(&format!("port25 replied {FIRST}")) && said.contains("Request ID: "), "{said}");
    let mail = std::fs::read_to_string(&file).unwrap();
    assert!(mail.starts_with("X-Unsent: 1\r\n") && !mail.contains("port25 replied"), "{mail}");
    assert_eq!(at(&out).status.code(), Some(1), "a file that is there stays");
    let json: Value = serde_json::from_slice(&at(&["reply", FIRST, "--json"]).stdout).unwrap();
    assert_eq!(json["channel"], "mail");

    let replied = at(&["replied", FIRST, "--by", "ann", "--why", "called", "--json"]);
    let json: Value = serde_json::from_slice(&replied.stdout).unwrap();
    assert_eq!((json["turn"].as_str(), json["said_before"].as_bool()), (Some("aws"), Some(false)), "{replied:?}");
    assert!(text(&at(&["replied", FIRST]).stdout).contains("Nothing to do"));
    assert!(text(&at(&["ack", FIRST, "--for", "3d"]).stdout).contains("no repeats until"));
    assert!(at(&["note", FIRST, "asked the account team"]).status.success());
    for (args, code, words) in [
        (vec!["snooze", FIRST, "--for", "31d"], 1, "30 days"),
        (vec!["snooze", FIRST, "--until", "2020-01-01"], 1, "not in the future"),
        (vec!["snooze", FIRST], 2, "--until"),
        (vec!["snooze", FIRST, "--for", "soon"], 2, "90m, 24h or 3d"),
        (vec!["settle", FIRST, "--as", "granted"], 2, "approved, denied or closed"),
        (vec!["reopen", FIRST], 1, "nothing to reopen"),
        (vec!["replied", "170000000000009"], 1, "no request answers"),
    ] {
        let refused = at(&args);
        assert_eq!(refused.status.code(), Some(code), "{args:?} {refused:?}");
        assert!(text(&refused.stderr).contains(words), "{args:?} {refused:?}");
    }
    assert!(at(&["settle", FIRST, "--as", "closed"]).status.success());
    let shown = text(&at(&["show", FIRST]).stdout);
    for words in ["replied by ann (called)", "note by ", "asked the account team", "settle by ", "the ack of "] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    assert!(at(&["reopen", FIRST]).status.success());
}

#[test]
fn what_was_submitted_by_hand_is_registered_from_the_command_line() {
    let folder = Folder::new();
    let data = folder.data();
    let data = data.to_str().unwrap();
    let at = |args: &[&str]| run(&[args, &["--data", data]].concat());
    assert!(at(&["import", &format!("{STORY}/01-received.eml")]).status.success());
    let form = ["register", "--subject", "Open port 25", "--account", "123456789012", "--region", "eu-west-1", "--region", "us-east-1"];
    let done = at(&[&form[..], &["--by", "ann", "--json"]].concat());
    let json: Value = serde_json::from_slice(&done.stdout).unwrap_or_else(|e| panic!("{e}: {done:?}"));
    let id = json["id"].as_str().unwrap();
    assert_eq!((json["turn"].as_str(), json["said_before"].as_bool()), (Some("aws"), Some(false)), "{json}");
    assert!(text(&at(&form).stdout).contains("registered a moment ago"));
    let shown = text(&at(&["show", id]).stdout);
    assert!(shown.contains("register by ann: port25, account 123456789012, eu-west-1, us-east-1: Open port 25"), "{shown}");
    assert!(text(&at(&["list"]).stdout).contains(id));
    let reply = at(&["reply", id]);
    assert!(reply.status.code() == Some(1) && text(&reply.stdout).contains("send the form again"), "{reply:?}");

    let moved = text(&at(&["judge", "mail-1@nowhere", "--as", "received", "--request", id]).stderr);
    assert!(moved.contains("no mail answers"), "{moved}");
    for (args, code, words) in [
        (vec!["register", "--subject", "x", "--aws-id", FIRST], 1, "is here already"),
        (vec!["register", "--subject", "x", "--since", "2020-01-01"], 1, "30 days ago"),
        (vec!["register", "--subject", " "], 1, "the subject is empty"),
        (vec!["register", "--subject", "x", "--family", "notice"], 2, "support-case"),
    ] {
        let refused = at(&args);
        assert_eq!(refused.status.code(), Some(code), "{args:?} {refused:?}");
        assert!(text(&refused.stderr).contains(words), "{args:?} {refused:?}");
    }
}

#[test]
fn a_request_is_forgotten_from_the_command_line() {
    let folder = Folder::new();
    let data = folder.data();
    let data = data.to_str().unwrap();
    let at = |args: &[&str]| run(&[args, &["--data", data]].concat());
    assert!(at(&["import", &format!("{STORY}/01-received.eml")]).status.success());
    let would = at(&["forget", FIRST]);
    let said = text(&would.stdout);
    assert!(would.status.code() == Some(1) && said.contains("Nothing was changed: say --yes to do it."), "{would:?}");
    let file = said.lines().find(|line| line.ends_with(".eml")).unwrap().trim();
    assert!(std::path::Path::new(file).is_file(), "{said}");
    assert!(at(&["show", FIRST]).status.success());

    let done = at(&["forget", FIRST, "--by", "ann", "--yes"]);
    let said = text(&done.stdout);
    assert!(done.status.success() && said.contains(&format!("Request {FIRST}: 1 entry and ")) && said.contains(file), "{done:?}");
    for args in [["show", FIRST], ["forget", FIRST]] {
        let gone = at(&args);
        assert!(gone.status.code() == Some(1) && text(&gone.stderr).contains("no request answers"), "{gone:?}");
    }
    assert!(text(&at(&["import", &format!("{STORY}/01-received.eml")]).stdout).contains("1 duplicate"));
    let audit = text(&run(&["audit", "--data", data]).stdout);
    assert!(audit.contains("0 had no ending"), "{audit}");
    assert_eq!(text(&at(&["list", "--json"]).stdout).trim(), "[]");
}

#[test]
fn a_mail_without_an_ending_is_found_by_the_audit() {
    let folder = Folder::new();
    let data = folder.data();
    let lost = data.join("mail/lost.eml");
    std::fs::create_dir_all(data.join("mail")).unwrap();
    std::fs::write(&lost, story("01-received")).unwrap();
    std::fs::File::options().write(true).open(&lost).unwrap().set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    let data = data.to_str().unwrap();
    let first = text(&run(&["audit", "--data", data]).stdout);
    assert!(first.contains("1 had no ending: 1 filed now, 0 could not be filed."), "{first}");
    assert!(text(&run(&["show", FIRST, "--data", data]).stdout).contains(FIRST));
    let second = text(&run(&["audit", "--data", data]).stdout);
    assert!(second.contains("0 had no ending"), "{second}");
}

#[test]
fn serve_gives_each_alert_to_a_program_and_asks_an_address_after_each_sweep() {
    let folder = Folder::new();
    let (script, alert) = (folder.0.join("take.sh"), folder.0.join("the alert.json"));
    std::fs::write(&script, "cat > \"$1.part\" && mv \"$1.part\" \"$1\"\n").unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let command = format!("sh {} '{}'", script.display(), alert.display());
    let address = format!("http://{}/alive", listener.local_addr().unwrap());
    let served = Served::start_with(&folder.data(), &["--notify-command", &command, "--heartbeat", &address]);
    let beat = || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 12];
        stream.read_exact(&mut asked).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        assert_eq!(&asked, b"GET /alive H");
    };
    beat();
    let now = text(&std::process::Command::new("date").arg("-uR").output().unwrap().stdout);
    let mail = format!(
        "Authentication-Results: amazonses.com; dmarc=pass header.from=email.amazon.com\r\nFrom: aws-automation@email.amazon.com\r\n\
         To: net-ops@corp.example\r\nDate: {}\r\nMessage-ID: <asked@amazon>\r\nSubject: Your request\r\n\r\n\
         Please reply directly to this message with the use case of your port 25 request.\r\n\r\nRequest ID: 170000000000001\r\n",
        now.trim()
    );
    served.send(mail.as_bytes());
    // A mail that was filed is swept for at once.
    beat();
    let told: Value = serde_json::from_slice(&std::fs::read(&alert).unwrap()).unwrap();
    assert_eq!(told["kind"], "our-turn", "{told}");
    assert_eq!(told["request"]["id"], "170000000000001", "{told}");
    assert_eq!(served.stop(), 0);
}

#[test]
fn silence_is_explained_alerts_are_tried_and_scenarios_are_played_from_the_command_line() {
    let folder = Folder::new();
    let data = folder.data();
    let data = data.to_str().unwrap();
    let imported = run(&["import", &format!("{STORY}/01-received.eml"), "--data", data]);
    assert!(imported.status.success(), "{imported:?}");
    let why = text(&run(&["why", FIRST, "--data", data]).stdout);
    assert!(why.starts_with(&format!("{FIRST}: ")) && why.contains("Next alert: "), "{why}");
    assert_eq!(run(&["why", "nothing", "--data", data]).status.code(), Some(1));

    let tried = run(&["test-alert", "--data", data]);
    assert!(tried.status.success() && text(&tried.stdout).ends_with("The test alert went out.\n"), "{tried:?}");
    let refused = run(&["test-alert", "--data", data, "--notify-command", "/bin/false"]);
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(text(&refused.stdout).contains("did not go out"), "{refused:?}");

    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/scenarios/silence.json");
    let told: Value = serde_json::from_slice(&run(&["simulate", scenario, "--json"]).stdout).unwrap();
    assert_eq!(told.as_array().unwrap().len(), 9, "{told}");
    assert_eq!(told[0]["at"], "2026-11-22T10:02:00Z");
    let wrong = run(&["simulate", &format!("{STORY}/01-received.eml")]);
    assert_eq!(wrong.status.code(), Some(1), "{wrong:?}");
}
