//! x
pub mod shop;
