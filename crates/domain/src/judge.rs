//! What a level read after a write tells about that write.

use crate::{Delta, Level, LineState};

/// A line that Wix acknowledged, read back at `after`.
///
/// Higher than expected is never called right: somebody else raised it, or the write was applied twice.
#[must_use]
pub fn acknowledged(before: Level, delta: Delta, after: Level) -> LineState {
    let expected = before.units().saturating_add(delta.units());
    match after.units().cmp(&expected) {
        std::cmp::Ordering::Equal => LineState::Verified,
        std::cmp::Ordering::Less => LineState::MovedSince,
        std::cmp::Ordering::Greater => LineState::Unresolved,
    }
}

/// A line whose answer never came or was not clean, read back at `after` once no request of ours can land
/// any more.
///
/// A level that has not moved is left unresolved: the next run plans it afresh. Nothing is computed from the
/// target here, so that a sale in between is never taken for a part of our write.
#[must_use]
pub fn unknown(before: Level, delta: Delta, after: Level) -> LineState {
    let (q0, q1) = (before.units(), after.units());
    let expected = q0.saturating_add(delta.units());
    if q1 == q0 {
        LineState::Unresolved
    } else if delta.raises() {
        if q1 > q0 && q1 <= expected { LineState::Converged } else { LineState::Suspect }
    } else if q1 == expected {
        LineState::Converged
    } else if q1 > expected && q1 < q0 {
        LineState::Unresolved
    } else {
        LineState::Suspect
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(units: i64) -> Level {
        Level::new(units).unwrap()
    }

    #[test]
    fn acknowledged_lines() {
        let judge = |q0, d, q1| acknowledged(level(q0), Delta::new(d).unwrap(), level(q1));
        assert_eq!(judge(10, 5, 15), LineState::Verified);
        assert_eq!(judge(10, 5, 13), LineState::MovedSince);
        assert_eq!(judge(10, 5, 20), LineState::Unresolved);
        assert_eq!(judge(10, -5, 5), LineState::Verified);
        assert_eq!(judge(10, -5, 4), LineState::MovedSince);
        assert_eq!(judge(10, -5, 10), LineState::Unresolved);
    }

    #[test]
    fn unknown_lines() {
        let judge = |q0, d, q1| unknown(level(q0), Delta::new(d).unwrap(), level(q1));
        assert_eq!(judge(10, 5, 15), LineState::Converged);
        assert_eq!(judge(10, 5, 13), LineState::Converged, "applied, then two were sold");
        assert_eq!(judge(10, 5, 10), LineState::Unresolved, "not applied");
        assert_eq!(judge(10, 5, 20), LineState::Suspect, "above q0 + d is an alarm");
        assert_eq!(judge(10, 5, 9), LineState::Suspect, "sold, and no telling whether it was applied");
        assert_eq!(judge(10, -5, 5), LineState::Converged);
        assert_eq!(judge(10, -5, 10), LineState::Unresolved, "not applied");
        assert_eq!(judge(10, -5, 8), LineState::Unresolved, "not applied, two were sold");
        assert_eq!(judge(10, -5, 4), LineState::Suspect);
        assert_eq!(judge(10, -5, 11), LineState::Suspect, "somebody raised it");
    }
}
