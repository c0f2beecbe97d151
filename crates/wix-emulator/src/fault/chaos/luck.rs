//! Throwing the dice for a request.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;

use super::victims::{Named, named};
use super::{Chaos, ChaosKind, Class};
use crate::catalog::Catalog;
use crate::dice::Dice;
use crate::endpoint::Endpoint;
use crate::fault::{FaultKind, HangMoment, Struck};

/// A bad day and how far it has come.
#[derive(Debug)]
pub(crate) struct Luck {
    pub(crate) chaos: Arc<Chaos>,
    seen: BTreeMap<Endpoint, u64>,
    total: u64,
}

/// The throw for one request: it depends on the seed, the endpoint and how many requests the endpoint had before.
#[derive(Debug)]
pub(crate) struct Thrown {
    chaos: Arc<Chaos>,
    endpoint: Endpoint,
    place: u64,
}

impl Luck {
    pub(crate) fn new(chaos: Chaos) -> Self {
        Self { chaos: Arc::new(chaos), seen: BTreeMap::new(), total: 0 }
    }

    fn is_over(&self) -> bool {
        self.chaos.requests.is_some_and(|requests| self.total > requests)
    }

    /// The throw for the next request to this endpoint; `None` when the day is over.
    pub(crate) fn next(&mut self, endpoint: Endpoint) -> Option<Thrown> {
        self.total = self.total.saturating_add(1);
        if self.is_over() {
            return None;
        }
        let seen = self.seen.entry(endpoint).or_default();
        let place = *seen;
        *seen += 1;
        Some(Thrown { chaos: Arc::clone(&self.chaos), endpoint, place })
    }

    /// The seed and the rate by which listings are poisoned.
    pub(crate) fn poison(&self) -> Option<(u64, u16)> {
        let rate = self.chaos.rate(ChaosKind::Poison);
        (rate > 0 && !self.is_over()).then_some((self.chaos.seed, rate))
    }
}

impl Thrown {
    /// What happens to the request with this body.
    pub(crate) fn decide(&self, catalog: &Catalog, body: &Bytes) -> Struck {
        let mut dice = Dice::at(self.chaos.seed, self.endpoint.stream(), self.place);
        let named = named(self.endpoint, body);
        let mut struck = Struck { kind: self.fate(&mut dice, named.len()), ..Struck::default() };
        for (kind, rate) in &self.chaos.rates {
            if kind.class() == Class::Acts && dice.hits(*rate) {
                let moment = if dice.hits(500) { HangMoment::BeforeApply } else { HangMoment::AfterApply };
                struck.meanwhile(moment, Named::new(catalog, &named).acts(*kind, &mut dice));
            }
        }
        struck
    }

    fn fate(&self, dice: &mut Dice, entries: usize) -> Option<FaultKind> {
        let mine = if self.endpoint.is_write() { Class::Writes } else { Class::Reads };
        let throw = dice.below(1_000);
        let mut below = 0;
        for (kind, rate) in &self.chaos.rates {
            if ![mine, Class::Both].contains(&kind.class()) {
                continue;
            }
            below += u64::from(*rate);
            if throw < below {
                return self.fault(*kind, dice, entries);
            }
        }
        None
    }

    fn fault(&self, kind: ChaosKind, dice: &mut Dice, entries: usize) -> Option<FaultKind> {
        let [least, most] = self.chaos.delay_ms;
        let delay = Duration::from_millis(dice.between(least, most));
        let outage = Duration::from_millis(self.chaos.outage_ms);
        let code = [500, 502, 503, 504].get(dice.position(4)).copied().unwrap_or(500);
        let entries = dice.position(entries);
        let part = |code| FaultKind::PartialApply { entries, code };
        Some(match kind {
            ChaosKind::LostRequest => FaultKind::DropBeforeApply,
            ChaosKind::LostReply | ChaosKind::ReadLost => FaultKind::DropAfterApply,
            ChaosKind::LateApply => FaultKind::DropThenApply { delay },
            ChaosKind::ServerError => FaultKind::Status { code, body: None },
            ChaosKind::ServerErrorApplied => FaultKind::StatusAfterApply { code },
            ChaosKind::ServerErrorLate => FaultKind::ApplyLate { delay },
            ChaosKind::PartThenThrottled => part(429),
            ChaosKind::PartThenRefused => part(400),
            ChaosKind::PartThenServerError => part(code),
            ChaosKind::ReadFails => FaultKind::Html { code },
            ChaosKind::ReadIncomplete if dice.hits(500) => FaultKind::ShortPage,
            ChaosKind::ReadIncomplete => FaultKind::WrongTotal,
            ChaosKind::StaleRead => FaultKind::StaleRead { lag: Duration::from_millis(self.chaos.lag_ms) },
            ChaosKind::SlowRead => FaultKind::Hang { duration: delay, moment: HangMoment::BeforeApply },
            ChaosKind::Throttled => FaultKind::Status { code: 429, body: None },
            ChaosKind::KeyRevoked => FaultKind::KeyRevoked { duration: outage },
            ChaosKind::MalformedReply => match dice.below(3) {
                0 => FaultKind::CutBody,
                1 => FaultKind::ShortBody,
                _ => FaultKind::NotJson,
            },
            ChaosKind::ConnectionRefused => FaultKind::RefuseConnections { duration: outage },
            _ => return None,
        })
    }
}
