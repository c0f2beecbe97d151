//! The merchant's rules that turn stock into targets.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use crate::Target;
use crate::code::coded;
use crate::plan::note::NoteCode;
use crate::quantity::CEILING;

coded! {
    /// What happens to a SKU that the warehouse lists and has sold out.
    SoldOut {
        /// Its target is zero.
        Zero = "zero",
        /// It is left alone, as the guide does.
        Ignore = "ignore",
    }
}

/// The rules. A saved plan keeps the rules under which it was made and cannot be applied under others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// What happens to sold-out goods.
    pub sold_out: SoldOut,
}

impl Default for Policy {
    fn default() -> Self {
        Self { sold_out: SoldOut::Zero }
    }
}

/// What the rules make of a stock sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuledTarget {
    /// The level to reach; `None` if the rules leave the listing alone.
    pub target: Option<Target>,
    /// Why the target differs from the sum; `None` if it does not.
    pub note: Option<NoteCode>,
}

impl Policy {
    /// Applies the rules to a stock sum, in units. A negative sum counts as zero, a fraction is rounded down, and a
    /// sum above [`CEILING`] is cut to it.
    #[must_use]
    pub fn rule(&self, sum: Decimal) -> RuledTarget {
        let floor = sum.floor();
        let (target, note) = if sum.is_zero() {
            (Target::ZERO, None)
        } else if sum.is_sign_negative() {
            (Target::ZERO, Some(NoteCode::NegativeStock))
        } else if floor > Decimal::from(CEILING) {
            (Target::MAX, Some(NoteCode::ClampedToCeiling))
        } else {
            // The value is between 0 and the ceiling, so the conversion works. The fallback keeps a defect from
            // putting goods on sale.
            let target = floor.to_u32().and_then(Target::new).unwrap_or(Target::ZERO);
            (target, (floor != sum).then_some(NoteCode::FractionDropped))
        };
        let ignored = target == Target::ZERO && self.sold_out == SoldOut::Ignore;
        RuledTarget { target: (!ignored).then_some(target), note }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(sum: &str) -> (Option<i64>, Option<NoteCode>) {
        let ruled = Policy::default().rule(sum.parse().unwrap());
        (ruled.target.map(Target::units), ruled.note)
    }

    #[test]
    fn sums_become_targets() {
        assert_eq!(rule("0"), (Some(0), None));
        assert_eq!(Policy::default().rule(-Decimal::ZERO).target, Some(Target::ZERO));
        assert_eq!(rule("12.000"), (Some(12), None));
        assert_eq!(rule("12.999"), (Some(12), Some(NoteCode::FractionDropped)));
        assert_eq!(rule("-0.5"), (Some(0), Some(NoteCode::NegativeStock)));
        assert_eq!(rule("99999"), (Some(99_999), None));
        assert_eq!(rule("99999.5"), (Some(99_999), Some(NoteCode::FractionDropped)));
        assert_eq!(rule("100000"), (Some(99_999), Some(NoteCode::ClampedToCeiling)));
        assert_eq!(rule("79228162514264337593543950335"), (Some(99_999), Some(NoteCode::ClampedToCeiling)));
    }

    #[test]
    fn ignoring_sold_out_goods_leaves_only_them_alone() {
        let policy = Policy { sold_out: SoldOut::Ignore };
        assert_eq!(policy.rule(Decimal::ZERO).target, None);
        assert_eq!(policy.rule(Decimal::NEGATIVE_ONE).target, None);
        assert_eq!(policy.rule(Decimal::ONE).target, Target::new(1));
    }
}
