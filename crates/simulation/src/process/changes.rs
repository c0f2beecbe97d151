//! Reads of what has changed in the shop.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use domain::listing::map::ChangedProduct;
use domain::{InventoryItemId, Listing, ProductId, UnixMillis};
use sync::ports::{Changes, ShopError};

use super::Process;
use super::reads::SLOW_MS;
use crate::profile::{CatalogKind, Defect, Fault};
use crate::state::SimState;
use crate::yield_point::YieldPoint;

impl Process {
    /// Reads what has changed, in one page: products, or items and variants in a catalog with revisions.
    pub(super) async fn read_changes(&self, since: UnixMillis, at_most: u64) -> Result<Changes, ShopError> {
        let as_of = self.sim.lock().now;
        self.pause_with_delay(YieldPoint::ShopPage, Fault::SlowRead, SLOW_MS).await;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let failure = self.read_failure(&mut self.sim.lock(), Fault::ReadFails);
        if let Some(error) = failure {
            return self.fail_read(error);
        }
        let changes = {
            let mut sim = self.sim.lock();
            if !sim.profile.quirks.tells_changes {
                return Ok(Changes::NotOffered);
            }
            match self.catalog(&mut sim) {
                CatalogKind::Deltas => self.changed_products(&mut sim, since, at_most, as_of),
                CatalogKind::Revisions => self.changed_items(&mut sim, since, at_most, as_of),
            }
        };
        if matches!(changes, Changes::Items { .. }) {
            self.pause(YieldPoint::ShopRead).await;
        }
        Ok(changes)
    }

    /// The products that changed since `since`, and the number of all products, as a read that may lag behind shows
    /// them.
    fn changed_products(
        &self,
        sim: &mut SimState,
        since: UnixMillis,
        at_most: u64,
        as_of: UnixMillis,
    ) -> Changes {
        let seen_at = self.seen_at(sim, Fault::StaleRead);
        let mut products: BTreeMap<&ProductId, (UnixMillis, Vec<Listing>)> = BTreeMap::new();
        for listing in &sim.shop.listings {
            let version = listing.version_at(seen_at);
            if version.exists {
                let (changed_at, listings) = products.entry(&listing.key.product).or_default();
                *changed_at = version.product_changed_at.max(*changed_at);
                listings.push(version.listing(&listing.key, CatalogKind::Deltas));
            }
        }
        let total = products.len() as u64;
        let changed = products.into_iter().filter(|(_, (changed_at, _))| *changed_at >= since);
        let mut products: Vec<ChangedProduct> =
            changed.map(|(id, (_, listings))| ChangedProduct { id: id.clone(), listings }).collect();
        if self.has(Defect::HideChanges) {
            products.clear();
        }
        sim.note(format_args!("p{} {} of {total} products have changed", self.pid, products.len()));
        let many = products.len() as u64 > at_most;
        if many { Changes::Many } else { Changes::All { products, total, as_of } }
    }

    /// The items that changed since `since`, all variants of the products that did, and the number of all items. What
    /// did not change is told to be as it was, so it counts as read too.
    fn changed_items(
        &self,
        sim: &mut SimState,
        since: UnixMillis,
        at_most: u64,
        as_of: UnixMillis,
    ) -> Changes {
        let seen_at = self.seen_at(sim, Fault::StaleRead);
        let (mut items, mut variants, mut total) = (Vec::new(), Vec::new(), 0);
        let known = sim.shop.ledger.len();
        sim.observations.watch(self.pid).forget_reads();
        for (at, listing) in sim.shop.listings.iter().enumerate() {
            let version = listing.version_at(seen_at);
            if !version.exists {
                continue;
            }
            total += 1;
            sim.observations.watch(self.pid).record_read(at, seen_at, known);
            let now = version.listing(&listing.key, CatalogKind::Revisions);
            if version.product_changed_at >= since {
                let inventory_item = InventoryItemId::missing();
                variants.push(Listing {
                    inventory_item,
                    tracked: true,
                    level: None,
                    revision: None,
                    ..now.clone()
                });
            }
            if version.changed_at >= since {
                items.push(now);
            }
        }
        if self.has(Defect::HideChanges) {
            items.clear();
        }
        sim.note(format_args!("p{} {} of {total} items have changed", self.pid, items.len()));
        self.note_step_of_read(sim);
        let many = items.len().max(variants.len()) as u64 > at_most;
        if many { Changes::Many } else { Changes::Items { items, variants, total, as_of } }
    }

    fn note_step_of_read(&self, sim: &mut SimState) {
        let step = sim.step;
        sim.observations.watch(self.pid).shop_read = Some(step);
    }
}
