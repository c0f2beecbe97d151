//! Figures of a shop, and what earlier attempts did.

use domain::admission::record::Work;
use domain::plan::Facts;
use domain::{LineState, Outcome, RunKind, Scope, ShopName, Sku, StartedBy, Starter};
use sync::ports::{
    Accepted, EarlierAttempt, Figures, LineUpdate, NewRun, NewTask, Slot, Store, Throttling, WindowLimit,
};

use super::fixtures::{lease, line, new_run, since, summary};

fn task(id: &str, scope: Scope, created_at: i64) -> NewTask {
    NewTask { run: NewRun { durable: true, created_at, ..new_run(id, scope) }, slot: None, key: None }
}

/// A mark can be overwritten any number of times.
pub async fn a_mark_can_be_written_over_and_over(store: &dyn Store) {
    for now in [1_000, 2_000, 500] {
        store.probe_write(now).await.unwrap();
    }
}

/// A task waits from the moment when it could have started. It does not count as waiting while its shop is busy or
/// paused.
pub async fn a_task_waits_since_it_could_be_begun(store: &dyn Store) {
    let first = task("1", Scope::All, 1_000);
    let second = task("2", Scope::Skus([Sku::parse("A").unwrap()].into()), 2_000);
    for task in [&first, &second] {
        assert_eq!(store.accept(task, 2_000, &since(0)).await.unwrap(), Accepted::New);
    }
    let shop = &first.run.shop;
    let waiting = async |now| store.figures(shop, now).await.unwrap().waiting_since;
    assert_eq!(waiting(90_000).await, Some(1_000), "no run has had the shop");

    let fence = lease(store, &first.run).await;
    store.start(&first.run, &fence, 90_000).await.unwrap();
    store.renew(&fence, 430_000).await.unwrap();
    assert_eq!(waiting(410_000).await, None);
    store.finish(&summary("1", Outcome::Converged, 0, 410_000), &fence).await.unwrap();
    store.release(&fence).await.unwrap();
    assert_eq!(waiting(410_001).await, Some(410_001), "the shop has just become free");
    assert_eq!(waiting(900_000).await, Some(430_000));
    assert_eq!(waiting(200_000).await, Some(2_000), "the lease is of a clock that was turned back");

    store.pause(shop, 900_000).await.unwrap();
    assert_eq!(waiting(2_000_000).await, None, "it may not start");
    store.resume(shop, 2_000_000).await.unwrap();
    assert_eq!(waiting(2_000_001).await, Some(2_000_000));
    store.resume(shop, 3_000_000).await.unwrap();
    assert_eq!(waiting(3_000_000).await, Some(2_000_000), "it was not paused");
    store.cancel(&second.run.id, 3_000_000).await.unwrap();
    let mut dry = task("3", Scope::All, 800_000);
    dry.run.work = Work::Sync { dry_run: true };
    assert_eq!(store.accept(&dry, 800_000, &since(0)).await.unwrap(), Accepted::New);
    store.pause(shop, 3_000_000).await.unwrap();
    assert_eq!(waiting(3_000_000).await, Some(800_000), "no pause keeps what writes nothing");
}

/// Counters must never decrease, because monitoring would take that for a restart.
pub async fn ended_runs_stay_counted_when_they_are_pruned(store: &dyn Store) {
    for (id, outcome) in [("1", Outcome::Converged), ("2", Outcome::Partial), ("3", Outcome::Converged)] {
        let run = new_run(id, Scope::All);
        let fence = lease(store, &run).await;
        store.start(&run, &fence, 1_000).await.unwrap();
        store.finish(&summary(id, outcome, 0, 2_000), &fence).await.unwrap();
        store.release(&fence).await.unwrap();
    }
    let mut plan = task("4", Scope::All, 1_000);
    plan.run.work = Work::Plan;
    plan.run.starter = Starter { by: StartedBy::Api, token: Some("backend".to_owned()) };
    assert_eq!(store.accept(&plan, 1_000, &since(0)).await.unwrap(), Accepted::New);
    store.cancel(&plan.run.id, 2_000).await.unwrap();
    let counted = async || {
        let mut ended = store.figures(&plan.run.shop, 9_000).await.unwrap().ended_runs;
        ended.sort_unstable();
        ended
    };
    let ended = [
        (RunKind::Sync, Outcome::Converged, StartedBy::CommandLine, 2),
        (RunKind::Sync, Outcome::Partial, StartedBy::CommandLine, 1),
        (RunKind::Plan, Outcome::Interrupted, StartedBy::Api, 1),
    ];
    assert_eq!(counted().await, ended);
    while store.prune(5_000, 100).await.unwrap() > 0 {}
    assert_eq!(store.get(&plan.run.id).await.unwrap(), None);
    assert_eq!(counted().await, ended);
}

/// A run with lines that are open went well, but it is not the last one of which nothing was left open.
pub async fn a_partial_run_is_not_the_last_that_converged(store: &dyn Store) {
    let shop = ShopName::new("default");
    for (id, outcome, at) in [("1", Outcome::Converged, 2_000), ("2", Outcome::Partial, 3_000)] {
        let run = new_run(id, Scope::All);
        let fence = lease(store, &run).await;
        store.start(&run, &fence, 1_000).await.unwrap();
        store.finish(&summary(id, outcome, 5, at), &fence).await.unwrap();
        store.release(&fence).await.unwrap();
    }
    let figures = store.figures(&shop, 4_000).await.unwrap();
    assert_eq!((figures.last_good_at, figures.last_converged_at), (Some(3_000), Some(2_000)));
}

/// A dry run of a check-up is no run of the user's.
pub async fn runs_of_check_ups_are_not_counted(store: &dyn Store) {
    let mut dry = task("1", Scope::All, 1_000);
    dry.run.work = Work::Sync { dry_run: true };
    dry.run.starter = Starter { by: StartedBy::Doctor, token: None };
    assert_eq!(store.accept(&dry, 1_000, &since(0)).await.unwrap(), Accepted::New);
    store.cancel(&dry.run.id, 2_000).await.unwrap();
    assert_eq!(store.figures(&dry.run.shop, 9_000).await.unwrap().ended_runs, []);
}

/// The figures of a shop include nothing of other shops.
pub async fn figures_tell_how_a_shop_stands(store: &dyn Store) {
    let (shop, other) = (ShopName::new("default"), ShopName::new("other"));
    assert_eq!(store.figures(&shop, 1_000).await.unwrap(), Figures::default());
    let good = new_run("good", Scope::All);
    let fence = lease(store, &good).await;
    store.start(&good, &fence, 1_000).await.unwrap();
    // This also holds if the warehouse was empty: the guard ignores such a run, but the shop is in step.
    store.finish(&summary("good", Outcome::Partial, 5, 2_000), &fence).await.unwrap();
    store.release(&fence).await.unwrap();
    let failed = new_run("failed", Scope::All);
    let fence = lease(store, &failed).await;
    store.start(&failed, &fence, 2_100).await.unwrap();
    store.finish(&summary("failed", Outcome::Failed, 5, 2_200), &fence).await.unwrap();
    store.release(&fence).await.unwrap();

    assert_eq!(store.last_slot(&shop, 2_500).await.unwrap(), 2_500);
    let slot = Some(Slot { at: 3_000, missed: 4 });
    let next = NewTask { slot, ..task("next", Scope::All, 3_000) };
    assert_eq!(store.accept(&next, 3_000, &since(0)).await.unwrap(), Accepted::New);
    let fence = lease(store, &next.run).await;
    store.start(&next.run, &fence, 3_100).await.unwrap();
    let lines = [line(0, "a"), line(1, "b"), line(2, "c")];
    store.save_plan(&next.run.id, &fence, &Facts::default(), &lines, &[]).await.unwrap();
    let left_out = LineUpdate { seq: 1, state: LineState::SkippedInApply, level_after: None, detail: None };
    store.update(&next.run.id, &fence, 3_200, &[left_out], &[]).await.unwrap();
    let limit = WindowLimit { requests: 9, window_ms: 1_000, timeout_ms: 300, pace: None };
    for now in [3_000, 3_500] {
        store.enter_window(&shop, limit, now).await.unwrap();
    }
    store.close_window(&shop, Throttling::Api { pause_ms: 1_000 }, 5_000).await.unwrap();

    let mut figures = store.figures(&shop, 4_400).await.unwrap();
    figures.open_lines.sort_unstable();
    figures.ended_runs.sort_unstable();
    let expected = Figures {
        window_used: 1,
        window_closed_until: Some(6_000),
        halvings: 1,
        open_lines: vec![(LineState::Planned, 2), (LineState::SkippedInApply, 1)],
        last_good_at: Some(2_000),
        last_converged_at: None,
        scheduled_since: Some(2_500),
        last_slot: Some(3_000),
        slots_missed: 4,
        waiting_since: None,
        open_tasks: 1,
        latest_moment: Some(3_000),
        ended_runs: vec![
            (RunKind::Sync, Outcome::Partial, StartedBy::CommandLine, 1),
            (RunKind::Sync, Outcome::Failed, StartedBy::CommandLine, 1),
        ],
    };
    assert_eq!(figures, expected);
    assert_eq!(store.figures(&shop, 6_000).await.unwrap().window_closed_until, None);
    assert_eq!(store.figures(&other, 4_400).await.unwrap(), Figures::default());
}

/// Every earlier attempt that planned changes is reported. The current one is not, because the result covers it.
pub async fn earlier_attempts_tell_what_each_did(store: &dyn Store) {
    let NewTask { run, .. } = task("1", Scope::All, 1_000);
    store.accept(&task("1", Scope::All, 1_000), 1_000, &since(0)).await.unwrap();
    let fence = lease(store, &run).await;
    // The second attempt plans nothing.
    for (attempt, lines) in [(1u32, 2u32), (2, 0), (3, 1)] {
        store.start(&run, &fence, 1_000).await.unwrap();
        let first = store.next_seq(&run.id).await.unwrap();
        let planned: Vec<_> = (first..first + lines).map(|seq| line(seq, &format!("sku {seq}"))).collect();
        store.save_plan(&run.id, &fence, &Facts::default(), &planned, &[]).await.unwrap();
        let ends: Vec<_> = planned
            .iter()
            .map(|record| LineUpdate {
                seq: record.line.seq,
                state: LineState::NotSent,
                level_after: None,
                detail: None,
            })
            .collect();
        store.update(&run.id, &fence, 1_100, &ends, &[]).await.unwrap();
        let reported = reported(store, &run).await;
        assert_eq!(reported, if attempt == 1 { vec![] } else { vec![(1, 2)] }, "attempt {attempt} goes on");
        if attempt < 3 {
            store.hand_back(&run.id, &fence).await.unwrap();
        }
    }
    store.finish(&summary("1", Outcome::Converged, 1, 2_000), &fence).await.unwrap();
    assert_eq!(reported(store, &run).await, [(1, 2)]);
}

async fn reported(store: &dyn Store, run: &NewRun) -> Vec<(u32, u64)> {
    let earlier = store.earlier_attempts(&run.id).await.unwrap();
    earlier.iter().map(|EarlierAttempt { attempt, counters }| (*attempt, counters.not_sent)).collect()
}
