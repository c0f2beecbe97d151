//! Sorts, in both forms (Wix: Filter and sort).

use std::cmp::Ordering;

use serde_json::{Map, Value as Json};

use super::lookup::Index;
use super::style::FilterStyle;
use super::value::ValueKind;
use super::{QueryField, Row};
use crate::rest::Validation;
use crate::site::{Behavior, Sorts};

/// A field to sort by.
#[derive(Debug, Clone)]
pub(crate) struct SortKey<F> {
    pub(crate) field: F,
    pub(crate) kind: ValueKind,
    pub(crate) descending: bool,
    /// Whether this is the numeric id, by which the catalog is ordered already.
    pub(crate) by_numeric_id: bool,
}

/// The fields to sort by, the most significant first.
#[derive(Debug, Clone)]
pub(crate) struct Sort<F>(pub(crate) Vec<SortKey<F>>);

impl<F> Sort<F> {
    pub(crate) fn order(&self, a: &impl Row<F>, b: &impl Row<F>) -> Ordering {
        for key in &self.0 {
            let order = a.value(&key.field).order(&b.value(&key.field));
            let order = if key.descending { order.reverse() } else { order };
            if order.is_ne() {
                return order;
            }
        }
        Ordering::Equal
    }
}

/// The most fields of a sort in V3 (Wix: Query Inventory Items).
const MAX_KEYS: usize = 10;

/// Parses the sort at this path of the body: `[{"numericId":"asc"}]` or `[{"fieldName":"name","order":"ASC"}]`, in a string or bare.
pub(crate) fn parse_sort<F: QueryField>(
    json: Option<&Json>,
    style: FilterStyle,
    path: &str,
    behavior: &Behavior,
    validation: &mut Validation,
) -> Sort<F> {
    let parsed;
    let list = match (style, json) {
        (FilterStyle::Text, Some(Json::String(text))) => {
            parsed = serde_json::from_str::<Json>(text).unwrap_or_default();
            parsed.as_array()
        }
        (_, None) | (FilterStyle::Text, Some(_)) => None,
        (FilterStyle::Object | FilterStyle::Rich, Some(json)) => json.as_array(),
    };
    let Some(list) = list else {
        if json.is_some() {
            let how = if style == FilterStyle::Text { "a string that contains " } else { "" };
            validation.invalid(path, format!("sort must be {how}a JSON list"));
        }
        return Sort(Vec::new());
    };
    if style == FilterStyle::Rich && list.len() > MAX_KEYS {
        validation.above_max(path, MAX_KEYS);
    }
    let mut parser = Parser { style, path, behavior, validation };
    Sort(list.iter().filter_map(|json| parser.key(json.as_object())).collect())
}

struct Parser<'p> {
    style: FilterStyle,
    path: &'p str,
    behavior: &'p Behavior,
    validation: &'p mut Validation,
}

impl Parser<'_> {
    fn fail<T>(&mut self, description: impl Into<String>) -> Option<T> {
        self.validation.invalid(self.path, description);
        None
    }

    fn key<F: QueryField>(&mut self, map: Option<&Map<String, Json>>) -> Option<SortKey<F>> {
        let named = map.and_then(|map| long_form(map).or_else(|| short_form(map, self.style)));
        let Some((name, direction)) = named else {
            return self
                .fail(r#"each sort must be {"<field>":"asc"} or {"fieldName":"<field>","order":"ASC"}"#);
        };
        let is_rich = self.style == FilterStyle::Rich;
        let spec = F::named(name, self.behavior).filter(|spec| spec.sortable);
        let Some(spec) = spec.filter(|_| !(is_rich && self.behavior.sorts == Sorts::Refused)) else {
            return self.fail(if is_rich {
                format!("Field '{name}' is not declared as sortable")
            } else {
                format!("field {name} is unknown or cannot be sorted by")
            });
        };
        let descending = match direction.to_ascii_lowercase().as_str() {
            "asc" => false,
            "desc" => true,
            _ => return self.fail(format!("unknown order {direction}")),
        };
        let by_numeric_id = spec.field.index() == Some(Index::NumericId);
        Some(SortKey { field: spec.field, kind: spec.kind, descending, by_numeric_id })
    }
}

fn long_form(map: &Map<String, Json>) -> Option<(&str, &str)> {
    let name = map.get("fieldName")?.as_str()?;
    let direction = map.get("order").map_or(Some("ASC"), Json::as_str)?;
    let expected = if map.contains_key("order") { 2 } else { 1 };
    (map.len() == expected).then_some((name, direction))
}

fn short_form(map: &Map<String, Json>, style: FilterStyle) -> Option<(&str, &str)> {
    let (name, direction) = map.iter().next()?;
    (style == FilterStyle::Text && map.len() == 1).then_some((name.as_str(), direction.as_str()?))
}
