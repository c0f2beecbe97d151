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
mod tests {
    use super::*;
    use crate::http::extract::EmptyBody;
    use crate::http::start::StartBody;
    use domain::{RunKind, Sku};
    use messages::{Lang, Messages};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// A type with everything that stands in the types of the routes.
    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "what it was read as is not looked at")]
    struct Every {
        skus: Vec<Sku>,
        #[serde(default)]
        dry_run: bool,
        #[serde(default)]
        units: BTreeMap<Sku, Within<0, 99_999>>,
        kind: Option<RunKind>,
        limit: Option<Within<1, 200>>,
    }

    fn said<T: DeserializeOwned + fmt::Debug>(raw: RawInput, part: InputPart, lang: Lang) -> String {
        raw.fit::<T>(part).expect_err("it does not fit").say(Messages::new(lang))
    }

    fn json(text: &str) -> RawInput {
        serde_json::from_str(text).unwrap()
    }

    const KNOWN: &str = "`skus`, `dry_run`, `units`, `kind`, `limit`";
    const KINDS: &str = "`sync`, `plan`, `apply`, `set`";

    /// Inputs, each with what is said of it in Russian and in English.
    type Cases<'a> = &'a [(&'a str, String, String)];

    fn assert_said(cases: Cases<'_>, part: InputPart) {
        let input = |text: &str| match part {
            InputPart::Body => json(text),
            InputPart::Query => RawInput::query(text),
        };
        for (text, russian, english) in cases {
            assert_eq!(&said::<Every>(input(text), part, Lang::Ru), russian, "{text}");
            assert_eq!(&said::<Every>(input(text), part, Lang::En), english, "{text}");
        }
    }

    /// Each class of what does not fit, in each language, word for word.
    #[test]
    fn fields_and_types_that_do_not_fit_are_told_in_the_language_of_the_request() {
        let cases: Cases<'_> = &[
            (
                r#"{"x": 1}"#,
                format!("Неизвестное поле `x`; возможны: {KNOWN}"),
                format!("Unknown field `x`; possible: {KNOWN}"),
            ),
            ("{}", "Не хватает поля `skus`".into(), "Field `skus` is missing".into()),
            (
                r#"{"skus": ["A", 1]}"#,
                "В `skus[1]` ожидается строка, а получено: целое число".into(),
                "`skus[1]` must be a string, but is a whole number".into(),
            ),
            (
                r#"{"skus": "A"}"#,
                "В `skus` ожидается список, а получено: строка".into(),
                "`skus` must be a list, but is a string".into(),
            ),
            (
                r#"{"skus": [], "dry_run": null}"#,
                "В `dry_run` ожидается true или false, а получено: null".into(),
                "`dry_run` must be true or false, but is null".into(),
            ),
            (
                r#"{"skus": [], "units": []}"#,
                "В `units` ожидается объект, а получено: список".into(),
                "`units` must be an object, but is a list".into(),
            ),
            (
                r#"{"skus": [], "units": {"A": 1.5}}"#,
                "В `units.A` ожидается целое число, а получено: дробное число".into(),
                "`units.A` must be a whole number, but is a number with decimals".into(),
            ),
        ];
        assert_said(cases, InputPart::Body);
    }

    #[test]
    fn values_that_do_not_fit_are_told_in_the_language_of_the_request() {
        let cases: Cases<'_> = &[
            (
                r#"{"skus": [], "units": {"A": 100000}}"#,
                "В `units.A` ожидается целое число от 0 до 99999".into(),
                "`units.A` must be a whole number from 0 to 99999".into(),
            ),
            (
                r#"{"skus": [""]}"#,
                "`skus[0]` не может быть пустым".into(),
                "`skus[0]` must not be empty".into(),
            ),
            (
                r#"{"skus": [], "units": {"A": 1, "B": 2, "A": 1}}"#,
                "`A` указано дважды".into(),
                "`A` is given twice".into(),
            ),
            (r#"{"skus": [], "skus": []}"#, "`skus` указано дважды".into(), "`skus` is given twice".into()),
            (
                r#"{"skus": [], "kind": "undo"}"#,
                format!("В `kind` недопустимое значение `undo`; возможно: {KINDS}"),
                format!("`kind` cannot be `undo`; possible: {KINDS}"),
            ),
            (
                "[]",
                "В теле запроса ожидается объект, а получено: список".into(),
                "The body must be an object, but is a list".into(),
            ),
        ];
        assert_said(cases, InputPart::Body);
        let long = format!(r#"{{"{}": 1}}"#, "x".repeat(1_000));
        assert!(said::<Every>(json(&long), InputPart::Body, Lang::En).len() < 300);
    }

    #[test]
    fn parameters_that_do_not_fit_are_told_in_the_language_of_the_request() {
        let cases: Cases<'_> = &[
            (
                "x=1",
                format!("Неизвестный параметр `x`; возможны: {KNOWN}"),
                format!("Unknown parameter `x`; possible: {KNOWN}"),
            ),
            (
                "limit=0",
                "В `limit` ожидается целое число от 1 до 200".into(),
                "`limit` must be a whole number from 1 to 200".into(),
            ),
            (
                "limit=ten",
                "В `limit` ожидается целое число, а получено: строка".into(),
                "`limit` must be a whole number, but is a string".into(),
            ),
            ("limit=1&limit=2", "`limit` указано дважды".into(), "`limit` is given twice".into()),
            (
                "kind=SYNC",
                format!("В `kind` недопустимое значение `SYNC`; возможно: {KINDS}"),
                format!("`kind` cannot be `SYNC`; possible: {KINDS}"),
            ),
        ];
        assert_said(cases, InputPart::Query);
    }

    #[test]
    fn a_field_where_none_is_taken_is_told_in_the_language_of_the_request() {
        let none = |lang| said::<EmptyBody>(json(r#"{"dry_run": true}"#), InputPart::Body, lang);
        assert_eq!(none(Lang::Ru), "Неизвестное поле `dry_run`: этот путь не принимает полей");
        assert_eq!(none(Lang::En), "Unknown field `dry_run`; this path accepts no fields");
    }

    #[test]
    fn what_fits_is_read_as_it_stands() {
        let body = json(r#"{"shop": null, "skus": ["B", "A", "B"], "dry_run": true}"#);
        let read: StartBody = body.fit(InputPart::Body).unwrap();
        let skus: Vec<&str> = read.skus.iter().flatten().map(Sku::as_str).collect();
        assert_eq!((read.shop, skus, read.dry_run), (None, vec!["A", "B"], true));
        for (number, least) in [("5", 5), ("5.0", 5), ("0e9", 0), ("-0", 0), ("99999", 99_999)] {
            let read: Within<0, 99_999> = json(number).fit(InputPart::Body).unwrap();
            assert_eq!(read.get(), least, "{number}");
        }
        for number in ["-1", "100000", "1e300", "18446744073709551615", "99999999999999999999", "-1e300"] {
            assert!(json(number).fit::<Within<0, 99_999>>(InputPart::Body).is_err(), "{number}");
        }
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            "[^`]*".prop_map(Into::into),
        ];
        let name = || prop_oneof!["skus", "dry_run", "units", "kind", "limit", "[^`]*"];
        leaf.prop_recursive(4, 32, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::vec((name(), inner), 0..6)
                    .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// Whatever is sent: it fits, or it is told in the language asked for that it does not. Every message has its
        /// words in Russian, and what was sent is repeated between the marks alone.
        #[test]
        fn nothing_makes_a_sentence_of_another_language(value in any_json()) {
            let raw: RawInput = serde_json::from_str(&value.to_string()).unwrap();
            if let Err(invalid) = raw.fit::<Every>(InputPart::Body) {
                let said = invalid.say(Messages::new(Lang::Ru));
                let own: String = said.split('`').step_by(2).collect();
                let own = own.replace("null", "").replace("true", "").replace("false", "");
                prop_assert!(own.chars().all(|letter| !letter.is_ascii_alphabetic()), "{}", said);
            }
        }

        #[test]
        fn no_bytes_make_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..64), query in ".*") {
            if let Ok(raw) = serde_json::from_slice::<RawInput>(&bytes) {
                let _ = raw.fit::<Every>(InputPart::Body);
            }
            let _ = RawInput::query(&query).fit::<Every>(InputPart::Query);
        }
    }
}
