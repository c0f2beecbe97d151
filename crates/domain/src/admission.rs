//! Which run may start, wait, join another, go on and end.
//!
//! A store reads rows, asks the functions here, and writes what they decide, all in one transaction. So every
//! database decides alike: nothing of this is written in SQL.

pub mod attempt;
pub mod good;
pub mod key;
pub mod lease;
pub mod queue;
pub mod record;
pub mod waiting;
pub mod window;
