//! A warehouse that another program has locked.
//!
//! One catalog: the lock is the warehouse's.

use std::time::Duration;

use sqlx::{ConnectOptions, Connection};

use crate::support::{assert_levels, between, sync, world};

async fn lock(warehouse: &testkit::TestWarehouse) -> sqlx::SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(warehouse.path());
    let mut connection = options.connect().await.expect("the warehouse");
    sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut connection).await.expect("the lock");
    connection
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_warehouse_is_waited_for() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let mut locked = lock(&warehouse).await;
    let program = between(&shop, &warehouse);
    // Longer than the five seconds that sqlx waits by itself.
    let unlock = async {
        tokio::time::sleep(Duration::from_secs(6)).await;
        sqlx::raw_sql("COMMIT").execute(&mut locked).await.expect("the end of the lock");
        locked.close().await.expect("it closes");
    };
    let (report, ()) = tokio::join!(sync(&program, 0), unlock);
    assert_eq!(report["outcome"], "converged");
    assert_levels(&shop, [("A", 15)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warehouse_that_stays_locked_is_told() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let _locked = lock(&warehouse).await;
    let program = between(&shop, &warehouse).toml("[warehouse]\nbusy_timeout = '200ms'\n");
    let _ = program.run(["sync"]).await.ends(5).says("error[WX2110]").says("busy_timeout");
    shop.assert_not_written();
}
