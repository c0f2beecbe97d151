//! `wixsync`: makes the quantities in a Wix shop equal to the stock in the merchant's own database.

mod cli;
mod clock;
mod commands;
mod config;
mod context;
mod environment;
mod error;
mod logging;
mod output;
mod setup;
mod shops;
mod signals;
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
