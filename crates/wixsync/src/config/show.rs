//! The settings as rows: name, value without secrets, origin.

use serde::Serialize;

use super::imports::IMPORT;
use super::table::SHOP;
use super::{Origin, Settings};

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
    let mut rows = settings.rows();
    for shop in &settings.shops {
        let named = shop.rows().into_iter().map(|row| {
            let key = row.name.rsplit_once('.').map_or(row.name.as_str(), |(_, key)| key);
            Row { name: format!("{SHOP}.{}.{key}", shop.name), ..row }
        });
        rows.extend(named);
    }
    for profile in &settings.profiles {
        let named = profile.rows().into_iter().map(|row| {
            let key = row.name.rsplit_once('.').map_or(row.name.as_str(), |(_, key)| key);
            Row { name: format!("{IMPORT}.{}.{key}", profile.name), ..row }
        });
        rows.extend(named);
    }
    rows
}

/// The variables that set where the stock comes from, where the state lies and how the shops are reached. They override
/// the configuration file.
pub(crate) fn set_by_environment(settings: &Settings) -> Vec<String> {
    let is_asked_about =
        |row: &Row| ["warehouse.", "shop.", "state_url"].iter().any(|key| row.name.starts_with(key));
    let of_environment =
        rows(settings).into_iter().filter(is_asked_about).filter_map(|row| match row.origin {
            Origin::Environment(name) => Some(name),
            Origin::Default | Origin::File(_) | Origin::Flag(_) => None,
        });
    of_environment.collect()
}

fn origin_text<S: serde::Serializer>(origin: &Origin, serializer: S) -> Result<S::Ok, S::Error> {
    match origin {
        Origin::Default => serializer.serialize_str("default"),
        Origin::File(path) => serializer.collect_str(&path.display()),
        Origin::Environment(name) => serializer.serialize_str(name),
        Origin::Flag(name) => serializer.serialize_str(name),
    }
}
