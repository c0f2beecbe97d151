//! Asks a service for `cargo xtask bench`: `bench-load URL TOKEN`.
//!
//! Starts a synchronisation, and for as long as it goes on asks for the same again and for `/healthz`, each so many
//! times a second, whether or not earlier requests are answered. What it saw is one JSON object on standard output.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Parser;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::{Instant, interval, interval_at};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long the run may take.
const RUN: Duration = Duration::from_mins(15);

/// Asks a service while it works.
#[derive(Parser)]
struct Cli {
    /// The service's address.
    url: String,
    /// A token that allows to start runs.
    token: String,
    /// How many of each kind of request go out in a second.
    #[arg(long, default_value_t = 50)]
    per_second: u32,
}

/// What was seen.
#[derive(Serialize)]
struct Seen {
    /// How long each POST took that joined the run, in microseconds.
    posts: Vec<u64>,
    /// How long each GET of `/healthz` took, in microseconds.
    gets: Vec<u64>,
    /// How often a request ended otherwise than it should, by what came instead.
    refused: BTreeMap<String, u64>,
    /// The outcome of the run.
    outcome: Value,
}

/// An answer: which kind of request, how long it took, the task that it names.
struct Answer {
    is_post: bool,
    micros: u64,
    said: Result<Option<String>, String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let http = Client::builder().no_proxy().timeout(PATIENCE).build()?;
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

#[expect(clippy::print_stdout, reason = "what was seen is the program's result")]
fn print(seen: &str) {
    println!("{seen}");
}

/// Asks until a POST does not join the task any more, since that is over.
async fn load(
    pace: Duration,
    task: &str,
    post: impl Fn() -> RequestBuilder,
    get: impl Fn() -> RequestBuilder,
) -> Seen {
    let (answered, mut answers) = unbounded_channel();
    let mut posts = interval(pace);
    // Between the others, so that neither waits for its neighbour alone.
    let mut gets = interval_at(Instant::now() + pace / 2, pace);
    let mut seen =
        Seen { posts: Vec::new(), gets: Vec::new(), refused: BTreeMap::new(), outcome: Value::Null };
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

/// Sends a request without waiting for those before it, so that a slow answer does not spare the service any.
fn ask(request: RequestBuilder, is_post: bool, answered: UnboundedSender<Answer>) {
    tokio::spawn(async move {
        let sent = Instant::now();
        let said = answer(request, is_post).await;
        let micros = u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX);
        // Nobody listens any more once the task is over.
        let _ = answered.send(Answer { is_post, micros, said });
    });
}

/// The task that a POST names, `None` for a GET; what came instead.
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
