//! A session of the page: a cookie with two secrets, its own and the one that its forms carry. The table has their hashes.

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use jiff::Timestamp;
use store::{Scope, Session};

use super::Caller;
use super::secret::{hash, is_random, random};
use crate::App;
use crate::problem::Problem;

/// Fields of a form.
const FIELDS_MAX: usize = 20;

/// A session that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Open {
    /// The hash under which it is kept.
    pub(crate) hash: String,
    /// What its forms carry.
    pub(crate) csrf: String,
}

/// The fields of a form of the page, of a session whose secret it carries.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// The value of a field, without space around it; an empty one is not given.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let open = request.extensions().get::<Caller>().and_then(|caller| caller.session.clone());
        let fields = fields(request, state).await?;
        let form = Self(fields);
        // Compared as hashes: how long that takes tells nothing of the secret.
        let carried = form.field("csrf").map(hash);
        match open {
            Some(open) if carried == Some(hash(&open.csrf)) => Ok(form),
            _ => Err(Problem::csrf()),
        }
    }
}

/// The fields of a form, whoever sends it.
pub(crate) async fn fields<S: Send + Sync>(request: Request, state: &S) -> Result<Vec<(String, String)>, Problem> {
    let form: Result<axum::Form<Vec<(String, String)>>, _> = axum::Form::from_request(request, state).await;
    match form {
        Ok(axum::Form(fields)) if fields.len() <= FIELDS_MAX => Ok(fields),
        _ => Err(Problem::form()),
    }
}

/// Opens a session, and gives the cookie for it.
pub(crate) async fn open(app: &App, name: &str, scope: Scope, token: Option<(&str, Timestamp)>) -> Result<String, Problem> {
    let now = app.now();
    let (secret, csrf) = (random().map_err(Problem::random)?, random().map_err(Problem::random)?);
    let ends = now.checked_add(app.door.session).unwrap_or(now);
    let session = Session {
        hash: hash(&secret),
        csrf: hash(&csrf),
        name: name.to_owned(),
        scope,
        ends: token.map_or(ends, |(_, token)| ends.min(token)),
        token: token.map(|(hash, _)| hash.to_owned()),
    };
    app.store.put_session(&session).await.map_err(Problem::store)?;
    let seconds = session.ends.duration_since(now).as_secs();
    Ok(cookie(app.door.https, &format!("{secret}.{csrf}"), seconds))
}

/// The cookie that takes the cookie away.
pub(crate) fn gone(https: bool) -> String {
    cookie(https, "", 0)
}

/// For this host alone, out of reach of scripts, and never sent along from another site. With HTTPS the name makes browsers insist on
/// that (RFC 6265bis, `__Host-`).
fn cookie(https: bool, value: &str, seconds: i64) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}", name(https))
}

fn name(https: bool) -> &'static str {
    if https { "__Host-port25" } else { "port25" }
}

/// Who comes with a session's cookie.
pub(crate) async fn of(app: &App, headers: &HeaderMap) -> Result<Option<Caller>, Problem> {
    let Some((secret, csrf)) = secrets(headers, name(app.door.https)) else { return Ok(None) };
    let now = app.now();
    let found = app.store.session(&hash(&secret)).await.map_err(Problem::store)?;
    let Some(session) = found.filter(|session| now < session.ends && session.csrf == hash(&csrf)) else { return Ok(None) };
    // A token that was taken away takes its sessions with it.
    if let Some(token) = &session.token {
        let token = app.store.token(token).await.map_err(Problem::store)?;
        if token.is_none_or(|token| token.ends <= now) {
            return Ok(None);
        }
    }
    let open = Open { hash: session.hash, csrf };
    Ok(Some(Caller { name: session.name, scope: session.scope, session: Some(open) }))
}

/// The two secrets of the cookie with this name. Two such cookies are none: one of them is not ours.
fn secrets(headers: &HeaderMap, name: &str) -> Option<(String, String)> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    let mut ours = cookies.filter_map(|cookie| cookie.trim().split_once('=')).filter(|(n, _)| *n == name);
    let (_, value) = ours.next()?;
    let (secret, csrf) = value.split_once('.').filter(|(a, b)| is_random(a) && is_random(b))?;
    ours.next().is_none().then(|| (secret.to_owned(), csrf.to_owned()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_cookie_is_read_alone_and_whole() {
        let (a, b) = (random().unwrap(), random().unwrap());
        let read = |cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_str(cookie).unwrap());
            secrets(&headers, "port25")
        };
        assert_eq!(read(&format!("theme=dark; port25={a}.{b}")), Some((a.clone(), b.clone())));
        for bad in [format!("port25={a}"), format!("port25={a}.{b}; port25={b}.{a}"), format!("__Host-port25={a}.{b}"), String::new()] {
            assert_eq!(read(&bad), None, "{bad}");
        }
    }

    #[test]
    fn a_cookie_stays_on_this_host_and_out_of_scripts() {
        assert_eq!(cookie(true, "x", 60), "__Host-port25=x; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure");
        assert_eq!(cookie(false, "x", 60), "port25=x; Path=/; Max-Age=60; HttpOnly; SameSite=Strict");
        assert!(gone(true).contains("Max-Age=0"));
    }
}
