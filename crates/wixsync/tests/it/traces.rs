//! Traces to an OpenTelemetry collector: what a run was, and what each request to Wix took.
//!
//! One catalog: the rest are about a collector that does not answer.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use testkit::CANARY;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::service::{serve, served};
use crate::support::{between, on_every_catalog, sync, world};

on_every_catalog! {
    a_run_is_a_trace_and_each_request_to_wix_a_span_of_it,
}

type Received = Arc<Mutex<Vec<Bytes>>>;

/// A collector that keeps what it is sent; its address.
async fn collector() -> (String, Received) {
    let received = Received::default();
    let take = |State(received): State<Received>, body: Bytes| async move {
        received.lock().expect("nothing panics with it").push(body);
    };
    let routes = Router::new().route("/v1/traces", post(take)).with_state(Arc::clone(&received));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
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

async fn a_run_is_a_trace_and_each_request_to_wix_a_span_of_it() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4)]).await;
    let (address, received) = collector().await;
    let program = between(&shop, &warehouse).set("OTEL_EXPORTER_OTLP_ENDPOINT", &address);
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

/// A run does not fail, nor wait for long, because no collector takes its traces.
#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_not_there_changes_nothing() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let program = between(&shop, &warehouse).set("OTEL_EXPORTER_OTLP_ENDPOINT", &address);
    let report = sync(&program, 0).await;
    assert_eq!(report["outcome"], "converged");
    let bad = program.set("OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:secret@host");
    let told = bad.run(["sync"]).await.ends(2).says("OTEL_EXPORTER_OTLP_ENDPOINT");
    assert!(!told.stderr.contains("secret"), "{}", told.stderr);
    // Collectors that are rented have the key in the path.
    let program = bad.set("OTEL_EXPORTER_OTLP_ENDPOINT", format!("{address}/v1-key-{CANARY}"));
    for words in [vec!["sync"], vec!["config", "show"], vec!["config", "show", "--json"], vec!["doctor"]] {
        let _ = program.run(words).await;
    }
}

/// A collector that takes connections, reads, and never says a word: the connections that it holds open.
async fn silent_collector() -> (String, UnboundedReceiver<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (taken, connections) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            if taken.send(connection).is_err() {
                return;
            }
        }
    });
    (address, connections)
}

/// Longer than any of this takes on the slowest machine; a program that waits for its collector waits for ever.
const NEVER: Duration = Duration::from_mins(2);

/// Reads what the program sent until the connection's other end is closed.
async fn received(mut connection: TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A program that ends with what it did not read resets the connection: over is over.
    let _ = connection.read_to_end(&mut bytes).await;
    bytes
}

/// The program ends though its collector still holds the connection open, and what it did is done.
#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_never_answers_holds_up_neither_the_run_nor_its_end() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let (address, mut connections) = silent_collector().await;
    let program = between(&shop, &warehouse).set("OTEL_EXPORTER_OTLP_ENDPOINT", address);
    let report = tokio::time::timeout(NEVER, sync(&program, 0)).await.expect("the run ends");
    assert_eq!(report["outcome"], "converged");
    assert_eq!(shop.level("A"), 15);
    let connection = connections.try_recv().expect("the collector was asked while the program lived");
    let sent = received(connection).await;
    assert!(sent.starts_with(b"POST /v1/traces "), "{}", String::from_utf8_lossy(&sent));

    let program = served(program);
    let service = serve(&program).await;
    for _ in 0..2 {
        let task = service.start().await;
        let (_, end) = tokio::time::timeout(NEVER, service.poll(&task)).await.expect("a task ends");
        assert_eq!(end.json()["status"], "SUCCESS", "{}", end.text);
    }
    let ended = tokio::time::timeout(NEVER, service.running.stop()).await.expect("the service ends");
    assert_eq!(ended, Some(0));
    assert!(connections.try_recv().is_ok(), "the collector was asked while the service lived");
}
