//! What the oracle knows about a process.

use std::collections::BTreeMap;

use domain::{RunId, RunKind, UnixMillis};

/// What the oracle knows about a process.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own that was seen or not")]
pub(crate) struct ProcessWatch {
    pub(crate) install: usize,
    pub(crate) run: Option<RunId>,
    pub(crate) kind: Option<RunKind>,
    pub(crate) writes_nothing: bool,
    /// The step at which the process began.
    pub(crate) began: u64,
    pub(crate) began_at: UnixMillis,
    /// How far its clock is ahead of simulated time.
    pub(crate) clock_ms: i64,
    /// The step at which its last whole read of the shop ended.
    pub(crate) shop_read: Option<u64>,
    /// The step of its last warehouse snapshot.
    pub(crate) snapshot: Option<u64>,
    pub(crate) snapshot_skus: Option<u64>,
    pub(crate) failed_read: Option<String>,
    pub(crate) held: bool,
    pub(crate) sent_token: Option<u64>,
    /// Whether it reads for a plan, and not to settle or verify its writes.
    pub(crate) plans: bool,
    /// How long the ledger was when each listing was last read for planning.
    pub(crate) read_at: BTreeMap<usize, usize>,
    /// The moment whose state each listing showed in that read.
    pub(crate) seen_at: BTreeMap<usize, UnixMillis>,
    /// When it last asked the shop which catalog it has.
    pub(crate) catalog_asked_at: UnixMillis,
    /// How old the answer was at its first write.
    pub(crate) catalog_age_ms: Option<i64>,
    /// Whether a write of it has reached the shop.
    pub(crate) has_written: bool,
    /// Writes in a row without a clean answer.
    pub(crate) unclear_in_a_row: u32,
    /// Whether it has not ended, died or been paused.
    pub(crate) is_active: bool,
}

impl ProcessWatch {
    /// Forgets the listings that were read, because a new read begins.
    pub(crate) fn forget_reads(&mut self) {
        self.read_at.clear();
        self.seen_at.clear();
    }

    /// Records that a read shows a listing as it was at `seen_at`, at a time when the ledger has `known` entries.
    pub(crate) fn record_read(&mut self, listing: usize, seen_at: UnixMillis, known: usize) {
        self.read_at.insert(listing, known);
        self.seen_at.insert(listing, seen_at);
    }
}
