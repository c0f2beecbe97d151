//! A seed from its first step to its last check.

mod chaos;
mod endings;
mod happenings;
mod last_runs;
mod living;
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
use crate::state::World;
use living::Living;

/// Processes that a world starts at most, before its last runs.
const MOST_PROCESSES: usize = 7;

/// What came of a seed.
#[derive(Debug)]
pub struct Finding {
    /// The rule that was broken, where one was.
    pub violation: Option<Violation>,
    /// How often each fault struck, in the order of [`Fault::ALL`].
    pub fired: Vec<u64>,
    /// Outcomes and ends seen, with how often.
    pub outcomes: BTreeMap<String, u64>,
    /// Resends that I2 admits though the line had been applied.
    pub exceptions: u64,
    /// Steps taken.
    pub steps: u64,
    /// Yield points passed.
    pub yields: u64,
    /// The trace, where one was asked for.
    pub trace: Vec<String>,
}

struct Simulation {
    world: World,
    profile: Profile,
    living: Vec<Living>,
    started: usize,
    outcomes: BTreeMap<String, u64>,
    /// Runs whose plan may be applied.
    plans: Vec<RunId>,
    last_end: Option<Result<Ended, StateError>>,
}

/// Plays a world to its end.
#[must_use]
pub fn play(profile: Profile, traced: bool) -> Finding {
    let world = World::new(profile.clone(), traced);
    let mut simulation = Simulation {
        world,
        profile,
        living: Vec::new(),
        started: 0,
        outcomes: BTreeMap::new(),
        plans: Vec::new(),
        last_end: None,
    };
    simulation.play();
    let Simulation { world, outcomes, living, .. } = simulation;
    drop(living);
    let mut inner = world.lock();
    Finding {
        violation: inner.violation.clone(),
        fired: inner.fired.to_vec(),
        outcomes,
        exceptions: inner.oracle.exceptions,
        steps: inner.step,
        yields: inner.yields,
        trace: inner.take_trace(),
    }
}

impl Simulation {
    fn play(&mut self) {
        self.chaos();
        if !self.broken() {
            self.calm();
        }
    }

    fn broken(&self) -> bool {
        self.world.lock().violation.is_some()
    }

    fn roll(&self, fault: Fault) -> bool {
        self.world.lock().strikes(fault)
    }
}
