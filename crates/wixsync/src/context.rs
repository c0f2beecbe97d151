//! What every command is given.

use indicatif::MultiProgress;
use messages::Messages;

use crate::clock::SystemClock;
use crate::config::Settings;
use crate::environment::Environment;
use crate::output::Output;

/// What every command is given.
pub(crate) struct Context {
    /// For settings that are read once more.
    pub(crate) environment: Environment,
    pub(crate) settings: Settings,
    pub(crate) messages: Messages,
    pub(crate) output: Output,
    pub(crate) bars: MultiProgress,
    /// The clock of the one run that a command makes.
    pub(crate) clock: SystemClock,
}
