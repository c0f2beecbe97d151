//! Waiting for the shop: a place in the queue, and following a run that does the same work (I6).

use std::sync::atomic::Ordering;

use domain::RunId;
use sync::lease::LIFE_MS;
use sync::{TaskEnd, Work};

use super::world::World;

const SYNC: Work = Work::Sync { dry_run: false };

fn waited_for(world: &World) -> Vec<i64> {
    world.log().iter().filter_map(|entry| entry.strip_prefix("waited for at ")?.parse().ok()).collect()
}

/// Otherwise the next run takes it for given up, and it ends as stopped though nobody has stopped it.
#[tokio::test]
async fn a_request_keeps_its_place_while_it_follows_another_run() {
    let world = World::new(&[("a", 1)], &[("a", 2)]);
    world.begin("other", Work::Set { quantities: Vec::new() }).await;
    world.begin("same", SYNC).await;
    // Two seconds of the one, a minute of the other, which then is interrupted and has no end that answers for it.
    world.held.lock().unwrap().extend([(RunId::new("other"), 4), (RunId::new("same"), 120)]);
    world.sync(300).await;
    let waited = waited_for(&world);
    assert!(waited.windows(2).all(|two| two[1] - two[0] < LIFE_MS / 2), "{waited:?}");
    assert!(waited.last().is_some_and(|last| *last > 60_000), "{waited:?}");
}

#[tokio::test]
async fn a_request_that_only_follows_takes_no_place() {
    let world = World::new(&[("a", 1)], &[("a", 2)]);
    world.begin("same", SYNC).await;
    world.held.lock().unwrap().push_back((RunId::new("same"), 3));
    world.sync(300).await;
    assert_eq!(waited_for(&world), Vec::<i64>::new());
}

/// Between the look at a task and its beginning somebody may cancel it. It has its end then, and nobody has failed.
#[tokio::test]
async fn a_task_that_is_cancelled_right_before_it_begins_is_over() {
    let world = World::new(&[("a", 1)], &[("a", 2)]);
    let task = world.accept("task").await;
    world.cancelled_at_start.store(true, Ordering::SeqCst);
    assert_eq!(world.execute_task(&task).await, Ok(TaskEnd::Over));
    assert_eq!(world.count("write"), 0);

    // What else keeps it from beginning is told.
    world.cancelled_at_start.store(false, Ordering::SeqCst);
    let task = world.accept("again").await;
    *world.refuse_state.lock().unwrap() = Some("run created");
    assert!(world.execute_task(&task).await.is_err());
}
