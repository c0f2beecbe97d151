//! Waiting for the shop: a place in the queue, and following a run that does the same work (I6).

use std::sync::atomic::Ordering;

use domain::{Policy, RunId, RunKind, Scope, ShopName, TaskStatus};
use sync::Worked;
use sync::lease::LIFE_MS;
use sync::ports::{NewRun, RunRecord};

use super::world::World;

fn under_way(id: &str, kind: RunKind) -> RunRecord {
    let run = NewRun {
        id: RunId::new(id),
        shop: ShopName::new("default"),
        kind,
        dry_run: false,
        scope: Scope::All,
        policy: Policy::default(),
        plan: None,
        quantities: Vec::new(),
        durable: false,
        created_at: 0,
    };
    RunRecord {
        run,
        status: TaskStatus::Started,
        attempt: 1,
        deaths: 0,
        cancel_asked: false,
        started_at: Some(0),
        facts: None,
        summary: None,
    }
}

fn waited_for(world: &World) -> Vec<i64> {
    world.log().iter().filter_map(|entry| entry.strip_prefix("waited for at ")?.parse().ok()).collect()
}

/// Otherwise the next run takes it for given up, and it ends as stopped though nobody has stopped it.
#[tokio::test]
async fn a_request_keeps_its_place_while_it_follows_another_run() {
    let world = World::new(&[("a", 1)], &[("a", 2)]);
    let (other, same) = (under_way("other", RunKind::Set), under_way("same", RunKind::Sync));
    for record in [other, same] {
        world.runs.lock().unwrap().insert(record.run.id.clone(), record);
    }
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
    let same = under_way("same", RunKind::Sync);
    world.runs.lock().unwrap().insert(same.run.id.clone(), same);
    world.held.lock().unwrap().push_back((RunId::new("same"), 3));
    world.sync(300).await;
    assert_eq!(waited_for(&world), Vec::<i64>::new());
}

/// Between the look at a task and its beginning somebody may cancel it. It has its end then, and nobody has failed.
#[tokio::test]
async fn a_task_that_is_cancelled_right_before_it_begins_is_over() {
    let world = World::new(&[("a", 1)], &[("a", 2)]);
    let mut waits = under_way("task", RunKind::Sync);
    waits.run.durable = true;
    (waits.status, waits.started_at) = (TaskStatus::Pending, None);
    let task = waits.run.clone();
    world.runs.lock().unwrap().insert(task.id.clone(), waits);
    world.cancelled_at_start.store(true, Ordering::SeqCst);
    assert_eq!(world.work_off(&task).await, Ok(Worked::Over));
    assert_eq!(world.count("write"), 0);

    // What else keeps it from beginning is told.
    world.cancelled_at_start.store(false, Ordering::SeqCst);
    world.runs.lock().unwrap().get_mut(&task.id).unwrap().status = TaskStatus::Pending;
    *world.refuse_state.lock().unwrap() = Some("run created");
    assert!(world.work_off(&task).await.is_err());
}
