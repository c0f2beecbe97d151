//! Which options hold for a list: those of a saved profile, then those of the command line.

use std::path::Path;

use clap::ArgMatches;
use clap::parser::ValueSource;
use messages::{Messages, Text};
use toml_edit::{Array, Value};

use crate::cli::args;
use crate::config::{self, Example, ImportProfile, SavedConfig, Settings};
use crate::error::Failure;

/// The options that a profile keeps, with the number of values that each takes.
const OPTIONS: &[(&str, Kind)] = &[
    ("column", Kind::Several),
    ("subtract", Kind::Several),
    ("quantity-words", Kind::Several),
    ("warehouse", Kind::One),
    ("sheet", Kind::One),
    ("encoding", Kind::One),
    ("delimiter", Kind::One),
    ("decimal", Kind::One),
    ("no-headings", Kind::Switch),
    ("strip-units", Kind::Switch),
    ("sum", Kind::Switch),
    ("empty-as-zero", Kind::Switch),
    ("skip-without-sku", Kind::Switch),
    ("skip-hidden", Kind::Switch),
    ("ignore-total", Kind::Switch),
    ("replace", Kind::Switch),
    ("merge", Kind::Switch),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Switch,
    One,
    Several,
}

/// Options with what is typed behind them; a switch has nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Choice(Vec<(&'static str, Vec<String>)>);

impl Choice {
    /// What a profile keeps.
    pub(crate) fn of(profile: &ImportProfile) -> Self {
        Self(profile.options())
    }

    /// What was typed.
    fn typed(args: &ArgMatches) -> Self {
        let typed =
            OPTIONS.iter().filter(|(name, _)| args.value_source(name) == Some(ValueSource::CommandLine));
        let with_values = typed.map(|(name, kind)| {
            let raw = args.get_raw(name).filter(|_| *kind != Kind::Switch).into_iter().flatten();
            (*name, raw.map(|value| value.to_string_lossy().into_owned()).collect())
        });
        Self(with_values.collect())
    }

    /// These options, and of others those that these do not name. `--replace` and `--merge` exclude each other.
    fn over(mut self, others: Self) -> Self {
        let names: Vec<&str> = self.0.iter().map(|(name, _)| *name).collect();
        let excludes = |name: &str| {
            let both = ["replace", "merge"];
            both.contains(&name) && names.iter().any(|own| both.contains(own))
        };
        self.0.extend(others.0.into_iter().filter(|(name, _)| !names.contains(name) && !excludes(name)));
        self
    }

    /// As `import` understands them.
    pub(crate) fn matches(&self, messages: Messages, dry_run: bool) -> Result<ArgMatches, Failure> {
        let words = self.0.iter().flat_map(|(name, values)| {
            let bare = values.is_empty().then(|| format!("--{name}"));
            bare.into_iter().chain(values.iter().map(move |value| format!("--{name}={value}")))
        });
        let dry_run = dry_run.then(|| "--dry-run".to_owned());
        let words = ["import".to_owned(), "-".to_owned()].into_iter().chain(words).chain(dry_run);
        // Each value was checked when it was read.
        args::import(messages)
            .try_get_matches_from(words)
            .map_err(|error| Failure::usage(Text::new("config-unreadable").with("detail", error.kind())))
    }

    /// As a table `[import.NAME]` keeps them.
    fn values(&self) -> Vec<(String, Value)> {
        let value = |name: &str, values: &[String]| match OPTIONS.iter().find(|(known, _)| *known == name) {
            Some((_, Kind::Several)) => Value::from(values.iter().collect::<Array>()),
            Some((_, Kind::One)) => Value::from(values.first().cloned().unwrap_or_default()),
            _ => Value::from(true),
        };
        self.0.iter().map(|(name, values)| (name.replace('-', "_"), value(name, values))).collect()
    }
}

/// The keys of a profile that are options.
fn keys() -> Vec<String> {
    OPTIONS.iter().map(|(name, _)| name.replace('-', "_")).collect()
}

/// The options of a command: what was typed over the profile that it names.
pub(crate) fn of_command(settings: &Settings, args: &ArgMatches) -> Result<Choice, Failure> {
    let typed = Choice::typed(args);
    let Some(name) = args.get_one::<String>("profile") else { return Ok(typed) };
    if let Some(profile) = settings.profiles.iter().find(|profile| profile.name == *name) {
        return Ok(typed.over(Choice::of(profile)));
    }
    let names = config::profile_names(&settings.profiles);
    Err(Failure::usage(Text::new("import-no-such-profile").with("name", name).with("names", names)))
}

/// Keeps options as a profile in the configuration file; what else the profile says stays. Without a configuration file
/// one is made here, which leaves the state database where it is. Gives the file.
pub(crate) fn save(
    settings: &Settings,
    messages: Messages,
    name: &str,
    choice: &Choice,
) -> Result<String, Failure> {
    let here = Path::new(config::FILE);
    let (file, saved) = if let Some(file) = &settings.file {
        (file.as_path(), SavedConfig::read(file)?)
    } else {
        let mut example = Example::default();
        if let Some(state) = &settings.state.value {
            example = example.set("state_url", state.to_string());
        }
        (here, SavedConfig::of(&example.text(messages))?)
    };
    let text = saved.with_profile(name, &keys(), &choice.values());
    config::write(file, &text)?;
    Ok(file.display().to_string())
}
