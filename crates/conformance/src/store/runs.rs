//! I7: runs, their starts and their ends.

use domain::admission::good::COMPARED_MS;
use domain::run::RunSummary;
use domain::write::another_writer::AnotherWriter;
use domain::{Outcome, RunId, RunKind, RunName, Scope, ShopName, Sku, StartedBy, Starter, TaskStatus};
use sync::ports::{NewRun, Queued, RunFilter, Store};

use super::fixtures::{lease, new_run, since, summary};

/// I7: a run is recorded before it starts, starts once and ends once.
pub async fn i7_a_run_begins_once_and_ends_once(store: &dyn Store) {
    let run = new_run("r", Scope::Skus([Sku::parse("it's").unwrap(), Sku::parse("я").unwrap()].into()));
    assert_eq!(store.queue(&run, 1_500, &since(0)).await.unwrap(), Queued::Waiting);
    assert_eq!(store.get(&run.id).await.unwrap().unwrap().status, TaskStatus::Pending);
    let fence = lease(store, &run).await;
    store.start(&run, &fence, 2_000).await.unwrap();
    let record = store.get(&run.id).await.unwrap().unwrap();
    assert_eq!((&record.run, record.status, record.started_at), (&run, TaskStatus::Started, Some(2_000)));
    assert!(store.start(&run, &fence, 2_000).await.is_err(), "a run begins once");
    store.finish(&summary("r", Outcome::Partial, 9, 3_000), &fence).await.unwrap();
    let record = store.get(&run.id).await.unwrap().unwrap();
    assert_eq!((record.status, record.attempt), (TaskStatus::Success, 1));
    assert_eq!(record.summary, Some(summary("r", Outcome::Partial, 9, 3_000)));
    assert!(store.finish(&summary("r", Outcome::Failed, 9, 3_000), &fence).await.is_err(), "and ends once");
    assert!(store.finish(&summary("other", Outcome::Partial, 9, 3_000), &fence).await.is_err());
}

/// Runs are numbered from 1 as they are recorded, over all shops. A number is never given twice.
pub async fn runs_have_running_numbers(store: &dyn Store) {
    assert_eq!(store.named(&RunName::Last).await.unwrap(), None);
    for (id, shop, by, created_at) in [
        ("b", "default", StartedBy::Schedule, 100),
        ("a", "other", StartedBy::Api, 200),
        ("c", "third", StartedBy::Doctor, 300),
    ] {
        let starter = Starter { by, token: (by == StartedBy::Api).then(|| "backend".to_owned()) };
        let run = NewRun { shop: ShopName::new(shop), created_at, starter, ..new_run(id, Scope::All) };
        for _ in 0..2 {
            // Recording a run again changes nothing.
            store.queue(&run, created_at, &since(0)).await.unwrap();
        }
        assert_eq!(store.get(&run.id).await.unwrap().unwrap().run, run);
    }
    let id = async |name: &RunName| store.named(name).await.unwrap().map(|record| record.run.id.to_string());
    for (number, due) in
        [(1, Some("b")), (2, Some("a")), (3, Some("c")), (4, None), (0, None), (u64::MAX, None)]
    {
        assert_eq!(id(&RunName::Number(number)).await.as_deref(), due, "{number}");
    }
    assert_eq!(id(&RunName::Last).await.as_deref(), Some("a"), "the dry run of a check-up does not count");
    assert_eq!(id(&RunName::parse("C")).await.as_deref(), Some("c"));
    let by_schedule = RunFilter { started_by: Some(StartedBy::Schedule), limit: 9, ..RunFilter::default() };
    let listed = store.list(&by_schedule).await.unwrap();
    assert_eq!(listed.iter().map(|record| record.number).collect::<Vec<_>>(), [1]);
    for id in ["a", "b", "c"] {
        store.withdraw(&RunId::new(id), 400).await.unwrap();
    }
    while store.prune(500, 100).await.unwrap() > 0 {}
    let next = NewRun { created_at: 600, ..new_run("d", Scope::All) };
    store.queue(&next, 600, &since(0)).await.unwrap();
    assert_eq!(store.get(&next.id).await.unwrap().unwrap().number, 4);
}

/// I7: withdrawing a request ends it at once, but only if it has not started.
pub async fn i7_a_request_that_waits_can_be_withdrawn(store: &dyn Store) {
    let (first, second) = (new_run("1", Scope::All), new_run("2", Scope::All));
    store.queue(&first, 100, &since(0)).await.unwrap();
    store.withdraw(&first.id, 110).await.unwrap();
    assert_eq!(store.get(&first.id).await.unwrap().unwrap().status, TaskStatus::Revoked);
    assert_eq!(
        store.queue(&second, 120, &since(0)).await.unwrap(),
        Queued::Waiting,
        "no other request waits before it"
    );
    assert_eq!(store.abandoned(&first.shop, &second.id, &since(0)).await.unwrap(), []);
    let fence = lease(store, &second).await;
    store.start(&second, &fence, 130).await.unwrap();
    store.withdraw(&second.id, 140).await.unwrap();
    assert_eq!(store.get(&second.id).await.unwrap().unwrap().status, TaskStatus::Started);
    store.withdraw(&RunId::new("never recorded"), 140).await.unwrap();
}

/// Only unfiltered runs that went well tell the size of the warehouse. Their order does not depend on the clock. The
/// guard compares with the largest of a week.
pub async fn the_last_good_whole_run_is_what_the_guard_compares_with(store: &dyn Store) {
    let shop = ShopName::new("default");
    let baseline = async |shop: &ShopName, now| {
        let found = store.baseline(shop, now).await.unwrap();
        found.map(|found| (found.warehouse_skus, found.comparable))
    };
    assert_eq!(baseline(&shop, 10).await, None);
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
        let fence = lease(store, &run).await;
        store.start(&run, &fence, at).await.unwrap();
        store.finish(&summary(id, outcome, skus, at), &fence).await.unwrap();
        store.release(&fence).await.unwrap();
    }
    assert_eq!(baseline(&shop, 10).await, Some((90, 90)), "the first ended later, by the clock");
    assert_eq!(baseline(&shop, 1_000).await, Some((100, 100)), "the largest");
    assert_eq!(baseline(&shop, COMPARED_MS + 3).await, Some((100, 100)), "of a week");
    assert_eq!(baseline(&shop, COMPARED_MS + 1_001).await, Some((90, 90)), "else the last");
    assert_eq!(baseline(&ShopName::new("other"), 10).await, None);
    let of_outcome = async |outcome| {
        let filter = RunFilter { outcome: Some(outcome), limit: 9, ..RunFilter::default() };
        store.list(&filter).await.unwrap().len()
    };
    for (outcome, runs) in [(Outcome::Converged, 2), (Outcome::Partial, 1), (Outcome::Interrupted, 0)] {
        assert_eq!(of_outcome(outcome).await, runs, "{outcome}");
    }
    let newest = store.list(&RunFilter { shop: Some(shop), limit: 2, ..RunFilter::default() }).await.unwrap();
    assert_eq!(newest.len(), 2);
    let none = store
        .list(&RunFilter { shop: Some(ShopName::new("other")), limit: 2, ..RunFilter::default() })
        .await
        .unwrap();
    assert_eq!(none.len(), 0);
}

/// A prefix finds the runs whose ids begin with it, whatever characters it contains.
pub async fn runs_are_found_by_the_beginning_of_their_id(store: &dyn Store) {
    for (at, id) in [(1, "ab1"), (2, "ab2"), (3, "a%3"), (4, "AB4"), (5, "b")] {
        let mut run = new_run(id, Scope::All);
        (run.shop, run.created_at) = (ShopName::new(id), at);
        assert_eq!(store.queue(&run, at, &since(0)).await.unwrap(), Queued::Waiting);
    }
    for (prefix, limit, found) in
        [("ab", 9, vec!["ab2", "ab1"]), ("ab", 1, vec!["ab2"]), ("a%", 9, vec!["a%3"]), ("c", 9, vec![])]
    {
        let runs = store.beginning_with(prefix, limit).await.unwrap();
        let ids: Vec<&str> = runs.iter().map(|record| record.run.id.as_str()).collect();
        assert_eq!(ids, found, "{prefix}");
    }
}

/// What a run found of another program counts until a user lets a plan through, whatever other runs find.
pub async fn another_writer_is_remembered_until_a_plan_is_applied(store: &dyn Store) {
    let shop = ShopName::new("default");
    let found = |lines| Some(AnotherWriter { lines, of: 9 });
    let steps = [
        ("1", RunKind::Sync, Outcome::Converged, None, None),
        ("2", RunKind::Sync, Outcome::Partial, found(4), found(4)),
        ("3", RunKind::Sync, Outcome::HeldByGuard, None, found(4)),
        ("4", RunKind::Set, Outcome::Converged, None, found(4)),
        ("5", RunKind::Apply, Outcome::Failed, None, found(4)),
        ("6", RunKind::Apply, Outcome::Converged, None, None),
        ("7", RunKind::Set, Outcome::Partial, found(5), found(5)),
        ("8", RunKind::Apply, Outcome::Partial, found(6), found(6)),
        ("9", RunKind::Apply, Outcome::Partial, None, None),
    ];
    for (id, kind, outcome, own, due) in steps {
        let run = new_run(id, Scope::All);
        let fence = lease(store, &run).await;
        store.start(&run, &fence, 1).await.unwrap();
        let summary = RunSummary { kind, another_writer: own, ..summary(id, outcome, 1, 1) };
        store.finish(&summary, &fence).await.unwrap();
        store.release(&fence).await.unwrap();
        assert_eq!(store.another_writer(&shop).await.unwrap(), due, "after run {id}");
    }
    assert_eq!(store.another_writer(&ShopName::new("other")).await.unwrap(), None);
}

/// The first id stays, so that all processes of an installation have one.
pub async fn an_installation_keeps_its_id(store: &dyn Store) {
    assert_eq!(store.installation("first").await.unwrap(), "first");
    assert_eq!(store.installation("second").await.unwrap(), "first");
}
