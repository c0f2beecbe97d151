//! Sums of any size on decimal digits. They share no arithmetic with the crate.

use rust_decimal::Decimal;

/// The most digits after the point that a `Decimal` can have.
const SCALE: usize = 28;
/// Room for far more integer digits than any sum of a test needs.
const DIGITS: usize = SCALE + 40;
/// The largest mantissa that `Decimal` holds: 2^96 − 1.
const LARGEST: &str = "79228162514264337593543950335";

/// A sum, as one column of signed digits for each power of ten from 10^-28 up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exact([i64; DIGITS]);

impl Exact {
    pub(crate) fn sum<'a>(terms: impl IntoIterator<Item = &'a Decimal>) -> Self {
        let mut columns = [0; DIGITS];
        for term in terms {
            add_text(&mut columns, &term.to_string());
        }
        Self(carried(columns))
    }

    /// Whether a `Decimal` can hold it with every digit.
    pub(crate) fn fits(&self) -> bool {
        let columns = if self.is_negative() { carried(self.0.map(|digit| -digit)) } else { self.0 };
        let first_used = columns.iter().position(|digit| *digit != 0).unwrap_or(SCALE).min(SCALE);
        let text: String = columns[first_used..].iter().rev().map(ToString::to_string).collect();
        let mantissa = text.trim_start_matches('0');
        (mantissa.len(), mantissa) <= (LARGEST.len(), LARGEST)
    }

    fn is_negative(&self) -> bool {
        self.0[DIGITS - 1] < 0
    }
}

fn add_text(columns: &mut [i64; DIGITS], text: &str) {
    let (sign, unsigned) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    for (at, digit) in whole.bytes().rev().enumerate() {
        columns[SCALE + at] += sign * i64::from(digit - b'0');
    }
    for (at, digit) in fraction.bytes().enumerate() {
        columns[SCALE - 1 - at] += sign * i64::from(digit - b'0');
    }
}

/// Every digit from 0 to 9 but the highest, which keeps the sign: one form for each number.
fn carried(mut columns: [i64; DIGITS]) -> [i64; DIGITS] {
    for at in 0..DIGITS - 1 {
        columns[at + 1] += columns[at].div_euclid(10);
        columns[at] = columns[at].rem_euclid(10);
    }
    columns
}

#[test]
fn the_yardstick_itself_is_straight() {
    let sum = |terms: &[&str]| {
        let terms: Vec<Decimal> = terms.iter().map(|term| term.parse().unwrap()).collect();
        Exact::sum(&terms)
    };
    assert_eq!(sum(&["0.1", "0.2", "-0.3"]), sum(&[]));
    assert_eq!(sum(&["-5", "2.50"]), sum(&["-2.5"]));
    assert_ne!(sum(&["1"]), sum(&["-1"]));
    assert!(sum(&[LARGEST]).fits() && sum(&["-79228162514264337593543950335"]).fits() && sum(&[]).fits());
    assert!(!sum(&[LARGEST, "1"]).fits() && !sum(&[LARGEST, "0.5"]).fits());
    assert!(!sum(&["-79228162514264337593543950335", "-0.1"]).fits());
    assert!(sum(&["7922816251426433759354395033.5", "7922816251426433759354395033.5"]).fits());
}
