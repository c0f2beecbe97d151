//! A rehearsal: what the guide's clients do, done once against a service, with a run that writes nothing.

use std::net::SocketAddr;
use std::time::Duration;

use domain::{ShopName, Sku};
use reqwest::{Client, Method, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::health::reachable;
use crate::http::docs::openapi;
use crate::http::extract::IDEMPOTENCY_KEY;

/// How long an answer may take: some routes ask the shop.
const TIMEOUT: Duration = Duration::from_mins(1);
/// How often it is asked how the run stands.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Somebody who asks a service.
pub struct Rehearsal {
    client: Client,
    address: SocketAddr,
    token: String,
}

/// What became of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rehearsed {
    /// A worker saw it to its end.
    Done {
        /// Its id.
        run: String,
    },
    /// It had no end in time; it was cancelled.
    Waited {
        /// Its id.
        run: String,
    },
    /// A worker took it, and it failed.
    Failed {
        /// Its id.
        run: String,
        /// Why.
        detail: String,
    },
    /// The service knows nothing of the token: it works with another state database.
    Foreign,
    /// The service did not accept the task, or does not answer for it.
    Refused {
        /// What it answered.
        detail: String,
    },
}

/// Routes that were asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Routes {
    /// How many.
    pub asked: u64,
    /// Those that did not answer as they should, each with what it answered.
    pub wrong: Vec<String>,
}

impl Rehearsal {
    /// For the service at `address`, asked through a [`crate::local_client`].
    #[must_use]
    pub fn new(client: Client, address: SocketAddr, token: String) -> Self {
        Self { client, address: reachable(address), token }
    }

    /// A dry run of one SKU, from the request through the queue and a worker to its end, or until it has waited
    /// for `patience`, or until it is asked to end.
    pub async fn dry_run(
        &self,
        shop: &ShopName,
        sku: &Sku,
        patience: Duration,
        until: &CancellationToken,
    ) -> Rehearsed {
        let body = json!({"shop": shop, "skus": [sku], "dry_run": true});
        let response = match self.ask(Method::POST, "/api/v1/runs", Some(&body)).await {
            Ok(response) if response.status() == StatusCode::UNAUTHORIZED => return Rehearsed::Foreign,
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
        // Whether it could be cancelled or not: it writes nothing.
        let _ = self.ask(Method::POST, &format!("/api/v1/runs/{run}/cancel"), None).await;
        Rehearsed::Waited { run }
    }

    async fn end_of(&self, run: &str) -> Rehearsed {
        let path = format!("/warehouse/sync-wix/status/{run}");
        loop {
            let response = self.ask(Method::GET, &path, None).await;
            let state: State = match body_of(response, StatusCode::OK).await {
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

    /// Asks every route that only looks, for this shop, SKU and run. Those of runs are left out without one.
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
            // A SKU can stand in several shops.
            let of_shop = path.contains("{sku}").then_some(shop);
            let answer = match self.ask_parts(Method::GET, &parts, of_shop, None).await {
                Ok(response) if answers(path, response.status()) => continue,
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
        // An address of a host can have a path.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        if let Some(shop) = shop {
            url.query_pairs_mut().append_pair("shop", shop.as_str());
        }
        let request = self.client.request(method, url).timeout(TIMEOUT).bearer_auth(&self.token);
        let request = match body {
            None => request,
            // Under a key, the task is known as this token's, whatever becomes of who holds it.
            Some(body) => request.header(IDEMPOTENCY_KEY, "rehearsal").json(body),
        };
        request.send().await.map_err(|error| error.without_url().to_string())
    }
}

/// A service that says that it cannot do its work has answered as it should.
fn answers(path: &str, status: StatusCode) -> bool {
    status == StatusCode::OK || (path == "/readyz" && status == StatusCode::SERVICE_UNAVAILABLE)
}

/// The answer to a request for a run.
#[derive(Deserialize)]
struct Started {
    task_id: String,
}

/// How a task stands.
#[derive(Deserialize)]
struct State {
    status: String,
    ready: bool,
    error: Option<String>,
    result: Option<Report>,
}

#[derive(Deserialize)]
struct Report {
    message: String,
}

/// The body of an answer that must have this status.
async fn body_of<T: DeserializeOwned>(
    response: Result<Response, String>,
    due: StatusCode,
) -> Result<T, String> {
    let response = response?;
    let status = response.status();
    let text = response.text().await.map_err(|error| error.without_url().to_string())?;
    if status != due {
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

    async fn against(status: Value) -> (Rehearsed, bool) {
        let cancelled = Arc::new(AtomicBool::new(false));
        let noted = Arc::clone(&cancelled);
        let started = async || (StatusCode::ACCEPTED, Json(json!({"task_id": "t"})));
        let routes = Router::new()
            .route("/api/v1/runs", post(started))
            .route("/warehouse/sync-wix/status/t", get(async move || Json(status)))
            .route("/api/v1/runs/t/cancel", post(async move || noted.store(true, Ordering::SeqCst)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let rehearsal = Rehearsal::new(crate::local_client().unwrap(), address, "wxs_".to_owned());
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
}
