//! Slots in zones whose clocks change.

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

/// An old server that was left on does not start in the same second as the new one.
#[test]
fn two_installations_start_one_shop_at_different_times() {
    let of = |installation: &str| {
        let parsed = Schedule::parse("1h", TimeZone::UTC, &ShopName::new("default"), 60_000).unwrap();
        parsed.of_installation(installation).next_after(0).unwrap()
    };
    let ids: Vec<String> = (0..40).map(|n| format!("installation {n}")).collect();
    let places: std::collections::BTreeSet<i64> = ids.iter().map(|id| of(id)).collect();
    assert!(places.len() > 35, "{places:?}");
    assert!(places.iter().all(|at| (0..HOUR + 60_000).contains(at)));
    assert_eq!(of("a"), of("a"), "each keeps its own");
}

#[test]
fn a_day_of_leap_years_is_a_schedule() {
    assert!(schedule("0 0 29 2 *", "UTC").next_after(0).is_some());
}

#[test]
fn what_is_no_schedule_is_refused() {
    for bad in
        ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "", "often", "10s", "-1h", "* * * *", "61 * * * *", "0 0 0 * * *"]
    {
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

/// Every zone whose clocks change in the years `from` to `to`, with the moments of the changes.
fn changes(from: i16, to: i16) -> Vec<(String, TimeZone, Vec<Timestamp>)> {
    let start = |year| jiff::civil::date(year, 1, 1).to_zoned(TimeZone::UTC).unwrap().timestamp();
    let mut found = Vec::new();
    for name in tz::db().available() {
        let zone = tz::db().get(name.as_str()).unwrap();
        let all = zone.following(start(from)).map(|change| change.timestamp());
        let all: Vec<Timestamp> = all
            .take_while(|at| *at < start(to))
            .filter(|at| zone.to_offset(*at) != zone.to_offset(*at - jiff::SignedDuration::from_secs(1)))
            .collect();
        if !all.is_empty() {
            found.push((name.to_string(), zone, all));
        }
    }
    found
}

/// The moments of `minutes` of the day from `from` to `to`, each once, found minute by minute: the first at which
/// clocks show a named time and, where they never show it, the first at which they show a later one.
fn named(zone: &TimeZone, minutes: &[i64], from: Timestamp, to: Timestamp) -> Vec<i64> {
    let step = jiff::SignedDuration::from_mins(1);
    let mut moments = std::collections::BTreeSet::new();
    // The latest time of day that clocks have shown.
    let mut shown = zone.to_datetime(from);
    let mut at = from;
    while at < to {
        at += step;
        let time = zone.to_datetime(at);
        while shown < time {
            shown = shown.checked_add(step).unwrap();
            let minute = i64::from(shown.hour()) * 60 + i64::from(shown.minute());
            if minutes.contains(&minute) {
                moments.insert(at.as_millisecond());
            }
        }
    }
    moments.into_iter().collect()
}

/// The slots of a schedule after `from`, up to `to`.
fn slots(schedule: &Schedule, from: Timestamp, to: Timestamp) -> Vec<i64> {
    let mut slots = Vec::new();
    let mut at = from.as_millisecond();
    while let Some(next) = schedule.next_after(at).filter(|next| *next <= to.as_millisecond()) {
        assert!(next > at);
        slots.push(next);
        at = next;
    }
    slots
}

/// In every zone of the database that changes its clocks, before, at and after each change: lists of hours and of
/// minutes have each named time once a day.
#[test]
fn every_named_time_comes_once_a_day_in_every_zone() {
    let lists: [(&str, &[i64]); 4] = [
        ("0 2,14 * * *", &[120, 840]),
        ("0,30 0-4 * * *", &[0, 30, 60, 90, 120, 150, 180, 210, 240, 270]),
        ("15 */2 * * *", &[15, 135, 255, 375, 495, 615, 735, 855, 975, 1095, 1215, 1335]),
        ("59 23 * * *", &[1439]),
    ];
    let two_days = jiff::SignedDuration::from_hours(48);
    let zones = changes(2026, 2027);
    assert!(zones.len() > 100, "the database has its zones: {}", zones.len());
    // Days that were left out, days that came twice, and changes of half an hour.
    let odd = changes(1990, 2012).into_iter().filter(|(name, ..)| {
        ["Pacific/Apia", "Pacific/Kwajalein", "Pacific/Kiritimati", "Australia/Lord_Howe", "America/Caracas"]
            .contains(&name.as_str())
    });
    let odd: Vec<_> = odd.collect();
    assert!(odd.len() >= 4);
    for (name, zone, changes) in zones.iter().chain(&odd) {
        for change in changes {
            let (from, to) = (*change - two_days, *change + two_days);
            for (text, minutes) in lists {
                let schedule = Schedule::parse(text, zone.clone(), &ShopName::new("s"), 0).unwrap();
                let expected = named(zone, minutes, from, to);
                assert_eq!(slots(&schedule, from, to), expected, "{text} in {name} around {change}");
            }
        }
    }
}

/// Hourly expressions go on hour by hour over every change of the clocks: never more than an hour passes, and the hour
/// that comes twice has its runs twice.
#[test]
fn every_hour_has_its_slots_in_every_zone() {
    let day = jiff::SignedDuration::from_hours(24);
    for (name, zone, changes) in &changes(2026, 2027) {
        for change in changes {
            let (from, to) = (*change - day, *change + day);
            // Clocks that go back by half an hour put off the next full hour by as much.
            let offset = |at| i64::from(zone.to_offset(at).seconds()) * 1_000;
            let odd =
                (offset(*change - jiff::SignedDuration::from_secs(1)) - offset(*change)).rem_euclid(HOUR);
            for (text, interval) in
                [("0 * * * *", HOUR), ("*/20 * * * *", HOUR / 3), ("7,37 0-23 * * *", HOUR / 2)]
            {
                let schedule = Schedule::parse(text, zone.clone(), &ShopName::new("s"), 0).unwrap();
                let mut all = vec![from.as_millisecond()];
                all.extend(slots(&schedule, from, to));
                let longest = all.windows(2).map(|two| two[1] - two[0]).max().unwrap();
                assert!(longest <= interval + odd, "{text} in {name} around {change}: {longest} ms");
                let is_due = |at: &i64| {
                    let time = zone.to_datetime(Timestamp::from_millisecond(*at).unwrap());
                    *at == change.as_millisecond() || slots_of(text).contains(&i64::from(time.minute()))
                };
                assert!(all[1..].iter().all(is_due), "{text} in {name} around {change}");
            }
        }
    }
}

fn slots_of(text: &str) -> &'static [i64] {
    match text {
        "0 * * * *" => &[0],
        "*/20 * * * *" => &[0, 20, 40],
        _ => &[7, 37],
    }
}

/// The cases of a list of two hours: the skipped 02:00 comes right after the gap, and the second 02:00 does not come.
#[test]
fn two_times_a_day_at_the_changes_of_berlin() {
    let twice = schedule("0 2,14 * * *", "Europe/Berlin");
    let next = |at: &str| {
        let at: Timestamp = at.parse().unwrap();
        Timestamp::from_millisecond(twice.next_after(at.as_millisecond()).unwrap()).unwrap().to_string()
    };
    assert_eq!(next("2027-03-28T00:50:00Z"), "2027-03-28T01:00:00Z");
    assert_eq!(next("2027-03-28T01:00:00Z"), "2027-03-28T12:00:00Z");
    assert_eq!(next("2026-10-24T23:00:00Z"), "2026-10-25T00:00:00Z");
    assert_eq!(next("2026-10-25T00:35:00Z"), "2026-10-25T13:00:00Z");
}

proptest! {
    /// Wherever the last slot lies, the next one comes as soon as without it, or one slot later: a clock that was ahead
    /// is not waited for, and a small step back doubles no slot.
    #[test]
    fn a_slot_that_lies_ahead_is_not_waited_for(
        ahead in -40 * HOUR..500 * 24 * HOUR,
        now in 1_772_323_200_000i64..1_790_000_000_000,
        zone in prop::sample::select(ZONES.to_vec()),
        text in prop::sample::select(vec!["30 2 * * *", "*/20 * * * *", "1h", "0 */3 * * *", "1m"]),
    ) {
        let schedule = schedule(text, zone);
        let last = now + ahead;
        let first = schedule.next_after(now).unwrap();
        let next = schedule.next(last, now).unwrap();
        if last <= now || schedule.is_set_back(last, now) {
            prop_assert_eq!(next, first);
        } else {
            prop_assert!(last <= first);
            prop_assert!(next == first || next == schedule.next_after(first).unwrap());
        }
        prop_assert_eq!(schedule.is_set_back(last, now), last > first);
    }
}
