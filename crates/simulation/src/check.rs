//! What must never happen, each check by its name, and the record of one that failed.

use std::fmt;

macro_rules! checks {
    ($($(#[$doc:meta])* $name:ident = $rule:literal,)+) => {
        /// One thing that must never happen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Check { $($(#[$doc])* $name,)+ }

        impl Check {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The rule that it belongs to, by its number in the design.
            #[must_use]
            pub fn rule(self) -> &'static str {
                match self { $(Self::$name => $rule,)+ }
            }
        }
    };
}

checks! {
    /// At the end a listing does not show its target.
    LevelAtTheEnd = "I1",
    /// A listing stands twice in a batch.
    ListingTwiceInBatch = "I2",
    /// A batch is empty or of two signs.
    BatchOfTwoSigns = "I2",
    /// A batch has more lines than the settings allow.
    BatchTooLarge = "I2",
    /// A line goes out in the place of one that was not judged not applied.
    ResentUnsettled = "I2",
    /// The journal takes a line that goes out again for no line that it fits.
    ResendMismatch = "I2",
    /// A write while an earlier one may still land.
    WriteOverWrite = "I2",
    /// A line lands after it was judged.
    LandsAfterSettled = "I2",
    /// Of a chain of resends two lines land.
    LandsTwice = "I2",
    /// A write without the lease that its SENT was committed under.
    WriteWithoutLease = "I3",
    /// A line leaves that the journal does not have as SENT.
    SentUnrecorded = "I3",
    /// A line is received twice.
    ReceivedTwice = "I3",
    /// The journal takes a step that no line may take.
    IllegalStep = "I3",
    /// A line leads to no target that a listing can have.
    TargetOutOfRange = "I4",
    /// A write takes a level out of its limits.
    LevelOutOfRange = "I4",
    /// A write after a read that failed.
    WriteAfterFailedRead = "I5",
    /// A write while one of another run goes on.
    TwoRunsWrite = "I6",
    /// A request is answered by a run that was over when it was made.
    JoinsEndedRun = "I6",
    /// A run ends with an open line.
    EndsWithOpenLine = "I7",
    /// A run never gets an end.
    RunWithoutEnd = "I7",
    /// With nothing going wrong, a request gets no run.
    NoRunAtTheEnd = "I7",
    /// Processes live, and none can go on.
    Deadlock = "I7",
    /// A world goes on for ever.
    TooManySteps = "I7",
    /// The counters are not those of the journal.
    Miscounted = "I8",
    /// A run is told to be converged with lines that are not.
    FalselyConverged = "I8",
    /// What is told of a line is not what the ledger knows.
    WrongLineState = "I8",
    /// A run writes whose plan is held.
    HeldPlanWrites = "I11",
    /// A run writes that is to write nothing.
    DryRunWrites = "I11",
    /// A write though the warehouse gave nothing.
    WriteFromEmptyWarehouse = "I11",
    /// A write though the warehouse gave less than half of what it gave last time.
    WriteFromShrunkenWarehouse = "I11",
    /// A write from a warehouse snapshot that began before the shop was read.
    SnapshotTooOld = "I13",
    /// A line is planned from a level that is older than a write of ours.
    PlannedFromStaleRead = "stale read",
    /// A write after three without a clean answer.
    WriteAfterThreeUnclear = "pace",
    /// A raise while a lowering waits or is not settled.
    RaiseBeforeLowering = "pace",
}

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What must never happen, and did.
    pub check: Check,
    /// What happened.
    pub text: String,
    /// At which step.
    pub step: u64,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (step {})", self.check.rule(), self.text, self.step)
    }
}
