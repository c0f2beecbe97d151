//! Writing a plan: batches, the states of a line, and what an answer or a level that is read back means.

pub mod another_writer;
pub mod batch;
pub mod line;
pub mod settle;
