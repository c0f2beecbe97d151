//! The request log: exact counters, and the latest requests as they came in.

use std::collections::{BTreeMap, VecDeque};

use axum::body::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::catalog::Timestamp;
use crate::endpoint::Endpoint;

/// Something that a client did wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Violation {
    /// The number of the request.
    pub request: u64,
    /// The endpoint it went to.
    pub endpoint: Endpoint,
    /// What is wrong, with the field it is about.
    pub what: String,
}

/// How many violations are kept.
const VIOLATIONS: usize = 1_000;

/// One request as it was received.
#[derive(Debug, Clone)]
pub struct RequestRecord {
    /// Its number, from 1. The ledger and `X-Wix-Request-Id` show the same number.
    pub number: u64,
    /// When it arrived.
    pub time: Timestamp,
    /// The HTTP method.
    pub method: String,
    /// The path, without the query string.
    pub path: String,
    /// The endpoint it went to.
    pub endpoint: Endpoint,
    /// The status of the answer; `None` before the answer, and when the connection was dropped.
    pub status: Option<u16>,
    /// The number of entries in the body of a write.
    pub entries: Option<usize>,
    /// The value of `X-Wix-Consistent` that the client sent back.
    pub consistent: Option<String>,
    /// The headers that matter to Wix, by their names in lower case, without `authorization`.
    pub headers: BTreeMap<String, String>,
    /// The body, byte for byte. For the GET form of a query, what its query string carries.
    pub body: Bytes,
}

/// What is known of a request when it arrives.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) time: Timestamp,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) endpoint: Endpoint,
    pub(crate) consistent: Option<String>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Bytes,
}

/// The log of a site.
#[derive(Debug)]
pub(crate) struct RequestLog {
    keep: usize,
    last: u64,
    counts: BTreeMap<Endpoint, u64>,
    records: VecDeque<RequestRecord>,
    violations: VecDeque<Violation>,
}

impl RequestLog {
    pub(crate) fn new(keep: usize) -> Self {
        Self { keep, last: 0, counts: BTreeMap::new(), records: VecDeque::new(), violations: VecDeque::new() }
    }

    /// Logs a request and returns its number.
    pub(crate) fn arrived(&mut self, arrival: Arrival) -> u64 {
        self.last += 1;
        *self.counts.entry(arrival.endpoint).or_default() += 1;
        if self.keep > 0 {
            if self.records.len() >= self.keep {
                self.records.pop_front();
            }
            self.records.push_back(RequestRecord {
                number: self.last,
                time: arrival.time,
                method: arrival.method,
                path: arrival.path,
                endpoint: arrival.endpoint,
                status: None,
                entries: None,
                consistent: arrival.consistent,
                headers: arrival.headers,
                body: arrival.body,
            });
        }
        self.last
    }

    /// Adds the status of the answer.
    pub(crate) fn answered(&mut self, number: u64, status: u16) {
        let Some(first) = self.records.front().map(|record| record.number) else { return };
        let index = number.checked_sub(first).and_then(|index| usize::try_from(index).ok());
        if let Some(record) = index.and_then(|index| self.records.get_mut(index)) {
            record.status = Some(status);
        }
    }

    /// Records what the client did wrong in this request.
    pub(crate) fn violated(&mut self, request: u64, endpoint: Endpoint, found: &[String]) {
        for what in found {
            if self.violations.len() >= VIOLATIONS {
                self.violations.pop_front();
            }
            self.violations.push_back(Violation { request, endpoint, what: what.clone() });
        }
    }

    pub(crate) fn violations(&self) -> Vec<Violation> {
        self.violations.iter().cloned().collect()
    }

    pub(crate) fn count(&self, endpoint: Endpoint) -> u64 {
        self.counts.get(&endpoint).copied().unwrap_or(0)
    }

    pub(crate) fn counts(&self) -> &BTreeMap<Endpoint, u64> {
        &self.counts
    }

    pub(crate) fn total(&self) -> u64 {
        self.last
    }

    /// The records that are kept, oldest first. Their entries are counted here, so that serving a request stays fast.
    pub(crate) fn records(&self) -> Vec<RequestRecord> {
        let counted = |record: &RequestRecord| {
            let entries = entries(record.endpoint, &record.body);
            RequestRecord { entries, ..record.clone() }
        };
        self.records.iter().map(counted).collect()
    }
}

fn entries(endpoint: Endpoint, body: &[u8]) -> Option<usize> {
    let pointer = endpoint.entries_pointer()?;
    serde_json::from_slice::<Value>(body).ok()?.pointer(pointer)?.as_array().map(Vec::len)
}
