//! Listings that take no write, whatever is asked.

use uuid::Uuid;

use crate::catalog::{Product, Variant};
use crate::dice::Dice;
use crate::listing::Listing;

/// A stream that no endpoint has.
const STREAM: u64 = 101;

/// What is poisoned for one request.
#[derive(Debug, Default)]
pub(crate) struct Poison {
    pub(crate) listings: Vec<Listing>,
    /// A seed, and how many listings in a thousand it poisons.
    pub(crate) chance: Option<(u64, u16)>,
}

impl Poison {
    pub(crate) fn holds(&self, product: &Product, variant: &Variant) -> bool {
        let chance = |(seed, per_mille): (u64, u16)| {
            Dice::at(seed ^ folded(product.id, variant.id), STREAM, 0).hits(per_mille)
        };
        self.listings.iter().any(|listing| listing.is(product, variant)) || self.chance.is_some_and(chance)
    }
}

fn folded(product: Uuid, variant: Uuid) -> u64 {
    let halves = [product.as_u64_pair(), variant.as_u64_pair()];
    halves.iter().fold(0, |all: u64, (high, low)| all.rotate_left(17) ^ high ^ low.rotate_left(31))
}
