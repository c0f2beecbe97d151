//! Sorts, in both spellings (contract 3.1).

use std::cmp::Ordering;

use serde_json::{Map, Value as Json};

use super::{Fields, FilterStyle, Row, Rules};
use crate::violation::Checks;

/// A field to sort by.
#[derive(Debug, Clone)]
pub(crate) struct SortKey<F> {
    pub(crate) field: F,
    pub(crate) descending: bool,
    /// Whether this is the numeric id, the order that the catalog is kept in.
    pub(crate) by_number: bool,
}

/// The fields to sort by, the weightiest first.
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

const PATH: &str = "query.sort";

/// Parses a sort: `[{"numericId":"asc"}]` or `[{"fieldName":"name","order":"ASC"}]`, in a string or bare.
pub(crate) fn parse_sort<F: Fields>(
    json: Option<&Json>,
    style: FilterStyle,
    rules: &Rules,
    checks: &mut Checks,
) -> Sort<F> {
    let parsed;
    let list = match (style, json) {
        (FilterStyle::Text, Some(Json::String(text))) => {
            parsed = serde_json::from_str::<Json>(text).unwrap_or_default();
            parsed.as_array()
        }
        (_, None) | (FilterStyle::Text, Some(_)) => None,
        (FilterStyle::Object, Some(json)) => json.as_array(),
    };
    let Some(list) = list else {
        if json.is_some() {
            let how = if style == FilterStyle::Text { "a string that contains " } else { "" };
            checks.wrong(PATH, format!("sort must be {how}a JSON list"));
        }
        return Sort(Vec::new());
    };
    Sort(list.iter().filter_map(|json| key(json.as_object(), style, rules, checks)).collect())
}

fn key<F: Fields>(
    map: Option<&Map<String, Json>>,
    style: FilterStyle,
    rules: &Rules,
    checks: &mut Checks,
) -> Option<SortKey<F>> {
    let (name, direction) =
        map.and_then(|map| spelled_out(map).or_else(|| short(map, style))).or_else(|| {
            checks.wrong(
                PATH,
                r#"each sort must be {"<field>":"asc"} or {"fieldName":"<field>","order":"ASC"}"#,
            );
            None
        })?;
    let Some(spec) = F::named(name, rules).filter(|spec| spec.sortable) else {
        checks.wrong(PATH, format!("field {name} is unknown or cannot be sorted by"));
        return None;
    };
    let descending = match direction.to_ascii_lowercase().as_str() {
        "asc" => false,
        "desc" => true,
        _ => {
            checks.wrong(PATH, format!("unknown order {direction}"));
            return None;
        }
    };
    Some(SortKey { field: spec.field, descending, by_number: spec.kind == super::Kind::Digits })
}

fn spelled_out(map: &Map<String, Json>) -> Option<(&str, &str)> {
    let name = map.get("fieldName")?.as_str()?;
    let direction = map.get("order").map_or(Some("ASC"), Json::as_str)?;
    let expected = if map.contains_key("order") { 2 } else { 1 };
    (map.len() == expected).then_some((name, direction))
}

fn short(map: &Map<String, Json>, style: FilterStyle) -> Option<(&str, &str)> {
    let (name, direction) = map.iter().next()?;
    (style == FilterStyle::Text && map.len() == 1).then_some((name.as_str(), direction.as_str()?))
}
