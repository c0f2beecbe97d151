//! The tasks, each driven step by step: activate it once and check what it did.

use std::collections::BTreeMap;
use std::sync::Arc;
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
use sync::ports::{Access, Clock, NewRun, NewTask, ShopError, TokenRecord};
use sync::{TaskEnd, Work, alive_at, task_of};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

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
    assert_eq!(NAMES.len(), 5);
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
            dead_man_url: None,
        };
        let shared: Arc<dyn Clock> = Arc::<HandClock>::clone(&clock);
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let gateway = Arc::new(HeldShops(Arc::clone(&release)));
        let new_id = || domain::RunId::new("01990000-0000-7000-8000-000000000001");
        let service = Service::new(state, gateway, shared, settings, new_id, metrics);
        Self { clock, service: Arc::new(service), release, _folder: folder }
    }

    /// The task of a process with this role; `None` where it has none.
    fn task<T: BackgroundTask>(&self, role: Role) -> Option<T> {
        let service = Arc::clone(&self.service);
        T::new(&Setup { service, role, stop: CancellationToken::new() })
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

#[tokio::test]
async fn pruning_waits_for_an_hour_when_nothing_is_left() {
    let stage = Stage::new().await;
    let pruning: Pruning = stage.task(Role::Worker).unwrap();
    let idle = Activation::succeeded(PruningReport { deleted_rows: 0 }, Next::After(60 * MINUTE));
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
