//! Poisoned listings: every write to them is refused.

use uuid::Uuid;

use crate::catalog::{Listing, Product, Variant};
use crate::random::{RandomSource, Stream};

/// What is poisoned for one request.
#[derive(Debug, Default)]
pub(crate) struct Poison {
    /// Listings that faults name.
    pub(crate) listings: Vec<Listing>,
    /// Listings by chance: a seed, and how many in a thousand.
    pub(crate) chance: Option<(u64, u16)>,
}

impl Poison {
    /// Whether this variant is poisoned.
    pub(crate) fn covers(&self, product: &Product, variant: &Variant) -> bool {
        let by_chance = |(seed, per_mille): (u64, u16)| {
            RandomSource::at(seed ^ hash(product.id, variant.id), Stream::POISON, 0).chance(per_mille)
        };
        self.listings.iter().any(|listing| listing.is(product, variant)) || self.chance.is_some_and(by_chance)
    }
}

fn hash(product: Uuid, variant: Uuid) -> u64 {
    let halves = [product.as_u64_pair(), variant.as_u64_pair()];
    halves.iter().fold(0, |hash: u64, (high, low)| hash.rotate_left(17) ^ high ^ low.rotate_left(31))
}
