//! The listings that a shop begins with, and how a listing is added later.

use domain::{ListingKey, ProductId, UnixMillis, VariantId};

use super::{ShopListing, ShopState};
use crate::constants::BEGIN;
use crate::profile::{Fault, Profile};
use crate::rng::SimRng;

/// When the first listings were created: before every simulation begins.
const LISTED_AT: UnixMillis = BEGIN - 3_600_000;

pub(crate) fn draw_level(rng: &mut SimRng) -> i64 {
    match rng.below(60) {
        0..=6 => 0,
        7..=8 => rng.between(-4, -1),
        9 => rng.between(99_980, 99_999),
        10 => rng.between(100, 3_000),
        _ => rng.between(1, 25),
    }
}

impl ShopState {
    pub(crate) fn new(profile: &Profile, rng: &mut SimRng) -> Self {
        let mut shop = Self { storm_sales_left: 40, ..Self::default() };
        for at in 0..profile.listings {
            let product = if at == 0 || rng.chance(700) { shop.new_product() } else { shop.last_product() };
            let sku = match rng.below(40) {
                0 => None,
                1 if at > 0 => shop.listings[at - 1].sku.clone(),
                _ => Some(format!("sku-{at}")),
            };
            let (level, tracked) = (draw_level(rng), !rng.chance(40));
            shop.add(product, sku, level, tracked, LISTED_AT);
        }
        shop.stock_touches_product = profile.quirks.stock_touches_product;
        shop.poison = rng.chance(profile.rates.of(Fault::Poison)).then(|| rng.index(shop.listings.len()));
        shop
    }

    /// Creates a product.
    pub(crate) fn new_product(&mut self) -> ProductId {
        self.products += 1;
        self.last_product()
    }

    fn last_product(&self) -> ProductId {
        ProductId::new(&format!("p{:02}", self.products))
    }

    /// Adds a listing. Reads that lag behind do not show it for a while.
    pub(crate) fn add(
        &mut self,
        product: ProductId,
        sku: Option<String>,
        level: i64,
        tracked: bool,
        now: UnixMillis,
    ) -> usize {
        let at = self.listings.len();
        let key = ListingKey::new(product, VariantId::new(&format!("v{at:02}")));
        self.listings.push(ShopListing::unpublished(key, sku, level, tracked));
        self.touch_product(at, now, |listing| listing.exists = true);
        at
    }
}
