//! The request log: exact counters, and the last requests as they came in.

use std::collections::{BTreeMap, VecDeque};

use axum::body::Bytes;
use serde_json::Value;

use crate::endpoint::Endpoint;
use crate::stamp::Stamp;

/// One request as it was received.
#[derive(Debug, Clone)]
pub struct RequestRecord {
    /// Counts from 1; the same number stands in the ledger and in `X-Wix-Request-Id`.
    pub number: u64,
    /// When it arrived.
    pub time: Stamp,
    /// The HTTP method.
    pub method: String,
    /// The path, without the query string.
    pub path: String,
    /// The endpoint it went to.
    pub endpoint: Endpoint,
    /// The status of the answer; `None` while there is none, also when the connection was dropped.
    pub status: Option<u16>,
    /// The number of entries in the body of a write.
    pub entries: Option<usize>,
    /// The value of `X-Wix-Consistent` that the client sent back.
    pub consistent: Option<String>,
    /// The body, byte for byte.
    pub body: Bytes,
}

/// What of a request is known when it arrives.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) time: Stamp,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) endpoint: Endpoint,
    pub(crate) consistent: Option<String>,
    pub(crate) body: Bytes,
}

/// The log of a site.
#[derive(Debug)]
pub(crate) struct Log {
    keep: usize,
    last: u64,
    counts: BTreeMap<Endpoint, u64>,
    records: VecDeque<RequestRecord>,
}

impl Log {
    pub(crate) fn new(keep: usize) -> Self {
        Self { keep, last: 0, counts: BTreeMap::new(), records: VecDeque::new() }
    }

    /// Writes a request down and gives it its number.
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
                body: arrival.body,
            });
        }
        self.last
    }

    /// Adds the status once the answer is known.
    pub(crate) fn answered(&mut self, number: u64, status: u16) {
        let Some(first) = self.records.front().map(|record| record.number) else { return };
        let place = number.checked_sub(first).and_then(|place| usize::try_from(place).ok());
        if let Some(record) = place.and_then(|place| self.records.get_mut(place)) {
            record.status = Some(status);
        }
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

    /// The records that are kept, oldest first. Entries are counted here, not while requests are served.
    pub(crate) fn records(&self) -> Vec<RequestRecord> {
        let counted = |record: &RequestRecord| {
            let entries = entries(record.endpoint, &record.body);
            RequestRecord { entries, ..record.clone() }
        };
        self.records.iter().map(counted).collect()
    }
}

fn entries(endpoint: Endpoint, body: &[u8]) -> Option<usize> {
    let place = match endpoint {
        Endpoint::IncrementInventory => "/incrementData",
        Endpoint::DecrementInventory => "/decrementData",
        Endpoint::UpdateInventory => "/inventoryItem/variants",
        _ => return None,
    };
    serde_json::from_slice::<Value>(body).ok()?.pointer(place)?.as_array().map(Vec::len)
}
