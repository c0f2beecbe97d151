//! Reads fields that one product may have wrong without spoiling the page: what cannot be read counts as absent.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The largest whole number up to which a float holds every integer: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// An optional field. `null`, and a value of another type, count as absent, so that it costs one listing and not the
/// whole read.
pub(crate) fn if_readable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// An optional field whose value must be right where there is one; `null` counts as absent.
pub(crate) fn if_any<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A quantity. `7.0` is 7. What is no whole number counts as absent: no change may start from a level that was rounded
/// or guessed.
pub(crate) fn quantity<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(value.as_i64().or_else(|| whole(value.as_f64()?)))
}

#[expect(clippy::cast_possible_truncation, reason = "has no fraction and is small enough to be exact")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Row {
        #[serde(default, deserialize_with = "quantity")]
        quantity: Option<i64>,
        #[serde(default, deserialize_with = "if_readable")]
        sku: Option<String>,
        #[serde(default, deserialize_with = "if_readable")]
        tracked: bool,
        #[serde(default, deserialize_with = "if_any")]
        variants: Vec<i64>,
    }

    fn row(text: &str) -> Row {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_quantity_is_a_whole_number_or_absent() {
        for (text, due) in [
            ("7", Some(7)),
            ("-3", Some(-3)),
            ("7.0", Some(7)),
            ("7.5", None),
            ("null", None),
            ("\"7\"", None),
            ("true", None),
            ("[7]", None),
            ("1e300", None),
            ("18446744073709551615", None),
        ] {
            assert_eq!(row(&format!("{{\"quantity\": {text}}}")).quantity, due, "{text}");
        }
        assert_eq!(row("{}").quantity, None);
    }

    #[test]
    fn null_and_absent_are_alike_in_every_optional_field() {
        let nulls = row(r#"{"quantity": null, "sku": null, "tracked": null, "variants": null}"#);
        assert_eq!(nulls, row("{}"));
        assert_eq!(row(r#"{"sku": 5, "tracked": "yes"}"#), row("{}"));
        assert!(serde_json::from_str::<Row>(r#"{"variants": [1, "a"]}"#).is_err(), "no list is cut short");
    }
}
