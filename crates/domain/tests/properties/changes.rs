//! A map that remembers levels, after the changes that the shop told.

use std::collections::{BTreeMap, BTreeSet};

use domain::listing::Revision;
use domain::listing::map::{MapUpdate, MappedListing, add_doubts};
use domain::listing::reading::ReadReason;
use domain::{
    InventoryItemId, Level, Listing, ListingKey, ListingMap, LocationId, Plan, Policy, ProductId, Scope,
    SkipReason, Sku, Stock, VariantId,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// A variant: its SKU, and the level and revision of its item if it has one.
type Variant = (u8, Option<(i64, i64)>);

/// The variants of a shop by number. A product has up to three.
type Goods = BTreeMap<u8, Variant>;

fn goods() -> impl Strategy<Value = Goods> {
    prop::collection::btree_map(0..12_u8, (0..6_u8, prop::option::of((-2..9_i64, 1..9_i64))), 0..9)
}

fn key(id: u8) -> ListingKey {
    let variant = VariantId::new(&format!("v{}", id % 3));
    ListingKey::new(ProductId::new(&format!("p{}", id / 3)), variant).at(LocationId::new("l"))
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

/// What a whole read shows: the items, and the variants with a SKU that no item carries.
fn read_whole(goods: &Goods) -> Vec<Listing> {
    let carried: BTreeSet<u8> = goods.values().filter_map(|(sku, item)| item.map(|_| *sku)).collect();
    let shown = goods.iter().filter(|(_, (sku, item))| item.is_some() || !carried.contains(sku));
    shown.map(|(id, one)| listing(*id, *one)).collect()
}

/// What a shop tells of the way from `before` to `after`: the items that changed, and every variant of the products
/// whose variants did.
fn told(before: &Goods, after: &Goods) -> (Vec<Listing>, Vec<Listing>) {
    let item = |goods: &Goods, id: &u8| goods.get(id).and_then(|(_, item)| *item);
    let sku = |goods: &Goods, id: &u8| goods.get(id).map(|(sku, _)| *sku);
    let items = after.iter().filter(|(id, (_, now))| now.is_some() && item(before, id) != *now);
    let ids = before.keys().chain(after.keys());
    let changed: BTreeSet<u8> = ids.filter(|id| sku(before, id) != sku(after, id)).map(|id| id / 3).collect();
    let variants = after.iter().filter(|(id, _)| changed.contains(&(*id / 3)));
    let bare = variants.map(|(id, (sku, _))| listing(*id, (*sku, None)));
    (items.map(|(id, one)| listing(*id, *one)).collect(), bare.collect())
}

/// What becomes of `before`: a change is a new SKU and a new item, or none where a variant is gone.
fn changed(before: &Goods, changes: BTreeMap<u8, Option<Variant>>) -> Goods {
    let mut after = before.clone();
    let mut gone = Vec::new();
    for (id, change) in changes {
        let kept = before.get(&id).and_then(|(_, item)| *item);
        match change {
            Some((sku, item)) => {
                // An item does not go away, and its revision only grows.
                let grown = item.map(|(level, by)| (level, by + kept.map_or(0, |(_, revision)| revision)));
                after.insert(id, (sku, grown.or(kept)));
            }
            None if kept.is_none() => {
                after.remove(&id);
                gone.push(id);
            }
            None => {}
        }
    }
    // A product without variants is told by no variant.
    for id in gone {
        if let Some(variant) = before.get(&id).filter(|_| !after.keys().any(|other| other / 3 == id / 3)) {
            after.insert(id, *variant);
        }
    }
    after
}

/// The stored map after an update.
fn stored(before: &Goods, update: &MapUpdate) -> BTreeMap<ListingKey, MappedListing> {
    let mut kept: BTreeMap<_, _> =
        map_of(before).listings.into_iter().map(|one| (one.key.clone(), one)).collect();
    kept.retain(|key, _| !update.changed.iter().any(|product| product.id == key.product));
    let changed = update.changed.iter().flat_map(|product| &product.listings).map(MappedListing::from);
    kept.extend(changed.chain(update.listings.iter().cloned()).map(|one| (one.key.clone(), one)));
    kept
}

proptest! {
    /// After any changes the map shows what a whole read would show, with variants that have no item beside it: of each
    /// SKU the same carriers, and no variant that is gone.
    #[test]
    fn a_map_takes_over_what_the_shop_told(
        before in goods(),
        changes in prop::collection::btree_map(
            0..12_u8,
            prop::option::of((0..6_u8, prop::option::of((-2..9_i64, 1..9_i64)))),
            0..9,
        ),
    ) {
        let after = changed(&before, changes);
        let (told_items, told_variants) = told(&before, &after);
        let mut map = map_of(&before);
        let update = map.take_over(&told_items, &told_variants, items(&after)).unwrap();
        prop_assert_eq!(sorted(map.remembered(&Scope::All)), read_whole(&after));
        let by_key: BTreeMap<_, _> = map.listings.into_iter().map(|one| (one.key.clone(), one)).collect();
        let keys: Vec<ListingKey> = after.keys().map(|id| key(*id)).collect();
        prop_assert_eq!(by_key.keys().cloned().collect::<Vec<_>>(), keys);
        prop_assert_eq!(stored(&before, &update), by_key, "what is stored is what was taken over");
    }

    /// Where an item and its variant name different SKUs, a whole read leaves both alone.
    #[test]
    fn a_doubtful_sku_is_left_alone(goods in goods(), variants in goods()) {
        let mut found: Vec<Listing> = listings(&goods).into_iter().filter(|one| one.level.is_some()).collect();
        let told: Vec<Listing> = variants.iter().map(|(id, (sku, _))| listing(*id, (*sku, None))).collect();
        let doubted: BTreeSet<String> = found
            .iter()
            .filter_map(|one| Some((one, told.iter().find(|other| other.key == one.key)?)))
            .filter(|(item, variant)| item.sku != variant.sku)
            .flat_map(|(item, variant)| [item, variant].map(|one| one.sku.clone().unwrap().to_string()))
            .collect();
        let plain = found.clone();
        add_doubts(&mut found, &told);
        let stock = Stock::explicit((0..6).map(|sku| {
            (Sku::parse(&format!("S{sku}")).unwrap(), Decimal::ZERO)
        }));
        let plan = |listings: &[Listing]| Plan::make(&stock, listings, Policy::default(), &Scope::All);
        let (doubtful, sure) = (plan(&found), plan(&plain));
        for sku in &doubted {
            prop_assert!(doubtful.changes.iter().all(|change| change.sku.as_str() != sku), "{} is written", sku);
            let reason = doubtful.skips.iter().find(|skip| *skip.sku == **sku).map(|skip| skip.reason);
            prop_assert_eq!(reason, Some(SkipReason::DuplicateSku), "{}", sku);
        }
        let rest = |plan: &Plan| {
            let changes = plan.changes.iter().filter(|change| !doubted.contains(change.sku.as_str()));
            changes.cloned().collect::<Vec<_>>()
        };
        prop_assert_eq!(rest(&doubtful), rest(&sure), "all others are planned as before");
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

#[test]
fn a_choice_that_is_made_anew_takes_the_place_of_its_predecessor() {
    let mut map = map_of(&Goods::from([(0, (1, None)), (1, (2, Some((5, 7)))), (3, (3, None))]));
    // Variant 0 had the SKU, now variant 2 of the same product has it.
    let variants = [listing(1, (2, None)), listing(2, (1, None))];
    let update = map.take_over(&[], &variants, 1).unwrap();
    let of_s1 = map.remembered(&Scope::Skus([Sku::parse("S1").unwrap()].into()));
    assert_eq!(of_s1, [listing(2, (1, None))]);
    assert_eq!(map.listings.len(), 3, "another product's variant is kept");
    assert_eq!(update.changed.len(), 1);
}

#[test]
fn a_variant_without_an_item_is_no_twin_of_an_item() {
    let map = map_of(&Goods::from([(0, (1, None)), (3, (1, Some((5, 7)))), (6, (2, None)), (9, (2, None))]));
    let of = |sku: &str| map.remembered(&Scope::Skus([Sku::parse(sku).unwrap()].into()));
    assert_eq!(of("S1"), [listing(3, (1, Some((5, 7))))]);
    assert_eq!(of("S2").len(), 2, "neither has an item");
}
