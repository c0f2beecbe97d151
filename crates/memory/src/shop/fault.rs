//! Faults of a write.

/// What happens to one write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteFault {
    /// No connection is made.
    NotConnected,
    /// The request gets lost, and there is no answer.
    LostRequest,
    /// The write takes effect, and there is no answer.
    LostReply,
    /// There is no answer, and the write takes effect right before the next one does.
    StillUnderWay,
    /// The call as a whole is refused; nothing takes effect.
    CallRefused,
    /// The call as a whole is refused, and yet it takes effect.
    RefusedAfterEffect,
    /// Every line is refused for itself; nothing takes effect.
    LinesRefused,
    /// The answer is a success, and the item has a new revision and its old level.
    SilentSuccess,
    /// The write takes effect, and the answer names none of its lines.
    RowsMissing,
    /// Nothing takes effect, and the answer names none of its lines.
    RowsLost,
}
