//! Admission: which run of a shop may start, wait, join another run, continue and end.
//!
//! A store reads rows, calls these functions and writes what they decide, all in one transaction. None of these rules
//! is written in SQL, so every database decides the same way.

pub mod attempt;
pub mod good;
pub mod key;
pub mod lease;
pub mod pace;
pub mod queue;
pub mod record;
pub mod schedule;
pub mod waiting;
pub mod window;
