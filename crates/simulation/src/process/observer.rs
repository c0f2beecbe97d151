//! The observer of a run: it writes trace lines and tells the oracle of a held plan.

use sync::Observer;
use sync::observer::Event;

use super::Process;
use crate::profile::Defect;

impl Observer for Process {
    fn event(&self, event: &Event<'_>) {
        let mut sim = self.sim.lock();
        match event {
            Event::Planned { .. } if self.has(Defect::IgnoreGuard) => {
                sim.observations.watch(self.pid).held = true;
            }
            Event::Held { trips } => {
                sim.note(format_args!("p{} held: {trips:?}", self.pid));
                sim.observations.watch(self.pid).held = true;
            }
            Event::ReadingShop { choice } => {
                sim.note(format_args!(
                    "p{} reads the shop: {} since {}",
                    self.pid, choice.way, choice.reason
                ));
                sim.observations.watch(self.pid).plans = true;
            }
            Event::Planned { .. } => sim.observations.watch(self.pid).plans = false,
            Event::Prepared { sku, from, to, .. } => {
                sim.note(format_args!("p{} planned {sku}: {from} → {to}", self.pid));
            }
            Event::Settling { until, why } => {
                let left = until - sim.now - self.clock_ms;
                sim.note(format_args!("p{} waits for {left} ms: {why:?}", self.pid));
            }
            Event::Finished { summary } => {
                let (outcome, failure) = (summary.outcome, &summary.failure);
                sim.note(format_args!("p{} finished: {outcome} {failure:?}", self.pid));
            }
            _ => {}
        }
    }
}
