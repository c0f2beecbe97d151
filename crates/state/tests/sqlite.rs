//! The state ports over real SQLite files.

use domain::admission::record::Work;
use domain::{Outcome, RunId, RunKind, Scope, ShopName, Sku, TaskStatus};
use simulation::conformance::fixtures::{lease, new_run, since, summary};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use state::{Place, SqliteState, WindowLimit};
use sync::ports::{
    Accepted, Access, Leases, NewRun, NewTask, Pauses, Queued, RequestKey, Runs, Tasks, TokenRecord, Tokens,
    Watch,
};

#[tokio::test]
async fn a_run_survives_reopening_from_pending_to_its_summary() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/er/state.db");
    let scope = Scope::Skus([Sku::parse("it's").unwrap(), Sku::parse("я").unwrap()].into());
    let run = new_run("r", scope);
    let state = SqliteState::open(&file).await.unwrap();
    assert_eq!(state.queue(&run, 1_500, &since(0)).await.unwrap(), Queued::Waiting);
    assert_eq!(state.get(&run.id).await.unwrap().unwrap().status, TaskStatus::Pending);
    let fence = lease(&state, &run).await;
    state.start(&run, &fence, 2_000).await.unwrap();
    assert_eq!(state.get(&run.id).await.unwrap().unwrap().status, TaskStatus::Started);
    state.finish(&summary("r", Outcome::Partial, 9, 3_000), &fence).await.unwrap();
    state.close().await;

    let again = SqliteState::open(&file).await.unwrap();
    let record = again.get(&run.id).await.unwrap().unwrap();
    assert_eq!(record.run, run);
    assert_eq!((record.status, record.attempt, record.started_at), (TaskStatus::Success, 1, Some(2_000)));
    assert_eq!(record.summary, Some(summary("r", Outcome::Partial, 9, 3_000)));
    assert!(again.start(&run, &fence, 2_000).await.is_err(), "a run begins once");
    assert!(again.finish(&summary("r", Outcome::Failed, 9, 3_000), &fence).await.is_err(), "and ends once");
    assert!(again.finish(&summary("other", Outcome::Partial, 9, 3_000), &fence).await.is_err());
}

/// A task is late where nobody takes it though somebody could; not where its shop had work or was paused until now.
#[tokio::test]
async fn a_task_waits_since_it_could_be_begun() {
    let folder = tempfile::tempdir().unwrap();
    let state = SqliteState::open(&folder.path().join("state.db")).await.unwrap();
    let task = |id, scope, created_at| {
        let run = NewRun { durable: true, created_at, ..new_run(id, scope) };
        NewTask { run, slot: None, key: None }
    };
    let first = task("1", Scope::All, 1_000);
    let second = task("2", Scope::Skus([Sku::parse("A").unwrap()].into()), 2_000);
    for task in [&first, &second] {
        assert_eq!(state.accept(task, 2_000, &since(0)).await.unwrap(), Accepted::New);
    }
    let waiting = async |now| state.figures(&first.run.shop, now).await.unwrap().waiting_since;
    assert_eq!(waiting(90_000).await, Some(1_000), "nobody has had the shop");

    let fence = lease(&state, &first.run).await;
    state.start(&first.run, &fence, 90_000).await.unwrap();
    state.renew(&fence, 430_000).await.unwrap();
    assert_eq!(waiting(410_000).await, None);
    state.finish(&summary("1", Outcome::Converged, 0, 410_000), &fence).await.unwrap();
    state.release(&fence).await.unwrap();
    assert_eq!(waiting(410_001).await, Some(410_001), "the shop has just become free");
    assert_eq!(waiting(900_000).await, Some(430_000));
    assert_eq!(waiting(200_000).await, Some(2_000), "the lease is of a clock that was turned back");

    state.pause(&first.run.shop, 900_000).await.unwrap();
    assert_eq!(waiting(2_000_000).await, None, "nobody may begin it");
    state.resume(&first.run.shop, 2_000_000).await.unwrap();
    assert_eq!(waiting(2_000_001).await, Some(2_000_000));
    state.resume(&first.run.shop, 3_000_000).await.unwrap();
    assert_eq!(waiting(3_000_000).await, Some(2_000_000), "it was not paused");
    state.cancel(&second.run.id, 3_000_000).await.unwrap();
    let mut dry = task("3", Scope::All, 800_000);
    dry.run.work = Work::Sync { dry_run: true };
    assert_eq!(state.accept(&dry, 800_000, &since(0)).await.unwrap(), Accepted::New);
    state.pause(&first.run.shop, 3_000_000).await.unwrap();
    assert_eq!(waiting(3_000_000).await, Some(800_000), "no pause keeps what writes nothing");
}

/// A counter that gets smaller would be taken for one that began anew.
#[tokio::test]
async fn ended_runs_stay_counted_when_they_are_pruned() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let state = SqliteState::open(&file).await.unwrap();
    for (id, outcome) in [("1", Outcome::Converged), ("2", Outcome::Partial), ("3", Outcome::Converged)] {
        let run = new_run(id, Scope::All);
        let fence = lease(&state, &run).await;
        state.start(&run, &fence, 1_000).await.unwrap();
        state.finish(&summary(id, outcome, 0, 2_000), &fence).await.unwrap();
        state.release(&fence).await.unwrap();
    }
    let task = NewRun { durable: true, work: Work::Plan, ..new_run("4", Scope::All) };
    let task = NewTask { run: task, slot: None, key: None };
    assert_eq!(state.accept(&task, 1_000, &since(0)).await.unwrap(), Accepted::New);
    let _ = state.cancel(&task.run.id, 2_000).await.unwrap();
    let counted = async || {
        let mut ended = state.figures(&task.run.shop, 9_000).await.unwrap().ended_runs;
        ended.sort_unstable();
        ended
    };
    let ended = [
        (RunKind::Sync, Outcome::Converged, 2),
        (RunKind::Sync, Outcome::Partial, 1),
        (RunKind::Plan, Outcome::Interrupted, 1),
    ];
    assert_eq!(counted().await, ended);
    while state.prune(5_000, 100).await.unwrap() > 0 {}
    assert_eq!(state.get(&task.run.id).await.unwrap(), None);
    assert_eq!(counted().await, ended);
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

    let state = SqliteState::open(&file).await.unwrap();
    let ended = state.figures(&ShopName::new("default"), 0).await.unwrap().ended_runs;
    assert_eq!(ended, [(RunKind::Sync, Outcome::Partial, 2)]);
    state.close().await;
    let mut db = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    let keys: Vec<String> =
        sqlx::query_scalar("SELECT key FROM request_key ORDER BY key").fetch_all(&mut db).await.unwrap();
    assert_eq!(keys, ["aa\nk", "bb\nl"]);
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
async fn a_file_that_is_deleted_meanwhile_is_not_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let state = SqliteState::open(&file).await.unwrap();
    std::fs::remove_file(&file).unwrap();
    let shop = ShopName::new("a");
    // One reads over the connection that is open; the other needs a new one.
    let (one, other) = futures::join!(state.paused_since(&shop), state.paused_since(&shop));
    assert!(one.is_err() || other.is_err(), "there is nothing to open");
    assert!(!file.exists());
}

/// What is committed after one of them is gone is in a file that nobody can open, or beside the locks of others.
#[cfg(unix)]
#[tokio::test]
async fn nothing_is_written_once_a_file_of_it_is_gone() {
    for name in ["state.db", "state.db-wal", "state.db-shm"] {
        let folder = tempfile::tempdir().unwrap();
        // Over a link, which SQLite follows before it puts anything beside it.
        let (file, link) = (folder.path().join("state.db"), folder.path().join("link.db"));
        drop(SqliteState::open(&file).await.unwrap());
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let state = SqliteState::open(&link).await.unwrap();
        let run = NewRun { durable: true, ..new_run("1", Scope::All) };
        let task = NewTask { run, slot: None, key: None };
        assert_eq!(state.accept(&task, 1_000, &since(0)).await.unwrap(), Accepted::New, "{name}");
        std::fs::rename(folder.path().join(name), folder.path().join("away")).unwrap();
        let refused = state.mark(1_001).await.unwrap_err().to_string();
        let told = if name == "state.db" { "link.db" } else { name };
        assert!(refused.contains(&format!("{told} was deleted, moved or replaced")), "{name}: {refused}");
        // Nor is one who asks for the same told that it is under way.
        assert!(state.accept(&task, 1_001, &since(0)).await.is_err(), "{name}");
        std::fs::rename(folder.path().join("away"), folder.path().join(name)).unwrap();
        state.mark(1_002).await.unwrap();
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
    assert!(SqliteState::open(&file).await.is_err());
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

/// Who writes keeps the others out for as long as it takes. A request that leaves nothing behind is not among them.
#[tokio::test]
async fn a_request_that_joins_waits_for_no_writer() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let state = SqliteState::open(&file).await.unwrap();
    let task = |id, scope| {
        let run = NewRun { durable: true, ..new_run(id, scope) };
        NewTask { run, slot: None, key: None }
    };
    let (first, again) = (task("1", Scope::All), task("2", Scope::All));
    assert_eq!(state.accept(&first, 1_000, &since(0)).await.unwrap(), Accepted::New);
    let mut writer = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut writer).await.unwrap();
    let Accepted::Joined(joined) = state.accept(&again, 1_001, &since(0)).await.unwrap() else {
        panic!("it asks for the same work");
    };
    assert_eq!(joined.run.id, first.run.id);
    sqlx::raw_sql("COMMIT").execute(&mut writer).await.unwrap();

    // A pause holds for it all the same, and other work waits for its turn.
    state.pause(&first.run.shop, 1_002).await.unwrap();
    assert_eq!(state.accept(&again, 1_003, &since(0)).await.unwrap(), Accepted::Paused(1_002));
    state.resume(&first.run.shop, 1_003).await.unwrap();
    let other = task("3", Scope::Skus([Sku::parse("A").unwrap()].into()));
    assert_eq!(state.accept(&other, 1_004, &since(0)).await.unwrap(), Accepted::New);
}

#[tokio::test]
async fn i10_the_window_holds_over_reopening_and_for_each_shop() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let limit = WindowLimit { requests: 2, window_ms: 1_000, timeout_ms: 300 };
    let (shop, other) = (ShopName::new("a"), ShopName::new("b"));
    let state = SqliteState::open(&file).await.unwrap();
    let Place::Taken(first) = state.enter_window(&shop, limit, 100).await.unwrap() else { panic!("full") };
    assert!(matches!(state.enter_window(&shop, limit, 100).await.unwrap(), Place::Taken(_)));
    state.leave_window(&shop, first, limit, 150).await.unwrap();
    state.close().await;

    let state = SqliteState::open(&file).await.unwrap();
    // The first counts for one window after its reply, the second, whose process is gone, after its time-out.
    assert_eq!(state.enter_window(&shop, limit, 1_149).await.unwrap(), Place::FreeFrom(1_150));
    assert!(matches!(state.enter_window(&other, limit, 1_149).await.unwrap(), Place::Taken(_)));
    assert!(matches!(state.enter_window(&shop, limit, 1_150).await.unwrap(), Place::Taken(_)));
    assert_eq!(state.enter_window(&shop, limit, 1_151).await.unwrap(), Place::FreeFrom(1_400));
    state.close_window(&shop, 5_000).await.unwrap();
    state.close_window(&shop, 4_000).await.unwrap();
    assert_eq!(state.enter_window(&shop, limit, 4_999).await.unwrap(), Place::FreeFrom(5_000));
    assert!(matches!(state.enter_window(&shop, limit, 5_000).await.unwrap(), Place::Taken(_)));
    // A clock turned back by a day does not keep the window shut for a day.
    assert!(matches!(state.enter_window(&other, limit, -80_000_000).await.unwrap(), Place::Taken(_)));
}

/// A run that commits line after line must not keep its own heartbeat out of the database.
#[tokio::test(flavor = "multi_thread")]
async fn a_heartbeat_gets_its_turn_beside_a_busy_writer() {
    let folder = tempfile::tempdir().unwrap();
    let state = SqliteState::open(&folder.path().join("state.db")).await.unwrap();
    let run = new_run("1", Scope::All);
    let fence = lease(&state, &run).await;
    state.start(&run, &fence, 1).await.unwrap();
    let busy = std::sync::atomic::AtomicBool::new(true);
    let order = std::sync::Mutex::new(Vec::new());
    let written = async {
        while busy.load(std::sync::atomic::Ordering::Relaxed) {
            state.queue(&run, 2, &since(0)).await.unwrap();
            order.lock().unwrap().push("written");
        }
    };
    let beats = async {
        for _ in 0..50 {
            state.renew(&fence, 60_000).await.unwrap();
            order.lock().unwrap().push("beat");
        }
        busy.store(false, std::sync::atomic::Ordering::Relaxed);
    };
    tokio::join!(written, beats);
    let order = order.into_inner().unwrap();
    let between = order.split(|one| *one == "beat").map(<[_]>::len).max();
    assert!(between <= Some(2), "{between:?} transactions passed a heartbeat by");
}

/// Tokens that nobody renews take the dry runs that were begun with them along, and nothing else.
#[tokio::test]
async fn swept_tokens_take_their_own_dry_runs_along() {
    let folder = tempfile::tempdir().unwrap();
    let state = SqliteState::open(&folder.path().join("state.db")).await.unwrap();
    let token = |name: &str, expires_at: i64| TokenRecord {
        name: name.to_owned(),
        hash: format!("digest of {name}"),
        access: Access::Run,
        created_at: 1_000,
        expires_at: Some(expires_at),
        used_at: None,
    };
    let names = ["doctor-1", "doctor-2", "doctor-3", "doctor-4", "doctor-5", "doctor-6", "other"];
    for name in names {
        let end = if name == "doctor-6" { 60_000 } else { 2_000 };
        assert!(state.add_token(&token(name, end)).await.unwrap());
    }
    for (name, dry_run, created_at) in [
        ("doctor-1", true, 1_500),
        ("doctor-2", true, 1_500),
        ("doctor-3", true, 1_500),
        ("doctor-4", false, 1_500),
        ("doctor-5", true, 500),
        ("doctor-6", true, 1_500),
        ("other", true, 1_500),
    ] {
        let shop = ShopName::new(name);
        let work = Work::Sync { dry_run };
        let run = NewRun { durable: true, work, created_at, shop, ..new_run(name, Scope::All) };
        let key = RequestKey { key: format!("digest of {name}\nkey"), fingerprint: String::new() };
        let task = NewTask { run, slot: None, key: Some(key) };
        assert_eq!(state.accept(&task, created_at, &since(0)).await.unwrap(), Accepted::New);
        // One whose process lives until 30,000, one whose process has died.
        if ["doctor-2", "doctor-3"].contains(&name) {
            let fence = lease(&state, &task.run).await;
            state.start(&task.run, &fence, 1_600).await.unwrap();
            if name == "doctor-3" {
                assert!(state.renew(&fence, 9_000).await.is_ok());
            }
        }
    }
    let now = 10_000;
    state.sweep_tokens("doctor-", now).await.unwrap();
    let mut told = Vec::new();
    for name in names {
        let record = state.get(&RunId::new(name)).await.unwrap().unwrap();
        told.push((name, record.status, record.cancel_asked));
    }
    let waiting = |name| (name, TaskStatus::Pending, false);
    assert_eq!(
        told,
        [
            ("doctor-1", TaskStatus::Revoked, false),
            ("doctor-2", TaskStatus::Started, true),
            ("doctor-3", TaskStatus::Revoked, false),
            waiting("doctor-4"),
            waiting("doctor-5"),
            waiting("doctor-6"),
            waiting("other"),
        ]
    );
    let left = async || -> Vec<String> {
        state.tokens().await.unwrap().into_iter().map(|token| token.name).collect()
    };
    assert_eq!(left().await, ["doctor-2", "doctor-6", "other"]);
    // Later its process has died too.
    state.sweep_tokens("doctor-", 40_000).await.unwrap();
    assert_eq!(state.get(&RunId::new("doctor-2")).await.unwrap().unwrap().status, TaskStatus::Revoked);
    assert!(!left().await.contains(&"doctor-2".to_owned()));
}
