//! The faults that are armed, and which of them hits a request.

use super::{Action, Fault, FaultKind, FaultTiming};
use crate::catalog::Listing;
use crate::endpoint::Endpoint;

#[derive(Debug)]
struct ArmedFault {
    fault: Fault,
    /// Matching requests that it let pass.
    skipped: u32,
    /// Requests that it hit.
    hits: u32,
}

impl ArmedFault {
    fn is_spent(&self) -> bool {
        self.fault.times != Fault::ALWAYS && self.hits >= self.fault.times
    }

    /// The fault that would have to be armed now to do what this one still has to do.
    fn remaining(&self) -> Fault {
        let times = match self.fault.times {
            Fault::ALWAYS => Fault::ALWAYS,
            times => times.saturating_sub(self.hits),
        };
        let skip = self.fault.skip.saturating_sub(self.skipped);
        Fault { skip, times, ..self.fault.clone() }
    }
}

/// What is injected into one request.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Injection {
    /// The fault of the request or its answer.
    pub(crate) kind: Option<FaultKind>,
    /// Actions right before the request takes effect.
    pub(crate) before: Vec<Action>,
    /// Actions right after.
    pub(crate) after: Vec<Action>,
}

impl Injection {
    pub(super) fn add_actions(&mut self, timing: FaultTiming, actions: impl IntoIterator<Item = Action>) {
        match timing {
            FaultTiming::BeforeApply => self.before.extend(actions),
            FaultTiming::AfterApply => self.after.extend(actions),
        }
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.kind.is_none() && self.before.is_empty() && self.after.is_empty()
    }
}

/// The armed faults of a site.
#[derive(Debug, Default)]
pub(crate) struct ArmedFaults {
    faults: Vec<ArmedFault>,
    hits: u64,
}

impl ArmedFaults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.faults.push(ArmedFault { fault, skipped: 0, hits: 0 });
    }

    pub(crate) fn clear(&mut self) {
        self.faults.clear();
    }

    /// How many requests were hit by a fault, an armed one or one by chance.
    pub(crate) fn hits(&self) -> u64 {
        self.hits
    }

    /// Counts a hit that [`Self::take`] did not choose.
    pub(crate) fn count_hit(&mut self) {
        self.hits += 1;
    }

    /// The armed faults, each with the requests that it has left.
    pub(crate) fn remaining(&self) -> Vec<Fault> {
        self.faults.iter().map(ArmedFault::remaining).collect()
    }

    /// The listings that take no write through this endpoint.
    pub(crate) fn poisoned(&self, endpoint: Endpoint) -> Vec<Listing> {
        let listing = |armed: &ArmedFault| match &armed.fault.kind {
            FaultKind::Poison { listing } if armed.fault.matches(endpoint) => Some(listing.clone()),
            _ => None,
        };
        self.faults.iter().filter_map(listing).collect()
    }

    /// Takes what hits the next request to this endpoint: the first armed fault that is due, and all actions that are
    /// due. A matching fault that is still to skip requests counts this one; one that is due but not first stays due.
    pub(crate) fn take(&mut self, endpoint: Endpoint) -> Injection {
        let mut injection = Injection::default();
        for armed in &mut self.faults {
            if !armed.fault.matches(endpoint) || armed.fault.kind.is_standing() {
                continue;
            }
            if armed.skipped < armed.fault.skip {
                armed.skipped += 1;
                continue;
            }
            match &armed.fault.kind {
                _ if armed.is_spent() => continue,
                FaultKind::Meanwhile { timing, actions } => {
                    injection.add_actions(*timing, actions.iter().cloned());
                }
                kind if injection.kind.is_none() => injection.kind = Some(kind.clone()),
                _ => continue,
            }
            armed.hits = armed.hits.saturating_add(1);
        }
        if !injection.is_nothing() {
            self.hits += 1;
            self.faults.retain(|armed| !armed.is_spent());
        }
        injection
    }
}

#[cfg(test)]
mod tests {
    use super::ArmedFaults;
    use crate::catalog::Listing;
    use crate::endpoint::Endpoint;
    use crate::fault::{Action, Fault, FaultKind, FaultTiming};

    #[test]
    fn a_fault_skips_hits_and_ends() {
        let mut faults = ArmedFaults::default();
        faults.add(Fault::new(FaultKind::NotJson).on(Endpoint::GetProduct).skip(1).times(2));
        let hits: Vec<bool> = (0..4).map(|_| faults.take(Endpoint::GetProduct).kind.is_some()).collect();
        assert_eq!(hits, [false, true, true, false]);
        assert_eq!(faults.take(Endpoint::QueryProducts).kind, None);
        assert_eq!(faults.hits(), 2);
    }

    #[test]
    fn actions_go_with_the_fault_that_hits() {
        let mut faults = ArmedFaults::default();
        let sale = |units| Action::Sale { listing: Listing::sku("A"), units };
        let meanwhile =
            |timing, units| Fault::new(FaultKind::Meanwhile { timing, actions: vec![sale(units)] });
        faults.add(meanwhile(FaultTiming::AfterApply, 1));
        faults.add(Fault::new(FaultKind::DropAfterApply));
        faults.add(meanwhile(FaultTiming::BeforeApply, 2));
        let injection = faults.take(Endpoint::IncrementInventory);
        assert_eq!(injection.kind, Some(FaultKind::DropAfterApply));
        assert_eq!((injection.before, injection.after), (vec![sale(2)], vec![sale(1)]));
        assert_eq!((faults.hits(), faults.remaining().len()), (1, 0));
    }

    #[test]
    fn shows_what_a_fault_has_left() {
        let mut faults = ArmedFaults::default();
        faults.add(Fault::new(FaultKind::NotJson).skip(1).times(3));
        faults.add(Fault::new(FaultKind::ShortBody).on(Endpoint::GetProduct).times(Fault::ALWAYS));
        for _ in 0..2 {
            faults.take(Endpoint::QueryProducts);
        }
        let remaining = [
            Fault::new(FaultKind::NotJson).times(2),
            Fault::new(FaultKind::ShortBody).on(Endpoint::GetProduct).times(Fault::ALWAYS),
        ];
        assert_eq!(faults.remaining(), remaining);
    }
}
