//! Faults by chance: the same seed and the same requests give the same faults.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use tokio::time::timeout;
use wix_emulator::{Cause, Chaos, ChaosKind, Endpoint};

use crate::harness::{PRODUCTS, Site, sample};

async fn site(chaos: Chaos) -> Site {
    Site::with(sample(), |config| config.chaos = Some(chaos)).await
}

fn chaos<const N: usize>(seed: u64, rates: [(ChaosKind, u16); N]) -> Chaos {
    Chaos { seed, rates: rates.into(), ..Chaos::default() }
}

fn busy(seed: u64) -> Chaos {
    chaos(
        seed,
        [
            (ChaosKind::LostRequest, 150),
            (ChaosKind::LostReply, 150),
            (ChaosKind::ServerError, 150),
            (ChaosKind::ServerErrorApplied, 150),
            (ChaosKind::Throttled, 100),
            (ChaosKind::Sale, 200),
            (ChaosKind::Edit, 100),
        ],
    )
}

/// The statuses of forty increments, with this many queries after each.
async fn statuses(site: &Site, queries: usize) -> Vec<Option<u16>> {
    let mut found = Vec::new();
    for _ in 0..40 {
        found.push(site.increment_status("A").await);
        for _ in 0..queries {
            let _ = site.request(reqwest::Method::POST, PRODUCTS).json(&json!({})).send().await;
        }
    }
    found
}

#[tokio::test]
async fn the_same_seed_gives_the_same_faults() {
    let (one, same, other) = (site(busy(1)).await, site(busy(1)).await, site(busy(2)).await);
    let found = statuses(&one, 0).await;
    assert_eq!(statuses(&same, 0).await, found);
    assert_ne!(statuses(&other, 0).await, found);
    let ledger_of = |site: &Site| {
        let entry = |entry: &wix_emulator::LedgerEntry| {
            (entry.request, entry.product, entry.variant, entry.before, entry.after, entry.cause)
        };
        site.shop.ledger().iter().map(entry).collect::<Vec<_>>()
    };
    assert_eq!(ledger_of(&one), ledger_of(&same));
    for status in [None, Some(200), Some(429)] {
        assert!(found.contains(&status), "{status:?} in {found:?}");
    }
    let causes = [Cause::Write, Cause::Sale, Cause::Edit];
    assert!(causes.iter().all(|cause| ledger_of(&one).iter().any(|entry| entry.5 == *cause)));
}

#[tokio::test]
async fn a_fault_does_not_depend_on_requests_to_other_endpoints() {
    let rates = [(ChaosKind::LostRequest, 300), (ChaosKind::ServerError, 300), (ChaosKind::Throttled, 100)];
    let (alone, among) = (site(chaos(5, rates)).await, site(chaos(5, rates)).await);
    assert_eq!(statuses(&alone, 0).await, statuses(&among, 2).await);
    assert_eq!(among.shop.request_count(Endpoint::QueryProducts), 80);
}

#[tokio::test]
async fn a_rate_of_a_thousand_hits_always_and_only_what_it_is_for() {
    let writes = [
        (ChaosKind::LostRequest, None, 5),
        (ChaosKind::LostReply, None, 6),
        (ChaosKind::ServerErrorApplied, Some(500..=504), 6),
        (ChaosKind::ServerError, Some(500..=504), 5),
        (ChaosKind::PartThenThrottled, Some(429..=429), 5),
        (ChaosKind::PartThenRefused, Some(400..=400), 5),
        (ChaosKind::PartThenServerError, Some(500..=504), 5),
    ];
    for (kind, statuses, level) in writes {
        let site = site(chaos(1, [(kind, 1_000)])).await;
        let status = site.increment_status("A").await;
        match statuses {
            None => assert_eq!(status, None, "{kind:?}"),
            Some(statuses) => {
                assert!(status.is_some_and(|status| statuses.contains(&status)), "{kind:?}: {status:?}");
            }
        }
        assert_eq!(site.shop.level("A"), Some(level), "{kind:?}");
        assert_eq!(site.post(PRODUCTS, &json!({})).await.0, 200, "{kind:?} is for writes");
    }
    let site = site(chaos(1, [(ChaosKind::ReadFails, 1_000)])).await;
    let read = site.request(reqwest::Method::POST, PRODUCTS).json(&json!({})).send().await.unwrap();
    assert!(read.status().is_server_error());
    assert_eq!(site.increment_status("A").await, Some(200));
}

#[tokio::test]
async fn late_effects_come_within_the_delay() {
    for (kind, answered) in [(ChaosKind::LateApply, false), (ChaosKind::ServerErrorLate, true)] {
        let site = site(Chaos { delay_ms: [1, 50], ..chaos(1, [(kind, 1_000)]) }).await;
        assert_eq!(site.increment_status("A").await.is_some(), answered);
        let landed = async {
            while site.shop.level("A") != Some(6) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_secs(30), landed).await.unwrap();
    }
}

#[tokio::test]
async fn actions_come_beside_the_faults_of_requests() {
    let kinds = [
        ChaosKind::SaleStorm,
        ChaosKind::ProductCreated,
        ChaosKind::SkuSwapped,
        ChaosKind::TrackingSwitched,
        ChaosKind::ProductDeleted,
    ];
    let mut seen = BTreeMap::new();
    for kind in kinds {
        let site = site(chaos(4, [(kind, 1_000)])).await;
        for _ in 0..3 {
            site.ok(PRODUCTS, &json!({})).await;
        }
        let levels = site.shop.levels_by_sku();
        seen.insert(kind, (levels.values().map(Vec::len).sum::<usize>(), site.shop.ledger().len()));
        assert_eq!(site.shop.failed_actions(), Vec::<String>::new(), "{kind:?}");
    }
    assert_eq!(seen[&ChaosKind::ProductCreated].0, 10);
    assert!(seen[&ChaosKind::ProductDeleted].0 < 7);
    assert_eq!((seen[&ChaosKind::SkuSwapped].0, seen[&ChaosKind::SkuSwapped].1), (7, 0));
    assert!(seen[&ChaosKind::SaleStorm].1 > 3, "{seen:?}");
    assert!(seen[&ChaosKind::TrackingSwitched].1 > 0);
}

#[tokio::test]
async fn chaos_ends() {
    let site = site(Chaos { requests: Some(3), ..chaos(1, [(ChaosKind::Throttled, 1_000)]) }).await;
    let mut found = Vec::new();
    for _ in 0..5 {
        found.push(site.increment_status("A").await);
    }
    assert_eq!(found, [Some(429), Some(429), Some(429), Some(200), Some(200)]);
    assert_eq!(site.shop.faults_fired(), 3);
}
