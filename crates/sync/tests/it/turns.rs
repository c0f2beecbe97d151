//! Waiting for the shop: a place in the queue, and following a run that does the same work (I6).

use std::sync::atomic::Ordering;

use domain::RunId;
use sync::lease::{HEARTBEAT_MS, LIFE_MS};
use sync::{TaskEnd, Work};

use super::fixture::RunFixture;

const SYNC: Work = Work::Sync { dry_run: false };

fn waited_for(fixture: &RunFixture) -> Vec<i64> {
    fixture.log().iter().filter_map(|entry| entry.strip_prefix("waited for at ")?.parse().ok()).collect()
}

/// Otherwise the next run would take the request for abandoned and end it as stopped.
#[tokio::test]
async fn a_request_keeps_its_place_while_it_follows_another_run() {
    let fixture = RunFixture::new(&[("a", 1)], &[("a", 2)]);
    fixture.start_other_run("other", Work::Set { quantities: Vec::new() }).await;
    fixture.start_other_run("same", SYNC).await;
    // The first run holds the lease for two seconds, the second for a minute. The second is then interrupted, so the
    // request cannot join its result.
    fixture.lease_holders.lock().unwrap().extend([(RunId::new("other"), 4), (RunId::new("same"), 120)]);
    fixture.sync(300).await;
    let waited = waited_for(&fixture);
    assert!(waited.windows(2).all(|two| two[1] - two[0] < LIFE_MS / 2), "{waited:?}");
    assert!(waited.last().is_some_and(|last| *last > 60_000), "{waited:?}");
}

#[tokio::test]
async fn a_request_that_only_follows_takes_no_place() {
    let fixture = RunFixture::new(&[("a", 1)], &[("a", 2)]);
    fixture.start_other_run("same", SYNC).await;
    fixture.lease_holders.lock().unwrap().push_back((RunId::new("same"), 3));
    fixture.sync(300).await;
    assert_eq!(waited_for(&fixture), Vec::<i64>::new());
}

/// I6: a request that finds the shop free waits behind one that was there before, until the process of that one is
/// not heard of any more.
#[tokio::test]
async fn i6_a_request_waits_behind_one_that_came_first() {
    let fixture = RunFixture::new(&[("a", 1)], &[("a", 2)]);
    fixture.queue_other_run("earlier", Work::Set { quantities: Vec::new() }).await;
    fixture.sync(300).await;
    let waited = waited_for(&fixture);
    assert!(waited.last().is_some_and(|last| *last > LIFE_MS - 1_000), "{waited:?}");
    assert_eq!(fixture.level("a"), 2);
}

/// The same for a task, which says so at every heartbeat.
#[tokio::test]
async fn i6_a_task_waits_behind_a_run_that_came_first() {
    let fixture = RunFixture::new(&[("a", 1)], &[("a", 2)]);
    fixture.queue_other_run("earlier", Work::Set { quantities: Vec::new() }).await;
    let task = fixture.accept("task").await;
    assert!(matches!(fixture.execute_task(&task).await, Ok(TaskEnd::Ended(_))));
    let waited = waited_for(&fixture);
    assert!(
        waited.windows(2).all(|two| (HEARTBEAT_MS..LIFE_MS / 2).contains(&(two[1] - two[0]))),
        "{waited:?}"
    );
    assert!(waited.last().is_some_and(|last| *last > LIFE_MS - HEARTBEAT_MS - 1_000), "{waited:?}");
    assert_eq!(fixture.level("a"), 2);
}

/// A task may be canceled between the check of its status and its start. It is then over, which is no error.
#[tokio::test]
async fn a_task_that_is_cancelled_right_before_it_begins_is_over() {
    let fixture = RunFixture::new(&[("a", 1)], &[("a", 2)]);
    let task = fixture.accept("task").await;
    fixture.cancel_at_start.store(true, Ordering::SeqCst);
    assert_eq!(fixture.execute_task(&task).await, Ok(TaskEnd::Over));
    assert_eq!(fixture.count("write"), 0);

    // Any other failure to start is an error.
    fixture.cancel_at_start.store(false, Ordering::SeqCst);
    let task = fixture.accept("again").await;
    *fixture.refused_commit.lock().unwrap() = Some("run created");
    assert!(fixture.execute_task(&task).await.is_err());
}
