//! `wixsync.toml` with every setting in it, commented: as an example, and filled in by `init`.

use std::collections::BTreeMap;
use std::fmt::Write;

use messages::Messages;

/// One line of the file.
enum Line {
    /// A table's head, with the message that says what the table is about.
    Table(&'static str, &'static str),
    /// A setting: its key with the table's name before it, its default or an example, its message.
    Setting(&'static str, &'static str, &'static str),
}
use Line::{Setting, Table};

const LINES: &[Line] = &[
    Setting("state_url", "\"sqlite://state.db\"", "example-state-url"),
    Setting("sold_out", "\"zero\"", "example-sold-out"),
    Setting("schedule", "\"1h\"", "example-schedule"),
    Setting("jitter", "\"60s\"", "example-jitter"),
    Setting("time_zone", "\"Europe/Moscow\"", "example-time-zone"),
    Setting("listen", "\"127.0.0.1:8080\"", "example-listen"),
    Setting("history_days", "365", "example-history-days"),
    Setting("dead_man_url", "\"https://example.com/ping\"", "example-dead-man-url"),
    Setting("rate_limit", "\"200/60s\"", "example-rate-limit"),
    Setting("pause_after_429", "\"60s\"", "example-pause-after-429"),
    Setting("http_timeout", "\"30s\"", "example-http-timeout"),
    Setting("settle", "\"10s\"", "example-settle"),
    Setting("write_batch", "300", "example-write-batch"),
    Setting("log", "\"info\"", "example-log"),
    Setting("log_format", "\"text\"", "example-log-format"),
    Setting("otlp_endpoint", "\"http://127.0.0.1:4318\"", "example-otlp-endpoint"),
    Setting("lang", "\"en\"", "example-lang"),
    Table("[warehouse]", "example-warehouse"),
    Setting("warehouse.url", "\"sqlite://warehouse.db\"", "example-warehouse-url"),
    Setting(
        "warehouse.query",
        "\"SELECT article AS sku, free AS quantity, store AS warehouse FROM my_stock\"",
        "example-warehouse-query",
    ),
    Setting("warehouse.warehouses", "[\"MAIN\", \"OUTLET\"]", "example-warehouse-warehouses"),
    Table("[[shop]]", "example-shop"),
    Setting("shop.name", "\"default\"", "example-shop-name"),
    Setting("shop.api_key_file", "\"wix-api-key\"", "example-shop-api-key-file"),
    Setting("shop.site_id", "\"00000000-0000-0000-0000-000000000000\"", "example-shop-site-id"),
    Setting("shop.account_id", "\"00000000-0000-0000-0000-000000000000\"", "example-shop-account-id"),
    Setting("shop.base_url", "\"https://www.wixapis.com/\"", "example-shop-base-url"),
    Setting("shop.schedule", "\"15m\"", "example-shop-schedule"),
];

/// The file; what is not set in it stands there as a comment.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    set: BTreeMap<&'static str, toml::Value>,
}

impl Default for Example {
    fn default() -> Self {
        Self { set: BTreeMap::from([("shop.name", "default".into())]) }
    }
}

impl Example {
    /// With this value; of a table's key, with the table's name before it.
    pub(crate) fn set(mut self, key: &'static str, value: impl Into<toml::Value>) -> Self {
        self.set.insert(key, value.into());
        self
    }

    /// The text, with its comments in the language of `messages`.
    pub(crate) fn text(&self, messages: Messages) -> String {
        let mut text = commented(&messages.get("example-head"));
        for line in LINES {
            text.push('\n');
            match line {
                Table(head, message) => {
                    let _ = writeln!(text, "{}{head}", commented(&messages.get(message)));
                }
                Setting(key, example, message) => {
                    text.push_str(&commented(&messages.get(message)));
                    let name = key.rsplit_once('.').map_or(*key, |(_, name)| name);
                    let _ = match self.set.get(key) {
                        Some(value) => writeln!(text, "{name} = {value}"),
                        None => writeln!(text, "# {name} = {example}"),
                    };
                }
            }
        }
        text
    }
}

fn commented(text: &str) -> String {
    text.lines().map(|line| format!("# {line}").trim_end().to_owned() + "\n").collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io::Write as _;

    use figment::Figment;
    use figment::error::Kind;
    use figment::providers::{Format, Toml};
    use messages::Lang;

    use super::*;
    use crate::config::layers::Raw;
    use crate::config::{File, Settings, load, rows};
    use crate::environment::Environment;

    fn settings_of(text: &str) -> Settings {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        load(&Environment::default(), File::Find(Some(file.path())), None).unwrap()
    }

    /// The settings that a place in the file takes.
    fn known(text: &str) -> &'static [&'static str] {
        let error = Figment::from(Toml::string(text)).extract::<Raw>().unwrap_err();
        match error.into_iter().next().unwrap().kind {
            Kind::UnknownField(_, known) => known,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_setting_stands_in_it_but_the_key_itself() {
        let there: BTreeSet<String> = LINES
            .iter()
            .filter_map(|line| match line {
                Setting(key, ..) => Some((*key).to_owned()),
                Table(..) => None,
            })
            .collect();
        let of = |prefix: &'static str, names: &'static [&'static str]| {
            names.iter().map(move |name| format!("{prefix}{name}"))
        };
        let mut due: BTreeSet<String> = of("", known("unknown = 1")).collect();
        due.extend(of("warehouse.", known("[warehouse]\nunknown = 1")));
        due.extend(of("shop.", known("[[shop]]\nunknown = 1")));
        for none in ["warehouse", "shop", "shop.api_key"] {
            assert!(due.remove(none), "{none}");
        }
        assert_eq!(there, due);
    }

    /// What stands there commented is the default, wherever there is one.
    #[test]
    fn its_comments_are_the_defaults() {
        let text = Example::default().text(Messages::new(Lang::En));
        let plain = rows(&settings_of(""));
        let set: Vec<&str> = text
            .lines()
            .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line))
            .filter(|line| !line.contains("_file = "))
            .collect();
        let examples =
            ["lang", "time_zone", "otlp_endpoint", "dead_man_url", "warehouse.query", "warehouse.warehouses"];
        for (before, after) in plain.iter().zip(rows(&settings_of(&set.join("\n")))) {
            assert_eq!(before.name, after.name);
            let is_example = examples.contains(&&*after.name)
                || after.name.ends_with("_id")
                || after.name.ends_with(".schedule");
            assert!(
                is_example || before.value == after.value || is_beside(after.value.as_ref()),
                "{after:?}"
            );
        }
    }

    /// Databases lie beside the file, which is another one each time.
    fn is_beside(value: Option<&String>) -> bool {
        value.is_some_and(|value| value.ends_with("/state.db") || value.ends_with("/warehouse.db"))
    }

    #[test]
    fn what_is_set_is_read_back() {
        let query = "SELECT \"a\" AS sku,\n  'x\\' AS quantity FROM t";
        let example =
            Example::default().set("warehouse.query", query).set("shop.site_id", "s").set("write_batch", 7);
        for lang in Lang::ALL {
            let settings = settings_of(&example.text(Messages::new(*lang)));
            assert_eq!(settings.query.value.as_deref(), Some(query));
            assert_eq!(settings.write_batch.value.entries(), 7);
            let shop = settings.shops.first().unwrap();
            assert_eq!(shop.site_id.as_ref().map(|site| site.value.as_str()), Some("s"));
        }
    }
}
