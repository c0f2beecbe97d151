//! The order in which everything is measured: one client at a time, and no time lost where a shop's window has to
//! become empty.

use std::time::Duration;

use anyhow::Context;

use super::cases::{self, Kind, LIMIT, Series, Setting};
use super::clock::Stopwatch;
use super::figures::Figures;
use super::programs::Programs;
use super::text::seconds;
use super::window::Window;
use super::world::World;
use crate::steps::say;

/// One measured run.
pub(super) struct Measured {
    pub(super) setting: Setting,
    pub(super) kind: Kind,
    pub(super) figures: Figures,
}

/// Figures that hold, and what went wrong elsewhere.
#[derive(Default)]
pub(super) struct Results {
    pub(super) measured: Vec<Measured>,
    pub(super) failures: Vec<anyhow::Error>,
}

/// A series under way: its runs one after the other, then a check of the shop.
struct Underway<'a> {
    series: &'a Series,
    world: Option<World<'a>>,
    window: Window,
    /// One for each run that is done. They count once the shop is checked.
    measured: Vec<Measured>,
    checked: bool,
}

/// Measures all series. One that goes wrong is given up with all of its figures, and the others go on.
pub(super) fn measure(all: &[Series], programs: &Programs) -> Results {
    let watch = Stopwatch::start();
    let mut open: Vec<Underway<'_>> =
        all.iter().flat_map(|series| (0..series.repeats).map(move |_| Underway::new(series))).collect();
    // Those with a limit come first: the others fill the minutes for which they wait.
    open.sort_by_key(|underway| !underway.series.setting.limited);
    let mut results = Results::default();
    while let Some(next) = next(&open) {
        watch.sleep_until(next.from);
        let Some(underway) = open.get_mut(next.place) else { break };
        match underway.go_on(programs, &watch) {
            Ok(()) if underway.checked => results.measured.append(&mut open.remove(next.place).measured),
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

/// Which series goes on next, and from when.
#[derive(Debug, PartialEq, Eq)]
struct Next {
    place: usize,
    from: Duration,
}

/// The first that need not wait, else the one that waits least.
fn next(open: &[Underway<'_>]) -> Option<Next> {
    let waits = open.iter().enumerate().map(|(place, underway)| Next { place, from: underway.free_at() });
    waits.min_by_key(|next| next.from)
}

impl<'a> Underway<'a> {
    fn new(series: &'a Series) -> Self {
        Self { series, world: None, window: Window::default(), measured: Vec::new(), checked: false }
    }

    /// Whatever a run needs, it is less than this many pages and writes of every SKU.
    fn most_requests(&self) -> u64 {
        20 + u64::from(self.series.setting.skus) / 20
    }

    fn free_at(&self) -> Duration {
        if self.series.setting.limited {
            self.window.free_at(self.most_requests().min(u64::from(LIMIT)))
        } else {
            Duration::ZERO
        }
    }

    /// The next run, or the check at the end.
    fn go_on(&mut self, programs: &'a Programs, watch: &Stopwatch) -> anyhow::Result<()> {
        let setting = self.series.setting;
        let mut world = match self.world.take() {
            Some(world) => world,
            None => World::start(programs, setting).with_context(|| setting.to_string())?,
        };
        let Some(kind) = self.series.kinds.get(self.measured.len()).copied() else {
            world.check().with_context(|| setting.to_string())?;
            self.checked = true;
            return Ok(());
        };
        let name = cases::name(setting, kind);
        let figures = world.run(kind).with_context(|| name.clone())?;
        say(&format!("{name}: {} requests, {} s", figures.requests, seconds(figures.usage.wall_ms)));
        self.window.count(watch.elapsed(), figures.requests);
        self.measured.push(Measured { setting, kind, figures });
        self.world = Some(world);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(limited: bool) -> Series {
        let setting = Setting { skus: 10_000, per_product: 1, latency_ms: 0, limited };
        Series { setting, kinds: vec![Kind::Cold], repeats: 1 }
    }

    #[test]
    fn what_waits_lets_others_pass() {
        let (limited, free) = (series(true), series(false));
        let mut open = vec![Underway::new(&limited), Underway::new(&free)];
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
