//! Plays seeds and prints their results.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "test equipment with one thread: it prints its figures, and measures how fast it is"
)]

use std::process::ExitCode;
use std::time::Instant;

use simulation::Series;

/// How many lines of a trace are shown.
const MAX_LINES: usize = 60;

struct Arguments {
    seeds: u64,
    from: u64,
    trace: Option<u64>,
    whole: bool,
    /// `None`: all, one after the other.
    series: Option<Series>,
}

fn parse(mut words: impl Iterator<Item = String>) -> Option<Arguments> {
    let mut arguments = Arguments { seeds: 10_000, from: 0, trace: None, whole: false, series: None };
    while let Some(word) = words.next() {
        if word == "--series" {
            arguments.series = Some(Series::named(&words.next()?)?);
            continue;
        }
        let mut number = || words.next()?.parse::<u64>().ok();
        match word.as_str() {
            "--seeds" => arguments.seeds = number()?,
            "--from" => arguments.from = number()?,
            "--trace" => arguments.trace = Some(number()?),
            "--whole" => arguments.whole = true,
            _ => return None,
        }
    }
    Some(arguments)
}

fn main() -> ExitCode {
    let Some(arguments) = parse(std::env::args().skip(1)) else {
        eprintln!(
            "usage: simulation [--series v1|v3|move] [--seeds N] [--from K] | [--series v1|v3|move] --trace SEED [--whole]"
        );
        return ExitCode::from(2);
    };
    let right = if let Some(seed) = arguments.trace {
        let series = arguments.series.unwrap_or(Series::V1);
        let (lines, violation) = simulation::trace(series, seed);
        let first = if arguments.whole { 0 } else { lines.len().saturating_sub(MAX_LINES) };
        lines.iter().skip(first).for_each(|line| println!("{line}"));
        violation.is_none()
    } else {
        let one = arguments.series;
        let chosen = Series::ALL.iter().copied().filter(|series| one.is_none_or(|one| one == *series));
        let mut right = true;
        for series in chosen {
            let begin = Instant::now();
            let clock = || begin.elapsed();
            let summary = simulation::run_seeds(series, arguments.from, arguments.seeds, &clock);
            println!("series {}: {summary}", series.name());
            right &= summary.failed.is_empty();
        }
        right
    };
    if right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
