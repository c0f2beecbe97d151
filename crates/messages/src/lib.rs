//! All sentences that users read, in Russian and English.
//!
//! The inner crates return typed codes. This crate turns the codes into sentences from the message files in
//! `locales/`. Users see no sentence that is not in those files.

pub mod errors;
mod lang;
pub mod render;
mod text;

pub use errors::ErrorCode;
pub use lang::{Lang, UnknownLang};
pub use text::{Messages, Text};
