//! A finding: one line of the doctor's answer.

use serde::Serialize;

use super::facts::Look;

/// How it stands with one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it must be.
    Ok,
    /// It works, and could be better; or it was not looked at.
    Warn,
    /// Mail or alerts are lost, or may be.
    Fail,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The stable word for what was looked at.
    pub check: &'static str,
    /// How it stands.
    pub state: State,
    /// In words.
    pub says: String,
    /// The command, or what else a person does, that mends it.
    pub mend: Option<String>,
}

impl Line {
    pub(super) fn ok(check: &'static str, says: impl Into<String>) -> Self {
        Self { check, state: State::Ok, says: says.into(), mend: None }
    }

    pub(super) fn warn(check: &'static str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { check, state: State::Warn, says: says.into(), mend: Some(mend.into()) }
    }

    pub(super) fn fail(check: &'static str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { check, state: State::Fail, says: says.into(), mend: Some(mend.into()) }
    }

    /// The line about what was seen; what was not seen has one line for every check.
    pub(super) fn about<T>(check: &'static str, look: &Look<T>, judge: impl FnOnce(&T) -> Self) -> Self {
        match look {
            Look::Seen(seen) => judge(seen),
            Look::NotNamed(option) => {
                Self::warn(check, "not looked at: nothing names it", format!("port25 doctor --stack STACK, or {option}"))
            }
            Look::Failed(why) => {
                let mend = "see that you are logged in to the right account and Region, and may look at it";
                Self::fail(check, format!("it could not be looked at: {why}"), mend)
            }
        }
    }
}

#[cfg(test)]
impl Line {
    /// What a line must be: its state, and words of it and of what mends it.
    pub(super) fn holds(&self, state: State, says: &str, mend: &str) {
        assert_eq!(self.state, state, "{self:?}");
        assert!(self.says.contains(says), "{self:?}");
        match &self.mend {
            Some(text) => assert!(!mend.is_empty() && text.contains(mend), "{self:?}"),
            None => assert!(mend.is_empty() && state == State::Ok, "only what is well needs no mending: {self:?}"),
        }
    }
}

impl State {
    /// The word for people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}
