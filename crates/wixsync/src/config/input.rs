//! Reads the value of a setting from the layers.

use messages::Text;

use super::layers::Layers;
use super::setting::{SetValue, Setting, Surroundings, Unset};
use super::{Origin, Sourced};
use crate::error::Failure;

/// What the settings of one struct are read from.
pub(super) struct Input<'a> {
    pub(super) layers: &'a Layers,
    /// The entry of a list of tables that is read: the shop's name.
    pub(super) entry: Option<&'a str>,
    pub(super) around: Surroundings<'a>,
}

impl Input<'_> {
    /// The value that is set, or the one that applies if none is.
    pub(super) fn read<T>(&self, setting: &Setting<T>) -> Result<Sourced<T>, Failure> {
        if let Some((texts, origin)) = self.layers.find(setting.key) {
            let value = self.parse(setting, &texts, &origin)?;
            return Ok(Sourced { value, origin });
        }
        let value = match &setting.unset {
            Unset::Default(text) => self.parse(setting, &[(*text).to_owned()], &Origin::Default)?,
            Unset::Found(find) => find(&self.around),
            Unset::Required => {
                let name = setting.declaration().name();
                let file = self.around.file.map(|file| file.display().to_string()).unwrap_or_default();
                let text = Text::new("config-missing-setting").with("setting", name).with("file", file);
                return Err(Failure::usage(text));
            }
        };
        Ok(Sourced { value, origin: Origin::Default })
    }

    fn parse<T>(&self, setting: &Setting<T>, texts: &[String], origin: &Origin) -> Result<T, Failure> {
        let name = &self.name(setting.key, origin);
        setting.parse(&SetValue { texts, name, origin, entry: self.entry, around: self.around })
    }

    /// The name under which the user set it.
    fn name(&self, key: &str, origin: &Origin) -> String {
        match (origin, key.rsplit_once('.')) {
            (Origin::Environment(name), _) => name.clone(),
            (Origin::Flag(flag), _) => (*flag).to_owned(),
            (_, Some((_, key))) if self.entry.is_some() => key.to_owned(),
            (_, Some((table, key))) => format!("[{table}] {key}"),
            (_, None) => key.to_owned(),
        }
    }
}
