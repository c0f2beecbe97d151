//! Schedules: they say which times are slots. Pure; the current time is an argument.

mod moments;

use std::fmt;

use croner::parser::{CronParser, Seconds};
use domain::{ShopName, UnixMillis};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use sync::ports::Slot;

use self::moments::Moments;

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
    /// Whose offset it is, and below what it stays, in milliseconds.
    jitter: (ShopName, i64),
}

#[derive(Debug, Clone)]
enum Kind {
    /// An interval in milliseconds, counted from 1970.
    Every(i64),
    Cron(Moments),
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
            let from = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
            cron.find_next_occurrence(&from, false).map_err(|error| bad(&error))?;
            Kind::Cron(Moments::new(cron, zone.clone()))
        };
        let jitter = (shop.clone(), jitter_ms);
        Ok(Self { text: text.to_owned(), kind, zone, offset_ms: 0, jitter }.of_installation(""))
    }

    /// The same schedule for an installation with this random id. Two installations that serve one shop by mistake do
    /// not start in the same second, so each sees what the other did.
    #[must_use]
    pub fn of_installation(self, id: &str) -> Self {
        let (shop, jitter_ms) = &self.jitter;
        Self { offset_ms: own_offset_ms(id, shop, *jitter_ms), ..self }
    }

    /// The first slot after `moment`; `None` if there is none.
    #[must_use]
    pub fn next_after(&self, moment: UnixMillis) -> Option<UnixMillis> {
        let moment = moment.saturating_sub(self.offset_ms);
        let slot = match &self.kind {
            Kind::Every(ms) => (moment.div_euclid(*ms) + 1).checked_mul(*ms)?,
            Kind::Cron(moments) => {
                moments.next_after(Timestamp::from_millisecond(moment).ok()?)?.as_millisecond()
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

    /// Whether the clock was set back since `last`, the last slot or the beginning of the schedule: it lies ahead of
    /// `now` by more than an interval, so that waiting for it would leave slots out.
    #[must_use]
    pub fn is_set_back(&self, last: UnixMillis, now: UnixMillis) -> bool {
        last > now && self.next_after(now).is_some_and(|next| next < last)
    }

    /// The first slot that is not due at `now`, where `last` was the last one to be filled. Where the clock was set back
    /// since, the schedule goes on from `now`.
    #[must_use]
    pub fn next(&self, last: UnixMillis, now: UnixMillis) -> Option<UnixMillis> {
        self.next_after(if self.is_set_back(last, now) { now } else { last.max(now) })
    }

    /// Tells this schedule from others: a text that is the same as long as it names the same slots.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        format!("{} {} +{}", self.text, self.zone_name(), self.offset_ms)
    }

    /// The name of the zone in the IANA database.
    #[must_use]
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// The zone in which a cron expression is read.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

/// The text of the schedule, as it was configured.
impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The offset of a shop in the jitter, in milliseconds: the same in every process of an installation.
fn own_offset_ms(installation: &str, shop: &ShopName, span_ms: i64) -> i64 {
    let digest = Sha256::digest(format!("{installation}\n{shop}").as_bytes());
    let number = digest.iter().take(7).fold(0i64, |number, byte| (number << 8) | i64::from(*byte));
    if span_ms > 0 { number % span_ms } else { 0 }
}

#[cfg(test)]
mod tests;
