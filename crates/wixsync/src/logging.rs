//! Log lines on stderr: `INFO: text` as in the guide, or JSON.

use std::io::{self, Write};

use indicatif::MultiProgress;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{self, FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::config::LogFormat;
use crate::traces::Traces;

/// Our own rooms.
pub(crate) const ROOMS: &[&str] =
    &["wixsync", "sync", "wix", "shops", "warehouse", "state", "server", "wix_emulator"];

/// Starts logging, and tracing where there is somewhere for traces to go. Lines go above the progress bars, where
/// there are any. A second call changes nothing.
pub(crate) fn start(filter: EnvFilter, format: LogFormat, bars: MultiProgress, traces: Option<&Traces>) {
    let lines = fmt::layer().log_internal_errors(false).with_writer(AboveBars(bars));
    let lines = match format {
        LogFormat::Text => lines.with_ansi(false).event_format(GuideFormat).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let layers = tracing_subscriber::registry().with(lines.with_filter(filter));
    if let Err(error) = layers.with(traces.map(Traces::layer)).try_init() {
        tracing::debug!(%error, "logging had been started before");
    }
}

/// The filter for a level (`info`) or for directives (`sync=debug,info`). A bare level is that of our own
/// rooms; libraries stay at warnings.
pub(crate) fn filter(text: &str) -> Option<EnvFilter> {
    let directives = if text.parse::<tracing::Level>().is_ok() || text.eq_ignore_ascii_case("off") {
        let level = if text.eq_ignore_ascii_case("off") { "off" } else { "warn" };
        let ours: Vec<String> = ROOMS.iter().map(|room| format!("{room}={text}")).collect();
        format!("{level},{}", ours.join(","))
    } else if text.contains(['=', ',']) {
        text.to_owned()
    } else {
        // A lone word that is no level would be taken for the name of a room, and silence all others.
        return None;
    };
    EnvFilter::try_new(directives).ok()
}

/// `INFO: text`, then fields as `key=value`.
struct GuideFormat;

impl<S, N> FormatEvent<S, N> for GuideFormat
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> std::fmt::Result {
        let mut line = Line::default();
        event.record(&mut line);
        writeln!(writer, "{}: {}{}", event.metadata().level(), line.message, line.fields)
    }
}

#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.message = one_line(&format!("{value:?}"));
        } else {
            self.fields.push_str(&one_line(&format!(" {}={value:?}", field.name())));
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.message = one_line(value);
        } else {
            self.record_debug(field, &value);
        }
    }
}

/// A SKU or an answer of Wix may hold line breaks; a log line is one line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[derive(Clone)]
struct AboveBars(MultiProgress);

impl Write for AboveBars {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // A reader that has gone away must not end a run in the middle of writing: the line is lost, no more.
        let _ = self.0.suspend(|| io::stderr().write_all(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = io::stderr().flush();
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for AboveBars {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_directives_are_filters_and_other_words_are_not() {
        for good in ["info", "OFF", "debug", "warn,sync=trace", "wix=debug"] {
            assert!(filter(good).is_some(), "{good}");
        }
        for bad in ["loud", "", "sync=loud"] {
            assert!(filter(bad).is_none(), "{bad}");
        }
    }
}
