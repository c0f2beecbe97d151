//! I6: which run may work on a shop, and which one waits.

use domain::admission::record::Work;
use domain::plan::Facts;
use domain::{LineState, Outcome, RunId, Scope, ShopName, Sku};
use sync::ports::{
    Accepted, Acquired, Fence, HeldLease, LineUpdate, NewRun, NewTask, Queued, Sending, StateError, Store,
};

use super::fixtures::{lease, line, new_run, nobody, since, summary};

/// I6: a lease has one holder at a time, and the fence rejects every older token.
pub async fn i6_a_lease_is_held_once_and_an_older_token_commits_nothing(store: &dyn Store) {
    let (first, second) = (new_run("1", Scope::All), new_run("2", Scope::All));
    let old = lease(store, &first).await;
    store.start(&first, &old, 1).await.unwrap();
    let facts = Facts::default();
    store.save_plan(&first.id, &old, &facts, &[line(0, "a"), line(1, "b")], &[]).await.unwrap();
    let shop = &first.shop;
    let lease = HeldLease { token: old.token, expires_at: 30_000 };
    let busy = Acquired::Busy { run: first.id.clone(), lease };
    assert_eq!(store.acquire(shop, &second.id, 60_000, None, &nobody()).await.unwrap(), busy);
    // Expired but not taken over: it may be renewed, and nothing may be sent before that.
    let late = Sending { batch: 1, sent_at: 30_000, send_before: 35_000, timeout_ms: 30 };
    assert_eq!(store.sent(&first.id, &old, &[0], late).await, Err(StateError::Fenced));
    assert_eq!(store.sent(&first.id, &old, &[], late).await, Err(StateError::Fenced), "of no line either");
    store.renew(&old, 40_000).await.unwrap();
    store.sent(&first.id, &old, &[], late).await.unwrap();
    store.sent(&first.id, &old, &[0], late).await.unwrap();

    let Acquired::Granted { fence, .. } = store
        .acquire(shop, &second.id, 70_000, Some(HeldLease { expires_at: 40_000, ..lease }), &nobody())
        .await
        .unwrap()
    else {
        panic!("the lease was seen to be over");
    };
    assert!(fence.token > old.token);
    let late = Sending { batch: 2, sent_at: 40_001, send_before: 45_000, timeout_ms: 30 };
    let update = LineUpdate { seq: 0, state: LineState::Acked, level_after: None, detail: None };
    assert_eq!(store.renew(&old, 80_000).await, Err(StateError::Fenced));
    assert_eq!(store.sent(&first.id, &old, &[1], late).await, Err(StateError::Fenced));
    assert_eq!(store.update(&first.id, &old, 40_001, &[update], &[]).await, Err(StateError::Fenced));
    assert_eq!(store.save_plan(&first.id, &old, &facts, &[], &[]).await, Err(StateError::Fenced));
    assert_eq!(store.finish(&summary("1", Outcome::Converged, 1, 2), &old).await, Err(StateError::Fenced));
    assert_eq!(store.start(&second, &old, 1).await, Err(StateError::Fenced));
    let states: Vec<_> = store.lines(&first.id).await.unwrap().iter().map(|line| line.state).collect();
    assert_eq!(states, [LineState::Sent, LineState::Planned]);
    let open = store.abandoned(shop, &second.id, &since(0)).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].run.id, first.id);
    store.release(&old).await.unwrap();
    store.renew(&fence, 90_000).await.unwrap();
    store.release(&fence).await.unwrap();
    assert!(matches!(
        store.acquire(shop, &first.id, 60_000, None, &nobody()).await.unwrap(),
        Acquired::Granted { .. }
    ));
}

/// I6: one run works, at most one follow-up waits. It keeps its place as long as its process says so.
pub async fn i6_one_request_waits_while_somebody_waits_for_it(store: &dyn Store) {
    let works = new_run("0", Scope::All);
    let fence = lease(store, &works).await;
    store.start(&works, &fence, 1).await.unwrap();
    let (first, second) = (new_run("1", Scope::All), new_run("2", Scope::All));
    assert_eq!(store.queue(&first, 100, &since(0)).await.unwrap(), Queued::Waiting);
    assert!(
        matches!(store.queue(&second, 110, &since(100)).await.unwrap(), Queued::AnotherWaits(other) if other.run == first)
    );
    assert_eq!(store.queue(&first, 200, &since(0)).await.unwrap(), Queued::Waiting, "still");
    assert!(matches!(store.queue(&second, 210, &since(200)).await.unwrap(), Queued::AnotherWaits(_)));
    assert_eq!(
        store.queue(&second, 300, &since(201)).await.unwrap(),
        Queued::Waiting,
        "the process of the first is gone"
    );
    let given_up = store.abandoned(&first.shop, &second.id, &since(201)).await.unwrap();
    assert_eq!(given_up.iter().map(|record| &record.run.id).collect::<Vec<_>>(), [&works.id, &first.id]);
    assert_eq!(turn(store, &first, 301).await, Err(second.id.clone()), "it has lost its place");
    assert!(
        matches!(store.queue(&first, 302, &since(301)).await.unwrap(), Queued::Waiting),
        "one place is free"
    );
    assert_eq!(turn(store, &first, 303).await, Err(second.id.clone()), "and it stands behind now");
}

/// Whether `run` gets the shop at `now`; else the run that goes first. The lease is given back at once. Processes that
/// were heard of in the last 50 milliseconds are alive. Any lease that is held counts as over.
async fn turn(store: &dyn Store, run: &NewRun, now: i64) -> Result<(), RunId> {
    let mut lapsed = None;
    loop {
        let alive = now - 50..=now + 50;
        match store.acquire(&run.shop, &run.id, now + 30_000, lapsed, &alive).await.unwrap() {
            Acquired::Busy { lease, .. } => lapsed = Some(lease),
            Acquired::Behind(first) => return Err(first),
            Acquired::Granted { fence, .. } => {
                store.release(&fence).await.unwrap();
                return Ok(());
            }
        }
    }
}

/// I6: the run that came first goes first, whatever it is and whatever the clock says. Else a later command to set a
/// level could run first, and the earlier one would have the last word.
pub async fn i6_who_came_first_goes_first(store: &dyn Store) {
    let works = new_run("sync", Scope::All);
    let fence = lease(store, &works).await;
    store.start(&works, &fence, 1).await.unwrap();
    let set = |id: &str, units, created_at| NewRun {
        work: Work::Set { quantities: vec![(Sku::parse("S").unwrap(), units)] },
        created_at,
        ..new_run(id, Scope::All)
    };
    let (first, second) = (set("set 100", 100, 500), set("set 0", 0, 400));
    assert_eq!(store.queue(&first, 1_000, &since(900)).await.unwrap(), Queued::Waiting);
    store.finish(&summary("sync", Outcome::Converged, 1, 1_010), &fence).await.unwrap();
    store.release(&fence).await.unwrap();

    assert_eq!(turn(store, &second, 1_020).await, Err(first.id.clone()), "it has just arrived");
    assert_eq!(store.queue(&second, 1_020, &since(900)).await.unwrap(), Queued::Waiting);
    assert_eq!(turn(store, &second, 1_030).await, Err(first.id.clone()), "by a clock that was turned back");
    let third = set("third", 1, 300);
    assert!(matches!(store.queue(&third, 1_030, &since(900)).await.unwrap(), Queued::AnotherWaits(_)));
    assert_eq!(turn(store, &third, 1_030).await, Err(first.id.clone()));
    assert_eq!(turn(store, &first, 1_030).await, Ok(()));
    assert_eq!(turn(store, &second, 1_060).await, Ok(()), "the process of the first is gone");
    store.withdraw(&first.id, 1_060).await.unwrap();
    store.withdraw(&second.id, 1_060).await.unwrap();
    assert_eq!(turn(store, &third, 1_060).await, Ok(()), "nobody waits any more");
    let elsewhere = NewRun { shop: ShopName::new("other"), ..set("elsewhere", 1, 1) };
    assert_eq!(store.queue(&elsewhere, 1_060, &since(900)).await.unwrap(), Queued::Waiting);
    assert_eq!(turn(store, &third, 1_060).await, Ok(()), "the queue of another shop");
}

/// I6: tasks stand in the same queue. One keeps its place while a process wants the shop for it: the service that
/// accepted it, that works on the task before it, or that is started anew.
pub async fn i6_a_task_goes_first_while_a_service_waits_for_it(store: &dyn Store) {
    let task = |id: &str, at| NewTask {
        run: NewRun { durable: true, created_at: at, ..new_run(id, Scope::All) },
        slot: None,
        key: None,
    };
    let works = task("works", 1_000);
    let mut next = task("next", 1_000);
    next.run.work = Work::Plan;
    let by_hand = NewRun { created_at: 10, ..new_run("by hand", Scope::All) };
    assert_eq!(store.accept(&works, 1_000, &since(0)).await.unwrap(), Accepted::New);
    assert_eq!(turn(store, &by_hand, 1_010).await, Err(works.run.id.clone()), "it was just accepted");
    assert_eq!(store.accept(&next, 1_000, &since(0)).await.unwrap(), Accepted::New);
    assert_eq!(turn(store, &next.run, 1_010).await, Err(works.run.id.clone()));
    assert_eq!(turn(store, &by_hand, 2_000).await, Ok(()), "no service is there");

    let fence = lease(store, &works.run).await;
    store.start(&works.run, &fence, 2_000).await.unwrap();
    store.renew(&fence, 2_000 + 30_000).await.unwrap();
    assert_eq!(turn(store, &by_hand, 2_010).await, Err(next.run.id.clone()), "the service takes it up next");
    assert_eq!(turn(store, &by_hand, 2_100).await, Ok(()), "the service died");
    assert_eq!(store.queue(&works.run, 2_100, &since(2_050)).await.unwrap(), Queued::Waiting);
    assert_eq!(turn(store, &by_hand, 2_110).await, Err(works.run.id.clone()), "a service takes it over");
    assert_eq!(turn(store, &works.run, 2_110).await, Ok(()));

    let fence = lease(store, &works.run).await;
    store.renew(&fence, 3_000 + 30_000).await.unwrap();
    store.hand_back(&works.run.id, &fence).await.unwrap();
    store.release(&fence).await.unwrap();
    assert_eq!(turn(store, &by_hand, 3_010).await, Err(works.run.id.clone()), "the service starts anew");
    assert_eq!(turn(store, &by_hand, 3_100).await, Ok(()), "it does not");

    store.cancel(&works.run.id, 3_100).await.unwrap();
    store.cancel(&next.run.id, 3_100).await.unwrap();
    let writes = task("writes", 4_000);
    store.accept(&writes, 4_000, &since(0)).await.unwrap();
    assert_eq!(turn(store, &by_hand, 4_010).await, Err(writes.run.id.clone()));
    store.pause(&by_hand.shop, 4_010).await.unwrap();
    assert_eq!(turn(store, &by_hand, 4_010).await, Ok(()), "it does not start while the shop is paused");
    let open = store.open_tasks().await.unwrap();
    assert_eq!(open.iter().map(|record| &record.run.id).collect::<Vec<_>>(), [&writes.run.id]);
}

/// I6: a lease is over for a process that has seen it unchanged, whatever the clocks say.
pub async fn i6_a_lease_is_over_for_whoever_saw_it_unchanged(store: &dyn Store) {
    let (first, second) = (new_run("1", Scope::All), new_run("2", Scope::All));
    let shop = &first.shop;
    store.acquire(shop, &first.id, 9_030_000, None, &nobody()).await.unwrap();
    let lease = HeldLease { token: 1, expires_at: 9_030_000 };
    let busy = |lease| Acquired::Busy { run: first.id.clone(), lease };
    assert_eq!(store.acquire(shop, &second.id, 31_000, None, &nobody()).await.unwrap(), busy(lease));
    let fence = Fence { shop: shop.clone(), token: 1 };
    store.renew(&fence, 9_035_000).await.unwrap();
    let renewed = HeldLease { expires_at: 9_035_000, ..lease };
    let seen = Some(lease);
    assert_eq!(
        store.acquire(shop, &second.id, 61_000, seen, &nobody()).await.unwrap(),
        busy(renewed),
        "it lives"
    );
    let taken = store.acquire(shop, &second.id, 91_000, Some(renewed), &nobody()).await.unwrap();
    assert!(matches!(taken, Acquired::Granted { .. }), "{taken:?}");

    store.queue(&first, 9_000_000, &since(0)).await.unwrap();
    assert_eq!(store.queue(&second, 1_000, &(900..=1_100)).await.unwrap(), Queued::Waiting);
    assert_eq!(store.abandoned(shop, &second.id, &(900..=1_100)).await.unwrap().len(), 1);
}
