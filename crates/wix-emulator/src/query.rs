//! Queries: filters, sorts and pages, parsed strictly and evaluated for real.

mod filter;
mod lookup;
mod operator;
mod paging;
mod select;
mod sort;
mod value;

pub(crate) use filter::{Expr, FilterStyle, Rules, parse_filter};
pub(crate) use lookup::{Index, Lookup};
pub(crate) use paging::{DEFAULT_LIMIT, Page, parse_limit, parse_paging};
pub(crate) use select::{Search, find};
pub(crate) use sort::{Sort, parse_sort};
pub(crate) use value::Value;

/// What kind of values a field holds; decides which operators it takes and how they compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Free text: `$eq $ne $hasSome $contains $startsWith`.
    Text,
    /// A fixed word: `$eq $ne $hasSome`.
    Word,
    /// A GUID: `$eq $ne $hasSome`.
    Guid,
    /// A text of digits, compared as an integer: `$eq $ne $hasSome $lt $lte $gt $gte`.
    Digits,
    /// A JSON number: the same.
    Number,
    /// An RFC 3339 time: the same.
    Time,
    /// True or false: `$eq $ne`.
    Flag,
    /// Several words: `$eq $ne $hasSome $hasAll`.
    Many,
}

/// A field as a query may use it.
#[derive(Debug, Clone)]
pub(crate) struct Spec<F> {
    pub(crate) field: F,
    pub(crate) kind: Kind,
    pub(crate) sortable: bool,
}

impl<F> Spec<F> {
    pub(crate) fn sortable(field: F, kind: Kind) -> Self {
        Self { field, kind, sortable: true }
    }

    pub(crate) fn filter_only(field: F, kind: Kind) -> Self {
        Self { field, kind, sortable: false }
    }
}

/// The fields of one resource.
pub(crate) trait Fields: Clone {
    /// The field of this name, if queries may use it.
    fn named(name: &str, rules: &Rules) -> Option<Spec<Self>>;

    /// The index over this field, if there is one.
    fn index(&self) -> Option<Index>;
}

/// A row that filters and sorts look at.
pub(crate) trait Row<F> {
    fn value(&self, field: &F) -> Value<'_>;
}
