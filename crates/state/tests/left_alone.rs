//! What is left alone takes little room, however many runs leave it alone, and is kept when an older file is opened.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::Arc;

use conformance::store::fixtures::{change_reason, hourly_run, summary_listing};
use domain::plan::Facts;
use domain::plan::skip::Skip;
use domain::{RunId, ShopName, SkipReason, Sku};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use state::StateUrl;
use sync::ports::Store;

async fn open(file: &Path) -> Arc<dyn Store> {
    state::open(&StateUrl::in_file(file.to_owned())).await.unwrap()
}

fn skip(sku: &str, reason: SkipReason) -> Skip {
    Skip { sku: sku.into(), reason }
}

/// Bytes of a database and its write-ahead log.
fn size(file: &Path) -> u64 {
    let wal = file.with_extension("db-wal");
    [file, &wal].into_iter().filter_map(|file| std::fs::metadata(file).ok()).map(|data| data.len()).sum()
}

/// A run of the whole shop each hour that leaves these SKUs alone.
async fn runs(store: &dyn Store, numbers: std::ops::Range<i64>, skips: &mut [Skip]) {
    for number in numbers {
        // One SKU of them changes its reason in each run.
        let count = i64::try_from(skips.len()).unwrap();
        change_reason(skips.get_mut(usize::try_from(number * 7_919 % count).unwrap()).unwrap());
        hourly_run(store, number, skips).await;
    }
}

/// 50,000 SKUs that 8,760 hourly runs leave alone fit into 300 MB: measured are the first run, which keeps them all, and
/// what each further run adds while one of them changes its reason every time.
#[tokio::test]
async fn a_year_of_runs_that_leave_50_000_skus_alone_fits_into_300_mb() {
    const SKUS: u64 = 50_000;
    const MEASURED: i64 = 20;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let mut skips: Vec<Skip> =
        (0..SKUS).map(|n| skip(&format!("ARTICLE-{n:06}"), SkipReason::NotInWix)).collect();
    let after = async |numbers, skips: &mut [Skip]| {
        let store = open(&file).await;
        runs(&*store, numbers, skips).await;
        store.close().await;
        size(&file)
    };
    let first = after(0..1, &mut skips).await;
    let all = after(1..1 + MEASURED, &mut skips).await;
    let each = all.saturating_sub(first) / MEASURED.unsigned_abs();
    let year = first + each * 8_759;
    assert!(year < 300_000_000, "first run {first} bytes, each further one {each}: {year} in a year");

    let store = open(&file).await;
    assert_eq!(store.skips(&RunId::new("00000020")).await.unwrap().len(), skips.len());
    let record = store.get(&RunId::new("00000020")).await.unwrap().unwrap();
    assert_eq!(record.summary.unwrap().skipped.len(), 1_000, "the list of the summary is read back");
    let sku = Sku::parse("ARTICLE-007919").unwrap();
    let told = store.sku_records(&ShopName::new("default"), &sku, 3).await.unwrap();
    assert!(told.iter().all(|one| one.skip == Some(SkipReason::DuplicateSku)), "changed by the second run");
}

/// One SKU is found by an index, so that explaining it takes the same time however many there are.
#[tokio::test]
async fn what_is_told_of_a_sku_is_found_by_its_index() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    open(&file).await.close().await;
    let mut db = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    let sql = "EXPLAIN QUERY PLAN SELECT left_alone.reason FROM run
               JOIN left_alone ON left_alone.shop = run.shop AND left_alone.sku = 'a'
                    AND from_no <= plan_no AND (to_no IS NULL OR to_no >= plan_no)
               WHERE run.id = '1'";
    let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(sql).fetch_all(&mut db).await.unwrap();
    let steps: Vec<String> = steps.into_iter().map(|step| step.3).collect();
    assert!(steps.iter().all(|step| step.starts_with("SEARCH")), "{steps:#?}");
    assert!(
        steps.iter().any(|step| step.contains("left_alone") && step.contains("shop=? AND sku=?")),
        "{steps:#?}"
    );
    // The last runs come in their order from an index: to sort them, all of them would be read with their lists.
    let sql = "EXPLAIN QUERY PLAN SELECT * FROM run_record
               WHERE shop = 'default' AND facts IS NOT NULL AND (filtered = 0 OR instr(scope, 'a') > 0)
               ORDER BY number DESC";
    let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(sql).fetch_all(&mut db).await.unwrap();
    assert!(steps.iter().all(|step| step.3.starts_with("SEARCH")), "{steps:#?}");
    db.close().await.unwrap();
}

/// A file of before is opened: what each of its runs left alone is still known, with the lists of their summaries, and
/// takes the room of its changes.
#[tokio::test]
async fn what_was_left_alone_before_is_kept() {
    use SkipReason::{NotInWix, Untracked};
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut db = options.pragma("application_id", "1465405273").connect().await.unwrap();
    sqlx::migrate!("migrations/sqlite").run_to(12, &mut db).await.unwrap();
    let (a, b, c) = (skip("a", NotInWix), skip("b", Untracked), skip("c", NotInWix));
    let plans: [(&str, &str, bool, Vec<Skip>); 6] = [
        ("1", "default", false, vec![a.clone(), b.clone()]),
        ("2", "default", false, vec![a.clone(), b.clone()]),
        ("3", "default", true, vec![c.clone()]),
        ("4", "other", false, vec![c.clone()]),
        ("5", "default", false, vec![b.clone()]),
        ("6", "default", false, vec![a.clone(), b.clone()]),
    ];
    for (at, (id, shop, filtered, skips)) in (1i64..).zip(&plans) {
        insert_run(&mut db, id, shop, *filtered, at, skips).await;
        insert_skips(&mut db, id, skips).await;
    }
    db.close().await.unwrap();

    let store = open(&file).await;
    for (at, (id, _, _, skips)) in (1i64..).zip(&plans) {
        let id = RunId::new(id);
        assert_eq!(store.skips(&id).await.unwrap(), *skips, "run {id}");
        let kept = store.get(&id).await.unwrap().unwrap().summary.unwrap();
        assert_eq!(kept, summary_listing(id.as_str(), skips, at), "run {id}");
    }
    runs(&*store, 7..8, &mut [b.clone()]).await;
    let expected = [skip("b", NotInWix)];
    assert_eq!(store.skips(&RunId::new("00000007")).await.unwrap(), expected);
    assert_eq!(
        store.skips(&RunId::new("6")).await.unwrap(),
        plans[5].3,
        "a run after it changes nothing of it"
    );
    let figures = store.figures(&ShopName::new("default"), 10).await.unwrap();
    assert_eq!(figures.last_good_at, Some(7 * 3_600_000));
    while store.prune(5, 100).await.unwrap() > 0 {}
    assert_eq!(store.skips(&RunId::new("5")).await.unwrap(), [b]);
    store.close().await;
    let mut db = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    stretches_are_those_of_kept_runs(&mut db).await;
    each_run_uses_its_list_once(&mut db).await;
    db.close().await.unwrap();
}

/// A run as it was kept before migration 13.
async fn insert_run(
    db: &mut SqliteConnection,
    id: &str,
    shop: &str,
    filtered: bool,
    at: i64,
    skips: &[Skip],
) {
    let scope = if filtered { r#"{"skus":["c"]}"# } else { r#""all""# };
    sqlx::query(
        "INSERT INTO run (id, shop, kind, dry_run, scope, filtered, policy, status, attempt, created_at, finished_at,
                          outcome, warehouse_skus, facts, summary, ended_no)
         VALUES (?1, ?2, 'sync', 0, ?3, ?4, ?5, 'SUCCESS', 1, ?6, ?6, 'converged', 9, ?7, ?8, ?6)",
    )
    .bind(id)
    .bind(shop)
    .bind(scope)
    .bind(filtered)
    .bind(serde_json::to_string(&domain::Policy::default()).unwrap())
    .bind(at)
    .bind(serde_json::to_string(&Facts::default()).unwrap())
    .bind(serde_json::to_string(&summary_listing(id, skips, at)).unwrap())
    .execute(db)
    .await
    .unwrap();
}

/// What a run left alone as it was kept before migration 13, with an attempt before it, which does not count.
async fn insert_skips(db: &mut SqliteConnection, id: &str, skips: &[Skip]) {
    for (seq, skip) in (0i64..).zip(skips) {
        for (attempt, sku) in [(0, "earlier"), (1, &*skip.sku)] {
            sqlx::query("INSERT INTO skip (run_id, attempt, seq, sku, reason) VALUES (?, ?, ?, ?, ?)")
                .bind(id)
                .bind(attempt)
                .bind(seq)
                .bind(sku)
                .bind(skip.reason.code())
                .execute(&mut *db)
                .await
                .unwrap();
        }
    }
}

async fn stretches_are_those_of_kept_runs(db: &mut SqliteConnection) {
    let stretches: Vec<(String, String, i64, Option<i64>)> = sqlx::query_as(
        "SELECT sku, reason, from_no, to_no FROM left_alone WHERE shop = 'default' ORDER BY sku, from_no",
    )
    .fetch_all(db)
    .await
    .unwrap();
    let told: Vec<_> =
        stretches.iter().map(|(sku, reason, from, to)| (&**sku, &**reason, *from, *to)).collect();
    assert_eq!(
        told,
        [("a", "not_in_wix", 4, Some(4)), ("b", "untracked", 1, Some(4)), ("b", "not_in_wix", 5, None)],
        "a stretch whose runs are gone goes with them"
    );
}

async fn each_run_uses_its_list_once(db: &mut SqliteConnection) {
    let lists: Vec<(i64, String)> =
        sqlx::query_as("SELECT uses, text FROM summary_list ORDER BY id").fetch_all(&mut *db).await.unwrap();
    assert!(lists.iter().all(|(uses, _)| *uses > 0), "{lists:?}");
    let used: i64 = sqlx::query_scalar("SELECT count(*) FROM run WHERE skipped_list IS NOT NULL")
        .fetch_one(db)
        .await
        .unwrap();
    assert_eq!(lists.iter().map(|(uses, _)| uses).sum::<i64>(), used, "each run uses its list once");
}
