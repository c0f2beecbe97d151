//! What is broken on purpose.

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
    /// The shop does not name the products that changed, and says that these are all.
    HideChanges,
    /// The clock of the run does not wait.
    NoWaiting,
}
