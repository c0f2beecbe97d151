//! Schedules: they say which times are slots. Pure; the current time is an argument.

use std::fmt;

use croner::Cron;
use croner::parser::{CronParser, Seconds};
use domain::{ShopName, UnixMillis};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use sync::ports::Slot;

/// The shortest interval, in milliseconds.
const SHORTEST_MS: i64 = 60_000;
/// How many missed slots are counted one by one. The exact number of more is of no use.
const COUNTED: u32 = 10_000;
/// How far back the search for slots goes where there were more than that, in milliseconds.
const LOOK_BACK_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// When the runs of a shop are due.
#[derive(Debug, Clone)]
pub struct Schedule {
    text: String,
    kind: Kind,
    zone: TimeZone,
    /// How much later every slot is than the schedule says, in milliseconds, so that many shops do not start at once.
    offset_ms: i64,
}

#[derive(Debug, Clone)]
enum Kind {
    /// An interval in milliseconds, counted from 1970.
    Every(i64),
    Cron(Box<Cron>),
}

/// A text that is not a schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("neither an interval of a minute or more nor a cron expression: {0}")]
pub struct BadSchedule(String);

impl Schedule {
    /// Reads an interval (`1h`, `15m`) or a cron expression of five fields (`0 * * * *`) in `zone`. The slots of `shop`
    /// are later by a constant offset of its own, below `jitter_ms`.
    pub fn parse(text: &str, zone: TimeZone, shop: &ShopName, jitter_ms: i64) -> Result<Self, BadSchedule> {
        let text = text.trim();
        let bad = |error: &dyn fmt::Display| BadSchedule(error.to_string());
        let kind = if let Ok(every) = text.parse::<jiff::SignedDuration>() {
            let ms = i64::try_from(every.as_millis()).map_err(|error| bad(&error))?;
            if ms < SHORTEST_MS {
                return Err(bad(&text));
            }
            Kind::Every(ms)
        } else {
            let parser = CronParser::builder().seconds(Seconds::Disallowed).build();
            let cron = parser.parse(text).map_err(|error| bad(&error))?;
            // A cron expression that never matches, such as 30 February, would never start a run.
            let from = Timestamp::UNIX_EPOCH.to_zoned(zone.clone());
            cron.find_next_occurrence(&from, false).map_err(|error| bad(&error))?;
            Kind::Cron(Box::new(cron))
        };
        let offset_ms = own_offset_ms(shop, jitter_ms);
        Ok(Self { text: text.to_owned(), kind, zone, offset_ms })
    }

    /// The first slot after `moment`; `None` if there is none.
    #[must_use]
    pub fn next_after(&self, moment: UnixMillis) -> Option<UnixMillis> {
        let moment = moment.saturating_sub(self.offset_ms);
        let slot = match &self.kind {
            Kind::Every(ms) => (moment.div_euclid(*ms) + 1).checked_mul(*ms)?,
            Kind::Cron(cron) => {
                let from = Timestamp::from_millisecond(moment).ok()?.to_zoned(self.zone.clone());
                cron.find_next_occurrence(&from, false).ok()?.timestamp().as_millisecond()
            }
        };
        slot.checked_add(self.offset_ms)
    }

    /// The slot that is due at `now` if `last` was the last one to be filled: the latest slot between them. It
    /// replaces the earlier ones and counts them as missed.
    #[must_use]
    pub fn due(&self, last: UnixMillis, now: UnixMillis) -> Option<Slot> {
        let mut due = None;
        let mut from = last;
        let mut found = 0u32;
        while let Some(at) = self.next_after(from).filter(|at| *at <= now) {
            found += 1;
            due = Some(Slot { at, missed: found - 1 });
            from = if found.is_multiple_of(COUNTED) { at.max(now - LOOK_BACK_MS) } else { at };
        }
        due
    }

    /// The name of the zone in the IANA database.
    #[must_use]
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// A moment in the schedule's zone, as RFC 9557 writes it.
    #[must_use]
    pub fn local(&self, at: UnixMillis) -> String {
        Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(self.zone.clone()).to_string()
    }
}

/// The text of the schedule, as it was configured.
impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The offset of a shop in the jitter, in milliseconds: the same in every process.
fn own_offset_ms(shop: &ShopName, span_ms: i64) -> i64 {
    let digest = Sha256::digest(shop.as_str().as_bytes());
    let number = digest.iter().take(7).fold(0i64, |number, byte| (number << 8) | i64::from(*byte));
    if span_ms > 0 { number % span_ms } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Date;
    use jiff::tz;
    use jiff::{ToSpan, Zoned};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const HOUR: i64 = 3_600_000;
    const ZONES: [&str; 3] = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"];

    fn schedule(text: &str, zone: &str) -> Schedule {
        Schedule::parse(text, tz::db().get(zone).unwrap(), &ShopName::new("s"), 0).unwrap()
    }

    fn zoned(at: i64, zone: &str) -> Zoned {
        Timestamp::from_millisecond(at).unwrap().in_tz(zone).unwrap()
    }

    /// 500 slots from 1 March 2026 on, by a clock that is turned in uneven steps. A year and a half of days holds
    /// three changes to summer time or back.
    fn filled(schedule: &Schedule, mut steps: impl FnMut() -> i64) -> Vec<Slot> {
        let mut now = 1_772_323_200_000;
        let mut last = now;
        let mut slots = Vec::new();
        while slots.len() < 500 {
            now += steps();
            if let Some(slot) = schedule.due(last, now) {
                assert!(slot.at > last && slot.at <= now);
                last = slot.at;
                slots.push(slot);
            }
        }
        slots
    }

    #[test]
    fn each_of_500_days_has_its_one_slot_in_three_zones() {
        for zone in ZONES {
            // Each of these falls into a gap, into an overlap or close to one, somewhere.
            for text in ["30 2 * * *", "0 2 * * *", "30 1 * * *", "15 2 * * *", "0 3 * * *"] {
                let slots = filled(&schedule(text, zone), || 5 * HOUR + 7 * 60_000);
                let mut days: BTreeMap<Date, u32> = BTreeMap::new();
                for slot in &slots {
                    assert_eq!(slot.missed, 0, "{text} in {zone}");
                    *days.entry(zoned(slot.at, zone).date()).or_default() += 1;
                }
                let (first, last) = (*days.keys().next().unwrap(), *days.keys().last().unwrap());
                assert!(days.values().all(|times| *times == 1), "{text} in {zone} doubles");
                assert_eq!(first.checked_add(499.days()).unwrap(), last, "{text} in {zone} skips");
            }
        }
    }

    #[test]
    fn an_hourly_schedule_is_hourly_in_three_zones() {
        for zone in ZONES {
            let slots = filled(&schedule("1h", zone), || 7 * 60_000);
            assert!(slots.windows(2).all(|two| two[1].at - two[0].at == HOUR), "1h in {zone}");
        }
        for zone in ["Europe/Berlin", "America/New_York"] {
            // From a day before the clocks go forward, and from a day before they go back.
            for month in [3, 10] {
                let cron = schedule("0 * * * *", zone);
                let mut at = zoned(0, zone)
                    .with()
                    .year(2026)
                    .month(month)
                    .day(1)
                    .build()
                    .unwrap()
                    .timestamp()
                    .as_millisecond();
                for _ in 0..24 * 45 {
                    let next = cron.next_after(at).unwrap();
                    assert!(
                        next - at <= HOUR,
                        "{zone}: {} is followed by {}",
                        zoned(at, zone),
                        zoned(next, zone)
                    );
                    at = next;
                }
            }
        }
    }

    proptest! {
        /// However long no process runs, every slot is either filled or counted as missed, once.
        #[test]
        fn nothing_is_lost_and_nothing_counted_twice(
            steps in prop::collection::vec(1i64..40 * HOUR, 30),
            zone in prop::sample::select(ZONES.to_vec()),
            text in prop::sample::select(vec!["30 2 * * *", "*/20 * * * *", "1h", "0 */3 * * *", "90m"]),
        ) {
            let schedule = schedule(text, zone);
            let start = 1_772_323_200_000;
            let (mut now, mut last, mut counted) = (start, start, 0u32);
            for step in steps {
                now += step;
                if let Some(slot) = schedule.due(last, now) {
                    prop_assert!(slot.at > last && slot.at <= now);
                    last = slot.at;
                    counted += 1 + slot.missed;
                }
            }
            let mut all = 0u32;
            let mut at = start;
            while let Some(next) = schedule.next_after(at).filter(|next| *next <= now) {
                prop_assert!(next > at);
                (at, all) = (next, all + 1);
            }
            prop_assert_eq!(counted, all);
        }
    }

    #[test]
    fn shops_have_their_own_offset_mss_in_the_jitter() {
        let of = |shop: &str| {
            Schedule::parse("1h", TimeZone::UTC, &ShopName::new(shop), 60_000).unwrap().next_after(0).unwrap()
        };
        let places: std::collections::BTreeSet<i64> = ["a", "b", "c", "d"].map(of).into();
        assert!(places.len() > 1 && places.iter().all(|at| (0..HOUR + 60_000).contains(at)));
        assert_eq!(of("a"), of("a"));
    }

    #[test]
    fn a_day_of_leap_years_is_a_schedule() {
        assert!(schedule("0 0 29 2 *", "UTC").next_after(0).is_some());
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        for bad in [
            "0 0 30 2 *",
            "0 0 31 4,6,9,11 *",
            "",
            "often",
            "10s",
            "-1h",
            "* * * *",
            "61 * * * *",
            "0 0 0 * * *",
        ] {
            let parsed = Schedule::parse(bad, TimeZone::UTC, &ShopName::new("s"), 0);
            assert!(parsed.is_err(), "{bad}");
        }
    }

    #[test]
    fn a_year_without_anybody_is_one_slot() {
        let slot = schedule("* * * * *", "Europe/Berlin").due(0, 365 * 24 * HOUR).unwrap();
        assert_eq!(slot.at, 365 * 24 * HOUR);
        assert!(slot.missed >= COUNTED);
    }
}
