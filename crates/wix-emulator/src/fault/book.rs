//! The faults that are armed.

use super::{Fault, FaultKind, HangMoment};
use crate::act::Act;
use crate::endpoint::Endpoint;
use crate::listing::Listing;

#[derive(Debug)]
struct Armed {
    fault: Fault,
    passed: u32,
    fired: u32,
}

impl Armed {
    fn is_spent(&self) -> bool {
        self.fault.times != Fault::ALWAYS && self.fired >= self.fault.times
    }

    /// The fault as it would have to be armed now to do what is left of it.
    fn left(&self) -> Fault {
        let times = match self.fault.times {
            Fault::ALWAYS => Fault::ALWAYS,
            times => times.saturating_sub(self.fired),
        };
        let skip = self.fault.skip.saturating_sub(self.passed);
        Fault { skip, times, ..self.fault.clone() }
    }
}

/// What happens to a request.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Struck {
    /// What becomes of it and its answer.
    pub(crate) kind: Option<FaultKind>,
    /// What others do right before it takes effect.
    pub(crate) before: Vec<Act>,
    /// What others do right after.
    pub(crate) after: Vec<Act>,
}

impl Struck {
    pub(crate) fn meanwhile(&mut self, moment: HangMoment, acts: impl IntoIterator<Item = Act>) {
        match moment {
            HangMoment::BeforeApply => self.before.extend(acts),
            HangMoment::AfterApply => self.after.extend(acts),
        }
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.kind.is_none() && self.before.is_empty() && self.after.is_empty()
    }
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

    /// How many requests were hit.
    pub(crate) fn fired(&self) -> u64 {
        self.fired
    }

    /// Counts a request that was hit by something else than [`Self::strike`].
    pub(crate) fn hit(&mut self) {
        self.fired += 1;
    }

    /// The armed faults, less what they have done.
    pub(crate) fn armed(&self) -> Vec<Fault> {
        self.armed.iter().map(Armed::left).collect()
    }

    /// The listings that take no write through this endpoint.
    pub(crate) fn poisoned(&self, endpoint: Endpoint) -> Vec<Listing> {
        let poisoned = |armed: &Armed| match &armed.fault.kind {
            FaultKind::Poison { listing } if armed.fault.endpoint.is_none_or(|wanted| wanted == endpoint) => {
                Some(listing.clone())
            }
            _ => None,
        };
        self.armed.iter().filter_map(poisoned).collect()
    }

    /// What hits this request: the first armed fault whose turn it is, and whoever acts meanwhile. The other faults
    /// that match count the request as passed while they still wait, and keep their turn when they do not.
    pub(crate) fn strike(&mut self, endpoint: Endpoint) -> Struck {
        let mut struck = Struck::default();
        for armed in &mut self.armed {
            let elsewhere = armed.fault.endpoint.is_some_and(|wanted| wanted != endpoint);
            if elsewhere || armed.fault.kind.is_standing() {
                continue;
            }
            if armed.passed < armed.fault.skip {
                armed.passed += 1;
                continue;
            }
            match &armed.fault.kind {
                _ if armed.is_spent() => continue,
                FaultKind::Meanwhile { moment, acts } => struck.meanwhile(*moment, acts.iter().cloned()),
                kind if struck.kind.is_none() => struck.kind = Some(kind.clone()),
                _ => continue,
            }
            armed.fired = armed.fired.saturating_add(1);
        }
        if !struck.is_nothing() {
            self.fired += 1;
            self.armed.retain(|armed| !armed.is_spent());
        }
        struck
    }
}

#[cfg(test)]
mod tests {
    use super::FaultBook;
    use crate::act::Act;
    use crate::endpoint::Endpoint;
    use crate::fault::{Fault, FaultKind, HangMoment};
    use crate::listing::Listing;

    #[test]
    fn skips_counts_and_ends() {
        let mut book = FaultBook::default();
        book.add(Fault::new(FaultKind::NotJson).on(Endpoint::GetProduct).skip(1).times(2));
        let hits: Vec<bool> = (0..4).map(|_| book.strike(Endpoint::GetProduct).kind.is_some()).collect();
        assert_eq!(hits, [false, true, true, false]);
        assert_eq!(book.strike(Endpoint::QueryProducts).kind, None);
        assert_eq!(book.fired(), 2);
    }

    #[test]
    fn others_act_beside_the_fault_that_strikes() {
        let mut book = FaultBook::default();
        let sale = |units| Act::Sale { listing: Listing::sku("A"), units };
        let meanwhile = |moment, units| Fault::new(FaultKind::Meanwhile { moment, acts: vec![sale(units)] });
        book.add(meanwhile(HangMoment::AfterApply, 1));
        book.add(Fault::new(FaultKind::DropAfterApply));
        book.add(meanwhile(HangMoment::BeforeApply, 2));
        let struck = book.strike(Endpoint::IncrementInventory);
        assert_eq!(struck.kind, Some(FaultKind::DropAfterApply));
        assert_eq!((struck.before, struck.after), (vec![sale(2)], vec![sale(1)]));
        assert_eq!((book.fired(), book.armed().len()), (1, 0));
    }

    #[test]
    fn what_is_left_of_a_fault_is_told() {
        let mut book = FaultBook::default();
        book.add(Fault::new(FaultKind::NotJson).skip(1).times(3));
        book.add(Fault::new(FaultKind::ShortBody).on(Endpoint::GetProduct).times(Fault::ALWAYS));
        for _ in 0..2 {
            book.strike(Endpoint::QueryProducts);
        }
        let left = [
            Fault::new(FaultKind::NotJson).times(2),
            Fault::new(FaultKind::ShortBody).on(Endpoint::GetProduct).times(Fault::ALWAYS),
        ];
        assert_eq!(book.armed(), left);
    }
}
