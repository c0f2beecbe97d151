//! The layers of values: the file, the environment, flags. A later layer overrides an earlier one, and each value keeps
//! its origin.

use std::path::Path;

use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider, Source};
use messages::Text;

use super::Origin;
use super::secret::read_secret;
use super::setting::Declaration;
use crate::environment::Environment;
use crate::error::Failure;

/// Values in layers.
#[derive(Clone, Default)]
pub(super) struct Layers {
    figment: Figment,
}

/// A value that one key gets.
pub(super) struct Assignment {
    pub(super) key: &'static str,
    pub(super) text: String,
    pub(super) origin: Origin,
}

impl Layers {
    /// With a layer of many values on top.
    pub(super) fn over(self, values: Dict, origin: Origin) -> Self {
        Self { figment: self.figment.merge(Layer { values, origin }) }
    }

    /// With a layer of one value on top.
    pub(super) fn set(self, assignment: Assignment) -> Self {
        let Assignment { key, text, origin } = assignment;
        self.over(nested(key, Value::from(text)), origin)
    }

    /// The texts that `key` is set to, and their origin.
    pub(super) fn find(&self, key: &str) -> Option<(Vec<String>, Origin)> {
        let value = self.figment.find_value(key).ok()?;
        let source = self.figment.find_metadata(key).and_then(|metadata| metadata.source.clone());
        Some((texts(&value), origin(source)))
    }
}

/// The values that the environment sets: by a variable, or by a file that `NAME_FILE` names.
pub(super) fn assigned_by(
    environment: &Environment,
    declarations: &[Declaration],
) -> Result<Vec<Assignment>, Failure> {
    let assigned = declarations.iter().map(|declaration| assignment(environment, declaration));
    assigned.filter_map(Result::transpose).collect()
}

fn assignment(environment: &Environment, declaration: &Declaration) -> Result<Option<Assignment>, Failure> {
    let Some(name) = declaration.variable.name() else { return Ok(None) };
    let assigned = |text: String, name: String| Assignment {
        key: declaration.key,
        text,
        origin: Origin::Environment(name),
    };
    let text = environment.get(name);
    let file_name = declaration.variable.file_name();
    let file = file_name.and_then(|name| environment.get(&name).map(|file| (name.clone(), file)));
    match (text, file) {
        (Some(_), Some((file_name, _))) => {
            let text = Text::new("config-twice").with("setting", name).with("other", file_name);
            Err(Failure::usage(text))
        }
        (Some(text), None) => Ok(Some(assigned(text.to_owned(), name.to_owned()))),
        (None, Some((file_name, file))) => {
            Ok(Some(assigned(read_secret(Path::new(file), &file_name)?, file_name)))
        }
        (None, None) => Ok(None),
    }
}

/// The value within its tables.
fn nested(key: &str, value: Value) -> Dict {
    match key.split_once('.') {
        Some((table, key)) => Dict::from([(table.to_owned(), Value::from(nested(key, value)))]),
        None => Dict::from([(key.to_owned(), value)]),
    }
}

/// The texts of a value whose type was checked.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(_, values) => values.iter().flat_map(texts).collect(),
        Value::String(_, text) => vec![text.clone()],
        Value::Bool(_, flag) => vec![flag.to_string()],
        Value::Num(_, number) => {
            let number = number.to_i128().map(|number| number.to_string());
            number.or_else(|| value.to_u128().map(|number| number.to_string())).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Some values with their origin.
struct Layer {
    values: Dict,
    origin: Origin,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        let source = match &self.origin {
            Origin::File(path) => Source::File(path.clone()),
            Origin::Environment(name) => Source::Custom(format!("environment:{name}")),
            Origin::Flag(name) => Source::Custom(format!("flag:{name}")),
            Origin::Default => Source::Custom(String::new()),
        };
        Metadata::from("setting", source)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

fn origin(source: Option<Source>) -> Origin {
    match source {
        Some(Source::File(path)) => Origin::File(path),
        Some(Source::Custom(text)) => match text.split_once(':') {
            Some(("environment", name)) => Origin::Environment(name.to_owned()),
            Some(("flag", name)) => {
                FLAGS.iter().find(|flag| **flag == name).map_or(Origin::Default, |flag| Origin::Flag(flag))
            }
            _ => Origin::Default,
        },
        _ => Origin::Default,
    }
}

/// The flags that set a setting.
const FLAGS: &[&str] = &["--lang"];
