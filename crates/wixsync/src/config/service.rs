//! The settings of the service: where it listens, when runs are due, what is kept.

use std::net::SocketAddr;
use std::time::Duration;

use domain::ShopName;
use jiff::tz::TimeZone;
use server::Schedule;
use url::Url;

use super::layers::Raw;
use super::load::{Known, Parser, bad_value, name_of};
use super::{Origin, ShopSettings, Sourced, shops, values};
use crate::error::Failure;

/// What stands for no schedule.
const OFF: &str = "off";
const EXAMPLES: Known<'_> = Known::Examples("1h, 24h, 15m (≥ 1m), 0 6 * * *, off");

/// The settings of the service.
#[derive(Debug, Clone)]
pub(crate) struct ServiceSettings {
    pub(crate) listen: Sourced<SocketAddr>,
    /// An interval, a cron expression or `off`.
    pub(crate) schedule: Sourced<String>,
    pub(crate) time_zone: Sourced<TimeZone>,
    pub(crate) jitter: Sourced<Duration>,
    pub(crate) history_days: Sourced<u32>,
    pub(crate) dead_man_url: Sourced<Option<Url>>,
}

impl ServiceSettings {
    /// The schedule of a shop; `None` where nothing runs by itself.
    pub(crate) fn schedule_of(&self, shop: &ShopSettings) -> Result<Option<Schedule>, Failure> {
        let text = shop.schedule.as_ref().unwrap_or(&self.schedule);
        if text.value.trim() == OFF {
            return Ok(None);
        }
        match self.parse(&text.value, &shop.name) {
            Some(schedule) => Ok(Some(schedule)),
            None => Err(bad_value(&format!("shop.{}.schedule", shop.name), &text.value, EXAMPLES)),
        }
    }

    fn parse(&self, text: &str, shop: &ShopName) -> Option<Schedule> {
        let jitter_ms = i64::try_from(self.jitter.value.as_millis()).ok()?;
        Schedule::parse(text, self.time_zone.value.clone(), shop, jitter_ms).ok()
    }
}

pub(super) fn service(parser: &Parser<'_>, raw: &Raw) -> Result<ServiceSettings, Failure> {
    let listen = parser
        .parse("listen", &raw.listen, Known::Examples("127.0.0.1:8080, [::1]:0"), |text| text.parse().ok())?;
    let time_zone = match &raw.time_zone {
        None => Sourced { value: TimeZone::system(), origin: Origin::Default },
        Some(name) => parser.parse("time_zone", name, Known::Examples("Europe/Moscow, UTC"), |name| {
            TimeZone::get(name).ok()
        })?,
    };
    let schedule = parser.parse("schedule", &raw.schedule, EXAMPLES, |text| {
        let of_any = Schedule::parse(text, time_zone.value.clone(), &ShopName::new(""), 0);
        (text.trim() == OFF || of_any.is_ok()).then(|| text.to_owned())
    })?;
    let dead_man_url = match &raw.dead_man_url {
        None => Sourced { value: None, origin: Origin::Default },
        Some(text) => {
            let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            // What stands there is not told: whoever has it can say that all is well.
            let origin = parser.layers.origin("dead_man_url");
            let url = url.ok_or_else(|| shops::bad_address(&name_of("dead_man_url", &origin), "dead-man"))?;
            Sourced { value: Some(url), origin }
        }
    };
    Ok(ServiceSettings {
        listen,
        schedule,
        time_zone,
        jitter: parser.parse("jitter", &raw.jitter, Known::Examples("0s, 60s, 5m"), values::duration)?,
        history_days: parser.parse("history_days", &raw.history_days, Known::All("1–36500"), |text| {
            text.trim().parse().ok().filter(|days| (1..=36_500).contains(days))
        })?,
        dead_man_url,
    })
}
