//! `cargo xtask bench`: measures requests, time, CPU and memory of a run.
//!
//! The emulator and the client are separate processes. A figure counts only if the run succeeds and the shop shows
//! the warehouse's stock afterward. Otherwise the series has no figures, the bench fails, and the page with the
//! figures stays unchanged.

mod cases;
mod child;
mod figures;
mod floor;
mod goods;
mod history;
mod machine;
mod page;
mod planning;
mod programs;
mod queue;
mod report;
mod service;
mod test_bed;
mod text;
mod usage;
mod window;
mod work_folder;

use anyhow::ensure;

use self::cases::Series;
use self::figures::Figures;
use self::page::Part;
use self::programs::Programs;
use self::queue::{Measured, Results};
use self::text::{grouped, mebibytes, seconds};
pub(crate) use child::{ChildArgs, be as be_child};

/// The latency of the cases with latency, in milliseconds.
const LATENCY_MS: u32 = 40;

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct BenchArgs {
    /// Measure only 1,000 SKUs, the API during a run of 10,000 SKUs, and no planning.
    #[arg(long)]
    quick: bool,
    /// Measure only cases whose name contains this text; the names are printed during the measurement.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Measure only a year of runs that leave 50,000 SKUs alone; it takes an hour or more.
    #[arg(long, conflicts_with_all = ["quick", "only"])]
    history: bool,
    /// Write the tables to docs/performance.md.
    #[arg(long)]
    write: bool,
    /// The date above the tables (default: today).
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
}

/// Builds the programs, measures, prints the tables and, with `--write`, updates the page.
pub(crate) fn run(args: &BenchArgs) -> anyhow::Result<()> {
    let only = args.only.as_deref();
    let programs = Programs::build()?;
    if args.history {
        return history(args, &programs);
    }
    let latencies: &[u32] = if programs.has_latency { &[0, LATENCY_MS] } else { &[0] };
    let series: Vec<Series> = cases::all(args.quick, latencies)
        .into_iter()
        .filter_map(|series| cases::narrowed(series, only))
        .collect();
    let planning = if args.quick { None } else { planning::measure(&programs, only)? };
    let api = service::measure(&programs, args.quick, latencies, only);
    let Results { measured, mut failures } = queue::measure(&series, &programs);
    failures.extend(api.failures);
    let rows = rows(&series, &measured, only);
    let table = (!rows.is_empty()).then(|| text::table(&HEAD, 2, &rows));
    let blocks = [(Part::Runs, vec![table, planning]), (Part::Api, vec![api.table])];
    let blocks = blocks.map(|(part, tables)| (part, block(args, programs.has_latency, tables)));
    let measured: Vec<(Part, String)> =
        blocks.into_iter().filter_map(|(part, block)| Some((part, block?))).collect();
    ensure!(!measured.is_empty() || !failures.is_empty(), "no case has such a name");
    for (_, block) in &measured {
        print(block);
    }
    let failed: Vec<String> = failures.iter().map(|failure| format!("{failure:#}")).collect();
    ensure!(failed.is_empty(), "{} of the series went wrong:\n{}", failed.len(), failed.join("\n"));
    for (part, block) in measured.iter().filter(|_| args.write) {
        page::write(*part, block)?;
    }
    Ok(())
}

/// Measures a year of runs.
fn history(args: &BenchArgs, programs: &Programs) -> anyhow::Result<()> {
    let block = [title(args), history::measure(programs)?.trim_end().to_owned()].join("\n\n");
    print(&block);
    if args.write { page::write(Part::History, &block) } else { Ok(()) }
}

/// The tables of one part of the page under the command that made them; `None` if the part was not measured.
fn block(args: &BenchArgs, has_latency: bool, tables: Vec<Option<String>>) -> Option<String> {
    let tables: Vec<String> = tables.into_iter().flatten().collect();
    if tables.is_empty() {
        return None;
    }
    let mut parts = vec![title(args)];
    if !has_latency {
        parts.push(format!("Left out: {LATENCY_MS} ms of latency, which this emulator does not have."));
    }
    parts.extend(tables);
    Some(parts.iter().map(|part| part.trim_end()).collect::<Vec<_>>().join("\n\n"))
}

const HEAD: [&str; 11] = [
    "run",
    "SKUs",
    "limit",
    "latency, ms",
    "requests",
    "floor",
    "refused",
    "time, s",
    "waited, s",
    "CPU, s",
    "peak memory, MiB",
];

/// One row per case. A case that was measured several times shows medians.
fn rows(series: &[Series], measured: &[Measured], only: Option<&str>) -> Vec<Vec<String>> {
    let cases = series.iter().flat_map(|s| s.kinds.iter().map(|kind| (s.scenario, *kind)));
    let wanted = cases.filter(|(scenario, kind)| cases::is_wanted(&cases::name(*scenario, *kind), only));
    let mut rows = Vec::new();
    for (scenario, kind) in wanted {
        let runs = measured.iter().filter(|run| run.scenario == scenario && run.kind == kind);
        let runs: Vec<Figures> = runs.map(|run| run.figures).collect();
        let Some(median) = Figures::median(&runs) else { continue };
        rows.push(vec![
            kind.to_string(),
            scenario.shop(),
            scenario.limits.to_string(),
            scenario.latency_ms.to_string(),
            grouped(median.requests),
            grouped(median.floor),
            grouped(median.refused),
            seconds(median.usage.wall_ms),
            seconds(median.waited_ms),
            seconds(median.usage.cpu_ms),
            mebibytes(median.usage.peak_bytes),
        ]);
    }
    rows
}

/// The command, the date and the machine.
fn title(args: &BenchArgs) -> String {
    let quick = if args.quick { " --quick" } else { "" };
    let history = if args.history { " --history" } else { "" };
    let only = args.only.as_ref().map(|only| format!(" --only {only:?}")).unwrap_or_default();
    let date = args.date.clone().unwrap_or_else(crate::clock::today);
    format!("`cargo xtask bench{quick}{history}{only}`, {date}; {}.", machine::machine())
}

#[expect(clippy::print_stdout, reason = "the tables are the command's result")]
fn print(block: &str) {
    println!("{block}");
}

#[cfg(test)]
mod tests {
    use super::cases::{Catalog, Kind, Limits, Scenario};
    use super::usage::Usage;
    use super::*;

    #[test]
    fn a_row_has_the_medians_of_its_case_alone() {
        let (catalog, limits) = (Catalog::V1, Limits::Minute);
        let scenario = Scenario { catalog, skus: 10_000, per_product: 1, latency_ms: 40, limits };
        let other = Scenario { limits: Limits::Off, ..scenario };
        let run = |scenario, wall_ms| Measured {
            scenario,
            kind: Kind::Cold,
            figures: Figures {
                requests: 1_029,
                floor: 1_031,
                refused: 0,
                waited_ms: 500,
                usage: Usage { wall_ms, cpu_ms: 1_420, peak_bytes: 77 << 20 },
            },
        };
        let series = [Series { scenario, kinds: vec![Kind::Cold, Kind::Warm], repeats: 3 }];
        let measured = [run(scenario, 1_000), run(other, 1), run(scenario, 3_000), run(scenario, 2_000)];
        let (run, requests, times) =
            (["cold, 2 % changed", "10,000", "200/60s", "40"], ["1,029", "1,031", "0"], ["2.00", "0.50"]);
        let row = [&run[..], &requests, &times, &["1.42", "77"]].concat();
        assert_eq!(
            rows(&series, &measured, None),
            [row.iter().copied().map(String::from).collect::<Vec<_>>()]
        );
        assert_eq!(row.len(), HEAD.len());
    }

    #[test]
    fn the_title_is_the_command_that_was_given() {
        let args = BenchArgs {
            quick: true,
            history: false,
            only: Some("cold".to_owned()),
            write: true,
            date: Some("2026-01-02".to_owned()),
        };
        let title = title(&args);
        assert!(title.starts_with("`cargo xtask bench --quick --only \"cold\"`, 2026-01-02; "), "{title}");
    }
}
