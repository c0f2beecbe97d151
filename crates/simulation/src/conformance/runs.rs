//! I7: runs, their beginnings and their ends.

use domain::{Outcome, RunId, Scope, ShopName, Sku, TaskStatus};
use sync::ports::{Queued, RunFilter};

use super::State;
use super::fixtures::{lease, new_run, since, summary};

/// I7: a run is recorded before it begins, begins once and ends once.
pub async fn i7_a_run_begins_once_and_ends_once(state: &impl State) {
    let run = new_run("r", Scope::Skus([Sku::parse("it's").unwrap(), Sku::parse("я").unwrap()].into()));
    assert_eq!(state.queue(&run, 1_500, &since(0)).await.unwrap(), Queued::Waiting);
    assert_eq!(state.get(&run.id).await.unwrap().unwrap().status, TaskStatus::Pending);
    let fence = lease(state, &run).await;
    state.start(&run, &fence, 2_000).await.unwrap();
    let record = state.get(&run.id).await.unwrap().unwrap();
    assert_eq!((&record.run, record.status, record.started_at), (&run, TaskStatus::Started, Some(2_000)));
    assert!(state.start(&run, &fence, 2_000).await.is_err(), "a run begins once");
    state.finish(&summary("r", Outcome::Partial, 9, 3_000), &fence).await.unwrap();
    let record = state.get(&run.id).await.unwrap().unwrap();
    assert_eq!((record.status, record.attempt), (TaskStatus::Success, 1));
    assert_eq!(record.summary, Some(summary("r", Outcome::Partial, 9, 3_000)));
    assert!(state.finish(&summary("r", Outcome::Failed, 9, 3_000), &fence).await.is_err(), "and ends once");
    assert!(state.finish(&summary("other", Outcome::Partial, 9, 3_000), &fence).await.is_err());
}

/// I7: a request that nobody waits for any more has its end at once, and only where it has not begun.
pub async fn i7_a_request_that_waits_can_be_withdrawn(state: &impl State) {
    let (first, second) = (new_run("1", Scope::All), new_run("2", Scope::All));
    state.queue(&first, 100, &since(0)).await.unwrap();
    state.withdraw(&first.id, 110).await.unwrap();
    assert_eq!(state.get(&first.id).await.unwrap().unwrap().status, TaskStatus::Revoked);
    assert_eq!(
        state.queue(&second, 120, &since(0)).await.unwrap(),
        Queued::Waiting,
        "nobody waits before it"
    );
    assert_eq!(state.abandoned(&first.shop, &second.id, &since(0)).await.unwrap(), []);
    let fence = lease(state, &second).await;
    state.start(&second, &fence, 130).await.unwrap();
    state.withdraw(&second.id, 140).await.unwrap();
    assert_eq!(state.get(&second.id).await.unwrap().unwrap().status, TaskStatus::Started);
    state.withdraw(&RunId::new("never recorded"), 140).await.unwrap();
}

/// Only whole runs that went well say how large the warehouse is; which was the last does not hang on the clock.
pub async fn the_last_good_whole_run_is_what_the_guard_compares_with(state: &impl State) {
    let shop = ShopName::new("default");
    assert_eq!(state.last_good_warehouse_skus(&shop).await.unwrap(), None);
    let filtered = Scope::Skus([Sku::parse("a").unwrap()].into());
    let runs = [
        ("1", Outcome::Converged, Scope::All, 100, 1_000),
        ("2", Outcome::Partial, Scope::All, 90, 2),
        ("3", Outcome::HeldByGuard, Scope::All, 1, 3),
        ("4", Outcome::Failed, Scope::All, 2, 4),
        ("5", Outcome::Planned, Scope::All, 3, 5),
        ("6", Outcome::Converged, filtered, 4, 6),
    ];
    for (id, outcome, scope, skus, at) in runs {
        let run = new_run(id, scope);
        let fence = lease(state, &run).await;
        state.start(&run, &fence, at).await.unwrap();
        state.finish(&summary(id, outcome, skus, at), &fence).await.unwrap();
        state.release(&fence).await.unwrap();
    }
    assert_eq!(state.last_good_warehouse_skus(&shop).await.unwrap(), Some(90));
    assert_eq!(state.last_good_warehouse_skus(&ShopName::new("other")).await.unwrap(), None);
    let of_outcome = async |outcome| {
        let filter = RunFilter { outcome: Some(outcome), limit: 9, ..RunFilter::default() };
        state.list(&filter).await.unwrap().len()
    };
    for (outcome, runs) in [(Outcome::Converged, 2), (Outcome::Partial, 1), (Outcome::Interrupted, 0)] {
        assert_eq!(of_outcome(outcome).await, runs, "{outcome}");
    }
    let newest = state.list(&RunFilter { shop: Some(shop), limit: 2, ..RunFilter::default() }).await.unwrap();
    assert_eq!(newest.len(), 2);
    let none = state
        .list(&RunFilter { shop: Some(ShopName::new("other")), limit: 2, ..RunFilter::default() })
        .await
        .unwrap();
    assert_eq!(none.len(), 0);
}
