//! What every implementation of the state ports must do: one suite, run over memory and over SQLite, so that the
//! simulation's memory is honest.
//!
//! Each function takes an empty state and panics where a promise of the ports is broken.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a broken promise must stop the test that runs the suite"
)]

use domain::plan::{Change, Facts};
use domain::report::Counters;
use domain::run::RunSummary;
use domain::skip::Skip;
use domain::{
    Delta, InventoryItemId, Level, Line, LineState, ListingKey, Outcome, Policy, ProductId, RunId, RunKind,
    Scope, ShopName, SkipReason, Sku, SoldOut, Target, TaskStatus, VariantId,
};
use sync::ports::{
    Acquired, Fence, Journal, Leases, LineRecord, LineUpdate, NewRun, Queued, RunFilter, Runs, Sending,
    StateError,
};

/// All ports of one state database.
pub trait State: Runs + Leases + Journal {}

impl<T: Runs + Leases + Journal> State for T {}

fn new_run(id: &str, scope: Scope) -> NewRun {
    NewRun {
        id: RunId::new(id),
        shop: ShopName::new("default"),
        kind: RunKind::Sync,
        dry_run: false,
        scope,
        policy: Policy { sold_out: SoldOut::Ignore },
        plan: Some(RunId::new("earlier")),
        created_at: 1_000,
    }
}

async fn lease(state: &impl State, run: &NewRun) -> Fence {
    match state.acquire(&run.shop, &run.id, 0, 30_000).await.unwrap() {
        Acquired::Granted { fence, .. } => fence,
        busy @ Acquired::Busy { .. } => panic!("{busy:?}"),
    }
}

fn summary(id: &str, outcome: Outcome, warehouse_skus: u64, finished_at: i64) -> RunSummary {
    RunSummary {
        run_id: RunId::new(id),
        shop: ShopName::new("default"),
        kind: RunKind::Sync,
        dry_run: false,
        outcome,
        failure: None,
        trips: Vec::new(),
        facts: Facts { warehouse_skus, ..Facts::default() },
        counters: Counters::default(),
        skipped_total: 0,
        skipped_by_reason: [(SkipReason::Untracked, 3)].into(),
        skipped: Vec::new(),
        errors: Vec::new(),
        notes_total: 0,
        notes: Vec::new(),
        batches: 0,
        requests: 7,
        duration_ms: 5,
        finished_at,
        state: String::new(),
    }
}

fn line(seq: u32, sku: &str) -> LineRecord {
    let change = Change {
        sku: Sku::parse(sku).unwrap(),
        key: ListingKey { product: ProductId::new("p"), variant: VariantId::unmanaged() },
        inventory_item: InventoryItemId::new("i"),
        level: Level::new(-3).unwrap(),
        target: Target::new(7).unwrap(),
        delta: Delta::new(10).unwrap(),
    };
    LineRecord {
        line: Line { seq, retry_of: None, change },
        state: LineState::Planned,
        sending: None,
        answered_at: None,
        level_after: None,
        detail: None,
    }
}

/// Lines come back as they were written, and change all or none.
pub async fn lines_keep_every_value_and_change_all_or_none(state: &impl State) {
    let run = new_run("r", Scope::All);
    let fence = lease(state, &run).await;
    state.start(&run, &fence, 1).await.unwrap();
    let facts = Facts { warehouse_skus: 5, ..Facts::default() };
    // More rows than one INSERT takes.
    let lines: Vec<LineRecord> = (0..4_321).map(|seq| line(seq, &format!("sku '{seq}' 🙂"))).collect();
    let skips: Vec<Skip> = (0..2_500)
        .map(|n| Skip { sku: format!("skip {n}").into(), reason: SkipReason::DuplicateSku })
        .collect();
    state.save_plan(&run.id, &fence, &facts, &lines, &skips).await.unwrap();
    assert_eq!(state.get(&run.id).await.unwrap().unwrap().facts, Some(facts));
    assert_eq!(state.lines(&run.id).await.unwrap(), lines);
    assert_eq!(state.skips(&run.id).await.unwrap(), skips);

    let sending = Sending { batch: 1, sent_at: 10, send_before: 20, timeout_ms: 30 };
    state.sent(&run.id, &fence, &[0, 1], sending).await.unwrap();
    let twice = state.sent(&run.id, &fence, &[2, 1], sending).await;
    assert!(twice.is_err(), "line 1 is on its way already");
    let after = state.lines(&run.id).await.unwrap();
    assert_eq!((after[1].state, after[1].sending), (LineState::Sent, Some(sending)));
    assert_eq!(after[2].state, LineState::Planned, "a refused commit leaves nothing behind");

    let update = |seq| LineUpdate {
        seq,
        state: LineState::Verified,
        level_after: Level::new(7),
        detail: Some("x".to_owned()),
    };
    assert!(state.update(&run.id, &fence, 30, &[update(0), update(99_999)], &[]).await.is_err());
    assert_eq!(state.lines(&run.id).await.unwrap()[0].state, LineState::Sent);
    let again =
        LineRecord { line: Line { seq: 4_321, retry_of: Some(0), ..line(0, "a").line }, ..line(0, "a") };
    state.update(&run.id, &fence, 30, &[update(0)], std::slice::from_ref(&again)).await.unwrap();
    let mut lines = state.lines(&run.id).await.unwrap();
    assert_eq!(lines.pop(), Some(again));
    let record = lines.swap_remove(0);
    assert_eq!(record.answered_at, Some(30));
    assert_eq!((record.state, record.level_after), (LineState::Verified, Level::new(7)));
    assert_eq!(record.detail.as_deref(), Some("x"));
}

/// Only whole runs that went well say how large the warehouse is.
pub async fn the_last_good_whole_run_is_what_the_guard_compares_with(state: &impl State) {
    let shop = ShopName::new("default");
    assert_eq!(state.last_good_warehouse_skus(&shop).await.unwrap(), None);
    let filtered = Scope::Skus([Sku::parse("a").unwrap()].into());
    let runs = [
        ("1", Outcome::Converged, Scope::All, 100, 1),
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
    let newest = state.list(&RunFilter { shop: Some(shop), limit: 2 }).await.unwrap();
    assert_eq!(newest.len(), 2);
    let none = state.list(&RunFilter { shop: Some(ShopName::new("other")), limit: 2 }).await.unwrap();
    assert_eq!(none.len(), 0);
}

/// I6: one holder at a time, and a fence that shuts out every older one.
pub async fn i6_a_lease_is_held_once_and_an_older_token_commits_nothing(state: &impl State) {
    let (first, second) = (new_run("1", Scope::All), new_run("2", Scope::All));
    let old = lease(state, &first).await;
    state.start(&first, &old, 1).await.unwrap();
    let facts = Facts::default();
    state.save_plan(&first.id, &old, &facts, &[line(0, "a"), line(1, "b")], &[]).await.unwrap();
    let shop = &first.shop;
    let busy = Acquired::Busy { run: first.id.clone() };
    assert_eq!(state.acquire(shop, &second.id, 29_999, 60_000).await.unwrap(), busy);
    // Over and not taken: it may be renewed, and nothing may be sent before that.
    let late = Sending { batch: 1, sent_at: 30_000, send_before: 35_000, timeout_ms: 30 };
    assert_eq!(state.sent(&first.id, &old, &[0], late).await, Err(StateError::Fenced));
    state.renew(&old, 40_000).await.unwrap();
    state.sent(&first.id, &old, &[0], late).await.unwrap();

    let Acquired::Granted { fence, .. } = state.acquire(shop, &second.id, 40_000, 70_000).await.unwrap()
    else {
        panic!("the lease was over");
    };
    assert!(fence.token > old.token);
    let late = Sending { batch: 2, sent_at: 40_001, send_before: 45_000, timeout_ms: 30 };
    let update = LineUpdate { seq: 0, state: LineState::Acked, level_after: None, detail: None };
    assert_eq!(state.renew(&old, 80_000).await, Err(StateError::Fenced));
    assert_eq!(state.sent(&first.id, &old, &[1], late).await, Err(StateError::Fenced));
    assert_eq!(state.update(&first.id, &old, 40_001, &[update], &[]).await, Err(StateError::Fenced));
    assert_eq!(state.save_plan(&first.id, &old, &facts, &[], &[]).await, Err(StateError::Fenced));
    assert_eq!(state.finish(&summary("1", Outcome::Converged, 1, 2), &old).await, Err(StateError::Fenced));
    assert_eq!(state.start(&second, &old, 1).await, Err(StateError::Fenced));
    let states: Vec<_> = state.lines(&first.id).await.unwrap().iter().map(|line| line.state).collect();
    assert_eq!(states, [LineState::Sent, LineState::Planned]);
    let open = state.abandoned(shop, &second.id, 0).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].run.id, first.id);
    state.release(&old).await.unwrap();
    state.renew(&fence, 90_000).await.unwrap();
    state.release(&fence).await.unwrap();
    assert!(matches!(
        state.acquire(shop, &first.id, 50_000, 60_000).await.unwrap(),
        Acquired::Granted { .. }
    ));
}

/// I6: at most one follow-up waits.
pub async fn i6_one_request_waits_while_somebody_waits_for_it(state: &impl State) {
    let (first, second) = (new_run("1", Scope::All), new_run("2", Scope::All));
    assert_eq!(state.queue(&first, 100, 0).await.unwrap(), Queued::Waiting);
    assert!(
        matches!(state.queue(&second, 110, 100).await.unwrap(), Queued::AnotherWaits(other) if other.run == first)
    );
    assert_eq!(state.queue(&first, 200, 0).await.unwrap(), Queued::Waiting, "still");
    assert!(matches!(state.queue(&second, 210, 200).await.unwrap(), Queued::AnotherWaits(_)));
    assert_eq!(state.queue(&second, 300, 201).await.unwrap(), Queued::Waiting, "nobody waits for the first");
    let given_up = state.abandoned(&first.shop, &second.id, 201).await.unwrap();
    assert_eq!(given_up.len(), 1);
}

/// I7: a request that nobody waits for any more has its end at once, and only where it has not begun.
pub async fn i7_a_request_that_waits_can_be_withdrawn(state: &impl State) {
    let (first, second) = (new_run("1", Scope::All), new_run("2", Scope::All));
    state.queue(&first, 100, 0).await.unwrap();
    state.withdraw(&first.id, 110).await.unwrap();
    assert_eq!(state.get(&first.id).await.unwrap().unwrap().status, TaskStatus::Revoked);
    assert_eq!(state.queue(&second, 120, 0).await.unwrap(), Queued::Waiting, "nobody waits before it");
    assert_eq!(state.abandoned(&first.shop, &second.id, 0).await.unwrap(), []);
    let fence = lease(state, &second).await;
    state.start(&second, &fence, 130).await.unwrap();
    state.withdraw(&second.id, 140).await.unwrap();
    assert_eq!(state.get(&second.id).await.unwrap().unwrap().status, TaskStatus::Started);
    state.withdraw(&RunId::new("never recorded"), 140).await.unwrap();
}

/// I6: what a clock that has been turned back since has written keeps nobody waiting for longer than usual.
pub async fn i6_a_clock_that_was_turned_back_keeps_nobody_out(state: &impl State) {
    let (first, second) = (new_run("1", Scope::All), new_run("2", Scope::All));
    let shop = &first.shop;
    state.acquire(shop, &first.id, 9_000_000, 9_030_000).await.unwrap();
    let busy = Acquired::Busy { run: first.id.clone() };
    assert_eq!(state.acquire(shop, &second.id, 1_000, 31_000).await.unwrap(), busy);
    assert_eq!(state.acquire(shop, &second.id, 30_999, 60_999).await.unwrap(), busy);
    let taken = state.acquire(shop, &second.id, 31_000, 61_000).await.unwrap();
    assert!(matches!(taken, Acquired::Granted { .. }), "{taken:?}");

    state.queue(&first, 9_000_000, 0).await.unwrap();
    assert!(matches!(state.queue(&second, 1_000, 900).await.unwrap(), Queued::AnotherWaits(_)));
    assert_eq!(state.queue(&second, 31_001, 1_001).await.unwrap(), Queued::Waiting);
}

/// What went out lately is known until no read can lag behind it.
pub async fn a_write_stays_recent_until_nothing_of_it_can_land(state: &impl State) {
    let run = new_run("1", Scope::All);
    let fence = lease(state, &run).await;
    state.start(&run, &fence, 1).await.unwrap();
    let lines = [line(0, "a"), line(1, "b")];
    state.save_plan(&run.id, &fence, &Facts::default(), &lines, &[]).await.unwrap();
    let sending = Sending { batch: 1, sent_at: 10, send_before: 15, timeout_ms: 30 };
    state.sent(&run.id, &fence, &[0], sending).await.unwrap();
    let recent = state.recent_writes(&run.shop, 44).await.unwrap();
    assert_eq!(recent.len(), 1);
    assert_eq!((recent[0].sending, recent[0].answered_at), (sending, None));
    assert_eq!(recent[0].quiet_at(20), 45);
    assert_eq!(recent[0].quiet_at(-90_000), -90_000 + 5_030, "the clock was turned back");
    assert_eq!(state.recent_writes(&run.shop, 45).await.unwrap(), []);
    let update = LineUpdate { seq: 0, state: LineState::Acked, level_after: None, detail: None };
    state.update(&run.id, &fence, 52, &[update], &[]).await.unwrap();
    assert_eq!(state.recent_writes(&run.shop, 51).await.unwrap()[0].quiet_at(60), 52);
    assert_eq!(state.recent_writes(&run.shop, 52).await.unwrap(), []);
    assert_eq!(state.recent_writes(&ShopName::new("other"), 0).await.unwrap(), []);
}

/// I7: a run is recorded before it begins, begins once and ends once.
pub async fn i7_a_run_begins_once_and_ends_once(state: &impl State) {
    let run = new_run("r", Scope::Skus([Sku::parse("it's").unwrap(), Sku::parse("я").unwrap()].into()));
    assert_eq!(state.queue(&run, 1_500, 0).await.unwrap(), Queued::Waiting);
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
