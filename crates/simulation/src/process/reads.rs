//! Reads of the shop: page by page, or the levels of some products.

use std::sync::atomic::Ordering;

use domain::settle::Reading;
use domain::{Level, Listing, ProductId, UnixMillis};
use sync::ports::{LevelsRead, ShopError, ShopErrorClass};

use super::Process;
use crate::profile::{Broken, Fault};
use crate::world::{Inner, Pid, Point};

/// Listings on a page.
const PAGE: usize = 4;
/// How long a slow read takes at most, in milliseconds.
const SLOW_MS: i64 = 15_000;

impl Process {
    /// Every listing, page after page.
    pub(super) async fn read_shop(&self) -> Result<Vec<Listing>, ShopError> {
        let count = self.world.lock().floor.shelves.len();
        let mut listings = Vec::with_capacity(count);
        self.world.lock().oracle.watch(self.pid).read_at.clear();
        for first in (0..count).step_by(PAGE) {
            self.linger(Point::ShopPage, Fault::SlowRead, SLOW_MS).await;
            self.requests.fetch_add(1, Ordering::Relaxed);
            let page = {
                let mut world = self.world.lock();
                match read_failure(&mut world, Fault::ReadFails) {
                    Some(error) => Err(error),
                    None => Ok(read_page(&mut world, self.pid, first..count.min(first + PAGE))),
                }
            };
            match page {
                Ok(page) => listings.extend(page),
                Err(error) => return self.fail_read(error),
            }
        }
        let incomplete = self.world.lock().strikes(Fault::ReadIncomplete);
        if incomplete {
            let error = ShopError::new(ShopErrorClass::Incomplete, "rows are missing");
            let failed = self.fail_read(error);
            if !self.is(Broken::HideIncomplete) {
                return failed;
            }
            listings.truncate(listings.len().div_ceil(2));
        }
        self.note_shop_read(&listings);
        self.pause(Point::ShopRead).await;
        Ok(listings)
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

fn read_page(world: &mut Inner, pid: Pid, places: std::ops::Range<usize>) -> Vec<Listing> {
    let mut listings = Vec::new();
    for at in places {
        let seen_at = lagging(world, Fault::StaleRead);
        let place = &world.floor.shelves[at];
        let shown = place.shown(seen_at);
        if shown.exists {
            listings.push(shown.listing(&place.key));
        }
        let known = world.floor.ledger.len();
        let watch = world.oracle.watch(pid);
        watch.read_at.insert(at, known);
        watch.seen_at.insert(at, seen_at);
    }
    listings
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
