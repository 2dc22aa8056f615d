//! Where a request comes from: the name by which we were called, and the page that sends it.

use axum::http::{HeaderMap, Method, Uri};

use super::{Door, one};
use crate::problem::Problem;

/// Refuses a call by a name that is not ours, and a change that a page of another site sends.
pub(crate) fn check(door: &Door, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
    let host = uri.authority().map(|authority| authority.as_str()).or_else(|| one(headers, "host"));
    if let Some(hosts) = &door.hosts
        && !host.is_some_and(|host| hosts.contains(&host.to_ascii_lowercase()))
    {
        return Err(Problem::host());
    }
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let same = match headers.get("origin").map(|origin| origin.to_str().unwrap_or_default()) {
        None => true,
        Some(origin) => origin.split_once("://").is_some_and(|(_, at)| host.is_some_and(|host| host.eq_ignore_ascii_case(at))),
    };
    let fetched = headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    if same && fetched { Ok(()) } else { Err(Problem::origin()) }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue, StatusCode};

    use super::*;

    fn asked(method: Method, headers: &[(&str, &str)]) -> Option<StatusCode> {
        let door = Door { hosts: Some(["127.0.0.1:8025".to_owned(), "localhost:8025".to_owned()].into()), ..Door::default() };
        let headers = headers.iter().map(|(n, v)| (HeaderName::try_from(*n).unwrap(), HeaderValue::from_str(v).unwrap())).collect();
        check(&door, &method, &Uri::from_static("/v1/requests"), &headers).err().map(|problem| problem.status)
    }

    #[test]
    fn only_our_own_names_are_answered() {
        for good in ["127.0.0.1:8025", "localhost:8025", "LocalHost:8025"] {
            assert_eq!(asked(Method::GET, &[("host", good)]), None, "{good}");
        }
        for bad in ["evil.example", "evil.example:8025", "127.0.0.1", ""] {
            assert_eq!(asked(Method::GET, &[("host", bad)]), Some(StatusCode::MISDIRECTED_REQUEST), "{bad}");
        }
        assert_eq!(asked(Method::GET, &[]), Some(StatusCode::MISDIRECTED_REQUEST));
    }

    #[test]
    fn what_another_site_sends_changes_nothing() {
        let host = ("host", "127.0.0.1:8025");
        for good in [vec![host], vec![host, ("origin", "http://127.0.0.1:8025")], vec![host, ("sec-fetch-site", "same-origin")]] {
            assert_eq!(asked(Method::POST, &good), None, "{good:?}");
        }
        for bad in
            [("origin", "http://evil.example"), ("origin", "null"), ("origin", "http://127.0.0.1:80"), ("sec-fetch-site", "cross-site")]
        {
            assert_eq!(asked(Method::POST, &[host, bad]), Some(StatusCode::FORBIDDEN), "{bad:?}");
            assert_eq!(asked(Method::GET, &[host, bad]), None, "looking is harmless: {bad:?}");
        }
    }
}
