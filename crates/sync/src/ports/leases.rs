//! The lease of a shop, and the fence that every commit for it passes.
//!
//! Every commit for a shop names a [`Fence`], the token of the lease under which the run works. A commit with an
//! older token is refused, so a process that was suspended past its lease cannot record anything any more.

use std::ops::RangeInclusive;

use async_trait::async_trait;
pub use domain::admission::lease::HeldLease;
use domain::{RunId, ShopName, UnixMillis};

use super::StateError;

/// The fencing token of a shop's lease. Later leases have higher tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// The shop.
    pub shop: ShopName,
    /// The fencing token.
    pub token: u64,
}

/// The answer to a request for a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acquired {
    /// The lease was granted.
    Granted {
        /// The fence for all commits under it.
        fence: Fence,
        /// When the lease expires, unless it is renewed.
        expires_at: UnixMillis,
    },
    /// Another run holds the lease.
    Busy {
        /// That run.
        run: RunId,
        /// Its lease as it is now.
        lease: HeldLease,
    },
    /// No run holds the lease, but this run waits for it longer and goes first.
    Behind(RunId),
}

/// The leases of all shops: one run at a time for each, across all processes that share a state database (I6).
#[async_trait]
pub trait Leases: Send + Sync {
    /// Takes the shop's lease for `run` until `until`, unless another run holds one or waits for it longer; see
    /// [`domain::admission::lease::grant`]. `alive` comes from [`domain::admission::queue::alive_at`].
    async fn acquire(
        &self,
        shop: &ShopName,
        run: &RunId,
        until: UnixMillis,
        lapsed: Option<HeldLease>,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Acquired, StateError>;

    /// Extends the lease until `until`, which is [`domain::admission::lease::LIFE_MS`] from now. If a task holds it,
    /// the tasks that wait behind it keep their places too; see [`domain::admission::queue::OpenRun::is_next_of`]. Fails with [`StateError::Fenced`] if it is not ours any more. An expired
    /// lease that no other run has taken is still ours.
    async fn renew(&self, fence: &Fence, until: UnixMillis) -> Result<(), StateError>;

    /// Releases the lease. Does nothing if it is not ours any more.
    async fn release(&self, fence: &Fence) -> Result<(), StateError>;
}
