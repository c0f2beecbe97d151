//! The clock, as a process sees it.

use async_trait::async_trait;
use domain::UnixMillis;
use sync::ports::Clock;

use super::Process;
use crate::profile::Broken;
use crate::yield_point::Point;

#[async_trait]
impl Clock for Process {
    fn now(&self) -> UnixMillis {
        self.world.lock().now + self.clock_ms
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        if self.is(Broken::NoWaking) {
            return std::future::pending().await;
        }
        // The budget of a run, hours away, is none of the waits that matter.
        let soon = moment - self.now() < 3_600_000;
        let moment = if soon && self.is(Broken::NoWaiting) { self.now() } else { moment };
        self.world.wait(self.pid, Point::Sleep, moment - self.clock_ms).await;
    }
}
