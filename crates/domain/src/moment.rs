//! Stored moments against the clock of now.
//!
//! A clock can be set back, or can have been ahead once, so a stored moment may lie ahead. Nothing waits for such a
//! moment, and nothing is deleted by it.

use crate::UnixMillis;

/// How far ahead a stored moment may lie, in milliseconds, and how far a clock may be corrected without it being a
/// jump: the clocks of machines that share a state database differ, and time servers correct them in small steps.
pub const TOLERANCE_MS: i64 = 60_000;

/// Whether a stored moment lies ahead of `now`, so that it was written by a clock that was ahead.
#[must_use]
pub fn lies_ahead(moment: UnixMillis, now: UnixMillis) -> bool {
    moment > now.saturating_add(TOLERANCE_MS)
}

/// How long ago a stored moment was, in milliseconds; `None` if it lies ahead, so that its age is not known.
#[must_use]
pub fn age(moment: UnixMillis, now: UnixMillis) -> Option<i64> {
    (!lies_ahead(moment, now)).then(|| now.saturating_sub(moment).max(0))
}

/// A change of the machine's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockJump {
    /// What the clock showed after it.
    pub at: UnixMillis,
    /// How far it was moved, in milliseconds; below zero if it was set back.
    pub by_ms: i64,
    /// When it was seen, in steady time.
    pub seen_at: i64,
}

/// Watches the machine's clock: its time of day must advance as fast as steady time, which cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockWatch {
    began_at: i64,
    last: (UnixMillis, i64),
    jump: Option<ClockJump>,
}

/// How long a jump is told, and how long nothing is deleted after it, in milliseconds of steady time.
pub const JUMP_COUNTS_MS: i64 = 24 * 60 * 60 * 1_000;

impl ClockWatch {
    /// Begins to watch a clock that shows `now` at the moment `steady` of steady time.
    #[must_use]
    pub fn begin(now: UnixMillis, steady: i64) -> Self {
        Self { began_at: steady, last: (now, steady), jump: None }
    }

    /// Looks at the clock. Gives the jump, if the clock was set since the look before.
    pub fn look(&mut self, now: UnixMillis, steady: i64) -> Option<ClockJump> {
        let (before, steady_before) = self.last;
        self.last = (now, steady);
        let expected = before.saturating_add(steady.saturating_sub(steady_before));
        let by_ms = now.saturating_sub(expected);
        if by_ms.unsigned_abs() <= TOLERANCE_MS.unsigned_abs() {
            return None;
        }
        self.jump = Some(ClockJump { at: now, by_ms, seen_at: steady });
        self.jump
    }

    /// The last jump, as long as it counts.
    #[must_use]
    pub fn jump(&self, steady: i64) -> Option<ClockJump> {
        self.jump.filter(|jump| steady.saturating_sub(jump.seen_at) < JUMP_COUNTS_MS)
    }

    /// How long ago a stored moment was, in milliseconds. One that lies ahead was before the clock was set back, so it
    /// is at least as old as the last jump or, without one, as this watch.
    #[must_use]
    pub fn age(&self, moment: UnixMillis, now: UnixMillis, steady: i64) -> i64 {
        let since = self.jump.map_or(self.began_at, |jump| jump.seen_at);
        age(moment, now).unwrap_or_else(|| steady.saturating_sub(since).max(0))
    }
}

/// The longest pause between two runs that a record without a jump of the clock may show, in milliseconds. It leaves
/// room for a schedule that has a slot a month.
const LONGEST_PAUSE_MS: i64 = 32 * 24 * 60 * 60 * 1_000;
/// How long a record must go back without a jump, in milliseconds, before the clock is believed.
const STEADY_FOR_MS: i64 = 24 * 60 * 60 * 1_000;

/// Judges by the record of runs whether the clock can be believed, so that old history may be deleted. The ends of
/// runs are added in the order in which they were recorded, the newest first. They must go back a day in small steps.
/// A step forward of more than a month, or a step back, is taken for a jump of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SteadyRecord {
    now: UnixMillis,
    later: UnixMillis,
}

impl SteadyRecord {
    /// A record that is looked at `now`.
    #[must_use]
    pub fn at(now: UnixMillis) -> Self {
        Self { now, later: now }
    }

    /// Adds the end of the next older run. Gives whether the clock is believed, once that is known. A record that ends
    /// before that does not make it believed: it is a day old at most, so it has nothing to delete.
    pub fn add(&mut self, ended_at: UnixMillis) -> Option<bool> {
        let step = self.later.saturating_sub(ended_at);
        if !(-TOLERANCE_MS..=LONGEST_PAUSE_MS).contains(&step) {
            return Some(false);
        }
        self.later = ended_at;
        (self.now.saturating_sub(ended_at) >= STEADY_FOR_MS).then_some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;

    #[test]
    fn a_moment_ahead_has_no_age() {
        assert_eq!((age(1_000, 5_000), age(61_000, 1_000), age(61_001, 1_000)), (Some(4_000), Some(0), None));
        assert!(!lies_ahead(i64::MAX, i64::MAX));
        assert!(lies_ahead(i64::MAX, 0));
    }

    #[test]
    fn a_watch_sees_the_clock_set_and_forgets_it_after_a_day() {
        let mut watch = ClockWatch::begin(DAY, 500);
        assert_eq!(watch.look(DAY + HOUR, 500 + HOUR), None, "time passes");
        assert_eq!(watch.look(DAY + HOUR + 60_000, 500 + HOUR), None, "a correction");
        let jump = ClockJump { at: DAY - HOUR, by_ms: -2 * HOUR - 60_000, seen_at: 500 + HOUR };
        assert_eq!(watch.look(DAY - HOUR, 500 + HOUR), Some(jump));
        assert_eq!(watch.look(DAY, 500 + 2 * HOUR), None, "told once");
        assert_eq!(watch.jump(500 + HOUR + DAY - 1), Some(jump));
        assert_eq!(watch.jump(500 + HOUR + DAY), None);
        assert_eq!(watch.age(DAY - HOUR, DAY, 500 + 2 * HOUR), HOUR);
        assert_eq!(watch.age(400 * DAY, DAY, 500 + 3 * HOUR), 2 * HOUR, "since the jump");
        assert_eq!(ClockWatch::begin(DAY, 500).age(400 * DAY, DAY, 700), 200, "since the watch began");
        assert!(watch.look(401 * DAY, 500 + 2 * HOUR).is_some_and(|jump| jump.by_ms == 400 * DAY));
    }

    fn believed(now: i64, ends: &[i64]) -> Option<bool> {
        let mut record = SteadyRecord::at(now);
        ends.iter().find_map(|end| record.add(*end))
    }

    #[test]
    fn a_clock_is_believed_once_runs_show_a_day_without_a_jump() {
        let now = 1_000 * DAY;
        let hourly: Vec<i64> = (0..48).map(|n| now - n * HOUR).collect();
        assert_eq!(believed(now, &hourly), Some(true));
        assert_eq!(believed(now, &hourly[..24]), None, "a young record has nothing to delete");
        assert_eq!(believed(now, &[now - 31 * DAY]), Some(true), "a run a month");
        assert_eq!(believed(now + 400 * DAY, &hourly), Some(false), "the clock is 400 days ahead");
        let after_one: Vec<i64> = [now + 400 * DAY].iter().chain(&hourly).copied().collect();
        assert_eq!(believed(now + 400 * DAY + HOUR, &after_one), Some(false), "also after a run");
        assert_eq!(believed(now, &after_one), Some(false), "it was set back again");
        let healed: Vec<i64> = (0..30).map(|n| now + n * HOUR).rev().chain(after_one.clone()).collect();
        assert_eq!(believed(now + 29 * HOUR, &healed), Some(true), "and is right for a day");
        assert_eq!(believed(now + 5 * HOUR, &healed[24..]), Some(false));
    }
}
