//! Parsers and texts of the settings' values.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::{ShopName, WriteBatch};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use messages::{Lang, Text};
use server::Schedule;
use state::StateUrl;
use sync::ports::Pace;
use url::Url;
use warehouse::WarehouseUrl;
use wix::RequestLimit;

use super::loopback::is_loopback;
use super::setting::{Expected, SetValue, Surroundings};
use super::{Origin, database};
use crate::environment::Environment;
use crate::error::Failure;

/// Shown in place of a secret.
pub(super) const MASK: &str = "********";

/// The text for no schedule and for no limit.
pub(super) const OFF: &str = "off";

/// What a schedule may be.
pub(super) const SCHEDULES: Expected = Expected::Examples("1h, 24h, 15m (≥ 1m), 0 6 * * *, off");

/// The longest duration that a setting may have. Adding it to a time never overflows.
const LONGEST: Duration = Duration::from_hours(24);

/// The longest name of a shop, in characters.
const LONGEST_NAME: usize = 100;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

impl LogFormat {
    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Text, Self::Json].into_iter().find(|format| format.name() == text)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

/// `30s`, `500ms`, `2m`; at most a day.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let signed: SignedDuration = text.trim().parse().ok()?;
    Duration::try_from(signed).ok().filter(|length| *length <= LONGEST)
}

/// A duration above zero.
pub(super) fn positive_duration(text: &str) -> Option<Duration> {
    duration(text).filter(|length| !length.is_zero())
}

pub(super) fn show_duration(duration: Duration) -> String {
    let millis = duration.as_millis();
    if millis.is_multiple_of(1_000) { format!("{}s", millis / 1_000) } else { format!("{millis}ms") }
}

/// 1 to 300 entries: every catalog takes 300.
pub(super) fn write_batch(text: &str) -> Option<WriteBatch> {
    text.trim().parse().ok().filter(|entries| *entries <= 300).and_then(WriteBatch::new)
}

/// `200/60s`, or `off`.
#[expect(clippy::option_option, reason = "outer: whether it parses; inner: whether there is a limit")]
pub(super) fn rate_limit(text: &str) -> Option<Option<RequestLimit>> {
    if text.trim() == OFF {
        return Some(None);
    }
    let (requests, window) = text.split_once('/')?;
    let requests: NonZeroU32 = requests.trim().parse().ok()?;
    Some(Some(RequestLimit { requests: requests.get(), window: positive_duration(window)? }))
}

pub(super) fn show_rate_limit(limit: Option<RequestLimit>) -> String {
    match limit {
        Some(limit) => format!("{}/{}", limit.requests, show_duration(limit.window)),
        None => OFF.to_owned(),
    }
}

/// `30+5/s`, or `off`.
#[expect(clippy::option_option, reason = "outer: whether it parses; inner: whether there is a pace")]
pub(super) fn pace(text: &str) -> Option<Option<Pace>> {
    if text.trim() == OFF {
        return Some(None);
    }
    let (burst, steady) = text.split_once('+')?;
    let burst: NonZeroU32 = burst.trim().parse().ok()?;
    let per_second: NonZeroU32 = steady.trim().strip_suffix("/s")?.trim().parse().ok()?;
    let pace = Pace { burst: burst.get(), per_second: per_second.get() };
    (burst.get() <= 10_000 && per_second.get() <= 1_000).then_some(Some(pace))
}

pub(super) fn show_pace(pace: Option<Pace>) -> String {
    match pace {
        Some(pace) => format!("{}+{}/s", pace.burst, pace.per_second),
        None => OFF.to_owned(),
    }
}

/// A schedule as it was written. Whether it is valid does not depend on the zone, the shop or the jitter.
pub(super) fn schedule(text: &str) -> Option<String> {
    let is_schedule = || Schedule::parse(text, TimeZone::UTC, &ShopName::new(""), 0).is_ok();
    (text.trim() == OFF || is_schedule()).then(|| text.to_owned())
}

/// The warehouse's address.
pub(super) fn warehouse_url(set: &SetValue<'_>) -> Result<WarehouseUrl, Failure> {
    database::warehouse_url(set.name, set.text(), &base_of(set))
}

/// The state database's address.
pub(super) fn state_url(set: &SetValue<'_>) -> Result<StateUrl, Failure> {
    database::state_url(set.name, set.text(), &base_of(set))
}

/// The folder from which a relative path counts: the file's for a value of the configuration file, else the current
/// folder.
fn base_of(set: &SetValue<'_>) -> PathBuf {
    match (set.origin, set.around.beside_file("")) {
        (Origin::File(_), Some(folder)) => folder,
        _ => std::path::absolute(Path::new(".")).unwrap_or_else(|_| Path::new(".").to_owned()),
    }
}

/// The default state database: beside the configuration file, else in the user's state folder.
pub(super) fn default_state(around: &Surroundings<'_>) -> Option<StateUrl> {
    let in_home = || Some(around.environment.state_folder()?.join("state.db"));
    around.beside_file("state.db").or_else(in_home).map(StateUrl::in_file)
}

pub(super) fn query(set: &SetValue<'_>) -> Result<String, Failure> {
    if set.text().trim().is_empty() {
        return Err(Failure::usage(Text::new("config-empty-query").with("setting", set.name)));
    }
    Ok(set.text().to_owned())
}

/// The warehouses to sum. An empty list is an error, because it would sum nothing.
pub(super) fn warehouses(set: &SetValue<'_>) -> Result<Vec<String>, Failure> {
    if set.texts.is_empty() {
        return Err(Failure::usage(Text::new("config-no-warehouses")));
    }
    Ok(set.texts.to_vec())
}

/// Where traces go. The error does not show the value: it may hold a password.
pub(super) fn collector(set: &SetValue<'_>) -> Result<Url, Failure> {
    let url = Url::parse(set.text()).ok().filter(is_plain_address);
    url.ok_or_else(|| bad_address(set.name, "collector"))
}

/// The address of a watch service. The error does not show the value: knowing it is enough to report success.
pub(super) fn dead_man(set: &SetValue<'_>) -> Result<Url, Failure> {
    let url = Url::parse(set.text()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| bad_address(set.name, "dead-man"))
}

/// The address of a stock list. A password in it must not travel in plain.
pub(super) fn list_address(set: &SetValue<'_>) -> Result<Url, Failure> {
    let url = Url::parse(set.text()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or_else(|| bad_address(set.name, "list"))?;
    if url.scheme() == "http" && url.password().is_some() && !is_loopback(&url) {
        let text = Text::new("config-plain-http").with("setting", set.name).with("url", show_address(&url));
        return Err(Failure::usage(text));
    }
    Ok(url)
}

/// One ASCII character that is no part of a cell; `tab` and `\\t` for a tab.
pub(crate) fn delimiter(text: &str) -> Option<u8> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Some(b'\t'),
        [one] if one.is_ascii() && !matches!(*one, b'"' | b'\r' | b'\n') => Some(*one),
        _ => None,
    }
}

/// A base address ends with a slash, so that paths are added to it and do not replace its last part.
pub(super) fn base_url(set: &SetValue<'_>) -> Result<Url, Failure> {
    let text = set.text();
    let with_slash = if text.ends_with('/') { text.to_owned() } else { format!("{text}/") };
    let url = Url::parse(&with_slash).ok().filter(is_plain_address);
    let url = url.ok_or_else(|| bad_address(set.name, "wix"))?;
    // The key goes along with every request.
    if url.scheme() == "http" && !is_loopback(&url) {
        let text = Text::new("config-plain-http").with("setting", set.name).with("url", show_address(&url));
        return Err(Failure::usage(text));
    }
    Ok(url)
}

/// The error of a bad address; `of` says whose it should be: `wix`, `collector`, `proxy` or `dead-man`.
pub(super) fn bad_address(setting: &str, of: &str) -> Failure {
    Failure::usage(Text::new("config-bad-base-url").with("setting", setting).with("of", of))
}

/// Whether an address has only scheme, host, port and path. Its other parts could be secrets, and addresses are shown.
fn is_plain_address(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
}

/// An address as it is shown: scheme, host and port. The rest, even the path, may be a secret.
pub(super) fn show_address(url: &Url) -> String {
    let host = url.origin().ascii_serialization();
    let is_plain = url.path() == "/" && is_plain_address(url);
    if is_plain { format!("{host}/") } else { format!("{host}/{MASK}") }
}

/// The name of a shop. It stands in log lines, so a line break in it could forge one.
pub(super) fn shop_name(set: &SetValue<'_>) -> Result<ShopName, Failure> {
    let name = set.text();
    if name.trim().is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Failure::usage(Text::new("config-shop-nameless").with("most", LONGEST_NAME)));
    }
    Ok(ShopName::new(name))
}

/// A key or a site id. Characters that cannot be in one are an error before anything is sent.
pub(super) fn credential(set: &SetValue<'_>, variable: &'static str) -> Result<String, Failure> {
    let text = set.text();
    let is_bad = |c: char| c.is_whitespace() || c.is_control() || !c.is_ascii();
    if text.is_empty() || text.chars().any(is_bad) {
        let shop = set.entry.unwrap_or_default();
        return Err(Failure::usage(Text::new("config-bad-key").with("setting", variable).with("shop", shop)));
    }
    Ok(text.to_owned())
}

/// The language of the user's locale; English if it names none.
pub(crate) fn locale(environment: &Environment) -> Lang {
    // The first of these that is set decides (POSIX).
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| environment.get(name));
    locale.and_then(Lang::of_locale).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_limits() {
        let limit = RequestLimit { requests: 200, window: Duration::from_mins(1) };
        assert_eq!(rate_limit("200/60s"), Some(Some(limit)));
        assert_eq!(rate_limit("off"), Some(None));
        for bad in ["", "200", "0/60s", "-1/60s", "200/0s", "200/", "/60s", "many/60s", "200/60"] {
            assert_eq!(rate_limit(bad), None, "{bad}");
        }
    }

    #[test]
    fn durations() {
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("0s"), Some(Duration::ZERO));
        assert_eq!(duration("-1s"), None);
        assert_eq!(duration("soon"), None);
        assert_eq!(duration("25h"), None);
        assert_eq!(duration("9223372036854775s"), None);
    }

    #[test]
    fn an_address_is_shown_without_what_may_be_secret() {
        let shown = |text: &str| show_address(&Url::parse(text).unwrap());
        assert_eq!(shown("https://www.wixapis.com"), "https://www.wixapis.com/");
        assert_eq!(shown("http://127.0.0.1:4318/"), "http://127.0.0.1:4318/");
        for secret in ["/s3cret", "/?key=s3cret", "/#s3cret", "/a/s3cret/b?c=d"] {
            assert_eq!(
                shown(&format!("https://host.example:8443{secret}")),
                "https://host.example:8443/********"
            );
        }
        assert_eq!(shown("https://user:s3cret@host.example/"), "https://host.example/********");
    }
}
