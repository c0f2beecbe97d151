//! The parts of a setting's declaration, and how a text becomes the setting's value.

use std::path::{Path, PathBuf};

use messages::Text;

use super::{Origin, Row, Sourced};
use crate::environment::Environment;
use crate::error::Failure;

/// One setting. [`super::table`] declares all of them.
pub(super) struct Setting<T> {
    /// The key in `wixsync.toml`, with its table before it: `settle`, `warehouse.url`, `shop.site_id`.
    pub(super) key: &'static str,
    pub(super) variable: Variable,
    pub(super) shape: Shape,
    /// The value if it is not set.
    pub(super) unset: Unset<T>,
    /// The value in the example file, as TOML. `None`: the default.
    pub(super) example: Option<&'static str>,
    /// Its place in the example file. What merchants set first has the lowest number.
    pub(super) rank: u16,
    /// The message that explains it.
    pub(super) explanation: &'static str,
    /// What `config check` checks beyond the value itself.
    pub(super) check: Option<Check>,
    pub(super) parse: Parse<T>,
    /// The value as `config show` prints it, without secrets. `None`: not set.
    pub(super) show: fn(&T) -> Option<String>,
}

/// The environment variable that sets a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variable {
    None,
    Plain(&'static str),
    /// `NAME_FILE` may name a file that holds the value.
    Secret(&'static str),
}

impl Variable {
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Plain(name) | Self::Secret(name) => Some(name),
        }
    }

    /// The variable that may name a file with the value.
    pub(super) fn file_name(self) -> Option<String> {
        match self {
            Self::Secret(name) => Some(format!("{name}_FILE")),
            Self::None | Self::Plain(_) => None,
        }
    }
}

/// The type of the value in `wixsync.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    /// `300` and `"300"` mean the same.
    TextOrNumber,
    /// `true` or `false`.
    Flag,
    Texts,
    /// A secret: the text, or in its place the key `KEY_file` with the path of a file that holds it.
    TextOrFile,
}

/// The value of a setting that is not set.
pub(super) enum Unset<T> {
    /// This text, parsed like a value that is set.
    Default(&'static str),
    /// Derived from the surroundings; often none.
    Found(fn(&Surroundings<'_>) -> T),
    /// The setting must be set.
    Required,
}

/// What `config check` checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// Whether there is a warehouse.
    Warehouse,
    /// Whether there is a state database that is not the warehouse.
    State,
    /// Whether a shop has key and site, and whether the key's file is private.
    Credentials,
    /// Whether a shop's own schedule is valid.
    Schedule,
}

/// How a text becomes a value.
pub(super) enum Parse<T> {
    /// From the text alone. If there is no value, the error lists what the setting may be.
    Text(Expected, fn(&str) -> Option<T>),
    /// With an error of its own, or from more than the text.
    Own(fn(&SetValue<'_>) -> Result<T, Failure>),
}

/// What an error says that a setting may be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Expected {
    /// This, and nothing else.
    All(&'static str),
    /// This, for instance.
    Examples(&'static str),
}

/// What settings are derived from or relative to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) environment: &'a Environment,
    /// The configuration file, where one was read.
    pub(super) file: Option<&'a Path>,
}

impl Surroundings<'_> {
    /// A path beside the configuration file.
    pub(super) fn beside_file(&self, name: &str) -> Option<PathBuf> {
        Some(self.file?.parent()?.join(name))
    }
}

/// A value as it was set.
pub(super) struct SetValue<'a> {
    /// The texts of a list; of anything else the one text.
    pub(super) texts: &'a [String],
    /// The name under which it was set.
    pub(super) name: &'a str,
    pub(super) origin: &'a Origin,
    /// The entry of a list of tables that it belongs to: the shop's name.
    pub(super) entry: Option<&'a str>,
    pub(super) around: Surroundings<'a>,
}

impl SetValue<'_> {
    pub(super) fn text(&self) -> &str {
        self.texts.first().map_or("", String::as_str)
    }
}

impl<T> Setting<T> {
    /// The declaration without the value's type.
    pub(super) fn declaration(&self) -> Declaration {
        Declaration {
            key: self.key,
            variable: self.variable,
            shape: self.shape,
            default: match self.unset {
                Unset::Default(text) => Some(text),
                Unset::Found(_) | Unset::Required => None,
            },
            is_required: matches!(self.unset, Unset::Required),
            example: self.example,
            rank: self.rank,
            explanation: self.explanation,
            check: self.check,
        }
    }

    pub(super) fn parse(&self, set: &SetValue<'_>) -> Result<T, Failure> {
        match self.parse {
            Parse::Text(expected, parse) => {
                parse(set.text()).ok_or_else(|| bad_value(set.name, set.text(), expected))
            }
            Parse::Own(parse) => parse(set),
        }
    }

    pub(super) fn row(&self, value: &Sourced<T>) -> Row {
        Row { name: self.key.to_owned(), value: (self.show)(&value.value), origin: value.origin.clone() }
    }
}

/// A declaration without its value's type: all that the other uses need.
#[derive(Debug, Clone, Copy)]
pub(super) struct Declaration {
    pub(super) key: &'static str,
    pub(super) variable: Variable,
    pub(super) shape: Shape,
    pub(super) default: Option<&'static str>,
    pub(super) is_required: bool,
    pub(super) example: Option<&'static str>,
    pub(super) rank: u16,
    pub(super) explanation: &'static str,
    pub(super) check: Option<Check>,
}

impl Declaration {
    /// The table that it stands in; `None` at the top of the file.
    pub(super) fn table(&self) -> Option<&'static str> {
        self.key.rsplit_once('.').map(|(table, _)| table)
    }

    /// The key within its table.
    pub(super) fn name(&self) -> &'static str {
        self.key.rsplit_once('.').map_or(self.key, |(_, name)| name)
    }

    /// The key that may name a file with the value.
    pub(super) fn file_key(&self) -> Option<String> {
        (self.shape == Shape::TextOrFile).then(|| format!("{}_file", self.name()))
    }

    /// The key and the variables that set it: `site_id (WIX_SITE_ID)`.
    pub(super) fn with_variables(&self) -> String {
        let variables: Vec<String> =
            self.variable.name().map(str::to_owned).into_iter().chain(self.variable.file_name()).collect();
        format!("{} ({})", self.name(), variables.join(", "))
    }
}

/// A value that the setting cannot have.
pub(super) fn bad_value(setting: &str, value: &str, expected: Expected) -> Failure {
    let (kind, values) = match expected {
        Expected::All(values) => ("all", values),
        Expected::Examples(values) => ("examples", values),
    };
    let text = Text::new("config-bad-value").with("setting", setting).with("value", value);
    Failure::usage(text.with("kind", kind).with("examples", values))
}
