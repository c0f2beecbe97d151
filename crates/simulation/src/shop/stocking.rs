//! How a shop is furnished.

use domain::{ListingKey, ProductId, VariantId};

use super::{Shelf, ShopFloor};
use crate::profile::{Dice, Fault, Profile};
use crate::world::BEGIN;

pub(super) fn some_level(dice: &mut Dice) -> i64 {
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
        let mut shelves: Vec<Shelf> = Vec::new();
        let mut product = 0;
        for at in 0..profile.listings {
            product += u32::from(at == 0 || dice.hits(700));
            let sku = match dice.below(40) {
                0 => None,
                1 if at > 0 => shelves[at - 1].sku.clone(),
                _ => Some(format!("sku-{at}")),
            };
            let key = ListingKey {
                product: ProductId::new(&format!("p{product:02}")),
                variant: VariantId::new(&format!("v{at:02}")),
            };
            let (level, tracked) = (some_level(dice), !dice.hits(40));
            let made_at = BEGIN - 3_600_000;
            let mut place = Shelf {
                key,
                sku,
                level,
                tracked,
                exists: true,
                stamp: made_at,
                product_stamp: made_at,
                history: Vec::new(),
            };
            place.remember(made_at);
            shelves.push(place);
        }
        let poison = dice.hits(profile.rates.of(Fault::Poison)).then(|| dice.at(shelves.len()));
        let stock_touches_product = profile.quirks.stock_touches_product;
        Self { shelves, poison, storm_left: 40, stock_touches_product, ..Self::default() }
    }
}
