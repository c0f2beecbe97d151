//! Real answers of a real service against the document that describes them, and against the types of `api-types`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use api_types::{
    BackgroundTasks, Explanation, InventoryUpdate, LinePage, ProblemDocument, ProductInfo, Readiness, Run,
    RunDetail, RunPage, Shop, ShopSchedule, StartedTask, TaskResult, TaskState, Welcome,
};
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use testkit::TestShop;
use testkit::emulator::{Endpoint, FaultKind, FaultTiming};

use crate::service::{Answer, Service, serve, served};
use crate::support::{between, on_every_catalog, world};

on_every_catalog! {
    every_answer_is_what_the_document_and_the_types_say,
}

/// The document of a running service, and the operations that were compared with it.
struct Described<'a> {
    service: &'a Service,
    document: Value,
    asked: BTreeSet<String>,
}

/// Why `answer` is not what `document` says of `method` at `path`, if it is not.
fn misdescribed(document: &Value, method: &Method, path: &str, answer: &Answer) -> Option<String> {
    let method = method.as_str().to_lowercase();
    let told = &document["paths"][path][&method]["responses"][answer.status.as_str()];
    let kind = answer.kind.split(';').next().unwrap_or_default();
    let mut schema = told["content"][kind]["schema"].clone();
    if schema.is_null() {
        return Some(format!("{method} {path}: no schema for {} {kind}", answer.status));
    }
    let value = if kind.ends_with("json") { answer.json() } else { json!(answer.text) };
    schema["components"] = document["components"].clone();
    let validator = jsonschema::validator_for(&schema).expect("the document holds schemas");
    let wrong: Vec<String> =
        validator.iter_errors(&value).map(|wrong| format!("{}: {wrong}", wrong.instance_path())).collect();
    (!wrong.is_empty()).then(|| format!("{method} {path}: {}", wrong.join("; ")))
}

impl<'a> Described<'a> {
    async fn of(service: &'a Service) -> Self {
        let document = service.get("/openapi.json").await.is(200).json();
        Self { service, document, asked: BTreeSet::new() }
    }

    /// Asks, and compares the answer with the document.
    async fn ask(&mut self, method: Method, path: &str, filled: &str, body: &str, status: u16) -> Answer {
        let answer = self.service.ask(method.clone(), filled, &[], body).await.is(status);
        assert_eq!(misdescribed(&self.document, &method, path, &answer), None);
        self.asked.insert(format!("{method} {path}"));
        answer
    }

    /// The same of an answer that is a `T`, byte for byte.
    async fn typed<T>(&mut self, method: Method, path: &str, filled: &str, body: &str, status: u16) -> T
    where
        T: DeserializeOwned + Serialize,
    {
        let answer = self.ask(method, path, filled, body, status).await;
        let read: T =
            serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{error}: {}", answer.text));
        assert_eq!(serde_json::to_string(&read).expect("JSON"), answer.text);
        read
    }

    /// Starts a task by a POST, and waits for its end.
    async fn task(&mut self, path: &str, filled: &str, body: &str, status: u16) -> TaskState {
        let started: StartedTask = self.typed(Method::POST, path, filled, body, status).await;
        let id = started.task_id.as_str();
        self.service.poll(id).await;
        let filled = format!("/warehouse/sync-wix/status/{id}");
        self.typed(Method::GET, "/warehouse/sync-wix/status/{task_id}", &filled, "", 200).await
    }

    fn operations(&self) -> BTreeSet<String> {
        let paths = self.document["paths"].as_object().expect("paths").iter();
        let of = |(path, item): (&String, &Value)| -> Vec<String> {
            let methods = item.as_object().expect("an item").keys();
            methods.map(|method| format!("{} {path}", method.to_uppercase())).collect()
        };
        paths.flat_map(of).collect()
    }
}

async fn every_answer_is_what_the_document_and_the_types_say() {
    let (shop, warehouse) = world(&[("A", 10, 12), ("B", 10, 3), ("C", 0, 1)]).await;
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_SCHEDULE", "24h");
    let service = serve(&program).await;
    let mut described = Described::of(&service).await;
    let run = runs(&mut described).await;
    lookups(&mut described).await;
    shops(&mut described).await;
    canceled(&mut described, &shop).await;
    probes(&mut described).await;
    let whole = described.operations();
    assert_eq!(described.asked, whole, "every operation was asked");
    refusals_and_wrong_answers(&mut described, &run).await;
    assert_eq!(service.running.stop().await, Some(0));
}

/// What starts, shows and ends runs; the id of one that has lines.
async fn runs(described: &mut Described<'_>) -> String {
    let plan = described.task("/api/v1/plans", "/api/v1/plans", "", 202).await;
    let apply = format!("/api/v1/plans/{}/apply", plan.task_id);
    let applied = described.task("/api/v1/plans/{plan_id}/apply", &apply, "", 202).await;
    assert!(matches!(applied.result, Some(TaskResult::Report(report)) if report.updated_in_wix == 3));
    let set = r#"{"quantities": {"A": 7}}"#;
    let set = described.task("/api/v1/inventory", "/api/v1/inventory", set, 202).await;
    assert!(matches!(set.result, Some(TaskResult::SetReport(report)) if report.updated == 1));
    for path in ["/warehouse/sync-wix", "/warehouse/sync-wix/"] {
        described.task(path, path, "", 200).await;
    }
    let status = format!("/warehouse/sync-wix/status/{}/", plan.task_id);
    let _: TaskState =
        described.typed(Method::GET, "/warehouse/sync-wix/status/{task_id}/", &status, "", 200).await;
    described.task("/api/v1/runs", "/api/v1/runs", r#"{"dry_run": true}"#, 202).await;
    let page: RunPage = described.typed(Method::GET, "/api/v1/runs", "/api/v1/runs?limit=2", "", 200).await;
    assert!(page.runs.len() == 2 && page.next_cursor.is_some());
    let one = format!("/api/v1/runs/{}", applied.task_id);
    let detail: RunDetail = described.typed(Method::GET, "/api/v1/runs/{run_id}", &one, "", 200).await;
    assert_eq!(detail.progress.planned, 3);
    let lines = format!("{one}/lines?limit=2");
    let lines: LinePage = described.typed(Method::GET, "/api/v1/runs/{run_id}/lines", &lines, "", 200).await;
    assert_eq!((lines.lines.len(), lines.next_after), (2, Some(1)));
    applied.task_id.to_string()
}

async fn lookups(described: &mut Described<'_>) {
    let skus = r#"{"skus": ["A", "C", "X"]}"#;
    let path = "/api/v1/products/query";
    let products: BTreeMap<String, ProductInfo> = described.typed(Method::POST, path, path, skus, 200).await;
    assert_eq!(products.len(), 2);
    let path = "/api/v1/inventory-updates/query";
    let updates: Vec<InventoryUpdate> = described.typed(Method::POST, path, path, skus, 200).await;
    assert_eq!(updates.len(), 2);
    for sku in ["A", "X"] {
        let filled = format!("/api/v1/skus/{sku}/explanation");
        let explained: Explanation =
            described.typed(Method::GET, "/api/v1/skus/{sku}/explanation", &filled, "", 200).await;
        assert_eq!(explained.history.is_empty(), sku == "X");
    }
}

/// A shop that is paused, and one that is not.
async fn shops(described: &mut Described<'_>) {
    let _: Vec<Shop> = described.typed(Method::GET, "/api/v1/shops", "/api/v1/shops", "", 200).await;
    let of = |what: &str| (format!("/api/v1/shops/{{shop}}/{what}"), format!("/api/v1/shops/default/{what}"));
    let (path, filled) = of("pause");
    let paused: Shop = described.typed(Method::POST, &path, &filled, "", 200).await;
    assert!(paused.paused_since.is_some());
    let (path, filled) = of("schedule");
    let schedule: ShopSchedule = described.typed(Method::GET, &path, &filled, "", 200).await;
    assert!(schedule.next_slot.is_some());
    let (path, filled) = of("resume");
    let resumed: Shop = described.typed(Method::POST, &path, &filled, "", 200).await;
    assert_eq!(resumed.paused_since, None);
    let (path, filled) = of("schedule/run-now");
    let started: StartedTask = described.typed(Method::POST, &path, &filled, "", 202).await;
    described.service.poll(started.task_id.as_str()).await;
}

/// A run is canceled while it waits for an answer of the shop.
async fn canceled(described: &mut Described<'_>, shop: &TestShop) {
    let hang = FaultKind::Hang { duration: Duration::from_secs(2), timing: FaultTiming::AfterApply };
    shop.break_with(Endpoint::CatalogVersion, hang, 1);
    let id = described.service.start().await;
    let filled = format!("/api/v1/runs/{id}/cancel");
    let run: Run = described.typed(Method::POST, "/api/v1/runs/{run_id}/cancel", &filled, "", 202).await;
    assert_eq!(run.run_id.as_str(), id);
    described.service.poll(&id).await;
}

async fn probes(described: &mut Described<'_>) {
    let _: Welcome = described.typed(Method::GET, "/", "/", "", 200).await;
    let _: Readiness = described.typed(Method::GET, "/readyz", "/readyz", "", 200).await;
    let path = "/api/v1/background";
    let background: BackgroundTasks = described.typed(Method::GET, path, path, "", 200).await;
    assert!(background.tasks.iter().any(|task| task.name == "dispatch" && task.activations > 0));
    for path in ["/healthz", "/metrics", "/openapi.json"] {
        described.ask(Method::GET, path, path, "", 200).await;
    }
}

/// A refusal is described too, and an answer that differs from the document is found.
async fn refusals_and_wrong_answers(described: &mut Described<'_>, run: &str) {
    let path = "/api/v1/runs/{run_id}";
    let problem: ProblemDocument = described.typed(Method::GET, path, "/api/v1/runs/none", "", 404).await;
    assert_eq!(problem.code, "no_such_run");
    let mut answer = described.service.get(&format!("/api/v1/runs/{run}")).await;
    answer.text = answer.text.replace("\"status\":\"SUCCESS\"", "\"status\":\"DONE\"");
    let told = misdescribed(&described.document, &Method::GET, path, &answer);
    assert!(told.is_some_and(|told| told.contains("DONE")));
}
