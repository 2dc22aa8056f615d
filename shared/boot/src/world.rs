//! The one home of the clock and the environment. Only `main`s call these; everything else is given values.

use jiff::Timestamp;

/// The time now, in whole milliseconds (what the table keeps).
#[expect(clippy::disallowed_methods, reason = "this is the home of the clock")]
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// An environment variable; one that is empty counts as not set.
#[expect(clippy::disallowed_methods, reason = "this is the home of the environment")]
pub fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.trim().is_empty())
}
