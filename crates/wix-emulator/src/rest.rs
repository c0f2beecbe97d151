//! What the endpoints of every catalog version have in common: how request bodies are checked, how answers and errors
//! look.

mod reply;
mod validation;

pub(crate) use reply::{CONSISTENT, Reply};
pub(crate) use validation::{Validation, join, parse_body};
