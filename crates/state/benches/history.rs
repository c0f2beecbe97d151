//! A year of hourly runs that leave many SKUs alone: the room that it takes, and how fast one SKU is explained.
//!
//! `cargo bench --package state --bench history` runs it alone, `cargo xtask bench --history` writes its table.

#![expect(clippy::disallowed_methods, reason = "it measures time")]
#![expect(clippy::print_stdout, reason = "the figures are the bench's result")]
#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::path::Path;
use std::time::{Duration, Instant};

use conformance::store::fixtures::{change_reason, hourly_run};
use domain::plan::skip::Skip;
use domain::{ShopName, SkipReason, Sku};
use state::StateUrl;
use sync::ports::Store;

/// Hourly runs of a year.
const RUNS: i64 = 8_760;
/// SKUs that each of them leaves alone.
const SKUS: usize = 50_000;
/// How many of them change their reason from one run to the next.
const CHANGING: usize = 5;
/// How many earlier runs `wixsync explain` shows, and how many changes before them.
const SHOWN: (u32, u32) = (10, 3);

/// The number behind `name` in the arguments.
fn asked<N: std::str::FromStr>(name: &str, otherwise: N) -> N {
    let after = std::env::args().skip_while(|word| word != name).nth(1);
    after.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[tokio::main]
async fn main() {
    let (runs, skus) = (asked("--runs", RUNS), asked("--skus", SKUS));
    let folder = tempfile::tempdir_in(std::env::current_dir().unwrap()).unwrap();
    let file = folder.path().join("state.db");
    let store = state::open(&StateUrl::in_file(file.clone())).await.unwrap();
    let begun = Instant::now();
    record(&*store, runs, skus).await;
    let recorded = begun.elapsed();
    store.close().await;
    let bytes = size(&file);
    let store = state::open(&StateUrl::in_file(file)).await.unwrap();
    let explained = explain(&*store, skus).await;
    store.close().await;
    let per_run = recorded.as_millis() / u128::from(runs.unsigned_abs().max(1));
    println!("runs={runs} skus={skus} bytes={bytes} run_ms={per_run} explain_us={}", explained.as_micros());
}

fn article(number: usize) -> String {
    format!("ARTICLE-{number:06}")
}

/// A run of the whole shop each hour that leaves all SKUs alone.
async fn record(store: &dyn Store, runs: i64, skus: usize) {
    let skip = |number| Skip { sku: article(number).as_str().into(), reason: SkipReason::NotInWix };
    let mut skips: Vec<Skip> = (0..skus).map(skip).collect();
    for number in 0..runs {
        for nth in 0..CHANGING {
            let place = usize::try_from(number).unwrap() * 7_919 + nth * 1_009;
            if let Some(changed) = skips.get_mut(place % skus) {
                change_reason(changed);
            }
        }
        hourly_run(store, number, &skips).await;
    }
}

/// Bytes of a database and its write-ahead log.
fn size(file: &Path) -> u64 {
    let wal = file.with_extension("db-wal");
    [file, &wal].into_iter().filter_map(|file| std::fs::metadata(file).ok()).map(|data| data.len()).sum()
}

/// How often each SKU is explained; the median counts.
const TIMES: usize = 5;

/// The longest time that the history of one SKU took to be read: of one that changed, of one that never did, of the
/// last one, and of one that no run knew.
async fn explain(store: &dyn Store, skus: usize) -> Duration {
    let shop = ShopName::new("default");
    let mut longest = Duration::ZERO;
    for name in [article(0), article(1), article(skus.saturating_sub(1)), "UNKNOWN".to_owned()] {
        let sku = Sku::parse(&name).unwrap();
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let begun = Instant::now();
            store.sku_records(&shop, &sku, SHOWN.0).await.unwrap();
            store.sku_changes(&shop, &sku, SHOWN.1).await.unwrap();
            store.first_record(&shop, &sku).await.unwrap();
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        longest = longest.max(times.get(TIMES / 2).copied().unwrap_or_default());
    }
    longest
}
