//! The settings of a simulation: how often each fault happens, and how the shop behaves where Wix's behavior is
//! unconfirmed.

mod catalog;
mod defect;
mod faults;
mod quirks;
mod series;

pub use catalog::CatalogKind;
pub use defect::Defect;
pub use faults::{Fault, Rates};
pub use quirks::{BadEntry, OldCatalog, OutOfRange, Quirks, Untracked};
pub use series::Series;

use crate::check::Check;
use crate::rng::SimRng;
use faults::{GROUPS, OF_MOVES, OF_REVISIONS, SHARED};

/// The settings of one simulation, usually drawn from its seed.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The seed.
    pub seed: u64,
    /// The catalog that the shop begins with.
    pub catalog: CatalogKind,
    /// Listings in the shop.
    pub listings: usize,
    /// Entries in a write call.
    pub write_batch: u16,
    /// The settle time of the runs, in milliseconds.
    pub settle_ms: i64,
    /// How long a read may lag behind, in milliseconds. The runs assume that it is at most the settle time.
    pub lag_ms: i64,
    /// How often each fault happens.
    pub rates: Rates,
    /// How the shop behaves where Wix's behavior is unconfirmed.
    pub quirks: Quirks,
    /// How many runs start while faults happen.
    pub runs: u64,
    /// Whether buyers go on buying during the first of the two final runs.
    pub late_buyers: bool,
    /// The deliberate defect, if any.
    pub defect: Option<Defect>,
    /// Checks that the oracle leaves out, so that a test can show that another check also detects the defect.
    pub ignored_checks: Vec<Check>,
    /// The process crashes at this yield point, counted from 1 over the whole simulation.
    pub crash_at: Option<u64>,
}

impl Profile {
    /// Settings without any fault.
    #[must_use]
    pub fn calm(seed: u64) -> Self {
        Self {
            seed,
            catalog: CatalogKind::Deltas,
            listings: 4,
            write_batch: 3,
            settle_ms: 10_000,
            lag_ms: 10_000,
            rates: Rates::none(),
            quirks: Quirks {
                out_of_range: OutOfRange::Refused,
                untracked: Untracked::Refused,
                bad_entry: BadEntry::NothingApplied,
                stock_touches_product: false,
                deletion_touches_product: true,
                tells_changes: true,
                knows_skus: true,
                bad_entry_refuses_call: false,
                old_reads_freeze: false,
                old_catalog: OldCatalog::Refuses,
            },
            runs: 1,
            late_buyers: false,
            defect: None,
            ignored_checks: Vec::new(),
            crash_at: None,
        }
    }

    /// The settings of a seed: some have no faults, some a few related ones, some many.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        let mut rng = SimRng::new(seed ^ 0x005e_ed0f_fa11);
        let mut rates = Rates::none();
        let (faults, among) = match rng.below(20) {
            0 => (0, SHARED),
            1..=7 => (2 + rng.below(4), rng.pick(GROUPS)),
            8..=15 => (4 + rng.below(8), SHARED),
            _ => (12 + rng.below(16), SHARED),
        };
        for _ in 0..faults {
            let (fault, rate) = among[rng.index(among.len())];
            let rate = match rng.below(4) {
                0 => (rate / 3).max(1),
                1 => (rate * 3).min(1_000),
                _ => rate,
            };
            rates = rates.with(fault, rate);
        }
        let out_of_range = rng.pick(&[OutOfRange::Refused, OutOfRange::Clamped]);
        let untracked = rng.pick(&[Untracked::Refused, Untracked::Ignored]);
        let bad_entry = rng.pick(&[BadEntry::NothingApplied, BadEntry::UpToIt, BadEntry::AllOthers]);
        let (listings, write_batch) = (1 + rng.index(12).min(rng.index(12)), rng.pick(&[1, 2, 3, 5, 300]));
        let settle_ms = rng.pick(&[10_000, 10_000, 10_000, 10_000, 6_000, 20_000, 1_000]);
        Self {
            seed,
            catalog: CatalogKind::Deltas,
            listings,
            write_batch,
            settle_ms,
            lag_ms: settle_ms,
            rates,
            quirks: Quirks {
                out_of_range,
                untracked,
                bad_entry,
                stock_touches_product: rng.chance(300),
                deletion_touches_product: rng.chance(500),
                tells_changes: !rng.chance(100),
                knows_skus: rng.chance(500),
                bad_entry_refuses_call: false,
                old_reads_freeze: false,
                old_catalog: OldCatalog::Refuses,
            },
            runs: 1 + rng.below(4),
            late_buyers: rng.chance(400),
            defect: None,
            ignored_checks: Vec::new(),
            crash_at: None,
        }
    }

    /// The settings of a seed for a shop whose catalog has revisions: the same, and what only such a catalog does.
    #[must_use]
    pub fn with_revisions(seed: u64) -> Self {
        let mut profile = Self::from_seed(seed);
        let mut rng = SimRng::new(seed ^ 0x0000_7e51_510f);
        profile.catalog = CatalogKind::Revisions;
        profile.quirks.bad_entry_refuses_call = rng.chance(500);
        for (fault, rate) in OF_REVISIONS {
            if rng.chance(400) {
                profile.rates = profile.rates.with(*fault, *rate);
            }
        }
        profile
    }

    /// The settings of a seed for a shop that moves to the other catalog, and back, while runs work on it.
    #[must_use]
    pub fn moving(seed: u64) -> Self {
        let mut profile = Self::with_revisions(seed);
        let mut rng = SimRng::new(seed ^ 0x0000_0000_307e);
        profile.catalog = rng.pick(&[CatalogKind::Deltas, CatalogKind::Revisions]);
        profile.quirks.old_reads_freeze = rng.chance(500);
        profile.quirks.old_catalog = rng.pick(&[OldCatalog::Refuses, OldCatalog::Swallows]);
        let (fault, rate) = OF_MOVES;
        profile.rates = profile.rates.with(fault, rng.pick(&[rate, rate * 4, rate * 16]));
        profile
    }
}
