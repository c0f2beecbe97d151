//! What buyers, users, the warehouse and other processes do meanwhile.

use super::{MAX_PROCESSES, Simulation};
use crate::profile::Fault;
use crate::state::SimState;

impl Simulation {
    /// Lets time pass between two runs: the stock changes and the clock advances.
    pub(super) fn pass_time_between_runs(&mut self) {
        let mut sim = self.sim.lock();
        for _ in 0..sim.rng.below(6) {
            change_stock(&mut sim);
        }
        let idle = sim.rng.pick(&[0, 0, 1_000, 9_000, 40_000, 3_600_000, 90_000_000]);
        let now = sim.now;
        drop(sim);
        self.advance(now + idle);
    }

    /// Lets a buyer buy, at the rate of [`Fault::Sale`].
    pub(super) fn maybe_sell(&mut self) {
        let mut sim = self.sim.lock();
        if sim.injects(Fault::Sale) {
            sim.sell();
        }
    }

    /// Lets every other actor act, each at its rate.
    pub(super) fn let_others_act(&mut self) {
        self.maybe_sell();
        {
            let mut sim = self.sim.lock();
            act_in_shop(&mut sim);
            act_elsewhere(&mut sim);
        }
        self.second_process();
        self.cancel();
    }

    fn second_process(&mut self) {
        if self.started < MAX_PROCESSES && !self.running.is_empty() {
            let second = self.profile.rates.of(Fault::SecondProcess) > 0;
            if second && self.sim.lock().rng.chance(12) {
                self.injects(Fault::SecondProcess);
                let work = self.draw_work();
                self.start_work(work);
            }
        }
    }

    fn cancel(&mut self) {
        if self.injects(Fault::Cancelled) {
            let mut sim = self.sim.lock();
            let at = sim.rng.index(self.running.len());
            if let Some(one) = self.running.get_mut(at) {
                one.stop.cancel();
                one.must_poll = true;
                sim.note(format_args!("p{} is cancelled", one.pid));
            }
        }
    }
}

fn change_stock(sim: &mut SimState) {
    let change = sim.warehouse.change(&sim.shop, &mut sim.rng);
    sim.note(format_args!("   warehouse: {change}"));
}

fn act_in_shop(sim: &mut SimState) {
    if sim.shop.storm_sales_left > 0 && sim.injects(Fault::SaleStorm) {
        sim.shop.storm_sales_left -= 1;
        sim.sell();
    }
    if sim.injects(Fault::Edit) {
        sim.edit();
    }
    let listing = sim.rng.index(sim.shop.listings.len());
    let other = sim.rng.index(sim.shop.listings.len());
    if sim.injects(Fault::ProductDeleted) {
        sim.delete(listing);
    }
    if sim.injects(Fault::ListingRecreated) {
        sim.recreate(listing);
    }
    if sim.injects(Fault::TrackingChanged) {
        sim.change_tracking(listing);
    }
    if sim.injects(Fault::CatalogMoved) {
        sim.move_catalog();
    }
    if sim.injects(Fault::SkuSwapped) && listing != other {
        sim.swap_skus(listing, other);
    }
}

fn act_elsewhere(sim: &mut SimState) {
    if sim.injects(Fault::WarehouseMoves) {
        change_stock(sim);
    }
    if sim.injects(Fault::ClockTurnedBack) {
        let by = sim.rng.pick(&[1_000, 8_000, 40_000, 7_200_000]);
        sim.clock_ms -= by;
        sim.note(format_args!("   the machine's clock is turned back by {by} ms"));
    }
    if sim.injects(Fault::WarehouseShrinks) {
        let until = sim.now + sim.rng.between(1, 60_000);
        let to_one = sim.rng.chance(500);
        sim.warehouse.shrink(sim.now, until, to_one);
    }
    if sim.injects(Fault::WarehouseForeign) {
        sim.warehouse.foreign_until = sim.now + sim.rng.between(1, 60_000);
    }
    if sim.injects(Fault::DiskFull) {
        let until = sim.now + sim.rng.between(100, 45_000);
        let install = sim.rng.index(2);
        sim.note(format_args!("   the disk of installation {install} is full"));
        *sim.installations[install].disk_full_until.lock().expect("never poisoned") = until;
    }
}
