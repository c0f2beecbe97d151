//! Filters: parsing JSON to an expression over fields, and evaluating it.

use std::ops::Bound;

use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::lookup::{Index, Lookup};
use super::operator::Operator;
use super::style::FilterStyle;
use super::value::{Operand, ValueKind};
use super::{QueryField, Row};
use crate::rest::{Validation, join};
use crate::site::Behavior;

/// A comparison of one field with one or more operands.
#[derive(Debug, Clone)]
pub(crate) struct Comparison<F> {
    field: F,
    operator: Operator,
    operands: Vec<Operand>,
}

/// A filter.
#[derive(Debug, Clone)]
pub(crate) enum Expr<F> {
    Comparison(Comparison<F>),
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
}

impl<F> Expr<F> {
    /// Whether a row passes the filter.
    pub(crate) fn holds(&self, row: &impl Row<F>) -> bool {
        match self {
            Self::Comparison(comparison) => {
                comparison.operator.holds(&row.value(&comparison.field), &comparison.operands)
            }
            Self::And(parts) => parts.iter().all(|part| part.holds(row)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(row)),
            Self::Not(part) => !part.holds(row),
        }
    }
}

impl<F> Expr<F> {
    /// Whether every row passes.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::And(parts) if parts.is_empty())
    }

    /// The field and the id, if the filter is that this field has this one id.
    pub(crate) fn sole_id(&self) -> Option<(&F, Uuid)> {
        match self {
            Self::Comparison(Comparison { field, operator: Operator::Eq, operands }) => {
                match operands.as_slice() {
                    [Operand::Guid(Some(id))] => Some((field, *id)),
                    _ => None,
                }
            }
            Self::And(parts) => match parts.as_slice() {
                [part] => part.sole_id(),
                _ => None,
            },
            _ => None,
        }
    }
}

impl<F: QueryField> Expr<F> {
    /// The range of numeric ids that contains all passing rows, and whether all rows in it pass.
    pub(crate) fn range(&self) -> Range {
        match self {
            Self::Comparison(comparison) => {
                comparison.range().unwrap_or(Range { exact: false, ..Range::FULL })
            }
            Self::And(parts) => parts.iter().map(Self::range).fold(Range::FULL, Range::within),
            Self::Or(_) | Self::Not(_) => Range { exact: false, ..Range::FULL },
        }
    }

    /// Index lookups. Each finds all passing rows, and perhaps others. Those that name rows one by one come first.
    pub(crate) fn lookups(&self) -> Vec<Lookup<'_>> {
        let mut found: Vec<Lookup<'_>> = match self {
            Self::Comparison(comparison) => comparison.lookup().into_iter().collect(),
            Self::And(parts) => parts.iter().flat_map(Self::lookups).collect(),
            Self::Or(_) | Self::Not(_) => Vec::new(),
        };
        found.sort_by_key(|lookup| !lookup.is_list());
        found
    }
}

impl<F: QueryField> Comparison<F> {
    /// The range of numeric ids that the comparison selects; `None` when it is about something else.
    fn range(&self) -> Option<Range> {
        let (Some(Index::NumericId), [Operand::Digits(id)]) = (self.field.index(), self.operands.as_slice())
        else {
            return None;
        };
        let (from, to) = match self.operator {
            Operator::Eq | Operator::In | Operator::HasSome => (Bound::Included(*id), Bound::Included(*id)),
            Operator::Gt => (Bound::Excluded(*id), Bound::Unbounded),
            Operator::Gte => (Bound::Included(*id), Bound::Unbounded),
            Operator::Lt => (Bound::Unbounded, Bound::Excluded(*id)),
            Operator::Lte => (Bound::Unbounded, Bound::Included(*id)),
            _ => return None,
        };
        Some(Range { from, to, exact: true })
    }

    fn lookup(&self) -> Option<Lookup<'_>> {
        let is_choice = matches!(self.operator, Operator::Eq | Operator::In | Operator::HasSome);
        match (self.field.index()?, self.operands.as_slice()) {
            (Index::Product, operands) if is_choice => Some(Lookup::Products(ids(operands))),
            (Index::Item, operands) if is_choice => Some(Lookup::Items(ids(operands))),
            (Index::Variant, operands) if is_choice => Some(Lookup::Variants(ids(operands))),
            (Index::StockItem, operands) if is_choice => Some(Lookup::StockItems(ids(operands))),
            (Index::Sku, operands) if is_choice => {
                operands.iter().map(sku).collect::<Option<_>>().map(Lookup::Skus)
            }
            (Index::Time(which), [Operand::Time(from)]) => match self.operator {
                Operator::Gt => Some(Lookup::Since(which, Bound::Excluded(*from))),
                Operator::Gte => Some(Lookup::Since(which, Bound::Included(*from))),
                _ => None,
            },
            (Index::ItemTime(which), [Operand::Time(from)]) => match self.operator {
                Operator::Gt => Some(Lookup::ItemsSince(which, Bound::Excluded(*from))),
                Operator::Gte => Some(Lookup::ItemsSince(which, Bound::Included(*from))),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The ids among these operands. A text that is not a GUID matches no row.
fn ids(operands: &[Operand]) -> Vec<Uuid> {
    let id = |operand: &Operand| match operand {
        Operand::Guid(id) => *id,
        _ => None,
    };
    operands.iter().filter_map(id).collect()
}

/// A SKU. The empty text is not one, and the index does not have it.
fn sku(operand: &Operand) -> Option<&str> {
    match operand {
        Operand::Text(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// A range of numeric ids.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    pub(crate) from: Bound<u128>,
    pub(crate) to: Bound<u128>,
    /// Whether every row in the range passes the filter.
    pub(crate) exact: bool,
}

impl Range {
    pub(crate) const FULL: Self = Self { from: Bound::Unbounded, to: Bound::Unbounded, exact: true };

    /// The part that lies in both ranges. Of two bounds on the same side it keeps the first, and is no longer exact.
    fn within(self, other: Self) -> Self {
        let pick = |mine: Bound<u128>, theirs: Bound<u128>| match (mine, theirs) {
            (Bound::Unbounded, theirs) => (theirs, true),
            (mine, Bound::Unbounded) => (mine, true),
            (mine, _) => (mine, false),
        };
        let (from, from_exact) = pick(self.from, other.from);
        let (to, to_exact) = pick(self.to, other.to);
        Self { from, to, exact: self.exact && other.exact && from_exact && to_exact }
    }
}

/// Parses the filter at this path of the body; `None` when it is absent or wrong.
pub(crate) fn parse_filter<F: QueryField>(
    json: Option<&Json>,
    style: FilterStyle,
    path: &str,
    behavior: &Behavior,
    validation: &mut Validation,
) -> Option<Expr<F>> {
    let mut parser = Parser { style, behavior, validation };
    match (style, json?) {
        (FilterStyle::Text, Json::String(text)) => match serde_json::from_str(text) {
            Ok(Json::Object(map)) => Some(parser.object(&map, path)),
            Ok(_) => parser.fail(path, "filter must be a string that contains a JSON object"),
            Err(error) => parser.fail(path, &format!("filter does not contain JSON: {error}")),
        },
        (FilterStyle::Text, _) => parser.fail(path, "filter must be a string that contains JSON"),
        (FilterStyle::Object | FilterStyle::Rich, Json::Object(map)) => Some(parser.object(map, path)),
        (FilterStyle::Object | FilterStyle::Rich, _) => parser.fail(path, "filter must be an object"),
    }
}

struct Parser<'p> {
    style: FilterStyle,
    behavior: &'p Behavior,
    validation: &'p mut Validation,
}

impl Parser<'_> {
    fn fail<T>(&mut self, path: &str, description: &str) -> Option<T> {
        self.validation.invalid(path, description);
        None
    }

    /// All members of the object must hold.
    fn object<F: QueryField>(&mut self, map: &Map<String, Json>, path: &str) -> Expr<F> {
        let mut parts = Vec::with_capacity(map.len());
        for (name, json) in map {
            let path = join(path, name);
            match name.as_str() {
                "$and" => parts.push(Expr::And(self.list(json, &path))),
                "$or" => parts.push(Expr::Or(self.list(json, &path))),
                "$not" if self.style == FilterStyle::Rich => parts.push(self.not(json, &path)),
                _ => self.member(name, json, &path, &mut parts),
            }
        }
        if parts.len() == 1 { parts.remove(0) } else { Expr::And(parts) }
    }

    fn list<F: QueryField>(&mut self, json: &Json, path: &str) -> Vec<Expr<F>> {
        let Some(list) = json.as_array().filter(|list| !list.is_empty()) else {
            self.validation.invalid(path, "must be a list of filters, not empty");
            return Vec::new();
        };
        let mut parts = Vec::with_capacity(list.len());
        for json in list {
            match json.as_object() {
                Some(map) => parts.push(self.object(map, path)),
                None => self.validation.invalid(path, "must be a list of filter objects"),
            }
        }
        parts
    }

    /// The opposite of one filter, or of all filters of a list together.
    fn not<F: QueryField>(&mut self, json: &Json, path: &str) -> Expr<F> {
        let part = match json {
            Json::Object(map) => self.object(map, path),
            other => Expr::And(self.list(other, path)),
        };
        Expr::Not(Box::new(part))
    }

    fn member<F: QueryField>(&mut self, name: &str, json: &Json, path: &str, parts: &mut Vec<Expr<F>>) {
        let Some(spec) = F::named(name, self.behavior) else {
            let description = match (name.starts_with('$'), self.style) {
                (true, _) => format!("unknown operator {name} in the filter"),
                (false, FilterStyle::Rich) => format!("Field '{name}' is not declared as filterable"),
                (false, _) => format!("unknown field {name} in the filter"),
            };
            self.validation.invalid(path, description);
            return;
        };
        let Json::Object(operators) = json else {
            let operands = self.operands(Operator::Eq, spec.kind, json, path);
            parts.push(Expr::Comparison(Comparison { field: spec.field, operator: Operator::Eq, operands }));
            return;
        };
        if operators.is_empty() {
            self.validation.invalid(path, "an operator is missing");
        }
        for (word, json) in operators {
            let path = join(path, word);
            let named = Operator::named(word, self.style);
            let Some(operator) = named.filter(|op| op.fits(spec.kind, self.style, self.behavior)) else {
                self.validation.invalid(path, format!("field {name} does not take the operator {word}"));
                continue;
            };
            let operands = self.operands(operator, spec.kind, json, &path);
            parts.push(Expr::Comparison(Comparison { field: spec.field.clone(), operator, operands }));
        }
    }

    fn operands(&mut self, operator: Operator, kind: ValueKind, json: &Json, path: &str) -> Vec<Operand> {
        let single = [json.clone()];
        let list = match (operator.takes_list(), json.as_array()) {
            (false, _) => &single[..],
            (true, Some(list)) => list,
            (true, None) => {
                self.validation.invalid(path, "must be a list");
                return Vec::new();
            }
        };
        if list.is_empty() || list.len() > self.behavior.list_limit.max(1) {
            self.validation.out_of_range(path, 1, self.behavior.list_limit);
        }
        let mut operands = Vec::with_capacity(list.len());
        for json in list {
            match Operand::read(operator.operand_kind(kind), json) {
                Ok(operand) => operands.push(operand),
                Err(expected) => self.validation.invalid(path, format!("must be {expected}")),
            }
        }
        operands
    }
}
