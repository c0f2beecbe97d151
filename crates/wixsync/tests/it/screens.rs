//! What a user sees, word for word, in snapshots: at a terminal 80 columns wide, and where none is.

mod doctor;
mod errors;
mod help;
mod init;
mod pictures;
mod plan;
mod shown;
