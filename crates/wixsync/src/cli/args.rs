//! The commands and their arguments. Texts come from the message files.

mod import;
mod init;
mod language;

use std::fmt::Display;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, value_parser};
use clap_complete::Shell;
use domain::quantity::CEILING;
use domain::{Outcome, Sku, StartedBy};
use messages::{Messages, Text};

use self::language::in_language;

/// The position of the common options in a command's help: after its own options.
const LAST: usize = 1_000;
/// The largest width of help, on a wider terminal or without a terminal.
const HELP_COLUMNS: usize = 100;

/// The whole command line, in the language of `messages`.
/// The command `import` alone.
pub(crate) fn import(m: Messages) -> Command {
    import::command(m)
}

pub(crate) fn command(messages: Messages) -> Command {
    let m = messages;
    let whole = Command::new("wixsync")
        .version(env!("CARGO_PKG_VERSION"))
        .about(m.get("cli-about"))
        .disable_help_subcommand(true)
        .max_term_width(HELP_COLUMNS)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .args_override_self(true)
        .args(of_every_command(m))
        .subcommand(Command::new("demo").about(m.get("cli-demo")).arg(catalog(m).default_value("v1")))
        .subcommand(sync(m))
        .subcommand(Command::new("plan").about(m.get("cli-plan")).args([shop(m), sku_filter(m)]))
        .subcommand(
            Command::new("apply")
                .about(m.get("cli-apply"))
                .arg(id(m, "plan", "PLAN_ID").help(m.get("cli-plan-id")))
                .arg(shop(m)),
        )
        .subcommand(look_up("products", m.get("cli-products"), m))
        .subcommand(look_up("inventory-updates", m.get("cli-inventory-updates"), m))
        .subcommand(set(m))
        .subcommand(runs(m))
        .subcommand(run(m))
        .subcommand(Command::new("status").about(m.get("cli-status")).arg(shop(m)))
        .subcommand(explain(m))
        .subcommand(Command::new("doctor").about(m.get("cli-doctor")).arg(shop(m)))
        .subcommand(init::command(m))
        .subcommand(import::command(m))
        .subcommand(config(m))
        .subcommand(emulator(m))
        .subcommand(serve(m))
        .subcommand(Command::new("worker").about(m.get("cli-worker")))
        .subcommand(token(m))
        .subcommand(Command::new("pause").about(m.get("cli-pause")).arg(shop(m)))
        .subcommand(Command::new("resume").about(m.get("cli-resume")).arg(shop(m)))
        .subcommand(error(m))
        .subcommand(completions(m))
        .subcommand(help(m));
    in_language(whole, m, "wixsync")
}

/// The options of every command.
fn of_every_command(m: Messages) -> [Arg; 5] {
    let switch = |name| Arg::new(name).long(name).global(true).action(ArgAction::SetTrue);
    [
        switch("json").display_order(LAST).help(m.get("cli-json")),
        switch("quiet").short('q').display_order(LAST + 1).conflicts_with("verbose").help(m.get("cli-quiet")),
        switch("verbose").short('v').display_order(LAST + 2).help(m.get("cli-verbose")),
        Arg::new("config")
            .long("config")
            .global(true)
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .display_order(LAST + 3)
            .help(m.get("cli-config-file")),
        Arg::new("lang")
            .long("lang")
            .global(true)
            .value_name("LANG")
            .value_parser(["ru", "en"])
            .display_order(LAST + 4)
            .help(m.get("cli-lang")),
    ]
}

fn sync(m: Messages) -> Command {
    Command::new("sync")
        .about(m.get("cli-sync"))
        .arg(Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help(m.get("cli-dry-run")))
        .args([shop(m), sku_filter(m)])
}

fn set(m: Messages) -> Command {
    Command::new("set")
        .about(m.get("cli-set"))
        .arg(
            Arg::new("quantities")
                .value_name("SKU=N")
                .required(true)
                .num_args(1..)
                .value_parser(move |text: &str| quantity(m, text))
                .help(m.get("cli-quantities")),
        )
        .arg(shop(m))
}

fn config(m: Messages) -> Command {
    Command::new("config")
        .about(m.get("cli-config"))
        .subcommand_required(true)
        .subcommand(Command::new("show").about(m.get("cli-config-show")))
        .subcommand(Command::new("check").about(m.get("cli-config-check")))
        .subcommand(Command::new("example").about(m.get("cli-config-example")))
}

fn error(m: Messages) -> Command {
    let code = Arg::new("code").value_name("CODE").help(m.get("cli-error-code"));
    Command::new("error").about(m.get("cli-error")).arg(code)
}

/// Replaces clap's own, which is in English only.
fn help(m: Messages) -> Command {
    let command = Arg::new("command").value_name(m.get("cli-command-word")).num_args(0..);
    Command::new("help").about(m.get("cli-help-command")).arg(command.help(m.get("cli-help-of")))
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

fn serve(m: Messages) -> Command {
    let listen = Arg::new("listen")
        .long("listen")
        .value_name("ADDRESS")
        .value_parser(move |text: &str| address(m, text))
        .help(m.get("cli-serve-listen"));
    let command = Command::new("serve").about(m.get("cli-serve")).arg(listen);
    // Most users look for the settings here, which are no options.
    command.after_help(m.get("cli-serve-settings"))
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
                .value_parser(move |text: &str| address(m, text))
                .help(m.get("cli-emulator-listen")),
        )
        .arg(
            Arg::new("rate-limit")
                .long("rate-limit")
                .value_name("N")
                .value_parser(number(m, 1..=u32::MAX))
                .help(m.get("cli-emulator-rate-limit")),
        )
        .arg(
            Arg::new("faults")
                .long("faults")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help(m.get("cli-emulator-faults")),
        )
        .arg(catalog(m))
}

fn explain(m: Messages) -> Command {
    Command::new("explain")
        .about(m.get("cli-explain"))
        .arg(
            Arg::new("sku")
                .value_name("SKU")
                .required(true)
                .value_parser(move |text: &str| sku(m, text))
                .help(m.get("cli-explain-sku")),
        )
        .arg(
            Arg::new("runs")
                .long("runs")
                .value_name("N")
                .default_value("10")
                .value_parser(number(m, 1..=1_000u32))
                .help(m.get("cli-explain-runs")),
        )
        .arg(shop(m))
}

fn runs(m: Messages) -> Command {
    let starters = PossibleValuesParser::new(StartedBy::ALL.iter().map(|by| by.code()));
    let outcomes = PossibleValuesParser::new(Outcome::ALL.iter().map(|outcome| outcome.code()));
    Command::new("runs")
        .about(m.get("cli-runs"))
        .arg(
            Arg::new("limit")
                .long("limit")
                .value_name("N")
                .default_value("20")
                .value_parser(number(m, 1..=10_000u32))
                .help(m.get("cli-limit")),
        )
        .arg(
            Arg::new("outcome")
                .long("outcome")
                .value_name("OUTCOME")
                .value_parser(outcomes)
                .help(m.get("cli-runs-outcome")),
        )
        .arg(
            Arg::new("started-by")
                .long("started-by")
                .value_name("STARTER")
                .value_parser(starters)
                .help(m.get("cli-runs-started-by")),
        )
        .arg(shop(m))
}

fn run(m: Messages) -> Command {
    let csv = Arg::new("csv").long("csv").action(ArgAction::SetTrue);
    Command::new("run")
        .about(m.get("cli-run"))
        .arg(id(m, "run", "RUN").help(m.get("cli-run-id")))
        .arg(csv.help(m.get("cli-run-csv")))
}

fn token(m: Messages) -> Command {
    let name = || {
        Arg::new("name")
            .value_name("NAME")
            .required(true)
            .value_parser(move |text: &str| not_empty(m, text))
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
        .value_parser(number(m, 1..=36_500u32))
        .help(m.get("cli-token-days"));
    Command::new("token")
        .about(m.get("cli-token"))
        .subcommand_required(true)
        .subcommand(Command::new("create").about(m.get("cli-token-create")).args([name(), scope, days]))
        .subcommand(Command::new("list").about(m.get("cli-token-list")))
        .subcommand(Command::new("revoke").about(m.get("cli-token-revoke")).arg(name()))
}

fn look_up(name: &'static str, about: String, m: Messages) -> Command {
    Command::new(name)
        .about(about)
        .arg(
            Arg::new("skus")
                .value_name("SKU")
                .required(true)
                .num_args(1..)
                .value_parser(move |text: &str| sku(m, text))
                .help(m.get("cli-skus")),
        )
        .arg(
            Arg::new("batch-size")
                .long("batch-size")
                .value_name("N")
                .default_value("100")
                .value_parser(number(m, 1..=100usize))
                .help(m.get("cli-batch-size")),
        )
        .arg(shop(m))
}

fn catalog(m: Messages) -> Arg {
    Arg::new("catalog")
        .long("catalog")
        .value_name("CATALOG")
        .value_parser(["v1", "v3"])
        .help(m.get("cli-catalog"))
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
        .value_parser(move |text: &str| sku(m, text))
        .help(m.get("cli-sku"))
}

fn id(m: Messages, name: &'static str, value: &'static str) -> Arg {
    Arg::new(name).value_name(value).required(true).value_parser(move |text: &str| not_empty(m, text))
}

fn not_empty(m: Messages, text: &str) -> Result<String, String> {
    if text.is_empty() { Err(m.get("usage-empty")) } else { Ok(text.to_owned()) }
}

fn sku(m: Messages, text: &str) -> Result<Sku, String> {
    // Any text but an empty one is a SKU.
    Sku::parse(text).map_err(|_| m.get("usage-empty"))
}

/// `SKU=N`; the SKU may itself hold `=`.
fn quantity(m: Messages, text: &str) -> Result<(Sku, u32), String> {
    let wanted = || m.say(&Text::new("usage-quantity").with("to", CEILING));
    let (name, units) = text.rsplit_once('=').ok_or_else(wanted)?;
    let units: u32 = units.parse().ok().filter(|units| *units <= CEILING).ok_or_else(wanted)?;
    Ok((sku(m, name)?, units))
}

fn address(m: Messages, text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| m.get("usage-address"))
}

/// A whole number within `range`.
fn number<N>(m: Messages, range: RangeInclusive<N>) -> impl Fn(&str) -> Result<N, String> + Clone
where
    N: FromStr + PartialOrd + Display + Clone,
{
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            let wanted = Text::new("usage-number-range").with("from", range.start()).with("to", range.end());
            m.say(&wanted)
        })
    }
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
        let quantity = |text| quantity(Messages::default(), text);
        assert_eq!(quantity("a=b=7"), Ok((Sku::parse("a=b").unwrap(), 7)));
        for bad in ["a", "a=", "=1", "a=-1", "a=1.5", "a=1 ", "a=99999999999", "a=100000"] {
            assert!(quantity(bad).is_err(), "{bad}");
        }
    }
}
