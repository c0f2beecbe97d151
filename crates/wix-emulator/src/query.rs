//! Queries: filters, sorts and pages, parsed strictly and evaluated for real. A catalog version names the fields of its
//! resources ([`QueryField`]) and gives their values ([`Row`]).

mod cursor;
mod filter;
mod keyset;
mod lookup;
mod offset_query;
mod operator;
mod paging;
mod select;
mod sort;
mod style;
mod value;

pub(crate) use cursor::{Cursor, parse_cursor_paging};
pub(crate) use filter::{Expr, parse_filter};
pub(crate) use keyset::{KeysetPage, KeysetQuery, QueryLimits};
pub(crate) use lookup::{Index, Lookup};
pub(crate) use offset_query::OffsetQuery;
pub(crate) use paging::{Page, parse_paging};
pub(crate) use sort::{Sort, SortKey, parse_sort};
pub(crate) use style::FilterStyle;
pub(crate) use value::{Value, ValueKind};

use crate::site::Behavior;

/// A field as a query may use it.
#[derive(Debug, Clone)]
pub(crate) struct FieldSpec<F> {
    pub(crate) field: F,
    pub(crate) kind: ValueKind,
    pub(crate) sortable: bool,
}

impl<F> FieldSpec<F> {
    pub(crate) fn sortable(field: F, kind: ValueKind) -> Self {
        Self { field, kind, sortable: true }
    }

    pub(crate) fn filter_only(field: F, kind: ValueKind) -> Self {
        Self { field, kind, sortable: false }
    }
}

/// A field of one resource.
pub(crate) trait QueryField: Clone {
    /// The field of this name, if queries may use it on a site that behaves like this.
    fn named(name: &str, behavior: &Behavior) -> Option<FieldSpec<Self>>;

    /// The index over this field, if there is one.
    fn index(&self) -> Option<Index>;
}

/// A row that filters and sorts look at.
pub(crate) trait Row<F> {
    fn value(&self, field: &F) -> Value<'_>;
}
