//! The results of many seeds.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::check::Violation;
use crate::profile::{Fault, Series};
use crate::scenario::{SeedResult, play};

/// A seed that broke a rule.
#[derive(Debug)]
pub struct FailedSeed {
    /// Its series.
    pub series: Series,
    /// The seed.
    pub seed: u64,
    /// The rule that it broke.
    pub violation: Violation,
}

impl fmt::Display for FailedSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (series, seed, violation) = (self.series.name(), self.seed, &self.violation);
        let replay = format!("cargo run --release -p simulation -- --series {series} --trace {seed}");
        write!(f, "seed {seed} of {series}: {violation}; replay: {replay}")
    }
}

/// The results of many seeds.
#[derive(Debug, Default)]
pub struct Summary {
    /// Seeds played.
    pub seeds: u64,
    /// Time taken.
    pub elapsed: Duration,
    /// The slowest seed and its time.
    pub slowest: (u64, Duration),
    /// For each fault: how often it happened, and in how many seeds.
    pub faults: Vec<(Fault, u64, u64)>,
    /// How often each outcome and each end of a process was seen.
    pub outcomes: BTreeMap<String, u64>,
    /// Lines that were sent again although they had been applied, which I2 permits where a sale or an edit hid that.
    pub exceptions: u64,
    /// Steps taken.
    pub steps: u64,
    /// Seeds that broke a rule.
    pub failed: Vec<FailedSeed>,
}

/// Plays `count` seeds, beginning with `from`. `clock` gives the time since a fixed moment and is used for the
/// figures only.
#[must_use]
pub fn run_seeds(series: Series, from: u64, count: u64, clock: &dyn Fn() -> Duration) -> Summary {
    let faults = Fault::ALL.iter().map(|(fault, _)| (*fault, 0, 0)).collect();
    let mut summary = Summary { seeds: count, faults, ..Summary::default() };
    let begin = clock();
    for seed in from..from + count {
        let before = clock();
        let result = play(series.profile(seed), false);
        let took = clock().saturating_sub(before);
        if took > summary.slowest.1 {
            summary.slowest = (seed, took);
        }
        summary.add(series, seed, result);
    }
    summary.elapsed = clock().saturating_sub(begin);
    summary
}

/// The trace of a seed, line by line, and the rule that it broke, if any.
#[must_use]
pub fn trace(series: Series, seed: u64) -> (Vec<String>, Option<Violation>) {
    let result = play(series.profile(seed), true);
    (result.trace, result.violation)
}

impl Summary {
    fn add(&mut self, series: Series, seed: u64, result: SeedResult) {
        for (slot, injected) in self.faults.iter_mut().zip(result.injected) {
            slot.1 += injected;
            slot.2 += u64::from(injected > 0);
        }
        for (outcome, times) in result.outcomes {
            *self.outcomes.entry(outcome).or_default() += times;
        }
        self.exceptions += result.exceptions;
        self.steps += result.steps;
        if let Some(violation) = result.violation {
            self.failed.push(FailedSeed { series, seed, violation });
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.elapsed.as_secs_f64().max(0.001);
        let per_second = u128::from(self.seeds) * 1_000 / self.elapsed.as_millis().max(1);
        writeln!(f, "{} seeds in {seconds:.1} s: {per_second} a second, {} steps", self.seeds, self.steps)?;
        writeln!(f, "slowest: seed {} in {} ms", self.slowest.0, self.slowest.1.as_millis())?;
        writeln!(f, "resends that a sale or an edit excuses: {}", self.exceptions)?;
        writeln!(f, "ends:")?;
        for (outcome, times) in &self.outcomes {
            writeln!(f, "  {outcome:<40} {times:>8}")?;
        }
        writeln!(f, "faults: times, seeds in a thousand")?;
        for (fault, times, seeds) in &self.faults {
            let name = format!("{fault:?}");
            writeln!(f, "  {name:<22} {times:>8} {:>6}", seeds * 1_000 / self.seeds.max(1))?;
        }
        for failed in &self.failed {
            writeln!(f, "{failed}")?;
        }
        write!(f, "{} of {} seeds broke a rule", self.failed.len(), self.seeds)
    }
}
