//! All sentences that users read, in Russian and English.
//!
//! The inner crates return typed codes. This crate turns the codes into sentences from the message files in
//! `locales/`. Users see no sentence that is not in those files.
//!
//! - [`Messages`]: the sentences of one [`Lang`]; [`Messages::say`] fills a [`Text`], a message's id with its
//!   arguments.
//! - `ending`: the sentence with which a run ends.
//! - `render`: the sentences for the codes of `domain` and `sync`, and the report.
//! - `figures`: numbers as a language writes them.
//! - `foreign`: phrases of other programs inside a sentence, such as those of the operating system.
//! - [`errors`]: the number of each error ([`ErrorCode`]) with its message, its hint and its page in `docs/errors`.
//!
//! Start with `text.rs`. The tests hold both languages, the codes, the arguments and the pages in step.

mod ending;
pub mod errors;
mod figures;
mod foreign;
mod lang;
pub mod render;
mod text;

pub use errors::ErrorCode;
pub use lang::{Lang, UnknownLang};
pub use text::{Messages, Text};
