//! What ends a run before its work is done: the user, and its budget.

use async_trait::async_trait;
use domain::{LineState, Outcome, UnixMillis};
use sync::ports::Clock;
use sync::run::BUDGET_SPENT;
use sync::{Budget, Work};
use tokio::time::{Duration, Instant};

use super::world::{Answer, World};

/// The runtime's own time, which goes on by itself when nothing else can.
struct Running(Instant);

#[async_trait]
impl Clock for Running {
    fn now(&self) -> UnixMillis {
        i64::try_from(self.0.elapsed().as_millis()).unwrap()
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        let millis = u64::try_from(moment - self.now()).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
}

#[tokio::test]
async fn a_run_that_is_stopped_while_it_waits_for_the_window_waits_no_longer() {
    let world = World::new(&[("a", 1)], &[("a", 2)]).answering(&[Answer::StoppedBeforeTheGate]);
    let summary = world.sync(300).await;
    assert_eq!((summary.outcome, summary.counters.not_sent), (Outcome::Interrupted, 1));
    assert_eq!((world.count("sent committed"), world.count("write")), (0, 0));
}

/// The wait for the settle time outlasts what the run may use up.
#[tokio::test(start_paused = true)]
async fn a_run_whose_time_is_spent_while_it_waits_has_failed() {
    let world = World::new(&[("a", 1), ("b", 9)], &[("a", 2), ("b", 0)]).answering(&[Answer::Lose]);
    let clock = Running(Instant::now());
    let budget = Budget { duration_ms: 25_000, ..Budget::default() };
    let work = Work::Sync { dry_run: false };
    let summary = world.run_within(budget, &clock, "r1", work, 300).await.unwrap();
    assert_eq!(clock.0.elapsed(), Duration::from_secs(25));
    let failure = summary.failure.unwrap();
    assert_eq!((summary.outcome, failure.code.as_str()), (Outcome::Failed, BUDGET_SPENT));
    let states = world.states("r1");
    assert_eq!((states["b"], states["a"]), (LineState::Unresolved, LineState::NotSent));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_has_used_up_its_requests_sends_no_further_batch() {
    let world = World::new(&[("a", 9), ("b", 9)], &[("a", 2), ("b", 3)]);
    let clock = Running(Instant::now());
    let budget = Budget { requests: 0, ..Budget::default() };
    let work = Work::Sync { dry_run: false };
    let summary = world.run_within(budget, &clock, "r1", work, 300).await.unwrap();
    assert_eq!(summary.failure.unwrap().code, BUDGET_SPENT);
    assert_eq!((world.count("write"), summary.counters.not_sent), (0, 2));
}

/// A call in flight is seen to its end, however long ago the time was spent.
#[tokio::test(start_paused = true)]
async fn a_call_in_flight_is_not_left_alone() {
    let world = World::new(&[("a", 1)], &[("a", 2)]).answering(&[Answer::Never]);
    let clock = Running(Instant::now());
    let budget = Budget { duration_ms: 1_000, ..Budget::default() };
    let run = world.run_within(budget, &clock, "r1", Work::Sync { dry_run: false }, 300);
    assert!(tokio::time::timeout(Duration::from_secs(20), run).await.is_err());
    assert_eq!(world.states("r1")["a"], LineState::Sent);
}
