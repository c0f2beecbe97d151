//! The faults and other actors of a simulation, and how often each happens.

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $rate:literal,)+) => {
        /// Something that goes wrong, or an action of another user or process.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault { $($(#[$doc])* $name,)+ }

        impl Fault {
            /// Every fault with its usual rate in a thousand chances.
            pub const ALL: &'static [(Self, u64)] = &[$((Self::$name, $rate),)+];
        }
    };
}

faults! {
    /// The request is lost on its way, without an answer.
    LostRequest = 150,
    /// The request is applied; its answer is lost.
    LostReply = 200,
    /// No answer; the request lands later, within the time-out.
    LateApply = 150,
    /// A 5xx answer, nothing applied.
    ServerError = 120,
    /// A 5xx answer, all applied.
    ServerErrorApplied = 120,
    /// A 5xx answer from a proxy; the request lands later.
    ServerErrorLate = 120,
    /// A part is applied, then 429.
    PartThenThrottled = 120,
    /// A part is applied, then a 4xx answer.
    PartThenRefused = 120,
    /// A part is applied, then a 5xx answer.
    PartThenServerError = 120,
    /// 429, nothing applied.
    Throttled = 120,
    /// The API key is refused for a while.
    KeyRevoked = 60,
    /// All applied; the answer cannot be read.
    MalformedReply = 100,
    /// The answer is a success, and one line is left out.
    EntryLeftOut = 120,
    /// The shop refuses every write to one listing.
    Poison = 400,
    /// The connection is refused: nothing was sent.
    ConnectionRefused = 150,
    /// The shop port gives up before it asks the gate.
    GaveUpBeforeGate = 40,
    /// Seconds pass between the commit of SENT and the bytes.
    SlowToLeave = 150,
    /// A read of all listings shows an older state.
    StaleRead = 300,
    /// A read of levels shows an older state.
    StaleLevels = 300,
    /// A page of the read of all listings fails.
    ReadFails = 60,
    /// The pages of all listings do not add up.
    ReadIncomplete = 200,
    /// A product is deleted or recreated while the catalog is read, between two pages.
    PageShift = 150,
    /// A read of levels fails.
    LevelsFail = 80,
    /// A read takes seconds.
    SlowRead = 120,
    /// A product is deleted in the shop, or one of its variants.
    ProductDeleted = 4,
    /// A listing disappears, and another with its SKU appears.
    ListingRecreated = 4,
    /// A user swaps the SKUs of two listings.
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
    /// Some of the warehouse's rows are missing for a while, more with each time.
    WarehouseShrinks = 4,
    /// All SKUs of the warehouse but one are written differently for a while.
    WarehouseForeign = 4,
    /// The state database takes no writes for a while.
    DiskFull = 6,
    /// The state database commits, but its answer is lost.
    CommitUnheard = 12,
    /// A process dies.
    Crash = 8,
    /// A process is paused for a while.
    Paused = 8,
    /// A user stops a run.
    Cancelled = 4,
    /// The machine's clock is turned back.
    ClockTurnedBack = 4,
    /// A buyer buys something.
    Sale = 25,
    /// Many buyers buy at once.
    SaleStorm = 250,
    /// A user sets a level by hand.
    Edit = 8,
    /// Another installation, with its own state database, syncs the same shop.
    SecondInstallation = 1000,
    /// Another process of the same installation starts.
    SecondProcess = 1000,
    /// A run is a task of the service: another process continues it if its own dies or is stopped.
    Task = 500,
    /// The answer leaves out some of the lines that it is about (catalog with revisions).
    RowsUnnamed = 150,
    /// A success that changes the revision but not the level (catalog with revisions).
    SilentSuccess = 100,
    /// An answer only counts the lines that failed, and so names none (catalog with revisions).
    FailuresCounted = 500,
    /// The shop moves to the other catalog.
    CatalogMoved = 2,
}

/// How often each fault happens, in a thousand chances.
#[derive(Debug, Clone)]
pub struct Rates([u64; Fault::ALL.len()]);

impl Rates {
    /// No faults.
    #[must_use]
    pub fn none() -> Self {
        Self([0; Fault::ALL.len()])
    }

    /// These rates with `fault` at `per_mille`.
    #[must_use]
    pub fn with(mut self, fault: Fault, per_mille: u64) -> Self {
        self.0[fault as usize] = per_mille;
        self
    }

    /// The rate of `fault` in a thousand chances.
    #[must_use]
    pub fn of(&self, fault: Fault) -> u64 {
        self.0[fault as usize]
    }
}

/// Related faults: those of writes, those of reads, the rest, and all together.
pub(super) const GROUPS: &[&[(Fault, u64)]] = {
    let (writes, rest) = SHARED.split_at(Fault::StaleRead as usize);
    let (reads, rest) = rest.split_at(Fault::ProductDeleted as usize - Fault::StaleRead as usize);
    &[writes, reads, rest, SHARED]
};

/// The faults of every catalog.
pub(super) const SHARED: &[(Fault, u64)] = Fault::ALL.split_at(Fault::RowsUnnamed as usize).0;

/// The faults that only a catalog with revisions has.
pub(super) const OF_REVISIONS: &[(Fault, u64)] =
    Fault::ALL.split_at(Fault::CatalogMoved as usize).0.split_at(Fault::RowsUnnamed as usize).1;

/// The fault of a shop that moves.
pub(super) const OF_MOVES: (Fault, u64) = Fault::ALL[Fault::CatalogMoved as usize];
