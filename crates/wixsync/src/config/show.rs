//! The settings as rows: name, value without secrets, origin.

use serde::Serialize;
use url::Url;

use super::{Origin, Settings, Sourced};

/// What stands for a secret that is set.
const MASK: &str = "********";

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// `None`: not set.
    pub(crate) value: Option<String>,
    #[serde(serialize_with = "origin_text")]
    pub(crate) origin: Origin,
}

/// Every setting.
pub(crate) fn rows(settings: &Settings) -> Vec<Row> {
    let s = settings;
    let mut rows = vec![
        optional("warehouse.url", s.warehouse.value.as_ref().map(ToString::to_string), &s.warehouse),
        optional("warehouse.query", s.query.value.clone(), &s.query),
        optional(
            "warehouse.warehouses",
            s.warehouses.value.as_ref().map(|names| names.join(", ")),
            &s.warehouses,
        ),
        optional("state_url", s.state.value.as_ref().map(ToString::to_string), &s.state),
        row("rate_limit", limit(s), &s.rate_limit),
        row("http_timeout", millis(s.http_timeout.value), &s.http_timeout),
        row("settle", millis(s.settle.value), &s.settle),
        row("pause_after_429", millis(s.pause_after_429.value), &s.pause_after_429),
        row("write_batch", s.write_batch.value.entries().to_string(), &s.write_batch),
        row("sold_out", s.policy.value.sold_out.code().to_owned(), &s.policy),
        row("log", s.log.value.clone(), &s.log),
        row("log_format", format!("{:?}", s.log_format.value).to_lowercase(), &s.log_format),
        optional("otlp_endpoint", s.otlp_endpoint.value.as_ref().map(address), &s.otlp_endpoint),
        row("lang", s.lang.value.to_string(), &s.lang),
        row("listen", s.service.listen.value.to_string(), &s.service.listen),
        row("schedule", s.service.schedule.value.clone(), &s.service.schedule),
        row(
            "time_zone",
            s.service.time_zone.value.iana_name().unwrap_or("UTC").to_owned(),
            &s.service.time_zone,
        ),
        row("jitter", millis(s.service.jitter.value), &s.service.jitter),
        row("history_days", s.service.history_days.value.to_string(), &s.service.history_days),
        optional("dead_man_url", s.service.dead_man_url.value.as_ref().map(address), &s.service.dead_man_url),
    ];
    for shop in &s.shops {
        let name = |key: &str| format!("shop.{}.{key}", shop.name);
        let key = shop.api_key.as_ref().map(|key| (MASK.to_owned(), &key.origin));
        let site = shop.site_id.as_ref().map(|site| (site.value.clone(), &site.origin));
        let account = shop.account_id.as_ref().map(|account| (account.value.clone(), &account.origin));
        let url = Some((address(&shop.base_url.value), &shop.base_url.origin));
        let schedule = shop.schedule.as_ref().map(|schedule| (schedule.value.clone(), &schedule.origin));
        let pairs = [
            ("api_key", key),
            ("site_id", site),
            ("account_id", account),
            ("base_url", url),
            ("schedule", schedule),
        ];
        for (key, pair) in pairs {
            let (value, origin) = match pair {
                Some((value, origin)) => (Some(value), origin.clone()),
                None => (None, Origin::Default),
            };
            rows.push(Row { name: name(key), value, origin });
        }
    }
    rows
}

/// An address as it is shown: scheme, host and port. What else it holds can be a secret, a path as well.
fn address(url: &Url) -> String {
    let host = url.origin().ascii_serialization();
    let plain = url.path() == "/" && super::shops::is_plain_address(url);
    if plain { format!("{host}/") } else { format!("{host}/{MASK}") }
}

fn row<T>(name: &str, value: String, from: &Sourced<T>) -> Row {
    optional(name, Some(value), from)
}

fn optional<T>(name: &str, value: Option<String>, from: &Sourced<T>) -> Row {
    Row { name: name.to_owned(), value, origin: from.origin.clone() }
}

fn millis(duration: std::time::Duration) -> String {
    let millis = duration.as_millis();
    if millis.is_multiple_of(1_000) { format!("{}s", millis / 1_000) } else { format!("{millis}ms") }
}

fn limit(settings: &Settings) -> String {
    match settings.rate_limit.value {
        Some(limit) => format!("{}/{}", limit.requests, millis(limit.window)),
        None => "off".to_owned(),
    }
}

fn origin_text<S: serde::Serializer>(origin: &Origin, serializer: S) -> Result<S::Ok, S::Error> {
    match origin {
        Origin::Default => serializer.serialize_str("default"),
        Origin::File(path) => serializer.collect_str(&path.display()),
        Origin::Environment(name) => serializer.serialize_str(name),
        Origin::Flag(name) => serializer.serialize_str(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_what_may_be_secret() {
        let shown = |text: &str| address(&Url::parse(text).unwrap());
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
