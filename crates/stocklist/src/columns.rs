//! Decides which line holds the headings, and which column holds what. Nothing here knows a format.

pub(crate) mod field;
pub(crate) mod finder;
pub(crate) mod headings;
pub(crate) mod layout;
pub(crate) mod names;
pub(crate) mod search;
pub(crate) mod sense;
pub(crate) mod stock_column;
