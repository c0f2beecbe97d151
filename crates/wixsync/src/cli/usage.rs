//! What clap finds wrong with a command line, in our words.

use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use messages::Text;

/// Commands that neither write nor stop anything. A mistyped word is answered with no other suggestion, so that a
/// user who accepts it loses nothing.
const HARMLESS: &[&str] = &[
    "demo",
    "plan",
    "products",
    "inventory-updates",
    "runs",
    "run",
    "status",
    "explain",
    "doctor",
    "config",
    "show",
    "check",
    "example",
    "list",
    "error",
    "completions",
    "help",
];
/// Options that drop a safeguard.
const RISKY: &[&str] = &["--force", "--replace", "--yes"];

/// What is wrong. `help` is the command line that shows the help of the command that the words call.
pub(super) fn text(error: &clap::Error, help: &str) -> Text {
    wrong(error).with("help", help)
}

/// The command line that shows the help of the command that `words` call.
pub(super) fn help_of(whole: &Command, words: &[OsString]) -> String {
    let (mut at, mut path) = (whole, vec!["wixsync"]);
    let mut rest = words.iter().skip(1).filter_map(|word| word.to_str());
    while let Some(word) = rest.next() {
        if let Some(inner) = at.find_subcommand(word) {
            path.push(inner.get_name());
            at = inner;
        } else if !word.starts_with('-') {
            break;
        } else if takes_value(at, word) || takes_value(whole, word) {
            // The next word is the value.
            rest.next();
        }
    }
    path.push("--help");
    path.join(" ")
}

/// Whether the option takes the word after it.
fn takes_value(command: &Command, option: &str) -> bool {
    let known = command.get_arguments().find(|arg| arg.get_long() == option.strip_prefix("--"));
    known.is_some_and(|arg| arg.get_action().takes_values())
}

fn wrong(error: &clap::Error) -> Text {
    let argument = || said(error, ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::UnknownArgument => Text::new("usage-unknown-argument").with("argument", argument()),
        ErrorKind::InvalidSubcommand => {
            let command = said(error, ContextKind::InvalidSubcommand);
            Text::new("usage-unknown-command").with("command", command)
        }
        ErrorKind::MissingSubcommand => Text::new("usage-missing-command")
            .with("command", said(error, ContextKind::InvalidSubcommand))
            .with("known", said(error, ContextKind::ValidSubcommand)),
        ErrorKind::MissingRequiredArgument => {
            Text::new("usage-missing-argument").with("arguments", argument())
        }
        ErrorKind::InvalidValue if said(error, ContextKind::InvalidValue).is_empty() => {
            Text::new("usage-missing-value").with("argument", argument())
        }
        ErrorKind::InvalidValue => Text::new("usage-not-one-of")
            .with("argument", argument())
            .with("value", said(error, ContextKind::InvalidValue))
            .with("known", said(error, ContextKind::ValidValue)),
        ErrorKind::ValueValidation => Text::new("usage-bad-value")
            .with("argument", argument())
            .with("value", said(error, ContextKind::InvalidValue))
            .with("reason", reason(error)),
        ErrorKind::ArgumentConflict => Text::new("usage-conflict")
            .with("argument", argument())
            .with("other", said(error, ContextKind::PriorArg)),
        kind => {
            let detail = kind.as_str().map_or_else(|| format!("{kind:?}"), str::to_owned);
            Text::new("usage-unreadable").with("detail", detail)
        }
    }
}

/// A suggestion of what the user may have meant: never a command that writes or stops something.
pub(super) fn suggestion(error: &clap::Error) -> Option<Text> {
    let kinds = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let meant = kinds.iter().find_map(|kind| {
        let mut all = suggested(error, *kind);
        match kind {
            ContextKind::SuggestedSubcommand => all.retain(|word| HARMLESS.contains(&word.as_str())),
            _ => all.retain(|word| !RISKY.contains(&word.as_str())),
        }
        (!all.is_empty()).then(|| all.join(", "))
    })?;
    Some(Text::new("usage-suggestion").with("suggestion", meant))
}

fn suggested(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::Strings(all)) => all.clone(),
        _ => vec![said(error, kind)].into_iter().filter(|one| !one.is_empty()).collect(),
    }
}

/// How the command is used, without clap's own heading.
pub(super) fn usage(error: &clap::Error) -> Option<String> {
    let usage = said(error, ContextKind::Usage);
    Some(without_heading(&usage).to_owned()).filter(|usage| !usage.is_empty())
}

/// clap begins every usage with an English word.
pub(super) fn without_heading(usage: &str) -> &str {
    usage.trim().strip_prefix("Usage:").unwrap_or(usage).trim()
}

/// A value parser's own sentence.
fn reason(error: &clap::Error) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}

fn said(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::StyledStrs(texts)) => {
            texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        Some(ContextValue::Number(number)) => number.to_string(),
        Some(ContextValue::Bool(truth)) => truth.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use messages::Messages;

    use super::*;
    use crate::cli::args;

    /// Commands that write to the shop or to a file, start something, or stop it.
    const HARMFUL: &[&str] = &[
        "sync", "apply", "set", "pause", "resume", "init", "import", "emulator", "serve", "worker", "token",
        "create", "revoke",
    ];

    /// A new command must be put on one of the lists.
    #[test]
    fn every_command_is_known_as_harmless_or_harmful() {
        let whole = args::command(Messages::default());
        let mut commands: Vec<&Command> = whole.get_subcommands().collect();
        while let Some(command) = commands.pop() {
            let name = command.get_name();
            assert!(HARMLESS.contains(&name) != HARMFUL.contains(&name), "{name}");
            commands.extend(command.get_subcommands());
        }
    }

    #[test]
    fn nothing_that_writes_or_stops_is_suggested() {
        let meant = |words: &[&str]| {
            let words = std::iter::once("wixsync").chain(words.iter().copied());
            let error = args::command(Messages::default()).try_get_matches_from(words).unwrap_err();
            suggestion(&error).map(|text| Messages::default().say(&text))
        };
        for words in [
            ["snyc"].as_slice(),
            &["paus"],
            &["resum"],
            &["aply"],
            &["imprt"],
            &["token", "revok"],
            &["token", "creat"],
            &["import", "--replac"],
            &["init", "--forc"],
        ] {
            let meant = meant(words).unwrap_or_default();
            let harmful =
                HARMFUL.iter().chain(RISKY).find(|word| meant.split([' ', ',', '?']).any(|it| it == **word));
            assert_eq!(harmful, None, "{words:?}: {meant}");
        }
        assert_eq!(meant(&["paln"]).as_deref(), Some("Did you mean plan?"));
        assert_eq!(meant(&["config", "shwo"]).as_deref(), Some("Did you mean show?"));
        assert_eq!(meant(&["sync", "--dry"]).as_deref(), Some("Did you mean --dry-run?"));
    }

    #[test]
    fn the_help_of_the_command_that_was_called_is_named() {
        let whole = args::command(Messages::default());
        for (words, help) in [
            ([].as_slice(), "wixsync --help"),
            (&["snyc"], "wixsync --help"),
            (&["sync", "--frobnicate"], "wixsync sync --help"),
            (&["--lang", "ru", "token", "create"], "wixsync token create --help"),
            (&["--lang=ru", "config"], "wixsync config --help"),
            (&["explain", "--runs", "config"], "wixsync explain --help"),
            (&["runs", "--config", "list", "--limit", "0"], "wixsync runs --help"),
        ] {
            let all: Vec<OsString> =
                std::iter::once("wixsync").chain(words.iter().copied()).map(Into::into).collect();
            assert_eq!(help_of(&whole, &all), help, "{words:?}");
        }
    }
}
