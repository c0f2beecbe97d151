//! Drawing what chance does to one request.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::targets::{NamedListing, TargetPicker};
use super::{Chaos, ChaosKind, Target};
use crate::catalog::Catalog;
use crate::endpoint::Endpoint;
use crate::fault::armed::Injection;
use crate::fault::{FaultKind, FaultTiming};
use crate::random::RandomSource;

/// Chaos in progress: its settings, and how many requests it has seen.
#[derive(Debug)]
pub(crate) struct ChaosState {
    chaos: Arc<Chaos>,
    by_endpoint: BTreeMap<Endpoint, u64>,
    total: u64,
}

/// The draw for one request. It depends on the seed, the endpoint and the number of earlier requests to that endpoint.
#[derive(Debug)]
pub(crate) struct Draw {
    chaos: Arc<Chaos>,
    endpoint: Endpoint,
    index: u64,
}

impl ChaosState {
    pub(crate) fn new(chaos: Chaos) -> Self {
        Self { chaos: Arc::new(chaos), by_endpoint: BTreeMap::new(), total: 0 }
    }

    /// The settings that it was started with.
    pub(crate) fn config(&self) -> Chaos {
        (*self.chaos).clone()
    }

    fn is_over(&self) -> bool {
        self.chaos.requests.is_some_and(|requests| self.total > requests)
    }

    /// The draw for the next request to this endpoint; `None` when chaos is over.
    pub(crate) fn draw(&mut self, endpoint: Endpoint) -> Option<Draw> {
        self.total = self.total.saturating_add(1);
        if self.is_over() {
            return None;
        }
        let seen = self.by_endpoint.entry(endpoint).or_default();
        let index = *seen;
        *seen += 1;
        Some(Draw { chaos: Arc::clone(&self.chaos), endpoint, index })
    }

    /// The seed and the rate (in thousandths) of poisoned listings.
    pub(crate) fn poison(&self) -> Option<(u64, u16)> {
        let rate = self.chaos.rate(ChaosKind::Poison);
        (rate > 0 && !self.is_over()).then_some((self.chaos.seed, rate))
    }
}

impl Draw {
    /// What is injected into the request, which names these listings.
    pub(crate) fn decide(&self, catalog: &Catalog, named: &[NamedListing]) -> Injection {
        let mut random = RandomSource::at(self.chaos.seed, self.endpoint.stream(), self.index);
        let kind = self.fault(&mut random, named.len());
        let mut injection = Injection { kind, ..Injection::default() };
        for (kind, rate) in &self.chaos.rates {
            if kind.target() == Target::Actions && random.chance(*rate) {
                let timing =
                    if random.chance(500) { FaultTiming::BeforeApply } else { FaultTiming::AfterApply };
                let actions = TargetPicker::new(catalog, named).actions(*kind, &mut random);
                injection.add_actions(timing, actions);
            }
        }
        injection
    }

    /// The fault of the request: one draw against the sum of all rates, since a request has one fault at most.
    fn fault(&self, random: &mut RandomSource, entries: usize) -> Option<FaultKind> {
        let target = if self.endpoint.is_write() { Target::Writes } else { Target::Reads };
        let drawn = random.below(1_000);
        let mut sum = 0;
        for (kind, rate) in &self.chaos.rates {
            if ![target, Target::AllRequests].contains(&kind.target()) {
                continue;
            }
            sum += u64::from(*rate);
            if drawn < sum {
                return self.fault_kind(*kind, random, entries);
            }
        }
        None
    }

    fn fault_kind(&self, kind: ChaosKind, random: &mut RandomSource, entries: usize) -> Option<FaultKind> {
        let [least, most] = self.chaos.delay_ms;
        let delay = Duration::from_millis(random.between(least, most));
        let outage = Duration::from_millis(self.chaos.outage_ms);
        let code = [500, 502, 503, 504].get(random.index(4)).copied().unwrap_or(500);
        let entries = random.index(entries);
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
            ChaosKind::ReadIncomplete if random.chance(500) => FaultKind::ShortPage,
            ChaosKind::ReadIncomplete => FaultKind::WrongTotal,
            ChaosKind::StaleRead => FaultKind::StaleRead { lag: Duration::from_millis(self.chaos.lag_ms) },
            ChaosKind::SlowRead => FaultKind::Hang { duration: delay, timing: FaultTiming::BeforeApply },
            ChaosKind::Throttled => FaultKind::Status { code: 429, body: None },
            ChaosKind::KeyRevoked => FaultKind::KeyRevoked { duration: outage },
            ChaosKind::MalformedReply => match random.below(3) {
                0 => FaultKind::CutBody,
                1 => FaultKind::ShortBody,
                _ => FaultKind::NotJson,
            },
            ChaosKind::ConnectionRefused => FaultKind::RefuseConnections { duration: outage },
            _ => return None,
        })
    }
}
