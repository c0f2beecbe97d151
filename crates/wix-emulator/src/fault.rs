//! Faults: what goes wrong, at which requests, and how often.

mod action;
mod armed;
mod chaos;
mod file;
mod mutation;
mod poison;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::catalog::Listing;
use crate::endpoint::Endpoint;

pub use action::{Action, ActionResult};
pub(crate) use armed::{ArmedFaults, Injection};
pub use chaos::{Chaos, ChaosKind};
pub(crate) use chaos::{ChaosState, NamedListing};
pub(crate) use mutation::{MissingRows, Mutation};
pub(crate) use poison::Poison;

/// Whether a fault acts before or after the request takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FaultTiming {
    /// The fault acts first. After a wait the request takes effect even when the client has given up.
    #[default]
    BeforeApply,
    /// The request takes effect first.
    AfterApply,
}

/// What goes wrong. A request that gets a scripted answer with a 2xx code takes effect first. With any other code it has
/// no effect, unless the kind says otherwise.
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
    /// The request takes effect, then status 200 with a text that is not JSON.
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
        #[serde(with = "crate::json::milliseconds", rename = "delayMs")]
        delay: Duration,
    },
    /// The connection closes without an answer; the request takes effect after the delay.
    DropThenApply {
        /// How long after the connection closes.
        #[serde(with = "crate::json::milliseconds", rename = "delayMs")]
        delay: Duration,
    },
    /// The answer comes after this time.
    Hang {
        /// How long the request hangs.
        #[serde(with = "crate::json::milliseconds", rename = "durationMs")]
        duration: Duration,
        /// Whether the request takes effect before or after the wait.
        #[serde(default, rename = "moment")]
        timing: FaultTiming,
    },
    /// The first entries of a write take effect, then this status with the standard error body.
    PartialApply {
        /// How many entries take effect.
        entries: usize,
        /// The HTTP status.
        code: u16,
    },
    /// The page of a query lacks its last row; the total is right.
    ShortPage,
    /// The total that a query reports is one too high.
    WrongTotal,
    /// A bulk write of V3 takes effect, and its answer names none of its rows.
    RowsMissing,
    /// A bulk write of V3 has no effect, and its answer is a success that names none of its rows.
    RowsLost,
    /// A bulk update of V3 is answered as a success and gives its items new revisions, but leaves their stock as it was.
    SilentSuccess,
    /// A read shows the levels as they were this long ago, up to a minute.
    StaleRead {
        /// How long ago.
        #[serde(with = "crate::json::milliseconds", rename = "lagMs")]
        lag: Duration,
    },
    /// The key is refused for this long, beginning with this request: 401.
    KeyRevoked {
        /// How long.
        #[serde(with = "crate::json::milliseconds", rename = "durationMs")]
        duration: Duration,
    },
    /// The request is answered as usual, but the port closes before the answer leaves. For this long every new connection
    /// is refused, to the control endpoint too, and open connections take no further request.
    RefuseConnections {
        /// How long.
        #[serde(with = "crate::json::milliseconds", rename = "durationMs")]
        duration: Duration,
    },
    /// Every write to this listing is refused. A standing fault: it lasts until the faults are cleared.
    Poison {
        /// The listing.
        listing: Listing,
    },
    /// Buyers or the merchant act right before the request takes effect or right after. It can hit a request together
    /// with another fault.
    Meanwhile {
        /// Before the effect or after.
        #[serde(default, rename = "moment")]
        timing: FaultTiming,
        /// What they do, in this order. An action that fails is left out, and listed in the emulator's state.
        #[serde(rename = "acts")]
        actions: Vec<Action>,
    },
}

/// A fault and the requests it hits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "file::FaultFile")]
pub struct Fault {
    /// The endpoint it hits; `None` is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Endpoint>,
    /// How many matching requests pass unharmed first.
    pub skip: u32,
    /// How many matching requests it hits after those; [`Fault::ALWAYS`] means all.
    #[serde(serialize_with = "file::write_times")]
    pub times: u32,
    /// What goes wrong.
    pub kind: FaultKind,
}

impl Fault {
    /// As a value of [times](Self::times): all matching requests.
    pub const ALWAYS: u32 = u32::MAX;

    /// A fault that hits the next request to any endpoint, once. A standing fault hits all.
    #[must_use]
    pub fn new(kind: FaultKind) -> Self {
        let times = if kind.is_standing() { Self::ALWAYS } else { 1 };
        Self { endpoint: None, skip: 0, times, kind }
    }

    /// Limits the fault to this endpoint.
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

    /// Whether requests to this endpoint match.
    fn matches(&self, endpoint: Endpoint) -> bool {
        self.endpoint.is_none_or(|wanted| wanted == endpoint)
    }
}

impl FaultKind {
    /// Whether it lasts for as long as it is armed, instead of hitting a number of requests.
    pub(crate) fn is_standing(&self) -> bool {
        matches!(self, Self::Poison { .. })
    }

    /// Refuses values that make no sense; the error says why.
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
