//! The work for which a process is started.

use domain::Sku;
use sync::Work;

use super::Simulation;
use crate::state::SimState;

impl Simulation {
    pub(super) fn draw_work(&mut self) -> Work {
        let mut sim = self.sim.lock();
        match sim.rng.below(20) {
            0 => Work::Sync { dry_run: true },
            1 => Work::Plan,
            2 if self.started > 0 => draw_set(&mut sim),
            3..=6 if !self.plans.is_empty() => {
                let at = sim.rng.index(self.plans.len());
                Work::Apply { plan: self.plans[at].clone() }
            }
            _ => Work::Sync { dry_run: false },
        }
    }
}

fn draw_set(sim: &mut SimState) -> Work {
    let units = u32::try_from(sim.rng.below(20)).unwrap_or(0);
    let text = sim.warehouse.draw_sku(&mut sim.rng);
    let sku = Sku::parse(&text).expect("SKUs of the warehouse have text");
    Work::Set { quantities: vec![(sku, units)] }
}
