//! The checks of the oracle by name, and the record of one that failed.

use std::fmt;

macro_rules! checks {
    ($($(#[$doc:meta])* $name:ident = $rule:literal,)+) => {
        /// One thing that must never happen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Check { $($(#[$doc])* $name,)+ }

        impl Check {
            /// Every check.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The number of the rule that it belongs to.
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
    /// A listing occurs twice in a batch.
    ListingTwiceInBatch = "I2",
    /// A batch is empty or mixes raises and lowerings.
    BatchOfTwoSigns = "I2",
    /// A batch has more lines than the settings allow.
    BatchTooLarge = "I2",
    /// A line is sent in place of one that was not settled as not applied.
    ResentUnsettled = "I2",
    /// The journal accepts a line to send again that does not match the line it replaces.
    ResendMismatch = "I2",
    /// A run writes while an earlier write may still land.
    WriteOverWrite = "I2",
    /// A line takes effect after it was settled otherwise.
    LandsAfterSettled = "I2",
    /// Two lines of a chain of resends take effect.
    LandsTwice = "I2",
    /// A write leaves without the lease under which its SENT was committed.
    WriteWithoutLease = "I3",
    /// A line leaves that the journal has not recorded as SENT.
    SentUnrecorded = "I3",
    /// The shop receives a line twice.
    ReceivedTwice = "I3",
    /// The journal records an illegal step of a line.
    IllegalStep = "I3",
    /// A line leads to a target that no listing can have.
    TargetOutOfRange = "I4",
    /// A write moves a level out of its limits.
    LevelOutOfRange = "I4",
    /// A run writes after a read that failed.
    WriteAfterFailedRead = "I5",
    /// A run writes while a write of another run is under way.
    TwoRunsWrite = "I6",
    /// A run gets the shop before one that waits longer.
    Overtaken = "I6",
    /// A request is answered by a run that had already ended.
    JoinsEndedRun = "I6",
    /// A request is answered by a run that had read the warehouse before the request was made.
    AnsweredFromOldSnapshot = "I6",
    /// A run ends with an open line.
    EndsWithOpenLine = "I7",
    /// A run never ends.
    RunWithoutEnd = "I7",
    /// A request gets no run although no fault happens.
    NoRunAtTheEnd = "I7",
    /// No process can go on.
    Deadlock = "I7",
    /// The simulation does not end.
    TooManySteps = "I7",
    /// The counters disagree with the journal.
    Miscounted = "I8",
    /// A run is reported as converged although some of its lines are not.
    FalselyConverged = "I8",
    /// The reported state of a line disagrees with the shop's ledger.
    WrongLineState = "I8",
    /// A line that was acknowledged and left out goes out together with others.
    LeftOutNotAlone = "I8",
    /// A run is reported as converged although another installation made most of its changes too.
    AnotherWriterUnnoticed = "I8",
    /// A run writes although another installation made most of the changes of an earlier run too.
    WriteBesideAnotherWriter = "I11",
    /// A run writes although its plan is held.
    HeldPlanWrites = "I11",
    /// A dry run or a plan writes.
    DryRunWrites = "I11",
    /// A run writes although the warehouse read was empty.
    WriteFromEmptyWarehouse = "I11",
    /// A run writes although the warehouse gave less than half of the SKUs of the largest good run.
    WriteFromShrunkenWarehouse = "I11",
    /// A run writes although less than half as many SKUs match as in the largest good run.
    WriteFromFewMatches = "I11",
    /// A run writes from a warehouse snapshot that began before the shop was read.
    SnapshotTooOld = "I13",
    /// A level is set although units were sold since it was read, without taking them off.
    SoldAgain = "compare-and-swap",
    /// A run's first write goes to a catalog that the shop no longer has, and it had not asked.
    WriteToOldCatalog = "catalog",
    /// A line is planned from a level that is older than one of our own writes.
    PlannedFromStaleRead = "stale read",
    /// A run writes after three writes without a clean answer.
    WriteAfterThreeUnclear = "pace",
    /// A run raises a level while a lowering waits or is not settled.
    RaiseBeforeLowering = "pace",
}

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The check that failed.
    pub check: Check,
    /// What happened.
    pub text: String,
    /// The step at which it happened.
    pub step: u64,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (step {})", self.check.rule(), self.text, self.step)
    }
}
