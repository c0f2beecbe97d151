//! What a seed's world is like: which faults happen how often, and how the shop reads what nobody has
//! confirmed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// The dice of a world. The same seed gives the same throws.
#[derive(Debug, Clone)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number from zero to `below` − 1; zero where `below` is zero.
    pub fn below(&mut self, below: u64) -> u64 {
        if below == 0 { 0 } else { self.0.next_u64() % below }
    }

    /// A position in something that is `len` long.
    pub fn at(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }

    /// A moment or a quantity from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// Whether something happens that happens `per_mille` times in a thousand.
    pub fn hits(&mut self, per_mille: u64) -> bool {
        per_mille > 0 && self.below(1_000) < per_mille
    }

    /// One of `these`.
    pub fn pick<T: Copy>(&mut self, these: &[T]) -> T {
        these[self.at(these.len())]
    }
}

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $rate:literal,)+) => {
        /// Something that goes wrong, or somebody else who acts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault { $($(#[$doc])* $name,)+ }

        impl Fault {
            /// Every one, with its usual rate: how often in a thousand chances.
            pub const ALL: &'static [(Self, u64)] = &[$((Self::$name, $rate),)+];
        }
    };
}

faults! {
    /// The request is lost on its way; no answer.
    LostRequest = 150,
    /// The request is applied; its answer is lost.
    LostReply = 200,
    /// No answer; the request lands later, within the time-out.
    LateApply = 150,
    /// A 5xx answer, nothing applied.
    ServerError = 120,
    /// A 5xx answer, all applied.
    ServerErrorApplied = 120,
    /// A 5xx answer from something in between; the request lands later.
    ServerErrorLate = 120,
    /// A part is applied, then 429.
    PartThenThrottled = 120,
    /// A part is applied, then a 4xx answer.
    PartThenRefused = 120,
    /// A part is applied, then a 5xx answer.
    PartThenServerError = 120,
    /// 429, nothing applied.
    Throttled = 120,
    /// The key is not accepted for a while.
    KeyRevoked = 60,
    /// All applied; the answer cannot be read.
    MalformedReply = 100,
    /// One listing is refused whatever is asked.
    Poison = 400,
    /// The connection is refused: nothing left.
    ConnectionRefused = 150,
    /// The shop's handle gives up before it asks the gate.
    GaveUpBeforeGate = 40,
    /// Seconds pass between the commit and the bytes.
    SlowToLeave = 150,
    /// A read of all listings shows an older state.
    StaleRead = 300,
    /// A read of levels shows an older state.
    StaleLevels = 300,
    /// A page of the read of all listings fails.
    ReadFails = 60,
    /// The read of all listings does not add up.
    ReadIncomplete = 60,
    /// A read of levels fails.
    LevelsFail = 80,
    /// A read takes seconds.
    SlowRead = 120,
    /// A product is deleted in the shop.
    ProductDeleted = 4,
    /// Two listings swap their SKUs.
    SkuSwapped = 4,
    /// Wix stops or starts counting a listing's stock.
    TrackingChanged = 4,
    /// The warehouse cannot be read.
    WarehouseFails = 80,
    /// The warehouse read takes seconds.
    SlowWarehouse = 150,
    /// The warehouse read gives nothing.
    WarehouseEmpty = 100,
    /// Stock changes in the warehouse.
    WarehouseMoves = 15,
    /// Most of the warehouse's rows are gone for a while.
    WarehouseShrinks = 4,
    /// The state database takes no writes for a while.
    DiskFull = 6,
    /// The state database commits, and says that it failed.
    CommitUnheard = 12,
    /// A process dies.
    Crash = 8,
    /// A process is stopped for a while and goes on.
    Paused = 8,
    /// A user stops a run.
    Cancelled = 4,
    /// A buyer buys.
    Sale = 25,
    /// Buyers all at once.
    SaleStorm = 250,
    /// Somebody sets a level by hand.
    Edit = 8,
    /// Another installation, with a state of its own, syncs the same shop.
    SecondInstallation = 1000,
    /// Another process of the same installation starts.
    SecondProcess = 1000,
}

impl Fault {
    /// Whether somebody else moves levels by it.
    #[must_use]
    pub fn is_foreign(self) -> bool {
        matches!(self, Self::Sale | Self::SaleStorm | Self::Edit | Self::SecondInstallation)
    }
}

/// How often each fault happens, in a thousand chances.
#[derive(Debug, Clone)]
pub struct Rates([u64; Fault::ALL.len()]);

impl Rates {
    /// Nothing goes wrong.
    #[must_use]
    pub fn none() -> Self {
        Self([0; Fault::ALL.len()])
    }

    /// `fault`, so often.
    #[must_use]
    pub fn with(mut self, fault: Fault, per_mille: u64) -> Self {
        self.0[fault as usize] = per_mille;
        self
    }

    /// How often.
    #[must_use]
    pub fn of(&self, fault: Fault) -> u64 {
        self.0[fault as usize]
    }
}

/// Faults that belong together: those of writes, of reads, of processes and their state, and other people.
const GROUPS: &[&[(Fault, u64)]] = {
    let (writes, rest) = Fault::ALL.split_at(Fault::StaleRead as usize);
    let (reads, rest) = rest.split_at(Fault::ProductDeleted as usize - Fault::StaleRead as usize);
    &[writes, reads, rest, Fault::ALL]
};

/// What Wix does with a decrement below zero, or an increment above its ceiling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutOfRange {
    /// It refuses.
    Refused,
    /// It stops at the limit.
    Clamped,
    /// It goes there: no reading of the contract, for the control of I4 only.
    Taken,
}

/// What Wix does with a listing whose stock it does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untracked {
    /// It refuses.
    Refused,
    /// It says yes and does nothing.
    Ignored,
}

/// What becomes of a batch with a bad entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadEntry {
    /// Nothing is applied.
    NothingApplied,
    /// Entries before it are applied.
    UpToIt,
    /// All others are applied.
    AllOthers,
}

/// How this shop reads what is not confirmed.
#[derive(Debug, Clone, Copy)]
pub struct Quirks {
    /// Beyond the limits.
    pub out_of_range: OutOfRange,
    /// Untracked listings.
    pub untracked: Untracked,
    /// Bad entries.
    pub bad_entry: BadEntry,
}

/// Something that is deliberately broken, so that a check can be seen to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The shop handle sends every write twice.
    SendTwice,
    /// The journal forgets SENT.
    ForgetSent,
    /// The lease and every fence let everyone in.
    OpenFence,
    /// The same, and nobody looks at the lease but I6.
    OpenFenceUnseen,
    /// The warehouse answers from before the shop was read.
    OldSnapshot,
    /// The journal does not tell of recent writes.
    HideRecent,
    /// An incomplete read is passed on as whole.
    HideIncomplete,
    /// The state does not tell what the last good run saw.
    ForgetLastGood,
    /// The shop handle says yes and sends nothing.
    AckNothing,
    /// The record of an end miscounts.
    Miscount,
    /// Nobody is told of runs without an end.
    HideAbandoned,
    /// The shop takes one unit more than asked.
    OneTooMany,
    /// The body leaves whenever it can, past its moment too.
    IgnoreDeadline,
    /// The clock of the run does not wait.
    NoWaiting,
}

/// A whole world, as its seed makes it.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The seed.
    pub seed: u64,
    /// Listings in the shop.
    pub listings: usize,
    /// Entries in a write call.
    pub write_batch: u16,
    /// The settle time of the runs, in milliseconds.
    pub settle_ms: i64,
    /// How long a read may lag, in milliseconds; the runs take it to be the settle time.
    pub lag_ms: i64,
    /// What goes wrong, how often.
    pub rates: Rates,
    /// How the shop reads what is not confirmed.
    pub quirks: Quirks,
    /// Runs that are started while things go wrong.
    pub runs: u64,
    /// Whether buyers go on buying during the first of the last two runs.
    pub late_buyers: bool,
    /// What is broken on purpose.
    pub broken: Option<Broken>,
    /// The process dies at this yield point, counted from 1 over the whole world.
    pub crash_at: Option<u64>,
}

impl Profile {
    /// A calm world: nothing goes wrong.
    #[must_use]
    pub fn calm(seed: u64) -> Self {
        Self {
            seed,
            listings: 4,
            write_batch: 3,
            settle_ms: 10_000,
            lag_ms: 10_000,
            rates: Rates::none(),
            quirks: Quirks {
                out_of_range: OutOfRange::Refused,
                untracked: Untracked::Refused,
                bad_entry: BadEntry::NothingApplied,
            },
            runs: 1,
            late_buyers: false,
            broken: None,
            crash_at: None,
        }
    }

    /// The world of a seed: some are calm, some have one or two kinds of faults, some have many.
    #[must_use]
    pub fn of_seed(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x005e_ed0f_fa11);
        let mut rates = Rates::none();
        let (faults, among) = match dice.below(20) {
            0 => (0, Fault::ALL),
            1..=7 => (2 + dice.below(4), dice.pick(GROUPS)),
            8..=15 => (4 + dice.below(8), Fault::ALL),
            _ => (12 + dice.below(16), Fault::ALL),
        };
        for _ in 0..faults {
            let (fault, rate) = among[dice.at(among.len())];
            let rate = match dice.below(4) {
                0 => (rate / 3).max(1),
                1 => (rate * 3).min(1_000),
                _ => rate,
            };
            rates = rates.with(fault, rate);
        }
        let out_of_range = dice.pick(&[OutOfRange::Refused, OutOfRange::Clamped]);
        let untracked = dice.pick(&[Untracked::Refused, Untracked::Ignored]);
        let bad_entry = dice.pick(&[BadEntry::NothingApplied, BadEntry::UpToIt, BadEntry::AllOthers]);
        let (listings, write_batch) = (1 + dice.at(12).min(dice.at(12)), dice.pick(&[1, 2, 3, 5, 300]));
        let settle_ms = dice.pick(&[10_000, 10_000, 10_000, 10_000, 6_000, 20_000, 1_000]);
        Self {
            seed,
            listings,
            write_batch,
            settle_ms,
            lag_ms: settle_ms,
            rates,
            quirks: Quirks { out_of_range, untracked, bad_entry },
            runs: 1 + dice.below(4),
            late_buyers: dice.hits(400),
            broken: None,
            crash_at: None,
        }
    }

    /// Whether somebody else may move levels in this world.
    #[must_use]
    pub fn has_foreigners(&self) -> bool {
        Fault::ALL.iter().any(|(fault, _)| fault.is_foreign() && self.rates.of(*fault) > 0)
    }
}
