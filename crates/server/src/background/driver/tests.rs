//! The driver by a clock that is turned by hand: nothing happens here but what a test polls for.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::Mutex;

use futures::poll;
use tokio::sync::Notify;

use super::super::hand_clock::HandClock;
use super::*;
use crate::utc_time;
use api_types::PruningReport;

const MINUTE: i64 = 60_000;

/// What one activation of the task in these tests does.
enum Step {
    Succeed(Next),
    Fail(Next),
    Panic,
    /// Works until it is let go.
    Work(Arc<Notify>, Next),
}

/// Does one step per activation, and writes down what it does.
struct Scripted {
    name: &'static str,
    steps: Mutex<VecDeque<Step>>,
    activator: Activator,
    diary: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    fn note(&self, what: &str) {
        self.diary.lock().unwrap().push(format!("{} {what}", self.name));
    }
}

impl BackgroundTask for Scripted {
    const NAME: &'static str = "scripted";
    const DESCRIPTION: &'static str = "Does what a test says";
    type Report = PruningReport;

    fn new(_: &Setup) -> Option<Self> {
        None
    }

    fn activator(&self) -> Activator {
        self.activator.clone()
    }

    async fn activate(&self, now: UnixMillis) -> Activation<PruningReport> {
        self.note(&format!("at {now}"));
        let step = self.steps.lock().unwrap().pop_front().unwrap_or(Step::Succeed(Next::OnActivation));
        let report = PruningReport { deleted_rows: 7, waits_for_clock: false };
        match step {
            Step::Succeed(next) => Activation::succeeded(report, next),
            Step::Fail(next) => Activation::failed(&"the disk is full", next),
            Step::Panic => panic!("a defect at {now}"),
            Step::Work(until, next) => {
                until.notified().await;
                Activation::succeeded(report, next)
            }
        }
    }

    async fn finish(&self) {
        self.note("finishes");
    }
}

/// A task under test with its clock and its status.
struct Stage {
    clock: Arc<HandClock>,
    board: Board,
    activator: Activator,
    diary: Arc<Mutex<Vec<String>>>,
    runner: Arc<Runner<Scripted>>,
}

impl Stage {
    fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let (board, clock, diary) = (Board::default(), HandClock::new(), Arc::default());
        let task = scripted("task", steps, &diary);
        let activator = task.activator.clone();
        let shared: Arc<dyn Clock> = Arc::<HandClock>::clone(&clock);
        let runner = Arc::new(Runner::new(task, &board, &shared, BackgroundReport::Pruning));
        Self { clock, board, activator, diary, runner }
    }

    fn status(&self) -> api_types::BackgroundTask {
        self.board.view(self.clock.steady()).tasks.remove(0)
    }

    /// What the task has done, each with its moment.
    fn done(&self) -> Vec<String> {
        self.diary.lock().unwrap().clone()
    }

    fn last(&self) -> (ActivationReason, ActivationOutcome, Option<String>) {
        let last = self.status().last.unwrap();
        (last.reason, last.outcome, last.error)
    }
}

fn scripted(
    name: &'static str,
    steps: impl IntoIterator<Item = Step>,
    diary: &Arc<Mutex<Vec<String>>>,
) -> Scripted {
    let steps = Mutex::new(steps.into_iter().collect());
    Scripted { name, steps, activator: Activator::default(), diary: Arc::clone(diary) }
}

#[tokio::test]
async fn one_activation_gives_the_next_moment_and_leaves_a_status() {
    let stage = Stage::new([Step::Succeed(Next::After(500))]);
    let before = stage.status();
    assert_eq!((before.activations, before.last, before.overdue), (0, None, false));
    stage.clock.set(1_000);
    assert_eq!(stage.runner.activate(ActivationReason::Timer).await, Some(1_500));
    let status = stage.status();
    assert_eq!((status.name.as_str(), status.activations, status.failures), ("scripted", 1, 0));
    assert_eq!(status.next_run_at, Some(utc_time(1_500)));
    assert_eq!(status.last_success_at, Some(utc_time(1_000)));
    assert_eq!((status.running_since, status.failures_in_a_row), (None, 0));
    let last = status.last.unwrap();
    assert_eq!(
        last.report,
        Some(BackgroundReport::Pruning(PruningReport { deleted_rows: 7, waits_for_clock: false }))
    );
    assert_eq!((last.reason, last.outcome), (ActivationReason::Timer, ActivationOutcome::Succeeded));
}

#[tokio::test]
async fn a_task_runs_at_the_start_and_then_when_it_is_due() {
    let stage = Stage::new([Step::Succeed(Next::After(1_000)), Step::Succeed(Next::At(5_000))]);
    let stop = CancellationToken::new();
    let mut run = pin!(stage.runner.run(&stop));
    assert!(poll!(&mut run).is_pending());
    assert_eq!(stage.done(), ["task at 0"]);
    assert_eq!(stage.last().0, ActivationReason::Start);
    stage.clock.set(999);
    assert!(poll!(&mut run).is_pending());
    assert_eq!(stage.done().len(), 1, "it is not due yet");
    stage.clock.set(1_000);
    assert!(poll!(&mut run).is_pending());
    stage.clock.set(4_999);
    assert!(poll!(&mut run).is_pending());
    assert_eq!(stage.done(), ["task at 0", "task at 1000"]);
    stage.clock.set(6_000);
    assert!(poll!(&mut run).is_pending());
    assert_eq!(stage.done().last().unwrap(), "task at 6000");
    assert_eq!(stage.last().0, ActivationReason::Timer);
}

#[tokio::test]
async fn a_request_activates_a_task_at_once_also_while_it_works() {
    let release = Arc::new(Notify::new());
    let stage = Stage::new([
        Step::Succeed(Next::OnActivation),
        Step::Work(Arc::clone(&release), Next::OnActivation),
        Step::Succeed(Next::OnActivation),
    ]);
    let stop = CancellationToken::new();
    let mut run = pin!(stage.runner.run(&stop));
    assert!(poll!(&mut run).is_pending());
    stage.clock.set(1_000_000);
    assert!(poll!(&mut run).is_pending());
    assert_eq!(stage.done().len(), 1, "no moment activates it");
    assert_eq!((stage.status().next_run_at, stage.status().overdue), (None, false));

    stage.activator.activate();
    assert!(poll!(&mut run).is_pending());
    assert_eq!(stage.done().len(), 2);
    assert_eq!(stage.status().running_since, Some(utc_time(1_000_000)));
    stage.activator.activate();
    stage.activator.activate();
    assert!(poll!(&mut run).is_pending());
    assert_eq!(stage.done().len(), 2, "activations of one task never overlap");
    release.notify_one();
    assert!(poll!(&mut run).is_pending());
    assert_eq!(stage.done().len(), 3, "requests during an activation lead to one more");
    assert_eq!(stage.last().0, ActivationReason::Request);
}

#[tokio::test]
async fn a_failure_is_reported_and_a_success_ends_the_row_of_them() {
    let next = Next::After(10);
    let stage = Stage::new([Step::Succeed(next), Step::Fail(next), Step::Fail(next), Step::Succeed(next)]);
    let due = stage.runner.activate(ActivationReason::Start).await;
    assert_eq!(due, Some(10));
    stage.clock.set(10);
    for failures in [1, 2] {
        assert_eq!(stage.runner.activate(ActivationReason::Timer).await, Some(20));
        let status = stage.status();
        assert_eq!((status.failures, status.failures_in_a_row), (failures, failures));
        assert_eq!(status.last_success_at, Some(utc_time(0)));
        let error = Some("the disk is full".to_owned());
        assert_eq!(stage.last(), (ActivationReason::Timer, ActivationOutcome::Failed, error));
        assert_eq!(status.last.unwrap().report, None);
    }
    stage.runner.activate(ActivationReason::Timer).await;
    let status = stage.status();
    assert_eq!((status.activations, status.failures, status.failures_in_a_row), (4, 2, 0));
    assert_eq!(stage.last().1, ActivationOutcome::Succeeded);
}

#[tokio::test]
async fn a_panic_is_contained_and_reported_and_the_task_runs_again() {
    let stage = Stage::new([Step::Panic, Step::Succeed(Next::OnActivation)]);
    let stop = CancellationToken::new();
    let mut run = pin!(stage.runner.run(&stop));
    assert!(poll!(&mut run).is_pending());
    let error = Some("a defect at 0".to_owned());
    assert_eq!(stage.last(), (ActivationReason::Start, ActivationOutcome::Panicked, error));
    assert_eq!((stage.status().failures, stage.status().running_since), (1, None));
    stage.clock.set(AFTER_PANIC_MS);
    assert!(poll!(&mut run).is_pending());
    assert_eq!(stage.last().1, ActivationOutcome::Succeeded);
    assert_eq!((stage.status().failures, stage.status().failures_in_a_row), (1, 0));
}

#[tokio::test]
async fn a_stop_waits_for_the_activation_under_way_and_begins_no_other() {
    let release = Arc::new(Notify::new());
    let stage = Stage::new([Step::Work(Arc::clone(&release), Next::After(0))]);
    let stop = CancellationToken::new();
    let mut run = pin!(stage.runner.run(&stop));
    assert!(poll!(&mut run).is_pending());
    stop.cancel();
    assert!(poll!(&mut run).is_pending(), "the task works");
    stage.activator.activate();
    release.notify_one();
    assert!(poll!(&mut run).is_ready());
    assert_eq!(stage.done(), ["task at 0"]);
    assert_eq!(stage.last().1, ActivationOutcome::Succeeded);
    stage.runner.run(&stop).await;
    assert_eq!(stage.done().len(), 1, "a stop before the start activates nothing");
}

#[tokio::test]
async fn a_task_that_works_or_waits_for_five_minutes_too_long_is_overdue() {
    let release = Arc::new(Notify::new());
    let stage = Stage::new([Step::Work(Arc::clone(&release), Next::At(20 * MINUTE))]);
    let overdue_at = |now: i64| {
        stage.clock.set(now);
        stage.status().overdue
    };
    assert_eq!((overdue_at(5 * MINUTE), overdue_at(5 * MINUTE + 1)), (false, true), "not begun");
    let mut working = pin!(stage.runner.activate(ActivationReason::Start));
    stage.clock.set(10 * MINUTE);
    assert!(poll!(&mut working).is_pending());
    assert_eq!((overdue_at(15 * MINUTE), overdue_at(15 * MINUTE + 1)), (false, true), "not ended");
    release.notify_one();
    assert!(poll!(&mut working).is_ready());
    assert_eq!((overdue_at(25 * MINUTE), overdue_at(25 * MINUTE + 1)), (false, true), "not begun again");
}

/// Two tasks under one driver.
fn driver(clock: &Arc<HandClock>, diary: &Arc<Mutex<Vec<String>>>, stop: &CancellationToken) -> Driver {
    let (board, clock): (_, Arc<dyn Clock>) = (Board::default(), Arc::<HandClock>::clone(clock));
    let tasks = ["first", "second"]
        .map(|name| Runner::boxed(scripted(name, [], diary), &board, &clock, BackgroundReport::Pruning));
    Driver { tasks: tasks.into(), stop: stop.child_token() }
}

#[tokio::test]
async fn tasks_finish_in_their_order_after_the_last_activation_of_all() {
    let (clock, diary, stop) = (HandClock::new(), Arc::default(), CancellationToken::new());
    let driving = tokio::spawn(driver(&clock, &diary, &stop).run());
    while diary.lock().unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    driving.await.unwrap();
    let diary = diary.lock().unwrap().clone();
    assert_eq!(diary[2..], ["first finishes", "second finishes"], "{diary:?}");
}

/// A task whose loop has a defect, which no activation contains.
struct Broken;

#[async_trait]
impl Run for Broken {
    async fn run(&self, _: &CancellationToken) {
        panic!("a defect of the loop");
    }

    async fn finish(&self) {}
}

#[tokio::test]
async fn a_loop_that_ends_early_takes_the_others_with_it() {
    let (clock, diary, stop) = (HandClock::new(), Arc::default(), CancellationToken::new());
    let mut driver = driver(&clock, &diary, &stop);
    driver.tasks.push(Arc::new(Broken));
    driver.run().await;
    assert!(!stop.is_cancelled(), "so the process can tell a defect from a stop");
    let diary = diary.lock().unwrap().clone();
    assert!(diary.ends_with(&["first finishes".to_owned(), "second finishes".to_owned()]), "{diary:?}");
}
