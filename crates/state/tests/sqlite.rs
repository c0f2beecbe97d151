//! The state ports over real SQLite files.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::Arc;

use conformance::store::fixtures::{lease, new_run, since, summary};
use domain::{Outcome, RunKind, Scope, ShopName, Sku, StartedBy, TaskStatus};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use state::StateUrl;
use sync::ports::{
    Accepted, NewRun, NewTask, Queued, StateError, Store, Throttling, WindowLimit, WindowPlace,
};

async fn try_open(file: &Path) -> Result<Arc<dyn Store>, StateError> {
    state::open(&StateUrl::in_file(file.to_owned())).await
}

async fn open(file: &Path) -> Arc<dyn Store> {
    try_open(file).await.unwrap()
}

#[tokio::test]
async fn a_run_survives_reopening_from_pending_to_its_summary() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/er/state.db");
    let scope = Scope::Skus([Sku::parse("it's").unwrap(), Sku::parse("я").unwrap()].into());
    let run = new_run("r", scope);
    let store = open(&file).await;
    assert_eq!(store.queue(&run, 1_500, &since(0)).await.unwrap(), Queued::Waiting);
    assert_eq!(store.get(&run.id).await.unwrap().unwrap().status, TaskStatus::Pending);
    let fence = lease(&*store, &run).await;
    store.start(&run, &fence, 2_000).await.unwrap();
    assert_eq!(store.get(&run.id).await.unwrap().unwrap().status, TaskStatus::Started);
    store.finish(&summary("r", Outcome::Partial, 9, 3_000), &fence).await.unwrap();
    store.close().await;

    let again = open(&file).await;
    let record = again.get(&run.id).await.unwrap().unwrap();
    assert_eq!(record.run, run);
    assert_eq!((record.status, record.attempt, record.started_at), (TaskStatus::Success, 1, Some(2_000)));
    assert_eq!(record.summary, Some(summary("r", Outcome::Partial, 9, 3_000)));
    assert!(again.start(&run, &fence, 2_000).await.is_err(), "a run begins once");
    assert!(again.finish(&summary("r", Outcome::Failed, 9, 3_000), &fence).await.is_err(), "and ends once");
    assert!(again.finish(&summary("other", Outcome::Partial, 9, 3_000), &fence).await.is_err());
}

/// A key of before belongs to the token that used it, and not to a later one of the same name. Runs of before count.
#[tokio::test]
async fn what_was_kept_before_is_brought_up_to_date() {
    use sqlx::Connection;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut db = options.pragma("application_id", "1465405273").connect().await.unwrap();
    sqlx::migrate!("migrations/sqlite").run_to(7, &mut db).await.unwrap();
    sqlx::raw_sql(
        "INSERT INTO token (name, hash, scope, created_at) VALUES
             ('old', 'aa', 'run', 100), ('anew', 'bb', 'run', 200);
         INSERT INTO request_key (key, fingerprint, run_id, used_at) VALUES
             ('old' || char(10) || 'k', 'f', 'r', 150),
             ('anew' || char(10) || 'k', 'f', 'of the one before', 150),
             ('anew' || char(10) || 'l', 'f', 'r', 250),
             ('gone' || char(10) || 'k', 'f', 'r', 150);
         INSERT INTO run (id, shop, kind, dry_run, scope, filtered, policy, status, attempt, created_at, outcome) VALUES
             ('1', 'default', 'sync', 0, '', 0, '', 'SUCCESS', 1, 0, 'partial'),
             ('2', 'default', 'sync', 0, '', 0, '', 'SUCCESS', 1, 0, 'partial'),
             ('3', 'default', 'sync', 0, '', 0, '', 'PENDING', 1, 0, NULL)",
    )
    .execute(&mut db)
    .await
    .unwrap();
    db.close().await.unwrap();

    let store = open(&file).await;
    let ended = store.figures(&ShopName::new("default"), 0).await.unwrap().ended_runs;
    assert_eq!(ended, [(RunKind::Sync, Outcome::Partial, StartedBy::CommandLine, 2)]);
    store.close().await;
    let mut db = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    let numbers: Vec<(String, i64)> =
        sqlx::query_as("SELECT id, number FROM run ORDER BY number").fetch_all(&mut db).await.unwrap();
    let due = [("1", 1), ("2", 2), ("3", 3)].map(|(id, number)| (id.to_owned(), number));
    assert_eq!(numbers, due, "older runs are numbered too");
    let keys: Vec<String> =
        sqlx::query_scalar("SELECT key FROM request_key ORDER BY key").fetch_all(&mut db).await.unwrap();
    assert_eq!(keys, ["aa\nk", "bb\nl"]);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    std::fs::write(&file, "not a database, certainly not one of ours".repeat(100)).unwrap();
    let error = try_open(&file).await.err().unwrap();
    assert!(error.to_string().contains("state.db"), "{error}");
    let below_a_file = try_open(&file.join("state.db")).await.err().unwrap();
    assert!(below_a_file.to_string().contains("state.db"), "{below_a_file}");
}

/// A file of which only the beginning is left is called damaged, when it is opened or at the first query that misses
/// the rest.
#[tokio::test]
async fn a_file_that_is_cut_is_called_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    open(&file).await.close().await;
    let whole = std::fs::read(&file).unwrap();
    for kept in [3_000, 4_096, 8_192, whole.len() / 2] {
        let cut = folder.path().join(format!("{kept}.db"));
        std::fs::write(&cut, &whole[..kept]).unwrap();
        let error = match try_open(&cut).await {
            Err(error) => error,
            Ok(store) => store.paused_since(&ShopName::new("a")).await.unwrap_err(),
        };
        assert!(matches!(error, StateError::Corrupt(_)), "{kept} of {}: {error:?}", whole.len());
    }
}

/// Tables that a newer version made are told apart from a damaged file, and stay as they are.
#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_as_such() {
    use sqlx::Connection;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    open(&file).await.close().await;
    let mut db = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    let newer =
        "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time)
                 VALUES (9999, 'later', '2030-01-01', 1, x'00', 0)";
    sqlx::raw_sql(newer).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    let before = std::fs::read(&file).unwrap();
    let error = try_open(&file).await.err().unwrap();
    assert!(matches!(&error, StateError::Newer(detail) if detail.contains("state.db")), "{error:?}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_that_meet_a_new_file_all_open_it() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state.db");
        let opening: Vec<_> = (0..4)
            .map(|_| {
                let file = file.clone();
                tokio::spawn(async move { try_open(&file).await.map(drop) })
            })
            .collect();
        for opened in opening {
            opened.await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn a_file_that_is_deleted_meanwhile_is_not_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let store = open(&file).await;
    std::fs::remove_file(&file).unwrap();
    let shop = ShopName::new("a");
    // One reads over the connection that is open; the other needs a new one.
    let (one, other) = futures::join!(store.paused_since(&shop), store.paused_since(&shop));
    assert!(one.is_err() || other.is_err(), "there is nothing to open");
    assert!(!file.exists());
}

/// A commit after one of them is gone would be in a file that no other process can open, or bypass the locks of others.
#[cfg(unix)]
#[tokio::test]
async fn nothing_is_written_once_a_file_of_it_is_gone() {
    for name in ["state.db", "state.db-wal", "state.db-shm"] {
        let folder = tempfile::tempdir().unwrap();
        // Over a link, which SQLite follows before it puts anything beside it.
        let (file, link) = (folder.path().join("state.db"), folder.path().join("link.db"));
        drop(open(&file).await);
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let store = open(&link).await;
        let run = NewRun { durable: true, ..new_run("1", Scope::All) };
        let task = NewTask { run, slot: None, key: None };
        assert_eq!(store.accept(&task, 1_000, &since(0)).await.unwrap(), Accepted::New, "{name}");
        std::fs::rename(folder.path().join(name), folder.path().join("away")).unwrap();
        let refused = store.probe_write(1_001).await.unwrap_err().to_string();
        let told = if name == "state.db" { "link.db" } else { name };
        assert!(refused.contains(&format!("{told} was deleted, moved or replaced")), "{name}: {refused}");
        // Nor is one who asks for the same told that it is under way.
        assert!(store.accept(&task, 1_001, &since(0)).await.is_err(), "{name}");
        std::fs::rename(folder.path().join("away"), folder.path().join(name)).unwrap();
        store.probe_write(1_002).await.unwrap();
    }
}

#[tokio::test]
async fn somebody_else_s_database_is_left_as_it_was() {
    use sqlx::Connection;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("theirs.db");
    let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut db = options.connect().await.unwrap();
    sqlx::raw_sql("CREATE TABLE run (mine TEXT)").execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    let before = std::fs::read(&file).unwrap();
    assert!(try_open(&file).await.is_err());
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

/// Who writes keeps the others out for as long as it takes. A request that leaves nothing behind is not among them.
#[tokio::test]
async fn a_request_that_joins_waits_for_no_writer() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let store = open(&file).await;
    let task = |id, scope| {
        let run = NewRun { durable: true, ..new_run(id, scope) };
        NewTask { run, slot: None, key: None }
    };
    let (first, again) = (task("1", Scope::All), task("2", Scope::All));
    assert_eq!(store.accept(&first, 1_000, &since(0)).await.unwrap(), Accepted::New);
    let mut writer = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut writer).await.unwrap();
    let Accepted::Joined(joined) = store.accept(&again, 1_001, &since(0)).await.unwrap() else {
        panic!("it asks for the same work");
    };
    assert_eq!(joined.run.id, first.run.id);
    sqlx::raw_sql("COMMIT").execute(&mut writer).await.unwrap();

    // A pause holds for it all the same, and other work waits for its turn.
    store.pause(&first.run.shop, 1_002).await.unwrap();
    assert_eq!(store.accept(&again, 1_003, &since(0)).await.unwrap(), Accepted::Paused(1_002));
    store.resume(&first.run.shop, 1_003).await.unwrap();
    let other = task("3", Scope::Skus([Sku::parse("A").unwrap()].into()));
    assert_eq!(store.accept(&other, 1_004, &since(0)).await.unwrap(), Accepted::New);
}

#[tokio::test]
async fn i10_the_window_holds_over_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let limit = WindowLimit { requests: 2, window_ms: 1_000, timeout_ms: 300, pace: None };
    let shop = ShopName::new("a");
    let store = open(&file).await;
    let WindowPlace::Taken(first) = store.enter_window(&shop, limit, 100).await.unwrap() else {
        panic!("full")
    };
    assert!(matches!(store.enter_window(&shop, limit, 100).await.unwrap(), WindowPlace::Taken(_)));
    store.leave_window(&shop, first, limit, 150).await.unwrap();
    store.close().await;

    let store = open(&file).await;
    // The first counts for one window after its reply, the second, whose process is gone, after its time-out.
    assert_eq!(store.enter_window(&shop, limit, 1_149).await.unwrap(), WindowPlace::FreeFrom(1_150));
    assert!(matches!(store.enter_window(&shop, limit, 1_150).await.unwrap(), WindowPlace::Taken(_)));
    assert_eq!(store.enter_window(&shop, limit, 1_151).await.unwrap(), WindowPlace::FreeFrom(1_400));
    store.close_window(&shop, Throttling::Api { pause_ms: 5_000 }, 0).await.unwrap();
    store.close().await;
    let store = open(&file).await;
    assert_eq!(store.enter_window(&shop, limit, 4_999).await.unwrap(), WindowPlace::FreeFrom(5_000));
}

/// A run that commits line after line must not keep its own heartbeat out of the database.
#[tokio::test(flavor = "multi_thread")]
async fn a_heartbeat_gets_its_turn_beside_a_busy_writer() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("state.db")).await;
    let run = new_run("1", Scope::All);
    let fence = lease(&*store, &run).await;
    store.start(&run, &fence, 1).await.unwrap();
    let busy = std::sync::atomic::AtomicBool::new(true);
    let order = std::sync::Mutex::new(Vec::new());
    let written = async {
        while busy.load(std::sync::atomic::Ordering::Relaxed) {
            store.queue(&run, 2, &since(0)).await.unwrap();
            order.lock().unwrap().push("written");
        }
    };
    let beats = async {
        for _ in 0..50 {
            store.renew(&fence, 60_000).await.unwrap();
            order.lock().unwrap().push("beat");
        }
        busy.store(false, std::sync::atomic::Ordering::Relaxed);
    };
    tokio::join!(written, beats);
    let order = order.into_inner().unwrap();
    let between = order.split(|one| *one == "beat").map(<[_]>::len).max();
    assert!(between <= Some(2), "{between:?} transactions passed a heartbeat by");
}

/// A caller can tell a database that is not there from a row that cannot be read and from a mistake of its own.
#[tokio::test]
async fn each_failure_has_its_own_kind() {
    use sqlx::Connection;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let store = open(&file).await;
    assert_eq!(store.location(), format!("sqlite://{}", file.display()));
    let run = new_run("1", Scope::All);
    let fence = lease(&*store, &run).await;
    store.start(&run, &fence, 1).await.unwrap();
    let twice = store.start(&run, &fence, 2).await;
    assert!(matches!(twice, Err(StateError::Defect(_))), "{twice:?}");
    let unknown = store.finish(&summary("2", Outcome::Converged, 0, 3), &fence).await;
    assert!(matches!(unknown, Err(StateError::Defect(_))), "{unknown:?}");

    let mut db = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    for (broken, whole) in [("status = 'LATER'", "status = 'STARTED'"), ("scope = '{'", "scope = '\"all\"'")]
    {
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("UPDATE run SET {broken}")))
            .execute(&mut db)
            .await
            .unwrap();
        let read = store.get(&run.id).await;
        assert!(matches!(read, Err(StateError::Corrupt(_))), "{broken}: {read:?}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("UPDATE run SET {whole}"))).execute(&mut db).await.unwrap();
    }
    db.close().await.unwrap();
    assert_eq!(store.get(&run.id).await.unwrap().unwrap().run, run);

    store.close().await;
    let closed = store.get(&run.id).await;
    assert!(matches!(closed, Err(StateError::Unavailable(_))), "{closed:?}");
    let below_a_file = try_open(&file.join("state.db")).await.err();
    assert!(matches!(below_a_file, Some(StateError::Unavailable(_))), "{below_a_file:?}");
}
