//! x
mod shop;
pub use shop::{RevisionShop, WriteFault};
