//! Amounts of money: decimal numbers in strings (Wix: Products V3).

use serde_json::{Map, Value as Json, json};

use crate::rest::{Validation, join};

/// The largest amount, and the largest weight.
pub(super) const MAX_AMOUNT: f64 = 999_999_999.99;
const MAX_DECIMALS: usize = 3;

/// An amount as Wix writes it.
pub(super) fn money(amount: f64) -> String {
    amount.to_string()
}

/// An amount in its object.
pub(super) fn amount(amount: f64) -> Json {
    json!({"amount": money(amount)})
}

/// Reads `{"amount":"12.5"}`: a string of digits with at most three decimals.
pub(super) fn read_amount(
    map: &Map<String, Json>,
    path: &str,
    name: &str,
    validation: &mut Validation,
) -> Option<f64> {
    let path = join(path, name);
    let inner = map.get(name).filter(|json| !json.is_null())?;
    let inner = validation.object(inner, &path, &["amount", "formattedAmount"])?;
    let text = inner.get("amount").and_then(Json::as_str).unwrap_or_default();
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let is_decimal = [whole, decimals].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let fits = is_decimal && !whole.is_empty() && (1..=MAX_DECIMALS).contains(&decimals.len());
    let amount = text.parse().ok().filter(|amount| fits && (0.0..=MAX_AMOUNT).contains(amount));
    if amount.is_none() {
        let what = format!("amount must be a decimal string from 0 to {MAX_AMOUNT} with up to 3 decimals");
        validation.invalid(join(&path, "amount"), what);
    }
    amount
}
