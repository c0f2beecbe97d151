//! Converts database values of any type to exact decimals.

use domain::SkipReason;
use rust_decimal::Decimal;

/// The exact value of a text, which may have an exponent.
pub(crate) fn decimal_of_text(text: &str) -> Result<Decimal, SkipReason> {
    let text = text.trim();
    // The decimal parser accepts `1_000`, but no database writes a number like this.
    if text.contains('_') {
        return Err(SkipReason::QuantityNotANumber);
    }
    let number = match text.split_once(['e', 'E']) {
        None => Decimal::from_str_exact(text),
        // `from_scientific` rounds a mantissa with too many digits, so the mantissa is checked first.
        Some((mantissa, _)) => Decimal::from_str_exact(mantissa).and_then(|_| Decimal::from_scientific(text)),
    };
    number.map_err(|_| {
        // It is a number, but a decimal cannot hold it exactly.
        if text.parse::<f64>().is_ok_and(f64::is_finite) {
            SkipReason::QuantityOutOfRange
        } else {
            SkipReason::QuantityNotANumber
        }
    })
}

/// The decimal of a float's shortest text: the float 0.1 becomes exactly 0.1, so that sums of tenths stay exact.
pub(crate) fn decimal_of_float(value: f64) -> Result<Decimal, SkipReason> {
    if value.is_finite() { decimal_of_text(&value.to_string()) } else { Err(SkipReason::QuantityNotANumber) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_exact_decimals_or_a_reason() {
        assert_eq!(decimal_of_text(" 12.50 "), Ok(Decimal::new(125, 1)));
        assert_eq!(decimal_of_text("1e3"), Ok(Decimal::from(1000)));
        assert_eq!(decimal_of_text("0.99999999999999999999999999999"), Err(SkipReason::QuantityOutOfRange));
        assert_eq!(decimal_of_text("0.99999999999999999999999999999e0"), Err(SkipReason::QuantityOutOfRange));
        assert_eq!(decimal_of_text("1_0"), Err(SkipReason::QuantityNotANumber));
        assert_eq!(decimal_of_text("12,5"), Err(SkipReason::QuantityNotANumber));
        assert_eq!(decimal_of_text("many"), Err(SkipReason::QuantityNotANumber));
        assert_eq!(decimal_of_text(""), Err(SkipReason::QuantityNotANumber));
        assert_eq!(decimal_of_text(&"9".repeat(40)), Err(SkipReason::QuantityOutOfRange));
    }

    #[test]
    fn floats_become_what_they_print() {
        assert_eq!(decimal_of_float(0.1), Ok(Decimal::new(1, 1)));
        assert_eq!(decimal_of_float(-2.75), Ok(Decimal::new(-275, 2)));
        assert_eq!(decimal_of_float(1e300), Err(SkipReason::QuantityOutOfRange));
        assert_eq!(decimal_of_float(f64::INFINITY), Err(SkipReason::QuantityNotANumber));
    }
}
