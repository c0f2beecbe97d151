//! The listing map: if a shop reports its changes correctly, the map agrees with a whole read. An omission that can
//! be detected is detected.

use std::collections::BTreeMap;

use domain::listing::ItemLevel;
use domain::listing::map::{ChangedProduct, ListingMap};
use domain::listing::reading::ReadReason;
use domain::{InventoryItemId, Level, Listing, ListingKey, ProductId, Scope, Sku, VariantId};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use proptest::{option, sample};

use super::support::many_cases;
use super::support::shop::level;

/// Variant, SKU and level.
type Variant = (u8, Option<String>, i64);
/// Products by number. A product sells at least something here.
type Goods = BTreeMap<u8, Vec<Variant>>;

fn variants() -> impl Strategy<Value = Vec<Variant>> {
    let sku = option::weighted(0.8, "[ab]{1,2}");
    btree_map(0..4_u8, (sku, 0..9_i64), 1..4)
        .prop_map(|made| made.into_iter().map(|(variant, (sku, level))| (variant, sku, level)).collect())
}

fn goods() -> impl Strategy<Value = Goods> {
    btree_map(0..9_u8, variants(), 0..9)
}

/// A shop, its later state, and other levels for what stays.
fn before_and_after() -> impl Strategy<Value = (Goods, Goods)> {
    (goods(), goods(), btree_set(0..9_u8, 0..9), vec(0..9_i64, 40)).prop_map(
        |(before, other, keep, levels)| {
            let mut after = other;
            for product in keep {
                after.remove(&product);
                after.extend(before.get(&product).map(|variants| (product, variants.clone())));
            }
            for ((_, _, units), other) in after.values_mut().flatten().zip(levels) {
                *units = other;
            }
            (before, after)
        },
    )
}

fn product(id: u8) -> ProductId {
    ProductId::new(&format!("p{id}"))
}

fn listings(id: u8, variants: &[Variant]) -> Vec<Listing> {
    let listing = |(variant, sku, units): &Variant| Listing {
        revision: None,
        key: ListingKey::new(product(id), VariantId::new(&format!("v{variant}"))),
        inventory_item: InventoryItemId::new(&format!("i{id}")),
        sku: sku.as_deref().map(|text| Sku::parse(text).unwrap()),
        tracked: true,
        level: Some(level(*units)),
    };
    variants.iter().map(listing).collect()
}

fn all_listings(goods: &Goods) -> Vec<Listing> {
    goods.iter().flat_map(|(id, variants)| listings(*id, variants)).collect()
}

fn map_of(goods: &Goods) -> ListingMap {
    ListingMap {
        site: "site".into(),
        catalog: "catalog".into(),
        crawled_at: 0,
        fresh_from: 0,
        products: goods.len() as u64,
        listings: all_listings(goods).iter().map(Into::into).collect(),
    }
}

/// Everything of a product but its levels.
fn shape(variants: &[Variant]) -> Vec<(u8, &Option<String>)> {
    variants.iter().map(|(variant, sku, _)| (*variant, sku)).collect()
}

fn changed(before: &Goods, after: &Goods) -> Vec<ChangedProduct> {
    let differs = |(id, variants): &(&u8, &Vec<Variant>)| {
        before.get(*id).is_none_or(|old| shape(old) != shape(variants))
    };
    let of = |(id, variants): (&u8, &Vec<Variant>)| ChangedProduct {
        id: product(*id),
        listings: listings(*id, variants),
    };
    after.iter().filter(differs).map(of).collect()
}

fn items(goods: &Goods, wanted: &[ProductId]) -> Vec<ItemLevel> {
    let of = |(id, variants): (&u8, &Vec<Variant>)| {
        let id = *id;
        let level_of = move |(variant, _, units): &Variant| shown(id, &format!("v{variant}"), *units);
        variants.iter().map(level_of).collect::<Vec<_>>()
    };
    goods.iter().filter(|(id, _)| wanted.contains(&product(**id))).flat_map(of).collect()
}

fn shown(id: u8, variant: &str, units: i64) -> ItemLevel {
    ItemLevel {
        key: ListingKey::new(product(id), VariantId::new(variant)),
        inventory_item: InventoryItemId::new(&format!("i{id}")),
        tracked: true,
        level: Level::new(units),
        revision: None,
        stamp: None,
        changed_at: None,
    }
}

/// The result of a read by known ids.
fn warm(
    map: &mut ListingMap,
    scope: &Scope,
    newer: &[ChangedProduct],
    after: &Goods,
) -> Result<Vec<Listing>, ReadReason> {
    let total = after.len() as u64;
    map.refresh(newer, total)?;
    let (listings, gone) = map.with_levels(scope, &items(after, &map.wanted(scope)))?;
    let explained = scope.is_filtered() || map.explains(&gone, total);
    explained.then_some(listings).ok_or(ReadReason::CountsDiffer)
}

fn by_key(mut listings: Vec<Listing>) -> Vec<Listing> {
    listings.sort_by(|a, b| a.key.cmp(&b.key));
    listings
}

/// Products without any SKU are not requested, because their levels are not needed.
fn without_useless_levels(goods: &Goods) -> Vec<Listing> {
    let of = |(id, variants): (&u8, &Vec<Variant>)| {
        let useful = variants.iter().any(|(_, sku, _)| sku.is_some());
        let blank = |listing: Listing| Listing { tracked: false, level: None, ..listing };
        let all = listings(*id, variants);
        if useful { all } else { all.into_iter().map(blank).collect() }
    };
    goods.iter().flat_map(of).collect()
}

/// A lost product without any SKU shows only in the count, where a new product may hide it.
fn loses_what_nobody_asks_for(before: &Goods, after: &Goods) -> bool {
    before
        .iter()
        .any(|(id, variants)| !after.contains_key(id) && variants.iter().all(|(_, sku, _)| sku.is_none()))
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn an_honest_shop_is_shown_as_a_whole_read_would((before, after) in before_and_after()) {
        let mut map = map_of(&before);
        let gone_unread = loses_what_nobody_asks_for(&before, &after);
        match warm(&mut map, &Scope::All, &changed(&before, &after), &after) {
            Ok(found) => prop_assert_eq!(by_key(found), by_key(without_useless_levels(&after))),
            // Only products that are not requested can be missed and show only in the count.
            Err(reason) => prop_assert!(gone_unread && reason == ReadReason::CountsDiffer, "{}", reason),
        }
    }

    #[test]
    fn a_filtered_read_shows_every_listing_of_its_skus(
        (before, after) in before_and_after(),
        sku in "[ab]{1,2}",
    ) {
        let scope = Scope::Skus([Sku::parse(&sku).unwrap()].into());
        let mut map = map_of(&before);
        let found = warm(&mut map, &scope, &changed(&before, &after), &after).unwrap();
        let of_sku = |listing: &Listing| listing.sku.as_ref().is_some_and(|one| one.as_str() == sku);
        let due: Vec<Listing> = all_listings(&after).into_iter().filter(of_sku).collect();
        prop_assert_eq!(by_key(found.into_iter().filter(of_sku).collect()), by_key(due));
    }

    /// A created or deleted product or variant is noticed even if the shop does not report it.
    #[test]
    fn what_a_shop_hides_is_noticed_as_far_as_counts_and_variants_tell(
        (before, after) in before_and_after(),
        hide in any::<sample::Index>(),
    ) {
        let mut newer = changed(&before, &after);
        prop_assume!(!newer.is_empty());
        let hidden = newer.remove(hide.index(newer.len()));
        let id = before.keys().find(|id| product(**id) == hidden.id);
        let of = |goods: &Goods| {
            let variants = id.and_then(|id| goods.get(id));
            variants.map(|variants| variants.iter().map(|(variant, ..)| *variant).collect::<Vec<_>>())
        };
        let read = id.and_then(|id| before.get(id)).is_some_and(|old| old.iter().any(|(_, sku, _)| sku.is_some()));
        let made = id.is_none() && !loses_what_nobody_asks_for(&before, &after);
        let noticeable = made || (read && of(&before) != of(&after));
        let result = warm(&mut map_of(&before), &Scope::All, &newer, &after);
        prop_assert!(!noticeable || result.is_err(), "hidden: {:?}", hidden);
    }
}

#[test]
fn a_whole_product_may_show_levels_of_choices_that_it_does_not_manage() {
    let key = ListingKey::new(product(1), VariantId::whole_product());
    let item = InventoryItemId::new("i1");
    let listing =
        Listing { revision: None, key, inventory_item: item, sku: None, tracked: true, level: None };
    let listing = Listing { sku: Sku::parse("a").ok(), ..listing };
    let mut map = map_of(&Goods::new());
    map.refresh(&[ChangedProduct { id: product(1), listings: vec![listing] }], 1).unwrap();
    let mut items = items(&[(1, vec![(0, None, 5), (1, None, 7)])].into(), &[product(1)]);
    assert_eq!(map.with_levels(&Scope::All, &items), Err(ReadReason::ListingsDiffer), "its own is missing");
    items.push(shown(1, VariantId::WHOLE_PRODUCT, 3));
    let (found, _) = map.with_levels(&Scope::All, &items).unwrap();
    assert_eq!(found[0].level, Level::new(3));
    items[2].inventory_item = InventoryItemId::new("another");
    assert_eq!(map.with_levels(&Scope::All, &items), Err(ReadReason::ListingsDiffer), "another item");
}
