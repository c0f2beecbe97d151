//! Measures the service's API during a run: the time of the request that starts a run, compared with the health check.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;

use super::cases::{Catalog, Limits, Scenario, is_wanted};
use super::child::{ChildProcess, Start, tail};
use super::programs::Programs;
use super::test_bed::TestBed;
use super::text::{grouped, table};
use crate::steps::say;

/// The time limit for the run and for the requests during it.
const LONGEST: Duration = Duration::from_mins(16);
/// The smallest number of responses. With fewer, the 99th percentile would be the slowest response.
const MIN_RESPONSES: usize = 101;

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

/// The table of figures, and the failures.
pub(super) struct Api {
    pub(super) table: Option<String>,
    pub(super) failures: Vec<anyhow::Error>,
}

/// Measures the wanted cases, each with a shop in which every level must change.
pub(super) fn measure(programs: &Programs, quick: bool, latencies: &[u32], only: Option<&str>) -> Api {
    let (mut rows, mut failures) = (Vec::new(), Vec::new());
    for scenario in scenarios(quick, latencies) {
        let name = name(scenario);
        if !is_wanted(&name, only) {
            continue;
        }
        match load(programs, scenario).and_then(|load| row(scenario, &load)).with_context(|| name.clone()) {
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

/// The scenarios. They have no rate limit, because a run that waits for its request window causes no load.
fn scenarios(quick: bool, latencies: &[u32]) -> Vec<Scenario> {
    let scenario = |skus, latency_ms| Scenario {
        catalog: Catalog::V1,
        skus,
        per_product: 1,
        latency_ms,
        limits: Limits::Off,
    };
    if quick {
        return latencies.last().map(|latency_ms| scenario(10_000, *latency_ms)).into_iter().collect();
    }
    latencies.iter().map(|latency_ms| scenario(100_000, *latency_ms)).collect()
}

fn name(scenario: Scenario) -> String {
    format!("API, {scenario}")
}

/// The result of the program `bench-load`. Times are in microseconds.
#[derive(Debug, Deserialize)]
struct Load {
    posts: Vec<u64>,
    gets: Vec<u64>,
    refused: BTreeMap<String, u64>,
    outcome: serde_json::Value,
}

fn load(programs: &Programs, scenario: Scenario) -> anyhow::Result<Load> {
    let mut test_bed = TestBed::start(programs, scenario)?;
    test_bed.change_all()?;
    let token = test_bed.token()?;
    let (service, url) = test_bed.serve().context("the service")?;
    let start = Start {
        program: &programs.load,
        args: &[url, token],
        environment: &[],
        folder: test_bed.folder(),
        name: "load",
        input: None,
    };
    let mut asking = ChildProcess::start(&start, None)?;
    let status = asking.wait(LONGEST)?;
    let (output, log) = (asking.output()?, asking.log()?);
    ensure!(status.success(), "asking failed: {}\n{}", tail(&log), tail(&service.log()?));
    // The load program started one more run with nothing to do. The check needs exclusive access to the shop.
    drop(service);
    test_bed.check()?;
    serde_json::from_str(&output).with_context(|| tail(&output))
}

/// The row of figures. Fails if a request got the wrong response or the run did not converge.
fn row(scenario: Scenario, load: &Load) -> anyhow::Result<Vec<String>> {
    let refused: Vec<String> =
        load.refused.iter().map(|(what, times)| format!("{times} times {what}")).collect();
    ensure!(refused.is_empty(), "requests were refused: {}", refused.join("; "));
    ensure!(load.outcome == "converged", "the run ended as {}", load.outcome);
    let (posts, gets) = (Percentiles::of(&load.posts)?, Percentiles::of(&load.gets)?);
    Ok(vec![
        format!("{} SKUs, all changed", grouped(u64::from(scenario.skus))),
        scenario.latency_ms.to_string(),
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
    /// Percentiles by nearest rank.
    fn of(micros: &[u64]) -> anyhow::Result<Self> {
        ensure!(micros.len() >= MIN_RESPONSES, "{} answers are too few for a percentile", micros.len());
        let mut sorted = micros.to_vec();
        sorted.sort_unstable();
        let rank = |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100) - 1).copied();
        let both = || Some(Self { p50: rank(50)?, p99: rank(99)? });
        both().context("no answers")
    }
}

/// Microseconds as milliseconds with two decimals.
fn millis(micros: u64) -> String {
    format!("{}.{:02}", grouped(micros / 1_000), micros % 1_000 / 10)
}

/// The ratio of two numbers with one decimal.
fn ratio(of: u64, to: u64) -> String {
    let tenths = (of * 10 + to / 2) / to.max(1);
    format!("{}.{}", grouped(tenths / 10), tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENARIO: Scenario =
        Scenario { catalog: Catalog::V1, skus: 10_000, per_product: 1, latency_ms: 40, limits: Limits::Off };

    fn good() -> Load {
        let posts = (1..=200).rev().map(|n| n * 100).collect();
        Load { posts, gets: vec![500; 200], refused: BTreeMap::new(), outcome: "converged".into() }
    }

    #[test]
    fn a_row_has_percentiles_and_their_ratios() {
        let expected =
            ["10,000 SKUs, all changed", "40", "200", "10.00", "19.80", "0.50", "0.50", "20.0", "39.6"];
        assert_eq!(row(SCENARIO, &good()).unwrap(), expected);
        assert_eq!(expected.len(), HEAD.len());
    }

    #[test]
    fn a_load_that_was_refused_anything_has_no_figures() {
        let wrong = |load: Load| row(SCENARIO, &load).unwrap_err().to_string();
        let refused = BTreeMap::from([("POST: 409 Conflict".to_owned(), 3)]);
        assert_eq!(wrong(Load { refused, ..good() }), "requests were refused: 3 times POST: 409 Conflict");
        assert_eq!(wrong(Load { outcome: "failed".into(), ..good() }), "the run ended as \"failed\"");
        assert_eq!(wrong(Load { gets: vec![1; 100], ..good() }), "100 answers are too few for a percentile");
    }

    #[test]
    fn the_api_is_asked_while_nothing_slows_the_run_but_the_shop() {
        let all = |quick| scenarios(quick, &[0, 40]);
        assert!(all(true).iter().chain(&all(false)).all(|scenario| scenario.limits == Limits::Off));
        assert_eq!(all(true), [SCENARIO]);
        assert_eq!(all(false).len(), 2);
    }
}
