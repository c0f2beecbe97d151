//! Log lines on stderr: `INFO: text` as in the guide, the same with time, shop and run for a service, or JSON.

mod json;

use std::io::{self, Write};

use indicatif::MultiProgress;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use messages::{Messages, Text};
use sync::ports::Clock;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::fmt::format::{JsonFields, Writer};
use tracing_subscriber::fmt::{self, FmtContext, FormatEvent, FormatFields, FormattedFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use self::json::JsonFormat;
use crate::clock::WallClock;
use crate::config::LogFormat;
use crate::log_writer::LogWriter;
use crate::traces::{OUR_CRATES, Traces};

/// The target of lines whose sentence already says what their fields hold. Only the JSON format shows these fields.
pub(crate) const TOLD: &str = "wixsync::told";

/// Who reads the lines.
#[derive(Debug, Clone)]
pub(crate) enum Reader {
    /// The user who gave the command and waits for it.
    Caller(Messages),
    /// An operator who reads later what a service did. Each line has a time in this zone, its shop and its run.
    Operator(TimeZone, Messages),
}

/// Starts logging, and tracing where a collector is configured. A second call changes nothing.
pub(crate) fn start(
    filter: EnvFilter,
    format: LogFormat,
    reader: Reader,
    sink: Sink,
    traces: Option<&Traces>,
) {
    let lines = fmt::layer().log_internal_errors(false).with_writer(sink);
    let lines = match (format, reader) {
        (LogFormat::Text, Reader::Caller(messages)) => {
            lines.with_ansi(false).event_format(GuideFormat { messages }).boxed()
        }
        (LogFormat::Text, Reader::Operator(zone, messages)) => {
            lines.with_ansi(false).fmt_fields(RunFields).event_format(DatedFormat { zone, messages }).boxed()
        }
        (LogFormat::Json, _) => {
            lines.with_ansi(false).fmt_fields(JsonFields::new()).event_format(JsonFormat).boxed()
        }
    };
    // Spans of runs are kept at every level, so that a warning names its run.
    let runs = filter_fn(is_run).with_max_level_hint(LevelFilter::INFO);
    let layers = tracing_subscriber::registry().with(lines.with_filter(filter.or(runs)));
    if let Err(error) = layers.with(traces.map(Traces::layer)).try_init() {
        tracing::debug!(%error, "logging had been started before");
    }
}

/// Whether it is the span of a run, which names its shop and its id.
fn is_run(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.name() == "run" && metadata.target().starts_with("sync")
}

/// The filter for a level (`info`) or for directives (`sync=debug,info`). A bare level holds for our own
/// crates; libraries stay at warnings.
pub(crate) fn filter(text: &str) -> Option<EnvFilter> {
    let directives = if text.parse::<Level>().is_ok() || text.eq_ignore_ascii_case("off") {
        let level = if text.eq_ignore_ascii_case("off") { "off" } else { "warn" };
        let ours: Vec<String> = OUR_CRATES.iter().map(|room| format!("{room}={text}")).collect();
        format!("{level},{}", ours.join(","))
    } else if text.contains(['=', ',']) {
        text.to_owned()
    } else {
        // A single word that is not a level would be taken for a module name and silence all others.
        return None;
    };
    EnvFilter::try_new(directives).ok()
}

/// `INFO: text`, then fields as `key=value`. What needs care has the label that it has outside the log.
struct GuideFormat {
    messages: Messages,
}

impl GuideFormat {
    fn label(&self, level: Level) -> String {
        match level {
            Level::ERROR => self.messages.get("label-error"),
            Level::WARN => self.messages.get("label-warning"),
            other => other.to_string(),
        }
    }
}

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
        let line = Line::of(event);
        let label = self.label(*event.metadata().level());
        writeln!(writer, "{label}: {}", line.text(self.messages))
    }
}

/// `2026-03-01T12:00:00+03:00 INFO: [shop=default run_id=…] text`; what is in brackets inside a run alone.
struct DatedFormat {
    zone: TimeZone,
    messages: Messages,
}

impl DatedFormat {
    /// The time of day, as RFC 3339 writes it.
    fn now(&self) -> String {
        let now = Timestamp::from_second(WallClock.now().div_euclid(1_000)).unwrap_or_default();
        now.display_with_offset(self.zone.to_offset(now)).to_string()
    }
}

impl<S, N> FormatEvent<S, N> for DatedFormat
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> std::fmt::Result {
        write!(writer, "{} {}: ", self.now(), event.metadata().level())?;
        let run = context.event_scope().and_then(|mut spans| spans.find(|span| is_run(span.metadata())));
        if let Some(run) = run
            && let Some(fields) = run.extensions().get::<FormattedFields<N>>()
        {
            write!(writer, "[{fields}] ")?;
        }
        let line = Line::of(event);
        writeln!(writer, "{}", line.text(self.messages))
    }
}

/// Writes only the fields of a span that name the run and its shop.
struct RunFields;

impl<'writer> FormatFields<'writer> for RunFields {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'writer>, fields: R) -> std::fmt::Result {
        let mut run = Run::default();
        fields.record(&mut run);
        write!(writer, "shop={} run_id={}", run.shop, run.id)
    }
}

#[derive(Default)]
struct Run {
    shop: String,
    id: String,
}

impl Visit for Run {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        match field.name() {
            "shop" => self.shop = one_line(&format!("{value:?}")),
            "run_id" => self.id = one_line(&format!("{value:?}")),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Line {
    message: String,
    fields: String,
    /// Whether its sentence is one of those that users read.
    is_told: bool,
}

impl Line {
    fn of(event: &Event<'_>) -> Self {
        let mut line = Self::default();
        event.record(&mut line);
        line.is_told = event.metadata().target() == TOLD;
        if line.is_told {
            line.fields.clear();
        }
        line
    }

    /// What it says. The sentences of users are in their language already.
    fn text(&self, messages: Messages) -> String {
        let said = format!("{}{}", self.message, self.fields);
        if self.is_told { said } else { messages.translated(&said).into_owned() }
    }
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

/// Where the lines go.
#[derive(Clone)]
pub(crate) enum Sink {
    /// To stderr, above the progress bars, before the command goes on.
    Now(AboveBars),
    /// The same, without ever waiting for the reader.
    Later(LogWriter),
}

impl Sink {
    /// For this reader: only a service must never wait for its own.
    pub(crate) fn of(reader: &Reader, bars: MultiProgress, messages: Messages) -> Self {
        let bars = AboveBars(bars);
        let tell_dropped = move |count: u64| {
            tracing::warn!("{}", messages.say(&Text::new("log-lines-dropped").count("count", count)));
        };
        let later =
            matches!(reader, Reader::Operator(..)).then(|| LogWriter::start(bars.clone(), tell_dropped));
        match later {
            Some(Ok(writer)) => Self::Later(writer),
            // Without a thread for it, the log is written as it was.
            Some(Err(_)) | None => Self::Now(bars),
        }
    }

    /// Waits for lines that are not written yet.
    pub(crate) fn finish(&self) {
        if let Self::Later(writer) = self {
            writer.finish();
        }
    }
}

impl Write for Sink {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match self {
            Self::Now(bars) => bars.write(line),
            Self::Later(writer) => writer.write(line),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Now(bars) => bars.flush(),
            Self::Later(writer) => writer.flush(),
        }
    }
}

#[derive(Clone)]
pub(crate) struct AboveBars(MultiProgress);

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

impl<'a> MakeWriter<'a> for Sink {
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
