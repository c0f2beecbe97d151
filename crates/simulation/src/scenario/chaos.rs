//! The first phase: runs while faults happen.

use domain::UnixMillis;
use sync::Work;

use super::{MAX_PROCESSES, Simulation};
use crate::profile::Fault;

/// After this many steps the faults stop.
const FAULTY_STEPS: u64 = 2_500;

impl Simulation {
    /// Runs processes while faults happen, until the faults stop and every process has ended.
    pub(super) fn faulty_runs(&mut self) {
        let mut left = self.profile.runs;
        while !self.has_violation() {
            if self.running.is_empty() {
                if left == 0 || self.started >= MAX_PROCESSES {
                    break;
                }
                left -= 1;
                self.pass_time_between_runs();
                let work = self.draw_work();
                self.start_work(work);
                if self.injects(Fault::SecondInstallation) {
                    self.start(1, Work::Sync { dry_run: false });
                }
            }
            if self.sim.lock().step > FAULTY_STEPS {
                break;
            }
            self.let_others_act();
            self.step();
        }
        self.stop_faults();
        self.run_until_idle();
        self.finish_open_tasks();
        // From here on the second installation writes nothing, and none of its requests is under way.
        while let Some(at) = self.next_foreign_landing() {
            self.advance(at);
        }
    }

    fn stop_faults(&mut self) {
        let mut sim = self.sim.lock();
        sim.note(format_args!("-- faults stop"));
        sim.faults_enabled = false;
        sim.sales_enabled = self.profile.late_buyers;
        sim.warehouse.shrunk_until = 0;
        sim.warehouse.foreign_until = 0;
        for one in &mut self.running {
            one.paused_until = 0;
            sim.observations.watch(one.pid).is_active = true;
        }
    }

    fn next_foreign_landing(&self) -> Option<UnixMillis> {
        self.sim.lock().next_landing(Some(1))
    }
}
