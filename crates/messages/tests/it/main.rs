//! Checks that message files, error codes and their pages are consistent.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod codes;
mod endings;
mod files;
mod sentences;
mod support;
