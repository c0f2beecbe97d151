//! The words that dialoguer adds to a question, in the language of the question.

use std::fmt::{Result, Write};

use dialoguer::theme::Theme;
use messages::Messages;

/// Questions as plain text, so that they read the same without color.
pub(super) struct Words(pub(super) Messages);

impl Theme for Words {
    fn format_error(&self, f: &mut dyn Write, error: &str) -> Result {
        write!(f, "{}: {error}", self.0.get("label-error"))
    }

    fn format_password_prompt_selection(&self, f: &mut dyn Write, prompt: &str) -> Result {
        write!(f, "{prompt}: {}", self.0.get("init-hidden"))
    }
}
