//! Inputs that fit and inputs that do not, each with its message in both languages.

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
        (r#"{"skus": [""]}"#, "`skus[0]` не может быть пустым".into(), "`skus[0]` must not be empty".into()),
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
