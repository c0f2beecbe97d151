//! The operators of filters.

use std::cmp::Ordering;

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
    Lt,
    Lte,
    Gt,
    Gte,
}

impl Operator {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
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

    /// Whether a field of this kind takes the operator (Wix: Query Products, Query Inventory).
    pub(crate) fn fits(self, kind: ValueKind, behavior: &Behavior) -> bool {
        match self {
            Self::Eq | Self::Ne => true,
            Self::HasSome => kind != ValueKind::Flag,
            Self::In => behavior.in_operator && kind != ValueKind::Flag && kind != ValueKind::Many,
            Self::HasAll => kind == ValueKind::Many,
            Self::Contains | Self::StartsWith => kind == ValueKind::Text,
            Self::Lt | Self::Lte | Self::Gt | Self::Gte => {
                matches!(kind, ValueKind::Digits | ValueKind::Number | ValueKind::Time)
            }
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
            Self::Lt => first(Ordering::is_lt),
            Self::Lte => first(Ordering::is_le),
            Self::Gt => first(Ordering::is_gt),
            Self::Gte => first(Ordering::is_ge),
        }
    }
}
