//! What a read shows.

use std::collections::BTreeMap;

use domain::{Level, Listing, ProductId, Sku};
use sync::observer::Silent;
use sync::ports::{Changes, ShopErrorClass};

use super::Fixture;

pub(super) fn sku(text: &str) -> Sku {
    Sku::parse(text).unwrap()
}

/// The listings of a whole read, by SKU.
pub(super) async fn listings(shop: &impl Fixture) -> BTreeMap<String, Listing> {
    let catalog = shop.shop().read_all(&Silent).await.unwrap();
    let by_sku = |listing: Listing| (listing.sku.clone().unwrap().to_string(), listing);
    catalog.listings.into_iter().map(by_sku).collect()
}

/// The terms are valid: no page and no batch has a size of zero.
pub async fn it_tells_what_its_catalog_takes<F: Fixture>() {
    let shop = F::with(&[]).await;
    let terms = shop.shop().connect().await.unwrap();
    let changes = terms.reading.changes.unwrap_or(terms.reading.crawl);
    for way in [terms.reading.crawl, terms.reading.known_ids, changes, terms.reading.sku_list] {
        assert!(way.page > 0 && way.per_page > 0 && way.at_once > 0, "{way:?}");
    }
    assert!(terms.batches.most > 0);
    let before = shop.shop().requests();
    assert_eq!(shop.shop().connect().await.unwrap(), terms);
    assert_eq!(shop.shop().requests(), before, "it is asked once");
}

/// A whole read gives all listings with their levels, and the number of products.
pub async fn a_whole_read_shows_every_listing_once<F: Fixture>() {
    let shop = F::with(&[("A", 5), ("B", 0), ("C", 12)]).await;
    let catalog = shop.shop().read_all(&Silent).await.unwrap();
    assert_eq!((catalog.products, catalog.listings.len()), (3, 3));
    let levels = listings(&shop).await.into_iter().map(|(sku, one)| (sku, one.level.map(Level::units)));
    let due = [("A", 5), ("B", 0), ("C", 12)].map(|(sku, units)| (sku.to_owned(), Some(units)));
    assert_eq!(levels.collect::<Vec<_>>(), due);
    assert!(listings(&shop).await.values().all(|listing| listing.tracked));
    assert!(shop.shop().requests() > 0);
}

/// I5: a read that is incomplete twice in a row is an error and never looks like a smaller shop.
pub async fn i5_a_read_that_is_cut_short_is_an_error<F: Fixture>() {
    let shop = F::with(&[("A", 5), ("B", 1)]).await;
    shop.cut_reads(2);
    let error = shop.shop().read_all(&Silent).await.unwrap_err();
    assert_eq!(error.class, ShopErrorClass::Incomplete);
}

/// A search by SKU finds exactly the listings with the SKU, or says that the shop does not offer it.
pub async fn skus_are_found_or_the_shop_says_that_it_cannot<F: Fixture>() {
    let shop = F::with(&[("A", 5), ("a", 6), ("AB", 7)]).await;
    if let Some(found) = shop.shop().find(&[sku("A"), sku("missing")], 100).await.unwrap() {
        let found: Vec<_> = found.iter().map(|one| (one.sku.clone().unwrap(), one.level)).collect();
        assert_eq!(found, [(sku("A"), Level::new(5))]);
    }
}

/// Levels are those of exactly the requested products, with the keys and items of the whole read.
pub async fn levels_are_those_of_the_products_asked_for<F: Fixture>() {
    let shop = F::with(&[("A", 5), ("B", 6)]).await;
    let listings = listings(&shop).await;
    let a = &listings["A"];
    let asked = [a.key.product.clone(), ProductId::new("00000000-0000-4000-8000-00000000dead")];
    let levels = shop.shop().levels(&asked).await.unwrap();
    assert_eq!(levels.len(), 1, "the product that is not there is absent");
    assert_eq!((&levels[0].key, &levels[0].inventory_item), (&a.key, &a.inventory_item));
    assert_eq!((levels[0].level, levels[0].revision, levels[0].tracked), (a.level, a.revision, true));
    assert!(shop.shop().levels(&[]).await.unwrap().is_empty());
}

/// A product that was added since the read is reported as changed, if the shop reports changes.
pub async fn what_was_added_is_told_as_changed<F: Fixture>() {
    let shop = F::with(&[("A", 5)]).await;
    let Some(as_of) = shop.shop().read_all(&Silent).await.unwrap().as_of else { return };
    shop.add(&sku("NEW"), 3);
    match shop.shop().changed_since(as_of, 100).await.unwrap() {
        Changes::All { products, total, as_of: later } => {
            assert_eq!(total, 2);
            assert!(later >= as_of);
            let skus = products.iter().flat_map(|one| &one.listings).filter_map(|one| one.sku.clone());
            assert!(skus.into_iter().any(|one| one == sku("NEW")), "{products:?}");
        }
        Changes::Items { items, total, as_of: later, .. } => {
            assert_eq!(total, 2);
            assert!(later >= as_of);
            assert!(items.iter().any(|one| one.sku == Some(sku("NEW"))), "{items:?}");
        }
        Changes::Many => panic!("one product is not many"),
        Changes::NotOffered => {}
    }
}
