//! Requirements of the listing maps.

use domain::listing::Revision;
use domain::listing::map::{ChangedProduct, MapUpdate, MappedListing};
use domain::{
    InventoryItemId, Level, Listing, ListingKey, ListingMap, LocationId, ProductId, Scope, ShopName, Sku,
    UnixMillis, VariantId,
};
use sync::ports::{Fence, StateError, Store};

use super::fixtures::{lease, new_run};

fn listing(product: &str, variant: &str, sku: Option<&str>) -> Listing {
    Listing {
        revision: None,
        key: ListingKey::new(ProductId::new(product), VariantId::new(variant)),
        inventory_item: InventoryItemId::new(&format!("item of {product}")),
        sku: sku.map(|text| Sku::parse(text).unwrap()),
        tracked: true,
        level: Level::new(3),
    }
}

/// A listing map comes back as it was written, changes product by product, and only under the shop's lease.
pub async fn a_listing_map_is_kept_and_changed_under_the_lease(store: &dyn Store) {
    let run = new_run("1", Scope::All);
    let fence = lease(store, &run).await;
    let shop = &run.shop;
    let update = MapUpdate { products: 1, ..MapUpdate::default() };
    assert_eq!(store.load_map(shop).await.unwrap(), None);
    assert!(store.update_map(&fence, &update).await.is_err(), "there is none to be changed");
    let mut before: Vec<Listing> = (0..12_345)
        .map(|n| listing(&format!("p{:05}", n / 2), &format!("v{}", n % 2), (n % 3 > 0).then_some("s 'я'")))
        .collect();
    // The same variant at two locations is two listings.
    let other = Listing { key: before[0].key.clone().at(LocationId::new("l")), ..before[0].clone() };
    before.insert(1, other);
    store.replace_map(&fence, &map(&before, 5, 6_173)).await.unwrap();
    assert_eq!(store.load_map(shop).await.unwrap(), Some(map(&before, 5, 6_173)));
    assert_eq!(store.load_map(&ShopName::new("other")).await.unwrap(), None);

    let id = ProductId::new("p00002");
    let changed = ChangedProduct { id: id.clone(), listings: vec![listing("p00002", "new", Some("x"))] };
    let made = ChangedProduct { id: ProductId::new("p9"), listings: vec![listing("p9", "v", None)] };
    let gone = ProductId::new("p00003");
    let mut after: Vec<Listing> =
        before.iter().filter(|one| one.key.product != id && one.key.product != gone).cloned().collect();
    after.splice(5..5, changed.listings.clone());
    after.extend(made.listings.clone());
    let update = MapUpdate {
        changed: vec![made, changed],
        removed: vec![gone],
        fresh_from: 9,
        products: 6_173,
        ..MapUpdate::default()
    };
    store.update_map(&fence, &update).await.unwrap();
    assert_eq!(store.load_map(shop).await.unwrap(), Some(map(&after, 9, 6_173)));

    levels_are_remembered(store, &fence, after).await;

    let twice = [listing("p", "v", Some("old")), listing("p", "v", Some("new"))];
    store.replace_map(&fence, &map(&twice, 10, 1)).await.unwrap();
    assert_eq!(store.load_map(shop).await.unwrap(), Some(map(&twice[1..], 10, 1)), "the later one counts");
    store.release(&fence).await.unwrap();
    assert_eq!(store.replace_map(&fence, &map(&[], 11, 0)).await, Err(StateError::Fenced));
    assert_eq!(store.update_map(&fence, &update).await, Err(StateError::Fenced));
    assert_eq!(store.forget_map(&fence).await, Err(StateError::Fenced));
    let fence = lease(store, &run).await;
    store.forget_map(&fence).await.unwrap();
    assert_eq!(store.load_map(shop).await.unwrap(), None);
}

fn map(listings: &[Listing], fresh_from: UnixMillis, products: u64) -> ListingMap {
    ListingMap {
        site: "site".into(),
        catalog: "catalog".into(),
        crawled_at: 7,
        fresh_from,
        products,
        listings: listings.iter().map(Into::into).collect(),
    }
}

/// What a shop with revisions showed of its listings is kept; `after` is what the map holds before.
async fn levels_are_remembered(store: &dyn Store, fence: &Fence, mut after: Vec<Listing>) {
    let shown = |sku, revision, level, tracked| Listing {
        revision: Some(Revision::new(revision)),
        level: Level::new(level),
        tracked,
        ..listing("p9", "v", Some(sku))
    };
    let other = Listing {
        key: ListingKey::new(ProductId::new("p9"), VariantId::new("w")),
        ..shown("y", 1, 4, false)
    };
    for now in [shown("x", 7, -2, true), Listing { level: None, ..shown("z", i64::MAX, 0, false) }] {
        after.retain(|one| one.key.product.as_str() != "p9");
        after.extend([now.clone(), other.clone()]);
        let update = MapUpdate {
            listings: vec![MappedListing::from(&now), MappedListing::from(&other)],
            fresh_from: 9,
            products: 6_173,
            ..MapUpdate::default()
        };
        store.update_map(fence, &update).await.unwrap();
        assert_eq!(
            store.load_map(&fence.shop).await.unwrap(),
            Some(map(&after, 9, 6_173)),
            "levels are remembered"
        );
    }
}
