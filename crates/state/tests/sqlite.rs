//! The state ports over real SQLite files.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::plan::{Change, Facts};
use domain::report::Counters;
use domain::run::RunSummary;
use domain::skip::Skip;
use domain::{
    Delta, InventoryItemId, Level, Line, LineState, ListingKey, Outcome, Policy, ProductId, RunId, RunKind,
    Scope, ShopName, SkipReason, Sku, SoldOut, Target, TaskStatus, VariantId,
};
use state::SqliteState;
use sync::ports::{Journal, LineRecord, LineUpdate, NewRun, RunFilter, Runs};

fn new_run(id: &str, scope: Scope) -> NewRun {
    NewRun {
        id: RunId::new(id),
        shop: ShopName::new("default"),
        kind: RunKind::Sync,
        dry_run: false,
        scope,
        policy: Policy { sold_out: SoldOut::Ignore },
        plan: Some(RunId::new("earlier")),
        created_at: 1_000,
    }
}

fn summary(id: &str, outcome: Outcome, warehouse_skus: u64, finished_at: i64) -> RunSummary {
    RunSummary {
        run_id: RunId::new(id),
        shop: ShopName::new("default"),
        kind: RunKind::Sync,
        dry_run: false,
        outcome,
        failure: None,
        trips: Vec::new(),
        facts: Facts { warehouse_skus, ..Facts::default() },
        counters: Counters::default(),
        skipped_total: 0,
        skipped_by_reason: [(SkipReason::Untracked, 3)].into(),
        skipped: Vec::new(),
        errors: Vec::new(),
        notes_total: 0,
        notes: Vec::new(),
        batches: 0,
        requests: 7,
        duration_ms: 5,
        finished_at,
        state: String::new(),
    }
}

fn line(seq: u32, sku: &str) -> LineRecord {
    let change = Change {
        sku: Sku::parse(sku).unwrap(),
        key: ListingKey { product: ProductId::new("p"), variant: VariantId::unmanaged() },
        inventory_item: InventoryItemId::new("i"),
        level: Level::new(-3).unwrap(),
        target: Target::new(7).unwrap(),
        delta: Delta::new(10).unwrap(),
    };
    LineRecord {
        line: Line { seq, change },
        state: LineState::Planned,
        batch: None,
        level_after: None,
        detail: None,
    }
}

#[tokio::test]
async fn a_run_survives_reopening_from_pending_to_its_summary() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/er/state.db");
    let scope = Scope::Skus([Sku::parse("it's").unwrap(), Sku::parse("я").unwrap()].into());
    let run = new_run("r", scope);
    let state = SqliteState::open(&file).await.unwrap();
    state.create(&run).await.unwrap();
    assert_eq!(state.get(&run.id).await.unwrap().unwrap().status, TaskStatus::Pending);
    state.start(&run.id, 2_000).await.unwrap();
    assert_eq!(state.get(&run.id).await.unwrap().unwrap().status, TaskStatus::Started);
    state.finish(&summary("r", Outcome::Partial, 9, 3_000)).await.unwrap();
    state.close().await;

    let again = SqliteState::open(&file).await.unwrap();
    let record = again.get(&run.id).await.unwrap().unwrap();
    assert_eq!(record.run, run);
    assert_eq!((record.status, record.attempt, record.started_at), (TaskStatus::Success, 1, Some(2_000)));
    assert_eq!(record.summary, Some(summary("r", Outcome::Partial, 9, 3_000)));
    assert!(again.create(&run).await.is_err(), "an id is given once");
    assert!(again.finish(&summary("other", Outcome::Partial, 9, 3_000)).await.is_err());
}

#[tokio::test]
async fn lines_keep_every_value_and_change_all_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let state = SqliteState::open(&folder.path().join("state.db")).await.unwrap();
    let run = new_run("r", Scope::All);
    state.create(&run).await.unwrap();
    // More rows than one INSERT takes.
    let lines: Vec<LineRecord> = (0..4_321).map(|seq| line(seq, &format!("sku '{seq}' 🙂"))).collect();
    let skips: Vec<Skip> = (0..2_500)
        .map(|n| Skip { sku: format!("skip {n}").into(), reason: SkipReason::DuplicateSku })
        .collect();
    state.save_plan(&run.id, &lines, &skips).await.unwrap();
    assert_eq!(state.lines(&run.id).await.unwrap(), lines);
    assert_eq!(state.skips(&run.id).await.unwrap(), skips);

    state.sent(&run.id, &[0, 1], 1, 10, 20).await.unwrap();
    let twice = state.sent(&run.id, &[2, 1], 2, 10, 20).await;
    assert!(twice.is_err(), "line 1 is on its way already");
    let after = state.lines(&run.id).await.unwrap();
    assert_eq!((after[1].state, after[1].batch), (LineState::Sent, Some(1)));
    assert_eq!(after[2].state, LineState::Planned, "a refused commit leaves nothing behind");

    let update = |seq| LineUpdate {
        seq,
        state: LineState::Verified,
        level_after: Level::new(7),
        detail: Some("x".to_owned()),
    };
    assert!(state.update(&run.id, &[update(0), update(99_999)]).await.is_err());
    assert_eq!(state.lines(&run.id).await.unwrap()[0].state, LineState::Sent);
    state.update(&run.id, &[update(0)]).await.unwrap();
    let record = state.lines(&run.id).await.unwrap().swap_remove(0);
    assert_eq!((record.state, record.level_after), (LineState::Verified, Level::new(7)));
    assert_eq!(record.detail.as_deref(), Some("x"));
}

#[tokio::test]
async fn the_last_good_whole_run_is_what_the_guard_compares_with() {
    let folder = tempfile::tempdir().unwrap();
    let state = SqliteState::open(&folder.path().join("state.db")).await.unwrap();
    let shop = ShopName::new("default");
    assert_eq!(state.last_good_warehouse_skus(&shop).await.unwrap(), None);
    let filtered = Scope::Skus([Sku::parse("a").unwrap()].into());
    let runs = [
        ("1", Outcome::Converged, Scope::All, 100, 1),
        ("2", Outcome::Partial, Scope::All, 90, 2),
        ("3", Outcome::HeldByGuard, Scope::All, 1, 3),
        ("4", Outcome::Failed, Scope::All, 2, 4),
        ("5", Outcome::Planned, Scope::All, 3, 5),
        ("6", Outcome::Converged, filtered, 4, 6),
    ];
    for (id, outcome, scope, skus, at) in runs {
        state.create(&new_run(id, scope)).await.unwrap();
        state.finish(&summary(id, outcome, skus, at)).await.unwrap();
    }
    assert_eq!(state.last_good_warehouse_skus(&shop).await.unwrap(), Some(90));
    assert_eq!(state.last_good_warehouse_skus(&ShopName::new("other")).await.unwrap(), None);
    let newest = state.list(&RunFilter { shop: Some(shop), limit: 2 }).await.unwrap();
    assert_eq!(newest.len(), 2);
    let none = state.list(&RunFilter { shop: Some(ShopName::new("other")), limit: 2 }).await.unwrap();
    assert_eq!(none.len(), 0);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    std::fs::write(&file, "not a database, certainly not one of ours".repeat(100)).unwrap();
    let error = SqliteState::open(&file).await.err().unwrap();
    assert!(error.to_string().contains("state.db"), "{error}");
    let below_a_file = SqliteState::open(&file.join("state.db")).await.err().unwrap();
    assert!(below_a_file.to_string().contains("state.db"), "{below_a_file}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_that_meet_a_new_file_all_open_it() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state.db");
        let opening: Vec<_> = (0..4)
            .map(|_| {
                let file = file.clone();
                tokio::spawn(async move { SqliteState::open(&file).await.map(drop) })
            })
            .collect();
        for opened in opening {
            opened.await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn somebody_else_s_database_is_left_as_it_was() {
    use sqlx::{ConnectOptions, Connection};
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("theirs.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut db = options.connect().await.unwrap();
    sqlx::raw_sql("CREATE TABLE run (mine TEXT)").execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    let before = std::fs::read(&file).unwrap();
    assert!(SqliteState::open(&file).await.is_err());
    assert_eq!(std::fs::read(&file).unwrap(), before);
}
