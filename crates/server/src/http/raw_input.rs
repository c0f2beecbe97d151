//! The input of a request before validation: a JSON value, or the parameters of a query.
//!
//! serde reads this tree into the types of the routes. The tree exists for three reasons: an error comes out as a
//! [`ValidationError`] rather than as an English sentence, a key that stands twice in an object is noticed, and a list is
//! not taken for the fields of an object in their order.

use std::collections::HashSet;
use std::fmt;
use std::num::IntErrorKind;

use serde::de::value::{MapDeserializer, SeqDeserializer, StringDeserializer};
use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::{Serialize, forward_to_deserialize_any};

use crate::http::validation::{InputPart, InvalidInput, Type, ValidationError};

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RawInput {
    Null,
    Bool(bool),
    /// A number beyond the range of `i64` becomes the nearest end of it; no field takes either.
    Whole(i64),
    Fraction(f64),
    Text(String),
    /// The value of a query parameter: a text that may be read as a number.
    Word(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl RawInput {
    /// Parses the parameters of a query.
    pub(crate) fn query(query: &str) -> Self {
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        Self::Object(pairs.map(|(name, value)| (name.into_owned(), Self::Word(value.into_owned()))).collect())
    }

    /// Validates it as a `T`.
    pub(crate) fn fit<T: DeserializeOwned>(self, part: InputPart) -> Result<T, InvalidInput> {
        serde_path_to_error::deserialize(self)
            .map_err(|error| InvalidInput::new(part, error.path().to_string(), error.into_inner()))
    }

    fn is(&self) -> Type {
        match self {
            Self::Null => Type::Null,
            Self::Bool(_) => Type::Bool,
            Self::Whole(_) => Type::Whole,
            Self::Fraction(_) => Type::Fraction,
            Self::Text(_) | Self::Word(_) => Type::Text,
            Self::List(_) => Type::List,
            Self::Object(_) => Type::Object,
        }
    }

    fn must_be(self, wanted: Type) -> Result<Self, ValidationError> {
        let found = self.is();
        if found == wanted { Ok(self) } else { Err(ValidationError::WrongType { wanted, found }) }
    }

    fn whole(self) -> Result<i64, ValidationError> {
        let parsed = match &self {
            Self::Whole(number) => Some(*number),
            Self::Word(word) => match word.parse::<i64>() {
                Ok(number) => Some(number),
                Err(error) => match error.kind() {
                    IntErrorKind::PosOverflow => Some(i64::MAX),
                    IntErrorKind::NegOverflow => Some(i64::MIN),
                    _ => None,
                },
            },
            _ => None,
        };
        parsed.ok_or_else(|| ValidationError::WrongType { wanted: Type::Whole, found: self.is() })
    }
}

impl<'de> Deserialize<'de> for RawInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tree)
    }
}

/// Accepts any JSON value.
struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = RawInput;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<RawInput, E> {
        Ok(RawInput::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<RawInput, E> {
        Ok(RawInput::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<RawInput, E> {
        Ok(RawInput::Whole(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<RawInput, E> {
        Ok(RawInput::Whole(i64::try_from(value).unwrap_or(i64::MAX)))
    }

    /// `5.0` and `5e0` are whole numbers too, as JSON Schema sees them.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "has no fraction; what is too large becomes the largest"
    )]
    fn visit_f64<E: Error>(self, value: f64) -> Result<RawInput, E> {
        Ok(if value.fract() == 0.0 { RawInput::Whole(value as i64) } else { RawInput::Fraction(value) })
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<RawInput, E> {
        Ok(RawInput::Text(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<RawInput, E> {
        Ok(RawInput::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<RawInput, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(RawInput::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<RawInput, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = object.next_entry()? {
            fields.push(field);
        }
        Ok(RawInput::Object(fields))
    }
}

impl IntoDeserializer<'_, ValidationError> for RawInput {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for RawInput {
    type Error = ValidationError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValidationError> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(value) => visitor.visit_bool(value),
            Self::Whole(value) => visitor.visit_i64(value),
            Self::Fraction(value) => visitor.visit_f64(value),
            Self::Text(value) | Self::Word(value) => visitor.visit_string(value),
            Self::List(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter())),
            Self::Object(fields) => visitor.visit_map(MapDeserializer::new(fields.into_iter())),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValidationError> {
        self.must_be(Type::Bool)?.deserialize_any(visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValidationError> {
        visitor.visit_i64(self.whole()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValidationError> {
        self.must_be(Type::Text)?.deserialize_any(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValidationError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValidationError> {
        self.must_be(Type::List)?.deserialize_any(visitor)
    }

    /// A key that stands twice is refused here; of a struct, the derived code refuses it.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValidationError> {
        let object = self.must_be(Type::Object)?;
        if let Self::Object(fields) = &object {
            let mut seen = HashSet::new();
            if let Some((key, _)) = fields.iter().find(|(key, _)| !seen.insert(key.as_str())) {
                return Err(ValidationError::KeyTwice { key: key.clone() });
            }
        }
        object.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValidationError> {
        self.must_be(Type::Object)?.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValidationError> {
        if self == Self::Null { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValidationError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValidationError> {
        match self {
            Self::Text(word) | Self::Word(word) => visitor.visit_enum(StringDeserializer::new(word)),
            other => Err(ValidationError::WrongType { wanted: Type::Text, found: other.is() }),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
        identifier ignored_any
    }
}

/// A whole number from `LEAST` to `MOST`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Within<const LEAST: u32, const MOST: u32>(u32);

impl<const LEAST: u32, const MOST: u32> Within<LEAST, MOST> {
    pub(crate) fn get(self) -> u32 {
        self.0
    }
}

impl<'de, const LEAST: u32, const MOST: u32> Deserialize<'de> for Within<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(deserializer)?;
        let fits = u32::try_from(number).ok().filter(|number| (LEAST..=MOST).contains(number));
        fits.map(Self).ok_or_else(|| Error::invalid_value(Unexpected::Signed(number), &Range(LEAST, MOST)))
    }
}

struct Range(u32, u32);

impl Expected for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..={}", self.0, self.1)
    }
}

#[cfg(test)]
mod tests;
