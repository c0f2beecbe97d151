//! Traces to an OpenTelemetry collector: what a run was, and what each request to Wix took.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use testkit::CANARY;

use crate::support::{between, sync, world};

type Received = Arc<Mutex<Vec<Bytes>>>;

/// A collector that keeps what it is sent; its address.
async fn collector() -> (String, Received) {
    let received = Received::default();
    let take = |State(received): State<Received>, body: Bytes| async move {
        received.lock().expect("nothing panics with it").push(body);
    };
    let routes = Router::new().route("/v1/traces", post(take)).with_state(Arc::clone(&received));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (address, received)
}

fn spans(received: &Received) -> Vec<Span> {
    let bodies = received.lock().expect("nothing panics with it");
    let requests = bodies.iter().map(|body| ExportTraceServiceRequest::decode(&body[..]).expect("a request"));
    let of_resources = requests.flat_map(|request| request.resource_spans);
    of_resources.flat_map(|spans| spans.scope_spans).flat_map(|spans| spans.spans).collect()
}

fn attribute(span: &Span, key: &str) -> Option<Value> {
    span.attributes.iter().find(|one| one.key == key)?.value.clone()?.value
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_a_trace_and_each_request_to_wix_a_span_of_it() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4)]).await;
    let (address, received) = collector().await;
    let program = between(&shop, &warehouse).set("OTEL_EXPORTER_OTLP_ENDPOINT", address);
    let report = sync(&program, 0).await;
    let spans = spans(&received);
    let (runs, requests): (Vec<&Span>, Vec<&Span>) = spans.iter().partition(|span| span.name == "run");
    let [run] = runs[..] else { panic!("one run and not {}", runs.len()) };
    let id = report["run_id"].as_str().expect("an id").to_owned();
    assert_eq!(attribute(run, "run_id"), Some(Value::StringValue(id)));
    assert_eq!(Some(requests.len()), report["requests"].as_u64().and_then(|n| usize::try_from(n).ok()));
    for request in requests {
        assert_eq!(request.trace_id, run.trace_id, "{request:?}");
        assert_eq!(request.name, "request");
        assert_eq!(attribute(request, "http.response.status_code"), Some(Value::IntValue(200)));
        assert!(request.end_time_unix_nano > request.start_time_unix_nano);
    }
    let sent = received.lock().expect("nothing panics with it").concat();
    assert!(!sent.windows(CANARY.len()).any(|part| part == CANARY.as_bytes()), "the key went out");
}

/// A run does not fail, nor wait for long, because nobody takes its traces.
#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_not_there_changes_nothing() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let program = between(&shop, &warehouse).set("OTEL_EXPORTER_OTLP_ENDPOINT", address);
    let report = sync(&program, 0).await;
    assert_eq!(report["outcome"], "converged");
    let bad = program.set("OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:secret@host");
    let told = bad.run(["sync"]).await.ends(2).says("OTEL_EXPORTER_OTLP_ENDPOINT");
    assert!(!told.stderr.contains("secret"), "{}", told.stderr);
}
