//! Reads of the whole shop, page by page.

use std::sync::atomic::Ordering;

use domain::{Level, Listing};
use sync::ports::{Catalog, ShopError, ShopErrorClass};

use super::Process;
use crate::profile::{Defect, Fault};
use crate::shop::Page;
use crate::state::SimState;
use crate::yield_point::YieldPoint;

/// How long a slow read takes at most, in milliseconds.
pub(super) const SLOW_MS: i64 = 15_000;

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
            if let Some(error) = self.read_failure(&mut sim, Fault::ReadFails) {
                return Err(NotRead::FailedSeed(error));
            }
            let page = self.read_page(&mut sim, from, &mut listings);
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

    pub(super) fn note_shop_read(&self, listings: &[Listing]) {
        let mut sim = self.sim.lock();
        let levels: Vec<_> = listings.iter().map(|l| l.level.map(Level::units)).collect();
        sim.note(format_args!("p{} shop read: {levels:?}", self.pid));
        let step = sim.step;
        sim.observations.watch(self.pid).shop_read = Some(step);
    }

    pub(super) fn fail_read<T>(&self, error: ShopError) -> Result<T, ShopError> {
        let mut sim = self.sim.lock();
        sim.note(format_args!("p{} read fails: {error}", self.pid));
        sim.observations.watch(self.pid).failed_read = Some(error.to_string());
        Err(error)
    }

    /// Reads one page and appends its listings to `listings`.
    fn read_page(&self, sim: &mut SimState, from: usize, listings: &mut Vec<Listing>) -> Page {
        let catalog = self.catalog(sim);
        let page_at = self.seen_at(sim, Fault::StaleRead);
        let page = sim.shop.page(from, page_at);
        for at in page.listings.iter().copied() {
            let listing_at = self.seen_at(sim, Fault::StaleRead);
            let listing = &sim.shop.listings[at];
            // A listing on the page never shows a state from before it existed.
            let seen_at = if listing.version_at(listing_at).exists { listing_at } else { page_at };
            listings.push(listing.version_at(seen_at).listing(&listing.key, catalog));
            let known = sim.shop.ledger.len();
            sim.observations.watch(self.pid).record_read(at, seen_at, known);
        }
        page
    }
}
