//! The lease of a shop, and the fence that every commit for it passes.
//!
//! Everything that is written for a shop is written under a [`Fence`]: the number of the lease under which the
//! run works. A commit under an older number is refused, so a process that was paused past its lease cannot
//! record anything any more.

use async_trait::async_trait;
pub use domain::admission::lease::HeldLease;
use domain::{RunId, ShopName, UnixMillis};

use super::StateError;

/// The number of a lease: later leases of a shop have higher ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// The shop.
    pub shop: ShopName,
    /// The fencing token.
    pub token: u64,
}

/// What came of asking for a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acquired {
    /// The shop is ours until this moment, unless renewed.
    Granted {
        /// Under this number.
        fence: Fence,
        /// Until then.
        expires_at: UnixMillis,
    },
    /// Another run has it.
    Busy {
        /// That run.
        run: RunId,
        /// Its lease as it stands.
        lease: HeldLease,
    },
}

/// The lease of a shop: one run at a time, over all processes that share a state database (I6).
#[async_trait]
pub trait Leases: Send + Sync {
    /// Takes the shop's lease for `run` until `until`, unless another run holds one; see
    /// [`domain::admission::lease::grant`].
    async fn acquire(
        &self,
        shop: &ShopName,
        run: &RunId,
        until: UnixMillis,
        lapsed: Option<HeldLease>,
    ) -> Result<Acquired, StateError>;

    /// Holds it until `until`. [`StateError::Fenced`] where it is not ours any more; a lease that has run out
    /// and that no other run took is still ours.
    async fn renew(&self, fence: &Fence, until: UnixMillis) -> Result<(), StateError>;

    /// Gives it back. Nothing happens where it is not ours any more.
    async fn release(&self, fence: &Fence) -> Result<(), StateError>;
}
