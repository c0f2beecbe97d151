//! The state database: the record of runs, the journal of their lines, leases, tasks, tokens, request windows.
//!
//! [`open`] is the only function that chooses a database, by the scheme of a [`StateUrl`]; everything outside this
//! crate sees a `sync::ports::Store`. Each database has a folder of its own with one file per concern. The rules are
//! those of `domain::admission`; a database reads rows, asks them, and writes rows.

mod open;
mod sqlite;

pub use open::{BadUrl, StateUrl, is_state_file, open};
