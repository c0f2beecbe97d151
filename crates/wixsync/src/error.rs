//! What a command ends with when it cannot do its work.

use messages::Text;
use sync::ports::StateError;

/// The exit code of bad usage and bad configuration.
pub(crate) const USAGE: u8 = 2;
/// The exit code of work that could not be done.
pub(crate) const FAILED: u8 = 5;

/// A failure with its sentence, a hint at what to do, and the exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) text: Text,
    pub(crate) hint: Option<Text>,
    pub(crate) exit: u8,
}

impl Failure {
    /// Bad usage or configuration.
    pub(crate) fn usage(text: Text) -> Self {
        Self { text, hint: None, exit: USAGE }
    }

    /// Work that could not be done.
    pub(crate) fn failed(text: Text) -> Self {
        Self { text, hint: None, exit: FAILED }
    }

    /// With what to do now.
    pub(crate) fn hint(mut self, hint: Text) -> Self {
        self.hint = Some(hint);
        self
    }
}

impl From<StateError> for Failure {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Fenced => Self::failed(Text::new("error-fenced")).hint(Text::new("hint-fenced")),
            StateError::Paused => Self::failed(Text::new("fail-shop-paused").with("detail", ""))
                .hint(Text::new("fail-hint-shop-paused").with("detail", "")),
            StateError::Failed(detail) => {
                Self::failed(Text::new("error-state").with("detail", detail)).hint(Text::new("hint-state"))
            }
        }
    }
}
