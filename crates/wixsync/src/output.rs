//! Output streams: results go to stdout, everything else to stderr.

mod changes;
pub(crate) mod checkup;
mod diagnostic;
pub(crate) mod explanation;
pub(crate) mod import;
mod near_miss;
mod progress;
pub(crate) mod refusal;
pub(crate) mod report;
pub(crate) mod setup;
pub(crate) mod shell;
pub(crate) mod sku;
pub(crate) mod status;
pub(crate) mod table;
pub(crate) mod time;

use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::OnceLock;

use anstyle::{AnsiColor, Style};
use indicatif::{MultiProgress, ProgressDrawTarget};
use messages::{ErrorCode, Messages, Text};
use serde::Serialize;

pub(crate) use diagnostic::Diagnostic;
pub(crate) use progress::{ProgressReporter, bar};

use crate::error::Failure;

/// Red: something went wrong.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Green: all is well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Yellow: worth a look.
pub(crate) const CARE: Style = AnsiColor::Yellow.on_default().bold();
/// Cyan: what to do now.
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default();

/// How much a command tells beside its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verbosity {
    /// Warnings and errors alone.
    Quiet,
    /// What the settings say.
    Normal,
    /// Every step.
    Verbose,
}

/// The two streams. With `json`, stdout takes one JSON object and nothing else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    pub(crate) json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether a person sees both streams, at a terminal.
    pub(crate) fn is_watched() -> bool {
        std::io::stdout().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Progress bars on stderr where a person watches, else nowhere.
    pub(crate) fn bars(verbosity: Verbosity) -> MultiProgress {
        let target = if std::io::stderr().is_terminal() && verbosity != Verbosity::Quiet {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        MultiProgress::with_draw_target(target)
    }

    /// A result for people.
    pub(crate) fn text(self, text: &str) {
        if self.json {
            return;
        }
        let mut out = anstream::stdout().lock();
        note(writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()));
    }

    /// A result for programs: one JSON value, on one line where no person watches.
    pub(crate) fn print(value: &impl Serialize) {
        let mut out = std::io::stdout().lock();
        let text = if out.is_terminal() {
            serde_json::to_string_pretty(value)
        } else {
            serde_json::to_string(value)
        };
        // Our values have text keys only, so they always have a JSON form.
        note(writeln!(out, "{}", text.unwrap_or_default()).and_then(|()| out.flush()));
    }

    /// A result that is a file.
    pub(crate) fn raw(bytes: &[u8]) {
        let mut out = std::io::stdout().lock();
        note(out.write_all(bytes).and_then(|()| out.flush()));
    }

    /// Why a result did not reach stdout, where one did not.
    pub(crate) fn lost() -> Option<&'static str> {
        LOST.get().map(String::as_str)
    }

    /// A message beside the result.
    pub(crate) fn aside(text: &str) {
        let _ = writeln!(anstream::stderr().lock(), "{}", text.trim_end());
    }

    /// Why a command could not do its work, and what to do now.
    pub(crate) fn failure(self, messages: Messages, failure: &Failure) {
        let diagnostic = Diagnostic::of(messages, &failure.text);
        if self.json {
            Self::print(&diagnostic.json());
        }
        Self::error(messages, &diagnostic);
    }

    /// An error on stderr, with its code, its hint and where to read more.
    pub(crate) fn error(messages: Messages, diagnostic: &Diagnostic) {
        Self::aside(&diagnostic.lines(messages).join("\n"));
    }

    /// What to do now, on stderr.
    pub(crate) fn hint(messages: Messages, hint: &str) {
        Self::aside(&Self::hint_line(messages, hint));
    }

    /// The line that says what to do now.
    pub(crate) fn hint_line(messages: Messages, hint: &str) -> String {
        labelled(HINT, &messages.get("label-hint"), hint)
    }

    /// A warning line on stderr; with its code, where it has one.
    pub(crate) fn warning(messages: Messages, text: &Text) {
        let label = coded(&messages.get("label-warning"), ErrorCode::of(text.id()));
        Self::aside(&labelled(CARE, &label, &messages.say(text)));
    }
}

/// Why the first lost result did not reach stdout.
static LOST: OnceLock<String> = OnceLock::new();

/// A reader that has gone away (`| head`) is no failure of the work; a full disk loses the result.
fn note(written: std::io::Result<()>) {
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
    {
        // The first reason is shown.
        let _ = LOST.set(error.to_string());
    }
}

/// `error[WX3003]`.
fn coded(label: &str, code: Option<&ErrorCode>) -> String {
    code.map_or_else(|| label.to_owned(), |code| format!("{label}[{code}]"))
}

/// A number as messages take it.
pub(crate) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn labelled(style: Style, label: &str, text: &str) -> String {
    format!("{style}{label}{style:#}: {text}")
}
