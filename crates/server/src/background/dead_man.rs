//! The dead-man's address: a monitor there raises the alarm when it has not been asked for too long.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use api_types::DeadManReport;
use domain::{RunSummary, UnixMillis};
use reqwest::{Client, Proxy, Response};
use url::Url;

use super::{Activation, Activator, BackgroundTask, Next, Role, Setup};

/// How long the address may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The dead-man's address, and the way to it.
#[derive(Debug, Clone)]
pub struct DeadManAddress {
    /// The address.
    pub url: Url,
    /// The proxy that leads to it; `None` where it is reached directly.
    pub proxy: Option<Url>,
}

/// Asks the address, where a run was good. One that does not answer is logged and does no harm.
pub async fn ping_dead_man(address: &DeadManAddress, summary: &RunSummary) {
    if summary.is_good()
        && let Err(error) = ping(address).await
    {
        log(&error);
    }
}

/// Such an address is a secret, because it lets its holder say that all is well. So the error does not name it.
async fn ping(address: &DeadManAddress) -> Result<(), reqwest::Error> {
    let client = Client::builder().timeout(TIMEOUT).no_proxy();
    let client = match &address.proxy {
        Some(proxy) => client.proxy(Proxy::all(proxy.as_str()).map_err(reqwest::Error::without_url)?),
        None => client,
    };
    let client = client.build().map_err(reqwest::Error::without_url)?;
    let answer = client.get(address.url.clone()).send().await.and_then(Response::error_for_status);
    answer.map(drop).map_err(reqwest::Error::without_url)
}

fn log(error: &reqwest::Error) {
    tracing::warn!(%error, "the dead-man's address could not be asked");
}

/// Good runs of this process that have not been reported to the address yet.
#[derive(Debug, Default)]
pub(crate) struct GoodRuns {
    waiting: AtomicU64,
    activator: Activator,
}

impl GoodRuns {
    /// Counts a run if it was good.
    pub(super) fn add(&self, summary: &RunSummary) {
        if summary.is_good() {
            self.waiting.fetch_add(1, Ordering::SeqCst);
            self.activator.activate();
        }
    }

    fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Takes one; `false` if there is none.
    fn take(&self) -> bool {
        let less = |waiting: u64| waiting.checked_sub(1);
        self.waiting.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).is_ok()
    }
}

/// Asks the address for one good run per activation.
pub(super) struct DeadMan {
    runs: Arc<GoodRuns>,
    address: DeadManAddress,
}

impl DeadMan {
    /// Asks for one good run, if there is one.
    async fn step(&self) -> Result<bool, reqwest::Error> {
        if !self.runs.take() {
            return Ok(false);
        }
        ping(&self.address).await.inspect_err(log).map(|()| true)
    }
}

impl BackgroundTask for DeadMan {
    const NAME: &'static str = "dead_man";
    const DESCRIPTION: &'static str = "Asks the dead-man's address after each good run";
    type Report = DeadManReport;

    fn new(setup: &Setup) -> Option<Self> {
        if matches!(setup.role, Role::DryRuns(_)) {
            return None;
        }
        let address = setup.service.settings.dead_man.clone()?;
        Some(Self { runs: Arc::clone(&setup.service.good_runs), address })
    }

    fn activator(&self) -> Activator {
        self.runs.activator.clone()
    }

    async fn activate(&self, _: UnixMillis) -> Activation<DeadManReport> {
        let asked = self.step().await;
        let runs_waiting = self.runs.waiting();
        let next = if runs_waiting == 0 { Next::OnActivation } else { Next::After(0) };
        match asked {
            Ok(asked) => Activation::succeeded(DeadManReport { asked, runs_waiting }, next),
            Err(error) => {
                let report = Some(DeadManReport { asked: true, runs_waiting });
                Activation { report, error: Some(error.to_string()), next }
            }
        }
    }

    /// Runs may end well while the service stops.
    async fn finish(&self) {
        while self.runs.waiting() > 0 {
            // `step` logs a failure, and the address may answer for the next run.
            let _ = self.step().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::extract::State;
    use axum::http::StatusCode;
    use axum::routing::get;
    use conformance::store::fixtures::summary;
    use domain::Outcome;
    use futures::FutureExt;
    use tokio::net::TcpListener;

    use super::*;

    /// A run with this outcome that had something to compare.
    fn run(outcome: Outcome) -> RunSummary {
        summary("r", outcome, 1, 0)
    }

    /// A monitor that answers with `status`: its task, and how often it was asked.
    async fn monitored(status: StatusCode) -> (DeadMan, Arc<AtomicU64>) {
        let calls = Arc::new(AtomicU64::new(0));
        let answer = async move |State(calls): State<Arc<AtomicU64>>| {
            calls.fetch_add(1, Ordering::SeqCst);
            status
        };
        let routes = Router::new().route("/secret", get(answer)).with_state(Arc::clone(&calls));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/secret", listener.local_addr().unwrap()).parse().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        (DeadMan { runs: Arc::default(), address: DeadManAddress { url, proxy: None } }, calls)
    }

    #[tokio::test]
    async fn an_activation_asks_for_one_good_run_and_says_how_many_wait() {
        let (task, calls) = monitored(StatusCode::OK).await;
        let idle = Activation::succeeded(DeadManReport { asked: false, runs_waiting: 0 }, Next::OnActivation);
        assert_eq!(task.activate(0).await, idle);
        for outcome in Outcome::ALL {
            task.runs.add(&run(*outcome));
        }
        for (waiting, next) in [(1, Next::After(0)), (0, Next::OnActivation)] {
            let report = DeadManReport { asked: true, runs_waiting: waiting };
            assert_eq!(task.activate(0).await, Activation::succeeded(report, next));
        }
        assert_eq!(task.activate(0).await, idle);
        assert_eq!(calls.load(Ordering::SeqCst), 2, "converged and partial are good, no other outcome is");
    }

    #[tokio::test]
    async fn a_good_run_wakes_the_task() {
        let (task, _) = monitored(StatusCode::OK).await;
        task.runs.add(&run(Outcome::Failed));
        task.runs.add(&summary("r", Outcome::Converged, 0, 0));
        assert!(task.activator().activated().now_or_never().is_none());
        task.runs.add(&run(Outcome::Converged));
        task.activator().activated().await;
    }

    #[tokio::test]
    async fn an_address_that_refuses_is_reported_without_the_address() {
        let (task, calls) = monitored(StatusCode::BAD_GATEWAY).await;
        task.runs.add(&run(Outcome::Converged));
        let activation = task.activate(0).await;
        let error = activation.error.unwrap();
        assert!(error.contains("502") && !error.contains("secret"), "{error}");
        assert_eq!(activation.next, Next::OnActivation, "the next good run asks again");
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_stop_still_asks_for_every_good_run() {
        let (task, calls) = monitored(StatusCode::OK).await;
        task.runs.add(&run(Outcome::Converged));
        task.runs.add(&run(Outcome::Partial));
        task.finish().await;
        assert_eq!((calls.load(Ordering::SeqCst), task.runs.waiting()), (2, 0));
    }
}
