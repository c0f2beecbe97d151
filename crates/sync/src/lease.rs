//! Holds the lease of a shop while a run works (I6), and guards its writes.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use async_trait::async_trait;
pub use domain::admission::lease::{HEARTBEAT_MS, LIFE_MS};
use domain::{RunId, UnixMillis};

use crate::ports::{Clock, Fence, Journal, Leases, SendGate, Sending, StateError};

/// How long after the commit of SENT the bytes of a write may leave, in milliseconds.
pub const SEND_WITHIN_MS: i64 = 5_000;

/// Renews the lease of a run.
pub(crate) struct LeaseKeeper<'a> {
    leases: &'a dyn Leases,
    clock: &'a dyn Clock,
    pub(crate) fence: Fence,
    expires_at: AtomicI64,
}

impl<'a> LeaseKeeper<'a> {
    pub(crate) fn new(
        leases: &'a dyn Leases,
        clock: &'a dyn Clock,
        fence: Fence,
        expires_at: UnixMillis,
    ) -> Self {
        Self { leases, clock, fence, expires_at: AtomicI64::new(expires_at) }
    }

    /// Renews the lease at every heartbeat. If a renewal fails, the next heartbeat tries again. The shop is protected
    /// not by this loop, but by the fence in every commit and the deadline of every send.
    pub(crate) async fn keep(&self) -> std::convert::Infallible {
        loop {
            self.clock.sleep_until(self.clock.now() + HEARTBEAT_MS).await;
            let until = self.clock.now() + LIFE_MS;
            if self.leases.renew(&self.fence, until).await.is_ok() {
                self.expires_at.store(until, Ordering::Relaxed);
            }
        }
    }

    /// The deadline for the bytes of a write that is committed at `now`.
    fn send_before(&self, now: UnixMillis) -> UnixMillis {
        (now + SEND_WITHIN_MS).min(self.expires_at.load(Ordering::Relaxed))
    }
}

/// The gate of one batch.
pub(crate) struct Gate<'a> {
    pub(crate) journal: &'a dyn Journal,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) keeper: &'a LeaseKeeper<'a>,
    pub(crate) run: &'a RunId,
    pub(crate) seqs: Vec<u32>,
    pub(crate) batch: u32,
    /// The time-out of the request, in milliseconds.
    pub(crate) timeout_ms: i64,
    /// Whether the commit has begun. From then on the write must not be dropped.
    pub(crate) entered: AtomicBool,
    /// How the batch was sent; set by the commit.
    pub(crate) sending: OnceLock<Sending>,
    /// When the bytes of the request left.
    pub(crate) left_at: OnceLock<UnixMillis>,
}

#[async_trait]
impl SendGate for Gate<'_> {
    async fn commit(&self) -> Result<UnixMillis, StateError> {
        self.entered.store(true, Ordering::Relaxed);
        let sent_at = self.clock.now();
        let send_before = self.keeper.send_before(sent_at);
        let sending = Sending { batch: self.batch, sent_at, send_before, timeout_ms: self.timeout_ms };
        self.journal.sent(self.run, &self.keeper.fence, &self.seqs, sending).await?;
        // A gate lets one write through. A second commit would fail, because the lines are already SENT.
        self.sending.get_or_init(|| sending);
        Ok(send_before)
    }

    fn left(&self, at: UnixMillis) {
        self.left_at.get_or_init(|| at);
    }
}
