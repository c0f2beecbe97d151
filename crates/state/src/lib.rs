//! The state database: the record of runs and the journal of their lines, one module per concern.

mod sqlite;

pub use sqlite::{Place, SqliteState, WindowLimit};
