//! What holds for every route: addresses have a length, other sites send nothing, errors are problems, headers protect.

use std::sync::Arc;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use crate::access::{Door, origin};
use crate::problem::{Asked, Cause, Problem};

/// The longest path and query, in bytes each: a Message-ID has at most 250 and may be percent-encoded, a cursor at most 1,000.
const PATH_MAX: usize = 1_000;
const QUERY_MAX: usize = 2_000;

/// On every answer: nothing is kept, guessed, framed, or told to other sites; what runs is the one script of ours, which may ask us alone.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // Not `no-referrer`: with that, browsers send our own forms with `Origin: null`, as if they were another site's.
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(concat!(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; ",
            "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )),
    ),
];

/// Adds the answers for unknown paths and methods, and the frame around all of them.
pub(crate) fn around(routes: Router, door: Arc<Door>) -> Router {
    routes
        .fallback(|| async { Problem::no_route() })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .layer(from_fn_with_state(door, frame))
}

async fn frame(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let options = parts.method == Method::OPTIONS;
    // The route, not the path: a path may hold a Message-ID, a query whatever people typed.
    let route = parts.extensions.get::<MatchedPath>().map(|route| route.as_str().to_owned());
    let path = parts.uri.path().to_owned();
    let asked = Asked { html: !path.starts_with("/v1/") && wants_html(&parts.headers), path };
    let answer = match origin::check(&door, &parts.method, &parts.uri, &parts.headers) {
        Err(problem) => problem.into_response(),
        Ok(()) if too_long(&parts.uri) => Problem::address_too_long().into_response(),
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
    };
    let answer = if options { options_of(answer) } else { answer };
    let mut answer = Problem::shown(answer, asked);
    for (name, value) in HEADERS {
        answer.headers_mut().insert(name, value);
    }
    log(route.as_deref().unwrap_or("none"), &answer);
    answer
}

/// The answer to OPTIONS: what the path takes (RFC 9110, 9.3.7). Nothing runs for it; other sites are told nothing (no CORS).
fn options_of(refused: Response) -> Response {
    // The router writes `Allow` onto whatever comes from here.
    if refused.status() == StatusCode::METHOD_NOT_ALLOWED { StatusCode::NO_CONTENT.into_response() } else { refused }
}

/// One line for each request.
fn log(route: &str, answer: &Response) {
    let status = answer.status().as_u16();
    match answer.extensions().get::<Cause>() {
        Some(Cause(error)) => tracing::error!(route, status, error, "asked, and not answered"),
        None => tracing::info!(route, status, "asked"),
    }
}

fn too_long(uri: &Uri) -> bool {
    uri.path().len() > PATH_MAX || uri.query().is_some_and(|q| q.len() > QUERY_MAX)
}

/// Browsers name `text/html`; programs say `*/*` or what they read.
fn wants_html(headers: &HeaderMap) -> bool {
    headers.get_all(ACCEPT).iter().filter_map(|v| v.to_str().ok()).any(|v| v.to_ascii_lowercase().contains("text/html"))
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::extract::Path;
    use axum::http::StatusCode;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    async fn ask(method: &str, path: &str, accept: &str) -> (StatusCode, HeaderMap, String) {
        let routes = Router::new()
            .route("/v1/health", get(crate::health::get))
            .route("/v1/number/{n}", get(|Path(n): Path<u8>| async move { n.to_string() }))
            .route("/broken", get(|| async { StatusCode::IM_A_TEAPOT }));
        let request = Request::builder().method(method).uri(path).header(ACCEPT, accept).body(Body::from("unread")).unwrap();
        let (parts, body) = around(routes, Arc::default()).oneshot(request).await.unwrap().into_parts();
        let text = String::from_utf8(to_bytes(body, 100_000).await.unwrap().to_vec()).unwrap();
        (parts.status, parts.headers, text)
    }

    #[tokio::test]
    async fn every_answer_carries_the_protecting_headers() {
        for (method, path, status) in [("GET", "/v1/health", 200), ("GET", "/nothing", 404), ("POST", "/v1/health", 405)] {
            let (got, headers, _) = ask(method, path, "*/*").await;
            assert_eq!(got, status, "{method} {path}");
            for (name, value) in HEADERS {
                assert_eq!(headers.get_all(&name).iter().collect::<Vec<_>>(), [&value], "{name} of {path}");
            }
        }
    }

    #[test]
    fn nothing_inline_or_foreign_runs() {
        let (_, policy) = HEADERS.into_iter().find(|(name, _)| name == CONTENT_SECURITY_POLICY).unwrap();
        let policy = policy.to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        for loose in ["unsafe", "data:", "blob:", "http", "*", "nonce"] {
            assert!(!policy.contains(loose), "{loose}");
        }
    }

    #[tokio::test]
    async fn head_says_the_same_without_a_body() {
        for path in ["/v1/health", "/nothing", "/v1/number/x"] {
            let (status, headers, body) = ask("GET", path, "*/*").await;
            let (head_status, head_headers, head_body) = ask("HEAD", path, "*/*").await;
            assert_eq!((status, headers), (head_status, head_headers), "{path}");
            assert!(!body.is_empty() && head_body.is_empty(), "{path}");
        }
    }

    #[tokio::test]
    async fn an_unknown_method_names_the_known_ones() {
        let (status, headers, body) = ask("DELETE", "/v1/health", "*/*").await;
        assert_eq!(status, 405);
        assert_eq!(headers.get("allow").unwrap(), "GET,HEAD");
        assert!(body.contains("urn:port25:problem:method-not-allowed"), "{body}");
    }

    #[tokio::test]
    async fn the_frameworks_own_rejections_are_problems_too() {
        for (path, status) in [("/v1/number/300", 400), ("/v1/number/%FF", 400), ("/broken", 418)] {
            let (got, headers, body) = ask("GET", path, "*/*").await;
            assert_eq!(got, status, "{path}");
            assert_eq!(headers.get("content-type").unwrap(), "application/problem+json");
            assert!(body.contains(&format!("\"instance\":\"{path}\"")), "{body}");
        }
    }

    #[tokio::test]
    async fn browsers_get_a_page_and_the_api_never_does() {
        let html = |headers: &HeaderMap| headers.get("content-type").unwrap().to_str().unwrap().starts_with("text/html");
        let (status, headers, body) = ask("GET", "/a/%3Cscript%3E", "text/html,*/*;q=0.8").await;
        assert!(status == 404 && html(&headers) && body.contains("href=\"../\""), "{body}");
        assert!(!html(&ask("GET", "/v1/nothing", "text/html").await.1));
    }

    #[tokio::test]
    async fn long_addresses_are_refused_before_anything_reads_them() {
        assert_eq!(ask("GET", &format!("/{}", "x".repeat(PATH_MAX)), "*/*").await.0, 414);
        assert_eq!(ask("GET", &format!("/v1/health?{}", "x".repeat(QUERY_MAX)), "*/*").await.0, 200);
        assert_eq!(ask("GET", &format!("/v1/health?{}", "x".repeat(QUERY_MAX + 1)), "*/*").await.0, 414);
    }
}
