//! Plays seeds and prints their results.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "test equipment with one thread: it prints its figures, and measures how fast it is"
)]

use std::process::ExitCode;
use std::time::Instant;

use simulation::CatalogKind;

/// How many lines of a trace are shown.
const MAX_LINES: usize = 60;

struct Arguments {
    seeds: u64,
    from: u64,
    trace: Option<u64>,
    whole: bool,
    /// `None`: both, one after the other.
    catalog: Option<CatalogKind>,
}

fn parse(mut words: impl Iterator<Item = String>) -> Option<Arguments> {
    let mut arguments = Arguments { seeds: 10_000, from: 0, trace: None, whole: false, catalog: None };
    while let Some(word) = words.next() {
        if word == "--catalog" {
            arguments.catalog = Some(CatalogKind::named(&words.next()?)?);
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
            "usage: simulation [--catalog v1|v3] [--seeds N] [--from K] | [--catalog v1|v3] --trace SEED [--whole]"
        );
        return ExitCode::from(2);
    };
    let right = if let Some(seed) = arguments.trace {
        let catalog = arguments.catalog.unwrap_or(CatalogKind::Deltas);
        let (lines, violation) = simulation::trace(catalog, seed);
        let first = if arguments.whole { 0 } else { lines.len().saturating_sub(MAX_LINES) };
        lines.iter().skip(first).for_each(|line| println!("{line}"));
        violation.is_none()
    } else {
        let one = arguments.catalog;
        let catalogs =
            CatalogKind::ALL.iter().copied().filter(|catalog| one.is_none_or(|one| one == *catalog));
        let mut right = true;
        for catalog in catalogs {
            let begin = Instant::now();
            let clock = || begin.elapsed();
            let summary = simulation::run_seeds(catalog, arguments.from, arguments.seeds, &clock);
            println!("catalog {}: {summary}", catalog.name());
            right &= summary.failed.is_empty();
        }
        right
    };
    if right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
