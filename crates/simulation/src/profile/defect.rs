//! The deliberate defect, if any.

/// A deliberate defect, which shows that a check can fail. Most defects are in a port that breaks its contract. Some
/// imitate a defect of the run itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// The run ignores the limit of lines per batch.
    IgnoreBatchLimit,
    /// The run sends the first line of a batch twice in it.
    DuplicateLine,
    /// The run sends a batch in which one line has the opposite sign.
    FlipSign,
    /// The run sends lines with far too large deltas.
    ExcessiveDelta,
    /// The shop port sends every write twice.
    SendTwice,
    /// The shop port acknowledges a write without sending it.
    AckWithoutSending,
    /// The shop port reports an unclear answer as a success.
    UnclearAsSuccess,
    /// The shop port reports an unclear answer as a refusal.
    UnclearAsRefusal,
    /// The journal forgets that a line is a copy.
    ForgetCopies,
    /// The shop port reports lines without an answer as conflicts.
    UnclearAsConflict,
    /// The shop port reports conflicts as successes.
    ConflictAsSuccess,
    /// The shop port reports lines that no answer names as successes.
    UnnamedAsSuccess,
    /// The shop port reports every success as one that reached its target.
    BelieveSuccess,
    /// The shop port shows an item as it was before the latest change, with its present revision.
    OldLevels,
    /// No process asks which catalog the shop has but the first.
    NeverAskCatalog,
    /// A process does not ask for the catalog again before its first write.
    AskCatalogOnce,
    /// The store forgets for which catalog a listing map was made.
    ForgetMapCatalog,
    /// The shop ignores the revision that a write names.
    IgnoreRevision,
    /// The body is sent even after its deadline.
    IgnoreDeadline,
    /// The shop reports no changed products, and claims that the list is complete.
    HideChanges,
    /// An incomplete read is reported as complete.
    HideIncomplete,
    /// The shop changes a level by one unit more than asked.
    OffByOne,
    /// The journal forgets SENT.
    ForgetSent,
    /// The journal forgets every step but SENT, and keeps the lines to send again.
    ForgetSteps,
    /// The journal forgets that a line was sent again.
    ForgetRetried,
    /// The journal records an acknowledged line as verified.
    VerifyUnread,
    /// The shop reports that every item has just changed.
    FreshMarks,
    /// The journal does not tell which lines were left out.
    ForgetLeftOut,
    /// The journal hides recent writes.
    HideRecentWrites,
    /// Neither the lease nor the fencing tokens exclude any process.
    NoFencing,
    /// The lease goes to any run that asks for it, even if another one waits longer.
    NoQueue,
    /// A lease is never released and never expires.
    NeverReleaseLease,
    /// The recorded end of a run has wrong counters.
    Miscount,
    /// The recorded end of every run says that it converged.
    AlwaysConverged,
    /// The store does not report abandoned runs.
    HideAbandoned,
    /// The store does not record that a run begins to read the warehouse.
    ForgetSnapshot,
    /// The store reports every run as still running, before it reads the warehouse.
    HideRunEnds,
    /// The store forgets that a run found another writer.
    ForgetAnotherWriter,
    /// The store forgets how many SKUs the last good run saw.
    ForgetLastGood,
    /// The disk stays full.
    DiskStaysFull,
    /// The warehouse snapshot is older than the read of the shop.
    OldSnapshot,
    /// The warehouse port answers with earlier rows where the warehouse is empty.
    CachedWarehouse,
    /// The run goes on with a plan that the guard holds.
    IgnoreGuard,
    /// A dry run is executed as a normal run.
    IgnoreDryRun,
    /// The clock does not wait.
    NoWaiting,
    /// The clock never ends a wait.
    NeverWake,
}
