//! Measures a year of hourly runs that leave 50,000 SKUs alone: the size of the state database, and how fast one SKU is
//! explained. Runs the bench of the crate `state`, an hour or more.

use std::time::Duration;

use anyhow::{Context, ensure};

use super::child::{Start, measured, tail};
use super::programs::{Programs, built};
use super::text::{self, grouped};
use crate::steps::say;

const LONGEST: Duration = Duration::from_hours(4);
/// The largest size of the state database after the year, in bytes.
const MOST_BYTES: u64 = 300_000_000;
/// The longest time that the history of one SKU may take to be read, in microseconds.
const MOST_EXPLAIN_US: u64 = 50_000;

/// Runs the bench and returns its table. Fails if a figure is above its limit.
pub(super) fn measure(programs: &Programs) -> anyhow::Result<String> {
    let bench = built(&["bench", "--no-run", "--package", "state", "--bench", "history"])?;
    let folder = programs.folder.temporary()?;
    say("a year of hourly runs that leave 50,000 SKUs alone");
    let args = ["--bench".to_owned()];
    let start = Start {
        program: &bench,
        args: &args,
        environment: &[],
        folder: folder.path(),
        name: "history",
        input: None,
    };
    let ended = measured(&start, LONGEST)?;
    ensure!(ended.code == Some(0), "it failed: {}", tail(&ended.log));
    table(&ended.output)
}

/// The table of what the bench printed.
fn table(output: &str) -> anyhow::Result<String> {
    let (runs, skus) = (figure(output, "runs")?, figure(output, "skus")?);
    let (bytes, run_ms) = (figure(output, "bytes")?, figure(output, "run_ms")?);
    let explain_us = figure(output, "explain_us")?;
    ensure!(bytes < MOST_BYTES, "state.db takes {} bytes", grouped(bytes));
    ensure!(explain_us < MOST_EXPLAIN_US, "a SKU is explained in {} µs", grouped(explain_us));
    let head = ["runs", "SKUs left alone", "state.db, MB", "recording a run, ms", "explaining a SKU, ms"];
    let explain = format!("{}.{}", explain_us / 1_000, explain_us % 1_000 / 100);
    let row = [runs, skus, bytes / 1_000_000, run_ms].map(grouped).into_iter().chain([explain]).collect();
    Ok(text::table(&head, 0, &[row]))
}

/// The number behind `name=`.
fn figure(output: &str, name: &str) -> anyhow::Result<u64> {
    let found = output.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let text = found.with_context(|| format!("no {name} in {output:?}"))?;
    text.parse().with_context(|| format!("{name}: {text:?} is no number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "runs=8760 skus=50000 bytes=61000000 run_ms=90 explain_us=1250\n";

    #[test]
    fn the_figures_stand_in_the_table() {
        let table = table(OUTPUT).unwrap();
        for due in ["8,760", "50,000", "61", "90", "1.2"] {
            assert!(table.contains(due), "{due} in {table}");
        }
    }

    #[test]
    fn a_figure_above_its_limit_or_none_at_all_is_an_error() {
        for (figure, other) in [("61000000", "300000000"), ("1250", "50000"), ("=90", "=")] {
            assert!(table(&OUTPUT.replace(figure, other)).is_err(), "{other}");
        }
    }
}
