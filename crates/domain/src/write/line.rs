//! A line: one change of one run, and its state.
//!
//! A line is an intent: it is sent at most once. If a change was certainly not applied, it may be sent again as a new
//! line that names the old one.

use serde::{Deserialize, Serialize};

use crate::code::coded;
use crate::plan::Change;

coded! {
    /// The state of a line.
    ///
    /// Every line ends in a state for which [`LineState::is_final`] holds.
    LineState {
        /// Recorded, not sent.
        Planned = "planned",
        /// Committed to the journal as sent, before its bytes leave.
        Sent = "sent",
        /// Wix answered with a clean success.
        Acked = "acked",
        /// No clean answer came, so the outcome is not known yet.
        Unknown = "unknown",
        /// Certainly not applied. It may be sent again as a new line.
        NotApplied = "not_applied",
        /// Sent again as a new line, which is counted instead. The old line was certainly not applied, or both
        /// together have a single effect.
        Retried = "retried",
        /// Read back at q0 + d.
        Verified = "verified",
        /// Acknowledged, then read back lower because units were sold.
        MovedSince = "moved_since",
        /// Found to be applied after an unknown outcome, or no longer needed: the level is the target by another change.
        Converged = "converged",
        /// Refused by Wix, with a reason.
        Rejected = "rejected",
        /// The evidence does not show whether it was applied. The next run handles it.
        Suspect = "suspect",
        /// Sent, but the run ended before its effect was confirmed.
        Unresolved = "unresolved",
        /// The run ended before it was sent.
        NotSent = "not_sent",
        /// Left out of an apply because it no longer held.
        SkippedInApply = "skipped_in_apply",
    }
}

/// The error for a transition that is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a line cannot go from {from} to {to}")]
pub struct IllegalStep {
    /// The current state.
    pub from: LineState,
    /// The requested state.
    pub to: LineState,
}

impl LineState {
    /// Whether no other state follows.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Planned | Self::Sent | Self::Acked | Self::Unknown | Self::NotApplied)
    }

    /// The transition to `to`. Fails if it is not allowed.
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
            // The last two: another change came first, and led to the same level or came first again and again.
            S::NotApplied => matches!(to, S::Retried | S::NotSent | S::Converged | S::Suspect),
            _ => false,
        };
        if allowed { Ok(to) } else { Err(IllegalStep { from: self, to }) }
    }

    /// The transition of a line whose change is sent again as a new line. It is allowed for a change that was
    /// certainly not applied. For an unknown outcome it is allowed only if the new line is a [copy](Line::is_copy).
    pub fn replaced(self, by_copy: bool) -> Result<Self, IllegalStep> {
        if by_copy && self == Self::Unknown { Ok(Self::Retried) } else { self.step(Self::Retried) }
    }

    /// The final state of a line whose run ends now. A change that was certainly not applied counts as not sent.
    #[must_use]
    pub fn at_end(self) -> Self {
        match self {
            Self::Planned | Self::NotApplied => Self::NotSent,
            Self::Sent | Self::Acked | Self::Unknown => Self::Unresolved,
            other => other,
        }
    }
}

/// One change of a run, with its number in the sending order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number, from 0; unique in its run.
    pub seq: u32,
    /// The line that it repeats, if any.
    pub retry_of: Option<u32>,
    /// Whether it is a copy of the line that it repeats, under the same revision, because that one had no clear
    /// answer. Both together take effect at most once, as with compare-and-swap. The change may be in the shop
    /// whatever becomes of this line, so only the item's revision tells how it ended.
    pub is_copy: bool,
    /// The change.
    pub change: Change,
}

impl Line {
    /// The transition from `from` to `to`. For most lines that is [`LineState::step`]. A copy may not end by its own
    /// fate alone: one that was never sent, that never left or that was refused becomes UNKNOWN first.
    pub fn step(&self, from: LineState, to: LineState) -> Result<LineState, IllegalStep> {
        use LineState as S;
        let of_copy = match (from, to) {
            (S::Planned, S::Sent | S::Unknown | S::Unresolved) | (S::Unknown, S::Rejected) => true,
            (S::Planned, _) | (S::Sent, S::NotApplied | S::Rejected) => false,
            _ => return from.step(to),
        };
        if !self.is_copy {
            return from.step(to);
        }
        if of_copy { Ok(to) } else { Err(IllegalStep { from, to }) }
    }

    /// The final state of the line if its run ends now while it is in `state`. A copy that was not sent is unresolved.
    #[must_use]
    pub fn at_end(&self, state: LineState) -> LineState {
        if self.is_copy && state == LineState::Planned { LineState::Unresolved } else { state.at_end() }
    }
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
        let replaced = |by_copy| {
            let may = LineState::ALL.iter().filter(move |from| from.replaced(by_copy).is_ok());
            may.collect::<Vec<_>>()
        };
        assert_eq!(replaced(false), [&LineState::NotApplied]);
        assert_eq!(replaced(true), [&LineState::Unknown, &LineState::NotApplied]);
    }
}
