//! The moments that a cron expression names, in a zone whose clocks change.

use croner::Cron;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Zoned};

/// A cron expression in its zone.
#[derive(Debug, Clone)]
pub(super) struct Moments {
    cron: Box<Cron>,
    zone: TimeZone,
    /// Whether it names every hour, so that it goes on hour by hour when the clocks change.
    is_hourly: bool,
}

impl Moments {
    /// The moments of `cron` in `zone`.
    pub(super) fn new(cron: Cron, zone: TimeZone) -> Self {
        let is_hourly = (0..24).all(|hour| cron.pattern.hour_match(hour).unwrap_or(false));
        Self { cron: Box::new(cron), zone, is_hourly }
    }

    /// The first moment after `after`; `None` if there is none.
    ///
    /// Where the expression names hours, each named time of a day comes once: one that the clocks skip right after the
    /// gap, together with what else they skip, and one that comes twice the first time. An expression of every hour
    /// goes on hour by hour.
    pub(super) fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        if self.is_hourly { self.next_hourly(after) } else { self.next_named(after) }
    }

    fn next_named(&self, after: Timestamp) -> Option<Timestamp> {
        let mut time = self.zone.to_datetime(after);
        loop {
            time = self.next_time(time, false)?;
            let at = self.first_moment_of(time)?;
            if at > after {
                return Some(at);
            }
        }
    }

    fn next_hourly(&self, after: Timestamp) -> Option<Timestamp> {
        let (mut from, mut inclusive) = (after, false);
        loop {
            let offset = self.zone.to_offset(from);
            let time = self.next_time(offset.to_datetime(from), inclusive)?;
            let at = offset.to_timestamp(time).ok()?;
            let changes = self.zone.following(from).map(|change| change.timestamp());
            let mut before_it = changes.take_while(|change| *change <= at);
            let Some(change) = before_it.find(|change| self.zone.to_offset(*change) != offset) else {
                return Some(at);
            };
            // The clocks skip this time.
            if time <= self.zone.to_offset(change).to_datetime(change) {
                return Some(change);
            }
            (from, inclusive) = (change, true);
        }
    }

    /// The first time of day after `time` that the expression names, or `time` itself where that is `inclusive`.
    fn next_time(&self, time: DateTime, inclusive: bool) -> Option<DateTime> {
        // UTC has every time of day once.
        let from = time.to_zoned(TimeZone::UTC).ok()?;
        self.cron.find_next_occurrence(&from, inclusive).ok().map(|next: Zoned| next.datetime())
    }

    /// The first moment at which clocks show `time`, or the end of the gap in which they never show it.
    fn first_moment_of(&self, time: DateTime) -> Option<Timestamp> {
        match self.zone.to_ambiguous_timestamp(time).offset() {
            AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => {
                offset.to_timestamp(time).ok()
            }
            AmbiguousOffset::Gap { after, .. } => {
                let before_it = after.to_timestamp(time).ok()?;
                let mut changes = self.zone.following(before_it).map(|change| change.timestamp());
                changes.find(|change| self.zone.to_offset(*change) == after)
            }
        }
    }
}
