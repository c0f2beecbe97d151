//! Reads of the levels of some products.

use std::sync::atomic::Ordering;

use domain::listing::ItemLevel;
use domain::{InventoryItemId, Level, ListingKey, ProductId};
use sync::ports::ShopError;

use super::Process;
use super::reads::SLOW_MS;
use crate::profile::{CatalogKind, Defect, Fault};
use crate::shop::ListingVersion;
use crate::state::SimState;
use crate::yield_point::YieldPoint;

impl Process {
    /// Reads the levels of `products`.
    pub(super) async fn read_levels(&self, products: &[ProductId]) -> Result<Vec<ItemLevel>, ShopError> {
        self.pause_with_delay(YieldPoint::Levels, Fault::SlowRead, SLOW_MS).await;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let result = {
            let mut sim = self.sim.lock();
            if let Some(error) = self.read_failure(&mut sim, Fault::LevelsFail) {
                Err(error)
            } else {
                let mut items = self.levels_of(&mut sim, products);
                if self.has(Defect::FreshMarks) {
                    let now = sim.now + self.clock_ms;
                    for item in &mut items {
                        item.changed_at = Some(now);
                    }
                }
                Ok(items)
            }
        };
        match result {
            Ok(items) => {
                self.pause(YieldPoint::LevelsRead).await;
                Ok(items)
            }
            Err(error) => self.fail_read(error),
        }
    }

    /// The levels of `products`. The read may lag behind by another amount for each product.
    fn levels_of(&self, sim: &mut SimState, products: &[ProductId]) -> Vec<ItemLevel> {
        let (pid, clock_ms, catalog) = (self.pid, self.clock_ms, self.catalog(sim));
        let mut items = Vec::new();
        let mut reported = Vec::new();
        for product in products {
            let seen_at = self.seen_at(sim, Fault::StaleLevels);
            let first = items.len();
            for at in 0..sim.shop.listings.len() {
                let listing = &sim.shop.listings[at];
                let version = listing.version_at(seen_at);
                if listing.key.product != *product || !version.exists {
                    continue;
                }
                let mut item = level_of(&listing.key, version, clock_ms, catalog);
                if self.has(Defect::OldLevels) {
                    let before = listing.version_at(version.changed_at - 1);
                    item.level = Level::new(before.level).filter(|_| version.tracked);
                }
                reported.push((at, item.level));
                items.push(item);
                let known = sim.shop.ledger.len();
                let (step, watch) = (sim.step, sim.observations.watch(pid));
                if watch.plans {
                    watch.read_at.insert(at, known);
                    watch.seen_at.insert(at, seen_at);
                    watch.shop_read = Some(step);
                }
            }
            if catalog == CatalogKind::Deltas {
                share_item_fields(&mut items[first..]);
            }
        }
        sim.note(format_args!("p{pid} items read: {reported:?}"));
        items
    }
}

fn level_of(key: &ListingKey, version: &ListingVersion, clock_ms: i64, catalog: CatalogKind) -> ItemLevel {
    ItemLevel {
        key: catalog.key(key),
        inventory_item: InventoryItemId::new(key.product.as_str()),
        tracked: version.tracked,
        level: Level::new(version.level).filter(|_| version.tracked),
        revision: version.revision_in(catalog),
        stamp: Some(version.changed_at.to_string().into()),
        changed_at: Some(version.changed_at + clock_ms),
    }
}

/// The variants of a product share one inventory item: one stamp, and tracked where any of them is.
fn share_item_fields(variants: &mut [ItemLevel]) {
    let tracked = variants.iter().any(|one| one.tracked);
    let Some((stamp, changed_at)) = variants.first().map(|one| (one.stamp.clone(), one.changed_at)) else {
        return;
    };
    for one in variants {
        (one.tracked, one.stamp, one.changed_at) = (tracked, stamp.clone(), changed_at);
    }
}
