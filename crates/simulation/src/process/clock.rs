//! The clock, as a process sees it.

use async_trait::async_trait;
use domain::UnixMillis;
use sync::ports::Clock;

use super::Process;
use crate::profile::Broken;
use crate::world::Point;

#[async_trait]
impl Clock for Process {
    fn now(&self) -> UnixMillis {
        self.world.lock().now
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        let moment = if self.is(Broken::NoWaiting) { self.now() } else { moment };
        self.world.wait(self.pid, Point::Sleep, moment).await;
    }
}
