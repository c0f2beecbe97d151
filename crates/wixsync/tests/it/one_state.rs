//! One state database for the service and the commands beside it, and what it costs to lose it.
//!
//! One catalog: the rest are about files and their owners.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::PathBuf;

use testkit::{Program, sqlite_url};

use crate::service::{serve, served};
use crate::support::{assert_levels, between, on_every_catalog, program, sync, world};

on_every_catalog! {
    a_lost_or_restored_state_database_makes_no_wrong_write,
    a_state_database_restored_from_the_middle_of_a_run_makes_no_wrong_write,
}

fn state_files(program: &Program) -> Vec<PathBuf> {
    let all = program.files().into_iter();
    all.filter(|file| file.to_string_lossy().contains("state.db")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_name_the_state_database_that_they_change() {
    let (shop, warehouse) = world(&[("A", 10, 10)]).await;
    let program = between(&shop, &warehouse);
    let state = sqlite_url(&program.path("state.db"));
    for words in [
        vec!["pause"],
        vec!["resume"],
        vec!["token", "create", "one"],
        vec!["token", "list"],
        vec!["token", "revoke", "one"],
    ] {
        let _ = program.run(&words).await.ends(0).says(&format!("State database: {state}"));
        let json = [words.as_slice(), &["--json"]].concat();
        if words != ["token", "revoke", "one"] {
            let name = if words.contains(&"one") { vec!["token", "create", "two", "--json"] } else { json };
            assert_eq!(program.run(&name).await.ends(0).json()["state"], state.as_str());
        }
    }
}

/// In a folder without settings they would change a database that no service uses.
#[tokio::test(flavor = "multi_thread")]
async fn commands_that_change_state_refuse_where_no_shop_is_configured() {
    for words in [vec!["pause"], vec!["resume"], vec!["token", "create", "one"], vec!["token", "list"]] {
        let program = program();
        let _ = program.run(&words).await.ends(2).says("error[WX1201]");
        assert_eq!(state_files(&program), Vec::<PathBuf>::new(), "{words:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_state_database_for_the_same_site_is_told() {
    let (shop, warehouse) = world(&[("A", 10, 12)]).await;
    let first = between(&shop, &warehouse);
    let told = first.run(["sync"]).await.ends(0);
    assert!(!told.stderr.contains("WX1121"), "{}", told.stderr);
    let one = sqlite_url(&first.path("state.db"));
    let second = first.set("WIXSYNC_STATE_URL", "sqlite://other.db");
    for words in [vec!["plan"], vec!["pause"], vec!["resume"], vec!["token", "list"]] {
        let _ = second.run(&words).await.ends(0).says("warning[WX1121]").says(&one).says("other.db");
    }
    let _ = second.run(["doctor"]).await.says("warning[WX1121]");
    // Another site is another matter, and so is a database that is gone.
    let (elsewhere, stock) = world(&[("A", 10, 12)]).await;
    let other_site = between(&elsewhere, &stock).set("WIXSYNC_STATE_URL", "sqlite://other.db");
    let told = other_site.run(["plan"]).await.ends(0);
    assert!(!told.stderr.contains("WX1121"), "{}", told.stderr);
    std::fs::remove_file(second.path("state.db")).expect("it is deleted");
    let told = second.run(["plan"]).await.ends(0);
    assert!(!told.stderr.contains("WX1121"), "{}", told.stderr);
}

/// It holds the history of a shop, whatever the umask of who makes it.
#[tokio::test(flavor = "multi_thread")]
async fn the_state_database_is_for_its_owner_alone() {
    let (shop, warehouse) = world(&[("A", 10, 12)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let files = state_files(&program);
    assert_eq!(files.len(), 4, "the database, its lock, its log and its shared memory: {files:?}");
    for file in files {
        let mode = std::fs::metadata(&file).expect("the file").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.display());
    }
    assert_eq!(service.running.stop().await, Some(0));
}

/// What root makes beside a service must not lock the service out.
#[tokio::test(flavor = "multi_thread")]
async fn files_that_root_makes_get_the_owner_of_the_state_database() {
    let (shop, warehouse) = world(&[("A", 10, 12)]).await;
    let program = served(between(&shop, &warehouse));
    let _ = program.run(["pause"]).await.ends(0);
    let database = program.path("state.db");
    let us = std::fs::metadata(&database).expect("the file").uid();
    let them = us + 4_242;
    let given = std::os::unix::fs::chown(&database, Some(them), Some(them));
    assert_eq!(given.is_ok(), us == 0, "root alone can give a file away");
    if us == 0 {
        let service = serve(&program).await;
        for file in state_files(&program) {
            let found = std::fs::metadata(&file).expect("the file");
            assert_eq!((found.uid(), found.gid()), (them, them), "{}", file.display());
        }
        assert_eq!(service.running.stop().await, Some(0));
    }
}

/// The unit passes the key to the service; the command line beside it reads the file, which the service cannot.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_the_environment_spares_the_file_of_the_settings() {
    let (shop, warehouse) = world(&[("A", 10, 12)]).await;
    let toml = format!("[[shop]]\nname = 'default'\nsite_id = '{}'\napi_key_file = 'none'\n", shop.site_id());
    let program = between(&shop, &warehouse).unset("WIX_SITE_ID").toml(&toml);
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 12)]);
    let _ = program.unset("WIX_API_KEY").run(["sync"]).await.ends(2).says("api_key_file");
}

/// Losing the state database, or restoring an old one, costs history and requests, and never makes a wrong write: every
/// delta starts from a level that the run reads.
async fn a_lost_or_restored_state_database_makes_no_wrong_write() {
    for is_restored in [false, true] {
        let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4), ("C", 7, 7)]).await;
        let program = between(&shop, &warehouse).set("WIXSYNC_SETTLE", "0s");
        let _ = sync(&program, 0).await;
        let (state, old) = (program.path("state.db"), program.path("old.db"));
        std::fs::copy(&state, &old).expect("a backup");
        // A later run, sales that the warehouse has booked, and an edit in Wix, none of which the backup knows.
        warehouse.execute("UPDATE stock SET quantity = 20 WHERE sku = 'A'").await;
        let _ = sync(&program, 0).await;
        shop.sell("A", 3);
        shop.set_level("C", 9);
        warehouse.execute("UPDATE stock SET quantity = 17 WHERE sku = 'A'").await;
        warehouse.execute("UPDATE stock SET quantity = 6 WHERE sku = 'B'").await;
        std::fs::remove_file(&state).expect("it is lost");
        if is_restored {
            std::fs::rename(&old, &state).expect("it is restored");
        }
        let before = shop.written().len();
        let report = sync(&program, 0).await;
        assert_eq!(report["outcome"], "converged", "{report:#}");
        assert_levels(&shop, [("A", 17), ("B", 6), ("C", 7)]);
        assert_eq!(shop.written().len() - before, 2, "A is right already; B and C are written once each");
        let report = sync(&program, 0).await;
        assert_eq!(report["counters"]["planned"], 0, "{report:#}");
    }
}

/// The copy was made while a write was on its way. What became of it was settled after the copy.
async fn a_state_database_restored_from_the_middle_of_a_run_makes_no_wrong_write() {
    use testkit::emulator::FaultKind;
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    // The answer is lost, and the run is killed while it waits for the outcome.
    shop.break_with(shop.raising(), FaultKind::DropAfterApply, 1);
    let slow = between(&shop, &warehouse).set("WIXSYNC_SETTLE", "60s");
    let slow = slow.set("WIXSYNC_STATE_URL", sqlite_url(&program.path("state.db")));
    let running = slow.spawn(["sync"]);
    while shop.level("A") != 15 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    running.kill().await;
    let copies = [("state.db", "old.db"), ("state.db-wal", "old.db-wal")];
    for (from, to) in copies {
        std::fs::copy(program.path(from), program.path(to)).expect("a copy");
    }
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15)]);
    // Since then 4 units were sold, and the warehouse has booked them.
    shop.sell("A", 4);
    warehouse.execute("UPDATE stock SET quantity = 11 WHERE sku = 'A'").await;
    for (from, to) in [("old.db", "state.db"), ("old.db-wal", "state.db-wal")] {
        let _ = std::fs::remove_file(program.path(to));
        std::fs::copy(program.path(from), program.path(to)).expect("a restored copy");
    }
    let _ = std::fs::remove_file(program.path("state.db-shm"));
    let written = shop.written().len();
    let _ = program.run(["sync", "--json"]).await;
    assert_levels(&shop, [("A", 11)]);
    assert_eq!(shop.written().len(), written, "the level is right already");
}
