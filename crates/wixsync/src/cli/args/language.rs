//! Translates what clap says by itself in English.

use clap::{Arg, ArgAction, Command};
use messages::{Messages, Text};

use super::LAST;
use crate::cli::usage::without_heading;

/// Translates clap's own words in the help of a command and its subcommands into the language of `m`.
/// `path` is the command line that calls the command.
pub(super) fn in_language(command: Command, m: Messages, path: &str) -> Command {
    let version = command.get_version().is_some();
    let mut command = command
        .help_template(format!(
            "{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}",
            m.get("cli-usage")
        ))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .subcommand_help_heading(m.get("cli-commands"))
        .subcommand_value_name(m.get("cli-command-word"))
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .display_order(LAST + 5)
                .help(m.get("cli-help")),
        );
    if version {
        let flag = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        let flag = flag.display_order(LAST + 6);
        command = command.arg(flag.help(m.get("cli-version")));
    }
    command = command.mut_args(|arg| {
        let heading = if arg.is_positional() { "cli-arguments" } else { "cli-options" };
        with_values(arg.help_heading(m.get(heading)), m)
    });
    let usage = command.clone().bin_name(path).render_usage().to_string();
    let mut usage = without_heading(&usage).to_owned();
    if !usage.contains("[OPTIONS]") {
        // Every command has the options of all commands, which clap does not count here.
        usage = usage.replacen(path, &format!("{path} [OPTIONS]"), 1);
    }
    let usage = usage.replace("[OPTIONS]", &format!("[{}]", m.get("cli-options-word")));
    command.override_usage(usage).mut_subcommands(|inner| {
        let path = format!("{path} {}", inner.get_name());
        in_language(inner, m, &path)
    })
}

/// What stands for a value in the help: `FILE`. Names of the program's own, such as `SKU`, are the same in every
/// language.
fn value_name(m: Messages, name: &str) -> String {
    let code = name.replace('=', "-").replace(",…", "");
    m.coded("cli-value", &code, &Text::new("")).unwrap_or_else(|| name.to_owned())
}

/// Translates the names of an argument's values, and says its default and its possible values, where clap would say them in
/// English.
fn with_values(mut arg: Arg, m: Messages) -> Arg {
    let texts = |values: Vec<String>| values.join(", ");
    let default = texts(arg.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect());
    let possible = texts(arg.get_possible_values().iter().map(|v| v.get_name().to_owned()).collect());
    let names = arg.get_value_names().unwrap_or_default();
    let names: Vec<String> = names.iter().map(|name| value_name(m, name)).collect();
    if !names.is_empty() {
        arg = arg.value_names(names);
    }
    let mut help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    if !possible.is_empty() {
        help = format!("{help} [{}]", m.say(&Text::new("cli-possible").with("values", possible)));
        arg = arg.hide_possible_values(true);
    }
    if !default.is_empty() {
        help = format!("{help} [{}]", m.say(&Text::new("cli-default").with("value", default)));
        arg = arg.hide_default_value(true);
    }
    arg.help(help)
}
