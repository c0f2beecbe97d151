//! The load generator of `cargo xtask bench`: `bench-load URL TOKEN`.
//!
//! Starts a run. Until the run ends, it sends the same start request and `GET /healthz` at a fixed rate, without
//! waiting for earlier responses. It prints the results as one JSON object on standard output.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Parser;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::{Instant, interval, interval_at};

/// The time limit of one response.
const RESPONSE_TIMEOUT: Duration = Duration::from_mins(1);
/// The time limit of the run.
const RUN: Duration = Duration::from_mins(15);

/// Sends requests to a service during a run.
#[derive(Parser)]
struct Cli {
    /// The service's address.
    url: String,
    /// An API token that may start runs.
    token: String,
    /// Requests of each kind per second.
    #[arg(long, default_value_t = 50)]
    per_second: u32,
}

/// The results of the load.
#[derive(Serialize)]
struct LoadResult {
    /// The time of each POST that joined the run, in microseconds.
    posts: Vec<u64>,
    /// The time of each GET of `/healthz`, in microseconds.
    gets: Vec<u64>,
    /// The number of unexpected responses, by what was received.
    refused: BTreeMap<String, u64>,
    /// The outcome of the run.
    outcome: Value,
}

/// A response: the kind of request, its time, and the task that it names or the error.
struct Answer {
    is_post: bool,
    micros: u64,
    said: Result<Option<String>, String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let http = Client::builder().no_proxy().timeout(RESPONSE_TIMEOUT).build()?;
    let post = || http.post(format!("{}/warehouse/sync-wix/", cli.url)).bearer_auth(&cli.token);
    let get = || http.get(format!("{}/healthz", cli.url));
    let first = post().send().await?.error_for_status().context("the run was not started")?;
    let task = task(&first.text().await?).context("the service named no task")?;
    let pace = Duration::from_secs(1) / cli.per_second.max(1);
    let mut seen =
        tokio::time::timeout(RUN, load(pace, &task, post, get)).await.context("it goes on and on")?;
    let status = http.get(format!("{}/warehouse/sync-wix/status/{task}", cli.url)).bearer_auth(&cli.token);
    let status: Value = serde_json::from_str(&status.send().await?.error_for_status()?.text().await?)?;
    if status.pointer("/ready") != Some(&Value::Bool(true)) {
        bail!("another run began before the first was over: {status}");
    }
    seen.outcome = status.pointer("/result/outcome").cloned().unwrap_or_default();
    print(&serde_json::to_string(&seen)?);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the results are the program's output")]
fn print(seen: &str) {
    println!("{seen}");
}

/// Sends requests until a POST no longer joins the task because the task has ended.
async fn load(
    pace: Duration,
    task: &str,
    post: impl Fn() -> RequestBuilder,
    get: impl Fn() -> RequestBuilder,
) -> LoadResult {
    let (answered, mut answers) = unbounded_channel();
    let mut posts = interval(pace);
    // Halfway between the POSTs, so that both kinds of requests meet the same conditions.
    let mut gets = interval_at(Instant::now() + pace / 2, pace);
    let mut seen =
        LoadResult { posts: Vec::new(), gets: Vec::new(), refused: BTreeMap::new(), outcome: Value::Null };
    loop {
        tokio::select! {
            _ = posts.tick() => ask(post(), true, answered.clone()),
            _ = gets.tick() => ask(get(), false, answered.clone()),
            Some(Answer { is_post, micros, said }) = answers.recv() => match said {
                Ok(None) => seen.gets.push(micros),
                Ok(Some(named)) if named == task => seen.posts.push(micros),
                Ok(Some(_)) => return seen,
                Err(instead) => {
                    let kind = if is_post { "POST" } else { "GET" };
                    *seen.refused.entry(format!("{kind}: {instead}")).or_default() += 1;
                }
            },
        }
    }
}

/// Sends a request without waiting for earlier ones, so that a slow response does not reduce the load.
fn ask(request: RequestBuilder, is_post: bool, answered: UnboundedSender<Answer>) {
    tokio::spawn(async move {
        let sent = Instant::now();
        let said = answer(request, is_post).await;
        let micros = u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX);
        // The receiver is gone once the task has ended.
        let _ = answered.send(Answer { is_post, micros, said });
    });
}

/// The task that a POST names, or `None` for a GET. The error is what was received instead.
async fn answer(request: RequestBuilder, is_post: bool) -> Result<Option<String>, String> {
    let response = request.send().await.map_err(|error| error.without_url().to_string())?;
    let status = response.status();
    let text = response.text().await.map_err(|error| error.without_url().to_string())?;
    match status {
        StatusCode::OK if is_post => task(&text).map(Some).ok_or_else(|| "no task".to_owned()),
        StatusCode::OK => Ok(None),
        other => Err(other.to_string()),
    }
}

fn task(text: &str) -> Option<String> {
    let answer: Value = serde_json::from_str(text).ok()?;
    Some(answer.get("task_id")?.as_str()?.to_owned())
}
