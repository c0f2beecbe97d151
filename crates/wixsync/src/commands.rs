//! One module for each command.

mod completions;
mod config_check;
mod config_show;
mod demo;
mod doctor;
mod emulator;
mod error;
mod explain;
mod import;
mod init;
mod look_up;
mod pause;
mod run;
mod runs;
mod serve;
mod set;
mod status;
mod token;

pub(crate) use config_check::open_key;

use clap::ArgMatches;
use domain::Sku;

use crate::context::Context;
use crate::error::Failure;

/// Runs the command that was asked for; gives its exit code.
pub(crate) async fn run(context: &Context, matches: &ArgMatches) -> Result<u8, Failure> {
    match matches.subcommand() {
        Some(("demo", args)) => demo::run(context, args).await,
        Some(("sync", args)) => run::sync(context, args).await,
        Some(("plan", args)) => run::plan(context, args).await,
        Some(("apply", args)) => run::apply(context, args).await,
        Some(("set", args)) => set::run(context, args).await,
        Some(("products", args)) => look_up::products(context, args).await,
        Some(("inventory-updates", args)) => look_up::inventory_updates(context, args).await,
        Some(("runs", args)) => runs::list(context, args).await,
        Some(("run", args)) => runs::one(context, args).await,
        Some(("status", args)) => status::run(context, args).await,
        Some(("explain", args)) => explain::run(context, args).await,
        Some(("doctor", args)) => doctor::run(context, args).await,
        Some(("init", args)) => init::run(context, args).await,
        Some(("import", args)) => import::run(context, args).await,
        Some(("config", args)) => Ok(match args.subcommand_name() {
            Some("check") => config_check::run(context),
            Some("example") => config_show::example(context),
            _ => config_show::run(context),
        }),
        Some(("serve", args)) => serve::serve(context, args).await,
        Some(("worker", _)) => serve::worker(context).await,
        Some(("token", args)) => token::run(context, args).await,
        Some(("pause", args)) => pause::pause(context, args).await,
        Some(("resume", args)) => pause::resume(context, args).await,
        Some(("emulator", args)) => emulator::run(context, args).await,
        Some(("error", args)) => error::run(context, args),
        Some(("completions", args)) => Ok(completions::run(context, args)),
        // clap lets no other word through.
        _ => Ok(crate::error::USAGE),
    }
}

/// The text of an option.
pub(crate) fn option<'a>(args: &'a ArgMatches, name: &str) -> Option<&'a str> {
    args.get_one::<String>(name).map(String::as_str)
}

/// All SKUs given to an argument, in order.
fn skus(args: &ArgMatches, name: &str) -> Vec<Sku> {
    args.get_many::<Sku>(name).map(|skus| skus.cloned().collect()).unwrap_or_default()
}
