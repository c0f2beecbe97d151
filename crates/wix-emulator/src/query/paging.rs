//! Pages by offset (contract 3.1: at most 100 rows, offsets up to about 10,000).

use serde_json::{Map, Value};

use crate::violation::Checks;

/// The most rows of one page.
const MAX_LIMIT: usize = 100;
/// The rows of a page when the request names no limit (undocumented).
pub(crate) const DEFAULT_LIMIT: usize = 100;

/// Which rows are wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

/// Reads `paging{limit,offset}`.
pub(crate) fn parse_paging(
    paging: Option<&Value>,
    path: &str,
    max_offset: usize,
    checks: &mut Checks,
) -> Page {
    let first = Page { limit: DEFAULT_LIMIT, offset: 0 };
    let Some(map) = paging.and_then(|json| checks.object(json, path, &["limit", "offset"])) else {
        return first;
    };
    let limit = parse_limit(map, path, checks);
    let offset =
        checks.whole(map, path, "offset").map_or(0, |offset| usize::try_from(offset).unwrap_or(usize::MAX));
    if offset > max_offset {
        checks.outside(&format!("{path}.offset"), 0, max_offset);
    }
    Page { limit, offset }
}

/// Reads `limit`: 1 to 100.
pub(crate) fn parse_limit(map: &Map<String, Value>, path: &str, checks: &mut Checks) -> usize {
    let Some(limit) = checks.whole(map, path, "limit") else { return DEFAULT_LIMIT };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if !(1..=MAX_LIMIT).contains(&limit) {
        checks.outside(&format!("{path}.limit"), 1, MAX_LIMIT);
    }
    limit
}
