//! The port of the clock.

use async_trait::async_trait;
use domain::UnixMillis;
use sync::ports::Clock;

use super::Process;
use crate::profile::Defect;
use crate::yield_point::YieldPoint;

#[async_trait]
impl Clock for Process {
    fn now(&self) -> UnixMillis {
        self.sim.lock().now + self.clock_ms
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        if self.has(Defect::NeverWake) {
            return std::future::pending().await;
        }
        // The wait for the end of a run's budget, hours away, is not affected by the defect.
        let soon = moment - self.now() < 3_600_000;
        let moment = if soon && self.has(Defect::NoWaiting) { self.now() } else { moment };
        self.sim.wait(self.pid, YieldPoint::Sleep, moment - self.clock_ms).await;
    }
}
