//! The level of every listing at the end.

use crate::check::Check;
use crate::shop::Cause;
use crate::state::SimState;
use crate::yield_point::Pid;

impl SimState {
    /// I1 at the end: every matched, tracked listing shows its target, minus what was sold since the last run read
    /// it.
    pub(crate) fn check_levels(&mut self, last: Pid, since: usize) {
        let read_at = &self.observations.watches[last].read_at;
        let targets = self.warehouse.targets();
        let mut wrong = None;
        for (at, listing) in self.shop.listings.iter().enumerate() {
            let Some(target) = listing.sku.as_deref().and_then(|sku| targets.get(sku)) else { continue };
            let alone =
                self.shop.listings.iter().filter(|one| one.exists && one.sku == listing.sku).count() == 1;
            if !listing.exists || !listing.tracked || !alone {
                continue;
            }
            let read = read_at.get(&at).copied().unwrap_or(0);
            let after = self.shop.ledger.iter().skip(read).filter(|entry| entry.listing == at);
            let sold: i64 = after
                .filter(|entry| entry.cause == Cause::Sale)
                .map(|entry| entry.before - entry.after)
                .sum();
            // A sale between the last run's read and its lowering can leave fewer units than the run takes. What the
            // level is then depends on the shop.
            let raced = sold > 0
                && self.shop.ledger.iter().skip(since).any(|entry| {
                    entry.listing == at && entry.after < entry.before && entry.cause != Cause::Sale
                });
            let short = sold > 0 && target - sold < 0;
            if listing.level != (target - sold).max(0) && !raced && !short {
                wrong = Some((at, listing.level, *target, sold));
                break;
            }
        }
        if let Some((at, level, target, sold)) = wrong {
            self.report_violation(
                Check::LevelAtTheEnd,
                format_args!("listing {at} shows {level}, its target is {target}, {sold} were sold"),
            );
        }
    }
}
