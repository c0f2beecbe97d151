//! The layers of plain settings: defaults, file, environment, flags; the later wins.

use std::path::{Path, PathBuf};

use figment::error::Kind;
use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider, Source};
use messages::Text;
use serde::{Deserialize, Deserializer};

use super::Origin;
use crate::environment::Environment;
use crate::error::Failure;

/// A setting that one environment variable sets.
pub(super) struct Variable {
    pub(super) name: &'static str,
    /// The key in `wixsync.toml`, dotted.
    pub(super) key: &'static str,
    /// Whether `NAME_FILE` may name a file that holds the value.
    pub(super) secret: bool,
}

const fn plain(name: &'static str, key: &'static str) -> Variable {
    Variable { name, key, secret: false }
}

const fn secret(name: &'static str, key: &'static str) -> Variable {
    Variable { name, key, secret: true }
}

/// The settings that are not of a shop. Database URLs may hold a password.
pub(super) const VARIABLES: &[Variable] = &[
    secret("WIXSYNC_WAREHOUSE_URL", "warehouse.url"),
    secret("WIXSYNC_STATE_URL", "state_url"),
    plain("WIXSYNC_RATE_LIMIT", "rate_limit"),
    plain("WIXSYNC_HTTP_TIMEOUT", "http_timeout"),
    plain("WIXSYNC_SETTLE", "settle"),
    plain("WIXSYNC_WRITE_BATCH", "write_batch"),
    plain("WIXSYNC_LOG", "log"),
    plain("WIXSYNC_LOG_FORMAT", "log_format"),
    // The name that every program with OpenTelemetry knows.
    plain("OTEL_EXPORTER_OTLP_ENDPOINT", "otlp_endpoint"),
    plain("WIXSYNC_LANG", "lang"),
    plain("WIXSYNC_LISTEN", "listen"),
    plain("WIXSYNC_SCHEDULE", "schedule"),
    plain("WIXSYNC_TIME_ZONE", "time_zone"),
    secret("WIXSYNC_DEAD_MAN_URL", "dead_man_url"),
];

/// `wixsync.toml` as it is written, and what overrides it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    pub(super) state_url: Option<String>,
    pub(super) rate_limit: String,
    pub(super) http_timeout: String,
    pub(super) settle: String,
    #[serde(deserialize_with = "text_or_number")]
    pub(super) write_batch: String,
    pub(super) pause_after_429: String,
    pub(super) sold_out: String,
    pub(super) log: String,
    pub(super) log_format: String,
    pub(super) otlp_endpoint: Option<String>,
    pub(super) lang: Option<String>,
    pub(super) listen: String,
    pub(super) schedule: String,
    pub(super) time_zone: Option<String>,
    pub(super) jitter: String,
    #[serde(deserialize_with = "text_or_number")]
    pub(super) history_days: String,
    pub(super) dead_man_url: Option<String>,
    #[serde(default)]
    pub(super) warehouse: RawWarehouse,
    #[serde(default)]
    pub(super) shop: Vec<RawShop>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWarehouse {
    pub(super) url: Option<String>,
    pub(super) query: Option<String>,
    pub(super) warehouses: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawShop {
    pub(super) name: String,
    pub(super) api_key: Option<String>,
    pub(super) api_key_file: Option<PathBuf>,
    pub(super) site_id: Option<String>,
    pub(super) account_id: Option<String>,
    pub(super) base_url: Option<String>,
    pub(super) schedule: Option<String>,
}

fn defaults() -> Vec<(&'static str, &'static str)> {
    vec![
        ("rate_limit", "200/60s"),
        ("http_timeout", "30s"),
        ("settle", "10s"),
        ("write_batch", "300"),
        ("pause_after_429", "60s"),
        ("sold_out", "zero"),
        ("log", "info"),
        ("log_format", "text"),
        ("listen", "127.0.0.1:8080"),
        ("schedule", "1h"),
        ("jitter", "60s"),
        ("history_days", "365"),
    ]
}

/// Everything that was said about the plain settings.
pub(super) struct Layers {
    figment: Figment,
}

impl Layers {
    /// Lays `file` over the defaults, and the environment over both.
    pub(super) fn collect(
        file: Option<&Path>,
        environment: &Environment,
        flags: &[(&'static str, &'static str, String)],
    ) -> Result<Self, Failure> {
        let mut figment = Figment::new();
        for (key, value) in defaults() {
            figment = figment.merge(Serialized::default(key, value));
        }
        if let Some(file) = file {
            check_syntax(file)?;
            figment = figment.merge(Toml::file_exact(file));
            // Alone, so that an error of the file is told as one of the file.
            figment.extract::<Raw>().map_err(|error| bad_file(file, &error))?;
        }
        for variable in VARIABLES {
            if let Some((name, value)) = from_environment(environment, variable)? {
                figment = figment.merge(One::new(variable.key, value, Origin::Environment(name)));
            }
        }
        for (flag, key, value) in flags {
            figment = figment.merge(One::new(key, value.clone(), Origin::Flag(flag)));
        }
        Ok(Self { figment })
    }

    pub(super) fn raw(&self) -> Result<Raw, Failure> {
        self.figment
            .extract::<Raw>()
            .map_err(|error| Failure::usage(Text::new("config-unreadable").with("detail", error)))
    }

    /// Where the value of `key` comes from.
    pub(super) fn origin(&self, key: &str) -> Origin {
        match self.figment.find_metadata(key).and_then(|metadata| metadata.source.clone()) {
            Some(Source::File(path)) => Origin::File(path),
            Some(Source::Custom(text)) => match text.split_once(':') {
                Some(("environment", name)) => Origin::Environment(name.to_owned()),
                Some(("flag", name)) => FLAGS
                    .iter()
                    .find(|flag| **flag == name)
                    .map_or(Origin::Default, |flag| Origin::Flag(flag)),
                _ => Origin::Default,
            },
            _ => Origin::Default,
        }
    }
}

/// The flags that set a plain setting.
const FLAGS: &[&str] = &["--lang"];

/// Errors of the syntax are told by place and reason; the line itself may hold a secret.
fn check_syntax(file: &Path) -> Result<(), Failure> {
    let named = |id| Text::new(id).with("file", file.display());
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::usage(named("config-file-unreadable").with("detail", error)))?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::usage(named("config-file-not-utf-8")))?;
    let Err(error) = text.parse::<toml::Table>() else { return Ok(()) };
    let start = error.span().map_or(0, |span| span.start);
    let number = text.get(..start).unwrap_or_default().matches('\n').count() + 1;
    let line = text.lines().nth(number - 1).unwrap_or_default();
    let reason = error.message().lines().next().unwrap_or_default();
    let told = named("config-file-syntax").with("line", number).with("detail", reason);
    Err(Failure::usage(told.with("mistake", mistake(line, reason))))
}

/// What is most likely wrong with a line; the hint hangs on it.
fn mistake(line: &str, reason: &str) -> &'static str {
    let line = line.trim();
    let value = line.split_once('=').map(|(_, value)| value.trim());
    match value {
        _ if reason.contains("escape") => "backslash",
        _ if reason.starts_with("duplicate key") => "twice",
        _ if line.contains(['“', '”', '„', '«', '»', '‘', '’']) => "typographic",
        _ if line.starts_with('[') => "open",
        None => "equals",
        Some("") => "empty",
        Some(value) if value.starts_with(['"', '\'', '[', '{']) => "open",
        Some(_) => "quotes",
    }
}

fn bad_file(file: &Path, error: &figment::Error) -> Failure {
    let text = match &error.kind {
        Kind::UnknownField(name, known) => {
            Text::new("config-unknown-setting").with("setting", name).with("known", known.join(", "))
        }
        // What stands there is not told: it may be a secret.
        Kind::InvalidType(_, expected) => {
            Text::new("config-wrong-type").with("setting", error.path.join(".")).with("expected", expected)
        }
        Kind::MissingField(name) => Text::new("config-missing-setting").with("setting", name),
        _ => Text::new("config-file-unreadable").with("detail", error.path.join(".")),
    };
    Failure::usage(text.with("file", file.display()))
}

/// The value of a variable, or of the file that `NAME_FILE` names; with the name that was used.
pub(super) fn from_environment(
    environment: &Environment,
    variable: &Variable,
) -> Result<Option<(String, String)>, Failure> {
    let value = environment.get(variable.name).map(|value| (variable.name.to_owned(), value.to_owned()));
    let file_name = format!("{}_FILE", variable.name);
    let Some(file) = environment.get(&file_name).filter(|_| variable.secret) else { return Ok(value) };
    if value.is_some() {
        let text = Text::new("config-twice").with("setting", variable.name).with("other", &file_name);
        return Err(Failure::usage(text));
    }
    let content = read_secret(Path::new(file), &file_name)?;
    Ok(Some((file_name, content)))
}

/// The content of a secret's file, without the line end that editors add.
pub(crate) fn read_secret(file: &Path, setting: &str) -> Result<String, Failure> {
    let content = std::fs::read_to_string(file).map_err(|error| {
        let text = Text::new("config-secret-file").with("setting", setting).with("file", file.display());
        Failure::usage(text.with("detail", error))
    })?;
    let secret = content.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        let text = Text::new("config-secret-empty").with("setting", setting).with("file", file.display());
        return Err(Failure::usage(text));
    }
    Ok(secret.to_owned())
}

/// One value with its origin, as a layer.
struct One {
    key: &'static str,
    value: String,
    origin: Origin,
}

impl One {
    fn new(key: &'static str, value: String, origin: Origin) -> Self {
        Self { key, value, origin }
    }
}

impl Provider for One {
    fn metadata(&self) -> Metadata {
        let source = match &self.origin {
            Origin::Environment(name) => format!("environment:{name}"),
            Origin::Flag(name) => format!("flag:{name}"),
            Origin::Default | Origin::File(_) => String::new(),
        };
        Metadata::from("setting", Source::Custom(source))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut value = Value::from(self.value.clone());
        let mut key = self.key;
        if let Some((table, inner)) = key.split_once('.') {
            value = Value::from(Dict::from([(inner.to_owned(), value)]));
            key = table;
        }
        Ok(Profile::Default.collect(Dict::from([(key.to_owned(), value)])))
    }
}

/// `write_batch = 300` and `write_batch = "300"` mean the same.
fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(i64),
        Text(String),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::Number(number) => number.to_string(),
        Either::Text(text) => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_line_is_guessed_from_it() {
        for (text, due) in [
            ("state_url = sqlite://a.db", "quotes"),
            ("settle = 10s # seconds", "quotes"),
            ("schedule = 0 * * * *", "quotes"),
            ("log = True", "quotes"),
            ("log = \"info", "open"),
            ("log = 'it's'", "open"),
            ("[warehouse\nurl = \"x\"", "open"),
            ("names = [\"a\", \"b\"", "open"),
            ("log = ”info”", "typographic"),
            ("log = \"C:\\data\\w.db\"", "backslash"),
            ("log: \"info\"", "equals"),
            ("log", "equals"),
            ("log =", "empty"),
            ("a = 1\na = 2", "twice"),
        ] {
            let error = text.parse::<toml::Table>().expect_err(text);
            let line = text.lines().next().unwrap_or_default();
            assert_eq!(mistake(line, error.message()), due, "{text}: {}", error.message());
        }
    }
}
