//! I6 and I7: what the acceptance of a task promises, and how one goes from attempt to attempt.

use domain::admission::record::Work;
use domain::plan::Facts;
use domain::run::TaskStatus;
use domain::{LineState, Outcome, RunId, RunKind, Scope, ShopName, Sku};
use sync::ports::{
    Accepted, Acquired, Fence, LineUpdate, NewRun, NewTask, Progress, Queued, RequestKey, RunFilter, Sending,
    Slot, StateError,
};

use super::State;
use super::fixtures::{lease, line, new_run, since, summary};

fn task(id: &str, scope: Scope) -> NewTask {
    NewTask { run: NewRun { durable: true, ..new_run(id, scope) }, slot: None, key: None }
}

fn other_scope() -> Scope {
    Scope::Skus([Sku::parse("a").unwrap()].into())
}

async fn accept(state: &impl State, task: &NewTask) -> Accepted {
    state.accept(task, 100, &since(0)).await.unwrap()
}

fn joins(answer: &Accepted, id: &str) -> bool {
    matches!(answer, Accepted::Joined(record) if record.run.id == RunId::new(id))
}

/// The lease of the shop for somebody who has seen that every earlier one is over.
async fn later_lease(state: &impl State, run: &NewRun, now: i64) -> Fence {
    let mut lapsed = None;
    loop {
        match state.acquire(&run.shop, &run.id, now + 30_000, lapsed).await.unwrap() {
            Acquired::Granted { fence, .. } => return fence,
            Acquired::Busy { lease, .. } => lapsed = Some(lease),
        }
    }
}

/// I6: a request joins the task that does the same, one follow-up waits, a third is told whom it waits for.
pub async fn i6_a_request_joins_the_same_task_or_waits_as_the_one_follow_up(state: &impl State) {
    let (first, same) = (task("1", Scope::All), task("2", Scope::All));
    assert_eq!(accept(state, &first).await, Accepted::New);
    assert!(joins(&accept(state, &same).await, "1"), "also before it has begun");
    assert_eq!(state.get(&same.run.id).await.unwrap(), None, "nothing is recorded of who joins");
    let fence = lease(state, &first.run).await;
    state.start(&first.run, &fence, 200).await.unwrap();
    assert!(joins(&accept(state, &same).await, "1"));
    let follow_up = task("3", other_scope());
    assert_eq!(accept(state, &follow_up).await, Accepted::New);
    assert!(joins(&accept(state, &task("4", other_scope())).await, "3"));
    let mut third = task("5", Scope::All);
    third.run.work = Work::Plan;
    let full = accept(state, &third).await;
    assert!(matches!(&full, Accepted::Full(record) if record.run.id == follow_up.run.id), "{full:?}");
    let by_hand = NewRun { durable: false, ..third.run.clone() };
    let queued = state.queue(&by_hand, 100, &since(0)).await.unwrap();
    assert!(
        matches!(&queued, Queued::AnotherWaits(record) if record.run.id == follow_up.run.id),
        "{queued:?}"
    );
    let elsewhere = NewTask { run: NewRun { shop: ShopName::new("other"), ..third.run.clone() }, ..third };
    assert_eq!(accept(state, &elsewhere).await, Accepted::New, "another shop has its own");
    let open: Vec<RunId> =
        state.open_tasks().await.unwrap().into_iter().map(|record| record.run.id).collect();
    assert_eq!(open, ["1", "3", "5"].map(RunId::new), "the oldest first");
}

/// I6: a run of the command line whose process died is open until somebody closes it, and stands in nobody's way;
/// the last that held the shop counts until another has it.
pub async fn i6_runs_whose_process_died_keep_no_task_out(state: &impl State) {
    for (id, at) in [("a", 0), ("b", 40_000), ("c", 80_000)] {
        let by_hand = NewRun { durable: false, ..task(id, Scope::All).run };
        let fence = later_lease(state, &by_hand, at).await;
        state.start(&by_hand, &fence, at).await.unwrap();
    }
    assert_eq!(accept(state, &task("1", Scope::All)).await, Accepted::New);
    let full = accept(state, &task("2", other_scope())).await;
    assert!(matches!(&full, Accepted::Full(record) if record.run.id.as_str() == "1"), "{full:?}");
}

/// I6: quantities that a user named and plans that are applied never stand for one another.
pub async fn i6_what_is_never_the_same_work_twice_joins_nobody(state: &impl State) {
    let mut first = task("1", Scope::All);
    for (shop, work) in [
        ("a", Work::Set { quantities: vec![(Sku::parse("it's").unwrap(), 7)] }),
        ("b", Work::Apply { plan: RunId::new("earlier") }),
    ] {
        (first.run.id, first.run.shop, first.run.work) = (RunId::new(shop), ShopName::new(shop), work);
        let mut second = first.clone();
        second.run.id = RunId::new(&format!("{shop} 2"));
        assert_eq!(accept(state, &first).await, Accepted::New);
        assert_eq!(accept(state, &second).await, Accepted::New);
    }
}

/// A run comes back with all that it was asked, whatever it does.
pub async fn i7_a_run_keeps_what_it_was_asked(state: &impl State) {
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
        assert_eq!(accept(state, &one).await, Accepted::New);
        let record = state.get(&one.run.id).await.unwrap().unwrap();
        assert_eq!(record.run, one.run);
    }
}

/// I7: a task waits for nobody: it is neither abandoned nor taken for dead while it is PENDING.
pub async fn i7_a_task_that_waits_is_never_given_up(state: &impl State) {
    let first = task("1", Scope::All);
    accept(state, &first).await;
    let none = RunId::new("none");
    assert_eq!(state.abandoned(&first.run.shop, &none, &since(1_000_000)).await.unwrap(), []);
    let fence = lease(state, &first.run).await;
    state.start(&first.run, &fence, 200).await.unwrap();
    let left = state.abandoned(&first.run.shop, &none, &since(1_000_000)).await.unwrap();
    assert_eq!(left.len(), 1, "one that has begun is somebody's to settle");
}

/// I7: RETRY is seen, the attempt counts, lines belong to their attempt, and numbers go on.
pub async fn i7_a_task_goes_from_attempt_to_attempt(state: &impl State) {
    let NewTask { run, .. } = task("1", Scope::All);
    accept(state, &task("1", Scope::All)).await;
    let mut now = 0;
    let mut fence = later_lease(state, &run, now).await;
    assert!(state.take_over(&run.id, &fence, 3).await.is_err(), "it has not begun");
    assert!(state.hand_back(&run.id, &fence).await.is_err());
    state.start(&run, &fence, now).await.unwrap();
    for death in 1..=3u32 {
        let seq = death - 1;
        assert_eq!(state.next_seq(&run.id).await.unwrap(), seq);
        state.save_plan(&run.id, &fence, &Facts::default(), &[line(seq, "a")], &[]).await.unwrap();
        let sending = Sending { batch: 1, sent_at: now, send_before: now + 5_000, timeout_ms: 10 };
        state.sent(&run.id, &fence, &[seq], sending).await.unwrap();
        now += 60_000;
        let old = fence;
        fence = later_lease(state, &run, now).await;
        assert_eq!(state.take_over(&run.id, &old, 3).await, Err(StateError::Fenced));
        let record = state.take_over(&run.id, &fence, 3).await.unwrap();
        assert_eq!((record.status, record.deaths), (TaskStatus::Retry, death));
        assert_eq!(record.attempt, (death + 1).min(3), "no fourth attempt");
        assert_eq!(
            state.lines(&run.id).await.unwrap().len(),
            1,
            "the dead attempt's lines are to be settled"
        );
        let update = LineUpdate { seq, state: LineState::Unresolved, level_after: None, detail: None };
        state.update(&run.id, &fence, now, &[update], &[]).await.unwrap();
        if death < 3 {
            state.start(&run, &fence, now).await.unwrap();
            assert_eq!(state.get(&run.id).await.unwrap().unwrap().status, TaskStatus::Started);
            assert_eq!(state.lines(&run.id).await.unwrap(), [], "a new attempt has no lines yet");
        }
    }
    let recent = state.recent_writes(&run.shop, 0).await.unwrap();
    assert_eq!(recent.len(), 3, "what earlier attempts sent may land still");
    state.finish(&summary("1", Outcome::Failed, 0, now), &fence).await.unwrap();
    assert_eq!(state.get(&run.id).await.unwrap().unwrap().status, TaskStatus::Failure);
    assert!(state.take_over(&run.id, &fence, 3).await.is_err(), "it has its end");
    assert_eq!(state.open_tasks().await.unwrap(), []);
}

/// I7: a task that is handed back begins anew, and that counts as no death.
pub async fn i7_a_task_that_is_handed_back_begins_anew(state: &impl State) {
    let NewTask { run, .. } = task("1", Scope::All);
    accept(state, &task("1", Scope::All)).await;
    let fence = lease(state, &run).await;
    for attempt in 1..=5u32 {
        state.start(&run, &fence, 1).await.unwrap();
        let record = state.get(&run.id).await.unwrap().unwrap();
        assert_eq!((record.attempt, record.deaths), (attempt, 0));
        let seq = state.next_seq(&run.id).await.unwrap();
        state.save_plan(&run.id, &fence, &Facts::default(), &[line(seq, "a")], &[]).await.unwrap();
        let expected = Progress { lines: 1, waiting: 1 };
        assert_eq!(state.progress(&run.id).await.unwrap(), expected);
        state.hand_back(&run.id, &fence).await.unwrap();
        assert_eq!(state.get(&run.id).await.unwrap().unwrap().status, TaskStatus::Pending);
    }
    let page = state.lines_after(&run.id, None, 10).await.unwrap();
    assert_eq!(page.len(), 1);
    assert_eq!(state.lines_after(&run.id, Some(page[0].line.seq), 10).await.unwrap(), []);
    assert_eq!(state.lines_after(&run.id, None, 0).await.unwrap(), []);
}

/// I7: one that has not begun is over at once; one that has is asked to end; one that ended stays as it is.
pub async fn i7_a_task_is_cancelled_at_once_or_at_its_next_safe_point(state: &impl State) {
    let (first, second) = (task("1", Scope::All), task("2", other_scope()));
    accept(state, &first).await;
    accept(state, &second).await;
    let fence = lease(state, &first.run).await;
    state.start(&first.run, &fence, 1).await.unwrap();
    let waiting = state.cancel(&second.run.id, 10).await.unwrap().unwrap();
    assert_eq!(waiting.status, TaskStatus::Revoked);
    let running = state.cancel(&first.run.id, 10).await.unwrap().unwrap();
    assert_eq!((running.status, running.cancel_asked), (TaskStatus::Started, true));
    assert!(state.start(&second.run, &fence, 20).await.is_err(), "it does not begin any more");
    state.finish(&summary("1", Outcome::Interrupted, 0, 30), &fence).await.unwrap();
    let ended = state.cancel(&first.run.id, 40).await.unwrap().unwrap();
    assert_eq!(ended.status, TaskStatus::Revoked);
    assert_eq!(state.cancel(&RunId::new("never"), 50).await.unwrap(), None);
}

/// A request that is sent twice under one key starts once, also after its task has ended.
pub async fn i7_a_key_stands_for_one_request(state: &impl State) {
    let key = |text: &str, asked: &str| RequestKey { key: text.to_owned(), fingerprint: asked.to_owned() };
    let first = NewTask { key: Some(key("k", "sync")), ..task("1", Scope::All) };
    assert_eq!(accept(state, &first).await, Accepted::New);
    let again = NewTask { key: Some(key("k", "sync")), ..task("2", Scope::All) };
    let fence = lease(state, &first.run).await;
    state.start(&first.run, &fence, 1).await.unwrap();
    state.finish(&summary("1", Outcome::Converged, 1, 2), &fence).await.unwrap();
    assert!(joins(&accept(state, &again).await, "1"));
    let reused = NewTask { key: Some(key("k", "plan")), ..task("3", Scope::All) };
    assert_eq!(accept(state, &reused).await, Accepted::KeyReused);
    let fresh = NewTask { key: Some(key("l", "sync")), ..task("4", Scope::All) };
    assert_eq!(accept(state, &fresh).await, Accepted::New);
    let joined = NewTask { key: Some(key("m", "sync")), ..task("5", Scope::All) };
    assert!(joins(&accept(state, &joined).await, "4"));
    assert!(joins(&accept(state, &joined).await, "4"), "a key that joined stands for what it joined");
}

/// A slot is filled once, by whoever comes first, and an open task that does the same fills it too.
pub async fn a_slot_has_one_run(state: &impl State) {
    let shop = ShopName::new("default");
    assert_eq!(
        state.last_slot(&shop, 500).await.unwrap(),
        500,
        "a schedule begins when it is first heard of"
    );
    assert_eq!(state.last_slot(&shop, 900).await.unwrap(), 500);
    let at = |id: &str, at, missed| NewTask { slot: Some(Slot { at, missed }), ..task(id, Scope::All) };
    assert_eq!(accept(state, &at("1", 1_000, 0)).await, Accepted::New);
    assert_eq!(accept(state, &at("2", 1_000, 0)).await, Accepted::SlotTaken);
    assert_eq!(state.last_slot(&shop, 900).await.unwrap(), 1_000);
    assert!(joins(&accept(state, &at("3", 2_000, 4)).await, "1"));
    assert_eq!(accept(state, &at("4", 2_000, 0)).await, Accepted::SlotTaken);
    assert_eq!(state.last_slot(&shop, 900).await.unwrap(), 2_000);
    accept(state, &task("5", other_scope())).await;
    let mut third = at("6", 3_000, 0);
    third.run.scope = Scope::Skus([Sku::parse("z").unwrap()].into());
    assert!(matches!(accept(state, &third).await, Accepted::Full(_)));
    assert_eq!(state.last_slot(&shop, 900).await.unwrap(), 2_000, "a slot without a run is free");
    assert_eq!(state.last_slot(&ShopName::new("other"), 7).await.unwrap(), 7);
}

/// A pause stops what writes, at the acceptance and at every commit of SENT, until it is taken back.
pub async fn a_paused_shop_is_not_written_to(state: &impl State) {
    let first = task("1", Scope::All);
    let shop = &first.run.shop;
    accept(state, &first).await;
    let fence = lease(state, &first.run).await;
    state.start(&first.run, &fence, 1).await.unwrap();
    state.save_plan(&first.run.id, &fence, &Facts::default(), &[line(0, "a")], &[]).await.unwrap();
    state.pause(shop, 10).await.unwrap();
    state.pause(shop, 20).await.unwrap();
    assert_eq!(state.paused_since(shop).await.unwrap(), Some(10));
    assert_eq!(state.paused_since(&ShopName::new("other")).await.unwrap(), None);
    let sending = Sending { batch: 1, sent_at: 30, send_before: 60, timeout_ms: 10 };
    assert_eq!(state.sent(&first.run.id, &fence, &[0], sending).await, Err(StateError::Paused));
    assert_eq!(state.lines(&first.run.id).await.unwrap()[0].state, LineState::Planned);
    assert_eq!(accept(state, &task("2", other_scope())).await, Accepted::Paused(10));
    let mut dry = task("3", other_scope());
    dry.run.work = Work::Sync { dry_run: true };
    assert_eq!(accept(state, &dry).await, Accepted::New, "what writes nothing may be done");
    state.resume(shop, 30).await.unwrap();
    assert_eq!(state.paused_since(shop).await.unwrap(), None);
    state.sent(&first.run.id, &fence, &[0], sending).await.unwrap();
}

/// The list of runs is paged and filtered; a page begins where the last one ended.
pub async fn runs_are_listed_page_by_page(state: &impl State) {
    for (n, id) in ["1", "2", "3"].into_iter().enumerate() {
        let mut one = task(id, Scope::All);
        one.run.shop = ShopName::new(id);
        one.run.created_at = 1_000 + i64::try_from(n / 2).unwrap();
        if id == "2" {
            one.run.work = Work::Plan;
        }
        accept(state, &one).await;
    }
    let ids = |records: Vec<sync::ports::RunRecord>| -> Vec<String> {
        records.into_iter().map(|record| record.run.id.to_string()).collect()
    };
    let page = RunFilter { limit: 2, ..RunFilter::default() };
    let first = state.list(&page).await.unwrap();
    let last = first[1].run.clone();
    assert_eq!(ids(first), ["3", "2"]);
    let next = RunFilter { after: Some((last.created_at, last.id)), ..page.clone() };
    assert_eq!(ids(state.list(&next).await.unwrap()), ["1"]);
    let plans = RunFilter { kind: Some(RunKind::Plan), ..page.clone() };
    assert_eq!(ids(state.list(&plans).await.unwrap()), ["2"]);
    let ended = RunFilter { status: Some(TaskStatus::Success), ..page };
    assert_eq!(ids(state.list(&ended).await.unwrap()), Vec::<String>::new());
}

/// What is old goes in small steps; what is open stays, and so does the last good run.
pub async fn history_is_pruned_in_small_steps(state: &impl State) {
    for (id, outcome, at) in
        [("1", Outcome::Converged, 10), ("2", Outcome::Converged, 20), ("3", Outcome::Failed, 30)]
    {
        let run = new_run(id, Scope::All);
        let fence = lease(state, &run).await;
        state.start(&run, &fence, at).await.unwrap();
        let lines = [line(0, "a"), line(1, "b"), line(2, "c")];
        state.save_plan(&run.id, &fence, &Facts::default(), &lines, &[]).await.unwrap();
        state.finish(&summary(id, outcome, 9, at), &fence).await.unwrap();
        state.release(&fence).await.unwrap();
    }
    accept(state, &task("4", Scope::All)).await;
    assert_eq!(state.prune(10, 2).await.unwrap(), 0, "nothing is that old");
    let mut steps = Vec::new();
    loop {
        match state.prune(1_000, 2).await.unwrap() {
            0 => break,
            gone => steps.push(gone),
        }
    }
    assert_eq!(steps, [2, 2, 2, 2], "three lines and a row each of two runs");
    let left: Vec<String> = state
        .list(&RunFilter { limit: 10, ..RunFilter::default() })
        .await
        .unwrap()
        .into_iter()
        .map(|record| record.run.id.to_string())
        .collect();
    assert_eq!(left, ["4", "2"]);
}
