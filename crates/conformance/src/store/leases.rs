//! I6: which run may work on a shop, and which one waits.

use domain::plan::Facts;
use domain::{LineState, Outcome, Scope};
use sync::ports::{Acquired, Fence, HeldLease, LineUpdate, Queued, Sending, StateError, Store};

use super::fixtures::{lease, line, new_run, since, summary};

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
    assert_eq!(store.acquire(shop, &second.id, 60_000, None).await.unwrap(), busy);
    // Expired but not taken over: it may be renewed, and nothing may be sent before that.
    let late = Sending { batch: 1, sent_at: 30_000, send_before: 35_000, timeout_ms: 30 };
    assert_eq!(store.sent(&first.id, &old, &[0], late).await, Err(StateError::Fenced));
    store.renew(&old, 40_000).await.unwrap();
    store.sent(&first.id, &old, &[0], late).await.unwrap();

    let Acquired::Granted { fence, .. } = store
        .acquire(shop, &second.id, 70_000, Some(HeldLease { expires_at: 40_000, ..lease }))
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
    assert!(matches!(store.acquire(shop, &first.id, 60_000, None).await.unwrap(), Acquired::Granted { .. }));
}

/// I6: at most one follow-up waits.
pub async fn i6_one_request_waits_while_somebody_waits_for_it(store: &dyn Store) {
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
    assert_eq!(given_up.len(), 1);
}

/// I6: a lease is over for a process that has seen it unchanged, whatever the clocks say.
pub async fn i6_a_lease_is_over_for_whoever_saw_it_unchanged(store: &dyn Store) {
    let (first, second) = (new_run("1", Scope::All), new_run("2", Scope::All));
    let shop = &first.shop;
    store.acquire(shop, &first.id, 9_030_000, None).await.unwrap();
    let lease = HeldLease { token: 1, expires_at: 9_030_000 };
    let busy = |lease| Acquired::Busy { run: first.id.clone(), lease };
    assert_eq!(store.acquire(shop, &second.id, 31_000, None).await.unwrap(), busy(lease));
    let fence = Fence { shop: shop.clone(), token: 1 };
    store.renew(&fence, 9_035_000).await.unwrap();
    let renewed = HeldLease { expires_at: 9_035_000, ..lease };
    let seen = Some(lease);
    assert_eq!(store.acquire(shop, &second.id, 61_000, seen).await.unwrap(), busy(renewed), "it lives");
    let taken = store.acquire(shop, &second.id, 91_000, Some(renewed)).await.unwrap();
    assert!(matches!(taken, Acquired::Granted { .. }), "{taken:?}");

    store.queue(&first, 9_000_000, &since(0)).await.unwrap();
    assert_eq!(store.queue(&second, 1_000, &(900..=1_100)).await.unwrap(), Queued::Waiting);
    assert_eq!(store.abandoned(shop, &second.id, &(900..=1_100)).await.unwrap().len(), 1);
}
