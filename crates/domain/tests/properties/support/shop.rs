//! Strategies for the listings of a shop.

use std::sync::Arc;

use domain::{InventoryItemId, Level, Listing, ListingKey, ProductId, VariantId};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::{option, sample};

use super::sku;

pub(crate) fn level(units: i64) -> Level {
    Level::new(units).unwrap()
}

pub(crate) fn any_level() -> impl Strategy<Value = Level> {
    let edges = [i32::MIN, i32::MIN + 1, -1, 0, 1, 99_998, 99_999, 100_000, i32::MAX - 1, i32::MAX];
    prop_oneof![
        12 => 0..30_i32,
        2 => -5..0_i32,
        2 => sample::select(edges.to_vec()),
        1 => any::<i32>(),
    ]
    .prop_map(|units| level(i64::from(units)))
}

/// The key of the `at`th listing. Products have up to three variants, whose ids repeat over products.
pub(crate) fn key(at: usize) -> ListingKey {
    ListingKey::new(ProductId::new(&format!("p{}", at / 3)), VariantId::new(&format!("v{}", at % 3)))
}

/// The `at`th listing of a shop.
pub(crate) fn listing(at: usize, text: Option<&str>, tracked: bool, level: Option<Level>) -> Listing {
    Listing {
        revision: None,
        key: key(at),
        inventory_item: InventoryItemId::new(&format!("i{at}")),
        sku: text.map(sku::sku),
        tracked,
        level,
    }
}

type Parts = (Option<Arc<str>>, bool, Option<Level>);

fn parts(text: impl Strategy<Value = Option<Arc<str>>>) -> impl Strategy<Value = Parts> {
    (text, prop::bool::weighted(0.85), option::weighted(0.9, any_level()))
}

/// A whole shop: most SKUs have one listing, some have several, and some listings have no SKU. Keys are unique.
pub(crate) fn listings() -> impl Strategy<Value = Vec<Listing>> {
    let once = sku::some_of_the_pool()
        .prop_flat_map(|texts| texts.into_iter().map(|text| parts(Just(Some(text)))).collect::<Vec<_>>());
    let more = vec(parts(option::weighted(0.7, sku::text())), 0..8);
    (once, more)
        .prop_map(|(once, more)| once.into_iter().chain(more).collect::<Vec<_>>())
        .prop_shuffle()
        .prop_map(|all| {
            let numbered = all.into_iter().enumerate();
            numbered.map(|(at, (sku, tracked, level))| listing(at, sku.as_deref(), tracked, level)).collect()
        })
}
