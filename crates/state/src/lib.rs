//! The state database: runs, the journal of their lines, leases, tasks, tokens, request windows.
//!
//! [`open()`] is the only function that chooses a database, by the scheme of a [`StateUrl`]. Everything outside this
//! crate sees a `sync::ports::Store`.
//!
//! Each database has a folder of its own with one file per concern; the ports are in `sync::ports`. The rules are
//! those of `domain::admission`: a database reads rows, asks them, and writes rows, in one transaction. It never
//! decides.
//!
//! Start with `sqlite.rs` (the connections) and `sqlite/transaction.rs` (who writes when); then take the file of the
//! port that you are interested in. `sqlite/ends.rs` records every end of a run. `migrations/` has the tables.
//! `conformance::store_tests!` holds every database to the same promises.

mod open;
mod sqlite;

pub use open::{StateUrl, is_state_file, open};
