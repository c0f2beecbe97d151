//! Traces to an OpenTelemetry collector, where one is configured: a span for each run and each request to Wix.

use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;
use url::Url;

/// Our own crates: their lines are logged, and their spans are sent to a collector.
pub(crate) const OUR_CRATES: &[&str] =
    &["wixsync", "sync", "wix", "shops", "warehouse", "state", "server", "wix_emulator"];

/// How long a collector may take. A command waits no longer than this for its traces when it ends.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Where traces go until the program ends.
pub(crate) struct Traces(SdkTracerProvider);

impl Traces {
    /// Traces to the collector at `endpoint`, over HTTP.
    pub(crate) fn to(endpoint: &Url) -> Result<Self, String> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(TIMEOUT)
            .with_endpoint(traces_at(endpoint))
            .build()
            .map_err(|error| error.to_string())?;
        let resource = Resource::builder().with_service_name("wixsync").build();
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource);
        Ok(Self(provider.build()))
    }

    /// The layer that collects the spans of our own crates.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let ours = OUR_CRATES.iter().map(|name| (*name, LevelFilter::INFO));
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("wixsync"))
            // What a log line says is in the log; here it would only repeat.
            .with_filter(Targets::new().with_targets(ours))
    }

    /// Sends the remaining spans. If the collector does not answer they are lost, and a warning says so.
    pub(crate) async fn end(self) {
        let left = tokio::task::spawn_blocking(move || self.0.shutdown()).await;
        if let Ok(Err(error)) = left {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

/// The address for traces below a collector's own, as the OpenTelemetry protocol fixes it.
fn traces_at(endpoint: &Url) -> String {
    format!("{}/v1/traces", endpoint.as_str().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_have_an_address_below_the_collectors() {
        for text in ["http://127.0.0.1:4318", "http://127.0.0.1:4318/"] {
            assert_eq!(traces_at(&Url::parse(text).unwrap()), "http://127.0.0.1:4318/v1/traces");
        }
        let below = Url::parse("https://host.example/otlp/").unwrap();
        assert_eq!(traces_at(&below), "https://host.example/otlp/v1/traces");
    }
}
