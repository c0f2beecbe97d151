//! Runs while things go wrong, until faults stop.

use domain::UnixMillis;
use sync::Work;

use super::{MOST_PROCESSES, Simulation};
use crate::profile::Fault;

/// So many steps with faults; then they stop.
const FAULTY_STEPS: u64 = 2_500;

impl Simulation {
    /// Runs while things go wrong.
    pub(super) fn chaos(&mut self) {
        let mut left = self.profile.runs;
        while !self.broken() {
            if self.living.is_empty() {
                if left == 0 || self.started >= MOST_PROCESSES {
                    break;
                }
                left -= 1;
                self.trade();
                let work = self.some_work();
                self.begin(work);
                if self.roll(Fault::SecondInstallation) {
                    self.start(1, Work::Sync { dry_run: false });
                }
            }
            if self.world.lock().step > FAULTY_STEPS {
                break;
            }
            self.happenings();
            self.step();
        }
        self.stop_faults();
        self.drive();
        self.work_off_what_is_open();
        // Nobody else writes from here on, and nothing of theirs is under way any more.
        while let Some(at) = self.next_foreign_landing() {
            self.advance(at);
        }
    }

    fn stop_faults(&mut self) {
        let mut world = self.world.lock();
        world.note(format_args!("-- faults stop"));
        world.faulty = false;
        world.buyers = self.profile.late_buyers;
        world.depot.shrunk_until = 0;
        for one in &mut self.living {
            one.stopped_until = 0;
            world.oracle.watch(one.pid).lively = true;
        }
    }

    fn next_foreign_landing(&self) -> Option<UnixMillis> {
        self.world.lock().next_landing(Some(1))
    }
}
