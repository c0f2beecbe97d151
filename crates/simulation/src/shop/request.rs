//! A write on its way to the shop: when it takes effect, and what the shop answers.

use domain::{Line, RunId, UnixMillis};
use sync::ports::{CallReply, LineReply, ShopError, ShopErrorClass, WriteReply};

use crate::yield_point::Pid;

/// What the shop answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// According to what it did.
    Natural,
    None,
    Server,
    Throttled,
    Refused,
    Malformed,
}

/// A request that the shop has received.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) id: u64,
    pub(crate) pid: Pid,
    pub(crate) install: usize,
    pub(crate) run: RunId,
    pub(crate) lines: Vec<Line>,
    /// When it changes levels. `None` if it never does, or already has.
    pub(crate) land_at: Option<UnixMillis>,
    /// How many of its lines take effect.
    pub(crate) part: usize,
    /// The line that does not take effect, although the answer is a success.
    pub(crate) left_out: Option<usize>,
    pub(crate) answer: Answer,
    pub(crate) refusal: Option<ShopError>,
    /// Whether the shop acknowledges it and does nothing, because it has moved to another catalog.
    pub(crate) swallowed: bool,
    /// What came of each line, in a catalog that answers line by line.
    pub(crate) line_replies: Option<Vec<LineReply>>,
    /// Whether the process still waits for the answer.
    pub(crate) awaited: bool,
    /// Whether the shop has acknowledged it.
    pub(crate) acknowledged: bool,
}

pub(crate) fn refused(class: ShopErrorClass, detail: &str) -> ShopError {
    ShopError::new(class, detail)
}

impl Request {
    pub(crate) fn reply(&self) -> WriteReply {
        let lines = self.lines.len();
        let unclean = |class, detail: &str| WriteReply::unclear(lines, refused(class, detail));
        match self.answer {
            Answer::Natural => match &self.refusal {
                Some(error) => WriteReply::refused(lines, error.clone()),
                None => match &self.line_replies {
                    Some(lines) => WriteReply::Sent { call: CallReply::Answered, lines: lines.clone() },
                    None => WriteReply::applied(lines),
                },
            },
            Answer::None => unclean(ShopErrorClass::NoAnswer, "timed out"),
            Answer::Server => unclean(ShopErrorClass::ServerError, "502"),
            Answer::Throttled => unclean(ShopErrorClass::Throttled, "429"),
            Answer::Refused => WriteReply::refused(lines, refused(ShopErrorClass::Refused, "400")),
            Answer::Malformed => unclean(ShopErrorClass::Malformed, "no JSON"),
        }
    }
}
