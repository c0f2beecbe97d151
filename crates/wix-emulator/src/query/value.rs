//! Values of rows, operands of filters, and how they compare.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value as Json;
use uuid::Uuid;

use crate::catalog::{Guid, Timestamp};

/// The kind of values that a field has. It decides which operators the field takes and how values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueKind {
    /// Free text: `$eq $ne $hasSome $contains $startsWith`.
    Text,
    /// A fixed word: `$eq $ne $hasSome`.
    Word,
    /// A GUID: `$eq $ne $hasSome`.
    Guid,
    /// A text of digits, compared as an integer: `$eq $ne $hasSome $lt $lte $gt $gte`.
    Digits,
    /// A JSON number: the same.
    Number,
    /// An RFC 3339 time: the same.
    Time,
    /// True or false: `$eq $ne`.
    Flag,
    /// Several words: `$eq $ne $hasSome $hasAll`.
    Many,
}

/// The value of a field in a row.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    Text(Cow<'a, str>),
    Guid(Uuid),
    Digits(u128),
    Number(f64),
    Time(Timestamp),
    Flag(bool),
    Many(Vec<&'a str>),
    /// The row has no such field.
    Missing,
}

impl<'a> Value<'a> {
    pub(crate) fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// The text, or that the row has none where it is empty.
    pub(crate) fn some_text(text: &'a str) -> Self {
        if text.is_empty() { Self::Missing } else { Self::text(text) }
    }

    /// The order of two rows by this value. Rows without the field come first.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Missing, Self::Missing) => Ordering::Equal,
            (Self::Missing, _) => Ordering::Less,
            (_, Self::Missing) => Ordering::Greater,
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Guid(a), Self::Guid(b)) => a.cmp(b),
            (Self::Digits(a), Self::Digits(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            (Self::Flag(a), Self::Flag(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }

    /// How this value compares with an operand; `None` where there is no order between them.
    pub(crate) fn compare(&self, operand: &Operand) -> Option<Ordering> {
        match (self, operand) {
            (Self::Text(a), Operand::Text(b)) => Some(a.as_ref().cmp(b.as_str())),
            (Self::Guid(a), Operand::Guid(Some(b))) => Some(a.cmp(b)),
            (Self::Digits(a), Operand::Digits(b)) => Some(a.cmp(b)),
            (Self::Number(a), Operand::Number(b)) => a.partial_cmp(b),
            (Self::Time(a), Operand::Time(b)) => Some(a.cmp(b)),
            (Self::Flag(a), Operand::Flag(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// The value as a cursor carries it.
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Text(text) => Json::from(text.as_ref()),
            Self::Guid(id) => Json::from(id.to_string()),
            Self::Digits(digits) => Json::from(digits.to_string()),
            Self::Number(number) => Json::from(*number),
            Self::Time(time) => Json::from(time.to_string()),
            Self::Flag(flag) => Json::from(*flag),
            Self::Many(_) | Self::Missing => Json::Null,
        }
    }

    /// The value of a field of this kind, from a cursor.
    pub(crate) fn from_json(kind: ValueKind, json: &Json) -> Value<'static> {
        match Operand::read(kind, json) {
            Ok(Operand::Text(text)) => Value::Text(Cow::Owned(text)),
            Ok(Operand::Guid(Some(id))) => Value::Guid(id),
            Ok(Operand::Digits(digits)) => Value::Digits(digits),
            Ok(Operand::Number(number)) => Value::Number(number),
            Ok(Operand::Time(time)) => Value::Time(time),
            Ok(Operand::Flag(flag)) => Value::Flag(flag),
            Ok(Operand::Guid(None)) | Err(_) => Value::Missing,
        }
    }

    pub(crate) fn equals(&self, operand: &Operand) -> bool {
        match (self, operand) {
            (Self::Many(words), Operand::Text(word)) => words.contains(&word.as_str()),
            _ => self.compare(operand) == Some(Ordering::Equal),
        }
    }
}

/// A value in a filter. A text that is not a GUID matches no id.
#[derive(Debug, Clone)]
pub(crate) enum Operand {
    Text(String),
    Guid(Option<Uuid>),
    Digits(u128),
    Number(f64),
    Time(Timestamp),
    Flag(bool),
}

impl Operand {
    /// Reads the operand of a field of this kind; the error says what was expected.
    pub(crate) fn read(kind: ValueKind, json: &Json) -> Result<Self, &'static str> {
        match kind {
            ValueKind::Text | ValueKind::Word | ValueKind::Many => {
                json.as_str().map(|text| Self::Text(text.to_owned())).ok_or("a string")
            }
            ValueKind::Guid => json.as_str().map(|text| Self::Guid(text.guid())).ok_or("a string"),
            ValueKind::Digits => json.as_str().and_then(digits).map(Self::Digits).ok_or("a string of digits"),
            ValueKind::Number => json.as_f64().map(Self::Number).ok_or("a number"),
            ValueKind::Time => {
                json.as_str().and_then(Timestamp::parse).map(Self::Time).ok_or("an RFC 3339 time")
            }
            ValueKind::Flag => json.as_bool().map(Self::Flag).ok_or("true or false"),
        }
    }
}

fn digits(text: &str) -> Option<u128> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}
