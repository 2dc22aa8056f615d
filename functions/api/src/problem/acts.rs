//! Why a word or an act was not taken, as a problem.

use axum::http::StatusCode;
use boot::log::chain;

use super::Problem;
use crate::act::ActError;

impl Problem {
    /// What a person wanted and cannot have; `reference` is the name they gave.
    pub(crate) fn act(error: ActError, reference: &str) -> Self {
        let conflict = |error: &ActError| Self::new("conflict", StatusCode::CONFLICT, "Not as the request is", sentence(error));
        match error {
            ActError::NoRequest(_) => Self::request_not_found(reference),
            ActError::UnknownMail(_) => Self::new("mail-not-found", StatusCode::NOT_FOUND, "No such mail", sentence(&error)),
            ActError::UnknownRequest(_) => Self::validation("/request", error.to_string()),
            ActError::Past(_) | ActError::TooFar(_) => Self::validation("/until", error.to_string()),
            ActError::EmptyNote => Self::validation("/text", error.to_string()),
            ActError::Itself
            | ActError::Settled { .. }
            | ActError::Open { .. }
            | ActError::Known(_)
            | ActError::Identified(_)
            | ActError::Forgotten
            | ActError::HangTogether(_) => conflict(&error),
            ActError::NotSubmitted(what) => Self::validation(format!("/{}", what.what()), what.to_string()),
            ActError::Changed => Self::changed(),
            ActError::KeyReused => Self::new("key-reused", StatusCode::CONFLICT, "The key was used before", sentence(&error)),
            ActError::NotRead => Self { cause: Some(chain(&error)), ..Self::internal() },
            ActError::Store(error) | ActError::HalfForgotten(error) => Self::store(error),
        }
    }
}

/// An error's words as a sentence.
fn sentence(error: &ActError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}
