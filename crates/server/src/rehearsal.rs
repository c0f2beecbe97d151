//! A client of a running service, for check-ups: it makes a dry run as the guide's clients do, and asks every route.

use std::net::SocketAddr;
use std::time::Duration;

use domain::checkup::BackgroundTask;
use domain::{ShopName, Sku};
use reqwest::{Client, Method, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::health::reachable;
use crate::http::extract::IDEMPOTENCY_KEY;
use crate::http::openapi;

/// How long an answer may take: some routes ask the shop.
const TIMEOUT: Duration = Duration::from_mins(1);
/// The pause between two queries of the run's status.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// A client of one service.
pub struct Rehearsal {
    client: Client,
    address: SocketAddr,
    token: String,
}

/// What the service reported about its background tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackgroundAnswer {
    /// The status of each task.
    Tasks(Vec<BackgroundTask>),
    /// The service does not know the token: it works with another state database.
    UnknownToken,
    /// The service did not answer, or not in a way that this version can read.
    Unreadable {
        /// What it answered.
        detail: String,
    },
}

/// The result of the dry run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rehearsed {
    /// It ended well.
    Done {
        /// Its id.
        run: String,
    },
    /// It did not end in time and was canceled.
    Waited {
        /// Its id.
        run: String,
    },
    /// It failed.
    Failed {
        /// Its id.
        run: String,
        /// Why.
        detail: String,
    },
    /// The service does not know the token: it works with another state database.
    UnknownToken,
    /// The service did not accept the task, or did not report its status.
    Refused {
        /// What it answered.
        detail: String,
    },
}

/// The result of asking the routes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Routes {
    /// How many routes were asked.
    pub asked: u64,
    /// The routes that did not answer as they should, each with its answer.
    pub wrong: Vec<String>,
}

impl Rehearsal {
    /// For the service at `address`, asked through a [`crate::local_client`].
    #[must_use]
    pub fn new(client: Client, address: SocketAddr, token: String) -> Self {
        Self { client, address: reachable(address), token }
    }

    /// The statuses of the service's background tasks.
    pub async fn background(&self) -> BackgroundAnswer {
        let response = match self.ask(Method::GET, "/api/v1/background", None).await {
            Ok(response) if response.status() == StatusCode::UNAUTHORIZED => {
                return BackgroundAnswer::UnknownToken;
            }
            response => response,
        };
        match body_of::<Background>(response, StatusCode::OK).await {
            Ok(background) => {
                BackgroundAnswer::Tasks(background.tasks.into_iter().map(TaskState::into).collect())
            }
            Err(detail) => BackgroundAnswer::Unreadable { detail },
        }
    }

    /// Requests a dry run of one SKU and waits for its end, at most for `patience` and only until `until`. A run that
    /// has not ended then is canceled.
    pub async fn dry_run(
        &self,
        shop: &ShopName,
        sku: &Sku,
        patience: Duration,
        until: &CancellationToken,
    ) -> Rehearsed {
        let body = json!({"shop": shop, "skus": [sku], "dry_run": true});
        let response = match self.ask(Method::POST, "/api/v1/runs", Some(&body)).await {
            Ok(response) if response.status() == StatusCode::UNAUTHORIZED => return Rehearsed::UnknownToken,
            response => response,
        };
        let run = match body_of::<Started>(response, StatusCode::ACCEPTED).await {
            Ok(started) => started.task_id,
            Err(detail) => return Rehearsed::Refused { detail },
        };
        tokio::select! {
            rehearsed = self.end_of(&run) => return rehearsed,
            () = tokio::time::sleep(patience) => {}
            () = until.cancelled() => {}
        }
        // It writes nothing, so it does no harm if it cannot be canceled.
        let _ = self.ask(Method::POST, &format!("/api/v1/runs/{run}/cancel"), None).await;
        Rehearsed::Waited { run }
    }

    async fn end_of(&self, run: &str) -> Rehearsed {
        let path = format!("/warehouse/sync-wix/status/{run}");
        loop {
            let response = self.ask(Method::GET, &path, None).await;
            let state: RunState = match body_of(response, StatusCode::OK).await {
                Ok(state) => state,
                Err(detail) => return Rehearsed::Refused { detail },
            };
            let run = run.to_owned();
            match (state.ready, state.status.as_str()) {
                (false, _) => tokio::time::sleep(LOOK_EVERY).await,
                (true, "SUCCESS") => return Rehearsed::Done { run },
                (true, _) => {
                    let why = state.error.or(state.result.map(|result| result.message));
                    return Rehearsed::Failed { run, detail: why.unwrap_or(state.status) };
                }
            }
        }
    }

    /// Asks every GET route, for this shop, SKU and run. Without a run, the routes of one run are left out.
    pub async fn routes(&self, shop: &ShopName, sku: &Sku, run: Option<&str>) -> Routes {
        let mut routes = Routes::default();
        for (path, _) in openapi().paths.paths.iter().filter(|(_, item)| item.get.is_some()) {
            let filled = path.split('/').skip(1).map(|part| match part {
                "{shop}" => Some(shop.as_str()),
                "{sku}" => Some(sku.as_str()),
                "{run_id}" | "{task_id}" => run,
                own => Some(own),
            });
            let Some(parts) = filled.collect::<Option<Vec<&str>>>() else { continue };
            routes.asked += 1;
            // Several shops can have the same SKU.
            let of_shop = path.contains("{sku}").then_some(shop);
            let answer = match self.ask_parts(Method::GET, &parts, of_shop, None).await {
                Ok(response) if is_answer(path, response.status()) => continue,
                Ok(response) => response.status().as_u16().to_string(),
                Err(error) => error,
            };
            routes.wrong.push(format!("GET {path}: {answer}"));
        }
        routes
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Response, String> {
        self.ask_parts(method, &path.split('/').skip(1).collect::<Vec<_>>(), None, body).await
    }

    async fn ask_parts(
        &self,
        method: Method,
        parts: &[&str],
        shop: Option<&ShopName>,
        body: Option<&Value>,
    ) -> Result<Response, String> {
        let mut url = Url::parse(&format!("http://{}", self.address)).map_err(|error| error.to_string())?;
        // A URL with a host can always have a path.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        if let Some(shop) = shop {
            url.query_pairs_mut().append_pair("shop", shop.as_str());
        }
        let request = self.client.request(method, url).timeout(TIMEOUT).bearer_auth(&self.token);
        let request = match body {
            None => request,
            // The key ties the task to this token, so that the task can be swept if this process dies.
            Some(body) => request.header(IDEMPOTENCY_KEY, "rehearsal").json(body),
        };
        request.send().await.map_err(|error| error.without_url().to_string())
    }
}

/// A service that reports that it is not ready has answered as it should.
fn is_answer(path: &str, status: StatusCode) -> bool {
    status == StatusCode::OK || (path == "/readyz" && status == StatusCode::SERVICE_UNAVAILABLE)
}

/// The answer to a request for a run.
#[derive(Deserialize)]
struct Started {
    task_id: String,
}

/// The status of a run.
#[derive(Deserialize)]
struct RunState {
    status: String,
    ready: bool,
    error: Option<String>,
    result: Option<RunReport>,
}

#[derive(Deserialize)]
struct RunReport {
    message: String,
}

/// The background tasks, as far as a check-up reads them: other fields may differ between versions.
#[derive(Deserialize)]
struct Background {
    tasks: Vec<TaskState>,
}

#[derive(Deserialize)]
struct TaskState {
    name: String,
    overdue: bool,
    last: Option<LastActivation>,
}

#[derive(Deserialize)]
struct LastActivation {
    error: Option<String>,
}

impl From<TaskState> for BackgroundTask {
    fn from(task: TaskState) -> Self {
        let error = task.last.and_then(|last| last.error);
        Self { name: task.name, error, is_overdue: task.overdue }
    }
}

/// The body of an answer that must have this status.
async fn body_of<T: DeserializeOwned>(
    response: Result<Response, String>,
    expected: StatusCode,
) -> Result<T, String> {
    let response = response?;
    let status = response.status();
    let text = response.text().await.map_err(|error| error.without_url().to_string())?;
    if status != expected {
        return Err(format!("{}: {}", status.as_u16(), text.chars().take(300).collect::<String>()));
    }
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use axum::routing::{get, post};
    use axum::{Json, Router};
    use tokio::net::TcpListener;

    use super::*;

    async fn serving(routes: Router) -> Rehearsal {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Rehearsal::new(crate::local_client().unwrap(), address, "wxs_".to_owned())
    }

    async fn against(status: Value) -> (Rehearsed, bool) {
        let cancelled = Arc::new(AtomicBool::new(false));
        let noted = Arc::clone(&cancelled);
        let started = async || (StatusCode::ACCEPTED, Json(json!({"task_id": "t"})));
        let routes = Router::new()
            .route("/api/v1/runs", post(started))
            .route("/warehouse/sync-wix/status/t", get(async move || Json(status)))
            .route("/api/v1/runs/t/cancel", post(async move || noted.store(true, Ordering::SeqCst)));
        let rehearsal = serving(routes).await;
        let (shop, sku) = (ShopName::new("default"), Sku::parse("A").unwrap());
        let rehearsed =
            rehearsal.dry_run(&shop, &sku, Duration::from_millis(50), &CancellationToken::new()).await;
        (rehearsed, cancelled.load(Ordering::SeqCst))
    }

    #[tokio::test]
    async fn a_run_without_an_end_is_cancelled_and_one_that_failed_says_why() {
        let run = "t".to_owned();
        let waits = against(json!({"ready": false, "status": "PENDING"})).await;
        assert_eq!(waits, (Rehearsed::Waited { run: run.clone() }, true));
        let done = against(json!({"ready": true, "status": "SUCCESS"})).await;
        assert_eq!(done, (Rehearsed::Done { run: run.clone() }, false));
        let failed = against(json!({"ready": true, "status": "FAILURE", "error": "no key"})).await;
        assert_eq!(failed, (Rehearsed::Failed { run, detail: "no key".to_owned() }, false));
    }

    #[tokio::test]
    async fn background_tasks_are_read_and_other_answers_told_apart() {
        let asked = async |status: StatusCode, body: Value| {
            let answer = async move || (status, Json(body));
            serving(Router::new().route("/api/v1/background", get(answer))).await.background().await
        };
        let tasks = json!({"tasks": [
            {"name": "dispatch", "overdue": true, "last": null},
            {"name": "pruning", "overdue": false, "last": {"error": null, "new": 1}},
            {"name": "dead_man", "overdue": false, "last": {"error": "502"}, "new": 1},
        ]});
        let task = |name: &str, error: Option<&str>, is_overdue| BackgroundTask {
            name: name.to_owned(),
            error: error.map(str::to_owned),
            is_overdue,
        };
        let known = vec![
            task("dispatch", None, true),
            task("pruning", None, false),
            task("dead_man", Some("502"), false),
        ];
        assert_eq!(asked(StatusCode::OK, tasks).await, BackgroundAnswer::Tasks(known));
        assert_eq!(asked(StatusCode::UNAUTHORIZED, json!({})).await, BackgroundAnswer::UnknownToken);
        for (status, body) in [(StatusCode::NOT_FOUND, json!({})), (StatusCode::OK, json!([]))] {
            let answer = asked(status, body).await;
            assert!(matches!(answer, BackgroundAnswer::Unreadable { .. }), "{answer:?}");
        }
    }
}
