//! One simulation from its first step to its last check.

mod chaos;
mod endings;
mod final_runs;
mod other_actors;
mod running;
mod start;
mod step;
mod tasks;
mod time;
mod work;

use std::collections::BTreeMap;

use domain::RunId;
use sync::Ended;
use sync::ports::StateError;

use crate::check::Violation;
use crate::profile::{Fault, Profile};
use crate::state::SharedState;
use running::RunningProcess;

/// How many processes a simulation starts at most before its final runs.
const MAX_PROCESSES: usize = 7;

/// The result of one simulation.
#[derive(Debug)]
pub struct SeedResult {
    /// The rule that was broken, if any.
    pub violation: Option<Violation>,
    /// How often each fault happened, in the order of [`Fault::ALL`].
    pub injected: Vec<u64>,
    /// How often each outcome and each end of a process was seen.
    pub outcomes: BTreeMap<String, u64>,
    /// Lines that were sent again although they had been applied, which I2 permits where a sale or an edit hid that.
    pub exceptions: u64,
    /// Steps taken.
    pub steps: u64,
    /// Yield points passed.
    pub yields: u64,
    /// The trace, if it was requested.
    pub trace: Vec<String>,
}

struct Simulation {
    sim: SharedState,
    profile: Profile,
    running: Vec<RunningProcess>,
    started: usize,
    outcomes: BTreeMap<String, u64>,
    /// Runs whose plan may be applied.
    plans: Vec<RunId>,
    last_end: Option<Result<Ended, StateError>>,
}

/// Plays one simulation to its end.
#[must_use]
pub fn play(profile: Profile, traced: bool) -> SeedResult {
    let sim = SharedState::new(profile.clone(), traced);
    let mut simulation = Simulation {
        sim,
        profile,
        running: Vec::new(),
        started: 0,
        outcomes: BTreeMap::new(),
        plans: Vec::new(),
        last_end: None,
    };
    simulation.play();
    let Simulation { sim, outcomes, running, .. } = simulation;
    drop(running);
    let mut sim = sim.lock();
    SeedResult {
        violation: sim.violation.clone(),
        injected: sim.injected.to_vec(),
        outcomes,
        exceptions: sim.observations.exceptions,
        steps: sim.step,
        yields: sim.yields,
        trace: sim.take_trace(),
    }
}

impl Simulation {
    fn play(&mut self) {
        self.faulty_runs();
        if !self.has_violation() {
            self.final_runs();
        }
    }

    fn has_violation(&self) -> bool {
        self.sim.lock().violation.is_some()
    }

    fn injects(&self, fault: Fault) -> bool {
        self.sim.lock().injects(fault)
    }
}
