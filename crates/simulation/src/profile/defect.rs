//! What is broken on purpose.

/// Something that is deliberately broken, so that a check can be seen to fail. Most are handles of a port that
/// do not keep their promise; some stand in for a defect of the run itself, at the place where the oracle would
/// see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// The run cuts batches as if there were no limit.
    IgnoreBatchLimit,
    /// The run hands a batch over with its first line twice.
    DuplicateLine,
    /// The run hands a batch over to the call of the other sign.
    FlipSign,
    /// The run hands lines over that take or add far too much.
    ExcessiveDelta,
    /// The shop handle sends every write twice.
    SendTwice,
    /// The shop handle says yes and sends nothing.
    AckWithoutSending,
    /// The shop handle takes no clean answer for a yes.
    UnclearAsSuccess,
    /// The shop handle takes no clean answer for a refusal.
    UnclearAsRefusal,
    /// The body leaves whenever it can, past its moment too.
    IgnoreDeadline,
    /// The shop does not name the products that changed, and says that these are all.
    HideChanges,
    /// An incomplete read is passed on as whole.
    HideIncomplete,
    /// The shop takes one unit more than asked.
    OffByOne,
    /// The journal forgets SENT.
    ForgetSent,
    /// The journal forgets every step but SENT, and keeps the lines that go out again.
    ForgetSteps,
    /// The journal forgets that a line went out again.
    ForgetRetried,
    /// The journal takes an acknowledged line for a verified one.
    VerifyUnread,
    /// The journal does not tell of recent writes.
    HideRecentWrites,
    /// The lease and every fence let everyone in.
    NoFencing,
    /// A lease is never given back, and never over.
    NeverReleaseLease,
    /// The record of an end miscounts.
    Miscount,
    /// The record of an end says that all went well.
    AlwaysConverged,
    /// Nobody is told of runs without an end.
    HideAbandoned,
    /// Every run looks as if it went on.
    HideRunEnds,
    /// The state does not tell what the last good run saw.
    ForgetLastGood,
    /// The disk stays full.
    DiskStaysFull,
    /// The warehouse answers from before the shop was read.
    OldSnapshot,
    /// The warehouse handle answers from what it saw before, where there is nothing.
    CachedWarehouse,
    /// A plan is told to be held, and goes on.
    IgnoreGuard,
    /// The word that nothing is to be written is lost.
    IgnoreDryRun,
    /// The clock of the run does not wait.
    NoWaiting,
    /// The clock of the run never wakes anybody.
    NeverWake,
}
