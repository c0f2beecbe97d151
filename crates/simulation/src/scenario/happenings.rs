//! What others do meanwhile.

use super::{MOST_PROCESSES, Simulation};
use crate::profile::Fault;
use crate::state::Inner;

impl Simulation {
    /// The merchant's day goes on between two runs.
    pub(super) fn trade(&mut self) {
        let mut world = self.world.lock();
        for _ in 0..world.dice.below(6) {
            change_stock(&mut world);
        }
        let idle = world.dice.pick(&[0, 0, 1_000, 9_000, 40_000, 3_600_000, 90_000_000]);
        let now = world.now;
        drop(world);
        self.advance(now + idle);
    }

    /// A buyer, now and then.
    pub(super) fn buyers(&mut self) {
        let mut world = self.world.lock();
        if world.strikes(Fault::Sale) {
            world.sell();
        }
    }

    /// What others do.
    pub(super) fn happenings(&mut self) {
        self.buyers();
        {
            let mut world = self.world.lock();
            happen_in_shop(&mut world);
            happen_elsewhere(&mut world);
        }
        self.second_process();
        self.cancel();
    }

    fn second_process(&mut self) {
        if self.started < MOST_PROCESSES && !self.living.is_empty() {
            let second = self.profile.rates.of(Fault::SecondProcess) > 0;
            if second && self.world.lock().dice.hits(12) {
                self.roll(Fault::SecondProcess);
                let work = self.some_work();
                self.begin(work);
            }
        }
    }

    fn cancel(&mut self) {
        if self.roll(Fault::Cancelled) {
            let mut world = self.world.lock();
            let at = world.dice.at(self.living.len());
            if let Some(one) = self.living.get_mut(at) {
                one.stop.cancel();
                one.poked = true;
                world.note(format_args!("p{} is cancelled", one.pid));
            }
        }
    }
}

fn change_stock(world: &mut Inner) {
    let change = world.depot.change(&world.floor, &mut world.dice);
    world.note(format_args!("   warehouse: {change}"));
}

fn happen_in_shop(world: &mut Inner) {
    if world.floor.storm_left > 0 && world.strikes(Fault::SaleStorm) {
        world.floor.storm_left -= 1;
        world.sell();
    }
    if world.strikes(Fault::Edit) {
        world.edit();
    }
    let place = world.dice.at(world.floor.shelves.len());
    let other = world.dice.at(world.floor.shelves.len());
    if world.strikes(Fault::ProductDeleted) {
        world.delete(place);
    }
    if world.strikes(Fault::ListingRecreated) {
        world.recreate(place);
    }
    if world.strikes(Fault::TrackingChanged) {
        world.change_tracking(place);
    }
    if world.strikes(Fault::SkuSwapped) && place != other {
        world.swap_skus(place, other);
    }
}

fn happen_elsewhere(world: &mut Inner) {
    if world.strikes(Fault::WarehouseMoves) {
        change_stock(world);
    }
    if world.strikes(Fault::ClockTurnedBack) {
        let by = world.dice.pick(&[1_000, 8_000, 40_000, 7_200_000]);
        world.clock_ms -= by;
        world.note(format_args!("   the machine's clock is turned back by {by} ms"));
    }
    if world.strikes(Fault::WarehouseShrinks) {
        world.depot.shrunk_until = world.now + world.dice.between(1, 60_000);
    }
    if world.strikes(Fault::DiskFull) {
        let until = world.now + world.dice.between(100, 45_000);
        let install = world.dice.at(2);
        world.note(format_args!("   the disk of installation {install} is full"));
        *world.installations[install].full_until.lock().expect("never poisoned") = until;
    }
}
