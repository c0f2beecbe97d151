//! The shop: shelves, requests that are on their way, and a ledger of its own that no run can see.

mod ledger;
mod pages;
mod request;
mod shelf;
mod stocking;

use domain::{ListingKey, RunId, UnixMillis};

pub(crate) use ledger::{Cause, Entry};
pub(crate) use pages::Page;
pub(crate) use request::{Answer, Request, refused};
pub(crate) use shelf::{Shelf, Shown};
pub(crate) use stocking::some_level;

/// The shop as it stands.
#[derive(Debug, Default)]
pub(crate) struct ShopFloor {
    pub(crate) shelves: Vec<Shelf>,
    pub(crate) requests: Vec<Request>,
    pub(crate) ledger: Vec<Entry>,
    pub(crate) revoked_until: UnixMillis,
    pub(crate) poison: Option<usize>,
    /// Products that there have ever been.
    products: u32,
    pub(crate) next_request: u64,
    pub(crate) storm_left: u32,
    stock_touches_product: bool,
}

impl ShopFloor {
    pub(crate) fn shelf_of(&self, key: &ListingKey) -> Option<usize> {
        self.shelves.iter().position(|place| place.key == *key)
    }

    /// A change of stock; every listing of the product gets the new stamp.
    pub(crate) fn touch(&mut self, at: usize, now: UnixMillis, change: impl FnOnce(&mut Shelf)) {
        self.change(at, now, change, self.stock_touches_product);
    }

    /// A change of the product itself.
    pub(crate) fn touch_product(&mut self, at: usize, now: UnixMillis, change: impl FnOnce(&mut Shelf)) {
        self.change(at, now, change, true);
    }

    fn change(&mut self, at: usize, now: UnixMillis, change: impl FnOnce(&mut Shelf), product_too: bool) {
        change(&mut self.shelves[at]);
        let product = self.shelves[at].key.product.clone();
        for place in self.shelves.iter_mut().filter(|place| place.key.product == product) {
            place.stamp = now;
            if product_too {
                place.product_stamp = now;
            }
            place.remember(now);
        }
    }

    pub(crate) fn request(&mut self, id: u64) -> &mut Request {
        self.requests.iter_mut().find(|request| request.id == id).expect("requests are never forgotten")
    }

    /// Whether the shop has said yes to a line.
    pub(crate) fn has_acknowledged(&self, install: usize, run: &RunId, seq: u32) -> bool {
        self.requests.iter().any(|request| {
            let of_run = request.install == install && request.run == *run;
            of_run && request.acknowledged && request.lines.iter().any(|line| line.seq == seq)
        })
    }
}
