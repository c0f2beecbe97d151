//! A map that remembers levels, after the changes that the shop told.

use std::collections::BTreeMap;

use domain::listing::Revision;
use domain::listing::map::MappedListing;
use domain::listing::reading::ReadReason;
use domain::{
    InventoryItemId, Level, Listing, ListingKey, ListingMap, LocationId, ProductId, Scope, Sku, VariantId,
};
use proptest::prelude::*;

/// Of each product: its SKU, and the level and revision of its item if it has one.
type Goods = BTreeMap<u8, (u8, Option<(i64, i64)>)>;

fn goods() -> impl Strategy<Value = Goods> {
    prop::collection::btree_map(0..12_u8, (0..6_u8, prop::option::of((-2..9_i64, 1..9_i64))), 0..9)
}

fn key(id: u8) -> ListingKey {
    ListingKey::new(ProductId::new(&format!("p{id}")), VariantId::new("v")).at(LocationId::new("l"))
}

fn listing(id: u8, (sku, item): (u8, Option<(i64, i64)>)) -> Listing {
    Listing {
        key: key(id),
        inventory_item: item
            .map_or_else(InventoryItemId::missing, |_| InventoryItemId::new(&format!("i{id}"))),
        sku: Sku::parse(&format!("S{sku}")).ok(),
        tracked: true,
        level: item.and_then(|(level, _)| Level::new(level)),
        revision: item.map(|(_, revision)| Revision::new(revision)),
    }
}

fn listings(goods: &Goods) -> Vec<Listing> {
    goods.iter().map(|(id, one)| listing(*id, *one)).collect()
}

fn map_of(goods: &Goods) -> ListingMap {
    ListingMap {
        site: "site".into(),
        catalog: "catalog".into(),
        crawled_at: 0,
        fresh_from: 0,
        products: 0,
        listings: listings(goods).iter().map(MappedListing::from).collect(),
    }
}

fn items(goods: &Goods) -> u64 {
    goods.values().filter(|(_, item)| item.is_some()).count() as u64
}

fn sorted(mut listings: Vec<Listing>) -> Vec<Listing> {
    listings.sort_by(|a, b| a.key.cmp(&b.key));
    listings
}

/// What a shop tells of the way from `before` to `after`, where `after` keeps every item of `before`.
fn told(before: &Goods, after: &Goods) -> (Vec<Listing>, Vec<Listing>) {
    let changed = after.iter().filter(|(id, one)| before.get(id) != Some(one));
    let items = changed
        .clone()
        .filter(|(id, (_, item))| item.is_some() && before.get(id).map(|(_, item)| item) != Some(item));
    let variants = changed.filter(|(id, (sku, _))| before.get(id).map(|(sku, _)| sku) != Some(sku));
    let bare = variants.map(|(id, (sku, _))| listing(*id, (*sku, None)));
    (items.map(|(id, one)| listing(*id, *one)).collect(), bare.collect())
}

proptest! {
    /// After any changes the map shows what a whole read would show, with variants that have no item beside it.
    #[test]
    fn a_map_takes_over_what_the_shop_told(before in goods(), changes in goods()) {
        let mut after = before.clone();
        for (id, (sku, item)) in changes {
            let kept = before.get(&id).and_then(|(_, item)| *item);
            // An item does not go away, and its revision only grows.
            let grown = item.map(|(level, by)| (level, by + kept.map_or(0, |(_, revision)| revision)));
            after.insert(id, (sku, grown.or(kept)));
        }
        let (told_items, told_variants) = told(&before, &after);
        let mut map = map_of(&before);
        let stored = map.take_over(&told_items, &told_variants, items(&after)).unwrap();
        prop_assert_eq!(sorted(map.remembered(&Scope::All)), sorted(listings(&after)));
        let mut kept: BTreeMap<_, _> =
            map_of(&before).listings.into_iter().map(|one| (one.key.clone(), one)).collect();
        kept.extend(stored.into_iter().map(|one| (one.key.clone(), one)));
        let by_key: BTreeMap<_, _> = map.listings.into_iter().map(|one| (one.key.clone(), one)).collect();
        prop_assert_eq!(kept, by_key, "what is stored is what was taken over");
    }

    /// A count that the known items do not make up is never believed.
    #[test]
    fn another_total_leads_to_a_whole_read(before in goods(), more in 1..3_u64) {
        let total = items(&before);
        prop_assert_eq!(map_of(&before).take_over(&[], &[], total + more), Err(ReadReason::CountsDiffer));
        if total > 0 {
            prop_assert_eq!(map_of(&before).take_over(&[], &[], total - 1), Err(ReadReason::CountsDiffer));
        }
    }
}

#[test]
fn a_new_sku_is_taken_over_from_the_variant_alone() {
    let mut map = map_of(&Goods::from([(1, (1, Some((5, 7)))), (2, (2, Some((6, 3))))]));
    let swapped = [listing(1, (2, None)), listing(2, (1, None))];
    map.take_over(&[], &swapped, 2).unwrap();
    let found = map.remembered(&Scope::Skus([Sku::parse("S2").unwrap()].into()));
    assert_eq!(found, [listing(1, (2, Some((5, 7))))]);
}

#[test]
fn an_item_and_a_variant_that_name_different_skus_lead_to_a_whole_read() {
    let mut map = map_of(&Goods::from([(1, (1, Some((5, 7))))]));
    let (item, variant) = (listing(1, (1, Some((4, 8)))), listing(1, (2, None)));
    assert_eq!(map.take_over(&[item], &[variant], 1), Err(ReadReason::ListingsDiffer));
}
