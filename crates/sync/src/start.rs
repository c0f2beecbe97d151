//! Starts a run for a request: it takes the lease, follows a run that does the same work, or waits for its turn (I6).

use domain::admission::lease::{LIFE_MS, LeaseWatch};
use domain::admission::queue::alive_at;
use domain::{Outcome, RunId, RunSummary};

use crate::context::{Ports, RunSettings};
use crate::observer::Event;
use crate::ports::{Acquired, Fence, NewRun, Queued, RunRecord, StateError};
use crate::request::{RunRequest, own_run_of};
use crate::run::under_lease;

/// How often a waiting request tries again, in milliseconds.
pub(crate) const LOOK_EVERY_MS: i64 = 500;

/// The result of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended {
    /// The request had a run of its own.
    Ran(Box<RunSummary>),
    /// A run that was already under way did the same work.
    Joined(Box<RunSummary>),
    /// Another request already waits for this shop; only one may.
    Refused(Box<RunRecord>),
    /// The user stopped the request while it waited, or its process was suspended for so long that it counted as
    /// dead.
    Stopped,
}

/// Executes a request from acceptance to end. Fails if the state database cannot be written to, or if another process
/// has taken over the shop; the record of the run cannot be trusted then.
pub async fn execute(
    ports: &Ports<'_>,
    request: &RunRequest,
    settings: &RunSettings,
) -> Result<Ended, StateError> {
    let own = own_run_of(request, ports.clock.now());
    let mut following: Option<RunId> = None;
    let mut queued = false;
    let mut has_place = false;
    let mut watch = LeaseWatch::default();
    loop {
        let now = ports.clock.now();
        let (lapsed, alive) = (watch.lapsed(now), alive_at(now));
        let taken = ports.store.acquire(&own.shop, &own.id, now + LIFE_MS, lapsed, &alive).await?;
        if let Some(joined) = joined_summary(ports, following.as_ref()).await? {
            if let Acquired::Granted { fence, .. } = &taken {
                ports.store.release(fence).await?;
            }
            // It may have queued for its own turn before.
            ports.store.withdraw(&own.id, now).await?;
            return Ok(Ended::Joined(Box::new(joined)));
        }
        let first = match taken {
            Acquired::Granted { fence, expires_at } => {
                return execute_own(ports, &own, settings, fence, expires_at).await;
            }
            Acquired::Busy { run, lease } => {
                // The time of the answer, not of the request: this process may have been suspended in between.
                watch.observe(lease, ports.clock.now());
                run
            }
            Acquired::Behind(run) => run,
        };
        match decide_queue(ports, &own, &first, following.as_ref(), has_place).await? {
            QueueDecision::Follow(other) => {
                if following.as_ref() != Some(&other) {
                    ports.observer.event(&Event::Following { run: &other });
                }
                (following, queued) = (Some(other), false);
            }
            QueueDecision::Queue => {
                if !queued {
                    ports.observer.event(&Event::Waiting { run: &first });
                }
                (following, queued, has_place) = (None, true, true);
            }
            QueueDecision::Refused(other) => return Ok(Ended::Refused(other)),
        }
        if ports.pause_until(now + LOOK_EVERY_MS).await.is_err() {
            ports.store.withdraw(&own.id, ports.clock.now()).await?;
            return Ok(Ended::Stopped);
        }
    }
}

/// What a request does while another run holds the shop or goes first.
enum QueueDecision {
    Follow(RunId),
    Queue,
    Refused(Box<RunRecord>),
}

/// Decides what a request does next. It follows a run that will read the warehouse after the request was made, and
/// stays with it. `first` holds the shop or goes before the request. A request with a place in the queue keeps renewing it while it follows another run. That run may be
/// interrupted, and the next run of the shop closes every waiting run whose process does not renew its place.
async fn decide_queue(
    ports: &Ports<'_>,
    own: &NewRun,
    first: &RunId,
    following: Option<&RunId>,
    has_place: bool,
) -> Result<QueueDecision, StateError> {
    let first = ports.store.get(first).await?;
    // A run that has ended but not yet released the shop does not answer later requests.
    let is_followed = |record: &RunRecord| following == Some(&record.run.id) && !record.status.is_ready();
    let answers = |record: &RunRecord| is_followed(record) || record.may_answer(own);
    let now = ports.clock.now();
    if let Some(first) = first.filter(answers) {
        if has_place {
            ports.store.queue(own, now, &alive_at(now)).await?;
        }
        return Ok(QueueDecision::Follow(first.run.id));
    }
    match ports.store.queue(own, now, &alive_at(now)).await? {
        Queued::Waiting => Ok(QueueDecision::Queue),
        Queued::AnotherWaits(other) if answers(&other) => Ok(QueueDecision::Follow(other.run.id)),
        Queued::AnotherWaits(other) => Ok(QueueDecision::Refused(other)),
    }
}

/// The summary of the followed run, once it has ended. An interrupted run has not done the work, so it does not
/// count.
async fn joined_summary(
    ports: &Ports<'_>,
    following: Option<&RunId>,
) -> Result<Option<RunSummary>, StateError> {
    let Some(id) = following else { return Ok(None) };
    let summary = ports.store.get(id).await?.and_then(|record| record.summary);
    Ok(summary.filter(|summary| summary.outcome != Outcome::Interrupted))
}

async fn execute_own(
    ports: &Ports<'_>,
    own: &NewRun,
    settings: &RunSettings,
    fence: Fence,
    expires_at: i64,
) -> Result<Ended, StateError> {
    // If this process was suspended for long while it waited, another process has closed its run.
    let given_up = ports.store.get(&own.id).await?.is_some_and(|record| record.status.is_ready());
    if given_up {
        ports.store.release(&fence).await?;
        return Ok(Ended::Stopped);
    }
    let summary = under_lease(ports, own, settings, fence, expires_at).await?;
    Ok(Ended::Ran(Box::new(summary)))
}
