//! Measures summing and planning a million SKUs: runs the benches of the crate `domain` and adds their process's
//! memory.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};

use super::cases::is_wanted;
use super::child::{Start, measured, tail};
use super::programs::{Programs, built};
use super::text::{self, mebibytes, seconds};
use crate::steps::say;

/// The benches: name in `benches/plan.rs`, title in the table.
const BENCHES: [(&str, &str); 3] = [
    ("sum", "plan 1,000,000 SKUs: the stock's sums"),
    ("plan_some", "plan 1,000,000 SKUs: 2 % to change"),
    ("plan_all", "plan 1,000,000 SKUs: all to change"),
];
const LONGEST: Duration = Duration::from_mins(10);

/// Runs the wanted benches and returns their table.
pub(super) fn measure(programs: &Programs, only: Option<&str>) -> anyhow::Result<Option<String>> {
    let wanted: Vec<_> = BENCHES.into_iter().filter(|(_, title)| is_wanted(title, only)).collect();
    if wanted.is_empty() {
        return Ok(None);
    }
    let bench = built(&["bench", "--no-run", "--package", "domain", "--bench", "plan"])?;
    let folder = programs.folder.temporary()?;
    let mut rows = Vec::new();
    for (name, title) in wanted {
        say(title);
        rows.push(row(&bench, folder.path(), name, title).with_context(|| title.to_owned())?);
    }
    let head = ["step", "time, s", "its own memory, MiB", "peak of the process, MiB"];
    Ok(Some(text::table(&head, 1, &rows)))
}

fn row(bench: &Path, folder: &Path, name: &str, title: &str) -> anyhow::Result<Vec<String>> {
    let args = ["--bench".to_owned(), "--exact".to_owned(), format!("plan::{name}")];
    let start = Start { program: bench, args: &args, environment: &[], folder, name, input: None };
    let ended = measured(&start, LONGEST)?;
    ensure!(ended.code == Some(0), "it failed: {}", tail(&ended.log));
    let found = Medians::read(&ended.output, name).with_context(|| tail(&ended.output))?;
    let peak = mebibytes(ended.usage.peak_bytes);
    Ok(vec![title.to_owned(), seconds(found.time_ms), mebibytes(found.peak_bytes), peak])
}

/// The figures of one bench from divan's table.
#[derive(Debug, PartialEq, Eq)]
struct Medians {
    time_ms: u64,
    /// The peak of memory that the step allocated itself.
    peak_bytes: u64,
}

/// The columns of divan's table: fastest, slowest, median, mean, samples, iterations.
const MEDIAN: usize = 2;

impl Medians {
    fn read(table: &str, name: &str) -> anyhow::Result<Self> {
        let mut lines = table.lines().map(cells).skip_while(|cells| cells.first() != Some(&name));
        let mut column = |what: &str, place: usize| -> anyhow::Result<&str> {
            let line = lines.next().with_context(|| format!("no line with its {what}"))?;
            line.get(place).copied().with_context(|| format!("no {what} in {line:?}"))
        };
        // Four lines: name and times; `max alloc:`; number of allocations; bytes.
        let time = column("time", 1 + MEDIAN)?;
        let kind = column("memory", 0)?;
        ensure!(kind == "max alloc:", "{kind:?} where the memory was due");
        column("pieces", MEDIAN)?;
        let bytes = column("bytes", MEDIAN)?;
        Ok(Self {
            time_ms: quantity(time, &[("ns", 1e-6), ("µs", 1e-3), ("ms", 1.0), ("s", 1e3)])?,
            peak_bytes: quantity(bytes, &[("B", 1.0), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9)])?,
        })
    }
}

/// The cells of a line. The line of a bench begins with a branch of the tree and the name, which become cells too.
fn cells(line: &str) -> Vec<&str> {
    let line = line.trim_start_matches(['├', '╰', '─', '│', ' ']);
    let mut cells: Vec<&str> = line.split('│').map(str::trim).collect();
    let first = cells.first().copied().unwrap_or_default();
    if let Some((name, rest)) = first.split_once("  ") {
        cells.splice(0..1, [name, rest.trim()]);
    }
    cells
}

/// Converts a quantity such as `1.413 s` with the factors of `units`.
fn quantity(text: &str, units: &[(&str, f64)]) -> anyhow::Result<u64> {
    let (number, unit) = text.split_once(' ').with_context(|| format!("{text:?} has no unit"))?;
    let number: f64 = number.parse().with_context(|| format!("{text:?} is no quantity"))?;
    let factor = units.iter().find(|(name, _)| *name == unit).map(|(_, factor)| factor);
    let value = number * factor.with_context(|| format!("{text:?} has an unknown unit"))?;
    format!("{value:.0}").parse().with_context(|| format!("{text:?} is out of range"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
Timer precision: 20 ns
plan          fastest       │ slowest       │ median        │ mean          │ samples │ iters
├─ plan_all   1.443 s       │ 1.962 s       │ 1.676 s       │ 1.683 s       │ 5       │ 5
│             max alloc:    │               │               │               │         │
│               3           │ 3             │ 3             │ 3             │         │
│               193 MB      │ 193 MB        │ 193 MB        │ 193 MB        │         │
│             alloc:        │               │               │               │         │
│               4           │ 4             │ 4             │ 4             │         │
│               144.8 MB    │ 144.8 MB      │ 144.8 MB      │ 144.8 MB      │         │
╰─ sum        839.1 ms      │ 1.364 s       │ 936.4 ms      │ 1.233 s       │ 5       │ 5
              max alloc:    │               │               │               │         │
                1000003     │ 1000003       │ 1000003       │ 1000003       │         │
                1.5 GB      │ 1.5 GB        │ 1.5 GB        │ 1.5 GB        │         │
";

    #[test]
    fn the_medians_of_each_bench_are_found() {
        let read = |name| Medians::read(TABLE, name).unwrap();
        assert_eq!(read("plan_all"), Medians { time_ms: 1_676, peak_bytes: 193_000_000 });
        assert_eq!(read("sum"), Medians { time_ms: 936, peak_bytes: 1_500_000_000 });
    }

    #[test]
    fn a_table_of_another_shape_is_an_error_and_no_figure() {
        assert!(Medians::read(TABLE, "plan").is_err());
        assert!(Medians::read(&TABLE.replace("max alloc:", "alloc:"), "sum").is_err());
        assert!(Medians::read(&TABLE.replace("936.4 ms", "936.4 fortnights"), "sum").is_err());
        assert!(Medians::read("", "sum").is_err());
    }

    #[test]
    fn quantities_have_units() {
        let units = [("ms", 1.0), ("s", 1e3)];
        assert_eq!(quantity("1.5 s", &units).unwrap(), 1_500);
        assert!(quantity("1.5", &units).is_err());
        assert!(quantity("-1 s", &units).is_err());
    }
}
