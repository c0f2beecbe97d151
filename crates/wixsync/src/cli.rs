//! The command line: what was asked, in which language, and with which exit code it ends.

pub(crate) mod args;
mod usage;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::ArgMatches;
use clap::error::ErrorKind;
use jiff::tz::TimeZone;
use messages::{Lang, Messages, Text};

use crate::clock::SystemClock;
use crate::commands;
use crate::config::{self, Origin};
use crate::context::Context;
use crate::environment::Environment;
use crate::error::{Failure, USAGE};
use crate::logging::{self, Reader, Sink};
use crate::output::{Diagnostic, Output, Verbosity};
use crate::traces::Traces;

/// Runs one command; gives the exit code.
pub(crate) async fn run(environment: &Environment, words: impl IntoIterator<Item = OsString>) -> u8 {
    let words: Vec<OsString> = words.into_iter().collect();
    let early = Messages::new(early_lang(environment, &words));
    let matches = match args::command(early).try_get_matches_from(&words) {
        Ok(matches) => matches,
        Err(error) => return tell_usage(early, &error, &words),
    };
    if let Some(asked) = help_asked_for(&matches) {
        // The words end with the flag for help, so that nothing is left to match.
        let Err(shown) = args::command(early).try_get_matches_from(asked) else { return 0 };
        return tell_usage(early, &shown, &words);
    }
    let json = matches.get_flag("json");
    let output = Output::new(json);
    let file: Option<PathBuf> = matches.get_one::<PathBuf>("config").cloned();
    let lang = matches.get_one::<String>("lang").map(String::as_str);
    let file = match matches.subcommand() {
        Some(("demo" | "emulator" | "completions" | "error" | "init", _)) => config::File::None,
        Some(("config", inner)) if inner.subcommand_name() == Some("example") => config::File::None,
        _ => config::File::Find(file.as_deref()),
    };
    let done = match config::load(environment, file, lang) {
        Ok(settings) => {
            let messages = Messages::new(settings.lang.value);
            for name in config::unknown_variables(environment) {
                Output::warning(messages, &Text::new("config-unknown-variable").with("name", name));
            }
            if let Some(name) = unknown_zone(environment) {
                Output::warning(messages, &Text::new("config-unknown-zone").with("name", name));
            }
            if !is_check(&matches) {
                tell_open_secrets(messages, &settings.open_secret_files(environment));
            }
            let (bars, clock) = (Output::bars(verbosity(&matches)), SystemClock::start());
            let environment = environment.clone();
            let context = Context { environment, settings, messages, output, bars, clock };
            return finish(&context, work(&context, &matches).await);
        }
        Err(failure) => failure,
    };
    output.failure(early, &done);
    done.exit
}

/// The value of `TZ`, if it names no time zone that is known.
fn unknown_zone(environment: &Environment) -> Option<&str> {
    environment.get("TZ").filter(|_| TimeZone::try_system().is_err())
}

/// `config check` tells of open files itself, as a part of its result.
fn is_check(matches: &ArgMatches) -> bool {
    matches
        .subcommand()
        .is_some_and(|(name, args)| name == "config" && args.subcommand_name() == Some("check"))
}

fn tell_open_secrets(messages: Messages, files: &[PathBuf]) {
    for file in files {
        let text = commands::open_key(file);
        Output::warning(messages, &text);
        if let Some(hint) = messages.hint(&text) {
            Output::hint(messages, &hint);
        }
    }
}

async fn work(context: &Context, matches: &ArgMatches) -> Result<u8, Failure> {
    let reader = reader(context, matches);
    let sink = Sink::of(&reader, context.bars.clone(), context.messages);
    let traces = start_logging(context, reader, told(context, matches), sink.clone())?;
    let done = commands::run(context, matches).await;
    if let Some(traces) = traces {
        traces.end().await;
    }
    sink.finish();
    done
}

fn finish(context: &Context, done: Result<u8, Failure>) -> u8 {
    let exit = done.unwrap_or_else(|failure| {
        context.output.failure(context.messages, &failure);
        failure.exit
    });
    let Some(detail) = Output::lost() else { return exit };
    let lost = Failure::failed(Text::new("output-lost").with("detail", detail));
    Output::error(context.messages, &Diagnostic::of(context.messages, &lost.text));
    if exit == 0 { lost.exit } else { exit }
}

/// Starts logging and tracing as the settings say.
fn start_logging(
    context: &Context,
    reader: Reader,
    verbosity: Verbosity,
    sink: Sink,
) -> Result<Option<Traces>, Failure> {
    let endpoint = context.settings.otlp_endpoint.value.as_ref();
    let traces = endpoint
        .map(Traces::to)
        .transpose()
        .map_err(|detail| Failure::usage(Text::new("config-otlp").with("detail", detail)))?;
    if let Some(filter) = logging::filter(level(&context.settings.log.value, verbosity)) {
        logging::start(filter, context.settings.log_format.value, reader, sink, traces.as_ref());
    }
    Ok(traces)
}

/// The log level that the settings and the flags ask for.
fn level(set: &str, verbosity: Verbosity) -> &str {
    match (verbosity, set) {
        (Verbosity::Quiet, "error" | "off") | (Verbosity::Verbose, "trace") | (Verbosity::Normal, _) => set,
        (Verbosity::Quiet, _) => "warn",
        (Verbosity::Verbose, _) => "debug",
    }
}

/// How much is logged. `doctor` prints each result itself; the steps of its dry run would read like those of a run.
fn told(context: &Context, matches: &ArgMatches) -> Verbosity {
    let is_doctor = matches.subcommand_name() == Some("doctor");
    match verbosity(matches) {
        Verbosity::Normal if is_doctor && context.settings.log.origin == Origin::Default => Verbosity::Quiet,
        asked => asked,
    }
}

fn verbosity(matches: &ArgMatches) -> Verbosity {
    match (matches.get_flag("quiet"), matches.get_flag("verbose")) {
        (true, _) => Verbosity::Quiet,
        (false, true) => Verbosity::Verbose,
        (false, false) => Verbosity::Normal,
    }
}

/// Who reads the log: the lines of a service are read later than they are written.
fn reader(context: &Context, matches: &ArgMatches) -> Reader {
    match matches.subcommand_name() {
        Some("serve" | "worker") => {
            Reader::Operator(context.settings.service.time_zone.value.clone(), context.messages)
        }
        _ => Reader::Caller(context.messages),
    }
}

/// The language of help and of errors in the command line, before the settings are read.
fn early_lang(environment: &Environment, words: &[OsString]) -> Lang {
    let mut texts = words.iter().filter_map(|word| word.to_str());
    let mut flag = None;
    while let Some(text) = texts.next() {
        if text == "--lang" {
            flag = texts.next();
        } else if let Some(value) = text.strip_prefix("--lang=") {
            flag = Some(value);
        }
    }
    // The error about a flag with an unknown language is in the language that applies without the flag.
    [flag, environment.get("WIXSYNC_LANG")]
        .into_iter()
        .find_map(|named| named?.parse().ok())
        .unwrap_or_else(|| config::locale(environment))
}

/// The arguments that make clap print the help that `help COMMAND` asks for.
fn help_asked_for(matches: &ArgMatches) -> Option<Vec<OsString>> {
    let (_, args) = matches.subcommand().filter(|(name, _)| *name == "help")?;
    let command = args.get_many::<String>("command").into_iter().flatten();
    Some(
        ["wixsync"]
            .into_iter()
            .chain(command.map(String::as_str))
            .chain(["--help"])
            .map(Into::into)
            .collect(),
    )
}

/// Prints help and version as clap gives them, and errors in our own words.
fn tell_usage(messages: Messages, error: &clap::Error, words: &[OsString]) -> u8 {
    let shown = matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if shown {
        // If the terminal is gone there is no one to report the error to.
        let _ = error.print();
        return if error.use_stderr() { USAGE } else { 0 };
    }
    let help = usage::help_of(&args::command(messages), words);
    let mut diagnostic = Diagnostic::of(messages, &usage::text(error, &help));
    if let Some(meant) = usage::suggestion(error) {
        diagnostic.hint = Some(messages.say(&meant));
    }
    if words.iter().any(|word| word == "--json") {
        Output::print(&diagnostic.json());
    }
    Output::error(messages, &diagnostic);
    if let Some(usage) = usage::usage(error) {
        Output::aside(&messages.say(&Text::new("help-usage").with("usage", usage)));
    }
    USAGE
}

/// Reports that the asynchronous runtime could not start.
pub(crate) fn tell_of_no_runtime(environment: &Environment, error: &std::io::Error) {
    let words: Vec<OsString> = std::env::args_os().collect();
    let messages = Messages::new(early_lang(environment, &words));
    Output::error(messages, &Diagnostic::of(messages, &Text::new("error-runtime").with("detail", error)));
}
