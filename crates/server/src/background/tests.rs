//! The tasks, each driven step by step: activate it once and check what it did.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use api_types::{DispatchReport, Explanation, InventoryUpdate, ProductInfo, PruningReport, SlotsReport};
use async_trait::async_trait;
use domain::{Policy, Scope, ShopName, Sku, Starter, UnixMillis};
use futures::FutureExt;
use jiff::tz::TimeZone;
use messages::{Lang, Messages};
use metrics_exporter_prometheus::PrometheusBuilder;
use state::StateUrl;
use sync::calls::Found;
use sync::ports::{Accepted, Access, Clock, NewRun, NewTask, RunFilter, ShopError, TokenRecord};
use sync::{TaskEnd, Work, alive_at, task_of};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::clock_watch::ClockWatch;
use super::dispatch::Dispatch;
use super::hand_clock::HandClock;
use super::pruning::Pruning;
use super::slots::Slots;
use super::sweeping::Sweeping;
use super::{Activation, BackgroundTask, NAMES, Next, Role, Setup};
use crate::http::start::request;
use crate::{Schedule, Service, Settings, ShopGateway, WorkError};

/// 1 January 2026.
const START: UnixMillis = 1_767_225_600_000;
const MINUTE: i64 = 60_000;

/// `report.task` and `name` in the API are the same word: the name of the file.
#[test]
fn a_task_is_named_like_its_file() {
    assert_eq!(NAMES.len(), 7);
    assert!(NAMES.iter().all(|(module, name)| module == name), "{NAMES:?}");
}

/// Every task is in work until it is let go.
struct HeldShops(Arc<Notify>);

#[async_trait]
impl ShopGateway for HeldShops {
    async fn execute_task(&self, _: &NewRun, _: &CancellationToken) -> Result<TaskEnd, WorkError> {
        self.0.notified().await;
        Ok(TaskEnd::Over)
    }

    fn policy(&self) -> Policy {
        Policy::default()
    }

    async fn products(
        &self,
        _: &ShopName,
        _: &[Sku],
        _: usize,
    ) -> Result<Found<BTreeMap<String, ProductInfo>>, ShopError> {
        panic!("no background task looks products up")
    }

    async fn inventory_updates(
        &self,
        _: &ShopName,
        _: &[Sku],
        _: usize,
    ) -> Result<Found<Vec<InventoryUpdate>>, ShopError> {
        panic!("no background task looks inventory up")
    }

    async fn explain(&self, _: &ShopName, _: &Sku, _: u32, _: Messages) -> Result<Explanation, WorkError> {
        panic!("no background task explains a SKU")
    }
}

/// A service with two shops and its own state database. The shop `north` has a run each minute.
struct Stage {
    clock: Arc<HandClock>,
    service: Arc<Service>,
    /// Lets a task end.
    release: Arc<Notify>,
    _folder: TempDir,
}

impl Stage {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let state = state::open(&StateUrl::in_file(folder.path().join("state.db"))).await.unwrap();
        let (clock, release) = (HandClock::new(), Arc::new(Notify::new()));
        clock.set(START);
        let (north, south) = (ShopName::new("north"), ShopName::new("south"));
        let each_minute = Schedule::parse("1m", TimeZone::UTC, &north, 0).unwrap();
        let settings = Settings {
            shops: vec![(north, Some(each_minute)), (south, None)],
            default_shop: None,
            lang: Lang::En,
            keep: Duration::from_hours(24),
            late_after: Duration::from_mins(5),
            timeout: Duration::from_secs(1),
            connections: 1,
            grace: Duration::from_secs(1),
            dead_man: None,
        };
        let shared: Arc<dyn Clock> = Arc::<HandClock>::clone(&clock);
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let gateway = Arc::new(HeldShops(Arc::clone(&release)));
        let new_id = || {
            static MADE: AtomicU32 = AtomicU32::new(0);
            let number = MADE.fetch_add(1, Ordering::Relaxed);
            domain::RunId::new(&format!("01990000-0000-7000-8000-{number:012}"))
        };
        let service = Service::new(state, gateway, shared, settings, new_id, metrics);
        Self { clock, service: Arc::new(service), release, _folder: folder }
    }

    /// The task of a process with this role; `None` where it has none.
    fn task<T: BackgroundTask>(&self, role: Role) -> Option<T> {
        let service = Arc::clone(&self.service);
        T::new(&Setup { service, role, stop: CancellationToken::new() })
    }

    /// Ends every open task at this moment.
    async fn end_tasks(&self, at: UnixMillis) {
        for task in self.service.state.open_tasks().await.unwrap() {
            self.service.state.cancel(&task.run.id, at).await.unwrap();
        }
    }

    /// Records a run that was accepted and ended at this moment.
    async fn run_at(&self, id: &str, at: UnixMillis) {
        let request =
            request(&self.service, ShopName::new("south"), Work::Plan, Scope::All, Starter::SCHEDULE);
        let run = NewRun { id: domain::RunId::new(id), ..task_of(&request, at) };
        let task = NewTask { run, slot: None, key: None };
        assert_eq!(self.service.state.accept(&task, at, &alive_at(at)).await.unwrap(), Accepted::New);
        self.end_tasks(at).await;
    }

    /// Accepts a task of `shop`.
    async fn accept(&self, shop: &str, dry_run: bool) {
        let now = self.clock.now();
        let (shop_name, work) = (ShopName::new(shop), Work::Sync { dry_run });
        let request = request(&self.service, shop_name, work, Scope::All, Starter::SCHEDULE);
        let id = domain::RunId::new(&format!("{shop}-dry-{dry_run}"));
        let run = NewRun { id, ..task_of(&request, now) };
        let task = NewTask { run, slot: None, key: None };
        self.service.state.accept(&task, now, &alive_at(now)).await.unwrap();
    }
}

fn dispatched(open_tasks: usize, started_tasks: usize, busy: &[&str]) -> Activation<DispatchReport> {
    let busy_shops = busy.iter().map(ToString::to_string).collect();
    Activation::succeeded(DispatchReport { open_tasks, started_tasks, busy_shops }, Next::After(1_000))
}

#[tokio::test]
async fn dispatch_starts_a_waiting_task_once_and_finishes_when_it_has_ended() {
    let stage = Stage::new().await;
    let dispatch: Dispatch = stage.task(Role::Worker).unwrap();
    assert_eq!(dispatch.activate(START).await, dispatched(0, 0, &[]));
    stage.accept("north", false).await;
    assert_eq!(dispatch.activate(START).await, dispatched(1, 1, &["north"]));
    assert_eq!(dispatch.activate(START).await, dispatched(1, 0, &["north"]), "its shop is busy");
    assert!(dispatch.finish().now_or_never().is_none(), "a task is in work");
    stage.release.notify_one();
    dispatch.finish().await;
    assert!(dispatch.activator().activated().now_or_never().is_some(), "it looks for the next task at once");
}

#[tokio::test]
async fn dispatch_starts_nothing_of_a_paused_shop_but_dry_runs() {
    let stage = Stage::new().await;
    let dispatch: Dispatch = stage.task(Role::Serve).unwrap();
    stage.accept("north", false).await;
    stage.service.state.pause(&ShopName::new("north"), START).await.unwrap();
    assert_eq!(dispatch.activate(START).await, dispatched(1, 0, &[]));
    stage.accept("north", true).await;
    assert_eq!(dispatch.activate(START).await, dispatched(2, 1, &["north"]));
    stage.release.notify_one();
    dispatch.finish().await;
}

#[tokio::test]
async fn dispatch_starts_a_task_when_its_shop_is_resumed() {
    let stage = Stage::new().await;
    let dispatch: Dispatch = stage.task(Role::Serve).unwrap();
    stage.accept("north", false).await;
    stage.service.state.pause(&ShopName::new("north"), START).await.unwrap();
    assert_eq!(dispatch.activate(START).await, dispatched(1, 0, &[]));
    stage.service.state.resume(&ShopName::new("north"), START).await.unwrap();
    assert_eq!(dispatch.activate(START).await, dispatched(1, 1, &["north"]));
    stage.release.notify_one();
    dispatch.finish().await;
}

#[tokio::test]
async fn a_check_up_dispatches_only_dry_runs_of_its_shop() {
    for (shop, dry_run, started) in [("north", true, 1), ("north", false, 0), ("south", true, 0)] {
        let stage = Stage::new().await;
        let dispatch: Dispatch = stage.task(Role::DryRuns(ShopName::new("north"))).unwrap();
        stage.accept(shop, dry_run).await;
        let report = dispatch.activate(START).await.report.unwrap();
        assert_eq!((report.open_tasks, report.started_tasks), (1, started), "{shop}, dry run: {dry_run}");
        stage.release.notify_one();
        dispatch.finish().await;
    }
}

#[tokio::test]
async fn a_slot_is_filled_when_it_is_due_and_wakes_the_dispatcher() {
    let stage = Stage::new().await;
    assert!(stage.task::<Slots>(Role::Worker).is_none(), "a worker has no schedule");
    let slots: Slots = stage.task(Role::Serve).unwrap();
    let nothing = |at| Activation::succeeded(SlotsReport { filled_shops: vec![] }, Next::At(at));
    assert_eq!(slots.activate(START).await, nothing(START + 15_000), "it looks every 15 seconds");
    assert_eq!(slots.activate(START + 50_000).await, nothing(START + MINUTE), "or when a slot is due");
    assert!(stage.service.dispatch.activated().now_or_never().is_none());
    let report = SlotsReport { filled_shops: vec!["north".to_owned()] };
    let filled = Activation::succeeded(report, Next::At(START + MINUTE + 15_000));
    assert_eq!(slots.activate(START + MINUTE).await, filled);
    assert!(stage.service.dispatch.activated().now_or_never().is_some());
    assert_eq!(stage.service.state.open_tasks().await.unwrap().len(), 1);
    assert_eq!(slots.activate(START + MINUTE).await, nothing(START + MINUTE + 15_000), "once");
}

/// After the clock was set back, and after one run while it was ahead, the schedule goes on from the new time.
#[tokio::test]
async fn slots_go_on_when_the_clock_was_ahead() {
    const HOUR: i64 = 60 * MINUTE;
    for ahead in [2 * HOUR, 400 * 24 * HOUR] {
        let stage = Stage::new().await;
        let slots: Slots = stage.task(Role::Serve).unwrap();
        let filled = async |at| slots.activate(at).await.report.unwrap().filled_shops.len();
        assert_eq!(filled(START).await, 0, "the schedule begins");
        assert_eq!(filled(START + ahead).await, 1);
        stage.end_tasks(START + ahead).await;
        assert_eq!(filled(START).await, 0, "it goes on from here");
        for minute in 1..=3 {
            let at = START + minute * MINUTE;
            assert_eq!(filled(at).await, 1, "{ahead}: minute {minute}");
            stage.end_tasks(at).await;
        }
        let figures = stage.service.state.figures(&ShopName::new("north"), START + 3 * MINUTE).await.unwrap();
        assert_eq!(figures.slots_missed, 0, "those that a wrong clock counted are forgotten");
    }
}

/// A step back of less than an interval fills no slot twice.
#[tokio::test]
async fn a_small_step_back_fills_no_slot_twice() {
    let stage = Stage::new().await;
    let slots: Slots = stage.task(Role::Serve).unwrap();
    let filled = async |at| slots.activate(at).await.report.unwrap().filled_shops.len();
    assert_eq!(filled(START).await, 0);
    assert_eq!(filled(START + MINUTE).await, 1);
    stage.end_tasks(START + MINUTE).await;
    assert_eq!(filled(START + MINUTE - 20_000).await, 0);
    assert_eq!(filled(START + MINUTE).await, 0, "it was filled");
    assert_eq!(filled(START + 2 * MINUTE).await, 1);
}

#[tokio::test]
async fn another_schedule_counts_no_slots_before_it() {
    let mut stage = Stage::new().await;
    let north = ShopName::new("north");
    stage.service.begin_schedules().await.unwrap();
    let later = START + 90 * MINUTE;
    stage.clock.set(later);
    assert_eq!(
        stage.service.state.last_slot(&north, later).await.unwrap(),
        START,
        "it goes on over a restart"
    );
    let each_hour = Schedule::parse("1h", TimeZone::UTC, &north, 0).unwrap();
    let service = Arc::get_mut(&mut stage.service).unwrap();
    service.settings.shops = vec![(north.clone(), Some(each_hour))];
    stage.service.begin_schedules().await.unwrap();
    let slots: Slots = stage.task(Role::Serve).unwrap();
    assert_eq!(slots.activate(later).await.report.unwrap().filled_shops.len(), 0, "no slot was missed");
    let next = slots.activate(later + 30 * MINUTE).await.report.unwrap();
    assert_eq!(next.filled_shops, ["north"]);
    let figures = stage.service.state.figures(&north, later + 30 * MINUTE).await.unwrap();
    assert_eq!((figures.slots_missed, figures.last_slot), (0, Some(later + 30 * MINUTE)));
}

/// What one step of pruning tells.
fn pruned(deleted_rows: u64, waits_for_clock: bool) -> PruningReport {
    PruningReport { deleted_rows, waits_for_clock }
}

/// The clock jumps 400 days ahead: none of the history of these days is deleted, neither at once nor after a run, and
/// what lies ahead stays when the clock is right again.
#[tokio::test]
async fn pruning_deletes_nothing_while_the_clock_cannot_be_believed() {
    const DAY: i64 = 24 * 60 * MINUTE;
    let stage = Stage::new().await;
    for day in 0..=4 {
        stage.run_at(&format!("run {day}"), START + day * DAY).await;
    }
    let (now, ahead) = (START + 4 * DAY, START + 404 * DAY);
    let pruning: Pruning = stage.task(Role::Serve).unwrap();
    let step = async |at| pruning.activate(at).await.report.unwrap();
    assert_eq!(step(ahead).await, pruned(0, true));
    stage.run_at("run ahead", ahead).await;
    assert_eq!(step(ahead + MINUTE).await, pruned(0, true), "also after a run");
    assert_eq!(step(now + MINUTE).await, pruned(0, true), "the clock is set back");
    stage.run_at("run 5", START + 5 * DAY).await;
    stage.run_at("run 6", START + 6 * DAY).await;
    let now = START + 6 * DAY + MINUTE;
    assert_eq!(step(now).await, pruned(1, false), "it was right for a day; history is kept for one");
    while step(now).await.deleted_rows > 0 {}
    let left = RunFilter { limit: 100, ..RunFilter::default() };
    let left = stage.service.state.list(&left).await.unwrap();
    let left: Vec<&str> = left.iter().map(|record| record.run.id.as_str()).collect();
    assert_eq!(left, ["run 6", "run ahead"], "all that is older than a day, and not what lies ahead");

    stage.clock.set(now);
    let watch: ClockWatch = stage.task(Role::Serve).unwrap();
    let _ = watch.activate(now).await;
    stage.run_at("run 7", now + DAY).await;
    stage.clock.set(now + 2 * DAY);
    stage.clock.correct(-10 * MINUTE);
    let _ = watch.activate(stage.clock.now()).await;
    assert_eq!(step(stage.clock.now()).await, pruned(0, true), "the clock was just set");
    stage.clock.set(stage.clock.now() + DAY);
    assert!(!step(stage.clock.now()).await.waits_for_clock);
}

/// The clock is set back by two hours: that is told for a day, tokens made before live as long as they were made for,
/// and ages go on from there.
#[tokio::test]
async fn a_clock_that_is_set_is_told_and_believed_from_then_on() {
    let stage = Stage::new().await;
    let watch: ClockWatch = stage.task(Role::Worker).unwrap();
    let moved = async || watch.activate(stage.clock.now()).await.report.unwrap().moved_ms;
    let (name, hash, access) = ("t".to_owned(), "digest".to_owned(), Access::Read);
    let token = TokenRecord {
        name,
        hash,
        access,
        created_at: START,
        expires_at: Some(START + MINUTE),
        used_at: None,
    };
    assert!(stage.service.state.add_token(&token).await.unwrap());
    assert_eq!(moved().await, None);
    stage.clock.correct(-120 * MINUTE);
    assert_eq!(moved().await, Some(-120 * MINUTE));
    assert_eq!(moved().await, None, "once");
    let kept = stage.service.state.token("digest").await.unwrap().unwrap();
    assert_eq!(kept.expires_at, Some(START - 119 * MINUTE));
    let jump = stage.service.clock_jump().unwrap();
    assert_eq!((jump.at, jump.by_ms), (START - 120 * MINUTE, -120 * MINUTE));
    stage.clock.set(START - 110 * MINUTE);
    assert_eq!(stage.service.age(START - 115 * MINUTE), 5 * MINUTE);
    assert_eq!(stage.service.age(START), 10 * MINUTE, "it was before the clock was set back");
    stage.clock.set(START + 24 * 60 * MINUTE);
    assert_eq!(stage.service.clock_jump(), None);
}

#[tokio::test]
async fn pruning_waits_for_an_hour_when_nothing_is_left() {
    let stage = Stage::new().await;
    let pruning: Pruning = stage.task(Role::Worker).unwrap();
    let idle = Activation::succeeded(pruned(0, true), Next::After(60 * MINUTE));
    assert_eq!(pruning.activate(START).await, idle);
    assert!(stage.task::<Pruning>(Role::DryRuns(ShopName::new("north"))).is_none());
}

#[tokio::test]
async fn sweeping_removes_the_expired_tokens_of_check_ups_alone() {
    let stage = Stage::new().await;
    let names = [("doctor-1", START), ("doctor-2", START + 1), ("mine", START - 1)];
    for (name, expires_at) in names {
        let (name, hash, expires_at) = (name.to_owned(), name.to_owned(), Some(expires_at));
        let token = TokenRecord { name, hash, access: Access::Run, created_at: 0, expires_at, used_at: None };
        assert!(stage.service.state.add_token(&token).await.unwrap());
    }
    let sweeping: Sweeping = stage.task(Role::Serve).unwrap();
    let swept = sweeping.activate(START).await;
    assert_eq!((swept.error, swept.next), (None, Next::After(60 * MINUTE)));
    let left = stage.service.state.tokens().await.unwrap();
    let left: Vec<&str> = left.iter().map(|token| token.name.as_str()).collect();
    assert_eq!(left, ["doctor-2", "mine"]);
}
