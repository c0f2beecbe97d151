//! What ends a run before its work is done: the user, and its budget.

use async_trait::async_trait;
use domain::{LineState, Outcome, UnixMillis};
use sync::ports::Clock;
use sync::run::BUDGET_SPENT;
use sync::{Budget, Work};
use tokio::time::{Duration, Instant};

use super::fixture::{Answer, RunFixture};

/// A clock that follows the runtime's paused time, which advances when every task is idle.
struct RuntimeClock(Instant);

#[async_trait]
impl Clock for RuntimeClock {
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
    let fixture = RunFixture::new(&[("a", 1)], &[("a", 2)]).answering(&[Answer::StoppedBeforeTheGate]);
    let summary = fixture.sync(300).await;
    assert_eq!((summary.outcome, summary.counters.not_sent), (Outcome::Interrupted, 1));
    assert_eq!((fixture.count("sent committed"), fixture.count("write")), (0, 0));
}

/// The settle wait outlasts the run's budget.
#[tokio::test(start_paused = true)]
async fn a_run_whose_time_is_spent_while_it_waits_has_failed() {
    let fixture = RunFixture::new(&[("a", 1), ("b", 9)], &[("a", 2), ("b", 0)]).answering(&[Answer::Lose]);
    let clock = RuntimeClock(Instant::now());
    let budget = Budget { duration_ms: 25_000, ..Budget::default() };
    let work = Work::Sync { dry_run: false };
    let summary = fixture.run_within(budget, &clock, "r1", work, 300).await.unwrap();
    assert_eq!(clock.0.elapsed(), Duration::from_secs(25));
    let failure = summary.failure.unwrap();
    assert_eq!((summary.outcome, failure.code.as_str()), (Outcome::Failed, BUDGET_SPENT));
    let states = fixture.states("r1");
    assert_eq!((states["b"], states["a"]), (LineState::Unresolved, LineState::NotSent));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_has_used_up_its_requests_sends_no_further_batch() {
    let fixture = RunFixture::new(&[("a", 9), ("b", 9)], &[("a", 2), ("b", 3)]);
    let clock = RuntimeClock(Instant::now());
    let budget = Budget { requests: 0, ..Budget::default() };
    let work = Work::Sync { dry_run: false };
    let summary = fixture.run_within(budget, &clock, "r1", work, 300).await.unwrap();
    assert_eq!(summary.failure.unwrap().code, BUDGET_SPENT);
    assert_eq!((fixture.count("write"), summary.counters.not_sent), (0, 2));
}

/// A run waits for a call in flight even after its time is spent.
#[tokio::test(start_paused = true)]
async fn a_call_in_flight_is_not_left_alone() {
    let fixture = RunFixture::new(&[("a", 1)], &[("a", 2)]).answering(&[Answer::Never]);
    let clock = RuntimeClock(Instant::now());
    let budget = Budget { duration_ms: 1_000, ..Budget::default() };
    let run = fixture.run_within(budget, &clock, "r1", Work::Sync { dry_run: false }, 300);
    assert!(tokio::time::timeout(Duration::from_secs(20), run).await.is_err());
    assert_eq!(fixture.states("r1")["a"], LineState::Sent);
}
