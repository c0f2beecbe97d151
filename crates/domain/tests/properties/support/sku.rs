//! Strategies for SKUs, many of them awkward.

use std::sync::Arc;

use domain::Sku;
use proptest::prelude::*;
use proptest::sample;

/// Text that other programs take for syntax, for a number, for a missing value, or for equal.
const AWKWARD: &[&str] = &[
    "A",
    "a",
    "А",
    " A",
    "A ",
    "A\u{a0}",
    "7",
    "07",
    "007",
    "7.0",
    "0",
    "-1",
    "1e3",
    "+7",
    "it's",
    "\"quoted\"",
    "`tick`",
    "back\\slash",
    "\\",
    "100%",
    "%",
    "_",
    "$in",
    "{\"$gt\":\"\"}",
    "a,b",
    "a;--",
    "a/b",
    "a b",
    "a  b",
    " ",
    "\t",
    "\n",
    "\u{0}",
    "\u{feff}A",
    "NULL",
    "null",
    "true",
    "Артикул",
    "артикул",
    "ё",
    "е\u{308}",
    "ß",
    "SS",
    "İ",
    "🙂",
    "👩\u{200d}👧",
];

pub(crate) fn sku(text: &str) -> Sku {
    Sku::parse(text).unwrap()
}

/// The fixed SKUs, each once; so few that two picks often meet.
pub(crate) fn pool() -> Vec<Arc<str>> {
    let long = ["x", "Я", "🙂"].iter().flat_map(|one| [one.repeat(40), one.repeat(41)]);
    AWKWARD.iter().map(|text| Arc::from(*text)).chain(long.map(Arc::from)).collect()
}

/// Any SKU's text, never empty.
pub(crate) fn text() -> impl Strategy<Value = Arc<str>> {
    prop_oneof![
        12 => sample::select(pool()),
        1 => "[ -~]{1,42}".prop_map(Arc::from),
        1 => any::<String>().prop_filter_map("empty", |text| (!text.is_empty()).then(|| Arc::from(text))),
    ]
}

/// What a database may have in the SKU column, including an empty text.
pub(crate) fn column() -> impl Strategy<Value = Arc<str>> {
    prop_oneof![1 => Just(Arc::from("")), 12 => text()]
}

/// Some of the pool, each at most once.
pub(crate) fn some_of_the_pool() -> impl Strategy<Value = Vec<Arc<str>>> {
    let pool = pool();
    let all = pool.len();
    sample::subsequence(pool, 0..=all)
}
