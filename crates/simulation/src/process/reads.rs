//! Reads of the shop: page by page, or the levels of some products.

use std::sync::atomic::Ordering;

use domain::settle::Reading;
use domain::{Level, Listing, ProductId, UnixMillis};
use sync::ports::{LevelsRead, ShopError, ShopErrorClass};

use super::Process;
use crate::profile::{Broken, Fault};
use crate::shop::Page;
use crate::world::{Inner, Pid, Point};

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
    pub(super) async fn read_shop(&self) -> Result<Vec<Listing>, ShopError> {
        let listings = match self.crawl().await {
            Err(NotRead::Incomplete(part)) if self.is(Broken::HideIncomplete) => {
                self.world.lock().oracle.watch(self.pid).failed_read = Some("passed on".to_owned());
                Ok(part)
            }
            Err(NotRead::Incomplete(_)) => self.crawl().await,
            read => read,
        };
        match listings {
            Ok(listings) => {
                self.note_shop_read(&listings);
                self.pause(Point::ShopRead).await;
                Ok(listings)
            }
            Err(NotRead::Incomplete(_)) => {
                self.fail_read(ShopError::new(ShopErrorClass::Incomplete, "twice in a row"))
            }
            Err(NotRead::Failed(error)) => self.fail_read(error),
        }
    }

    /// The catalog page after page; it has as many products as its first page announced, or it is incomplete.
    async fn crawl(&self) -> Result<Vec<Listing>, NotRead> {
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
                    return Ok(listings);
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

    fn note_shop_read(&self, listings: &[Listing]) {
        let mut world = self.world.lock();
        let levels: Vec<_> = listings.iter().map(|l| l.level.map(Level::units)).collect();
        world.note(format_args!("p{} shop read: {levels:?}", self.pid));
        let step = world.step;
        world.oracle.watch(self.pid).shop_read = Some(step);
    }

    /// The levels of `products`.
    pub(super) async fn read_levels(&self, products: &[ProductId]) -> Result<LevelsRead, ShopError> {
        self.linger(Point::Levels, Fault::SlowRead, SLOW_MS).await;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let result = {
            let mut world = self.world.lock();
            match read_failure(&mut world, Fault::LevelsFail) {
                Some(error) => Err(error),
                None => Ok(levels_of(&mut world, self.pid, products)),
            }
        };
        match result {
            Ok(levels) => {
                self.pause(Point::LevelsRead).await;
                Ok(levels)
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
        return Some(ShopError::new(ShopErrorClass::Unauthorised, "403"));
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

fn levels_of(world: &mut Inner, pid: Pid, products: &[ProductId]) -> LevelsRead {
    let mut read = LevelsRead::new();
    let mut told = Vec::new();
    for at in 0..world.floor.shelves.len() {
        if !products.contains(&world.floor.shelves[at].key.product) {
            continue;
        }
        let seen_at = lagging(world, Fault::StaleLevels);
        let place = &world.floor.shelves[at];
        let shown = place.shown(seen_at);
        if let Some(level) = Level::new(shown.level).filter(|_| shown.exists && shown.tracked) {
            told.push((at, shown.level));
            let stamp = Some(shown.stamp.to_string().into());
            let changed_at = Some(shown.stamp);
            read.insert(place.key.clone(), Reading { level, stamp, changed_at });
        }
    }
    world.note(format_args!("p{pid} levels read: {told:?}"));
    read
}
