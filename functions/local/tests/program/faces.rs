//! One table of use cases, through three faces: the command line on a data folder, the API with a token, and the page's forms with a
//! session. Each begins with a copy of the same folder, and what is there afterwards is the same.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::served::{Folder, Served, run, text};
use crate::{FIRST, STORY};

/// A far enough future for a snooze.
fn until() -> String {
    let output = Command::new("date").args(["-u", "-d", "+2 days", "+%Y-%m-%dT%H:%M:00Z"]).output().unwrap();
    text(&output.stdout).trim().to_owned()
}

/// What people want, in the words of each face.
struct Case {
    name: &'static str,
    /// Arguments of the command line; `MAIL` stands for the mail in quarantine.
    command: Vec<String>,
    /// The path below `/v1` and the body.
    api: (String, Value),
    /// The path of the form, the page that it stands on, and its fields.
    form: (String, &'static str, Vec<(&'static str, String)>),
    /// Whether all faces refuse.
    refused: bool,
}

fn on_request(name: &'static str, command: &[&str], body: Value, fields: &[(&'static str, &str)]) -> Case {
    let act = command[0];
    Case {
        name,
        command: command.iter().map(|word| (*word).to_owned()).collect(),
        api: (format!("/v1/requests/{FIRST}/{act}"), body),
        form: (format!("/requests/{FIRST}/{act}"), "request", fields.iter().map(|(n, v)| (*n, (*v).to_owned())).collect()),
        refused: false,
    }
}

fn on_mail(name: &'static str, mail: &str, act: &'static str, command: &[&str], body: Value, fields: &[(&'static str, &str)]) -> Case {
    Case {
        name,
        command: command.iter().map(|word| if *word == "MAIL" { mail } else { word }.to_owned()).collect(),
        api: (format!("/v1/quarantine/{mail}/{act}"), body),
        form: (format!("/quarantine/{mail}/{act}"), "home", fields.iter().map(|(n, v)| (*n, (*v).to_owned())).collect()),
        refused: false,
    }
}

fn cases(mail: &str, until: &str) -> Vec<Case> {
    let form_until = until.trim_end_matches(":00Z");
    vec![
        on_request("AWS was answered", &["replied", FIRST], json!({}), &[]),
        on_request("seen, for a day", &["ack", FIRST, "--for", "24h"], json!({"seconds": 86_400}), &[("hours", "24")]),
        on_request("put off", &["snooze", FIRST, "--until", until], json!({"until": until}), &[("until", form_until)]),
        on_request(
            "it is over",
            &["settle", FIRST, "--as", "approved", "--why", "by phone"],
            json!({"outcome": "approved", "why": "by phone"}),
            &[("outcome", "approved"), ("why", "by phone")],
        ),
        on_request("a remark", &["note", FIRST, "they called"], json!({"text": "they called"}), &[("text", "they called")]),
        Case { refused: true, ..on_request("what is open is not opened again", &["reopen", FIRST], json!({}), &[]) },
        Case {
            refused: true,
            ..on_request(
                "a hold ends in the future",
                &["snooze", FIRST, "--until", "2020-01-01"],
                json!({"until": "2020-01-01T00:00:00Z"}),
                &[("until", "2020-01-01T00:00")],
            )
        },
        on_mail(
            "it is really AWS's",
            mail,
            "release",
            &["judge", "MAIL", "--as", "approved"],
            json!({"meaning": "approved"}),
            &[("meaning", "approved")],
        ),
        on_mail("it is none of ours", mail, "dismiss", &["dismiss", "MAIL"], json!({}), &[]),
    ]
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-r").arg(from).arg(to).status().unwrap().success());
}

fn show(data: &Path) -> Value {
    let output = run(&["show", FIRST, "--json", "--data", data.to_str().unwrap()]);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic_with(&e.to_string(), &text(&output.stderr)))
}

fn panic_with(what: &str, said: &str) -> Value {
    assert_eq!(what, "", "{said}");
    Value::Null
}

/// What must be the same afterwards: everything but who, when to the second, and ids that come from keys.
fn same(mut shown: Value) -> Value {
    for name in ["waiting_seconds", "since", "overdue_at", "next_look", "next_look_why", "last_update", "answer"] {
        shown.as_object_mut().unwrap().remove(name);
    }
    if let Some(hold) = shown["hold"].as_object_mut() {
        hold.remove("by");
        hold.remove("until");
    }
    let history = shown["history"].as_array_mut().unwrap();
    // The sweep of a program that serves tells; the command line does not.
    history.retain(|event| event["kind"] != "alert");
    for event in history {
        let event = event.as_object_mut().unwrap();
        let action = event["kind"] == "action";
        for name in ["at", "stored", "id", "by", "turn_after"] {
            event.remove(name);
        }
        if action && matches!(event["act"].as_str(), Some("ack")) {
            event.remove("says");
        }
    }
    shown
}

struct Faces {
    folder: Folder,
    begin: PathBuf,
    token: String,
    mail: String,
}

impl Faces {
    fn new() -> Self {
        let folder = Folder::new();
        let begin = folder.0.join("begin");
        let data = begin.to_str().unwrap();
        for mail in ["01-received", "04-forged-approval"] {
            assert!(run(&["import", &format!("{STORY}/{mail}.eml"), "--data", data]).status.success());
        }
        let token = text(&run(&["token", "add", "faces", "--scope", "write", "--data", data]).stdout).trim().to_owned();
        let listed: Value = serde_json::from_slice(&run(&["quarantine", "--json", "--data", data]).stdout).unwrap();
        let mail = listed["items"][0]["id"].as_str().unwrap().to_owned();
        Self { folder, begin, token, mail }
    }

    fn data(&self, name: &str) -> PathBuf {
        let data = self.folder.0.join(name);
        copy(&self.begin, &data);
        data
    }

    fn by_command(&self, n: usize, case: &Case) -> (bool, Value) {
        let data = self.data(&format!("command-{n}"));
        let mut args: Vec<&str> = case.command.iter().map(String::as_str).collect();
        args.extend(["--data", data.to_str().unwrap()]);
        let done = run(&args);
        (done.status.success(), same(show(&data)))
    }

    fn by_api(&self, n: usize, case: &Case) -> (bool, Value) {
        let data = self.data(&format!("api-{n}"));
        let served = Served::start(&data);
        let headers = format!("Authorization: Bearer {}\r\nContent-Type: application/json\r\n", self.token);
        let answer = served.ask("POST", &case.api.0, &headers, &case.api.1.to_string());
        assert_eq!(served.stop(), 0);
        let ok = answer.starts_with("HTTP/1.1 200");
        assert!(ok || answer.contains("urn:port25:problem:"), "{}: {answer}", case.name);
        (ok, same(show(&data)))
    }

    fn by_page(&self, n: usize, case: &Case) -> (bool, Value) {
        let data = self.data(&format!("page-{n}"));
        let served = Served::start(&data);
        let (path, stands_on, fields) = &case.form;
        let page = served.get(if *stands_on == "home" { "/?still" } else { "/requests/172345678900123" });
        let hidden = |name: &str| {
            let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_default();
            rest.split('"').next().unwrap_or_default().to_owned()
        };
        let mut body = format!("csrf={}&key=faces-{n}&version={}", hidden("csrf"), hidden("version"));
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", value.replace(' ', "+").replace(':', "%3A")));
        }
        let headers = "Content-Type: application/x-www-form-urlencoded\r\nAccept: text/html\r\n";
        let answer = served.ask("POST", path, headers, &body);
        assert_eq!(served.stop(), 0);
        let ok = answer.starts_with("HTTP/1.1 303");
        assert!(ok || answer.contains("<h1>"), "{}: {answer}", case.name);
        (ok, same(show(&data)))
    }
}

#[test]
fn three_faces_do_the_same() {
    let faces = Faces::new();
    let begin = same(show(&faces.begin));
    for (n, case) in cases(&faces.mail, &until()).iter().enumerate() {
        let command = faces.by_command(n, case);
        assert_eq!(command.0, !case.refused, "{}", case.name);
        assert_eq!(command.1 == begin, case.refused, "{}: {}", case.name, command.1);
        assert_eq!(faces.by_api(n, case), command, "the API and the command line: {}", case.name);
        assert_eq!(faces.by_page(n, case), command, "the page and the command line: {}", case.name);
    }
}

#[test]
fn three_faces_show_the_same() {
    let faces = Faces::new();
    let data = faces.begin.to_str().unwrap();
    let by_command = |args: &[&str]| -> Value {
        let mut all = args.to_vec();
        all.extend(["--json", "--data", data]);
        serde_json::from_slice(&run(&all).stdout).unwrap()
    };
    let list = by_command(&["list"]);
    let reply = by_command(&["reply", FIRST]);
    let quarantine = by_command(&["quarantine"]);
    let shown = by_command(&["show", FIRST]);
    let served = Served::start(&faces.begin);
    let api = |path: &str| -> Value {
        let answer = served.ask("GET", path, &format!("Authorization: Bearer {}\r\n", faces.token), "");
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    };
    let ids = |items: &Value| -> Vec<String> { items.as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap().to_owned()).collect() };
    assert_eq!(ids(&api("/v1/requests")["items"]), ids(&list));
    assert_eq!(ids(&api("/v1/quarantine")["items"]), ids(&quarantine["items"]));
    assert_eq!(same(api(&format!("/v1/requests/{FIRST}"))), same(shown));
    let draft = api(&format!("/v1/requests/{FIRST}/reply"));
    for name in ["channel", "to", "from", "subject", "in_reply_to", "references", "link"] {
        assert_eq!(draft[name], reply[name], "{name}");
    }
    let page = served.get(&format!("/requests/{FIRST}"));
    let first_line = reply["text"].as_str().unwrap().lines().next().unwrap();
    assert!(page.contains(first_line), "{page}");
    let home = served.get("/");
    for id in ids(&list).into_iter().chain(ids(&quarantine["items"])) {
        assert!(home.contains(&id), "{id}");
    }
    assert_eq!(served.stop(), 0);
}
