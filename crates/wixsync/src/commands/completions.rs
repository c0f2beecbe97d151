//! `completions SHELL`: a script that lets a shell complete our words.

use clap::ArgMatches;
use clap_complete::Shell;
use serde_json::json;

use crate::cli::args::command;
use crate::context::Context;
use crate::output::Output;

pub(super) fn run(context: &Context, args: &ArgMatches) -> u8 {
    // clap asks for it.
    let Some(shell) = args.get_one::<Shell>("shell").copied() else { return crate::error::USAGE };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(context.messages), "wixsync", &mut script);
    if context.output.json {
        Output::print(&json!({"shell": shell.to_string(), "script": String::from_utf8_lossy(&script)}));
    } else {
        Output::raw(&script);
    }
    0
}
