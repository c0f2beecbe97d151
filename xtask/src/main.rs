//! The project's own commands. They install missing tools where they can, and say so.
//!
//! - `check`: format, lints, licenses of dependencies, documentation. `test`: every test. `ci`: both, the gate.
//! - `sim`: plays simulated runs by seed; the work is done in `crates/simulation`.
//! - `bench`: measures whole runs; `bench/cases.rs` lists them.
//! - `databases`: runs the database servers of the tests, for `cargo nextest run` without `cargo xtask test`.
//! - `pages`: draws the pictures of the pages and fills in the demo's output. `deb`: builds a Debian package.
//!
//! Start with `main.rs`. `steps` runs programs one after the other, `needs` provides the tools that they need. The
//! tests in `xtask/tests` hold the rules of the workspace: arrows between crates, import circles, texts in sources,
//! pages.

#[cfg(unix)]
mod bench;
#[cfg(unix)]
mod clock;
#[cfg(unix)]
mod databases;
mod needs;
mod pages;
mod steps;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

use crate::needs::{
    API_CLIENT, C_COMPILER, CARGO_DEB, CARGO_DENY, CARGO_MACHETE, CARGO_NEXTEST, CLIPPY, DATABASES, NODE,
    OFFICIAL_CLIENT, PYTHON, RUSTFMT, SCHEMATHESIS, ZSH,
};
use crate::steps::{Step, say};

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check the format, lints, the dependencies' licenses, bans and sources, and the documentation.
    Check,
    /// Run every test of the workspace.
    Test(TestArgs),
    /// Simulate whole runs, one per seed: `--seeds N --from K`, or `--trace SEED` for a single one.
    Sim(SimArgs),
    /// Measure requests, time, CPU and memory of whole runs against the emulator, and of planning a million SKUs.
    #[cfg(unix)]
    Bench(bench::BenchArgs),
    /// Internal to `bench`: run a program that ends together with the bench.
    #[cfg(unix)]
    #[command(hide = true)]
    BenchChild(bench::ChildArgs),
    /// Run the database servers of the tests until the command is ended, and say where they are.
    #[cfg(unix)]
    Databases,
    /// Draw the pictures of the pages anew, and fill in the demo's output.
    Pages(pages::PagesArgs),
    /// Build a Debian package of the release build: target/debian/wixsync.deb.
    Deb,
    /// Run everything that a change must pass: `check`, then `test`.
    Ci,
}

#[derive(clap::Args)]
struct TestArgs {
    /// Passed to `cargo nextest run`, for example `-- -p domain` or `-- guard`.
    #[arg(last = true, value_name = "NEXTEST ARGS")]
    nextest: Vec<String>,
}

#[derive(clap::Args)]
struct SimArgs {
    /// How many seeds to run.
    #[arg(long, default_value_t = 10_000)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Run only this seed and print the end of its trace.
    #[arg(long)]
    trace: Option<u64>,
    /// Simulate only these shops: `v1` (deltas), `v3` (revisions) or `move` (from one to the other). Otherwise all three.
    #[arg(long)]
    series: Option<String>,
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Check => check(),
        Command::Test(args) => test(&args.nextest),
        Command::Sim(args) => simulate(&args),
        #[cfg(unix)]
        Command::Bench(args) => measure(&args),
        #[cfg(unix)]
        Command::BenchChild(args) => return bench::be_child(&args).unwrap_or_else(|error| failed(&error)),
        #[cfg(unix)]
        Command::Databases => needs::provide(&[DATABASES]).and_then(|()| databases::serve()),
        Command::Pages(args) => pages::run(&args),
        Command::Deb => deb(),
        Command::Ci => check().and_then(|()| test(&[])),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    say(&format!("FAILED: {error:#}"));
    ExitCode::FAILURE
}

fn check() -> anyhow::Result<()> {
    needs::provide(&[RUSTFMT, CLIPPY, C_COMPILER, CARGO_DENY, CARGO_MACHETE])?;
    steps::run(&[
        Step::cargo("format", &["fmt", "--all", "--check"]),
        Step::cargo("lints", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        Step::cargo("dependencies", &["deny", "check", "licenses", "bans", "sources"]),
        Step::new("unused dependencies", &["cargo-machete"]),
        Step::cargo("documentation", &["doc", "--workspace", "--no-deps", "--document-private-items"])
            .with("RUSTDOCFLAGS", "-D warnings"),
    ])
}

fn test(nextest: &[String]) -> anyhow::Result<()> {
    let needs = [C_COMPILER, CARGO_NEXTEST, PYTHON, SCHEMATHESIS, NODE, API_CLIENT, OFFICIAL_CLIENT, ZSH];
    needs::provide(&needs)?;
    let tests = Step::cargo("tests", &nextest_command(nextest));
    #[cfg(unix)]
    needs::provide(&[DATABASES])?;
    #[cfg(unix)]
    let databases = databases::Databases::start().context("the databases of the tests")?;
    #[cfg(unix)]
    let tests = databases.variables().into_iter().fold(tests, |tests, (name, value)| tests.with(name, value));
    steps::run(&[tests, Step::cargo("examples in the documentation", &["test", "--workspace", "--doc"])])
}

fn deb() -> anyhow::Result<()> {
    needs::provide(&[C_COMPILER, CARGO_DEB])?;
    let package = ["deb", "--locked", "--package", "wixsync", "--output", "target/debian/wixsync.deb"];
    steps::run(&[Step::cargo("Debian package", &package)])
}

fn simulate(args: &SimArgs) -> anyhow::Result<()> {
    let (seeds, from) = (args.seeds.to_string(), args.from.to_string());
    let trace = args.trace.map(|seed| seed.to_string());
    let mut command = vec!["run", "--quiet", "--release", "--package", "simulation", "--"];
    if let Some(series) = &args.series {
        command.extend(["--series", series]);
    }
    match &trace {
        Some(seed) => command.extend(["--trace", seed]),
        None => command.extend(["--seeds", &seeds, "--from", &from]),
    }
    steps::run(&[Step::cargo("simulation", &command)])
}

#[cfg(unix)]
fn measure(args: &bench::BenchArgs) -> anyhow::Result<()> {
    needs::provide(&[C_COMPILER])?;
    bench::run(args)
}

/// The nextest command. `further` is passed to it unchanged. If it selects packages, `--workspace` is left out,
/// because it would silently override them.
fn nextest_command(further: &[String]) -> Vec<&str> {
    let chooses_packages = further
        .iter()
        .map(String::as_str)
        .take_while(|arg| *arg != "--")
        .any(|arg| arg.starts_with("--package") || (arg.starts_with("-p") && !arg.starts_with("--")));
    let mut command = vec!["nextest", "run"];
    if !chooses_packages {
        command.push("--workspace");
    }
    command.extend(further.iter().map(String::as_str));
    command
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn further_arguments_reach_nextest() {
        let cli = Cli::parse_from(["xtask", "test", "--", "guard", "--no-capture"]);
        let Command::Test(args) = cli.command else { panic!("not the command `test`") };
        assert_eq!(
            nextest_command(&args.nextest),
            ["nextest", "run", "--workspace", "guard", "--no-capture"]
        );
    }

    #[test]
    fn chosen_packages_take_the_place_of_the_workspace() {
        for chosen in [&["-p", "wix"][..], &["-pwix"], &["--package=wix"], &["--package", "wix"]] {
            let further: Vec<String> = chosen.iter().map(ToString::to_string).collect();
            assert!(!nextest_command(&further).contains(&"--workspace"), "{chosen:?}");
        }
        // The arguments after the second `--` go to the test binaries.
        let to_the_tests = ["--", "-p"].map(String::from);
        assert!(nextest_command(&to_the_tests).contains(&"--workspace"));
    }
}
