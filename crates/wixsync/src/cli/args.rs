//! The commands and their arguments. Texts come from the message files.

mod import;
mod init;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, RangedU64ValueParser};
use clap::{Arg, ArgAction, Command, value_parser};
use clap_complete::Shell;
use domain::Sku;
use domain::quantity::CEILING;
use messages::Messages;

/// The whole command line, in the language of `messages`.
pub(super) fn command(messages: Messages) -> Command {
    let m = messages;
    let whole = Command::new("wixsync")
        .version(env!("CARGO_PKG_VERSION"))
        .about(m.get("cli-about"))
        .disable_help_subcommand(true)
        .subcommand_help_heading(m.get("cli-commands"))
        .subcommand_value_name("COMMAND")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .args_override_self(true)
        .arg(
            Arg::new("config")
                .long("config")
                .global(true)
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help(m.get("cli-config-file")),
        )
        .arg(
            Arg::new("lang")
                .long("lang")
                .global(true)
                .value_name("LANG")
                .value_parser(["ru", "en"])
                .help(m.get("cli-lang")),
        )
        .subcommand(Command::new("demo").about(m.get("cli-demo")).arg(json(m)))
        .subcommand(
            Command::new("sync")
                .about(m.get("cli-sync"))
                .arg(
                    Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help(m.get("cli-dry-run")),
                )
                .args([shop(m), sku_filter(m), json(m)]),
        )
        .subcommand(Command::new("plan").about(m.get("cli-plan")).args([shop(m), sku_filter(m), json(m)]))
        .subcommand(
            Command::new("apply")
                .about(m.get("cli-apply"))
                .arg(id("plan", "PLAN_ID").help(m.get("cli-plan-id")))
                .args([shop(m), json(m)]),
        )
        .subcommand(look_up("products", m.get("cli-products"), m))
        .subcommand(look_up("inventory-updates", m.get("cli-inventory-updates"), m))
        .subcommand(
            Command::new("set")
                .about(m.get("cli-set"))
                .arg(
                    Arg::new("quantities")
                        .value_name("SKU=N")
                        .required(true)
                        .num_args(1..)
                        .value_parser(quantity)
                        .help(m.get("cli-quantities")),
                )
                .args([shop(m), json(m)]),
        )
        .subcommand(
            Command::new("runs")
                .about(m.get("cli-runs"))
                .arg(
                    Arg::new("limit")
                        .long("limit")
                        .value_name("N")
                        .default_value("20")
                        .value_parser(value_parser!(u32).range(1..=10_000))
                        .help(m.get("cli-limit")),
                )
                .args([shop(m), json(m)]),
        )
        .subcommand(
            Command::new("run")
                .about(m.get("cli-run"))
                .arg(id("run", "RUN_ID").help(m.get("cli-run-id")))
                .arg(json(m)),
        )
        .subcommand(explain(m))
        .subcommand(init::command(m))
        .subcommand(import::command(m))
        .subcommand(
            Command::new("config")
                .about(m.get("cli-config"))
                .subcommand_required(true)
                .subcommand(Command::new("show").about(m.get("cli-config-show")).arg(json(m)))
                .subcommand(Command::new("check").about(m.get("cli-config-check")).arg(json(m)))
                .subcommand(Command::new("example").about(m.get("cli-config-example"))),
        )
        .subcommand(emulator(m))
        .subcommand(Command::new("serve").about(m.get("cli-serve")).arg(json(m)))
        .subcommand(Command::new("worker").about(m.get("cli-worker")).arg(json(m)))
        .subcommand(token(m))
        .subcommand(Command::new("pause").about(m.get("cli-pause")).args([shop(m), json(m)]))
        .subcommand(Command::new("resume").about(m.get("cli-resume")).args([shop(m), json(m)]))
        .subcommand(completions(m));
    in_language(whole, m)
}

/// Puts the words that clap itself says in help into the language of `m`, for a command and all below it.
fn in_language(command: Command, m: Messages) -> Command {
    let version = command.get_version().is_some();
    let mut command = command
        .help_template(format!("{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}", m.get("cli-usage")))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).help(m.get("cli-help")));
    if version {
        let flag = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        command = command.arg(flag.help(m.get("cli-version")));
    }
    command = command.mut_args(|arg| {
        let heading = if arg.is_positional() { "cli-arguments" } else { "cli-options" };
        arg.help_heading(m.get(heading))
    });
    command.mut_subcommands(|inner| in_language(inner, m))
}

fn completions(m: Messages) -> Command {
    Command::new("completions").about(m.get("cli-completions")).arg(
        Arg::new("shell")
            .value_name("SHELL")
            .required(true)
            .value_parser(value_parser!(Shell))
            .help(m.get("cli-completions-shell")),
    )
}

fn emulator(m: Messages) -> Command {
    Command::new("emulator")
        .about(m.get("cli-emulator"))
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help(m.get("cli-emulator-file")),
        )
        .arg(
            Arg::new("listen")
                .long("listen")
                .value_name("ADDRESS")
                .default_value("127.0.0.1:0")
                .value_parser(value_parser!(SocketAddr))
                .help(m.get("cli-emulator-listen")),
        )
        .arg(
            Arg::new("rate-limit")
                .long("rate-limit")
                .value_name("N")
                .value_parser(value_parser!(u32).range(1..))
                .help(m.get("cli-emulator-rate-limit")),
        )
        .arg(
            Arg::new("faults")
                .long("faults")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help(m.get("cli-emulator-faults")),
        )
        .arg(json(m))
}

fn explain(m: Messages) -> Command {
    Command::new("explain")
        .about(m.get("cli-explain"))
        .arg(
            Arg::new("sku").value_name("SKU").required(true).value_parser(sku).help(m.get("cli-explain-sku")),
        )
        .arg(
            Arg::new("runs")
                .long("runs")
                .value_name("N")
                .default_value("10")
                .value_parser(value_parser!(u32).range(1..=1_000))
                .help(m.get("cli-explain-runs")),
        )
        .args([shop(m), json(m)])
}

fn token(m: Messages) -> Command {
    let name = || {
        Arg::new("name")
            .value_name("NAME")
            .required(true)
            .value_parser(NonEmptyStringValueParser::new())
            .help(m.get("cli-token-name"))
    };
    let scope = Arg::new("scope")
        .long("scope")
        .value_name("SCOPE")
        .default_value("run")
        .value_parser(["read", "run", "admin"])
        .help(m.get("cli-token-scope"));
    let days = Arg::new("days")
        .long("days")
        .value_name("N")
        .value_parser(value_parser!(u32).range(1..=36_500))
        .help(m.get("cli-token-days"));
    Command::new("token")
        .about(m.get("cli-token"))
        .subcommand_required(true)
        .subcommand(Command::new("create").about(m.get("cli-token-create")).args([
            name(),
            scope,
            days,
            json(m),
        ]))
        .subcommand(Command::new("list").about(m.get("cli-token-list")).arg(json(m)))
        .subcommand(Command::new("revoke").about(m.get("cli-token-revoke")).args([name(), json(m)]))
}

fn look_up(name: &'static str, about: String, m: Messages) -> Command {
    Command::new(name)
        .about(about)
        .arg(
            Arg::new("skus")
                .value_name("SKU")
                .required(true)
                .num_args(1..)
                .value_parser(sku)
                .help(m.get("cli-skus")),
        )
        .arg(
            Arg::new("batch-size")
                .long("batch-size")
                .value_name("N")
                .default_value("100")
                .value_parser(RangedU64ValueParser::<usize>::new().range(1..=100))
                .help(m.get("cli-batch-size")),
        )
        .args([shop(m), json(m)])
}

fn json(m: Messages) -> Arg {
    Arg::new("json").long("json").action(ArgAction::SetTrue).help(m.get("cli-json"))
}

fn shop(m: Messages) -> Arg {
    Arg::new("shop").long("shop").value_name("SHOP").help(m.get("cli-shop"))
}

fn sku_filter(m: Messages) -> Arg {
    Arg::new("sku")
        .long("sku")
        .value_name("SKU")
        .num_args(1..)
        .action(ArgAction::Append)
        .value_parser(sku)
        .help(m.get("cli-sku"))
}

fn id(name: &'static str, value: &'static str) -> Arg {
    Arg::new(name).value_name(value).required(true).value_parser(NonEmptyStringValueParser::new())
}

fn sku(text: &str) -> Result<Sku, String> {
    Sku::parse(text).map_err(|error| error.to_string())
}

/// `SKU=N`; the SKU may itself hold `=`.
fn quantity(text: &str) -> Result<(Sku, u32), String> {
    let wanted = || format!("SKU=N, N = 0–{CEILING}");
    let (name, units) = text.rsplit_once('=').ok_or_else(wanted)?;
    let units: u32 = units.parse().ok().filter(|units| *units <= CEILING).ok_or_else(wanted)?;
    Ok((sku(name)?, units))
}

#[cfg(test)]
mod tests {
    use super::*;
    use messages::Lang;

    #[test]
    fn the_command_line_is_consistent_in_every_language() {
        for lang in Lang::ALL {
            command(Messages::new(*lang)).debug_assert();
        }
    }

    #[test]
    fn quantities_keep_the_sku_whole() {
        assert_eq!(quantity("a=b=7"), Ok((Sku::parse("a=b").unwrap(), 7)));
        for bad in ["a", "a=", "=1", "a=-1", "a=1.5", "a=1 ", "a=99999999999", "a=100000"] {
            assert!(quantity(bad).is_err(), "{bad}");
        }
    }
}
