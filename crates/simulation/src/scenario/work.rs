//! What a process is started for.

use domain::Sku;
use sync::Work;

use super::Simulation;
use crate::state::Inner;

impl Simulation {
    pub(super) fn some_work(&mut self) -> Work {
        let mut world = self.world.lock();
        match world.dice.below(20) {
            0 => Work::Sync { dry_run: true },
            1 => Work::Plan,
            2 if self.started > 0 => some_set(&mut world),
            3..=6 if !self.plans.is_empty() => {
                let at = world.dice.at(self.plans.len());
                Work::Apply { plan: self.plans[at].clone() }
            }
            _ => Work::Sync { dry_run: false },
        }
    }
}

fn some_set(world: &mut Inner) -> Work {
    let units = u32::try_from(world.dice.below(20)).unwrap_or(0);
    let text = world.depot.some_sku(&mut world.dice);
    let sku = Sku::parse(&text).expect("SKUs of the warehouse have text");
    Work::Set { quantities: vec![(sku, units)] }
}
