//! Logs: structured, one line each, to standard error. Mail content and full addresses never go there.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::{Map, Value};
pub use tracing::Level;
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

/// One line of the log as a value: with lists and objects in it, which `tracing` does not write.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// How bad it is.
    pub level: Level,
    /// What happened, in constant words: people search for them.
    pub message: &'static str,
    /// Counts, ids and causes.
    pub fields: Map<String, Value>,
}

impl Line {
    /// The line as CloudWatch wants it: one JSON object, with the members that the other lines have too.
    pub fn json(&self, at: Timestamp) -> String {
        let mut line = self.fields.clone();
        line.insert("timestamp".to_owned(), at.to_string().into());
        line.insert("level".to_owned(), self.level.as_str().into());
        line.insert("message".to_owned(), self.message.into());
        Value::Object(line).to_string()
    }

    /// Writes it to standard error, whatever was said to [`start`]: a function writes each of its lines.
    pub fn write(&self, at: Timestamp) {
        let text = format!("{}\n", self.json(at));
        // There is nobody to tell when standard error is closed.
        drop(std::io::stderr().write_all(text.as_bytes()));
    }

    /// Writes it among the lines for people, if those of its level are wanted.
    pub fn say(&self) {
        let Self { level, message, fields } = self;
        let fields = Value::Object(fields.clone());
        match *level {
            Level::ERROR => tracing::error!("{message} {fields}"),
            Level::WARN => tracing::warn!("{message} {fields}"),
            _ => tracing::info!("{message} {fields}"),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_json_object_whatever_is_in_it() {
        let fields = [("missing".to_owned(), Value::from(vec!["a\nb\"c"]))].into_iter().collect();
        let line = Line { level: Level::WARN, message: "swept", fields };
        let text = line.json("2026-11-20T10:02:00.5Z".parse().unwrap());
        assert!(!text.contains('\n'), "{text}");
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (&read["level"], &read["message"], &read["timestamp"]),
            (&"WARN".into(), &"swept".into(), &"2026-11-20T10:02:00.5Z".into())
        );
        assert_eq!(read["missing"][0], "a\nb\"c");
    }
}
