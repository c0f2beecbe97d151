//! Pages by cursor. A cursor carries the filter, the sort and the next offset, so that the next request sends nothing
//! else.

use serde_json::{Value as Json, json};

use super::paging::{Page, parse_limit};
use crate::rest::Validation;

/// What a cursor carries.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cursor {
    pub(crate) offset: usize,
    pub(crate) filter: Option<Json>,
    pub(crate) sort: Option<Json>,
}

impl Cursor {
    /// The text for the client: JSON in hexadecimal, so that no client reads meaning into it.
    pub(crate) fn encode(&self) -> String {
        hex::encode(json!([self.offset, self.filter, self.sort]).to_string())
    }

    fn decode(text: &str) -> Option<Self> {
        let json = hex::decode(text).ok()?;
        let (offset, filter, sort) = serde_json::from_slice(&json).ok()?;
        Some(Self { offset, filter, sort })
    }
}

/// Reads `cursorPaging{limit,cursor}`. The first request of a series has no cursor, but may have a filter and a sort;
/// the others have them in the cursor, and must not send them again.
pub(crate) fn parse_cursor_paging(
    paging: &Json,
    filter: Option<Json>,
    sort: Option<Json>,
    validation: &mut Validation,
) -> (Page, Cursor) {
    let path = "query.cursorPaging";
    let mut page = Page::FIRST;
    let first = Cursor { offset: 0, filter, sort };
    let Some(paging) = validation.object(paging, path, &["limit", "cursor"]) else {
        return (page, first);
    };
    page.limit = parse_limit(paging, path, validation);
    let Some(text) = validation.text(paging, path, "cursor") else {
        return (page, first);
    };
    if first.filter.is_some() || first.sort.is_some() {
        validation.invalid(path, "a cursor carries its filter and sort; do not send them again");
    }
    let Some(cursor) = Cursor::decode(text) else {
        validation.invalid(format!("{path}.cursor"), "the cursor is not valid");
        return (page, Cursor::default());
    };
    page.offset = cursor.offset;
    (page, cursor)
}
