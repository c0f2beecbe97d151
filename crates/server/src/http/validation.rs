//! Why what a request says does not fit, in the language of the request: which field, what was expected, what stands
//! there.

use std::fmt::{self, Display};

use messages::{Messages, Text};
use serde::de::{Error, Expected, Unexpected};

/// So many characters of what a request says are repeated at most.
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

/// What does not fit. As an error of serde it is told what is wrong, and never in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// A field that is not known.
    Unknown { name: String, known: &'static [&'static str] },
    /// A field that must be there.
    Missing { name: &'static str },
    /// A field that stands there twice.
    FieldTwice { name: &'static str },
    /// The same of an object whose keys are not ours.
    KeyTwice { key: String },
    /// A word that is none of those that there are.
    NotOneOf { word: String, known: &'static [&'static str] },
    /// A value of another type.
    WrongType { wanted: Type, found: Type },
    /// A whole number that is too small or too large.
    OutOfRange { least: String, most: String },
    /// A text without a character.
    Empty,
    /// Something of which nobody says more.
    Unsuitable,
}

impl Error for Misfit {
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

impl Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for Misfit {}

/// Where in a request it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Body,
    Query,
}

/// What does not fit, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unfit {
    place: Place,
    /// The way to it, such as `skus[2]`; `.` for the whole.
    path: String,
    pub(crate) misfit: Misfit,
}

impl Unfit {
    pub(crate) fn new(place: Place, path: String, misfit: Misfit) -> Self {
        Self { place, path, misfit }
    }

    pub(crate) fn say(&self, messages: Messages) -> String {
        messages.say(&self.text(messages))
    }

    fn text(&self, messages: Messages) -> Text {
        let path = shortened(&self.path);
        match &self.misfit {
            Misfit::Unknown { name, known: [] } => Text::new("fit-no-fields").with("name", shortened(name)),
            Misfit::Unknown { name, known } => Text::new(match self.place {
                Place::Body => "fit-unknown-field",
                Place::Query => "fit-unknown-parameter",
            })
            .with("name", shortened(name))
            .with("known", listed(known)),
            Misfit::Missing { name } => Text::new("fit-missing").with("name", name),
            Misfit::FieldTwice { name } => Text::new("fit-twice").with("name", name),
            Misfit::KeyTwice { key } => Text::new("fit-twice").with("name", shortened(key)),
            Misfit::NotOneOf { word, known } => Text::new("fit-not-one-of")
                .with("path", path)
                .with("word", shortened(word))
                .with("known", listed(known)),
            Misfit::WrongType { wanted: Type::Object, found } if self.path == "." => {
                Text::new("fit-body-type").with("found", messages.say(&found.text()))
            }
            Misfit::WrongType { wanted, found } => Text::new("fit-wrong-type")
                .with("path", path)
                .with("wanted", messages.say(&wanted.text()))
                .with("found", messages.say(&found.text())),
            Misfit::OutOfRange { least, most } => {
                Text::new("fit-out-of-range").with("path", path).with("least", least).with("most", most)
            }
            Misfit::Empty => Text::new("fit-empty").with("path", path),
            Misfit::Unsuitable => Text::new("fit-unsuitable").with("path", path),
        }
    }
}

/// What a request says, as far as it is repeated.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(REPEATED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
