//! The command line against an API, and what it prints: the same from a served program and from its data folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use domain::text::is_hostile;
use serde_json::Value;

use crate::served::{Folder, Served, port25, run, text};
use crate::{FIRST, STORY, story};

/// A served program, and a token for it.
struct There {
    served: Served,
    token: String,
}

impl There {
    fn start(data: &Path, scope: &str) -> Self {
        let served = Served::start(data);
        let made = run(&["token", "add", "laptop", "--scope", scope, "--data", data.to_str().unwrap()]);
        assert!(made.status.success(), "while serve runs: {made:?}");
        Self { served, token: text(&made.stdout).trim_end().to_owned() }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = port25();
        command.args(args).env("PORT25_URL", format!("http://{}", self.served.http)).env("PORT25_TOKEN", &self.token);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// What a command says that must succeed.
    fn said(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?} {output:?}");
        text(&output.stdout)
    }
}

/// The story's first mail with a subject and a sender that would colour, turn round and clear a terminal.
fn hostile(folder: &Folder, name: &str, verified: bool) -> PathBuf {
    let mail = text(&story("01-received"));
    let subject = mail.lines().find(|line| line.starts_with("Subject: ")).unwrap();
    let mut mail = mail
        .replace(subject, "Subject: =?utf-8?Q?RE:=1B[31mred=1B[2J=E2=80=AEdlrow=C2=9B31m?= x\x1b]0;title\x07y")
        .replace("Message-ID: <", &format!("Message-ID: <{name}-"))
        .replace("78900123</p>", "78900777</p>");
    if !verified {
        mail = mail.replace("dmarc=pass", "dmarc=fail");
    }
    let path = folder.0.join(format!("{name}.eml"));
    std::fs::write(&path, mail).unwrap();
    path
}

fn import(data: &str, paths: &[&str]) {
    let imported = run(&[&["import", "--data", data], paths].concat());
    assert!(imported.status.success(), "{imported:?}");
}

/// Without what grows while one looks.
fn still(json: &str) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.remove("waiting_seconds");
                members.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::from_str(json).unwrap();
    strip(&mut value);
    value
}

#[test]
fn the_same_is_printed_over_http_and_from_the_folder() {
    let folder = Folder::new();
    let data = folder.data();
    let at = data.to_str().unwrap();
    let hostile = hostile(&folder, "hostile", true);
    let mails = ["01-received", "02-question", "04-forged-approval", "06-second-received"].map(|name| format!("{STORY}/{name}.eml"));
    import(at, &[&mails[0], &mails[1], &mails[2], &mails[3], hostile.to_str().unwrap()]);
    // Every alert that is due goes out now, and not while one looks.
    assert!(run(&["test-alert", "--data", at]).status.success());

    let asked: &[&[&str]] = &[
        &["list", "--json"],
        &["list", "--json", "--q", FIRST],
        &["list", "--json", "--turn", "ours", "--kind", "question", "--family", "port25"],
        &["list", "--json", "--account", "999999999999"],
        &["show", FIRST, "--json"],
        &["show", FIRST],
        &["why", FIRST, "--json"],
        &["why", FIRST],
        &["reply", FIRST, "--json"],
        &["reply", FIRST],
        &["quarantine", "--json"],
        &["quarantine"],
    ];
    let there = There::start(&data, "write");
    let remote: Vec<String> = asked.iter().map(|args| there.said(args)).collect();
    assert_eq!(there.served.stop(), 0);
    for (args, remote) in asked.iter().zip(remote) {
        let local = text(&run(&[args, &["--data", at][..]].concat()).stdout);
        if args.contains(&"--json") {
            assert_eq!(still(&remote), still(&local), "{args:?}");
        } else {
            assert_eq!(remote, local, "{args:?}");
        }
    }
    let count = |args: &[&str]| still(&text(&run(&[args, &["--json", "--data", at]].concat()).stdout)).as_array().unwrap().len();
    assert_eq!((count(&["list"]), count(&["list", "--q", FIRST]), count(&["list", "--kind", "question"])), (3, 1, 1));
    for (filter, words) in [("--family", "support-case"), ("--kind", "question"), ("--turn", "aws, ours or settled")] {
        let refused = run(&["list", filter, "mars", "--data", at]);
        assert!(refused.status.code() == Some(1) && text(&refused.stderr).contains(words), "{refused:?}");
    }
}

#[test]
fn people_act_through_an_api() {
    let folder = Folder::new();
    let data = folder.data();
    let at = data.to_str().unwrap();
    import(at, &[&format!("{STORY}/01-received.eml"), &format!("{STORY}/04-forged-approval.eml")]);
    let there = There::start(&data, "write");
    let json = |args: &[&str]| still(&there.said(&[args, &["--json"]].concat()));

    let file = folder.0.join("reply.eml");
    assert!(there.said(&["reply", FIRST, "--out", file.to_str().unwrap()]).starts_with("Reply to the mail of"));
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("X-Unsent: 1\r\n"));

    let remote = json(&["replied", FIRST, "--by", "ann", "--why", "called"]);
    assert_eq!((remote["id"].as_str(), remote["turn"].as_str(), &remote["said_before"]), (Some(FIRST), Some("aws"), &Value::Bool(false)));
    assert!(there.said(&["ack", FIRST, "--for", "3d"]).contains("no repeats until"));
    assert!(there.said(&["snooze", FIRST, "--for", "2d"]).starts_with("Put off"));
    assert!(there.said(&["note", FIRST, "asked the account team"]).starts_with("Noted."));

    let forged = json(&["quarantine"])["items"][0].clone();
    let id = forged["id"].as_str().unwrap();
    assert!(there.said(&["dismiss", id]).contains("irrelevant"));
    let judged = json(&["judge", id, "--as", "question", "--request", FIRST]);
    assert_eq!((judged["meaning"].as_str(), judged["requests"][0].as_str()), (Some("question"), Some(FIRST)), "{judged}");
    assert!(there.said(&["split", forged["message_id"].as_str().unwrap()]).contains("p25-"));
    assert!(there.said(&["test-alert"]).contains("within two minutes"));

    for (args, words) in [
        (vec!["reopen", FIRST], "urn:port25:problem:conflict"),
        (vec!["snooze", FIRST, "--for", "31d"], "30 days"),
        (vec!["replied", "170000000000009"], "urn:port25:problem:request-not-found"),
        (vec!["show", "../status"], "urn:port25:problem:request-not-found"),
        (vec!["judge", "nobody@nowhere", "--as", "note"], "urn:port25:problem:mail-not-found"),
        (vec!["judge", id, "--fixture", "x.eml"], "--data DIR"),
        (vec!["split", id], "Message-ID"),
        (vec!["test-alert", "--notify-command", "true"], "--notify-command"),
    ] {
        let refused = there.run(&args);
        assert_eq!(refused.status.code(), Some(1), "{args:?} {refused:?}");
        assert!(text(&refused.stderr).contains(words), "{args:?} {refused:?}");
    }
    assert!(there.said(&["settle", FIRST, "--as", "closed"]).starts_with("Settled as closed"));
    let shown = there.said(&["show", FIRST]);
    for words in ["replied by ann (token laptop) (called)", "settle by laptop"] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    assert_eq!(there.served.stop(), 0);
    let local = still(&text(&run(&["reopen", FIRST, "--json", "--data", at]).stdout));
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&remote), names(&local));
}

#[test]
fn who_may_not_is_told_and_a_token_stays_secret() {
    let folder = Folder::new();
    let data = folder.data();
    std::fs::create_dir_all(&data).unwrap();
    let there = There::start(&data, "read");
    let url = format!("http://{}", there.served.http);
    let wrong = format!("p25w_{}", "x".repeat(43));
    let cases: &[(&[&str], i32, &str)] = &[
        (&["list", "--url", &url, "--token", &wrong], 1, "urn:port25:problem:unauthenticated"),
        (&["list", "--url", &url], 1, "PORT25_TOKEN"),
        (&["list", "--token", &wrong], 1, "--url"),
        (&["list", "--url", "http://port25.corp.example", "--token", &wrong], 1, "without TLS"),
        (&["list", "--url", "port25.corp.example", "--token", &wrong], 1, "no address of an API"),
        (&["list", "--url", "http://127.0.0.1:1", "--token", &wrong], 1, "does not answer"),
        (&["list", "--url", &url, "--token", &wrong, "--data", "x"], 2, "--data"),
    ];
    for (args, code, words) in cases {
        let refused = run(args);
        let said = text(&refused.stderr);
        assert!(refused.status.code() == Some(*code) && said.contains(words) && !said.contains(&wrong), "{args:?} {refused:?}");
        assert!(refused.stdout.is_empty(), "{args:?}");
    }
    assert_eq!(there.said(&["list", "--json"]), "[]\n");
    let refused = there.run(&["note", FIRST, "x"]);
    assert!(text(&refused.stderr).contains("urn:port25:problem:forbidden"), "{refused:?}");
    // A folder that is named goes before an address in the environment.
    let locked = there.run(&["list", "--data", data.to_str().unwrap()]);
    assert!(text(&locked.stderr).contains("in use") && text(&locked.stderr).contains("--url"), "{locked:?}");
    let help = there.said(&["list", "--help"]);
    assert!(help.contains("PORT25_TOKEN") && !help.contains(&there.token), "{help}");
}

#[test]
fn tokens_are_made_listed_and_taken_away() {
    let folder = Folder::new();
    let data = folder.data();
    std::fs::create_dir_all(&data).unwrap();
    let at = |args: &[&str]| run(&[args, &["--data", data.to_str().unwrap()]].concat());
    let made = at(&["token", "add", "ci", "--scope", "read", "--days", "30"]);
    let secret = text(&made.stdout);
    assert!(secret.starts_with("p25r_") && secret.trim_end().len() == 48 && secret.lines().count() == 1, "{made:?}");
    assert!(text(&made.stderr).contains("ci") && !text(&made.stderr).contains(secret.trim_end()), "{made:?}");
    assert!(at(&["token", "add", "ci", "--scope", "write"]).status.success());

    let listed: Value = serde_json::from_slice(&at(&["token", "list", "--json"]).stdout).unwrap();
    let names: Vec<&str> = listed.as_array().unwrap().iter().map(|token| token["name"].as_str().unwrap()).collect();
    assert!(names == ["ci", "ci"] && !listed.to_string().contains(secret.trim_end()), "{listed}");
    let several = at(&["token", "revoke", "ci"]);
    let id = &listed[0]["id"].as_str().unwrap()[..8];
    assert!(several.status.code() == Some(1) && text(&several.stderr).contains(id), "{several:?}");
    assert!(at(&["token", "revoke", id]).status.success());
    assert!(at(&["token", "revoke", "ci"]).status.success());
    assert!(text(&at(&["token", "list"]).stdout).starts_with("No tokens."));
    for (args, code) in [
        (vec!["token", "revoke", "ci"], 1),
        (vec!["token", "add", "a\u{1b}b", "--scope", "read"], 1),
        (vec!["token", "add", "ci", "--scope", "read", "--days", "367"], 1),
        (vec!["token", "add", "ci", "--scope", "all"], 2),
        (vec!["token", "add", "ci"], 2),
    ] {
        let refused = at(&args);
        assert!(refused.status.code() == Some(code) && refused.stdout.is_empty(), "{args:?} {refused:?}");
    }
}

#[test]
fn a_token_in_a_table_at_aws_is_made_with_the_credentials_of_the_environment() {
    let folder = Folder::new();
    let data = folder.data();
    std::fs::create_dir_all(&data).unwrap();
    let there = There::start(&data, "read");
    // The engine of the served program stands in for AWS.
    let lock = std::fs::read_to_string(data.join("lock")).unwrap();
    let engine = lock.lines().find_map(|line| line.strip_prefix("engine ")).unwrap();
    let mut command = port25();
    command.args(["token", "add", "cloud", "--scope", "read", "--table", "port25"]);
    let without = command.output().unwrap();
    assert!(without.status.code() == Some(1) && text(&without.stderr).contains("AWS_REGION"), "{without:?}");
    command.envs([("AWS_REGION", "local"), ("AWS_ACCESS_KEY_ID", "local"), ("AWS_SECRET_ACCESS_KEY", "local")]);
    let made = command.env("AWS_ENDPOINT_URL_DYNAMODB", engine).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let token = text(&made.stdout);
    assert_eq!(there.said(&["list", "--json", "--token", token.trim_end()]), "[]\n");
}

#[test]
fn words_of_mails_steer_no_terminal() {
    let folder = Folder::new();
    let data = folder.data();
    let at = data.to_str().unwrap();
    let (proven, forged) = (hostile(&folder, "proven", true), hostile(&folder, "forged", false));
    import(at, &[proven.to_str().unwrap(), forged.to_str().unwrap()]);
    let id = "172345678900777";
    let files = [proven.to_str().unwrap(), forged.to_str().unwrap()];
    let looks: &[&[&str]] = &[
        &["list", "--data", at],
        &["list", "--json", "--data", at],
        &["list", "--csv", "--data", at],
        &["show", id, "--data", at],
        &["show", id, "--json", "--data", at],
        &["why", id, "--data", at],
        &["reply", id, "--data", at],
        &["quarantine", "--data", at],
        &["quarantine", "--json", "--data", at],
        &["explain", files[0]],
        &["explain", files[1], "--json"],
        &["show", "\u{1b}[31mred\u{202E}", "--data", at],
    ];
    for look in looks {
        let output = port25().args(*look).env("TERM", "xterm-256color").output().unwrap();
        let said = text(&output.stdout) + &text(&output.stderr);
        assert!(output.status.success() != look[1].starts_with('\u{1b}'), "{look:?}: {output:?}");
        assert!(!said.is_empty() && !said.chars().any(|c| c != '\n' && is_hostile(c)), "{look:?}: {said:?}");
    }
    let listed = text(&run(&["list", "--data", at]).stdout);
    assert!(listed.contains("[31mred"), "the words stay, without what steers: {listed}");
    assert!(text(&run(&["quarantine", "--data", at]).stdout).contains("[31mred"));
}

#[test]
fn the_description_and_the_completions_are_printed() {
    let description: Value = serde_json::from_slice(&run(&["openapi"]).stdout).unwrap();
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    for (shell, word) in [("bash", "complete -F"), ("zsh", "#compdef port25"), ("fish", "complete -c port25")] {
        let script = run(&["completions", shell]);
        let said = text(&script.stdout);
        assert!(script.status.success() && said.contains(word) && said.contains("quarantine"), "{shell}: {script:?}");
    }
    let help = text(&run(&["--help"]).stdout);
    assert!(help.contains("Exit codes:") && help.contains("--overdue"), "{help}");
    assert_eq!(run(&["completions", "csh"]).status.code(), Some(2));
}
