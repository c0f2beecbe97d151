//! The lease of a shop: one run at a time, across all processes that share a state database (I6).

use crate::{RunId, UnixMillis};

/// How long a lease is valid without renewal, in milliseconds.
pub const LIFE_MS: i64 = 30_000;
/// The time between two renewals, in milliseconds.
pub const HEARTBEAT_MS: i64 = 5_000;
/// How long a lease with a past expiry must be observed unchanged before it counts as lapsed, in milliseconds: two
/// heartbeats and a margin. The clock of its holder may be slow.
pub const UNCHANGED_MS: i64 = 2 * HEARTBEAT_MS + 2_000;

/// A lease as another process reads it. Its holder changes it with every heartbeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldLease {
    /// The fencing token.
    pub token: u64,
    /// When it expires, by the holder's clock.
    pub expires_at: UnixMillis,
}

/// The newest lease of a shop, as a store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRow {
    /// The run that acquired it.
    pub run: RunId,
    /// The fencing token: later leases of the shop have higher ones.
    pub token: u64,
    /// When it expires, unless it is renewed.
    pub expires_at: UnixMillis,
    /// Whether the run still holds it: it has not been released.
    pub held: bool,
}

impl LeaseRow {
    /// Whether a commit under `token` is accepted: the lease is still the one with that token and was not released.
    /// An expired lease is accepted too, as long as no other run has taken it.
    #[must_use]
    pub fn admits(&self, token: u64) -> bool {
        self.held && self.token == token
    }

    /// Whether a write may be committed as SENT at `at`: the lease has not expired.
    #[must_use]
    pub fn may_send_at(&self, at: UnixMillis) -> bool {
        at < self.expires_at
    }

    /// Whether its holder counts as alive at `now`, provided that the clocks agree.
    #[must_use]
    pub fn is_alive_at(&self, now: UnixMillis) -> bool {
        self.held && self.expires_at > now
    }

    /// Whether `run` holds it, expired or not.
    #[must_use]
    pub fn is_held_by(&self, run: &RunId) -> bool {
        self.held && self.run == *run
    }
}

/// The answer to a request for a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// The shop is free. The lease gets this fencing token.
    Token(u64),
    /// Another run holds the lease.
    Busy {
        /// That run.
        run: RunId,
        /// Its lease as it is now.
        lease: HeldLease,
    },
    /// The shop is free, but another run waits for it longer.
    Behind(RunId),
}

/// Decides a request for a shop's lease. `first` is the run whose turn comes before the requester's; see
/// [`super::queue::goes_before`]. A lease equal to `lapsed` is over: the requester has observed it unchanged
/// for so long that its holder must be dead.
#[must_use]
pub fn grant(row: Option<&LeaseRow>, lapsed: Option<HeldLease>, first: Option<&RunId>) -> Grant {
    if let Some(row) = row.filter(|row| row.held) {
        let lease = HeldLease { token: row.token, expires_at: row.expires_at };
        if lapsed != Some(lease) {
            return Grant::Busy { run: row.run.clone(), lease };
        }
    }
    if let Some(first) = first {
        return Grant::Behind(first.clone());
    }
    Grant::Token(row.map_or(0, |row| row.token).saturating_add(1))
}

/// The lease of another run, as a waiting process observes it, and since when it has not changed. A live holder
/// renews its lease every few seconds, so an unchanged lease means a dead holder whatever the clocks say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeaseWatch(Option<(HeldLease, UnixMillis)>);

impl LeaseWatch {
    /// The lease, if it has lapsed: it has not changed for [`LIFE_MS`], or its expiry is past and it has not changed
    /// for [`UNCHANGED_MS`].
    #[must_use]
    pub fn lapsed(&self, now: UnixMillis) -> Option<HeldLease> {
        let (lease, since) = self.0?;
        let enough = if lease.expires_at <= now { UNCHANGED_MS } else { LIFE_MS };
        (now - since >= enough).then_some(lease)
    }

    /// Records the lease as it was read at `now`.
    pub fn observe(&mut self, lease: HeldLease, now: UnixMillis) {
        if self.0.is_none_or(|(before, _)| before != lease) {
            self.0 = Some((lease, now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The holder's clock is not known, so a waiting process must observe that the lease is not renewed.
    #[test]
    fn i6_a_lease_is_over_once_nobody_was_seen_to_renew_it() {
        let lease = HeldLease { token: 7, expires_at: 50_000 };
        let mut watch = LeaseWatch::default();
        assert_eq!(watch.lapsed(90_000), None, "not looked at yet");
        watch.observe(lease, 90_000);
        assert_eq!(watch.lapsed(90_000 + UNCHANGED_MS - 1), None, "its holder may live by another clock");
        assert_eq!(watch.lapsed(90_000 + UNCHANGED_MS), Some(lease));
        let renewed = HeldLease { expires_at: 55_000, ..lease };
        watch.observe(renewed, 95_000);
        assert_eq!(watch.lapsed(90_000 + UNCHANGED_MS), None, "it lives");
        let far = HeldLease { expires_at: 9_000_000, ..lease };
        watch.observe(far, 100_000);
        assert_eq!(watch.lapsed(100_000 + UNCHANGED_MS), None, "its moment is not past");
        assert_eq!(watch.lapsed(100_000 + LIFE_MS), Some(far), "by a clock that was turned back since");
    }
}
