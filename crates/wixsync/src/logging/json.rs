//! Log lines as JSON: one object a line, whose fields programs read. The sentence stands in `message`.

use std::fmt::Debug;

use jiff::Timestamp;
use serde_json::{Map, Value};
use sync::ports::Clock;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

use crate::clock::WallClock;

/// The field whose text is a JSON object and stands as one.
const REPORT: &str = "report";

/// `{"timestamp", "level", "message", …, "target", "shop", "run_id"}`; the last two inside a run alone.
pub(super) struct JsonFormat;

impl<S, N> FormatEvent<S, N> for JsonFormat
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
        let mut line = JsonLine(Map::new());
        let now = Timestamp::from_millisecond(WallClock.now()).unwrap_or_default();
        line.put("timestamp", now.to_string());
        line.put("level", event.metadata().level().as_str());
        event.record(&mut line);
        line.put("target", event.metadata().target());
        for span in context.event_scope().into_iter().flatten() {
            let extensions = span.extensions();
            let fields = extensions.get::<FormattedFields<N>>().map(|fields| fields.fields.as_str());
            let fields = fields.and_then(|text| serde_json::from_str::<Map<String, Value>>(text).ok());
            for (name, value) in fields.into_iter().flatten() {
                // A field of the event itself, or of an inner span, says more.
                line.0.entry(name).or_insert(value);
            }
        }
        writeln!(writer, "{}", Value::Object(line.0))
    }
}

struct JsonLine(Map<String, Value>);

impl JsonLine {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }
}

impl Visit for JsonLine {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let object = if field.name() == REPORT { serde_json::from_str(value).ok() } else { None };
        self.put(field.name(), object.unwrap_or_else(|| Value::from(value)));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field.name(), value);
    }
}
