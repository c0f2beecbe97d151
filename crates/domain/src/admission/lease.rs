//! The lease of a shop: one run at a time, over all processes that share a state database (I6).

use crate::{RunId, UnixMillis};

/// How long a lease lives without renewal, in milliseconds.
pub const LIFE_MS: i64 = 30_000;
/// How often it is renewed, in milliseconds.
pub const HEARTBEAT_MS: i64 = 5_000;
/// How long a lease whose moment is past must be seen unchanged before it is over, in milliseconds: two heartbeats and
/// some more. Its holder may live by a clock that is behind.
pub const UNCHANGED_MS: i64 = 2 * HEARTBEAT_MS + 2_000;

/// A lease as another process saw it. Its holder changes it with every heartbeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldLease {
    /// The fencing token.
    pub token: u64,
    /// Until when, by the holder's clock.
    pub expires_at: UnixMillis,
}

/// The newest lease of a shop, as a store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRow {
    /// The run that got it.
    pub run: RunId,
    /// The fencing token: later leases of the shop have higher ones.
    pub token: u64,
    /// Until when, unless renewed.
    pub expires_at: UnixMillis,
    /// Whether it has not been given back.
    pub held: bool,
}

impl LeaseRow {
    /// Whether a commit under `token` passes: the lease is still that one and was not given back. Time alone does not
    /// end it.
    #[must_use]
    pub fn admits(&self, token: u64) -> bool {
        self.held && self.token == token
    }

    /// Whether a write may be committed as SENT at `at`: the lease has not run out.
    #[must_use]
    pub fn may_send_at(&self, at: UnixMillis) -> bool {
        at < self.expires_at
    }

    /// Whether its holder is alive at `now`, as far as the clocks tell.
    #[must_use]
    pub fn is_alive_at(&self, now: UnixMillis) -> bool {
        self.held && self.expires_at > now
    }

    /// Whether `run` has it, run out or not.
    #[must_use]
    pub fn is_held_by(&self, run: &RunId) -> bool {
        self.held && self.run == *run
    }
}

/// What asking for a lease leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// The shop is free: the lease gets this fencing token.
    Token(u64),
    /// Another run has it.
    Busy {
        /// That run.
        run: RunId,
        /// Its lease as it stands.
        lease: HeldLease,
    },
}

/// Decides about a request for a shop's lease. A lease that stands just as in `lapsed` is over: the asker has seen it
/// unchanged for so long that its holder must be dead.
#[must_use]
pub fn grant(row: Option<&LeaseRow>, lapsed: Option<HeldLease>) -> Grant {
    if let Some(row) = row.filter(|row| row.held) {
        let lease = HeldLease { token: row.token, expires_at: row.expires_at };
        if lapsed != Some(lease) {
            return Grant::Busy { run: row.run.clone(), lease };
        }
    }
    Grant::Token(row.map_or(0, |row| row.token).saturating_add(1))
}

/// The lease of another run as a waiting process sees it, and since when it has not changed. A living holder renews it
/// every few seconds; by which clock, does not matter then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeaseWatch(Option<(HeldLease, UnixMillis)>);

impl LeaseWatch {
    /// The lease, once it is over: it has stood unchanged for as long as any lease lives, or its moment is past and no
    /// heartbeat has come for a while.
    #[must_use]
    pub fn lapsed(&self, now: UnixMillis) -> Option<HeldLease> {
        let (lease, since) = self.0?;
        let enough = if lease.expires_at <= now { UNCHANGED_MS } else { LIFE_MS };
        (now - since >= enough).then_some(lease)
    }

    /// Notes the lease as it was seen at `now`.
    pub fn look(&mut self, lease: HeldLease, now: UnixMillis) {
        if self.0.is_none_or(|(before, _)| before != lease) {
            self.0 = Some((lease, now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The clock of the holder is not known, so a waiting process must see that the lease is not renewed.
    #[test]
    fn i6_a_lease_is_over_once_nobody_was_seen_to_renew_it() {
        let lease = HeldLease { token: 7, expires_at: 50_000 };
        let mut watch = LeaseWatch::default();
        assert_eq!(watch.lapsed(90_000), None, "not looked at yet");
        watch.look(lease, 90_000);
        assert_eq!(watch.lapsed(90_000 + UNCHANGED_MS - 1), None, "its holder may live by another clock");
        assert_eq!(watch.lapsed(90_000 + UNCHANGED_MS), Some(lease));
        let renewed = HeldLease { expires_at: 55_000, ..lease };
        watch.look(renewed, 95_000);
        assert_eq!(watch.lapsed(90_000 + UNCHANGED_MS), None, "it lives");
        let far = HeldLease { expires_at: 9_000_000, ..lease };
        watch.look(far, 100_000);
        assert_eq!(watch.lapsed(100_000 + UNCHANGED_MS), None, "its moment is not past");
        assert_eq!(watch.lapsed(100_000 + LIFE_MS), Some(far), "by a clock that was turned back since");
    }
}
