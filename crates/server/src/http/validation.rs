//! Why the input of a request is refused, in the language of the request: which field, what was expected, what it is.

use std::fmt::{self, Display};

use messages::{Messages, Text};
use serde::de::{Error, Expected, Unexpected};

/// At most this many characters of the input are repeated in an answer.
const REPEATED: usize = 100;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Null,
    Bool,
    Whole,
    Fraction,
    Text,
    List,
    Object,
}

impl Type {
    fn text(self) -> Text {
        Text::new(match self {
            Self::Null => "fit-type-null",
            Self::Bool => "fit-type-bool",
            Self::Whole => "fit-type-whole",
            Self::Fraction => "fit-type-fraction",
            Self::Text => "fit-type-text",
            Self::List => "fit-type-list",
            Self::Object => "fit-type-object",
        })
    }
}

/// What is wrong with a value. serde creates it as its error, with the facts and without words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ValidationError {
    /// A field that is not known.
    Unknown { name: String, known: &'static [&'static str] },
    /// A field that must be there.
    Missing { name: &'static str },
    /// A field that appears twice.
    FieldTwice { name: &'static str },
    /// A key that appears twice in an object whose keys are not ours.
    KeyTwice { key: String },
    /// A word that is not one of the allowed ones.
    NotOneOf { word: String, known: &'static [&'static str] },
    /// A value of another type.
    WrongType { wanted: Type, found: Type },
    /// A whole number that is too small or too large.
    OutOfRange { least: String, most: String },
    /// A text without a character.
    Empty,
    /// Wrong in a way that has no variant of its own.
    Unsuitable,
}

impl Error for ValidationError {
    fn custom<T: Display>(_: T) -> Self {
        Self::Unsuitable
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        // As `Within` says it.
        match expected.to_string().split_once("..=") {
            Some((least, most)) => Self::OutOfRange { least: least.to_owned(), most: most.to_owned() },
            None => Self::Unsuitable,
        }
    }

    fn invalid_length(length: usize, _: &dyn Expected) -> Self {
        if length == 0 { Self::Empty } else { Self::Unsuitable }
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        Self::NotOneOf { word: word.to_owned(), known }
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Self::Unknown { name: name.to_owned(), known }
    }

    fn missing_field(name: &'static str) -> Self {
        Self::Missing { name }
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::FieldTwice { name }
    }
}

impl Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for ValidationError {}

/// The part of a request that holds the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputPart {
    Body,
    Query,
}

/// Input that failed validation, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvalidInput {
    part: InputPart,
    /// The path of the input, such as `skus[2]`; `.` for the whole.
    path: String,
    pub(crate) error: ValidationError,
}

impl InvalidInput {
    pub(crate) fn new(part: InputPart, path: String, error: ValidationError) -> Self {
        Self { part, path, error }
    }

    pub(crate) fn say(&self, messages: Messages) -> String {
        messages.say(&self.text(messages))
    }

    fn text(&self, messages: Messages) -> Text {
        let path = shortened(&self.path);
        match &self.error {
            ValidationError::Unknown { name, known: [] } => {
                Text::new("fit-no-fields").with("name", shortened(name))
            }
            ValidationError::Unknown { name, known } => Text::new(match self.part {
                InputPart::Body => "fit-unknown-field",
                InputPart::Query => "fit-unknown-parameter",
            })
            .with("name", shortened(name))
            .with("known", listed(known)),
            ValidationError::Missing { name } => Text::new("fit-missing").with("name", name),
            ValidationError::FieldTwice { name } => Text::new("fit-twice").with("name", name),
            ValidationError::KeyTwice { key } => Text::new("fit-twice").with("name", shortened(key)),
            ValidationError::NotOneOf { word, known } => Text::new("fit-not-one-of")
                .with("path", path)
                .with("word", shortened(word))
                .with("known", listed(known)),
            ValidationError::WrongType { wanted: Type::Object, found } if self.path == "." => {
                Text::new("fit-body-type").with("found", messages.say(&found.text()))
            }
            ValidationError::WrongType { wanted, found } => Text::new("fit-wrong-type")
                .with("path", path)
                .with("wanted", messages.say(&wanted.text()))
                .with("found", messages.say(&found.text())),
            ValidationError::OutOfRange { least, most } => {
                Text::new("fit-out-of-range").with("path", path).with("least", least).with("most", most)
            }
            ValidationError::Empty => Text::new("fit-empty").with("path", path),
            ValidationError::Unsuitable => Text::new("fit-unsuitable").with("path", path),
        }
    }
}

/// `text`, cut to the length that an answer repeats.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(REPEATED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
