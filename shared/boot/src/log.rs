//! Logs: structured, one line each, to standard error. Mail content and full addresses never go there.

use std::error::Error;
use std::process::ExitCode;

use tracing_subscriber::filter::LevelFilter;

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line, as CloudWatch wants them.
    Json,
    /// For people at a terminal.
    Text,
}

/// Starts logging; a second call changes nothing.
pub fn start(format: Format, most: LevelFilter) {
    let builder = tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(most).with_target(false);
    let started = match format {
        Format::Json => builder.json().flatten_event(true).with_current_span(false).try_init(),
        Format::Text => builder.without_time().with_ansi(false).try_init(),
    };
    // Already started: the first one stays.
    drop(started);
}

/// Information and worse.
pub const INFO: LevelFilter = LevelFilter::INFO;
/// Warnings and worse.
pub const WARN: LevelFilter = LevelFilter::WARN;

/// An error with its causes in one line.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// The end of a function's `main`: an error is said once, with its causes, and fails INIT.
pub fn end(result: Result<(), Box<dyn Error + Send + Sync>>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = chain(error.as_ref()), "the function ends");
            ExitCode::FAILURE
        }
    }
}
