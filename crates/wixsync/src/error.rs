//! What a command ends with when it cannot do its work.

use messages::{ErrorCode, Text};
use sync::ports::StateError;

/// The exit code of bad usage and bad configuration.
pub(crate) const USAGE: u8 = 2;
/// The exit code of work that could not be done.
pub(crate) const FAILED: u8 = 5;

/// A failure with its sentence and the exit code. Its code and its hint are those of the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) text: Text,
    pub(crate) exit: u8,
}

impl Failure {
    /// Bad usage or configuration.
    pub(crate) fn usage(text: Text) -> Self {
        Self::new(text, USAGE)
    }

    /// Work that could not be done.
    pub(crate) fn failed(text: Text) -> Self {
        Self::new(text, FAILED)
    }

    /// A failure that ends with this exit code.
    pub(crate) fn new(text: Text, exit: u8) -> Self {
        debug_assert!(ErrorCode::of(text.id()).is_some(), "{} has no code in messages::errors", text.id());
        Self { text, exit }
    }
}

impl From<StateError> for Failure {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Fenced => Self::failed(Text::new("error-fenced")),
            StateError::Paused => Self::failed(Text::new("fail-shop-paused")),
            StateError::Unavailable(detail) => Self::failed(Text::new("error-state").with("detail", detail)),
            StateError::Corrupt(detail) => {
                Self::failed(Text::new("error-state-damaged").with("detail", detail))
            }
            StateError::Newer(detail) => Self::failed(Text::new("error-state-newer").with("detail", detail)),
            StateError::Defect(detail) => Self::failed(Text::new("error-defect").with("detail", detail)),
        }
    }
}
