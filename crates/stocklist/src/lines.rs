//! Decides what each line means, and reads its SKU and quantity.

pub(crate) mod article;
pub(crate) mod line_kind;
pub(crate) mod quantity;
pub(crate) mod rows;
pub(crate) mod stated;
pub(crate) mod words;
