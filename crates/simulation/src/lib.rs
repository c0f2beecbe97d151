//! Deterministic simulation of whole runs.
//!
//! The real `sync::execute` runs over a shop, a warehouse and a state database in memory, on one thread and with
//! simulated time. A seed decides which process goes next, what goes wrong and who else acts. The same seed gives the
//! same trace. An oracle with its own ledger checks the safety rules after every step.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a broken simulation must stop")]

mod check;
mod constants;
mod crashes;
mod oracle;
mod process;
mod profile;
mod rng;
mod scenario;
mod shop;
mod shop_events;
mod state;
mod summary;
mod warehouse;
mod yield_point;

pub use check::{Check, Violation};
pub use constants::{BEGIN, TIMEOUT_MS};
pub use crashes::{crash_everywhere, fixed_plans};
pub use profile::{
    BadEntry, CatalogKind, Defect, Fault, OldCatalog, OutOfRange, Profile, Quirks, Rates, Series, Untracked,
};
pub use rng::SimRng;
pub use scenario::{SeedResult, play};
pub use summary::{FailedSeed, Summary, run_seeds, trace};
pub use yield_point::{Pid, YieldPoint};
