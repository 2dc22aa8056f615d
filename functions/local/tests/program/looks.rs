//! What three faces show of the same folder, and that a token opens all of them.

use serde_json::Value;

use crate::FIRST;
use crate::faces::{Faces, same};
use crate::served::{Served, port25, run, text};

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
    let why = by_command(&["why", FIRST]);
    let filters = [
        ("--turn aws", "turn=aws"),
        ("--turn ours", "state=ours"),
        ("--overdue", "overdue=true"),
        ("--account 123456789012", "account=123456789012"),
        ("--region eu-west-1", "region=eu-west-1"),
        ("--family port25", "family=port25"),
        ("--kind waiting", "kind=waiting"),
        ("--q 172345678900123", "q=172345678900123"),
        ("--turn aws --account 111122223333 --overdue", "turn=aws&account=111122223333&overdue=true"),
    ];
    let filtered = filters.map(|filter| (filter, by_command(&["list"].into_iter().chain(filter.0.split(' ')).collect::<Vec<_>>())));
    assert!(filtered.iter().any(|(_, found)| found.as_array().is_some_and(|found| found.len() == 1)), "they narrow: {filtered:?}");
    let served = Served::start(&faces.begin);
    let api = |path: &str| -> Value {
        let answer = served.ask("GET", path, &format!("Authorization: Bearer {}\r\n", faces.token), "");
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    };
    let ids = |items: &Value| -> Vec<String> { items.as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap().to_owned()).collect() };
    assert_eq!(ids(&api("/v1/requests")["items"]), ids(&list));
    assert_eq!(list.as_array().map(Vec::len), Some(2));
    for ((line, query), found) in filtered {
        assert_eq!(ids(&api(&format!("/v1/requests?{query}"))["items"]), ids(&found), "{line}");
    }
    assert_eq!(ids(&api("/v1/quarantine")["items"]), ids(&quarantine["items"]));
    assert_eq!(same(api(&format!("/v1/requests/{FIRST}"))), same(shown));
    let detail = api(&format!("/v1/requests/{FIRST}"));
    for (name, asked) in [("turn", "turn"), ("since", "since"), ("overdue_at", "overdue_at"), ("deadline_seconds", "deadline_seconds")] {
        assert_eq!(why[name], detail[asked], "{name}");
    }
    let mails = |events: &Value| -> Vec<Value> {
        events.as_array().unwrap().iter().filter(|e| e["kind"] == "mail").map(|e| e["id"].clone()).collect()
    };
    assert_eq!(mails(&api(&format!("/v1/requests/{FIRST}/events"))["items"]), mails(&detail["history"]));
    assert_eq!(api(&format!("/v1/requests/{FIRST}/messages"))["items"][0]["id"], mails(&detail["history"])[0]);
    let draft = api(&format!("/v1/requests/{FIRST}/reply"));
    for name in ["channel", "to", "from", "subject", "in_reply_to", "references", "link"] {
        assert_eq!(draft[name], reply[name], "{name}");
    }
    let page = served.get(&format!("/requests/{FIRST}"));
    let first_line = reply["text"].as_str().unwrap().lines().next().unwrap();
    assert!(page.contains(first_line), "{page}");
    assert!(page.contains("Next alert: ") && page.contains(detail["next_look_why"].as_str().unwrap()), "{page}");
    let home = served.get("/");
    for id in ids(&list).into_iter().chain(ids(&quarantine["items"])) {
        assert!(home.contains(&id), "{id}");
    }
    assert_eq!(served.stop(), 0);
}

#[test]
fn a_token_opens_three_faces_and_none_when_it_was_taken_away() {
    let faces = Faces::new();
    let data = faces.begin.to_str().unwrap();
    let served = Served::start(&faces.begin);
    let url = format!("http://{}", served.http);
    let opened = |token: &str| -> [bool; 3] {
        let command = port25().args(["list", "--url", &url]).env("PORT25_TOKEN", token).output().unwrap().status.success();
        // Without the session of the test.
        let bare = |method: &str, path: &str, headers: &str, body: &str| served.ask_as("", method, path, headers, body);
        let api = bare("GET", "/v1/requests", &format!("Authorization: Bearer {token}\r\n"), "").starts_with("HTTP/1.1 200");
        let form = "Content-Type: application/x-www-form-urlencoded\r\n";
        let page = bare("POST", "/login", form, &format!("secret={token}")).starts_with("HTTP/1.1 303");
        [command, api, page]
    };
    assert_eq!(opened(&faces.token), [true; 3]);
    let add = |scope: &str| text(&run(&["token", "add", scope, "--scope", scope, "--data", data]).stdout).trim().to_owned();
    let (read, write) = (add("read"), add("write"));
    assert_eq!((opened(&read), opened(&write)), ([true; 3], [true; 3]));
    for name in ["read", "write"] {
        assert!(run(&["token", "revoke", name, "--data", data]).status.success(), "{name}");
    }
    assert_eq!((opened(&read), opened(&write)), ([false; 3], [false; 3]));
    assert_eq!(opened(&format!("p25w_{}", "x".repeat(43))), [false; 3]);
    assert_eq!(opened(&faces.token), [true; 3], "the others stay");
    assert_eq!(served.stop(), 0);
}
