//! Reads of the shop: page by page, what has changed, or the items of some products.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use domain::listing::ItemLevel;
use domain::listing::map::ChangedProduct;
use domain::{InventoryItemId, Level, Listing, ListingKey, ProductId, UnixMillis};
use sync::ports::{Catalog, Changes, ShopError, ShopErrorClass};

use super::Process;
use crate::profile::{Broken, Fault};
use crate::shop::{Page, Shown};
use crate::state::Inner;
use crate::yield_point::{Pid, Point};

/// How long a slow read takes at most, in milliseconds.
const SLOW_MS: i64 = 15_000;

/// Why there is no catalog.
enum NotRead {
    Failed(ShopError),
    /// The pages do not add up; what came of them.
    Incomplete(Vec<Listing>),
}

impl Process {
    /// Every listing. Pages that do not add up are read once more, then it is an error, as the real client has it.
    pub(super) async fn read_shop(&self) -> Result<Catalog, ShopError> {
        let as_of = Some(self.world.lock().now);
        let read = match self.crawl().await {
            Err(NotRead::Incomplete(part)) if self.is(Broken::HideIncomplete) => {
                self.world.lock().oracle.watch(self.pid).failed_read = Some("passed on".to_owned());
                let products = part.chunk_by(|a, b| a.key.product == b.key.product).count() as u64;
                Ok((part, products))
            }
            Err(NotRead::Incomplete(_)) => self.crawl().await,
            read => read,
        };
        match read {
            Ok((listings, products)) => {
                self.note_shop_read(&listings);
                self.pause(Point::ShopRead).await;
                Ok(Catalog { listings, products, as_of })
            }
            Err(NotRead::Incomplete(_)) => {
                self.fail_read(ShopError::new(ShopErrorClass::Incomplete, "twice in a row"))
            }
            Err(NotRead::Failed(error)) => self.fail_read(error),
        }
    }

    /// The catalog page after page; it has as many products as its first page announced, or it is incomplete.
    async fn crawl(&self) -> Result<(Vec<Listing>, u64), NotRead> {
        let (mut listings, mut products, mut from) = (Vec::new(), 0, 0);
        let mut announced = None;
        self.world.lock().oracle.watch(self.pid).forget_reads();
        loop {
            self.linger(Point::ShopPage, Fault::SlowRead, SLOW_MS).await;
            self.requests.fetch_add(1, Ordering::Relaxed);
            let mut world = self.world.lock();
            if let Some(error) = read_failure(&mut world, Fault::ReadFails) {
                return Err(NotRead::Failed(error));
            }
            let page = read_page(&mut world, self.pid, from, &mut listings);
            products += page.products;
            let whole = *announced.get_or_insert(page.rest);
            if page.products == page.rest || products > whole {
                let part = world.strikes(Fault::ReadIncomplete);
                if products == whole && !part {
                    return Ok((listings, products as u64));
                }
                world.note(format_args!("p{} {products} products came of {whole}", self.pid));
                return Err(NotRead::Incomplete(listings));
            }
            from = page.next;
            if world.strikes(Fault::PageShift) {
                world.rearrange();
            }
        }
    }

    /// What has changed, in one page.
    pub(super) async fn read_changes(&self, since: UnixMillis, at_most: u64) -> Result<Changes, ShopError> {
        let as_of = self.world.lock().now;
        self.linger(Point::ShopPage, Fault::SlowRead, SLOW_MS).await;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let failure = read_failure(&mut self.world.lock(), Fault::ReadFails);
        if let Some(error) = failure {
            return self.fail_read(error);
        }
        let mut world = self.world.lock();
        if !world.profile.quirks.tells_changes {
            return Ok(Changes::NotOffered);
        }
        let (mut products, total) = changes(&mut world, since);
        if self.is(Broken::HideChanges) {
            products.clear();
        }
        world.note(format_args!("p{} {} of {total} products have changed", self.pid, products.len()));
        let many = products.len() as u64 > at_most;
        Ok(if many { Changes::Many } else { Changes::All { products, total, as_of } })
    }

    fn note_shop_read(&self, listings: &[Listing]) {
        let mut world = self.world.lock();
        let levels: Vec<_> = listings.iter().map(|l| l.level.map(Level::units)).collect();
        world.note(format_args!("p{} shop read: {levels:?}", self.pid));
        let step = world.step;
        world.oracle.watch(self.pid).shop_read = Some(step);
    }

    /// The levels of `products`.
    pub(super) async fn read_levels(&self, products: &[ProductId]) -> Result<Vec<ItemLevel>, ShopError> {
        self.linger(Point::Levels, Fault::SlowRead, SLOW_MS).await;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let result = {
            let mut world = self.world.lock();
            match read_failure(&mut world, Fault::LevelsFail) {
                Some(error) => Err(error),
                None => Ok(levels_of(&mut world, self.pid, products, self.clock_ms)),
            }
        };
        match result {
            Ok(items) => {
                self.pause(Point::LevelsRead).await;
                Ok(items)
            }
            Err(error) => self.fail_read(error),
        }
    }

    fn fail_read<T>(&self, error: ShopError) -> Result<T, ShopError> {
        let mut world = self.world.lock();
        world.note(format_args!("p{} read fails: {error}", self.pid));
        world.oracle.watch(self.pid).failed_read = Some(error.to_string());
        Err(error)
    }
}

fn read_failure(world: &mut Inner, fault: Fault) -> Option<ShopError> {
    if world.key_is_revoked() {
        return Some(ShopError::new(ShopErrorClass::Forbidden, "403"));
    }
    let classes = [
        ShopErrorClass::Unreachable,
        ShopErrorClass::NoAnswer,
        ShopErrorClass::ServerError,
        ShopErrorClass::Throttled,
        ShopErrorClass::Malformed,
    ];
    world.strikes(fault).then(|| ShopError::new(world.dice.pick(&classes), "a read failed"))
}

/// The moment whose state a read shows: now, or as much earlier as a read may lag.
fn lagging(world: &mut Inner, fault: Fault) -> UnixMillis {
    let lag = if world.strikes(fault) { world.dice.between(0, world.profile.lag_ms) } else { 0 };
    world.now - lag
}

/// Puts the listings of a page beside those of the pages before it.
fn read_page(world: &mut Inner, pid: Pid, from: usize, listings: &mut Vec<Listing>) -> Page {
    let page_at = lagging(world, Fault::StaleRead);
    let page = world.floor.page(from, page_at);
    for at in page.places.iter().copied() {
        let lagging_at = lagging(world, Fault::StaleRead);
        let place = &world.floor.shelves[at];
        // A listing that is on the page shows what it has shown since it was there.
        let seen_at = if place.shown(lagging_at).exists { lagging_at } else { page_at };
        listings.push(place.shown(seen_at).listing(&place.key));
        let known = world.floor.ledger.len();
        world.oracle.watch(pid).saw(at, seen_at, known);
    }
    page
}

/// The products that changed, as a read that may lag shows them, and how many there are.
fn changes(world: &mut Inner, since: UnixMillis) -> (Vec<ChangedProduct>, u64) {
    let seen_at = lagging(world, Fault::StaleRead);
    let mut products: BTreeMap<&ProductId, (UnixMillis, Vec<Listing>)> = BTreeMap::new();
    for place in &world.floor.shelves {
        let shown = place.shown(seen_at);
        if shown.exists {
            let (changed_at, listings) = products.entry(&place.key.product).or_default();
            *changed_at = shown.product_stamp.max(*changed_at);
            listings.push(shown.listing(&place.key));
        }
    }
    let total = products.len() as u64;
    let changed = products.into_iter().filter(|(_, (changed_at, _))| *changed_at >= since);
    (changed.map(|(id, (_, listings))| ChangedProduct { id: id.clone(), listings }).collect(), total)
}

/// Levels as a read shows them that may lag, each product on its own.
fn levels_of(world: &mut Inner, pid: Pid, products: &[ProductId], clock_ms: i64) -> Vec<ItemLevel> {
    let mut items = Vec::new();
    let mut told = Vec::new();
    for product in products {
        let seen_at = lagging(world, Fault::StaleLevels);
        let first = items.len();
        for at in 0..world.floor.shelves.len() {
            let place = &world.floor.shelves[at];
            let shown = place.shown(seen_at);
            if place.key.product != *product || !shown.exists {
                continue;
            }
            told.push((at, shown.level));
            items.push(level_of(&place.key, shown, clock_ms));
            let known = world.floor.ledger.len();
            let (step, watch) = (world.step, world.oracle.watch(pid));
            if watch.plans {
                watch.read_at.insert(at, known);
                watch.seen_at.insert(at, seen_at);
                watch.shop_read = Some(step);
            }
        }
        share_the_item(&mut items[first..]);
    }
    world.note(format_args!("p{pid} items read: {told:?}"));
    items
}

fn level_of(key: &ListingKey, shown: &Shown, clock_ms: i64) -> ItemLevel {
    ItemLevel {
        key: key.clone(),
        inventory_item: InventoryItemId::new(key.product.as_str()),
        tracked: shown.tracked,
        level: Level::new(shown.level).filter(|_| shown.tracked),
        revision: None,
        stamp: Some(shown.stamp.to_string().into()),
        changed_at: Some(shown.stamp + clock_ms),
    }
}

/// The variants of a product are one item: with one mark, and tracked where one of them is.
fn share_the_item(variants: &mut [ItemLevel]) {
    let tracked = variants.iter().any(|one| one.tracked);
    let Some((stamp, changed_at)) = variants.first().map(|one| (one.stamp.clone(), one.changed_at)) else {
        return;
    };
    for one in variants {
        (one.tracked, one.stamp, one.changed_at) = (tracked, stamp.clone(), changed_at);
    }
}
