//! From layers of texts to settings, with an error that names the setting, its origin and what it may be.

use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::{Policy, SoldOut, WriteBatch};
use messages::{Lang, Text};
use state::StateUrl;
use url::Url;
use warehouse::WarehouseUrl;

use super::database::{state_url, warehouse_url};
use super::layers::{Layers, Raw, VARIABLES};
use super::{LogFormat, Origin, Settings, Sourced, service, shops, values};
use crate::environment::Environment;
use crate::error::Failure;
use crate::logging;

/// The configuration file's name.
pub(crate) const FILE: &str = "wixsync.toml";

/// Which file to read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum File<'a> {
    /// None at all.
    None,
    /// The one that the flag names, or the one that is found.
    Find(Option<&'a Path>),
}

/// Reads all settings. `lang` is a flag.
pub(crate) fn load(
    environment: &Environment,
    file: File<'_>,
    lang: Option<&str>,
) -> Result<Settings, Failure> {
    if let Some(name) = environment.unreadable().first() {
        return Err(Failure::usage(Text::new("config-not-unicode").with("setting", name)));
    }
    let file = match file {
        File::None => None,
        File::Find(named) => find_file(environment, named)?,
    };
    let flags: Vec<_> = lang.map(|lang| ("--lang", "lang", lang.to_owned())).into_iter().collect();
    let layers = Layers::collect(file.as_deref(), environment, &flags)?;
    let raw = layers.raw()?;
    let parser = Parser { layers: &layers, file: file.as_deref() };
    let settings = Settings {
        warehouse: parser.warehouse(&raw)?,
        query: parser.query(&raw)?,
        warehouses: parser.warehouses(&raw)?,
        state: parser.state(&raw, environment)?,
        rate_limit: parser.parse(
            "rate_limit",
            &raw.rate_limit,
            Known::Examples("200/60s, off"),
            values::rate_limit,
        )?,
        http_timeout: parser.duration("http_timeout", &raw.http_timeout)?,
        settle: parser.parse("settle", &raw.settle, Known::Examples("10s, 500ms, 0s"), values::duration)?,
        pause_after_429: parser.duration("pause_after_429", &raw.pause_after_429)?,
        write_batch: parser.parse("write_batch", &raw.write_batch, Known::All("1–300"), |text| {
            text.trim().parse().ok().and_then(WriteBatch::new)
        })?,
        policy: parser.parse("sold_out", &raw.sold_out, Known::All("zero, ignore"), |text| {
            Some(Policy { sold_out: text.parse::<SoldOut>().ok()? })
        })?,
        log: parser.parse("log", &raw.log, Known::All("error, warn, info, debug, trace, off"), |text| {
            logging::filter(text).map(|_| text.to_owned())
        })?,
        log_format: parser.parse(
            "log_format",
            &raw.log_format,
            Known::All("text, json"),
            |text| match text {
                "text" => Some(LogFormat::Text),
                "json" => Some(LogFormat::Json),
                _ => None,
            },
        )?,
        otlp_endpoint: parser.otlp_endpoint(&raw)?,
        lang: parser.lang(&raw, environment)?,
        service: service::service(&parser, &raw)?,
        shops: shops::shops(raw.shop, file.as_deref(), environment)?,
        file,
    };
    Ok(settings)
}

/// `--config`, `WIXSYNC_CONFIG`, `wixsync.toml` here, then in the user's configuration folder.
fn find_file(environment: &Environment, flag: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    let named = flag.map(Path::to_owned).or_else(|| environment.get("WIXSYNC_CONFIG").map(PathBuf::from));
    if let Some(file) = named {
        if file.is_file() {
            return Ok(Some(absolute(&file)));
        }
        return Err(Failure::usage(Text::new("config-no-file").with("file", file.display())));
    }
    let here = PathBuf::from(FILE);
    let in_home = environment.config_folder().map(|folder| folder.join(FILE));
    Ok([Some(here), in_home].into_iter().flatten().find(|file| file.is_file()).map(|file| absolute(&file)))
}

/// Variables that look like settings of ours and are none: most likely a slip of the pen.
pub(crate) fn unknown_variables(environment: &Environment) -> Vec<&str> {
    let known = |name: &str| {
        let plain = name.strip_suffix("_FILE").unwrap_or(name);
        name == "WIXSYNC_CONFIG" || VARIABLES.iter().any(|v| v.name == name || (v.secret && v.name == plain))
    };
    environment.names("WIXSYNC_").filter(|name| !known(name)).collect()
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// What an error says that a setting may be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Known<'a> {
    /// This, and nothing else.
    All(&'a str),
    /// This, for instance.
    Examples(&'a str),
}

pub(super) fn bad_value(setting: &str, value: &str, known: Known<'_>) -> Failure {
    let (kind, values) = match known {
        Known::All(values) => ("all", values),
        Known::Examples(values) => ("examples", values),
    };
    let text = Text::new("config-bad-value").with("setting", setting).with("value", value);
    Failure::usage(text.with("kind", kind).with("examples", values))
}

pub(super) struct Parser<'a> {
    pub(super) layers: &'a Layers,
    file: Option<&'a Path>,
}

impl Parser<'_> {
    pub(super) fn parse<T>(
        &self,
        key: &'static str,
        text: &str,
        known: Known<'_>,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Sourced<T>, Failure> {
        let origin = self.layers.origin(key);
        match parse(text) {
            Some(value) => Ok(Sourced { value, origin }),
            None => Err(bad_value(&name_of(key, &origin), text, known)),
        }
    }

    fn duration(&self, key: &'static str, text: &str) -> Result<Sourced<Duration>, Failure> {
        self.parse(key, text, Known::Examples("30s, 500ms, 2m"), values::positive_duration)
    }

    fn warehouse(&self, raw: &Raw) -> Result<Sourced<Option<WarehouseUrl>>, Failure> {
        let Some(url) = &raw.warehouse.url else {
            let value = self.beside_file("warehouse.db").map(WarehouseUrl::in_file);
            return Ok(Sourced { value, origin: Origin::Default });
        };
        let (origin, base) = self.base_of("warehouse.url");
        let value = warehouse_url(&name_of("warehouse.url", &origin), url, &base)?;
        Ok(Sourced { value: Some(value), origin })
    }

    fn state(&self, raw: &Raw, environment: &Environment) -> Result<Sourced<Option<StateUrl>>, Failure> {
        let Some(url) = &raw.state_url else {
            let in_home = || environment.state_folder().map(|folder| folder.join("state.db"));
            let value = self.beside_file("state.db").or_else(in_home).map(StateUrl::in_file);
            return Ok(Sourced { value, origin: Origin::Default });
        };
        let (origin, base) = self.base_of("state_url");
        let value = state_url(&name_of("state_url", &origin), url, &base)?;
        Ok(Sourced { value: Some(value), origin })
    }

    /// A file beside the configuration file.
    fn beside_file(&self, name: &str) -> Option<PathBuf> {
        self.file.and_then(Path::parent).map(|folder| folder.join(name))
    }

    /// Where a setting comes from, and the folder from which a relative path in it counts.
    fn base_of(&self, key: &'static str) -> (Origin, PathBuf) {
        let origin = self.layers.origin(key);
        let base = match (&origin, self.file.and_then(Path::parent)) {
            (Origin::File(_), Some(folder)) => folder.to_owned(),
            _ => absolute(Path::new(".")),
        };
        (origin, base)
    }

    fn query(&self, raw: &Raw) -> Result<Sourced<Option<String>>, Failure> {
        let origin = self.layers.origin("warehouse.query");
        match &raw.warehouse.query {
            Some(query) if query.trim().is_empty() => {
                Err(Failure::usage(Text::new("config-empty-query").with("setting", "[warehouse] query")))
            }
            query => Ok(Sourced { value: query.clone(), origin }),
        }
    }

    /// An empty list would sum nothing: an error, and not "all of them".
    fn warehouses(&self, raw: &Raw) -> Result<Sourced<Option<Vec<String>>>, Failure> {
        let origin = self.layers.origin("warehouse.warehouses");
        match &raw.warehouse.warehouses {
            Some(names) if names.is_empty() => Err(Failure::usage(Text::new("config-no-warehouses"))),
            names => Ok(Sourced { value: names.clone(), origin }),
        }
    }

    fn otlp_endpoint(&self, raw: &Raw) -> Result<Sourced<Option<Url>>, Failure> {
        let Some(text) = &raw.otlp_endpoint else {
            return Ok(Sourced { value: None, origin: Origin::Default });
        };
        let origin = self.layers.origin("otlp_endpoint");
        match Url::parse(text) {
            Ok(url) if shops::is_plain_address(&url) => Ok(Sourced { value: Some(url), origin }),
            // What stands there is not told: it may hold a password.
            _ => Err(shops::bad_address(&name_of("otlp_endpoint", &origin), "collector")),
        }
    }

    fn lang(&self, raw: &Raw, environment: &Environment) -> Result<Sourced<Lang>, Failure> {
        match &raw.lang {
            Some(text) => self.parse("lang", text, Known::All("ru, en"), |text| text.parse().ok()),
            None => Ok(Sourced { value: locale(environment), origin: Origin::Default }),
        }
    }
}

/// The language of the user's locale; English where that says nothing.
pub(crate) fn locale(environment: &Environment) -> Lang {
    // The first of these that is set decides (POSIX).
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| environment.get(name));
    locale.and_then(Lang::of_locale).unwrap_or_default()
}

/// The name under which the user set it.
pub(super) fn name_of(key: &str, origin: &Origin) -> String {
    match origin {
        Origin::Environment(name) => name.clone(),
        Origin::Flag(flag) => (*flag).to_owned(),
        Origin::Default | Origin::File(_) => match key.split_once('.') {
            Some((table, key)) => format!("[{table}] {key}"),
            None => key.to_owned(),
        },
    }
}
