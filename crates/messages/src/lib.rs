//! Every sentence a person reads, in Russian and English.
//!
//! The inner crates give typed codes; this crate turns them into sentences from the message files in
//! `locales/`. A sentence that is not in those files does not reach a user.

pub mod errors;
mod lang;
pub mod render;
mod text;

pub use errors::ErrorCode;
pub use lang::{Lang, UnknownLang};
pub use text::{Messages, Text};
