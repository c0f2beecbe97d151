//! Reads of the shop: page by page, what has changed, or the items of some products.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use domain::listing::ItemLevel;
use domain::listing::map::ChangedProduct;
use domain::{InventoryItemId, Level, Listing, ListingKey, ProductId, UnixMillis};
use sync::ports::{Catalog, Changes, ShopError, ShopErrorClass};

use super::Process;
use crate::profile::{CatalogKind, Defect, Fault};
use crate::shop::{ListingVersion, Page};
use crate::state::SimState;
use crate::yield_point::{Pid, YieldPoint};

/// How long a slow read takes at most, in milliseconds.
const SLOW_MS: i64 = 15_000;

/// Why a read gave no catalog.
enum NotRead {
    FailedSeed(ShopError),
    /// The pages do not add up to the announced total. Holds the listings that were read.
    Incomplete(Vec<Listing>),
}

impl Process {
    /// Reads every listing. Like the real client, it reads once more where the pages do not add up, then fails.
    pub(super) async fn read_shop(&self) -> Result<Catalog, ShopError> {
        let as_of = Some(self.sim.lock().now);
        let read = match self.crawl().await {
            Err(NotRead::Incomplete(part)) if self.has(Defect::HideIncomplete) => {
                self.sim.lock().observations.watch(self.pid).failed_read = Some("passed on".to_owned());
                let products = part.chunk_by(|a, b| a.key.product == b.key.product).count() as u64;
                Ok((part, products))
            }
            Err(NotRead::Incomplete(_)) => self.crawl().await,
            read => read,
        };
        match read {
            Ok((listings, products)) => {
                self.note_shop_read(&listings);
                self.pause(YieldPoint::ShopRead).await;
                Ok(Catalog { listings, products, as_of })
            }
            Err(NotRead::Incomplete(_)) => {
                self.fail_read(ShopError::new(ShopErrorClass::Incomplete, "twice in a row"))
            }
            Err(NotRead::FailedSeed(error)) => self.fail_read(error),
        }
    }

    /// Reads the catalog page by page. It is incomplete if it has another number of products than its first page
    /// announced.
    async fn crawl(&self) -> Result<(Vec<Listing>, u64), NotRead> {
        let (mut listings, mut products, mut from) = (Vec::new(), 0, 0);
        let mut announced = None;
        self.sim.lock().observations.watch(self.pid).forget_reads();
        loop {
            self.pause_with_delay(YieldPoint::ShopPage, Fault::SlowRead, SLOW_MS).await;
            self.requests.fetch_add(1, Ordering::Relaxed);
            let mut sim = self.sim.lock();
            if let Some(error) = read_failure(&mut sim, Fault::ReadFails) {
                return Err(NotRead::FailedSeed(error));
            }
            let page = read_page(&mut sim, self.pid, from, &mut listings);
            products += page.products;
            let whole = *announced.get_or_insert(page.remaining);
            if page.products == page.remaining || products > whole {
                let part = sim.injects(Fault::ReadIncomplete);
                if products == whole && !part {
                    return Ok((listings, products as u64));
                }
                sim.note(format_args!("p{} {products} products came of {whole}", self.pid));
                return Err(NotRead::Incomplete(listings));
            }
            from = page.next;
            if sim.injects(Fault::PageShift) {
                sim.rearrange();
            }
        }
    }

    /// Reads which products have changed, in one page.
    pub(super) async fn read_changes(&self, since: UnixMillis, at_most: u64) -> Result<Changes, ShopError> {
        let as_of = self.sim.lock().now;
        self.pause_with_delay(YieldPoint::ShopPage, Fault::SlowRead, SLOW_MS).await;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let failure = read_failure(&mut self.sim.lock(), Fault::ReadFails);
        if let Some(error) = failure {
            return self.fail_read(error);
        }
        let mut sim = self.sim.lock();
        if !sim.profile.quirks.tells_changes {
            return Ok(Changes::NotOffered);
        }
        let (mut products, total) = changes(&mut sim, since);
        if self.has(Defect::HideChanges) {
            products.clear();
        }
        sim.note(format_args!("p{} {} of {total} products have changed", self.pid, products.len()));
        let many = products.len() as u64 > at_most;
        Ok(if many { Changes::Many } else { Changes::All { products, total, as_of } })
    }

    fn note_shop_read(&self, listings: &[Listing]) {
        let mut sim = self.sim.lock();
        let levels: Vec<_> = listings.iter().map(|l| l.level.map(Level::units)).collect();
        sim.note(format_args!("p{} shop read: {levels:?}", self.pid));
        let step = sim.step;
        sim.observations.watch(self.pid).shop_read = Some(step);
    }

    /// Reads the levels of `products`.
    pub(super) async fn read_levels(&self, products: &[ProductId]) -> Result<Vec<ItemLevel>, ShopError> {
        self.pause_with_delay(YieldPoint::Levels, Fault::SlowRead, SLOW_MS).await;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let result = {
            let mut sim = self.sim.lock();
            if let Some(error) = read_failure(&mut sim, Fault::LevelsFail) {
                Err(error)
            } else {
                let mut items = levels_of(&mut sim, self.pid, products, self.clock_ms);
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

    fn fail_read<T>(&self, error: ShopError) -> Result<T, ShopError> {
        let mut sim = self.sim.lock();
        sim.note(format_args!("p{} read fails: {error}", self.pid));
        sim.observations.watch(self.pid).failed_read = Some(error.to_string());
        Err(error)
    }
}

fn read_failure(sim: &mut SimState, fault: Fault) -> Option<ShopError> {
    if sim.key_is_revoked() {
        return Some(ShopError::new(ShopErrorClass::Forbidden, "403"));
    }
    let classes = [
        ShopErrorClass::Unreachable,
        ShopErrorClass::NoAnswer,
        ShopErrorClass::ServerError,
        ShopErrorClass::Throttled,
        ShopErrorClass::Malformed,
    ];
    sim.injects(fault).then(|| ShopError::new(sim.rng.pick(&classes), "a read failed"))
}

/// The moment whose state a read shows: now, or earlier if the read lags behind.
fn lagging(sim: &mut SimState, fault: Fault) -> UnixMillis {
    let lag = if sim.injects(fault) { sim.rng.between(0, sim.profile.lag_ms) } else { 0 };
    sim.now - lag
}

/// Reads one page and appends its listings to `listings`.
fn read_page(sim: &mut SimState, pid: Pid, from: usize, listings: &mut Vec<Listing>) -> Page {
    let page_at = lagging(sim, Fault::StaleRead);
    let page = sim.shop.page(from, page_at);
    for at in page.listings.iter().copied() {
        let listing_at = lagging(sim, Fault::StaleRead);
        let listing = &sim.shop.listings[at];
        // A listing on the page never shows a state from before it existed.
        let seen_at = if listing.version_at(listing_at).exists { listing_at } else { page_at };
        listings.push(listing.version_at(seen_at).listing(&listing.key, sim.profile.catalog));
        let known = sim.shop.ledger.len();
        sim.observations.watch(pid).record_read(at, seen_at, known);
    }
    page
}

/// The products that changed since `since`, and the number of all products, as a read that may lag behind shows them.
fn changes(sim: &mut SimState, since: UnixMillis) -> (Vec<ChangedProduct>, u64) {
    let seen_at = lagging(sim, Fault::StaleRead);
    let mut products: BTreeMap<&ProductId, (UnixMillis, Vec<Listing>)> = BTreeMap::new();
    for listing in &sim.shop.listings {
        let version = listing.version_at(seen_at);
        if version.exists {
            let (changed_at, listings) = products.entry(&listing.key.product).or_default();
            *changed_at = version.product_changed_at.max(*changed_at);
            listings.push(version.listing(&listing.key, sim.profile.catalog));
        }
    }
    let total = products.len() as u64;
    let changed = products.into_iter().filter(|(_, (changed_at, _))| *changed_at >= since);
    (changed.map(|(id, (_, listings))| ChangedProduct { id: id.clone(), listings }).collect(), total)
}

/// The levels of `products`. The read may lag behind by another amount for each product.
fn levels_of(sim: &mut SimState, pid: Pid, products: &[ProductId], clock_ms: i64) -> Vec<ItemLevel> {
    let mut items = Vec::new();
    let mut reported = Vec::new();
    for product in products {
        let seen_at = lagging(sim, Fault::StaleLevels);
        let first = items.len();
        for at in 0..sim.shop.listings.len() {
            let listing = &sim.shop.listings[at];
            let version = listing.version_at(seen_at);
            if listing.key.product != *product || !version.exists {
                continue;
            }
            reported.push((at, version.level));
            items.push(level_of(&listing.key, version, clock_ms, sim.profile.catalog));
            let known = sim.shop.ledger.len();
            let (step, watch) = (sim.step, sim.observations.watch(pid));
            if watch.plans {
                watch.read_at.insert(at, known);
                watch.seen_at.insert(at, seen_at);
                watch.shop_read = Some(step);
            }
        }
        if sim.profile.catalog == CatalogKind::Deltas {
            share_item_fields(&mut items[first..]);
        }
    }
    sim.note(format_args!("p{pid} items read: {reported:?}"));
    items
}

fn level_of(key: &ListingKey, version: &ListingVersion, clock_ms: i64, catalog: CatalogKind) -> ItemLevel {
    ItemLevel {
        key: key.clone(),
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
