//! A client of the service that knows no more than what its documentation says.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use testkit::emulator::CatalogVersion;
use testkit::{Program, Running, catalog};

/// A running service and a token for it.
pub(crate) struct Service {
    pub(crate) running: Running,
    pub(crate) url: String,
    pub(crate) token: String,
    http: reqwest::Client,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) kind: String,
    pub(crate) headers: HeaderMap,
    /// As it came, byte for byte.
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Fails unless it came with this status.
    #[must_use]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// Fails unless it is a problem document with this status and code.
    #[track_caller]
    pub(crate) fn refuses(self, status: u16, code: &str) {
        let answer = self.is(status);
        assert_eq!(answer.kind, "application/problem+json", "{}", answer.text);
        let problem = answer.json();
        assert_eq!((&problem["code"], &problem["status"]), (&code.into(), &status.into()), "{problem:#}");
        let error = problem["error_code"].as_str().unwrap_or_default();
        assert!(error.starts_with("WX70") && problem["hint"].is_string(), "{problem:#}");
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()));
    }
}

/// The program as a service on a free port, without a schedule, answering in Russian as it does by itself.
pub(crate) fn served(program: Program) -> Program {
    program.set("WIXSYNC_LISTEN", "127.0.0.1:0").set("WIXSYNC_SCHEDULE", "off").unset("WIXSYNC_LANG")
}

/// The path with which the shop's catalog raises levels.
pub(crate) fn raising() -> &'static str {
    match catalog() {
        CatalogVersion::V3Catalog => "stores/v3/bulk/inventory-items/update",
        _ => "stores/v2/inventoryItems/increment",
    }
}

/// The figure that counts the good calls to a path of Wix.
pub(crate) fn calls_to(path: &str) -> String {
    format!("wixsync_wix_requests_total{{endpoint=\"{path}\",class=\"success\"}}")
}

/// Starts it, with a token of its own that allows everything.
pub(crate) async fn serve(program: &Program) -> Service {
    let listed = program.run(["token", "list", "--json"]).await.ends(0).json();
    let name = format!("test-{}", listed["tokens"].as_array().expect("tokens").len());
    let token = token(program, &name, "admin").await;
    let running = program.start(["serve", "--json"]).await;
    of_running(running, token)
}

/// The same, with a log whose reader has stalled.
pub(crate) async fn serve_with_unread_log(program: &Program) -> Service {
    let token = token(program, "test", "admin").await;
    of_running(program.start_with_unread_stderr(["serve", "--json"]).await, token)
}

fn of_running(running: Running, token: String) -> Service {
    let first: Value = serde_json::from_str(&running.first_line).expect("its first line is JSON");
    let url = first["url"].as_str().expect("an address").to_owned();
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    Service { running, url, token, http }
}

/// A new token.
pub(crate) async fn token(program: &Program, name: &str, scope: &str) -> String {
    let made = program.run(["token", "create", name, "--scope", scope, "--json"]).await.ends(0).json();
    made["token"].as_str().expect("a token").to_owned()
}

impl Service {
    /// A request; `headers` beside the token, which an empty one takes away.
    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            request = request.bearer_auth(&self.token);
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        if !body.is_empty() {
            request = request.header("content-type", "application/json").body(body.to_owned());
        }
        let response = request.send().await.expect("an answer");
        let kind = response.headers().get("content-type").map(|kind| kind.to_str().expect("text").to_owned());
        let (status, kind) = (response.status(), kind.unwrap_or_default());
        let headers = response.headers().clone();
        Answer { status, kind, headers, text: response.text().await.expect("a body") }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.ask(Method::POST, path, &[], body).await
    }

    /// Starts a synchronisation as the guide does; the task's id.
    pub(crate) async fn start(&self) -> String {
        let started = self.post("/warehouse/sync-wix/", "").await.is(200).json();
        started["task_id"].as_str().expect("a task").to_owned()
    }

    pub(crate) async fn status(&self, task: &str) -> Answer {
        self.get(&format!("/warehouse/sync-wix/status/{task}")).await.is(200)
    }

    /// Polls until the task has its end, as the guide does; every state that was seen, and the last answer.
    pub(crate) async fn poll(&self, task: &str) -> (Vec<String>, Answer) {
        let mut seen: Vec<String> = Vec::new();
        loop {
            let answer = self.status(task).await;
            let state = answer.json();
            let status = state["status"].as_str().expect("a state").to_owned();
            if seen.last() != Some(&status) {
                seen.push(status);
            }
            if state["ready"] == true {
                return (seen, answer);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
