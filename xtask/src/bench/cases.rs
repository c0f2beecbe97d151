//! The measured cases: kind of run, size of the shop, rate limit and latency.

use std::fmt;

use super::text::grouped;

/// In the runs with 2 % changed SKUs, one SKU in this many changes.
pub(super) const CHANGES_EVERY: u32 = 50;
/// How many SKUs a filtered run names.
pub(super) const FILTERED_SKUS: u32 = 5;
/// How many SKUs change in the runs of a very large shop.
pub(super) const FEW_SKUS: u32 = 1_000;
/// The size of a very large shop.
const MILLION: u32 = 1_000_000;

/// A kind of run. All except the cold ones use the state database of the run before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Without an earlier state database, 2 % of the SKUs changed.
    Cold,
    /// Without an earlier state database, [`FEW_SKUS`] SKUs changed.
    ColdFew,
    /// Without an earlier state database, all SKUs changed.
    ColdAll,
    /// After other runs, 2 % of the SKUs changed.
    Warm,
    /// After other runs, [`FEW_SKUS`] SKUs changed.
    WarmFew,
    /// After other runs, nothing changed.
    Unchanged,
    /// After other runs, filtered to five SKUs, all changed.
    Filtered,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cold => "cold, 2 % changed",
            Self::ColdFew => "cold, 1,000 changed",
            Self::ColdAll => "cold, all changed",
            Self::Warm => "warm, 2 % changed",
            Self::WarmFew => "warm, 1,000 changed",
            Self::Unchanged => "warm, nothing changed",
            Self::Filtered => "warm, five SKUs",
        })
    }
}

/// Wix's limit in requests per minute.
pub(super) const LIMIT: u32 = 200;

/// What limits the requests of a run, on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limits {
    /// Nothing.
    Off,
    /// The shop refuses more than [`LIMIT`] requests a minute, and the client keeps to it.
    Minute,
    /// The shop refuses bursts, as Wix was seen to do, and the client keeps to the minute and to its pace.
    Pace,
    /// The same shop, and a client that keeps to the minute alone.
    NoPace,
}

/// The client's pace, which is its default.
pub(super) const PACE: &str = "30+5/s";

impl Limits {
    /// The value of `WIXSYNC_RATE_LIMIT`.
    pub(super) fn rate_limit(self) -> String {
        if self == Self::Off { "off".to_owned() } else { format!("{LIMIT}/60s") }
    }

    /// The value of `WIXSYNC_PACE`.
    pub(super) fn pace(self) -> &'static str {
        if self == Self::Pace { PACE } else { "off" }
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off | Self::Minute => f.write_str(&self.rate_limit()),
            Self::Pace => write!(f, "{} and {PACE}", self.rate_limit()),
            Self::NoPace => write!(f, "{}, no pace", self.rate_limit()),
        }
    }
}

/// The catalog of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Catalog {
    V1,
    V3,
}

/// The shop and the conditions of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scenario {
    /// The catalog of the shop.
    pub(super) catalog: Catalog,
    /// How many SKUs the shop and the warehouse have.
    pub(super) skus: u32,
    /// Variants with their own SKU per product; 1 means products without variants.
    pub(super) per_product: u32,
    /// The delay of each response, in milliseconds.
    pub(super) latency_ms: u32,
    /// What limits the requests.
    pub(super) limits: Limits,
}

impl Scenario {
    fn plain(skus: u32) -> Self {
        Self { catalog: Catalog::V1, skus, per_product: 1, latency_ms: 0, limits: Limits::Off }
    }

    /// The most requests that a run may take, where that is promised.
    pub(super) fn most_requests(self, kind: Kind) -> Option<u64> {
        match (self.catalog, self.skus, kind) {
            (Catalog::V3, 10_000, Kind::Cold) => Some(10 + 1 + 3),
            (Catalog::V3, 10_000, Kind::ColdAll) => Some(10 + 10 + 3),
            (Catalog::V3, 10_000, Kind::Warm) => Some(5),
            (Catalog::V3, 10_000, Kind::Unchanged) => Some(4),
            (Catalog::V3, MILLION, Kind::WarmFew) => Some(8),
            _ => None,
        }
    }

    /// The size of the shop in words.
    pub(super) fn shop(self) -> String {
        let size = grouped(u64::from(self.skus));
        match (self.catalog, self.per_product) {
            (Catalog::V1, 1) => size,
            (Catalog::V1, several) => format!("{size}, {several} a product"),
            (Catalog::V3, 1) => format!("{size} on V3"),
            (Catalog::V3, several) => format!("{size} on V3, {several} a product"),
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} SKUs, ", grouped(u64::from(self.skus)))?;
        if self.catalog == Catalog::V3 {
            f.write_str("V3, ")?;
        }
        if self.per_product > 1 {
            write!(f, "{} a product, ", self.per_product)?;
        }
        write!(f, "{}, {} ms", self.limits, self.latency_ms)
    }
}

/// Consecutive runs over one shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Series {
    pub(super) scenario: Scenario,
    pub(super) kinds: Vec<Kind>,
    /// How often the series is repeated, each time with a new shop.
    pub(super) repeats: usize,
}

const ALL_KINDS: [Kind; 4] = [Kind::Cold, Kind::Warm, Kind::Unchanged, Kind::Filtered];
/// How often a short series is repeated.
const REPEATS: usize = 3;

/// All series in the order of the table. `latencies` lists the latencies that the emulator supports.
pub(super) fn all(quick: bool, latencies: &[u32]) -> Vec<Series> {
    let sizes: &[u32] = if quick { &[1_000] } else { &[1_000, 10_000, 100_000] };
    let mut series = Vec::new();
    for skus in sizes.iter().copied() {
        let plain = Scenario::plain(skus);
        let repeats = if skus < 100_000 { REPEATS } else { 1 };
        for latency_ms in latencies.iter().copied() {
            let scenario = Scenario { latency_ms, ..plain };
            series.push(Series { scenario, kinds: ALL_KINDS.to_vec(), repeats });
        }
        if skus > 1_000 {
            series.push(Series { scenario: plain, kinds: vec![Kind::ColdAll], repeats });
        }
        if skus == 10_000 {
            let scenario = Scenario { per_product: 5, ..plain };
            series.push(Series { scenario, kinds: vec![Kind::Cold, Kind::Warm], repeats });
        }
        series.extend(limited(skus));
    }
    series.extend(on_v3(sizes));
    series.extend(sizes.iter().flat_map(|skus| paced(*skus)));
    if !quick {
        let scenario = Scenario { catalog: Catalog::V3, ..Scenario::plain(MILLION) };
        // A warm run reads once more what the run before has written.
        let kinds = vec![Kind::ColdFew, Kind::WarmFew, Kind::Unchanged];
        series.push(Series { scenario, kinds, repeats: 1 });
    }
    series
}

/// The series on catalog V3. They take so few requests that Wix's limit makes no difference.
fn on_v3(sizes: &[u32]) -> impl Iterator<Item = Series> {
    let kinds = |skus: u32| match skus {
        10_000 => vec![ALL_KINDS.to_vec(), vec![Kind::ColdAll]],
        _ => vec![ALL_KINDS.to_vec()],
    };
    sizes.iter().flat_map(move |skus| {
        let scenario = Scenario { catalog: Catalog::V3, ..Scenario::plain(*skus) };
        let repeats = if *skus < 100_000 { REPEATS } else { 1 };
        kinds(*skus).into_iter().map(move |kinds| Series { scenario, kinds, repeats })
    })
}

/// The series under Wix's limit. From 10,000 SKUs on, a series takes minutes because of the limit, so it is
/// measured only once.
fn limited(skus: u32) -> Vec<Series> {
    let scenario = Scenario { limits: Limits::Minute, ..Scenario::plain(skus) };
    match skus {
        1_000 => vec![Series { scenario, kinds: ALL_KINDS.to_vec(), repeats: REPEATS }],
        10_000 => vec![
            Series { scenario, kinds: ALL_KINDS.to_vec(), repeats: 1 },
            Series { scenario, kinds: vec![Kind::ColdAll], repeats: 1 },
        ],
        _ => Vec::new(),
    }
}

/// The series that show what the pace costs, and what it costs to have none. Measured once, because they wait.
fn paced(skus: u32) -> Vec<Series> {
    let v1 = Scenario { limits: Limits::Pace, ..Scenario::plain(skus) };
    let v3 = Scenario { catalog: Catalog::V3, ..v1 };
    let series = |scenario, kinds: &[Kind]| Series { scenario, kinds: kinds.to_vec(), repeats: 1 };
    match skus {
        1_000 => vec![series(v1, &ALL_KINDS)],
        10_000 => vec![
            series(v1, &ALL_KINDS),
            series(v1, &[Kind::ColdAll]),
            series(Scenario { limits: Limits::NoPace, ..v1 }, &[Kind::Cold]),
            series(v3, &ALL_KINDS),
        ],
        _ => vec![series(v3, &ALL_KINDS)],
    }
}

/// The name of a case, for `--only`.
pub(super) fn name(scenario: Scenario, kind: Kind) -> String {
    format!("{scenario}, {kind}")
}

/// Whether the name of a case contains the text of `--only`, ignoring case.
pub(super) fn is_wanted(name: &str, only: Option<&str>) -> bool {
    only.is_none_or(|only| name.to_lowercase().contains(&only.to_lowercase()))
}

/// Shortens a series after its last wanted run; `None` if no run is wanted. Earlier runs stay, because a warm run
/// needs the cold one before it.
pub(super) fn narrowed(mut series: Series, only: Option<&str>) -> Option<Series> {
    let wanted = |kind: &Kind| is_wanted(&name(series.scenario, *kind), only);
    let last = series.kinds.iter().rposition(wanted)?;
    series.kinds.truncate(last + 1);
    Some(series)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let all = all(false, &[0, 40]);
        let names: Vec<String> =
            all.iter().flat_map(|s| s.kinds.iter().map(|kind| name(s.scenario, *kind))).collect();
        let unique: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!(unique.len(), names.len(), "{names:#?}");
    }

    #[test]
    fn the_limit_is_met_at_small_sizes_only() {
        let all = all(false, &[0, 40]);
        let minute = |s: &&Series| s.scenario.limits == Limits::Minute;
        let limited: Vec<u32> = all.iter().filter(minute).map(|s| s.scenario.skus).collect();
        assert_eq!(limited, [1_000, 10_000, 10_000]);
    }

    #[test]
    fn quick_is_a_thousand_skus() {
        assert!(all(true, &[0, 40]).iter().all(|series| series.scenario.skus == 1_000));
    }

    #[test]
    fn latencies_that_the_emulator_does_not_have_are_left_out() {
        assert!(all(false, &[0]).iter().all(|series| series.scenario.latency_ms == 0));
        assert!(all(false, &[0, 40]).iter().any(|series| series.scenario.latency_ms == 40));
    }

    #[test]
    fn a_series_is_kept_up_to_its_last_wanted_run() {
        let series = Series { scenario: Scenario::plain(1_000), kinds: ALL_KINDS.to_vec(), repeats: 1 };
        let kinds = |only| narrowed(series.clone(), Some(only)).map(|series| series.kinds);
        assert_eq!(kinds("COLD, 2 %"), Some(vec![Kind::Cold]));
        assert_eq!(kinds("nothing"), Some(vec![Kind::Cold, Kind::Warm, Kind::Unchanged]));
        assert_eq!(kinds("1,000 SKUs"), Some(ALL_KINDS.to_vec()));
        assert_eq!(kinds("10,000 SKUs"), None);
        assert_eq!(narrowed(series.clone(), None), Some(series));
    }
}
