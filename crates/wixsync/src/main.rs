//! `wixsync`: makes the quantities in a Wix shop equal to the stock in the merchant's own database.
//!
//! The one program, and the only crate that knows every other one: it reads the environment and the settings, opens
//! the adapters, runs commands, and prints what came of them.
//!
//! - `cli`: the arguments; `commands`: one module for each command; `context`: what each is given.
//! - `config`: every setting, declared once in `config/table.rs`.
//! - `wiring`: the only place that makes a shop, a warehouse and a store of the settings; `shops`: the same for the
//!   service; `window`: the request window that processes share.
//! - `output`: what people and programs read; `logging`, `traces`: what operators read.
//! - `known_states`: a note of the state databases that were used for a site.
//! - `clock`, `environment`: the only places that ask the system for time, randomness and variables.
//!
//! Start with `commands/run.rs`, the command `sync`.

mod cli;
mod clock;
mod commands;
mod config;
mod context;
mod environment;
mod error;
mod importing;
mod known_states;
mod log_writer;
mod logging;
mod output;
mod overlooked;
mod setup;
mod shops;
mod signals;
mod text_file;
mod traces;
mod window;
mod wiring;

use std::process::ExitCode;

use environment::Environment;

fn main() -> ExitCode {
    let environment = Environment::of_process();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime {
        Ok(runtime) => ExitCode::from(runtime.block_on(cli::run(&environment, std::env::args_os()))),
        Err(error) => {
            cli::tell_of_no_runtime(&environment, &error);
            ExitCode::from(error::FAILED)
        }
    }
}
