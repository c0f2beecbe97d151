//! What a run tells of itself: lines of the trace, and a held plan for the oracle.

use sync::Observer;
use sync::observer::Event;

use super::Process;
use crate::profile::Broken;

impl Observer for Process {
    fn event(&self, event: &Event<'_>) {
        let mut world = self.world.lock();
        match event {
            Event::Planned { .. } if self.is(Broken::HoldNothing) => {
                world.oracle.watch(self.pid).held = true;
            }
            Event::Held { trips } => {
                world.note(format_args!("p{} held: {trips:?}", self.pid));
                world.oracle.watch(self.pid).held = true;
            }
            Event::ReadingShop { choice } => {
                world.note(format_args!(
                    "p{} reads the shop: {} since {}",
                    self.pid, choice.way, choice.reason
                ));
                world.oracle.watch(self.pid).plans = true;
            }
            Event::Planned { .. } => world.oracle.watch(self.pid).plans = false,
            Event::Prepared { sku, from, to, .. } => {
                world.note(format_args!("p{} planned {sku}: {from} → {to}", self.pid));
            }
            Event::Settling { until, why } => {
                let left = until - world.now - self.clock_ms;
                world.note(format_args!("p{} waits for {left} ms: {why:?}", self.pid));
            }
            Event::Finished { summary } => {
                let (outcome, failure) = (summary.outcome, &summary.failure);
                world.note(format_args!("p{} finished: {outcome} {failure:?}", self.pid));
            }
            _ => {}
        }
    }
}
