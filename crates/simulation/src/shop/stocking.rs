//! How a shop is furnished, and how a listing is added later.

use domain::{ListingKey, ProductId, UnixMillis, VariantId};

use super::{Shelf, ShopFloor};
use crate::constants::BEGIN;
use crate::dice::Dice;
use crate::profile::{Fault, Profile};

/// The first listings are older than every world.
const FURNISHED: UnixMillis = BEGIN - 3_600_000;

pub(crate) fn some_level(dice: &mut Dice) -> i64 {
    match dice.below(60) {
        0..=6 => 0,
        7..=8 => dice.between(-4, -1),
        9 => dice.between(99_980, 99_999),
        10 => dice.between(100, 3_000),
        _ => dice.between(1, 25),
    }
}

impl ShopFloor {
    pub(crate) fn new(profile: &Profile, dice: &mut Dice) -> Self {
        let mut floor = Self { storm_left: 40, ..Self::default() };
        for at in 0..profile.listings {
            let product = if at == 0 || dice.hits(700) { floor.new_product() } else { floor.last_product() };
            let sku = match dice.below(40) {
                0 => None,
                1 if at > 0 => floor.shelves[at - 1].sku.clone(),
                _ => Some(format!("sku-{at}")),
            };
            let (level, tracked) = (some_level(dice), !dice.hits(40));
            floor.add(product, sku, level, tracked, FURNISHED);
        }
        floor.stock_touches_product = profile.quirks.stock_touches_product;
        floor.poison = dice.hits(profile.rates.of(Fault::Poison)).then(|| dice.at(floor.shelves.len()));
        floor
    }

    /// A product that there has never been.
    pub(crate) fn new_product(&mut self) -> ProductId {
        self.products += 1;
        self.last_product()
    }

    fn last_product(&self) -> ProductId {
        ProductId::new(&format!("p{:02}", self.products))
    }

    /// A listing appears. Reads that lag show nothing of it for a while.
    pub(crate) fn add(
        &mut self,
        product: ProductId,
        sku: Option<String>,
        level: i64,
        tracked: bool,
        now: UnixMillis,
    ) -> usize {
        let at = self.shelves.len();
        let key = ListingKey::new(product, VariantId::new(&format!("v{at:02}")));
        self.shelves.push(Shelf::before_its_time(key, sku, level, tracked));
        self.touch_product(at, now, |shelf| shelf.exists = true);
        at
    }
}
