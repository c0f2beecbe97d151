//! Listings that take no write.

use reqwest::Method;
use serde_json::json;
use wix_emulator::{Atomicity, Chaos, ChaosKind, Endpoint, Fault, FaultKind, Listing};

use crate::harness::{DOWN, Site, UP, code, sample};

#[tokio::test]
async fn a_poisoned_listing_refuses_every_write() {
    let site = Site::sample().await;
    site.shop.add_fault(Fault::new(FaultKind::Poison { listing: Listing::sku("B") }));
    for path in [UP, DOWN, UP] {
        let (status, answer) = site.change(path, &[("A", 1), ("B", 1)]).await;
        assert_eq!((status, code(&answer)), (400, "ENTRY_REFUSED"));
        assert_eq!(site.change(path, &[("A", 1), ("C", 1)]).await.0, 200);
    }
    assert_eq!((site.shop.level("A"), site.shop.level("B")), (Some(6), Some(7)));
    let path = format!("/stores/v2/inventoryItems/product/{}", site.product_id("B"));
    let set = json!({"inventoryItem": {"trackQuantity": true, "variants": [
        {"variantId": site.shop.find("B")[0].1, "quantity": 3}]}});
    assert_eq!(site.send(Method::PATCH, &path, &set).await.0, 400);
    assert_eq!(site.shop.faults_fired(), 4);
    site.shop.clear_faults();
    assert_eq!(site.send(Method::PATCH, &path, &set).await.0, 200);
    assert_eq!(site.shop.level("B"), Some(3));
}

#[tokio::test]
async fn one_variant_through_one_endpoint() {
    let site = Site::sample().await;
    let (product, large) = site.shop.find("V-L")[0];
    let poison = FaultKind::Poison { listing: Listing::ids(product, large) };
    site.shop.add_fault(Fault::new(poison).on(Endpoint::DecrementInventory));
    assert_eq!(site.change(DOWN, &[("V-L", 1)]).await.0, 400);
    assert_eq!(site.change(DOWN, &[("V-S", 1)]).await.0, 200);
    assert_eq!(site.change(UP, &[("V-L", 1)]).await.0, 200);
}

#[tokio::test]
async fn a_poisoned_entry_is_a_bad_entry() {
    for (atomicity, status, levels) in [
        (Atomicity::AllOrNothing, 400, (5, 7, 9)),
        (Atomicity::UpToFirstBadEntry, 400, (6, 7, 9)),
        (Atomicity::SkipBadEntries, 200, (6, 7, 10)),
    ] {
        let site = Site::with(sample(), |config| config.behavior.atomicity = atomicity).await;
        site.shop.add_fault(Fault::new(FaultKind::Poison { listing: Listing::sku("B") }));
        assert_eq!(site.change(UP, &[("A", 1), ("B", 1), ("C", 1)]).await.0, status);
        let level = |sku| site.shop.level(sku).unwrap();
        assert_eq!((level("A"), level("B"), level("C")), levels, "{atomicity:?}");
    }
}

#[tokio::test]
async fn chance_poisons_the_same_listings_every_time() {
    let chaos = |rate| Chaos { seed: 3, rates: [(ChaosKind::Poison, rate)].into(), ..Chaos::default() };
    let rows: Vec<_> = (0..40).map(|n| json!({"sku": format!("S-{n}"), "quantity": 1})).collect();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let data = json!({"products": rows});
        let site = Site::with(data, |config| config.chaos = Some(chaos(250))).await;
        let mut refused = Vec::new();
        for n in 0..40 {
            let sku = format!("S-{n}");
            let first = site.increment_status(&sku).await;
            assert_eq!(site.increment_status(&sku).await, first, "what is poisoned stays poisoned");
            refused.push(first == Some(400));
        }
        seen.push(refused);
    }
    assert_eq!(seen[0], seen[1]);
    let poisoned = seen[0].iter().filter(|refused| **refused).count();
    assert!((3..=20).contains(&poisoned), "{poisoned} of 40");
}
