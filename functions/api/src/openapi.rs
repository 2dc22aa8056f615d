//! The description of the API (OpenAPI 3.1), made from the code. A test writes it into `openapi.json`, which the program serves: making it
//! at run time would cost every start.

use std::collections::BTreeMap;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoParams, IntoResponses, Modify, OpenApi};

use crate::problem::Body;

/// The description as it is served.
pub const OPENAPI: &str = include_str!("../openapi.json");

/// `GET /openapi.json`.
pub(crate) async fn get() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], OPENAPI)
}

/// Which request.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it is there for the description")]
pub(crate) struct Id {
    /// Any reference: AWS's ID, our key (`p25-…`), or a Message-ID with `/`, `%` and `?` percent-encoded.
    id: String,
}

/// What every change may carry.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it is there for the description")]
pub(crate) struct Change {
    /// A key of the caller's own: the same change with the same key is made once, however often it is sent.
    #[param(rename = "Idempotency-Key", nullable = false, min_length = 1, max_length = 200, pattern = "^[!-~]+$")]
    idempotency_key: Option<String>,
    /// The ETag of the request as the caller read it (`*`: whatever it is): if it has changed since, nothing is done (412).
    #[param(rename = "If-Match", nullable = false, pattern = r#"^"v[0-9]{1,18}"$"#)]
    if_match: Option<String>,
}

/// Every refusal, and every failure.
pub(crate) struct Refused;

impl IntoResponses for Refused {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let problem = Content::new(Some(Ref::from_schema_name("Problem")));
        let refused = ResponseBuilder::new()
            .description("What went wrong (RFC 9457); `type` is stable")
            .content("application/problem+json", problem)
            .build();
        [("default".to_owned(), refused.into())].into()
    }
}

/// The whole description.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "port25",
        description = "Whose turn is it, AWS's or ours? Requests to AWS (port 25, reverse DNS, SES, quotas), read from AWS's mails. \
                       Times are RFC 3339 in UTC, durations are seconds, accounts are strings. Unknown members of a body are refused; \
                       new members of an answer may appear.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    paths(
        crate::requests::get,
        crate::registration::post,
        crate::request::get,
        crate::forgetting::delete,
        crate::thread::events,
        crate::thread::messages,
        crate::reply::get,
        crate::acts::replied,
        crate::acts::ack,
        crate::acts::snooze,
        crate::acts::settle,
        crate::acts::reopen,
        crate::acts::note,
        crate::acts::judge,
        crate::acts::identify,
        crate::quarantine::get,
        crate::quarantine::release,
        crate::quarantine::dismiss,
        crate::alerts::get,
        crate::alerts::test,
        crate::summary::get,
        crate::status::get,
        crate::health::get,
    ),
    components(schemas(Body)),
    modifiers(&Token, &Once),
    security(("token" = []))
)]
struct Description;

/// Callers are known by a token.
struct Token;

impl Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("p25r_… (read) or p25w_… (write)").build();
        openapi.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// A parameter is described once: what a handler's arguments tell is told by [`Id`] already (OpenAPI 3.1, 4.8.10.1: no duplicates).
struct Once;

impl Modify for Once {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let named = |parameter: &RefOr<Parameter>| match parameter {
            RefOr::T(parameter) => Some((parameter.name.clone(), parameter.parameter_in.clone())),
            RefOr::Ref(_) => None,
        };
        for item in openapi.paths.paths.values_mut() {
            for operation in [&mut item.get, &mut item.post, &mut item.delete].into_iter().flatten() {
                let Some(all) = &mut operation.parameters else { continue };
                let mut seen = Vec::new();
                all.retain(|parameter| {
                    let name = named(parameter);
                    let first = name.is_none() || !seen.contains(&name);
                    seen.push(name);
                    first
                });
            }
        }
    }
}

/// The description, made from the code.
///
/// # Errors
/// Never, as far as its types say it: every key in it is text.
pub fn describe() -> Result<String, serde_json::Error> {
    Description::openapi().to_pretty_json().map(|text| text + "\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn the_committed_description_is_that_of_the_code() {
        let made = describe().unwrap();
        if boot::world::env("PORT25_BLESS").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json"), &made).unwrap();
            return;
        }
        assert!(made == OPENAPI, "functions/api/openapi.json is older than the code: PORT25_BLESS=1 cargo test -p api openapi writes it");
    }

    /// Every route of the API, with its methods, is described, and nothing else is.
    #[test]
    fn the_description_has_every_route() {
        let description: Value = serde_json::from_str(&describe().unwrap()).unwrap();
        let described: BTreeSet<String> = description["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, methods)| methods.as_object().unwrap().keys().map(move |method| format!("{method} {path}")))
            .collect();
        let routes: BTreeSet<String> = include_str!("lib.rs")
            .lines()
            .filter_map(|line| line.trim().strip_prefix(".route(\"")?.split_once("\", "))
            .filter(|(path, _)| path.starts_with("/v1/"))
            .flat_map(|(path, handlers)| {
                let takes = |method: &str| handlers.starts_with(&format!("{method}(")) || handlers.contains(&format!(").{method}("));
                ["get", "post", "delete"].into_iter().filter(move |m| takes(m)).map(move |method| format!("{method} {path}"))
            })
            .collect();
        assert!(routes.len() > 15, "{routes:?}");
        assert_eq!(described, routes);
    }
}
