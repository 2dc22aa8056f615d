//! Who asks, and whether they may: a token in `Authorization`, a session's cookie, or API Gateway's word for an IAM identity.
//!
//! `guard` stands before every route that is not public: without a caller it answers 401, to a reader who wants to write 403.
//! A session may only look at the API: what changes something over a cookie goes through the page's forms, which carry a secret of
//! the session ([`session::Form`]). There is no signing key: every secret is random, and the table has its hash.

pub(crate) mod login;
pub(crate) mod origin;
pub mod secret;
pub(crate) mod session;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use lambda_http::request::RequestContext;
use store::{Scope, Token};

use crate::App;
use crate::problem::Problem;

/// How long a session lives: a working day.
const SESSION: SignedDuration = SignedDuration::from_hours(12);
/// The use of a token is noted once in this time.
const NOTED: SignedDuration = SignedDuration::from_hours(1);

/// By what callers are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Tokens and sessions, kept in the table.
    #[default]
    Tokens,
    /// API Gateway has authorised them by IAM; there is no page login then.
    Iam,
}

impl Access {
    /// By IAM, or by tokens.
    pub const fn of(iam: bool) -> Self {
        if iam { Self::Iam } else { Self::Tokens }
    }
}

/// The door: who may come in, and by which names it is known.
#[derive(Clone, Debug)]
pub struct Door {
    /// By what callers are known.
    pub access: Access,
    /// The `Host` headers that are answered, against pages of others that name this address (DNS rebinding); `None`: any.
    pub hosts: Option<BTreeSet<String>>,
    /// Whether people come by HTTPS: cookies are for that alone then.
    pub https: bool,
    /// How long a session lives, if its token does not end before.
    pub session: SignedDuration,
}

impl Default for Door {
    fn default() -> Self {
        Self { access: Access::Tokens, hosts: None, https: false, session: SESSION }
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The name of their token, session or IAM identity.
    pub(crate) name: String,
    /// What they may do.
    pub(crate) scope: Scope,
    /// The session they come with.
    pub(crate) session: Option<session::Open>,
}

impl Caller {
    /// Whether they may see the words of mails and whole addresses.
    pub(crate) fn sees_all(&self) -> bool {
        self.scope == Scope::Write
    }

    /// How the history names them, for somebody who says in whose name they act.
    pub(crate) fn by(&self, person: Option<&str>) -> String {
        match person.map(str::trim).filter(|person| !person.is_empty()) {
            Some(person) => format!("{person} (token {})", self.name),
            None => self.name.clone(),
        }
    }
}

/// Lets in who may, and hands on who it is.
pub(crate) async fn guard(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    // What a path takes is no secret, and nothing runs for it.
    if request.method() == Method::OPTIONS {
        return next.run(request).await;
    }
    let iam = iam(&request);
    let caller = match caller(&app, iam, request.headers()).await {
        Ok(Some(caller)) => caller,
        Ok(None) => return Problem::unauthenticated().into_response(),
        Err(problem) => return problem.into_response(),
    };
    let writes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let log_out = request.uri().path() == login::OUT;
    if writes && !log_out && caller.scope != Scope::Write {
        return Problem::forbidden("This token may look, not change anything; use one with the scope write.").into_response();
    }
    if writes && caller.session.is_some() && request.uri().path().starts_with("/v1/") {
        return Problem::forbidden("A session changes things through the page's forms; programs use a token.").into_response();
    }
    request.extensions_mut().insert(caller);
    next.run(request).await
}

async fn caller(app: &App, iam: Option<String>, headers: &HeaderMap) -> Result<Option<Caller>, Problem> {
    if app.door.access == Access::Iam {
        return Ok(iam.map(|name| Caller { name, scope: Scope::Write, session: None }));
    }
    if let Some(given) = headers.get(AUTHORIZATION) {
        // Given and wrong is wrong, whatever cookie there is.
        let secret = given.to_str().ok().and_then(bearer);
        let Some(secret) = secret else { return Ok(None) };
        let token = known_token(app, secret).await?;
        return Ok(token.map(|token| Caller { name: token.name, scope: token.scope, session: None }));
    }
    session::of(app, headers).await
}

/// The secret of `Authorization: Bearer …` (RFC 6750).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, secret) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

/// The token with this secret, if it has not ended; its use is noted.
pub(crate) async fn known_token(app: &App, secret: &str) -> Result<Option<Token>, Problem> {
    let Some(hash) = secret::token_hash(secret) else { return Ok(None) };
    let now = app.now();
    let token = app.store.token(&hash).await.map_err(Problem::store)?.filter(|token| now < token.ends);
    if let Some(token) = token.as_ref().filter(|token| is_stale(token, now)) {
        // Who asked is not turned away because the note failed.
        drop(app.store.token_used(token, now).await);
    }
    Ok(token)
}

fn is_stale(token: &Token, now: Timestamp) -> bool {
    token.used.is_none_or(|used| now.duration_since(used) >= NOTED)
}

/// The IAM identity that API Gateway authorised. The gateway writes it beside the request, never into it.
fn iam(request: &Request) -> Option<String> {
    match request.extensions().get::<RequestContext>()? {
        RequestContext::ApiGatewayV2(context) => context.authorizer.as_ref()?.iam.as_ref()?.user_arn.clone(),
        _ => None,
    }
}

/// The one value of a header that may be given once.
pub(crate) fn one<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bearer_is_a_token() {
        assert_eq!(bearer("Bearer p25r_x"), Some("p25r_x"));
        assert_eq!(bearer("bearer  p25r_x "), Some("p25r_x"));
        for other in ["Basic p25r_x", "p25r_x", "Bearer", ""] {
            assert_eq!(bearer(other), None, "{other}");
        }
    }

    #[test]
    fn the_history_names_the_token_beside_the_person() {
        let caller = Caller { name: "ci".to_owned(), scope: Scope::Write, session: None };
        assert_eq!(caller.by(None), "ci");
        assert_eq!(caller.by(Some(" ")), "ci");
        assert_eq!(caller.by(Some("ann")), "ann (token ci)");
    }
}
