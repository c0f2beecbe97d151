//! Faults: what goes wrong, where, and how often.

mod book;
mod chaos;
mod file;
mod poison;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::act::Act;
use crate::endpoint::Endpoint;
use crate::listing::Listing;

pub(crate) use book::{FaultBook, Struck};
pub(crate) use chaos::Luck;
pub use chaos::{Chaos, ChaosKind};
pub(crate) use poison::Poison;

/// What comes first: the fault's part, or the effect of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum HangMoment {
    /// First the fault's part, then the effect. After a wait the effect comes even when the client has given up.
    #[default]
    BeforeApply,
    /// First the effect, then the fault's part.
    AfterApply,
}

/// What goes wrong. A scripted answer with a code of the 200 family comes after the request took effect; with any
/// other code the request has no effect, unless the kind says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum FaultKind {
    /// This status, with this JSON body or the standard error body.
    Status {
        /// The HTTP status.
        code: u16,
        /// The JSON body; the standard error body when absent.
        #[serde(default)]
        body: Option<Value>,
    },
    /// This status with an HTML page, as a proxy sends it.
    Html {
        /// The HTTP status.
        code: u16,
    },
    /// This status with no body at all.
    EmptyBody {
        /// The HTTP status.
        code: u16,
    },
    /// The answer's head announces the whole body, half of it comes, then the connection closes.
    CutBody,
    /// Half of the body with a `Content-Length` that fits it: clean HTTP, broken JSON.
    ShortBody,
    /// 200 after the request took effect, with a text that is not JSON.
    NotJson,
    /// The connection closes without an answer and without effect.
    DropBeforeApply,
    /// The request takes effect, then the connection closes without an answer.
    DropAfterApply,
    /// The request takes effect, then this status with an HTML page.
    StatusAfterApply {
        /// The HTTP status.
        code: u16,
    },
    /// 504 at once; the request takes effect after the delay.
    ApplyLate {
        /// How long after the answer.
        #[serde(with = "crate::millis", rename = "delayMs")]
        delay: Duration,
    },
    /// The connection closes without an answer; the request takes effect after the delay.
    DropThenApply {
        /// How long after the end of the connection.
        #[serde(with = "crate::millis", rename = "delayMs")]
        delay: Duration,
    },
    /// The answer comes only after this time.
    Hang {
        /// How long the request hangs.
        #[serde(with = "crate::millis", rename = "durationMs")]
        duration: Duration,
        /// Whether the effect comes before or after the wait.
        #[serde(default)]
        moment: HangMoment,
    },
    /// The first entries of a write take effect, then this status with the standard error body.
    PartialApply {
        /// How many entries take effect.
        entries: usize,
        /// The HTTP status.
        code: u16,
    },
    /// The page of a query lacks its last row; the total is honest.
    ShortPage,
    /// The total of a query is one too high.
    WrongTotal,
    /// A read shows the levels as they were this long ago, up to a minute.
    StaleRead {
        /// How long ago.
        #[serde(with = "crate::millis", rename = "lagMs")]
        lag: Duration,
    },
    /// The key is not accepted for this long, beginning with this request: 401.
    KeyRevoked {
        /// How long.
        #[serde(with = "crate::millis", rename = "durationMs")]
        duration: Duration,
    },
    /// The request is answered as usual, but before its answer leaves the port closes: for this long every new
    /// connection is refused, to the control endpoint too, and no old one takes another request.
    RefuseConnections {
        /// How long.
        #[serde(with = "crate::millis", rename = "durationMs")]
        duration: Duration,
    },
    /// Every write to this listing is a bad entry. A standing fault: it holds until the faults are cleared.
    Poison {
        /// The listing.
        listing: Listing,
    },
    /// Somebody else acts right before the request takes effect or right after. Goes with another fault on the same
    /// request.
    Meanwhile {
        /// Before the effect or after.
        #[serde(default)]
        moment: HangMoment,
        /// What they do, in this order. What cannot be done is left out, and told in the emulator's state.
        acts: Vec<Act>,
    },
}

/// A fault and the requests it hits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "file::FaultFile")]
pub struct Fault {
    /// The endpoint it hits; `None` is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Endpoint>,
    /// How many matching requests pass untouched first.
    pub skip: u32,
    /// How many matching requests it hits after those; [`Fault::ALWAYS`] is without end.
    #[serde(serialize_with = "file::write_times")]
    pub times: u32,
    /// What goes wrong.
    pub kind: FaultKind,
}

impl Fault {
    /// As a number of [times](Self::times): without end.
    pub const ALWAYS: u32 = u32::MAX;

    /// A fault that hits the next request, whatever the endpoint, once. A standing one hits always.
    #[must_use]
    pub fn new(kind: FaultKind) -> Self {
        let times = if kind.is_standing() { Self::ALWAYS } else { 1 };
        Self { endpoint: None, skip: 0, times, kind }
    }

    /// Only requests to this endpoint.
    #[must_use]
    pub fn on(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = Some(endpoint);
        self
    }

    /// Lets this many matching requests pass first.
    #[must_use]
    pub fn skip(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Hits this many matching requests.
    #[must_use]
    pub fn times(mut self, requests: u32) -> Self {
        self.times = requests;
        self
    }
}

impl FaultKind {
    /// Whether it holds for as long as it is armed, instead of hitting so many requests.
    pub(crate) fn is_standing(&self) -> bool {
        matches!(self, Self::Poison { .. })
    }

    /// What is wrong with it, if it could not have been meant.
    pub(crate) fn check(&self) -> Result<(), String> {
        let (Self::Status { code, .. }
        | Self::Html { code }
        | Self::EmptyBody { code }
        | Self::StatusAfterApply { code }
        | Self::PartialApply { code, .. }) = self
        else {
            return Ok(());
        };
        if (200..=599).contains(code) { Ok(()) } else { Err(format!("code {code} is outside 200..=599")) }
    }
}
