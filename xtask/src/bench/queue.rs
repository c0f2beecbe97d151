//! Schedules the measurements: one client at a time, and while a shop's request window has to empty, other series run.

use std::time::Duration;

use anyhow::Context;

use super::cases::{self, Kind, LIMIT, Limits, Scenario, Series};
use super::figures::Figures;
use super::programs::Programs;
use super::test_bed::TestBed;
use super::text::seconds;
use super::window::Window;
use crate::clock::Stopwatch;
use crate::steps::say;

/// One measured run.
pub(super) struct Measured {
    pub(super) scenario: Scenario,
    pub(super) kind: Kind,
    pub(super) figures: Figures,
}

/// The valid figures, and the failures of the other series.
#[derive(Default)]
pub(super) struct Results {
    pub(super) measured: Vec<Measured>,
    pub(super) failures: Vec<anyhow::Error>,
}

/// The progress of a series: its runs in order, then a check of the shop.
struct SeriesProgress<'a> {
    series: &'a Series,
    test_bed: Option<TestBed<'a>>,
    window: Window,
    /// One entry per finished run. They count only after the shop was checked.
    measured: Vec<Measured>,
    checked: bool,
}

/// Measures all series. A series that fails loses all of its figures; the others go on.
pub(super) fn measure(all: &[Series], programs: &Programs) -> Results {
    let watch = Stopwatch::start();
    let mut open: Vec<SeriesProgress<'_>> =
        all.iter().flat_map(|series| (0..series.repeats).map(move |_| SeriesProgress::new(series))).collect();
    // Series with a rate limit come first, so that the others run while these wait.
    open.sort_by_key(|progress| progress.series.scenario.limits == Limits::Off);
    let mut results = Results::default();
    while let Some(next) = next(&open) {
        watch.sleep_until(next.from);
        let Some(progress) = open.get_mut(next.place) else { break };
        match progress.go_on(programs, &watch) {
            Ok(()) if progress.checked => results.measured.append(&mut open.remove(next.place).measured),
            Ok(()) => {}
            Err(failure) => {
                say(&format!("FAILED: {failure:#}"));
                results.failures.push(failure);
                open.remove(next.place);
            }
        }
    }
    results
}

/// The series that goes on next, and when.
#[derive(Debug, PartialEq, Eq)]
struct Next {
    place: usize,
    from: Duration,
}

/// The first series that does not have to wait, or the one with the shortest wait.
fn next(open: &[SeriesProgress<'_>]) -> Option<Next> {
    let waits = open.iter().enumerate().map(|(place, progress)| Next { place, from: progress.free_at() });
    waits.min_by_key(|next| next.from)
}

impl<'a> SeriesProgress<'a> {
    fn new(series: &'a Series) -> Self {
        Self { series, test_bed: None, window: Window::default(), measured: Vec::new(), checked: false }
    }

    /// An upper bound of a run's requests.
    fn most_requests(&self) -> u64 {
        20 + u64::from(self.series.scenario.skus) / 20
    }

    fn free_at(&self) -> Duration {
        let by_window = || self.window.free_at(self.most_requests().min(u64::from(LIMIT)));
        match self.series.scenario.limits {
            Limits::Off => Duration::ZERO,
            Limits::Minute => by_window(),
            Limits::Pace | Limits::NoPace => by_window().max(self.window.rested_at()),
        }
    }

    /// Does the next run, or the final check.
    fn go_on(&mut self, programs: &'a Programs, watch: &Stopwatch) -> anyhow::Result<()> {
        let scenario = self.series.scenario;
        let mut test_bed = match self.test_bed.take() {
            Some(test_bed) => test_bed,
            None => TestBed::start(programs, scenario).with_context(|| scenario.to_string())?,
        };
        let Some(kind) = self.series.kinds.get(self.measured.len()).copied() else {
            test_bed.check().with_context(|| scenario.to_string())?;
            self.checked = true;
            return Ok(());
        };
        let name = cases::name(scenario, kind);
        let figures = test_bed.run(kind).with_context(|| name.clone())?;
        say(&format!("{name}: {} requests, {} s", figures.requests, seconds(figures.usage.wall_ms)));
        self.window.count(watch.elapsed(), figures.requests);
        self.measured.push(Measured { scenario, kind, figures });
        self.test_bed = Some(test_bed);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::cases::Catalog;
    use super::*;

    fn series(limits: Limits) -> Series {
        let scenario = Scenario { catalog: Catalog::V1, skus: 10_000, per_product: 1, latency_ms: 0, limits };
        Series { scenario, kinds: vec![Kind::Cold], repeats: 1 }
    }

    #[test]
    fn what_waits_lets_others_pass() {
        let (limited, free) = (series(Limits::Minute), series(Limits::Off));
        let mut open = vec![SeriesProgress::new(&limited), SeriesProgress::new(&free)];
        assert_eq!(next(&open), Some(Next { place: 0, from: Duration::ZERO }));
        open[0].window.count(Duration::from_secs(5), 107);
        assert_eq!(next(&open), Some(Next { place: 1, from: Duration::ZERO }));
        open.pop();
        assert_eq!(next(&open).unwrap().place, 0);
        assert!(next(&open).unwrap().from > Duration::from_mins(1));
        open.pop();
        assert_eq!(next(&open), None);
    }
}
