//! One table of use cases, through three faces: the command line on a data folder, the API with a token, and the page's forms with a
//! session. Each begins with a copy of the same folder, and what is there afterwards is the same.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::served::{Folder, Served, run, text};
use crate::{FIRST, STORY};

/// The Message-ID of the mail that began [`FIRST`].
const FIRST_MAIL: &str = "0102-5f1e-01@email.amazon.com";

/// A far enough future for a snooze.
fn until() -> String {
    let output = Command::new("date").args(["-u", "-d", "+2 days", "+%Y-%m-%dT%H:%M:00Z"]).output().unwrap();
    text(&output.stdout).trim().to_owned()
}

/// A form of the page: its path, the page that it stands on, and its fields.
type Form = (String, String, Vec<(&'static str, String)>);

/// What people want, in the words of each face.
struct Case {
    name: &'static str,
    /// What the command line does before, on each copy.
    before: Vec<Vec<String>>,
    /// Arguments of the command line.
    command: Vec<String>,
    /// The method, the path below `/v1`, and the body.
    api: (&'static str, String, Value),
    /// The form, else why the page has none.
    form: Result<Form, &'static str>,
    /// Whether all faces refuse.
    refused: bool,
}

fn words(command: &[&str]) -> Vec<String> {
    command.iter().map(|word| (*word).to_owned()).collect()
}

fn fields(fields: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    fields.iter().map(|(n, v)| (*n, (*v).to_owned())).collect()
}

fn on_request(name: &'static str, command: &[&str], body: Value, form: &[(&'static str, &str)]) -> Case {
    let (act, id) = (command[0], command[1]);
    Case {
        name,
        before: Vec::new(),
        command: words(command),
        api: ("POST", format!("/v1/requests/{id}/{act}"), body),
        form: Ok((format!("/requests/{id}/{act}"), format!("/requests/{id}"), fields(form))),
        refused: false,
    }
}

fn on_mail(name: &'static str, mail: &str, act: &'static str, command: &[&str], body: Value, form: &[(&'static str, &str)]) -> Case {
    Case {
        name,
        before: Vec::new(),
        command: words(command),
        api: ("POST", format!("/v1/quarantine/{mail}/{act}"), body),
        form: Ok((format!("/quarantine/{mail}/{act}"), "/quarantine".to_owned(), fields(form))),
        refused: false,
    }
}

/// The table. `mail` is in quarantine; `registered` is a request that was submitted by hand, without an ID.
fn cases(mail: &str, registered: &str, until: &str) -> Vec<Case> {
    let form_until = until.trim_end_matches(":00Z");
    let settle = words(&["settle", FIRST, "--as", "closed"]);
    let refused = |case: Case| Case { refused: true, ..case };
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
        Case {
            before: vec![settle.clone()],
            ..on_request(
                "it is not over",
                &["reopen", FIRST, "--why", "still shut"],
                json!({"why": "still shut"}),
                &[("why", "still shut")],
            )
        },
        on_request("a remark", &["note", FIRST, "they called"], json!({"text": "they called"}), &[("text", "they called")]),
        on_request(
            "AWS's ID was learned",
            &["identify", registered, "172345678900555"],
            json!({"aws_id": "172345678900555"}),
            &[("aws_id", "172345678900555")],
        ),
        on_request("it is the other request", &["identify", registered, FIRST], json!({"aws_id": FIRST}), &[("aws_id", FIRST)]),
        Case {
            api: ("POST", format!("/v1/requests/{FIRST}/judge"), json!({"mail": FIRST_MAIL, "meaning": "question"})),
            form: Err("a mail that is filed is judged where its words are at hand: the command line, a program"),
            ..on_request("the mail means something else", &["judge", FIRST_MAIL, "--as", "question"], json!({}), &[])
        },
        Case {
            api: ("POST", format!("/v1/requests/{FIRST}/judge"), json!({"mail": FIRST_MAIL, "meaning": "received", "request": registered})),
            form: Err("as above"),
            ..on_request("the mail belongs elsewhere", &["judge", FIRST_MAIL, "--as", "received", "--request", registered], json!({}), &[])
        },
        on_mail(
            "it is really AWS's",
            mail,
            "release",
            &["judge", mail, "--as", "approved"],
            json!({"meaning": "approved"}),
            &[("meaning", "approved")],
        ),
        on_mail("it is none of ours", mail, "dismiss", &["dismiss", mail], json!({}), &[]),
        Case {
            api: (
                "POST",
                "/v1/requests".to_owned(),
                json!({"subject": "rDNS for mx2", "account": "123456789012", "regions": ["eu-west-1"], "aws_id": "172345678900666"}),
            ),
            form: Err("a form is registered where it was sent: by a script, or once by hand"),
            ..on_request(
                "it was submitted by hand",
                &[
                    "register",
                    "--subject",
                    "rDNS for mx2",
                    "--account",
                    "123456789012",
                    "--region",
                    "eu-west-1",
                    "--aws-id",
                    "172345678900666",
                ],
                json!({}),
                &[],
            )
        },
        Case {
            api: ("DELETE", format!("/v1/requests/{FIRST}"), json!({})),
            form: Err("what cannot be undone is one step away from a click"),
            ..on_request("it is forgotten", &["forget", FIRST, "--yes"], json!({}), &[])
        },
        refused(on_request("what is open is not opened again", &["reopen", FIRST], json!({}), &[])),
        refused(Case { before: vec![settle], ..on_request("what is over is not put off", &["ack", FIRST], json!({}), &[("hours", "24")]) }),
        refused(on_request(
            "a hold ends in the future",
            &["snooze", FIRST, "--until", "2020-01-01"],
            json!({"until": "2020-01-01T00:00:00Z"}),
            &[("until", "2020-01-01T00:00")],
        )),
        refused(on_request(
            "AWS's own ID stays",
            &["identify", FIRST, "172345678900777"],
            json!({"aws_id": "172345678900777"}),
            &[("aws_id", "172345678900777")],
        )),
        refused(on_request("nobody knows it", &["replied", "172345678909999"], json!({}), &[])),
    ]
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-r").arg(from).arg(to).status().unwrap().success());
}

fn json_of(args: &[&str], data: &Path) -> Value {
    let output = run(&[args, &["--json", "--data", data.to_str().unwrap()]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic_with(&e.to_string(), &text(&output.stderr)))
}

/// Everything that is there: each request with its history, and what is in quarantine. Read in one way, whichever face wrote.
fn everything(served: &Served) -> Value {
    let get = |path: &str| -> Value { serde_json::from_str(served.get(path).split_once("\r\n\r\n").unwrap().1).unwrap() };
    let list = get("/v1/requests");
    let ids = list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap());
    let requests: Vec<Value> = ids.map(|id| same(get(&format!("/v1/requests/{id}")))).collect();
    json!({"requests": requests, "quarantine": get("/v1/quarantine")["items"]})
}

fn all_of(data: &Path) -> Value {
    let served = Served::start(data);
    let all = everything(&served);
    assert_eq!(served.stop(), 0);
    all
}

fn panic_with(what: &str, said: &str) -> Value {
    assert_eq!(what, "", "{said}");
    Value::Null
}

/// What must be the same afterwards: everything but who, when to the second, and ids that come from keys.
pub(crate) fn same(mut shown: Value) -> Value {
    for name in ["waiting_seconds", "since", "overdue_at", "next_look", "next_look_why", "last_update", "answer", "key", "message_ids"] {
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

pub(crate) struct Faces {
    folder: Folder,
    pub(crate) begin: PathBuf,
    pub(crate) token: String,
    mail: String,
    registered: String,
}

impl Faces {
    pub(crate) fn new() -> Self {
        let folder = Folder::new();
        let begin = folder.0.join("begin");
        let data = begin.to_str().unwrap();
        for mail in ["01-received", "04-forged-approval"] {
            assert!(run(&["import", &format!("{STORY}/{mail}.eml"), "--data", data]).status.success());
        }
        let registered = json_of(&["register", "--subject", "Open port 25 for mx1", "--account", "123456789012"], &begin);
        let registered = registered["id"].as_str().unwrap().to_owned();
        let token = text(&run(&["token", "add", "faces", "--scope", "write", "--data", data]).stdout).trim().to_owned();
        let mail = json_of(&["quarantine"], &begin)["items"][0]["id"].as_str().unwrap().to_owned();
        Self { folder, begin, token, mail, registered }
    }

    /// A copy of what there was at the beginning, and of what was done before.
    fn data(&self, name: &str, case: &Case) -> PathBuf {
        let data = self.folder.0.join(name);
        copy(&self.begin, &data);
        for command in &case.before {
            assert!(command_line(command, &data), "{}: {command:?}", case.name);
        }
        data
    }

    fn by_command(&self, n: usize, case: &Case) -> (bool, Value) {
        let data = self.data(&format!("command-{n}"), case);
        let done = command_line(&case.command, &data);
        (done, all_of(&data))
    }

    fn by_api(&self, n: usize, case: &Case) -> (bool, Value) {
        let data = self.data(&format!("api-{n}"), case);
        let served = Served::start(&data);
        let headers = format!("Authorization: Bearer {}\r\nContent-Type: application/json\r\n", self.token);
        let (method, path, body) = &case.api;
        let answer = served.ask(method, path, &headers, &body.to_string());
        let ok = answer.starts_with("HTTP/1.1 20");
        assert!(ok || answer.contains("urn:port25:problem:"), "{}: {answer}", case.name);
        let all = everything(&served);
        assert_eq!(served.stop(), 0);
        (ok, all)
    }

    fn by_page(&self, n: usize, case: &Case) -> Result<(bool, Value), &'static str> {
        let (path, stands_on, fields) = case.form.as_ref().map_err(|why| *why)?;
        let data = self.data(&format!("page-{n}"), case);
        let served = Served::start(&data);
        let page = served.get(stands_on);
        let hidden = |name: &str| {
            let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_default();
            rest.split('"').next().unwrap_or_default().to_owned()
        };
        // The page of a request that nobody knows has no form: one of another page is sent there.
        let (csrf, version) = match hidden("csrf").as_str() {
            "" => (secret_of(&served.get("/?still")), "1".to_owned()),
            csrf => (csrf.to_owned(), hidden("version")),
        };
        if !case.refused {
            assert!(
                page.contains(&format!("action=\"..{path}\"")) || page.contains(&format!("action=\".{path}\"")),
                "{path} stands on {stands_on}"
            );
        }
        let mut body = format!("csrf={csrf}&key=faces-{n}&version={version}");
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", value.replace(' ', "+").replace(':', "%3A")));
        }
        let headers = "Content-Type: application/x-www-form-urlencoded\r\nAccept: text/html\r\n";
        let answer = served.ask("POST", path, headers, &body);
        let ok = answer.starts_with("HTTP/1.1 303");
        assert!(ok || answer.contains("<h1>"), "{}: {answer}", case.name);
        let all = everything(&served);
        assert_eq!(served.stop(), 0);
        Ok((ok, all))
    }
}

fn secret_of(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

fn command_line(args: &[String], data: &Path) -> bool {
    let args: Vec<&str> = args.iter().map(String::as_str).chain(["--data", data.to_str().unwrap()]).collect();
    run(&args).status.success()
}

#[test]
fn three_faces_do_the_same() {
    let faces = Faces::new();
    let untouched = all_of(&faces.begin);
    assert_eq!(untouched["requests"].as_array().map(Vec::len), Some(2));
    let mut without = 0;
    for (n, case) in cases(&faces.mail, &faces.registered, &until()).iter().enumerate() {
        let begin = if case.before.is_empty() { untouched.clone() } else { all_of(&faces.data(&format!("begin-{n}"), case)) };
        let command = faces.by_command(n, case);
        assert_eq!(command.0, !case.refused, "{}", case.name);
        assert_eq!(command.1 == begin, case.refused, "{}: {}", case.name, command.1);
        assert_eq!(faces.by_api(n, case), command, "the API and the command line: {}", case.name);
        match faces.by_page(n, case) {
            Ok(page) => assert_eq!(page, command, "the page and the command line: {}", case.name),
            Err(why) => {
                assert!(!why.is_empty(), "{}", case.name);
                without += 1;
            }
        }
    }
    assert_eq!(without, 4, "what the page does not do");
}
