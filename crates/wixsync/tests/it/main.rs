//! The built program against an emulated shop, over real HTTP.
//!
//! A test asserts on the emulator's own books (levels, ledger, request log), and only then on what the program says.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests: what is not there fails the test"
)]

mod access;
mod answers;
mod apply;
mod background;
mod calls;
mod catalogs;
mod configuration;
mod databases;
mod described;
mod doctor;
mod errors;
mod explain;
mod guard;
mod history;
mod import;
mod init;
mod interruption;
mod kills;
mod locked;
mod main_job;
mod matching;
mod naming;
mod new_items;
#[cfg(unix)]
mod one_state;
mod output;
mod pace;
mod packaging;
mod pages;
mod processes;
mod reads;
mod requests;
mod scale;
mod schemathesis;
mod screens;
mod secrets;
mod serve;
mod servers;
mod service;
mod serving;
mod settings;
mod shops;
mod skus;
mod slots;
mod sums;
#[cfg(target_os = "linux")]
mod supervisor;
mod support;
mod told;
mod traces;
#[cfg(unix)]
mod trusted;
mod unfinished;
mod warm;
mod watched;
mod writes;
