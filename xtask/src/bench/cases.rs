//! What is measured: which kinds of runs, over shops of which size, under which limit and latency.

use std::fmt;

use super::text::grouped;

/// Every so many SKUs one changes in the runs with 2 % changed.
pub(super) const CHANGES_EVERY: u32 = 50;
/// SKUs that a filtered run names.
pub(super) const FEW: u32 = 5;

/// A kind of run. All but the cold ones go on with the state database of the run before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Without a state database, 2 % to change.
    Cold,
    /// Without a state database, everything to change.
    ColdAll,
    /// After other runs, 2 % to change.
    Warm,
    /// After other runs, nothing to change.
    Unchanged,
    /// After other runs, five SKUs named and to change.
    Few,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cold => "cold, 2 % changed",
            Self::ColdAll => "cold, all changed",
            Self::Warm => "warm, 2 % changed",
            Self::Unchanged => "warm, nothing changed",
            Self::Few => "warm, five SKUs",
        })
    }
}

/// Wix's limit: so many requests a minute.
pub(super) const LIMIT: u32 = 200;

/// The world of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Setting {
    /// SKUs, in the shop and in the warehouse.
    pub(super) skus: u32,
    /// Variants with SKUs of their own on each product; 1 stands for products without variants.
    pub(super) per_product: u32,
    /// How long each answer is held back, in milliseconds.
    pub(super) latency_ms: u32,
    /// Whether shop and client keep to [`LIMIT`].
    pub(super) limited: bool,
}

impl Setting {
    fn plain(skus: u32) -> Self {
        Self { skus, per_product: 1, latency_ms: 0, limited: false }
    }

    /// The limit as the client's setting takes it.
    pub(super) fn rate_limit(self) -> String {
        if self.limited { format!("{LIMIT}/60s") } else { "off".to_owned() }
    }

    /// The shop as a person calls it.
    pub(super) fn shop(self) -> String {
        match self.per_product {
            1 => grouped(u64::from(self.skus)),
            several => format!("{}, {several} a product", grouped(u64::from(self.skus))),
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} SKUs, ", grouped(u64::from(self.skus)))?;
        if self.per_product > 1 {
            write!(f, "{} a product, ", self.per_product)?;
        }
        write!(f, "{}, {} ms", self.rate_limit(), self.latency_ms)
    }
}

/// Runs that follow each other over one shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Series {
    pub(super) setting: Setting,
    pub(super) kinds: Vec<Kind>,
    /// How often the whole of it is done, each time over a world of its own.
    pub(super) repeats: usize,
}

const ALL_KINDS: [Kind; 4] = [Kind::Cold, Kind::Warm, Kind::Unchanged, Kind::Few];
/// How often what is short is done.
const REPEATS: usize = 3;

/// All series, in the order of the table. `latencies`: those that the emulator can have.
pub(super) fn all(quick: bool, latencies: &[u32]) -> Vec<Series> {
    let sizes: &[u32] = if quick { &[1_000] } else { &[1_000, 10_000, 100_000] };
    let mut series = Vec::new();
    for skus in sizes.iter().copied() {
        let plain = Setting::plain(skus);
        let repeats = if skus < 100_000 { REPEATS } else { 1 };
        for latency_ms in latencies.iter().copied() {
            let setting = Setting { latency_ms, ..plain };
            series.push(Series { setting, kinds: ALL_KINDS.to_vec(), repeats });
        }
        if skus > 1_000 {
            series.push(Series { setting: plain, kinds: vec![Kind::ColdAll], repeats });
        }
        if skus == 10_000 {
            let setting = Setting { per_product: 5, ..plain };
            series.push(Series { setting, kinds: vec![Kind::Cold, Kind::Warm], repeats });
        }
        series.extend(limited(skus));
    }
    series
}

/// What is measured under Wix's limit. From 10,000 SKUs on, the limit makes a series last minutes: once is enough.
fn limited(skus: u32) -> Vec<Series> {
    let setting = Setting { limited: true, ..Setting::plain(skus) };
    match skus {
        1_000 => vec![Series { setting, kinds: ALL_KINDS.to_vec(), repeats: REPEATS }],
        10_000 => vec![
            Series { setting, kinds: ALL_KINDS.to_vec(), repeats: 1 },
            Series { setting, kinds: vec![Kind::ColdAll], repeats: 1 },
        ],
        _ => Vec::new(),
    }
}

/// The name of a case, by which it can be chosen.
pub(super) fn name(setting: Setting, kind: Kind) -> String {
    format!("{setting}, {kind}")
}

/// Whether a case is wanted: its name holds this text, whatever the case of its letters.
pub(super) fn is_wanted(name: &str, only: Option<&str>) -> bool {
    only.is_none_or(|only| name.to_lowercase().contains(&only.to_lowercase()))
}

/// The series up to its last wanted run; `None` where none is wanted. What comes before stays: a warm run needs
/// the cold one.
pub(super) fn narrowed(mut series: Series, only: Option<&str>) -> Option<Series> {
    let wanted = |kind: &Kind| is_wanted(&name(series.setting, *kind), only);
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
            all.iter().flat_map(|s| s.kinds.iter().map(|kind| name(s.setting, *kind))).collect();
        let unique: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!(unique.len(), names.len(), "{names:#?}");
    }

    #[test]
    fn the_limit_is_met_at_small_sizes_only() {
        let all = all(false, &[0, 40]);
        let limited: Vec<u32> = all.iter().filter(|s| s.setting.limited).map(|s| s.setting.skus).collect();
        assert_eq!(limited, [1_000, 10_000, 10_000]);
    }

    #[test]
    fn quick_is_a_thousand_skus() {
        assert!(all(true, &[0, 40]).iter().all(|series| series.setting.skus == 1_000));
    }

    #[test]
    fn latencies_that_the_emulator_does_not_have_are_left_out() {
        assert!(all(false, &[0]).iter().all(|series| series.setting.latency_ms == 0));
        assert!(all(false, &[0, 40]).iter().any(|series| series.setting.latency_ms == 40));
    }

    #[test]
    fn a_series_is_kept_up_to_its_last_wanted_run() {
        let series = Series { setting: Setting::plain(1_000), kinds: ALL_KINDS.to_vec(), repeats: 1 };
        let kinds = |only| narrowed(series.clone(), Some(only)).map(|series| series.kinds);
        assert_eq!(kinds("COLD, 2 %"), Some(vec![Kind::Cold]));
        assert_eq!(kinds("nothing"), Some(vec![Kind::Cold, Kind::Warm, Kind::Unchanged]));
        assert_eq!(kinds("1,000 SKUs"), Some(ALL_KINDS.to_vec()));
        assert_eq!(kinds("10,000 SKUs"), None);
        assert_eq!(narrowed(series.clone(), None), Some(series));
    }
}
