//! What clap finds wrong with a command line, in our words.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use messages::Text;

/// What is wrong.
pub(super) fn text(error: &clap::Error) -> Text {
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

/// A suggestion of what the user may have meant.
pub(super) fn suggestion(error: &clap::Error) -> Option<Text> {
    let kinds = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let meant = kinds.iter().map(|kind| said(error, *kind)).find(|meant| !meant.is_empty())?;
    Some(Text::new("usage-suggestion").with("suggestion", meant))
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
