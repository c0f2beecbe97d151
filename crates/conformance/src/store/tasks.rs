//! I6 and I7: how tasks are accepted, and how they go from attempt to attempt.

use domain::admission::record::Work;
use domain::plan::Facts;
use domain::run::TaskStatus;
use domain::{LineState, Outcome, RunId, RunKind, Scope, ShopName, Sku};
use sync::ports::{
    Accepted, Acquired, Fence, LineUpdate, NewRun, NewTask, Progress, Queued, RequestKey, RunFilter, Sending,
    Slot, StateError, Store,
};

use super::fixtures::{lease, line, new_run, nobody, since, summary};

fn task(id: &str, scope: Scope) -> NewTask {
    NewTask { run: NewRun { durable: true, ..new_run(id, scope) }, slot: None, key: None }
}

fn other_scope() -> Scope {
    Scope::Skus([Sku::parse("a").unwrap()].into())
}

async fn accept(store: &dyn Store, task: &NewTask) -> Accepted {
    store.accept(task, 100, &since(0)).await.unwrap()
}

fn joins(answer: &Accepted, id: &str) -> bool {
    matches!(answer, Accepted::Joined(record) if record.run.id == RunId::new(id))
}

/// The lease of the shop, for a process that has seen every earlier lease expire.
async fn later_lease(store: &dyn Store, run: &NewRun, now: i64) -> Fence {
    let mut lapsed = None;
    loop {
        match store.acquire(&run.shop, &run.id, now + 30_000, lapsed, &nobody()).await.unwrap() {
            Acquired::Granted { fence, .. } => return fence,
            Acquired::Busy { lease, .. } => lapsed = Some(lease),
            behind @ Acquired::Behind(_) => panic!("{behind:?}"),
        }
    }
}

/// I6: a request joins a task that does the same work. One different request may wait. A third is refused with the
/// run that waits already.
pub async fn i6_a_request_joins_the_same_task_or_waits_as_the_one_follow_up(store: &dyn Store) {
    let (first, same) = (task("1", Scope::All), task("2", Scope::All));
    assert_eq!(accept(store, &first).await, Accepted::New);
    assert!(joins(&accept(store, &same).await, "1"), "also before it has begun");
    assert_eq!(store.get(&same.run.id).await.unwrap(), None, "nothing is recorded of who joins");
    let fence = lease(store, &first.run).await;
    store.start(&first.run, &fence, 200).await.unwrap();
    assert!(joins(&accept(store, &same).await, "1"));
    let follow_up = task("3", other_scope());
    assert_eq!(accept(store, &follow_up).await, Accepted::New);
    assert!(joins(&accept(store, &task("4", other_scope())).await, "3"));
    let mut third = task("5", Scope::All);
    third.run.work = Work::Plan;
    let full = accept(store, &third).await;
    assert!(matches!(&full, Accepted::Full(record) if record.run.id == follow_up.run.id), "{full:?}");
    let by_hand = NewRun { durable: false, ..third.run.clone() };
    let queued = store.queue(&by_hand, 100, &since(0)).await.unwrap();
    assert!(
        matches!(&queued, Queued::AnotherWaits(record) if record.run.id == follow_up.run.id),
        "{queued:?}"
    );
    let elsewhere = NewTask { run: NewRun { shop: ShopName::new("other"), ..third.run.clone() }, ..third };
    assert_eq!(accept(store, &elsewhere).await, Accepted::New, "another shop has its own");
    let open: Vec<RunId> =
        store.open_tasks().await.unwrap().into_iter().map(|record| record.run.id).collect();
    assert_eq!(open, ["1", "3", "5"].map(RunId::new), "the oldest first");
}

/// I6: a task that has begun to read the warehouse may miss a change that was made before the request. One follow-up
/// waits, and later requests join that one. The next attempt of a task reads anew, so it may be joined again.
pub async fn i6_a_request_joins_only_a_task_that_will_see_every_earlier_change(store: &dyn Store) {
    let first = task("1", Scope::All);
    accept(store, &first).await;
    let mut fence = lease(store, &first.run).await;
    store.start(&first.run, &fence, 200).await.unwrap();
    assert!(!store.get(&first.run.id).await.unwrap().unwrap().has_begun_snapshot());
    assert!(joins(&accept(store, &task("2", Scope::All)).await, "1"), "it reads the warehouse later");

    store.begin_snapshot(&first.run.id, &fence).await.unwrap();
    assert!(store.get(&first.run.id).await.unwrap().unwrap().has_begun_snapshot());
    let slot = |at| Some(Slot { at, missed: 0 });
    let follow_up = NewTask { slot: slot(1_000), ..task("3", Scope::All) };
    assert_eq!(accept(store, &follow_up).await, Accepted::New, "also for a slot of the schedule");
    assert!(joins(&accept(store, &task("4", Scope::All)).await, "3"));
    assert!(joins(&accept(store, &NewTask { slot: slot(2_000), ..task("5", Scope::All) }).await, "3"));
    assert!(matches!(accept(store, &task("6", other_scope())).await, Accepted::Full(_)));

    store.hand_back(&first.run.id, &fence).await.unwrap();
    assert!(joins(&accept(store, &task("7", Scope::All)).await, "1"), "its next attempt reads anew");
    store.start(&first.run, &fence, 300).await.unwrap();
    assert!(!store.get(&first.run.id).await.unwrap().unwrap().has_begun_snapshot());
    store.begin_snapshot(&first.run.id, &fence).await.unwrap();
    let old = fence;
    fence = later_lease(store, &first.run, 60_000).await;
    assert_eq!(store.begin_snapshot(&first.run.id, &old).await, Err(StateError::Fenced));
    store.take_over(&first.run.id, &fence, 3).await.unwrap();
    assert!(joins(&accept(store, &task("8", Scope::All)).await, "1"), "so does the one after a death");
}

/// I6: a command-line run whose process died stays open until the shop's next run closes it, but takes no place
/// meanwhile. The last holder of the lease counts until another run has the lease.
pub async fn i6_runs_whose_process_died_keep_no_task_out(store: &dyn Store) {
    for (id, at) in [("a", 0), ("b", 40_000), ("c", 80_000)] {
        let by_hand = NewRun { durable: false, ..task(id, Scope::All).run };
        let fence = later_lease(store, &by_hand, at).await;
        store.start(&by_hand, &fence, at).await.unwrap();
    }
    assert_eq!(accept(store, &task("1", Scope::All)).await, Accepted::New);
    let full = accept(store, &task("2", other_scope())).await;
    assert!(matches!(&full, Accepted::Full(record) if record.run.id.as_str() == "1"), "{full:?}");
}

/// I6: runs of kind set or apply never join each other.
pub async fn i6_what_is_never_the_same_work_twice_joins_nobody(store: &dyn Store) {
    let mut first = task("1", Scope::All);
    for (shop, work) in [
        ("a", Work::Set { quantities: vec![(Sku::parse("it's").unwrap(), 7)] }),
        ("b", Work::Apply { plan: RunId::new("earlier") }),
    ] {
        (first.run.id, first.run.shop, first.run.work) = (RunId::new(shop), ShopName::new(shop), work);
        let mut second = first.clone();
        second.run.id = RunId::new(&format!("{shop} 2"));
        assert_eq!(accept(store, &first).await, Accepted::New);
        assert_eq!(accept(store, &second).await, Accepted::New);
    }
}

/// A run is read back with everything that was requested, whatever its kind.
pub async fn i7_a_run_keeps_what_it_was_asked(store: &dyn Store) {
    for (n, work) in [
        Work::Sync { dry_run: false },
        Work::Sync { dry_run: true },
        Work::Plan,
        Work::Apply { plan: RunId::new("earlier") },
        Work::Set { quantities: vec![(Sku::parse("it's").unwrap(), 7), (Sku::parse("я").unwrap(), 0)] },
    ]
    .into_iter()
    .enumerate()
    {
        let mut one = task(&n.to_string(), other_scope());
        (one.run.shop, one.run.work) = (ShopName::new(&format!("shop {n}")), work);
        assert_eq!(accept(store, &one).await, Accepted::New);
        let record = store.get(&one.run.id).await.unwrap().unwrap();
        assert_eq!(record.run, one.run);
    }
}

/// I7: a PENDING task needs no process, so it is never abandoned.
pub async fn i7_a_task_that_waits_is_never_given_up(store: &dyn Store) {
    let first = task("1", Scope::All);
    accept(store, &first).await;
    let none = RunId::new("none");
    assert_eq!(store.abandoned(&first.run.shop, &none, &since(1_000_000)).await.unwrap(), []);
    let fence = lease(store, &first.run).await;
    store.start(&first.run, &fence, 200).await.unwrap();
    let left = store.abandoned(&first.run.shop, &none, &since(1_000_000)).await.unwrap();
    assert_eq!(left.len(), 1, "one that has started is to be settled");
}

/// I7: the status RETRY is visible, attempts are counted, lines belong to their attempt, and line numbers continue.
pub async fn i7_a_task_goes_from_attempt_to_attempt(store: &dyn Store) {
    let NewTask { run, .. } = task("1", Scope::All);
    accept(store, &task("1", Scope::All)).await;
    let mut now = 0;
    let mut fence = later_lease(store, &run, now).await;
    assert!(store.take_over(&run.id, &fence, 3).await.is_err(), "it has not begun");
    assert!(store.hand_back(&run.id, &fence).await.is_err());
    store.start(&run, &fence, now).await.unwrap();
    for death in 1..=3u32 {
        let seq = death - 1;
        assert_eq!(store.next_seq(&run.id).await.unwrap(), seq);
        store.save_plan(&run.id, &fence, &Facts::default(), &[line(seq, "a")], &[]).await.unwrap();
        let sending = Sending { batch: 1, sent_at: now, send_before: now + 5_000, timeout_ms: 10 };
        store.sent(&run.id, &fence, &[seq], sending).await.unwrap();
        now += 60_000;
        let old = fence;
        fence = later_lease(store, &run, now).await;
        assert_eq!(store.take_over(&run.id, &old, 3).await, Err(StateError::Fenced));
        let record = store.take_over(&run.id, &fence, 3).await.unwrap();
        assert_eq!((record.status, record.deaths), (TaskStatus::Retry, death));
        assert_eq!(record.attempt, (death + 1).min(3), "no fourth attempt");
        assert_eq!(
            store.lines(&run.id).await.unwrap().len(),
            1,
            "the dead attempt's lines are to be settled"
        );
        let update = LineUpdate { seq, state: LineState::Unresolved, level_after: None, detail: None };
        store.update(&run.id, &fence, now, &[update], &[]).await.unwrap();
        if death < 3 {
            store.start(&run, &fence, now).await.unwrap();
            assert_eq!(store.get(&run.id).await.unwrap().unwrap().status, TaskStatus::Started);
            assert_eq!(store.lines(&run.id).await.unwrap(), [], "a new attempt has no lines yet");
        }
    }
    let recent = store.recent_writes(&run.shop, 0).await.unwrap();
    assert_eq!(recent.len(), 3, "what earlier attempts sent may land still");
    store.finish(&summary("1", Outcome::Failed, 0, now), &fence).await.unwrap();
    assert_eq!(store.get(&run.id).await.unwrap().unwrap().status, TaskStatus::Failure);
    assert!(store.take_over(&run.id, &fence, 3).await.is_err(), "it has its end");
    assert_eq!(store.open_tasks().await.unwrap(), []);
}

/// I7: a task that is handed back starts again, and that does not count as a death.
pub async fn i7_a_task_that_is_handed_back_begins_anew(store: &dyn Store) {
    let NewTask { run, .. } = task("1", Scope::All);
    accept(store, &task("1", Scope::All)).await;
    let fence = lease(store, &run).await;
    for attempt in 1..=5u32 {
        store.start(&run, &fence, 1).await.unwrap();
        let record = store.get(&run.id).await.unwrap().unwrap();
        assert_eq!((record.attempt, record.deaths), (attempt, 0));
        let seq = store.next_seq(&run.id).await.unwrap();
        store.save_plan(&run.id, &fence, &Facts::default(), &[line(seq, "a")], &[]).await.unwrap();
        let expected = Progress { lines: 1, waiting: 1 };
        assert_eq!(store.progress(&run.id).await.unwrap(), expected);
        store.hand_back(&run.id, &fence).await.unwrap();
        assert_eq!(store.get(&run.id).await.unwrap().unwrap().status, TaskStatus::Pending);
    }
    let page = store.lines_after(&run.id, None, 10).await.unwrap();
    assert_eq!(page.len(), 1);
    assert_eq!(store.lines_after(&run.id, Some(page[0].line.seq), 10).await.unwrap(), []);
    assert_eq!(store.lines_after(&run.id, None, 0).await.unwrap(), []);
}

/// I7: canceling ends a task that has not started, asks a started one to end, and leaves an ended one as it is.
pub async fn i7_a_task_is_cancelled_at_once_or_at_its_next_safe_point(store: &dyn Store) {
    let (first, second) = (task("1", Scope::All), task("2", other_scope()));
    accept(store, &first).await;
    accept(store, &second).await;
    let fence = lease(store, &first.run).await;
    store.start(&first.run, &fence, 1).await.unwrap();
    let waiting = store.cancel(&second.run.id, 10).await.unwrap().unwrap();
    assert_eq!(waiting.status, TaskStatus::Revoked);
    let running = store.cancel(&first.run.id, 10).await.unwrap().unwrap();
    assert_eq!((running.status, running.cancel_asked), (TaskStatus::Started, true));
    assert!(store.start(&second.run, &fence, 20).await.is_err(), "it does not begin any more");
    store.finish(&summary("1", Outcome::Interrupted, 0, 30), &fence).await.unwrap();
    let ended = store.cancel(&first.run.id, 40).await.unwrap().unwrap();
    assert_eq!(ended.status, TaskStatus::Revoked);
    assert_eq!(store.cancel(&RunId::new("never"), 50).await.unwrap(), None);
}

/// A request that is sent twice under one key starts only once, even after its task has ended.
pub async fn i7_a_key_stands_for_one_request(store: &dyn Store) {
    let key = |text: &str, asked: &str| RequestKey { key: text.to_owned(), fingerprint: asked.to_owned() };
    let first = NewTask { key: Some(key("k", "sync")), ..task("1", Scope::All) };
    assert_eq!(accept(store, &first).await, Accepted::New);
    let again = NewTask { key: Some(key("k", "sync")), ..task("2", Scope::All) };
    let fence = lease(store, &first.run).await;
    store.start(&first.run, &fence, 1).await.unwrap();
    store.finish(&summary("1", Outcome::Converged, 1, 2), &fence).await.unwrap();
    assert!(joins(&accept(store, &again).await, "1"));
    let reused = NewTask { key: Some(key("k", "plan")), ..task("3", Scope::All) };
    assert_eq!(accept(store, &reused).await, Accepted::KeyReused);
    let fresh = NewTask { key: Some(key("l", "sync")), ..task("4", Scope::All) };
    assert_eq!(accept(store, &fresh).await, Accepted::New);
    let joined = NewTask { key: Some(key("m", "sync")), ..task("5", Scope::All) };
    assert!(joins(&accept(store, &joined).await, "4"));
    assert!(joins(&accept(store, &joined).await, "4"), "a key that joined stands for what it joined");
}

/// A slot is filled once, by the first task for it or by an open task that does the same work.
pub async fn a_slot_has_one_run(store: &dyn Store) {
    let shop = ShopName::new("default");
    assert_eq!(
        store.last_slot(&shop, 500).await.unwrap(),
        500,
        "a schedule begins when it is first heard of"
    );
    assert_eq!(store.last_slot(&shop, 900).await.unwrap(), 500);
    let at = |id: &str, at, missed| NewTask { slot: Some(Slot { at, missed }), ..task(id, Scope::All) };
    assert_eq!(accept(store, &at("1", 1_000, 0)).await, Accepted::New);
    assert_eq!(accept(store, &at("2", 1_000, 0)).await, Accepted::SlotTaken);
    assert_eq!(store.last_slot(&shop, 900).await.unwrap(), 1_000);
    assert!(joins(&accept(store, &at("3", 2_000, 4)).await, "1"));
    assert_eq!(accept(store, &at("4", 2_000, 0)).await, Accepted::SlotTaken);
    assert_eq!(store.last_slot(&shop, 900).await.unwrap(), 2_000);
    accept(store, &task("5", other_scope())).await;
    let mut third = at("6", 3_000, 0);
    third.run.scope = Scope::Skus([Sku::parse("z").unwrap()].into());
    assert!(matches!(accept(store, &third).await, Accepted::Full(_)));
    assert_eq!(store.last_slot(&shop, 900).await.unwrap(), 2_000, "a slot without a run is free");
    assert_eq!(store.last_slot(&ShopName::new("other"), 7).await.unwrap(), 7);
}

/// A pause refuses tasks that write and every commit of SENT, until the shop is resumed.
pub async fn a_paused_shop_is_not_written_to(store: &dyn Store) {
    let first = task("1", Scope::All);
    let shop = &first.run.shop;
    accept(store, &first).await;
    let fence = lease(store, &first.run).await;
    store.start(&first.run, &fence, 1).await.unwrap();
    store.save_plan(&first.run.id, &fence, &Facts::default(), &[line(0, "a")], &[]).await.unwrap();
    store.pause(shop, 10).await.unwrap();
    store.pause(shop, 20).await.unwrap();
    assert_eq!(store.paused_since(shop).await.unwrap(), Some(10));
    assert_eq!(store.paused_since(&ShopName::new("other")).await.unwrap(), None);
    let sending = Sending { batch: 1, sent_at: 30, send_before: 60, timeout_ms: 10 };
    assert_eq!(store.sent(&first.run.id, &fence, &[0], sending).await, Err(StateError::Paused));
    assert_eq!(
        store.sent(&first.run.id, &fence, &[], sending).await,
        Err(StateError::Paused),
        "of no line either"
    );
    assert_eq!(store.lines(&first.run.id).await.unwrap()[0].state, LineState::Planned);
    assert_eq!(accept(store, &task("2", other_scope())).await, Accepted::Paused(10));
    let mut dry = task("3", other_scope());
    dry.run.work = Work::Sync { dry_run: true };
    assert_eq!(accept(store, &dry).await, Accepted::New, "what writes nothing may be done");
    store.resume(shop, 30).await.unwrap();
    assert_eq!(store.paused_since(shop).await.unwrap(), None);
    store.sent(&first.run.id, &fence, &[0], sending).await.unwrap();
}

/// The list of runs is paged and filtered. Each page continues where the last one ended. Runs stand in the order in which
/// they were recorded, also where the clock was ahead once.
pub async fn runs_are_listed_page_by_page(store: &dyn Store) {
    for (n, id) in ["1", "2", "3"].into_iter().enumerate() {
        let mut one = task(id, Scope::All);
        one.run.shop = ShopName::new(id);
        one.run.created_at = [9_000_000, 1_000, 1_000][n];
        if id == "2" {
            one.run.work = Work::Plan;
        }
        accept(store, &one).await;
    }
    let ids = |records: Vec<sync::ports::RunRecord>| -> Vec<String> {
        records.into_iter().map(|record| record.run.id.to_string()).collect()
    };
    let page = RunFilter { limit: 2, ..RunFilter::default() };
    let first = store.list(&page).await.unwrap();
    let last = first[1].number;
    assert_eq!(ids(first), ["3", "2"]);
    let next = RunFilter { after: Some(last), ..page.clone() };
    assert_eq!(ids(store.list(&next).await.unwrap()), ["1"]);
    let plans = RunFilter { kind: Some(RunKind::Plan), ..page.clone() };
    assert_eq!(ids(store.list(&plans).await.unwrap()), ["2"]);
    let ended = RunFilter { status: Some(TaskStatus::Success), ..page };
    assert_eq!(ids(store.list(&ended).await.unwrap()), Vec::<String>::new());
}

/// Old runs are deleted in small steps. Open runs and the last good run stay.
pub async fn history_is_pruned_in_small_steps(store: &dyn Store) {
    for (id, outcome, at) in
        [("1", Outcome::Converged, 10), ("2", Outcome::Converged, 20), ("3", Outcome::Failed, 30)]
    {
        let run = new_run(id, Scope::All);
        let fence = lease(store, &run).await;
        store.start(&run, &fence, at).await.unwrap();
        let lines = [line(0, "a"), line(1, "b"), line(2, "c")];
        store.save_plan(&run.id, &fence, &Facts::default(), &lines, &[]).await.unwrap();
        store.finish(&summary(id, outcome, 9, at), &fence).await.unwrap();
        store.release(&fence).await.unwrap();
    }
    accept(store, &task("4", Scope::All)).await;
    assert_eq!(store.prune(10, 2).await.unwrap(), 0, "nothing is that old");
    let mut steps = Vec::new();
    loop {
        match store.prune(1_000, 2).await.unwrap() {
            0 => break,
            gone => steps.push(gone),
        }
    }
    assert_eq!(steps, [2, 2, 2, 2], "three lines and a row each of two runs");
    let left: Vec<String> = store
        .list(&RunFilter { limit: 10, ..RunFilter::default() })
        .await
        .unwrap()
        .into_iter()
        .map(|record| record.run.id.to_string())
        .collect();
    assert_eq!(left, ["4", "2"]);
}

/// Old slots and keys are deleted too. The last slot of a shop stays, because the schedule continues from it.
pub async fn what_is_pruned_beside_runs(store: &dyn Store) {
    let shop = ShopName::new("default");
    assert_eq!(store.last_slot(&shop, 500).await.unwrap(), 500);
    let key = |text: &str| Some(RequestKey { key: text.to_owned(), fingerprint: String::new() });
    let at =
        |id: &str, at| NewTask { slot: Some(Slot { at, missed: 0 }), key: key(id), ..task(id, Scope::All) };
    assert_eq!(store.accept(&at("1", 1_000), 1_000, &since(0)).await.unwrap(), Accepted::New);
    assert!(joins(&store.accept(&at("2", 2_000), 2_000, &since(0)).await.unwrap(), "1"));
    assert_eq!(store.prune(1_500, 1).await.unwrap(), 1, "the slot at 1,000");
    assert_eq!(store.prune(1_500, 10).await.unwrap(), 1, "the key of 1,000");
    assert_eq!(store.prune(1_500, 10).await.unwrap(), 0);
    assert_eq!(store.last_slot(&shop, 900).await.unwrap(), 2_000);
    assert_eq!(accept(store, &at("3", 2_000)).await, Accepted::SlotTaken, "the last slot of a shop stays");
    assert!(joins(&accept(store, &NewTask { slot: None, ..at("1", 0) }).await, "1"));
}
