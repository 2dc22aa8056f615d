//! Who may: every route without, with a wrong, with a read and with a write token; sessions and their forms; what readers see.

use std::collections::BTreeSet;

use api::access::{Access, Door, secret};
use axum::http::Request;
use axum::http::request::Builder;
use jiff::SignedDuration;
use serde_json::Value;
use store::Scope;

use crate::world::{Reply, World};

/// The request of the story's first mail.
const ID: &str = "172345678900123";

/// Every route that somebody must be known for, from the description and the page.
fn guarded() -> BTreeSet<(String, String)> {
    let description: Value = serde_json::from_str(api::openapi::OPENAPI).unwrap();
    let mut routes: BTreeSet<(String, String)> = BTreeSet::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            routes.insert((method.to_uppercase(), path.replace("{id}", ID).replace("{mail}", "nothing")));
        }
    }
    assert!(routes.remove(&("GET".to_owned(), "/v1/health".to_owned())), "the one route of the API that is open");
    routes.extend(
        [("GET", "/".to_owned()), ("GET", format!("/requests/{ID}")), ("POST", "/logout".to_owned())].map(|(m, p)| (m.to_owned(), p)),
    );
    routes
}

async fn ask(world: &World, (method, path): &(String, String), authorization: Option<&str>) -> Reply {
    let request = Request::builder().method(method.as_str()).uri(path);
    let request = authorization.into_iter().fold(request, |request, value| request.header("authorization", value));
    world.send(request, String::new()).await
}

async fn story() -> World {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.advance_to("2026-11-22T16:00:00Z");
    for mail in ["01-received", "02-question", "04-forged-approval"] {
        world.story(mail).await;
    }
    world
}

#[tokio::test]
async fn nothing_is_open_without_a_token_and_readers_change_nothing() {
    let world = story().await;
    let (read, write) = (world.token(Scope::Read).await, world.token(Scope::Write).await);
    let before = world.get(&format!("/v1/requests/{ID}")).await.header("etag").unwrap().to_owned();
    let routes = guarded();
    assert!(routes.len() > 20, "{routes:?}");
    for route in &routes {
        let wrong = format!("{}{}", &write[..write.len() - 1], if write.ends_with('A') { 'B' } else { 'A' });
        for given in [None, Some("Bearer "), Some("Bearer p25w_x"), Some(&*format!("Bearer {wrong}")), Some(&*format!("Basic {write}"))] {
            let refused = ask(&world, route, given).await;
            assert_eq!(refused.status, 401, "{route:?} with {given:?}: {}", refused.text);
            assert_eq!(refused.header("www-authenticate"), Some("Bearer realm=\"port25\""), "{route:?}");
        }
        let reader = ask(&world, route, Some(&format!("Bearer {read}"))).await;
        // Who has no session cannot end one; whether they may write does not matter for that.
        let want = if route.1 == "/logout" {
            400
        } else if route.0 != "GET" || route.1.ends_with("/reply") {
            403
        } else {
            200
        };
        assert_eq!(reader.status, want, "{route:?}: {}", reader.text);
        // One that may look: the answer is that of the route, not of the door.
        if route.0 == "GET" {
            let writer = ask(&world, route, Some(&format!("Bearer {write}"))).await;
            assert_eq!(writer.status, 200, "{route:?}: {}", writer.text);
        }
    }
    assert_eq!(world.get(&format!("/v1/requests/{ID}")).await.header("etag"), Some(&*before), "nothing was changed");
}

#[tokio::test]
async fn a_token_ends_and_is_taken_away_and_its_last_use_is_noted() {
    let world = story().await;
    let route = ("GET".to_owned(), "/v1/requests".to_owned());
    let (secret, token) = secret::new_token(&world.store, "pipeline", Scope::Read, 1, world.now()).await.unwrap();
    let bearer = format!("Bearer {secret}");
    assert_eq!(ask(&world, &route, Some(&bearer)).await.status, 200);
    assert_eq!(world.store.token(&token.hash).await.unwrap().unwrap().used, Some(world.now()));
    assert!(!format!("{:?}", world.store.tokens().await.unwrap()).contains(&secret), "the secret is kept nowhere");
    world.advance_to("2026-11-23T15:59:59Z");
    assert_eq!(ask(&world, &route, Some(&bearer)).await.status, 200);
    world.advance_to("2026-11-23T16:00:00Z");
    assert_eq!(ask(&world, &route, Some(&bearer)).await.status, 401, "it has ended");
    let (secret, token) = secret::new_token(&world.store, "pipeline", Scope::Write, 90, world.now()).await.unwrap();
    assert!(world.store.revoke_token(&token.hash).await.unwrap());
    assert_eq!(ask(&world, &route, Some(&format!("Bearer {secret}"))).await.status, 401, "it was taken away");
    for (name, days) in [("", 1), ("x", 0), ("x", -1), ("x", 367), ("x", i64::MAX), ("a\nb", 1)] {
        assert!(secret::new_token(&world.store, name, Scope::Read, days, world.now()).await.is_err(), "{name:?} {days}");
    }
}

/// What readers never see in any answer: addresses of people, and words of mails.
#[tokio::test]
async fn readers_see_no_words_of_mails_and_no_whole_address() {
    let world = story().await;
    world
        .post(&format!("/v1/requests/{ID}/note"), &serde_json::json!({"text": "call ann@corp.example", "why": "for bob@corp.example"}))
        .await;
    let (read, write) = (world.token(Scope::Read).await, world.token(Scope::Write).await);
    let secrets = ["aws-automation@email.amazon.com", "net-ops@corp.example", "ann@corp.example", "bob@corp.example", "use case", "SPF"];
    let mut shown = BTreeSet::new();
    let routes = guarded().into_iter().filter(|(method, _)| method == "GET");
    for route in routes.chain([("GET".to_owned(), format!("/v1/requests?q={ID}"))]) {
        let reader = ask(&world, &route, Some(&format!("Bearer {read}"))).await.text;
        let writer = ask(&world, &route, Some(&format!("Bearer {write}"))).await.text;
        for secret in secrets {
            assert!(!reader.contains(secret), "{route:?} shows {secret}: {reader}");
            if writer.contains(secret) {
                shown.insert(secret);
            }
        }
    }
    assert!(shown.len() >= 4, "who may write sees them: {shown:?}");
}

fn form(path: &str) -> Builder {
    Request::builder().method("POST").uri(path).header("content-type", "application/x-www-form-urlencoded")
}

fn cookie(reply: &Reply) -> String {
    reply.header("set-cookie").unwrap_or_else(|| panic!("no cookie: {reply:?}")).split(';').next().unwrap().to_owned()
}

fn csrf(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap_or_else(|| panic!("no form: {page}"));
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_login_code_is_used_once_and_only_by_a_post() {
    let world = story().await;
    let code = secret::new_code(&world.store, "ann", secret::CODE_LIFE, world.now()).await.unwrap();
    for _ in 0..2 {
        let page = world.send(Request::builder().uri(format!("/login?code={code}")), String::new()).await;
        assert!(page.status == 200 && page.text.contains(&code) && page.header("set-cookie").is_none(), "a GET consumes nothing");
    }
    let body = format!("secret={code}&next=requests%2F{ID}");
    let entered = world.send(form("/login"), body.clone()).await;
    assert_eq!((entered.status, entered.header("location")), (303, Some(&*format!("./requests/{ID}"))));
    let set = entered.header("set-cookie").unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict") && set.contains("Path=/"), "{set}");
    let again = world.send(form("/login"), body).await;
    assert!(again.status == 401 && again.header("set-cookie").is_none(), "it was used");

    let late = secret::new_code(&world.store, "ann", secret::CODE_LIFE, world.now()).await.unwrap();
    world.advance_to("2026-11-22T16:10:00Z");
    assert_eq!(world.send(form("/login"), format!("secret={late}")).await.status, 401, "ten minutes are over");
    let elsewhere = world.send(form("/login"), format!("secret={}&next=%2F%2Fevil.example", world.token(Scope::Read).await)).await;
    assert_eq!(elsewhere.header("location"), Some("./"), "a login leads nowhere else");
}

#[tokio::test]
async fn a_session_acts_through_its_own_forms_and_ends_with_its_token() {
    let world = story().await;
    let (secret, token) = secret::new_token(&world.store, "ann", Scope::Write, 90, world.now()).await.unwrap();
    let cookie = cookie(&world.send(form("/login"), format!("secret={secret}")).await);
    let with = |request: Builder| request.header("cookie", &cookie);
    let home = world.send(with(Request::builder().uri("/").header("accept", "text/html")), String::new()).await;
    assert_eq!(home.status, 200);
    let csrf = csrf(&home.text);
    // Looking at the API is fine; changing something over a cookie is not.
    assert_eq!(world.send(with(Request::builder().uri("/v1/requests")), String::new()).await.status, 200);
    let api = with(Request::builder().method("POST").uri(format!("/v1/requests/{ID}/ack")).header("content-type", "application/json"));
    assert_eq!(world.send(api, "{}".to_owned()).await.status, 403);
    for wrong in [String::new(), "csrf=".to_owned(), format!("csrf={}", csrf.to_lowercase()), "csrf=x&csrf=y".to_owned()] {
        let refused = world.send(with(form("/logout")), wrong.clone()).await;
        assert!(refused.status == 403 && refused.text.contains("csrf"), "{wrong}: {}", refused.text);
    }
    let out = world.send(with(form("/logout")), format!("csrf={csrf}")).await;
    assert!(out.status == 303 && out.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(world.send(with(Request::builder().uri("/v1/requests")), String::new()).await.status, 401, "it is over");

    let again = self::cookie(&world.send(form("/login"), format!("secret={secret}")).await);
    let look = || Request::builder().uri("/v1/requests").header("cookie", &again);
    assert_eq!(world.send(look(), String::new()).await.status, 200);
    world.store.revoke_token(&token.hash).await.unwrap();
    assert_eq!(world.send(look(), String::new()).await.status, 401, "its token was taken away");
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let mut world = story().await;
    world.door = Door { session: SignedDuration::from_hours(1), https: true, ..Door::default() };
    let token = world.token(Scope::Read).await;
    let entered = world.send(form("/login"), format!("secret={token}")).await;
    assert!(
        entered.header("set-cookie").unwrap().starts_with("__Host-port25=") && entered.header("set-cookie").unwrap().contains("Secure")
    );
    let cookie = cookie(&entered);
    let look = || Request::builder().uri("/").header("cookie", &cookie);
    assert_eq!(world.send(look(), String::new()).await.status, 200);
    world.advance_to("2026-11-22T17:00:00Z");
    assert_eq!(world.send(look(), String::new()).await.status, 401);
}

#[tokio::test]
async fn other_names_and_other_sites_are_turned_away() {
    let mut world = story().await;
    world.door = Door { hosts: Some(["127.0.0.1:8025".to_owned()].into()), ..Door::default() };
    let token = format!("Bearer {}", world.token(Scope::Write).await);
    let at = |host: &str| Request::builder().uri("/v1/requests").header("authorization", &token).header("host", host);
    assert_eq!(world.send(at("127.0.0.1:8025"), String::new()).await.status, 200);
    assert_eq!(world.send(at("rebound.evil.example:8025"), String::new()).await.status, 421);
    let act = |origin: &str| {
        let request = Request::builder().method("POST").uri(format!("/v1/requests/{ID}/replied")).header("authorization", &token);
        request.header("host", "127.0.0.1:8025").header("content-type", "application/json").header("origin", origin)
    };
    assert_eq!(world.send(act("https://evil.example"), "{}".to_owned()).await.status, 403);
    assert_eq!(world.send(act("http://127.0.0.1:8025"), "{}".to_owned()).await.status, 200);
}

#[tokio::test]
async fn with_iam_only_what_the_gateway_authorised_comes_in() {
    let mut world = story().await;
    world.door = Door { access: Access::Iam, ..Door::default() };
    // A token is nothing then, and no header says who the gateway let in.
    let request = Request::builder().uri("/v1/requests").header("authorization", format!("Bearer {}", world.token(Scope::Write).await));
    assert_eq!(world.send(request.header("x-amzn-request-context", "{}"), String::new()).await.status, 401);
    assert_eq!(world.send(form("/login"), String::new()).await.status, 404, "there is no login");
}
