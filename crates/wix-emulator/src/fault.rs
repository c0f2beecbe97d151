//! Faults: what goes wrong, where, and how often.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::endpoint::Endpoint;

/// When a hanging request takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum HangMoment {
    /// First the wait, then the effect; the effect comes even when the client has given up meanwhile.
    #[default]
    BeforeApply,
    /// First the effect, then the wait.
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
}

fn once() -> u32 {
    1
}

/// A fault and the requests it hits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// The endpoint it hits; `None` is any.
    #[serde(default)]
    pub endpoint: Option<Endpoint>,
    /// How many matching requests pass untouched first.
    #[serde(default)]
    pub skip: u32,
    /// How many matching requests it hits after those.
    #[serde(default = "once")]
    pub times: u32,
    /// What goes wrong.
    pub kind: FaultKind,
}

impl Fault {
    /// A fault that hits the next request, whatever the endpoint, once.
    #[must_use]
    pub fn new(kind: FaultKind) -> Self {
        Self { endpoint: None, skip: 0, times: 1, kind }
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

#[derive(Debug)]
struct Armed {
    fault: Fault,
    passed: u32,
    fired: u32,
}

/// The armed faults of a site.
#[derive(Debug, Default)]
pub(crate) struct FaultBook {
    armed: Vec<Armed>,
    fired: u64,
}

impl FaultBook {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.armed.push(Armed { fault, passed: 0, fired: 0 });
    }

    pub(crate) fn clear(&mut self) {
        self.armed.clear();
    }

    pub(crate) fn fired(&self) -> u64 {
        self.fired
    }

    /// The fault that hits this request, if any: the first armed one whose turn it is. The others that match count
    /// the request as passed while they still wait, and keep their turn when they do not.
    pub(crate) fn strike(&mut self, endpoint: Endpoint) -> Option<FaultKind> {
        let mut struck = None;
        for armed in &mut self.armed {
            if armed.fault.endpoint.is_some_and(|wanted| wanted != endpoint) {
                continue;
            }
            if armed.passed < armed.fault.skip {
                armed.passed += 1;
            } else if struck.is_none() && armed.fired < armed.fault.times {
                armed.fired += 1;
                struck = Some(armed.fault.kind.clone());
            }
        }
        if struck.is_some() {
            self.fired += 1;
            self.armed.retain(|armed| armed.fired < armed.fault.times);
        }
        struck
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, FaultBook, FaultKind};
    use crate::endpoint::Endpoint;

    #[test]
    fn skips_counts_and_ends() {
        let mut book = FaultBook::default();
        book.add(Fault::new(FaultKind::NotJson).on(Endpoint::GetProduct).skip(1).times(2));
        let hits: Vec<bool> = (0..4).map(|_| book.strike(Endpoint::GetProduct).is_some()).collect();
        assert_eq!(hits, [false, true, true, false]);
        assert_eq!(book.strike(Endpoint::QueryProducts), None);
        assert_eq!(book.fired(), 2);
    }

    #[test]
    fn reads_a_faults_file() {
        let text = r#"[{"endpoint":"incrementInventory","skip":2,"kind":{"status":{"code":503}}},
            {"kind":"dropAfterApply","times":3},{"kind":{"hang":{"durationMs":250}}},
            {"kind":{"partialApply":{"entries":2,"code":500}}}]"#;
        let faults: Vec<Fault> = serde_json::from_str(text).unwrap();
        assert_eq!(faults[1], Fault::new(FaultKind::DropAfterApply).times(3));
        assert!(serde_json::from_str::<Fault>(r#"{"kind":"dropAfterApply","often":1}"#).is_err());
    }
}
