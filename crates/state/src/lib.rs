//! The state database: runs, the journal of their lines, leases, tasks, tokens and request windows.
//!
//! [`open`] chooses the database by the scheme of a [`StateUrl`]; no other function does. Everything outside this
//! crate sees a `sync::ports::Store`. Each database has its own folder with one file per concern. The code here reads
//! and writes rows; the rules are in `domain::admission`.

mod open;
mod sqlite;

pub use open::{BadUrl, StateUrl, is_state_file, open};
