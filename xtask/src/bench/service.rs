//! The service's API while a run goes on: how long the request takes that starts a run, beside one that asks whether
//! the process lives.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;

use super::cases::{Setting, is_wanted};
use super::child::{Start, Ward, tail};
use super::programs::Programs;
use super::text::{grouped, table};
use super::world::World;
use crate::steps::say;

/// The longest that the run takes, and with it the asking.
const LONGEST: Duration = Duration::from_mins(16);
/// With fewer answers the 99th percentile would be the slowest of them.
const FEWEST: usize = 101;

const HEAD: [&str; 9] = [
    "API while a run goes on",
    "latency, ms",
    "POSTs",
    "POST p50, ms",
    "POST p99, ms",
    "GET p50, ms",
    "GET p99, ms",
    "ratio of p50",
    "ratio of p99",
];

/// What was measured, and what went wrong.
pub(super) struct Api {
    pub(super) table: Option<String>,
    pub(super) failures: Vec<anyhow::Error>,
}

/// Measures the cases that are wanted, each over a shop in which every level is wrong.
pub(super) fn measure(programs: &Programs, quick: bool, latencies: &[u32], only: Option<&str>) -> Api {
    let (mut rows, mut failures) = (Vec::new(), Vec::new());
    for setting in settings(quick, latencies) {
        let name = name(setting);
        if !is_wanted(&name, only) {
            continue;
        }
        match load(programs, setting).and_then(|load| row(setting, &load)).with_context(|| name.clone()) {
            Ok(row) => {
                say(&format!("{name}: {}", row.join(" | ")));
                rows.push(row);
            }
            Err(failure) => {
                say(&format!("FAILED: {failure:#}"));
                failures.push(failure);
            }
        }
    }
    let table = if rows.is_empty() { None } else { Some(table(&HEAD, 1, &rows)) };
    Api { table, failures }
}

/// Without a limit: a run that waits for its window leaves the service in peace.
fn settings(quick: bool, latencies: &[u32]) -> Vec<Setting> {
    let setting = |skus, latency_ms| Setting { skus, per_product: 1, latency_ms, limited: false };
    if quick {
        return latencies.last().map(|latency_ms| setting(10_000, *latency_ms)).into_iter().collect();
    }
    latencies.iter().map(|latency_ms| setting(100_000, *latency_ms)).collect()
}

fn name(setting: Setting) -> String {
    format!("API, {setting}")
}

/// What the program that asks says. Times in microseconds.
#[derive(Debug, Deserialize)]
struct Load {
    posts: Vec<u64>,
    gets: Vec<u64>,
    refused: BTreeMap<String, u64>,
    outcome: serde_json::Value,
}

fn load(programs: &Programs, setting: Setting) -> anyhow::Result<Load> {
    let mut world = World::start(programs, setting)?;
    world.change_all()?;
    let token = world.token()?;
    let (service, url) = world.serve().context("the service")?;
    let start = Start {
        program: &programs.load,
        args: &[url, token],
        environment: &[],
        folder: world.folder(),
        name: "load",
        input: None,
    };
    let mut asking = Ward::start(&start, None)?;
    let status = asking.wait(LONGEST)?;
    let (output, log) = (asking.output()?, asking.log()?);
    ensure!(status.success(), "asking failed: {}\n{}", tail(&log), tail(&service.log()?));
    // The one that asks has begun another run, with nothing to do; the check wants the shop for itself.
    drop(service);
    world.check()?;
    serde_json::from_str(&output).with_context(|| tail(&output))
}

/// The figures of a load in which every request was answered as it should be, while a run did its work.
fn row(setting: Setting, load: &Load) -> anyhow::Result<Vec<String>> {
    let refused: Vec<String> =
        load.refused.iter().map(|(what, times)| format!("{times} times {what}")).collect();
    ensure!(refused.is_empty(), "requests were refused: {}", refused.join("; "));
    ensure!(load.outcome == "converged", "the run ended as {}", load.outcome);
    let (posts, gets) = (Percentiles::of(&load.posts)?, Percentiles::of(&load.gets)?);
    Ok(vec![
        format!("{} SKUs, all changed", grouped(u64::from(setting.skus))),
        setting.latency_ms.to_string(),
        grouped(u64::try_from(load.posts.len()).unwrap_or(u64::MAX)),
        millis(posts.p50),
        millis(posts.p99),
        millis(gets.p50),
        millis(gets.p99),
        ratio(posts.p50, gets.p50),
        ratio(posts.p99, gets.p99),
    ])
}

#[derive(Debug, PartialEq, Eq)]
struct Percentiles {
    p50: u64,
    p99: u64,
}

impl Percentiles {
    /// By nearest rank: so many of a hundred are no slower.
    fn of(micros: &[u64]) -> anyhow::Result<Self> {
        ensure!(micros.len() >= FEWEST, "{} answers are too few for a percentile", micros.len());
        let mut sorted = micros.to_vec();
        sorted.sort_unstable();
        let rank = |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100) - 1).copied();
        let both = || Some(Self { p50: rank(50)?, p99: rank(99)? });
        both().context("no answers")
    }
}

/// Microseconds as milliseconds with two digits.
fn millis(micros: u64) -> String {
    format!("{}.{:02}", grouped(micros / 1_000), micros % 1_000 / 10)
}

/// How many times the second the first is, with one digit.
fn ratio(of: u64, to: u64) -> String {
    let tenths = (of * 10 + to / 2) / to.max(1);
    format!("{}.{}", grouped(tenths / 10), tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTING: Setting = Setting { skus: 10_000, per_product: 1, latency_ms: 40, limited: false };

    fn good() -> Load {
        let posts = (1..=200).rev().map(|n| n * 100).collect();
        Load { posts, gets: vec![500; 200], refused: BTreeMap::new(), outcome: "converged".into() }
    }

    #[test]
    fn a_row_has_percentiles_and_their_ratios() {
        let expected =
            ["10,000 SKUs, all changed", "40", "200", "10.00", "19.80", "0.50", "0.50", "20.0", "39.6"];
        assert_eq!(row(SETTING, &good()).unwrap(), expected);
        assert_eq!(expected.len(), HEAD.len());
    }

    #[test]
    fn a_load_that_was_refused_anything_has_no_figures() {
        let wrong = |load: Load| row(SETTING, &load).unwrap_err().to_string();
        let refused = BTreeMap::from([("POST: 409 Conflict".to_owned(), 3)]);
        assert_eq!(wrong(Load { refused, ..good() }), "requests were refused: 3 times POST: 409 Conflict");
        assert_eq!(wrong(Load { outcome: "failed".into(), ..good() }), "the run ended as \"failed\"");
        assert_eq!(wrong(Load { gets: vec![1; 100], ..good() }), "100 answers are too few for a percentile");
    }

    #[test]
    fn the_api_is_asked_while_nothing_slows_the_run_but_the_shop() {
        let all = |quick| settings(quick, &[0, 40]);
        assert!(all(true).iter().chain(&all(false)).all(|setting| !setting.limited));
        assert_eq!(all(true), [SETTING]);
        assert_eq!(all(false).len(), 2);
    }
}
