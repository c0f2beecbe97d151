//! The message files, the codes of errors and their pages are in step.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod codes;
mod files;
mod sentences;
mod support;
