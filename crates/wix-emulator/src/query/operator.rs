//! The operators of filters.

use std::cmp::Ordering;

use super::style::FilterStyle;
use super::value::{Operand, Value, ValueKind};
use crate::site::Behavior;

/// An operator, without its `$`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Eq,
    Ne,
    HasSome,
    In,
    HasAll,
    Contains,
    StartsWith,
    /// `$startsWith` of V3: upper and lower case are the same (Wix: Inventory Items V3).
    Begins,
    Exists,
    Lt,
    Lte,
    Gt,
    Gte,
}

impl Operator {
    pub(crate) fn named(name: &str, style: FilterStyle) -> Option<Self> {
        let is_rich = style == FilterStyle::Rich;
        Some(match name {
            "$exists" if is_rich => Self::Exists,
            "$startsWith" if is_rich => Self::Begins,
            "$eq" => Self::Eq,
            "$ne" => Self::Ne,
            "$hasSome" => Self::HasSome,
            "$in" => Self::In,
            "$hasAll" => Self::HasAll,
            "$contains" => Self::Contains,
            "$startsWith" => Self::StartsWith,
            "$lt" => Self::Lt,
            "$lte" => Self::Lte,
            "$gt" => Self::Gt,
            "$gte" => Self::Gte,
            _ => return None,
        })
    }

    /// Whether a field of this kind takes the operator (Wix: Query Products, Query Inventory, Query Inventory Items).
    pub(crate) fn fits(self, kind: ValueKind, style: FilterStyle, behavior: &Behavior) -> bool {
        if style == FilterStyle::Rich {
            return self.fits_rich(kind);
        }
        match self {
            Self::Eq | Self::Ne => true,
            Self::HasSome => kind != ValueKind::Flag,
            Self::In => behavior.in_operator && kind != ValueKind::Flag && kind != ValueKind::Many,
            Self::HasAll => kind == ValueKind::Many,
            Self::Contains | Self::StartsWith => kind == ValueKind::Text,
            Self::Begins | Self::Exists => false,
            Self::Lt | Self::Lte | Self::Gt | Self::Gte => {
                matches!(kind, ValueKind::Digits | ValueKind::Number | ValueKind::Time)
            }
        }
    }

    fn fits_rich(self, kind: ValueKind) -> bool {
        match self {
            Self::Eq | Self::Ne | Self::Exists | Self::In | Self::HasSome => true,
            Self::HasAll => kind == ValueKind::Many,
            Self::Begins => matches!(kind, ValueKind::Text | ValueKind::Guid),
            Self::Contains | Self::StartsWith => false,
            Self::Lt | Self::Lte | Self::Gt | Self::Gte => {
                !matches!(kind, ValueKind::Word | ValueKind::Flag | ValueKind::Many)
            }
        }
    }

    /// The kind of its operands for a field of this kind.
    pub(crate) fn operand_kind(self, kind: ValueKind) -> ValueKind {
        match self {
            Self::Exists => ValueKind::Flag,
            Self::Begins => ValueKind::Text,
            _ => kind,
        }
    }

    pub(crate) fn takes_list(self) -> bool {
        matches!(self, Self::HasSome | Self::In | Self::HasAll)
    }

    /// Whether a value passes this operator with these operands.
    pub(crate) fn holds(self, value: &Value<'_>, operands: &[Operand]) -> bool {
        let first = |test: fn(Ordering) -> bool| {
            operands.first().and_then(|operand| value.compare(operand)).is_some_and(test)
        };
        let text = |test: fn(&str, &str) -> bool| match (value, operands.first()) {
            (Value::Text(value), Some(Operand::Text(wanted))) => test(value, wanted),
            _ => false,
        };
        match self {
            Self::Eq | Self::HasSome | Self::In => operands.iter().any(|operand| value.equals(operand)),
            Self::Ne => !operands.iter().any(|operand| value.equals(operand)),
            Self::HasAll => operands.iter().all(|operand| value.equals(operand)),
            Self::Contains => text(|value, wanted| value.contains(wanted)),
            Self::StartsWith => text(|value, wanted| value.starts_with(wanted)),
            Self::Begins => begins(value, operands),
            Self::Exists => {
                let exists = !matches!(value, Value::Missing);
                matches!(operands, [Operand::Flag(wanted)] if *wanted == exists)
            }
            Self::Lt => first(Ordering::is_lt),
            Self::Lte => first(Ordering::is_le),
            Self::Gt => first(Ordering::is_gt),
            Self::Gte => first(Ordering::is_ge),
        }
    }
}

/// Whether a value begins with the text, in upper or lower case.
fn begins(value: &Value<'_>, operands: &[Operand]) -> bool {
    let [Operand::Text(wanted)] = operands else { return false };
    let wanted = wanted.to_lowercase();
    match value {
        Value::Text(text) => text.to_lowercase().starts_with(&wanted),
        Value::Guid(id) => id.to_string().starts_with(&wanted),
        _ => false,
    }
}
