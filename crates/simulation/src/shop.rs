//! The simulated shop: its listings, the requests on their way to it, and a ledger that no run can see.

mod ledger;
mod listing;
mod pages;
mod request;
mod setup;

use domain::{ListingKey, RunId, UnixMillis};

pub(crate) use ledger::{Cause, LedgerEntry};
pub(crate) use listing::{ListingVersion, ShopListing};
pub(crate) use pages::Page;
pub(crate) use request::{Answer, Request, refused};
pub(crate) use setup::draw_level;

/// The current state of the shop.
#[derive(Debug, Default)]
pub(crate) struct ShopState {
    pub(crate) listings: Vec<ShopListing>,
    pub(crate) requests: Vec<Request>,
    pub(crate) ledger: Vec<LedgerEntry>,
    pub(crate) revoked_until: UnixMillis,
    pub(crate) poison: Option<usize>,
    /// How many products were ever created.
    products: u32,
    pub(crate) next_request: u64,
    pub(crate) storm_sales_left: u32,
    stock_touches_product: bool,
}

impl ShopState {
    /// The listing of this key, in any catalog.
    pub(crate) fn index_of(&self, key: &ListingKey) -> Option<usize> {
        let same = |one: &ShopListing| one.key.product == key.product && one.key.variant == key.variant;
        self.listings.iter().position(same)
    }

    /// Changes a listing's stock. Every listing of the product gets the new stamp.
    pub(crate) fn touch(&mut self, at: usize, now: UnixMillis, change: impl FnOnce(&mut ShopListing)) {
        self.change(at, now, change, self.stock_touches_product);
    }

    /// Changes a listing in a way that also counts as a change of its product.
    pub(crate) fn touch_product(
        &mut self,
        at: usize,
        now: UnixMillis,
        change: impl FnOnce(&mut ShopListing),
    ) {
        self.change(at, now, change, true);
    }

    fn change(
        &mut self,
        at: usize,
        now: UnixMillis,
        change: impl FnOnce(&mut ShopListing),
        product_too: bool,
    ) {
        change(&mut self.listings[at]);
        self.listings[at].revision += 1;
        let product = self.listings[at].key.product.clone();
        for listing in self.listings.iter_mut().filter(|listing| listing.key.product == product) {
            listing.changed_at = now;
            if product_too {
                listing.product_changed_at = now;
            }
            listing.remember(now);
        }
    }

    /// The shop moves to a catalog that counts revisions anew.
    pub(crate) fn count_revisions_anew(&mut self, now: UnixMillis) {
        for listing in &mut self.listings {
            listing.revision = 1;
            listing.remember(now);
        }
    }

    pub(crate) fn request(&mut self, id: u64) -> &mut Request {
        self.requests.iter_mut().find(|request| request.id == id).expect("requests are never forgotten")
    }

    /// Whether the shop has acknowledged a line.
    pub(crate) fn has_acknowledged(&self, install: usize, run: &RunId, seq: u32) -> bool {
        self.requests.iter().any(|request| {
            let of_run = request.install == install && request.run == *run;
            of_run && request.acknowledged && request.lines.iter().any(|line| line.seq == seq)
        })
    }
}
