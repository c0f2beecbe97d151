//! Queries of Catalog V3: filter, sort, and pages by cursor. A cursor carries the filter, the sort and where the last
//! row stands in the order (Wix: API Query Language; a sample cursor decodes to just that), so the next request sends
//! nothing else. A row that moves in the order while a client reads pages is seen twice, or not at all.

use std::cmp::Ordering;

use serde_json::{Map, Value as Json, json};

use super::filter::{Expr, parse_filter};
use super::sort::{Sort, SortKey, parse_sort};
use super::style::FilterStyle;
use super::value::Value;
use super::{QueryField, Row};
use crate::catalog::ItemPosition;
use crate::rest::{Validation, join};
use crate::site::Behavior;

/// What an endpoint allows in a query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QueryLimits {
    /// The member of the body: `query` or `search`.
    pub(crate) member: &'static str,
    /// The most rows of a page.
    pub(crate) max_limit: usize,
    /// The rows of a page when the request names no limit.
    pub(crate) default_limit: usize,
    /// The only fields that the endpoint takes, where they are fewer than those of the resource.
    pub(crate) only: Option<&'static [&'static str]>,
}

/// Where a page begins: after the row with these values at this position.
#[derive(Debug, Clone)]
struct After {
    values: Vec<Value<'static>>,
    at: ItemPosition,
}

/// A query by cursor, read but not run.
#[derive(Debug)]
pub(crate) struct KeysetQuery<F> {
    pub(crate) filter: Option<Expr<F>>,
    sort: Sort<F>,
    limit: usize,
    after: Option<After>,
    /// The member `search.search` of the first request: a free text.
    pub(crate) text: Option<Json>,
    /// What the next cursor repeats.
    sent: (Option<Json>, Option<Json>),
    /// When the page is read, in milliseconds since the start, for the age of cursors.
    now_ms: u64,
}

/// A page of rows, and the cursor of the next page.
pub(crate) struct KeysetPage<R> {
    pub(crate) rows: Vec<R>,
    pub(crate) next: Option<String>,
}

impl<F: QueryField> KeysetQuery<F> {
    /// Reads the member of the body. `order` sorts the rows where the request names no sort.
    pub(crate) fn read(
        body: Option<&Map<String, Json>>,
        limits: QueryLimits,
        order: Vec<SortKey<F>>,
        now_ms: u64,
        behavior: &Behavior,
        validation: &mut Validation,
    ) -> Self {
        let empty = Map::new();
        let path = limits.member;
        let members = ["filter", "sort", "cursorPaging", "search"];
        let members = if path == "search" { &members[..] } else { members.get(..3).unwrap_or(&members) };
        let map = body.and_then(|map| map.get(path));
        let map = map.and_then(|json| validation.object(json, path, members)).unwrap_or(&empty);
        let mut cursor = Cursor {
            filter: map.get("filter").cloned(),
            sort: map.get("sort").cloned(),
            text: map.get("search").cloned(),
            ..Cursor::default()
        };
        let mut limit = limits.default_limit;
        let paging_path = join(path, "cursorPaging");
        let paging = map.get("cursorPaging");
        let paging = paging
            .and_then(|json| validation.object(json, &paging_path, &["limit", "cursor"]))
            .unwrap_or(&empty);
        if let Some(asked) = validation.unsigned(paging, &paging_path, "limit") {
            limit = usize::try_from(asked).unwrap_or(usize::MAX);
            check_limit(limit, limits, &join(&paging_path, "limit"), validation);
        }
        let text = validation.text(paging, &paging_path, "cursor").filter(|text| !text.is_empty());
        if let Some(text) = text {
            if cursor.is_given() {
                let description = "a cursor carries its filter and sort; do not send them again";
                validation.invalid(&paging_path, description);
            }
            cursor = Cursor::decode(text, now_ms, behavior).unwrap_or_else(|| {
                validation.invalid(join(&paging_path, "cursor"), "the cursor is not valid");
                Cursor::default()
            });
        }
        if let Some(only) = limits.only {
            check_names(cursor.filter.as_ref(), only, &join(path, "filter"), validation);
            check_sort_names(cursor.sort.as_ref(), only, &join(path, "sort"), validation);
        }
        cursor.into_query(path, limit, order, now_ms, behavior, validation)
    }

    /// The one field that the rows are sorted by, and whether descending; `None` when there are several.
    pub(crate) fn single_key(&self) -> Option<(&F, bool)> {
        match self.sort.0.as_slice() {
            [key] => Some((&key.field, key.descending)),
            _ => None,
        }
    }

    /// Whether the rows are sorted by these fields, ascending.
    pub(crate) fn is_sorted_by(&self, fields: &[F]) -> bool
    where
        F: PartialEq,
    {
        let keys = &self.sort.0;
        keys.len() == fields.len()
            && keys.iter().zip(fields).all(|(key, field)| key.field == *field && !key.descending)
    }

    /// Where the page begins, for an index in the order of the first key: its value and position in the last row.
    pub(crate) fn after(&self) -> Option<(&Value<'static>, ItemPosition)> {
        let after = self.after.as_ref()?;
        Some((after.values.first()?, after.at))
    }

    fn descends(&self) -> bool {
        self.sort.0.first().is_some_and(|key| key.descending)
    }

    /// Rows with equal values are in the order of their positions, or against it where the first key descends.
    fn order(&self, a: (ItemPosition, &impl Row<F>), b: (ItemPosition, &impl Row<F>)) -> Ordering {
        let tie = a.0.cmp(&b.0);
        self.sort.order(a.1, b.1).then(if self.descends() { tie.reverse() } else { tie })
    }

    fn is_after(&self, row: (ItemPosition, &impl Row<F>)) -> bool {
        let Some(after) = &self.after else { return true };
        for (key, last) in self.sort.0.iter().zip(&after.values) {
            let order = row.1.value(&key.field).order(last);
            let order = if key.descending { order.reverse() } else { order };
            if order.is_ne() {
                return order.is_gt();
            }
        }
        let tie = row.0.cmp(&after.at);
        if self.descends() { tie.is_lt() } else { tie.is_gt() }
    }

    pub(crate) fn passes(&self, row: &impl Row<F>) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.holds(row))
    }

    /// The page out of rows in the order of the query. Rows before the page are left out.
    pub(crate) fn page_of_ordered<R: Row<F>>(
        &self,
        rows: impl Iterator<Item = (ItemPosition, R)>,
        behavior: &Behavior,
    ) -> KeysetPage<R> {
        let found = rows
            .filter(|row| self.passes(&row.1) && self.is_after((row.0, &row.1)))
            .take(self.limit.saturating_add(1))
            .collect();
        self.page(found, behavior)
    }

    /// The page out of rows in any order.
    pub(crate) fn page_of<R: Row<F>>(
        &self,
        rows: impl Iterator<Item = (ItemPosition, R)>,
        behavior: &Behavior,
    ) -> KeysetPage<R> {
        let mut found: Vec<(ItemPosition, R)> =
            rows.filter(|row| self.passes(&row.1) && self.is_after((row.0, &row.1))).collect();
        found.sort_by(|a, b| self.order((a.0, &a.1), (b.0, &b.1)));
        found.truncate(self.limit.saturating_add(1));
        self.page(found, behavior)
    }

    /// The page out of its rows and the first one after it.
    fn page<R: Row<F>>(&self, mut found: Vec<(ItemPosition, R)>, behavior: &Behavior) -> KeysetPage<R> {
        let has_more = found.len() > self.limit || (behavior.empty_last_page && !found.is_empty());
        found.truncate(self.limit);
        let next = found.last().filter(|_| has_more).map(|(at, row)| {
            let values = self.sort.0.iter().map(|key| row.value(&key.field).to_json()).collect();
            let cursor = Cursor {
                filter: self.sent.0.clone(),
                sort: self.sent.1.clone(),
                text: self.text.clone(),
                after: Some((values, at.parts())),
                issued_ms: self.now_ms,
            };
            cursor.encode()
        });
        KeysetPage { rows: found.into_iter().map(|row| row.1).collect(), next }
    }
}

/// Refuses fields of a filter that are not among these.
fn check_names(json: Option<&Json>, only: &[&str], path: &str, validation: &mut Validation) {
    match json {
        Some(Json::Array(parts)) => {
            for part in parts {
                check_names(Some(part), only, path, validation);
            }
        }
        Some(Json::Object(map)) => {
            for (name, part) in map {
                if name.starts_with('$') {
                    check_names(Some(part), only, path, validation);
                } else if !only.contains(&name.as_str()) {
                    validation
                        .invalid(join(path, name), format!("Field '{name}' is not declared as filterable"));
                }
            }
        }
        _ => {}
    }
}

/// Refuses fields of a sort that are not among these.
fn check_sort_names(json: Option<&Json>, only: &[&str], path: &str, validation: &mut Validation) {
    let keys = json.and_then(Json::as_array).into_iter().flatten();
    for name in keys.filter_map(|key| key.get("fieldName").and_then(Json::as_str)) {
        if !only.contains(&name) {
            validation.invalid(path, format!("Field '{name}' is not declared as sortable"));
        }
    }
}

fn check_limit(limit: usize, limits: QueryLimits, path: &str, validation: &mut Validation) {
    if limit > limits.max_limit {
        validation.above_max(path, limits.max_limit);
    }
    if limit == 0 {
        validation.below_min(path, 1);
    }
}

/// What a cursor carries.
#[derive(Debug, Clone, Default)]
struct Cursor {
    filter: Option<Json>,
    sort: Option<Json>,
    text: Option<Json>,
    /// The values and the position of the last row.
    after: Option<(Vec<Json>, [u64; 3])>,
    /// When it was made, in milliseconds since the start.
    issued_ms: u64,
}

impl Cursor {
    fn is_given(&self) -> bool {
        self.filter.is_some() || self.sort.is_some() || self.text.is_some()
    }

    /// The text for the client: JSON in hexadecimal, so that no client reads meaning into it.
    fn encode(&self) -> String {
        let Self { filter, sort, text, after, issued_ms } = self;
        hex::encode(json!([filter, sort, text, after, issued_ms]).to_string())
    }

    /// Reads a cursor. One that is older than the site allows is not valid.
    fn decode(text: &str, now_ms: u64, behavior: &Behavior) -> Option<Self> {
        let json = hex::decode(text).ok()?;
        let (filter, sort, text, after, issued_ms) = serde_json::from_slice(&json).ok()?;
        let lifetime = u64::try_from(behavior.cursor_lifetime.as_millis()).unwrap_or(u64::MAX);
        let is_over = lifetime > 0 && now_ms.saturating_sub(issued_ms) > lifetime;
        (!is_over).then_some(Self { filter, sort, text, after, issued_ms })
    }

    fn into_query<F: QueryField>(
        self,
        path: &str,
        limit: usize,
        order: Vec<SortKey<F>>,
        now_ms: u64,
        behavior: &Behavior,
        validation: &mut Validation,
    ) -> KeysetQuery<F> {
        let style = FilterStyle::Rich;
        let (filter_path, sort_path) = (join(path, "filter"), join(path, "sort"));
        let filter = parse_filter(self.filter.as_ref(), style, &filter_path, behavior, validation);
        let mut sort: Sort<F> = parse_sort(self.sort.as_ref(), style, &sort_path, behavior, validation);
        if sort.0.is_empty() {
            sort = Sort(order);
        }
        let after = self.after.and_then(|(values, at)| {
            let read = |(json, key): (&Json, &SortKey<F>)| Value::from_json(key.kind, json);
            let values = values.iter().zip(&sort.0).map(read).collect();
            Some(After { values, at: ItemPosition::from_parts(at)? })
        });
        KeysetQuery { filter, sort, limit, after, text: self.text, sent: (self.filter, self.sort), now_ms }
    }
}
