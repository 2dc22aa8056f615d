//! Asked: the requests as lists, one request by any reference, and the page, each through the router and the real table.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::world::World;

const NOW: &str = "2026-11-23T08:00:00Z";

/// The request of the story's first mail: in AWS's turn since Friday 10:02, so overdue at [`NOW`].
const STORY: &str = "172345678900123";
/// Denied on Saturday.
const DENIED: &str = "172355555500456";
/// AWS asked on Sunday.
const ASKED: &str = "172360000000001";
/// Opened on Sunday: AWS has its time.
const WAITING: &str = "172360000000002";

/// Where Support cases are written from, and the answers to the port 25 form.
const CASES: &str = "no-reply-aws@amazon.com";
const FORM: &str = "aws-automation@email.amazon.com";

/// A world with one request in each state, at [`NOW`].
async fn world() -> World {
    let world = World::new().await;
    world.advance_to(NOW);
    for story in ["01-received", "06-second-received", "07-second-denied"] {
        world.story(story).await;
    }
    world.mail(&question(ASKED, "About the relay")).await;
    world.mail(&opened(WAITING, "111122223333", "eu-west-1")).await;
    world
}

fn opened(id: &str, account: &str, region: &str) -> Vec<u8> {
    let text = format!(
        "Hello,\n\nAmazon Web Services has opened case {id} on your behalf.\n\nThe details of the case are:\nCase ID: {id}\n\
         Subject: Port 25 in {region}\nAccount: {account}\n\nThank you for using Amazon Web Services.\n"
    );
    let subject = format!("Amazon Web Services: New Support case: {id}");
    aws_mail(CASES, &subject, &format!("Message-ID: <opened-{id}@amazon.com>"), "Sun, 22 Nov 2026 12:00:00 +0000", &text)
}

fn question(id: &str, title: &str) -> Vec<u8> {
    let text = "Hello,\n\nWe would like to gather more information about your use case. Please provide us with details about the \
                mail that the account 777788889999 sends.\n\nAmazon Web Services\n";
    let subject = format!("RE:[CASE {id}] {title}");
    aws_mail(CASES, &subject, &format!("Message-ID: <asked-{id}@amazon.com>"), "Sun, 22 Nov 2026 13:00:00 +0000", text)
}

/// A mail that AWS really sent, as SES hands it over. `ids` are its Message-ID and thread headers.
fn aws_mail(from: &str, subject: &str, ids: &str, date: &str, text: &str) -> Vec<u8> {
    let domain = from.split_once('@').unwrap().1;
    let head = format!(
        "Return-Path: <bounce@bounces.amazon.com>\n\
         Received: from mail.sender.example (mail.sender.example [192.0.2.90])\n by inbound-smtp.eu-west-1.amazonaws.com with SMTP id x\n \
         for port25@track.corp.example;\n {date}\n\
         Authentication-Results: amazonses.com;\n spf=pass;\n dkim=pass header.i=@{domain};\n dmarc=pass header.from={domain};\n\
         From: Amazon Web Services <{from}>\nTo: port25@track.corp.example\nSubject: {subject}\nDate: {date}\n\
         {ids}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n\n"
    );
    format!("{head}{text}").replace('\n', "\r\n").into_bytes()
}

fn ids(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// Follows a list to its end, one read after the other, and checks each `Link` on the way.
async fn all_pages(world: &World, query: &str) -> Vec<String> {
    let (mut found, mut path) = (Vec::new(), format!("/v1/requests?{query}"));
    for _ in 0..50 {
        let reply = world.get(&path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        let list = reply.json();
        found.extend(ids(&list));
        let Some(next) = list["next"].as_str() else {
            assert_eq!(reply.header("link"), None, "the last page links to none");
            return found;
        };
        let link = reply.header("link").unwrap();
        assert!(link.ends_with("; rel=\"next\"") && link.contains(next), "{link}");
        path = link.trim_start_matches('<').split_once('>').unwrap().0.to_owned();
    }
    panic!("{query}: no end after 50 pages, {found:?}");
}

#[tokio::test]
async fn a_list_shows_our_turn_first_and_filters() {
    let world = world().await;
    for (query, want) in [
        ("", vec![ASKED, STORY, WAITING, DENIED]),
        ("turn=ours", vec![ASKED]),
        ("state=aws", vec![STORY, WAITING]),
        ("turn=settled", vec![DENIED]),
        ("overdue=true", vec![STORY]),
        ("overdue=false", vec![ASKED, WAITING, DENIED]),
        ("turn=aws&overdue=false", vec![WAITING]),
        ("turn=ours&overdue=true", vec![]),
        ("account=111122223333", vec![STORY, WAITING]),
        ("account=4444-5555-6666", vec![DENIED]),
        ("account=111122223333&overdue=true", vec![STORY]),
        ("account=999999999999", vec![]),
        ("region=us-east-1", vec![DENIED]),
        ("region=eu-west-1&turn=aws", vec![STORY, WAITING]),
    ] {
        let reply = world.get(&format!("/v1/requests?{query}")).await;
        assert_eq!(reply.status, 200, "{query}: {}", reply.text);
        assert_eq!(ids(&reply.json()), want, "{query}");
    }
}

#[tokio::test]
async fn pages_of_one_show_every_request_exactly_once() {
    let world = world().await;
    let everything = vec![ASKED, STORY, WAITING, DENIED];
    assert_eq!(all_pages(&world, "limit=1").await, everything);
    assert_eq!(all_pages(&world, "limit=3").await, everything);
    assert_eq!(all_pages(&world, "limit=1&turn=aws").await, [STORY, WAITING]);
    assert_eq!(all_pages(&world, "limit=1&region=eu-west-1").await, [STORY, WAITING]);
    assert_eq!(all_pages(&world, "limit=1&account=111122223333").await, [STORY, WAITING]);
    assert_eq!(all_pages(&world, "limit=1&overdue=false").await, [ASKED, WAITING, DENIED]);
}

#[tokio::test]
async fn an_overdue_list_keeps_its_bound_while_time_passes() {
    let world = world().await;
    let first = world.get("/v1/requests?overdue=true&limit=1").await.json();
    assert_eq!(ids(&first), [STORY]);
    let next = first["next"].as_str().expect("a full page has a next one").to_owned();
    // Now the second one is overdue as well, but it was not when the list began.
    world.advance_to("2026-11-25T08:00:00Z");
    let second = world.get(&format!("/v1/requests?overdue=true&limit=1&cursor={next}")).await.json();
    assert_eq!((ids(&second), &second["next"]), (vec![], &Value::Null));
    assert_eq!(ids(&world.get("/v1/requests?overdue=true").await.json()), [STORY, WAITING]);
}

#[tokio::test]
async fn a_cursor_is_held_against_its_filter() {
    let world = world().await;
    let cursor = world.get("/v1/requests?turn=aws&limit=1").await.json()["next"].as_str().unwrap().to_owned();
    let mut broken = cursor.clone();
    broken.replace_range(10..11, if broken.as_bytes()[10] == b'A' { "B" } else { "A" });
    for (query, word) in [
        (format!("limit=1&cursor={cursor}"), "cursor-mismatch"),
        (format!("turn=ours&cursor={cursor}"), "cursor-mismatch"),
        (format!("turn=aws&overdue=true&cursor={cursor}"), "cursor-mismatch"),
        (format!("turn=aws&cursor={broken}"), "cursor"),
        (format!("cursor={}", "A".repeat(1_200)), "cursor"),
    ] {
        let reply = world.get(&format!("/v1/requests?{query}")).await;
        assert_eq!(reply.status, 400, "{query}");
        assert_eq!(reply.json()["type"], format!("urn:port25:problem:{word}"), "{query}");
    }
    // Another size of page is the same list.
    let reply = world.get(&format!("/v1/requests?state=aws&limit=7&cursor={cursor}")).await;
    assert_eq!(ids(&reply.json()), [WAITING]);
}

#[tokio::test]
async fn what_a_list_does_not_accept_is_named() {
    let world = world().await;
    for (query, parameter) in
        [("turn=open", "turn"), ("limit=0", "limit"), ("limit=201", "limit"), ("account=1", "account"), ("colour=blue", "colour")]
    {
        let reply = world.get(&format!("/v1/requests?{query}")).await;
        assert_eq!((reply.status, reply.header("content-type")), (400, Some("application/problem+json")), "{query}");
        assert_eq!(reply.json()["parameter"], parameter, "{query}");
        assert_eq!(reply.json()["instance"], "/v1/requests");
    }
}

#[tokio::test]
async fn any_reference_finds_the_request() {
    let world = world().await;
    world.story("02-question").await;
    world.story("03-our-reply").await;
    let by_id = world.get(&format!("/v1/requests/{STORY}")).await;
    assert_eq!(by_id.status, 200, "{}", by_id.text);
    let request = by_id.json();
    for reference in ["0102-5f1e-01%40email.amazon.com", "%3C0102-7b3c-02@email.amazon.com%3E", "reply-7a@corp.example"] {
        let found = world.get(&format!("/v1/requests/{reference}")).await;
        assert_eq!((found.status, &found.json()["id"]), (200, &request["id"]), "{reference}");
        let page = world.get(&format!("/requests/{reference}")).await;
        assert_eq!(page.status, 200, "{reference}");
    }
    assert_eq!(request["turn"], "aws");
    assert_eq!(request["since"], "2026-11-22T17:10:00Z");
    assert_eq!((request["next_look_why"].is_string(), &request["key"]), (true, &Value::Null), "{request}");
    let kinds: Vec<&str> = request["history"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|k| **k == "mail").count(), 3, "{kinds:?}");
    let meanings: BTreeSet<&str> = request["history"].as_array().unwrap().iter().filter_map(|e| e["meaning"].as_str()).collect();
    assert_eq!(meanings, BTreeSet::from(["received", "question", "ours"]));
}

#[tokio::test]
async fn an_id_once_shown_finds_the_request_also_after_aws_gave_one() {
    let world = world().await;
    let text = "Hello,\n\nWe have received your request to remove the email sending limitations on port 25.\n";
    let first = aws_mail(FORM, "Your request", "Message-ID: <form/1@email.amazon.com>", "Sun, 22 Nov 2026 14:00:00 +0000", text);
    world.mail(&first).await;
    let shown = world.get("/v1/requests/form%2F1@email.amazon.com").await.json();
    let key = shown["id"].as_str().unwrap().to_owned();
    assert!(key.starts_with("p25-") && shown["key"] == key && shown["aws_id"].is_null(), "{shown}");
    assert_eq!(world.get(&format!("/v1/requests/{}", key.to_uppercase())).await.json()["id"], key);

    let ids = "Message-ID: <form/2@email.amazon.com>\nIn-Reply-To: <form/1@email.amazon.com>\nReferences: <form/1@email.amazon.com>";
    let text = "Hello,\n\nWe would like to gather more information about your use case.\n\nRequest ID: 172360000000007\n";
    world.mail(&aws_mail(FORM, "Re: Your request", ids, "Sun, 22 Nov 2026 15:00:00 +0000", text)).await;
    for path in [format!("/v1/requests/{key}"), "/v1/requests/172360000000007".to_owned()] {
        assert_eq!(world.get(&path).await.json()["id"], "172360000000007", "{path}");
    }
}

#[tokio::test]
async fn an_unknown_reference_says_what_to_do() {
    let world = world().await;
    for reference in ["170000000000000", "p25-aaaaaaaaaa", "nobody@example.com", "%3Cscript%3E"] {
        let reply = world.get(&format!("/v1/requests/{reference}")).await;
        assert_eq!((reply.status, reply.header("content-type")), (404, Some("application/problem+json")), "{reference}");
        assert!(reply.json()["detail"].as_str().unwrap().contains("let AWS's own mail be delivered here"), "{}", reply.text);
        assert_eq!(world.get(&format!("/requests/{reference}")).await.status, 404);
    }
}

#[tokio::test]
async fn the_page_shows_what_counts_and_never_runs_what_a_mail_says() {
    let world = world().await;
    world.mail(&question("172360000000009", "</td><script>alert(1)</script><img src=x onerror=alert(2)>")).await;
    world.story("04-forged-approval").await;
    let page = world.get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("<title>(1 overdue) port25</title>"), "{}", page.text);
    assert!(page.text.contains("&lt;script&gt;alert(1)"), "{}", page.text);
    assert!(page.text.contains("Quarantine of the last 7 days (1)"), "{}", page.text);
    let detail = world.get("/requests/172360000000009").await;
    for html in [&page.text, &detail.text] {
        assert!(html.matches("<script").count() == 1 && !html.contains("<img") && !html.contains("style="), "{html}");
    }
    let places: Vec<usize> = [ASKED, STORY, WAITING, DENIED].iter().map(|id| page.text.find(&format!("requests/{id}")).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
    let story = world.get(&format!("/requests/{STORY}")).await.text;
    assert!(story.contains("AWS is overdue") && story.contains("Reply to the mail of 2026-11-20 10:02Z"), "{story}");
}

#[tokio::test]
async fn an_empty_tracker_says_where_mail_goes() {
    let world = World::new().await;
    let page = world.get("/").await;
    assert!(page.status == 200 && page.text.contains("No request yet"), "{}", page.text);
    let list = world.get("/v1/requests").await.json();
    assert_eq!(list, serde_json::json!({ "items": [], "next": null }));
}

#[tokio::test]
async fn every_route_answers_head_refuses_writes_and_protects() {
    let world = world().await;
    let story = format!("/requests/{STORY}");
    let paths = [
        "/",
        &story,
        "/style.css",
        "/script.js",
        "/quarantine",
        "/v1/requests",
        &format!("/v1{story}"),
        &format!("/v1{story}/reply"),
        "/v1/health",
    ];
    for path in paths {
        let got = world.get(path).await;
        let head = world.ask("HEAD", path).await;
        assert_eq!((got.status, head.status, head.text.as_str()), (200, 200, ""), "{path}");
        assert_eq!(head.header("content-length"), got.header("content-length"), "{path}");
        let writes = match path {
            "/v1/requests" => "GET,HEAD,POST",
            path if path == format!("/v1{story}") => "GET,HEAD,DELETE",
            _ => "GET,HEAD",
        };
        for method in ["PUT", "PATCH"] {
            let refused = world.ask(method, path).await;
            assert_eq!((refused.status, refused.header("allow")), (405, Some(writes)), "{method} {path}");
        }
        let asked = world.ask("OPTIONS", path).await;
        assert_eq!((asked.status, asked.header("allow")), (204, Some(writes)), "{path}");
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(got.header(name), Some(value), "{path}");
        }
        assert!(got.header("content-security-policy").is_some_and(|csp| csp.starts_with("default-src 'none'")), "{path}");
    }
    assert_eq!(world.get("/v1/health").await.json()["status"], "ok");
}
