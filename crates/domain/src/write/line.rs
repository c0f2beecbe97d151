//! A line: one change of one run, and how far it has come.
//!
//! A line is an intent: it goes out at most once. A change that surely was not applied may go out again, as a
//! new line that names the old one.

use serde::{Deserialize, Serialize};

use crate::code::coded;
use crate::plan::Change;

coded! {
    /// How far a line has come.
    ///
    /// Every line ends in a state for which [`LineState::is_final`] holds.
    LineState {
        /// Written down, not sent.
        Planned = "planned",
        /// Committed to the journal before its bytes leave.
        Sent = "sent",
        /// Wix answered with a clean success.
        Acked = "acked",
        /// No clean answer came: the outcome is not known yet.
        Unknown = "unknown",
        /// Surely not in the shop; it may go out again as a new line.
        NotApplied = "not_applied",
        /// Gone out again as a new line, which is counted in its place: surely not in the shop, or a copy with the
        /// same single effect.
        Retried = "retried",
        /// Read back at q0 + d.
        Verified = "verified",
        /// Acknowledged, then read back lower: sold meanwhile.
        MovedSince = "moved_since",
        /// Right after an unknown outcome.
        Converged = "converged",
        /// Refused by Wix, with its reason.
        Rejected = "rejected",
        /// Its effect cannot be told from the evidence; left to the next run.
        Suspect = "suspect",
        /// Sent, and the run ended before it was known to be right.
        Unresolved = "unresolved",
        /// The run ended before it was sent.
        NotSent = "not_sent",
        /// An apply found that the plan's line no longer holds.
        SkippedInApply = "skipped_in_apply",
    }
}

/// A state that cannot follow another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a line cannot go from {from} to {to}")]
pub struct IllegalStep {
    /// The state it is in.
    pub from: LineState,
    /// The state it was told to take.
    pub to: LineState,
}

impl LineState {
    /// Whether nothing follows.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Planned | Self::Sent | Self::Acked | Self::Unknown | Self::NotApplied)
    }

    /// The step to `to`, where the journal allows it.
    pub fn step(self, to: Self) -> Result<Self, IllegalStep> {
        use LineState as S;
        let allowed = match self {
            S::Planned => matches!(to, S::Sent | S::NotSent | S::SkippedInApply),
            S::Sent => {
                matches!(to, S::Acked | S::Unknown | S::NotApplied | S::Rejected | S::Unresolved)
            }
            S::Acked => matches!(to, S::Verified | S::MovedSince | S::Unresolved),
            S::Unknown => {
                matches!(to, S::Converged | S::MovedSince | S::Suspect | S::NotApplied | S::Unresolved)
            }
            S::NotApplied => matches!(to, S::Retried | S::NotSent),
            _ => false,
        };
        if allowed { Ok(to) } else { Err(IllegalStep { from: self, to }) }
    }

    /// The step of a line whose change goes out again as a new line. A change that surely is not in the shop may; of
    /// one whose outcome is unknown only a copy that has `one_effect` with it, as compare-and-swap on the same
    /// revision gives.
    pub fn replaced(self, one_effect: bool) -> Result<Self, IllegalStep> {
        if one_effect && self == Self::Unknown { Ok(Self::Retried) } else { self.step(Self::Retried) }
    }

    /// The state of a line whose run ends now, whatever cut it short. A change that surely is not in the shop
    /// counts as not sent.
    #[must_use]
    pub fn at_end(self) -> Self {
        match self {
            Self::Planned | Self::NotApplied => Self::NotSent,
            Self::Sent | Self::Acked | Self::Unknown => Self::Unresolved,
            other => other,
        }
    }
}

/// One change of a run, with its number in the run's sending order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// From 0, unique in its run.
    pub seq: u32,
    /// The line in whose place it goes out again.
    pub retry_of: Option<u32>,
    /// The change.
    pub change: Change,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn final_states_lead_nowhere_and_every_other_leads_to_one() {
        for from in LineState::ALL {
            let onward: Vec<_> = LineState::ALL.iter().filter(|to| from.step(**to).is_ok()).collect();
            assert_eq!(onward.is_empty(), from.is_final(), "{from}");
            let end = from.at_end();
            assert!(end.is_final());
            assert!(end == *from || from.step(end).is_ok(), "{from} must be allowed to end as {end}");
        }
    }

    #[test]
    fn nothing_is_sent_twice() {
        let senders: Vec<_> =
            LineState::ALL.iter().filter(|from| from.step(LineState::Sent).is_ok()).collect();
        assert_eq!(senders, [&LineState::Planned]);
    }

    #[test]
    fn only_what_surely_was_not_applied_goes_out_again() {
        let from: Vec<_> =
            LineState::ALL.iter().filter(|from| from.step(LineState::Retried).is_ok()).collect();
        assert_eq!(from, [&LineState::NotApplied]);
        let replaced = |one_effect| {
            let may = LineState::ALL.iter().filter(move |from| from.replaced(one_effect).is_ok());
            may.collect::<Vec<_>>()
        };
        assert_eq!(replaced(false), [&LineState::NotApplied]);
        assert_eq!(replaced(true), [&LineState::Unknown, &LineState::NotApplied]);
    }
}
