//! Every setting, declared once. Reading, `config show`, `config example`, `config check`, the errors and the check of
//! the pages' tables take what they need from here.
//!
//! A new setting is one more field of the struct that it belongs to. A new table such as `[guard]` is one more struct
//! and a group in [`Settings`]. A new list of tables such as `[[notify]]` is one more struct and an entry in [`lists`];
//! tables with names of the user's own, such as `[import.NAME]`, have theirs in [`named`]. Each gets its line in
//! [`TABLES`].

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use domain::{Policy, ShopName, SoldOut, WriteBatch};
use jiff::tz::TimeZone;
use messages::Lang;
use secrecy::SecretString;
use sync::ports::Pace;
use url::Url;
use wix::RequestLimit;

use state::StateUrl;
use warehouse::WarehouseUrl;

use super::declare::settings;
use super::imports::{IMPORT, ImportProfile, of_import};
use super::input::Input;
use super::setting::Check;
use super::setting::Expected::{All, Examples};
use super::setting::Parse::{Own, Text};
use super::setting::Unset::{Default, Found, Required};
use super::setting::Variable::{None as NoVariable, Plain, Secret};
use super::setting::{Declaration, Setting, Shape};
use super::values::{self, LogFormat};
use super::{Row, Sourced, proxy};
use crate::error::Failure;
use crate::logging;

settings! {
    /// All settings, each with its origin.
    pub(crate) struct Settings {
        besides {
            /// The file that was read, where there is one.
            file: Option<PathBuf>;
            shops: Vec<ShopSettings>;
            profiles: Vec<ImportProfile>;
        }
        groups {
            service: ServiceSettings;
        }
        /// `None` if no setting names it and there is no configuration file to look beside.
        warehouse: Option<WarehouseUrl> = Setting {
            key: "warehouse.url",
            variable: Secret("WIXSYNC_WAREHOUSE_URL"),
            shape: Shape::Text,
            unset: Found(|around| around.beside_file("warehouse.db").map(WarehouseUrl::in_file)),
            example: Some("\"sqlite://warehouse.db\""),
            rank: 200,
            explanation: "example-warehouse-url",
            check: Some(Check::Warehouse),
            parse: Own(|set| values::warehouse_url(set).map(Some)),
            show: |url| url.as_ref().map(ToString::to_string),
        };
        query: Option<String> = Setting {
            key: "warehouse.query",
            variable: NoVariable,
            shape: Shape::Text,
            unset: Found(|_| None),
            example: Some("\"SELECT article AS sku, free AS quantity, store AS warehouse FROM my_stock\""),
            rank: 210,
            explanation: "example-warehouse-query",
            check: None,
            parse: Own(|set| values::query(set).map(Some)),
            show: Clone::clone,
        };
        /// `None`: all of them.
        warehouses: Option<Vec<String>> = Setting {
            key: "warehouse.warehouses",
            variable: NoVariable,
            shape: Shape::Texts,
            unset: Found(|_| None),
            example: Some("[\"MAIN\", \"OUTLET\"]"),
            rank: 220,
            explanation: "example-warehouse-warehouses",
            check: None,
            parse: Own(|set| values::warehouses(set).map(Some)),
            show: |names| Some(names.as_ref()?.join(", ")),
        };
        /// How long to wait while another program has locked the warehouse.
        busy_timeout: Duration = Setting {
            key: "warehouse.busy_timeout",
            variable: NoVariable,
            shape: Shape::Text,
            unset: Default("60s"),
            example: None,
            rank: 230,
            explanation: "example-busy-timeout",
            check: None,
            parse: Text(Examples("60s, 500ms, 5m"), values::duration),
            show: |length| Some(values::show_duration(*length)),
        };
        /// How long a database server may work on one statement of a read.
        statement_timeout: Duration = Setting {
            key: "warehouse.statement_timeout",
            variable: NoVariable,
            shape: Shape::Text,
            unset: Default("60s"),
            example: None,
            rank: 235,
            explanation: "example-statement-timeout",
            check: None,
            parse: Text(Examples("60s, 500ms, 5m"), values::duration),
            show: |length| Some(values::show_duration(*length)),
        };
        /// `None` if no setting names it, and there is neither a configuration file nor a home folder.
        state: Option<StateUrl> = Setting {
            key: "state_url",
            variable: Secret("WIXSYNC_STATE_URL"),
            shape: Shape::Text,
            unset: Found(values::default_state),
            example: Some("\"sqlite://state.db\""),
            rank: 10,
            explanation: "example-state-url",
            check: Some(Check::State),
            parse: Own(|set| values::state_url(set).map(Some)),
            show: |url| url.as_ref().map(ToString::to_string),
        };
        /// `None`: no limit.
        rate_limit: Option<RequestLimit> = Setting {
            key: "rate_limit",
            variable: Plain("WIXSYNC_RATE_LIMIT"),
            shape: Shape::Text,
            unset: Default("200/60s"),
            example: None,
            rank: 90,
            explanation: "example-rate-limit",
            check: None,
            parse: Text(Examples("200/60s, off"), values::rate_limit),
            show: |limit| Some(values::show_rate_limit(*limit)),
        };
        /// `None`: as fast as the rate limit allows.
        pace: Option<Pace> = Setting {
            key: "pace",
            variable: Plain("WIXSYNC_PACE"),
            shape: Shape::Text,
            unset: Default("30+5/s"),
            example: None,
            rank: 95,
            explanation: "example-pace",
            check: None,
            parse: Text(Examples("30+5/s, off"), values::pace),
            show: |pace| Some(values::show_pace(*pace)),
        };
        http_timeout: Duration = Setting {
            key: "http_timeout",
            variable: Plain("WIXSYNC_HTTP_TIMEOUT"),
            shape: Shape::Text,
            unset: Default("30s"),
            example: None,
            rank: 110,
            explanation: "example-http-timeout",
            check: None,
            parse: Text(Examples("30s, 500ms, 2m"), values::positive_duration),
            show: |length| Some(values::show_duration(*length)),
        };
        /// The proxy to Wix and to the dead-man's address; never used for this machine.
        proxy: Option<Url> = Setting {
            key: "proxy",
            // The name that most programs know.
            variable: Plain("HTTPS_PROXY"),
            shape: Shape::Text,
            unset: Found(|around| around.environment.get("https_proxy").and_then(proxy::address)),
            example: Some("\"http://proxy.example.com:3128\""),
            rank: 112,
            explanation: "example-proxy",
            check: None,
            parse: Own(|set| proxy::parse(set).map(Some)),
            show: |url| url.as_ref().map(values::show_address),
        };
        /// The hosts that are reached without the proxy.
        no_proxy: Option<String> = Setting {
            key: "no_proxy",
            variable: Plain("NO_PROXY"),
            shape: Shape::Text,
            unset: Found(|around| around.environment.get("no_proxy").map(str::to_owned)),
            example: Some("\"example.com, 192.168.0.0/16\""),
            rank: 114,
            explanation: "example-no-proxy",
            check: None,
            parse: Own(|set| Ok(Some(set.text().to_owned()))),
            show: Clone::clone,
        };
        settle: Duration = Setting {
            key: "settle",
            variable: Plain("WIXSYNC_SETTLE"),
            shape: Shape::Text,
            unset: Default("10s"),
            example: None,
            rank: 120,
            explanation: "example-settle",
            check: None,
            parse: Text(Examples("10s, 500ms, 0s"), values::duration),
            show: |length| Some(values::show_duration(*length)),
        };
        write_batch: WriteBatch = Setting {
            key: "write_batch",
            variable: Plain("WIXSYNC_WRITE_BATCH"),
            shape: Shape::TextOrNumber,
            unset: Default("300"),
            example: None,
            rank: 130,
            explanation: "example-write-batch",
            check: None,
            parse: Text(All("1–300"), values::write_batch),
            show: |batch| Some(batch.entries().to_string()),
        };
        pause_after_429: Duration = Setting {
            key: "pause_after_429",
            variable: NoVariable,
            shape: Shape::Text,
            unset: Default("60s"),
            example: None,
            rank: 100,
            explanation: "example-pause-after-429",
            check: None,
            parse: Text(Examples("30s, 500ms, 2m"), values::positive_duration),
            show: |length| Some(values::show_duration(*length)),
        };
        policy: Policy = Setting {
            key: "sold_out",
            variable: NoVariable,
            shape: Shape::Text,
            unset: Default("zero"),
            example: None,
            rank: 20,
            explanation: "example-sold-out",
            check: None,
            parse: Text(All("zero, ignore"), |text| Some(Policy { sold_out: text.parse::<SoldOut>().ok()? })),
            show: |policy| Some(policy.sold_out.code().to_owned()),
        };
        /// A level or directives that [`crate::logging::filter`] takes.
        log: String = Setting {
            key: "log",
            variable: Plain("WIXSYNC_LOG"),
            shape: Shape::Text,
            unset: Default("info"),
            example: None,
            rank: 140,
            explanation: "example-log",
            check: None,
            parse: Text(All("error, warn, info, debug, trace, off"), |text| {
                logging::filter(text).map(|_| text.to_owned())
            }),
            show: |text| Some(text.clone()),
        };
        log_format: LogFormat = Setting {
            key: "log_format",
            variable: Plain("WIXSYNC_LOG_FORMAT"),
            shape: Shape::Text,
            unset: Default("text"),
            example: None,
            rank: 150,
            explanation: "example-log-format",
            check: None,
            parse: Text(All("text, json"), LogFormat::parse),
            show: |format| Some(format.name().to_owned()),
        };
        /// Where traces go, over OTLP.
        otlp_endpoint: Option<Url> = Setting {
            key: "otlp_endpoint",
            // The name that every program with OpenTelemetry knows.
            variable: Plain("OTEL_EXPORTER_OTLP_ENDPOINT"),
            shape: Shape::Text,
            unset: Found(|_| None),
            example: Some("\"http://127.0.0.1:4318\""),
            rank: 160,
            explanation: "example-otlp-endpoint",
            check: None,
            parse: Own(|set| values::collector(set).map(Some)),
            show: |url| url.as_ref().map(values::show_address),
        };
        lang: Lang = Setting {
            key: "lang",
            variable: Plain("WIXSYNC_LANG"),
            shape: Shape::Text,
            unset: Found(|around| values::locale(around.environment)),
            example: Some("\"en\""),
            rank: 170,
            explanation: "example-lang",
            check: None,
            parse: Text(All("ru, en"), |text| text.parse().ok()),
            show: |lang| Some(lang.to_string()),
        };
    }
}

settings! {
    /// The settings of the service: where it listens, when runs are due, what is kept.
    pub(crate) struct ServiceSettings {
        besides {}
        groups {}
        listen: SocketAddr = Setting {
            key: "listen",
            variable: Plain("WIXSYNC_LISTEN"),
            shape: Shape::Text,
            unset: Default("127.0.0.1:8080"),
            example: None,
            rank: 60,
            explanation: "example-listen",
            check: None,
            parse: Text(Examples("127.0.0.1:8080, [::1]:0"), |text| text.parse().ok()),
            show: |address| Some(address.to_string()),
        };
        /// An interval, a cron expression or `off`.
        schedule: String = Setting {
            key: "schedule",
            variable: Plain("WIXSYNC_SCHEDULE"),
            shape: Shape::Text,
            unset: Default("1h"),
            example: None,
            rank: 30,
            explanation: "example-schedule",
            check: None,
            parse: Text(values::SCHEDULES, values::schedule),
            show: |text| Some(text.clone()),
        };
        time_zone: TimeZone = Setting {
            key: "time_zone",
            variable: Plain("WIXSYNC_TIME_ZONE"),
            shape: Shape::Text,
            unset: Found(|_| TimeZone::system()),
            example: Some("\"Europe/Moscow\""),
            rank: 50,
            explanation: "example-time-zone",
            check: None,
            parse: Text(Examples("Europe/Moscow, UTC"), |name| TimeZone::get(name).ok()),
            show: |zone| Some(zone.iana_name().unwrap_or("UTC").to_owned()),
        };
        jitter: Duration = Setting {
            key: "jitter",
            variable: NoVariable,
            shape: Shape::Text,
            unset: Default("60s"),
            example: None,
            rank: 40,
            explanation: "example-jitter",
            check: None,
            parse: Text(Examples("0s, 60s, 5m"), values::duration),
            show: |length| Some(values::show_duration(*length)),
        };
        history_days: u32 = Setting {
            key: "history_days",
            variable: NoVariable,
            shape: Shape::TextOrNumber,
            unset: Default("365"),
            example: None,
            rank: 70,
            explanation: "example-history-days",
            check: None,
            parse: Text(All("1–36500"), |text| {
                text.trim().parse().ok().filter(|days| (1..=36_500).contains(days))
            }),
            show: |days| Some(days.to_string()),
        };
        dead_man_url: Option<Url> = Setting {
            key: "dead_man_url",
            variable: Secret("WIXSYNC_DEAD_MAN_URL"),
            shape: Shape::Text,
            unset: Found(|_| None),
            example: Some("\"https://example.com/ping\""),
            rank: 80,
            explanation: "example-dead-man-url",
            check: None,
            parse: Own(|set| values::dead_man(set).map(Some)),
            show: |url| url.as_ref().map(values::show_address),
        };
    }
}

/// The list of the shops.
pub(super) const SHOP: &str = "shop";

/// A table of `wixsync.toml`.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// The line that opens it.
    pub(super) head: &'static str,
    /// The message that explains it.
    pub(super) explanation: &'static str,
}

/// Every table.
pub(super) const TABLES: &[Table] = &[
    Table { name: "warehouse", head: "[warehouse]", explanation: "example-warehouse" },
    Table { name: SHOP, head: "[[shop]]", explanation: "example-shop" },
    Table { name: IMPORT, head: "[import.main]", explanation: "example-import" },
];

/// The name of a shop. `config show` does not list it, because it is part of the name of the shop's other settings.
pub(super) fn shop_name() -> Setting<ShopName> {
    Setting {
        key: "shop.name",
        variable: NoVariable,
        shape: Shape::Text,
        unset: Required,
        example: Some("\"default\""),
        rank: 300,
        explanation: "example-shop-name",
        check: None,
        parse: Own(values::shop_name),
        show: |name| Some(name.to_string()),
    }
}

settings! {
    /// One shop. Key and site may still be missing: `config show` works without them.
    pub(crate) struct ShopSettings {
        besides {
            name: ShopName;
            /// The files that hold the key or the app's secret; none where an environment variable does.
            secrets_kept_in: Vec<PathBuf>;
            /// Whether there was a `wixsync.toml` that could hold it.
            file_read: bool;
        }
        groups {}
        api_key: Option<SecretString> = Setting {
            key: "shop.api_key",
            variable: Secret("WIX_API_KEY"),
            shape: Shape::TextOrFile,
            unset: Found(|_| None),
            example: Some("\"wix-api-key\""),
            rank: 310,
            explanation: "example-shop-api-key-file",
            check: Some(Check::Credentials),
            parse: Own(|set| values::credential(set, "WIX_API_KEY").map(|key| Some(SecretString::from(key)))),
            show: |key| key.as_ref().map(|_| values::MASK.to_owned()),
        };
        site_id: Option<String> = Setting {
            key: "shop.site_id",
            variable: Plain("WIX_SITE_ID"),
            shape: Shape::Text,
            unset: Found(|_| None),
            example: Some("\"00000000-0000-0000-0000-000000000000\""),
            rank: 320,
            explanation: "example-shop-site-id",
            check: None,
            parse: Own(|set| values::credential(set, "WIX_SITE_ID").map(Some)),
            show: Clone::clone,
        };
        /// An app's client credentials stand in the place of key and site.
        app_id: Option<String> = Setting {
            key: "shop.app_id",
            variable: NoVariable,
            shape: Shape::Text,
            unset: Found(|_| None),
            example: Some("\"00000000-0000-0000-0000-000000000000\""),
            rank: 322,
            explanation: "example-shop-app-id",
            check: None,
            parse: Own(|set| values::credential(set, "app_id").map(Some)),
            show: Clone::clone,
        };
        app_secret: Option<SecretString> = Setting {
            key: "shop.app_secret",
            variable: NoVariable,
            shape: Shape::TextOrFile,
            unset: Found(|_| None),
            example: Some("\"wix-app-secret\""),
            rank: 324,
            explanation: "example-shop-app-secret-file",
            check: None,
            parse: Own(|set| values::credential(set, "app_secret").map(|text| Some(SecretString::from(text)))),
            show: |secret| secret.as_ref().map(|_| values::MASK.to_owned()),
        };
        instance_id: Option<String> = Setting {
            key: "shop.instance_id",
            variable: NoVariable,
            shape: Shape::Text,
            unset: Found(|_| None),
            example: Some("\"00000000-0000-0000-0000-000000000000\""),
            rank: 326,
            explanation: "example-shop-instance-id",
            check: None,
            parse: Own(|set| values::credential(set, "instance_id").map(Some)),
            show: Clone::clone,
        };
        /// Kept for calls on the account; site calls are made without it.
        account_id: Option<String> = Setting {
            key: "shop.account_id",
            variable: Plain("WIX_ACCOUNT_ID"),
            shape: Shape::Text,
            unset: Found(|_| None),
            example: Some("\"00000000-0000-0000-0000-000000000000\""),
            rank: 330,
            explanation: "example-shop-account-id",
            check: None,
            parse: Own(|set| Ok(Some(set.text().to_owned()))),
            show: Clone::clone,
        };
        base_url: Url = Setting {
            key: "shop.base_url",
            variable: Plain("WIX_BASE_URL"),
            shape: Shape::Text,
            unset: Default("https://www.wixapis.com/"),
            example: None,
            rank: 340,
            explanation: "example-shop-base-url",
            check: None,
            parse: Own(values::base_url),
            show: |url| Some(values::show_address(url)),
        };
        create_items: bool = Setting {
            key: "shop.create_items",
            variable: NoVariable,
            shape: Shape::Flag,
            unset: Default("false"),
            example: None,
            rank: 345,
            explanation: "example-shop-create-items",
            check: None,
            parse: Text(All("true, false"), |text| text.parse().ok()),
            show: |flag| Some(flag.to_string()),
        };
        /// Its own schedule, where it has one.
        schedule: Option<String> = Setting {
            key: "shop.schedule",
            variable: NoVariable,
            shape: Shape::Text,
            unset: Found(|_| None),
            example: Some("\"15m\""),
            rank: 350,
            explanation: "example-shop-schedule",
            check: Some(Check::Schedule),
            parse: Own(|set| Ok(Some(set.text().to_owned()))),
            show: Clone::clone,
        };
    }
}

/// The lists of tables in `wixsync.toml`, each with the settings of an entry.
pub(super) fn lists() -> Vec<(&'static str, Vec<Declaration>)> {
    vec![(SHOP, of_shop())]
}

/// The tables of tables with names of the user's own, each with the settings of an inner table.
pub(super) fn named() -> Vec<(&'static str, Vec<Declaration>)> {
    vec![(IMPORT, of_import())]
}

/// The settings of a `[[shop]]`.
pub(super) fn of_shop() -> Vec<Declaration> {
    let mut declarations = vec![shop_name().declaration()];
    declarations.extend(ShopSettings::declarations());
    declarations
}

/// All settings, those of the lists and of the named tables at the end.
pub(super) fn all() -> Vec<Declaration> {
    let of_lists = lists().into_iter().chain(named()).flat_map(|(_, declarations)| declarations);
    Settings::declarations().into_iter().chain(of_lists).collect()
}

/// What `config check` checks: once, and for each shop.
pub(crate) fn checks() -> (Vec<Check>, Vec<Check>) {
    let of = |declarations: Vec<Declaration>| declarations.iter().filter_map(|one| one.check).collect();
    (of(Settings::declarations()), of(of_shop()))
}
