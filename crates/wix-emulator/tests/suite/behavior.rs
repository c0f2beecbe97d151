//! The switches for what the documentation leaves open.

use std::time::Duration;

use serde_json::{Value, json};
use wix_emulator::{
    AboveCeiling, Atomicity, Behavior, BelowZero, DefaultOrder, Duplicates, StaleReads, StockChangeTouches,
    Untracked,
};

use crate::harness::{DOWN, ITEMS, PRODUCTS, Site, UP, code, column, sample};

async fn site(behavior: Behavior) -> Site {
    Site::with(sample(), |config| config.behavior = behavior).await
}

#[tokio::test]
async fn below_zero() {
    let refusing = site(Behavior::default()).await;
    let (status, answer) = refusing.change(DOWN, &[("A", 6)]).await;
    assert_eq!((status, code(&answer)), (400, "INSUFFICIENT_INVENTORY"));
    assert_eq!(refusing.shop.level("A"), Some(5));
    let clamping = site(Behavior { below_zero: BelowZero::ClampedToZero, ..Behavior::default() }).await;
    assert_eq!(clamping.change(DOWN, &[("A", 6)]).await.0, 200);
    assert_eq!(clamping.shop.level("A"), Some(0));
}

#[tokio::test]
async fn above_the_ceiling() {
    let refusing = site(Behavior::default()).await;
    let (status, answer) = refusing.change(UP, &[("A", 99_995)]).await;
    assert_eq!((status, code(&answer)), (400, "QUANTITY_TOO_HIGH"));
    assert_eq!(refusing.shop.level("A"), Some(5));
    let above_ceiling = AboveCeiling::ClampedToCeiling;
    let clamping = site(Behavior { above_ceiling, ..Behavior::default() }).await;
    assert_eq!(clamping.change(UP, &[("A", 99_995)]).await.0, 200);
    assert_eq!(clamping.shop.level("A"), Some(99_999));
}

#[tokio::test]
async fn untracked() {
    let refusing = site(Behavior::default()).await;
    assert_eq!(refusing.change(UP, &[("U", 1)]).await.0, 400);
    let ignoring = site(Behavior { untracked: Untracked::SilentlyIgnored, ..Behavior::default() }).await;
    assert_eq!(ignoring.change(UP, &[("U", 1), ("A", 1)]).await, (200, json!({})));
    assert_eq!(ignoring.shop.ledger().len(), 1);
}

#[tokio::test]
async fn atomicity() {
    for (atomicity, status, levels) in [
        (Atomicity::AllOrNothing, 400, (5, 7, 9)),
        (Atomicity::UpToFirstBadEntry, 400, (4, 7, 9)),
        (Atomicity::SkipBadEntries, 200, (4, 7, 8)),
    ] {
        let site = site(Behavior { atomicity, ..Behavior::default() }).await;
        assert_eq!(site.change(DOWN, &[("A", 1), ("B", 8), ("C", 1)]).await.0, status);
        let level = |sku| site.shop.level(sku).unwrap();
        assert_eq!((level("A"), level("B"), level("C")), levels, "{atomicity:?}");
        assert_eq!(
            site.change(DOWN, &[("A", 0), ("C", 1)]).await.0,
            400,
            "a malformed call is refused whole"
        );
        assert_eq!(level("C"), levels.2);
    }
}

#[tokio::test]
async fn duplicates() {
    let refusing = site(Behavior::default()).await;
    assert_eq!(refusing.change(DOWN, &[("A", 1), ("A", 1)]).await.0, 400);
    assert_eq!(refusing.shop.level("A"), Some(5));
    let applying = site(Behavior { duplicates: Duplicates::Applied, ..Behavior::default() }).await;
    assert_eq!(applying.change(DOWN, &[("A", 2), ("A", 2)]).await.0, 200);
    assert_eq!(applying.shop.level("A"), Some(1));
    assert_eq!(applying.change(DOWN, &[("B", 4), ("B", 4)]).await.0, 400, "the sum counts");
    assert_eq!(applying.shop.level("B"), Some(7));
}

async fn shown(site: &Site) -> (Value, Value, Value) {
    let id = site.product_id("A");
    let filter = json!({"query": {"filter": json!({"productId": id}).to_string()}});
    let item = site.ok(ITEMS, &filter).await["inventoryItems"][0].clone();
    let path = format!("/stores-reader/v2/inventoryItems/product/{id}/getVariants");
    let direct = site.ok(&path, &json!({})).await["inventoryItem"].clone();
    let quantity = |item: &Value| item["variants"][0]["quantity"].clone();
    (quantity(&item), quantity(&direct), item["lastUpdated"].clone())
}

#[tokio::test]
async fn stale_reads() {
    let lag = Duration::from_millis(1_500);
    for stale_reads in [StaleReads::QueriesOnly, StaleReads::AlsoById] {
        let site = site(Behavior { read_staleness: lag, stale_reads, ..Behavior::default() }).await;
        let (_, _, first) = shown(&site).await;
        site.change(UP, &[("A", 1)]).await;
        site.change(UP, &[("A", 1)]).await;
        assert_eq!(site.shop.level("A"), Some(7));
        let direct = if stale_reads == StaleReads::AlsoById { 5 } else { 7 };
        assert_eq!(shown(&site).await, (json!(5), json!(direct), first.clone()));
        let products = site.ok(PRODUCTS, &json!({"query": {"filter": r#"{"sku":"A"}"#}})).await;
        assert_eq!(products["products"][0]["stock"]["quantity"], 5);
        tokio::time::sleep(lag).await;
        let (query, direct, last) = shown(&site).await;
        assert_eq!((query, direct), (json!(7), json!(7)));
        assert_ne!(last, first);
    }
}

#[tokio::test]
async fn whose_time_a_stock_change_moves() {
    let changed = json!({"query": {"filter": r#"{"lastUpdated":{"$gt":"2026-02-01T00:00:00Z"}}"#}});
    for (touches, count) in [(StockChangeTouches::ItemOnly, 0), (StockChangeTouches::ItemAndProduct, 1)] {
        let site = site(Behavior { stock_change_touches: touches, ..Behavior::default() }).await;
        site.change(UP, &[("A", 1)]).await;
        assert_eq!(site.ok(PRODUCTS, &changed).await["totalResults"], count);
        assert_eq!(site.ok(ITEMS, &changed).await["totalResults"], 1);
    }
}

#[tokio::test]
async fn default_order_offset_limit() {
    let behavior =
        Behavior { default_order: DefaultOrder::OldestFirst, max_offset: 3, ..Behavior::default() };
    let site = site(behavior).await;
    let answer = site.ok(PRODUCTS, &json!({"query": {"paging": {"limit": 1}}})).await;
    assert_eq!(column(&answer, "products", "sku"), ["A"]);
    site.refused(PRODUCTS, &json!({"query": {"paging": {"offset": 4}}})).await;
}

#[test]
fn switches_come_from_json_too() {
    let text = r#"{"atomicity":"skipBadEntries","readStalenessMs":250,"retryAfter":true}"#;
    let behavior: Behavior = serde_json::from_str(text).unwrap();
    let expected = Behavior {
        atomicity: Atomicity::SkipBadEntries,
        read_staleness: Duration::from_millis(250),
        retry_after: true,
        ..Behavior::default()
    };
    assert_eq!(behavior, expected);
    assert!(serde_json::from_str::<Behavior>(r#"{"atomic":true}"#).is_err());
}
