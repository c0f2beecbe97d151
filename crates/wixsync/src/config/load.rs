//! Reads all settings: finds the file, lays the layers over each other, and parses the values.

use std::path::Path;

use figment::value::{Dict, Value};
use messages::Text;

use super::imports::IMPORT;
use super::input::Input;
use super::layers::{Assignment, Layers, assigned_by};
use super::setting::Surroundings;
use super::table::{SHOP, all};
use super::{Origin, Settings, file, imports, owners, shops};
use crate::environment::Environment;
use crate::error::Failure;

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
        File::Find(named) => file::find(environment, named)?,
    };
    if let Some(file) = &file {
        owners::refuse_foreign(file)?;
    }
    let values = file.as_deref().map(file::read).transpose()?.unwrap_or_default();
    let entries = entries(&values, SHOP);
    let profiles = values.get(IMPORT).and_then(Value::as_dict).cloned();
    let around = Surroundings { environment, file: file.as_deref() };
    let layers = layers(values, &around, lang)?;
    let input = Input { layers: &layers, entry: None, around };
    let mut settings = Settings::read(&input, file.clone(), Vec::new(), Vec::new())?;
    settings.shops = shops::shops(entries, &around)?;
    settings.profiles = imports::profiles(profiles.as_ref(), &around)?;
    Ok(settings)
}

fn layers(values: Dict, around: &Surroundings<'_>, lang: Option<&str>) -> Result<Layers, Failure> {
    let mut layers = Layers::default();
    if let Some(file) = around.file {
        layers = layers.over(values, Origin::File(file.to_owned()));
    }
    for assignment in assigned_by(around.environment, &Settings::declarations())? {
        layers = layers.set(assignment);
    }
    if let Some(lang) = lang {
        let (text, origin) = (lang.to_owned(), Origin::Flag("--lang"));
        layers = layers.set(Assignment { key: "lang", text, origin });
    }
    Ok(layers)
}

/// The entries of a list of tables.
fn entries(values: &Dict, list: &str) -> Vec<Dict> {
    let entries = values.get(list).and_then(Value::as_array).unwrap_or_default();
    entries.iter().filter_map(Value::as_dict).cloned().collect()
}

/// Variables that look like our settings and are none: most likely typing mistakes.
pub(crate) fn unknown_variables(environment: &Environment) -> Vec<&str> {
    let known: Vec<String> = all()
        .iter()
        .flat_map(|one| one.variable.name().map(str::to_owned).into_iter().chain(one.variable.file_name()))
        .collect();
    let is_known = |name: &str| name == "WIXSYNC_CONFIG" || known.iter().any(|known| known == name);
    environment.names("WIXSYNC_").filter(|name| !is_known(name)).collect()
}
