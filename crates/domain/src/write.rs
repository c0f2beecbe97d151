//! From a plan to calls and back: batches, the life of a line, and what an answer or a level read back means.

pub mod batch;
pub mod line;
pub mod settle;
