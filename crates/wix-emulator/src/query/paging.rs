//! Pages by offset (Wix: Filter and sort; at most 100 rows, offsets up to about 10,000).

use serde_json::{Map, Value};

use crate::rest::Validation;

/// The most rows of one page.
const MAX_LIMIT: usize = 100;
/// The rows of a page when the request names no limit (undocumented).
const DEFAULT_LIMIT: usize = 100;

/// The rows that a query asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

impl Page {
    /// The page of a query that names none.
    pub(super) const FIRST: Self = Self { limit: DEFAULT_LIMIT, offset: 0 };
}

/// Reads `paging{limit,offset}`.
pub(crate) fn parse_paging(
    paging: Option<&Value>,
    path: &str,
    max_offset: usize,
    validation: &mut Validation,
) -> Page {
    let Some(map) = paging.and_then(|json| validation.object(json, path, &["limit", "offset"])) else {
        return Page::FIRST;
    };
    let limit = parse_limit(map, path, validation);
    let offset = validation
        .unsigned(map, path, "offset")
        .map_or(0, |offset| usize::try_from(offset).unwrap_or(usize::MAX));
    if offset > max_offset {
        validation.out_of_range(&format!("{path}.offset"), 0, max_offset);
    }
    Page { limit, offset }
}

/// Reads `limit`: 1 to 100.
pub(super) fn parse_limit(map: &Map<String, Value>, path: &str, validation: &mut Validation) -> usize {
    let Some(limit) = validation.unsigned(map, path, "limit") else { return DEFAULT_LIMIT };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if !(1..=MAX_LIMIT).contains(&limit) {
        validation.out_of_range(&format!("{path}.limit"), 1, MAX_LIMIT);
    }
    limit
}
