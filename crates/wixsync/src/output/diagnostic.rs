//! An error in the reader's language: sentence, code, hint, and where to read more.

use domain::run::Failure as RunFailure;
use messages::{ErrorCode, Messages, Text};
use serde_json::{Value, json};

use super::{BAD, HINT, coded, labelled};

/// An error in the reader's language.
#[derive(Debug, Clone)]
pub(crate) struct Diagnostic {
    pub(crate) text: String,
    pub(crate) hint: Option<String>,
    /// `None` for a failure of a run that only a newer version knows.
    pub(crate) code: Option<&'static ErrorCode>,
}

impl Diagnostic {
    /// The diagnostic of a message, with the message's code and hint.
    pub(crate) fn of(messages: Messages, text: &Text) -> Self {
        debug_assert!(ErrorCode::of(text.id()).is_some(), "{} has no code in messages::errors", text.id());
        Self { text: messages.say(text), hint: messages.hint(text), code: ErrorCode::of(text.id()) }
    }

    /// With a more specific hint than the message's own.
    pub(crate) fn hint(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Why a run failed.
    pub(crate) fn of_run(messages: Messages, failure: &RunFailure) -> Self {
        Self {
            text: messages.failure(failure),
            hint: Some(messages.failure_hint(failure)),
            code: ErrorCode::of_failure(&failure.code),
        }
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let code = self.code.map(ToString::to_string);
        json!({"status": "error", "error_code": code, "message": self.text, "hint": self.hint})
    }

    /// For people: the error, its hint, and the command that says more.
    pub(crate) fn lines(&self, messages: Messages) -> Vec<String> {
        let mut lines = vec![self.headline(messages)];
        lines.extend(self.advice(messages));
        lines
    }

    /// The error alone.
    pub(crate) fn headline(&self, messages: Messages) -> String {
        labelled(BAD, &coded(&messages.get("label-error"), self.code), &self.text)
    }

    /// The hint, and the command that says more.
    pub(crate) fn advice(&self, messages: Messages) -> Vec<String> {
        let hint = self.hint.as_ref().map(|hint| labelled(HINT, &messages.get("label-hint"), hint));
        let more = self.code.map(|code| {
            let help = messages.say(&Text::new("help-error-page").with("code", code));
            labelled(HINT, &messages.get("label-help"), &help)
        });
        hint.into_iter().chain(more).collect()
    }
}
