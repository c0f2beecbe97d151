//! From a request to a run: take the lease, follow a run that does the same work, or wait for one's turn (I6).

use domain::admission::lease::{LIFE_MS, LeaseWatch};
use domain::admission::queue::alive_at;
use domain::{Outcome, RunId, RunSummary};

use crate::context::{Ports, RunSettings};
use crate::observer::Event;
use crate::ports::{Acquired, Fence, NewRun, Queued, RunRecord, StateError};
use crate::request::{RunRequest, own_run_of};
use crate::run::under_lease;

/// How often a waiting request looks again, in milliseconds.
pub(crate) const LOOK_EVERY_MS: i64 = 500;

/// What became of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended {
    /// It had a run of its own.
    Ran(Box<RunSummary>),
    /// A run that was under way did the same work.
    Joined(Box<RunSummary>),
    /// Another request waits for this shop already; one is all that may.
    Refused(Box<RunRecord>),
    /// The user stopped it while it waited, or its process stood still for so long that it counted as dead.
    Stopped,
}

/// Executes a request from its acceptance to its end. An error means that the state database could not be
/// written, or that another process has taken the shop over, so that the run has no trustworthy record.
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
        let taken = ports.store.acquire(&own.shop, &own.id, now + LIFE_MS, watch.lapsed(now)).await?;
        if let Some(joined) = over(ports, following.as_ref()).await? {
            if let Acquired::Granted { fence, .. } = &taken {
                ports.store.release(fence).await?;
            }
            // It may have waited for a turn of its own before.
            ports.store.withdraw(&own.id, now).await?;
            return Ok(Ended::Joined(Box::new(joined)));
        }
        match taken {
            Acquired::Granted { fence, expires_at } => {
                return own_run(ports, &own, settings, fence, expires_at).await;
            }
            Acquired::Busy { run, lease } => {
                // When it was seen so, and not when it was asked for: this process may have stood still meanwhile.
                watch.observe(lease, ports.clock.now());
                match turn(ports, &own, &run, has_place).await? {
                    Turn::Follow(other) => {
                        if following.as_ref() != Some(&other) {
                            ports.observer.event(&Event::Following { run: &other });
                        }
                        (following, queued) = (Some(other), false);
                    }
                    Turn::Queue => {
                        if !queued {
                            ports.observer.event(&Event::Waiting { run: &run });
                        }
                        (following, queued, has_place) = (None, true, true);
                    }
                    Turn::Refused(other) => return Ok(Ended::Refused(other)),
                }
            }
        }
        if ports.pause_until(now + LOOK_EVERY_MS).await.is_err() {
            ports.store.withdraw(&own.id, ports.clock.now()).await?;
            return Ok(Ended::Stopped);
        }
    }
}

/// What a request does while another run has the shop.
enum Turn {
    Follow(RunId),
    Queue,
    Refused(Box<RunRecord>),
}

/// Where the request belongs now. A request that has a place in the queue keeps it while it follows another run: that
/// run may be interrupted, and the next run of the shop gives up every place whose process does not renew it.
async fn turn(ports: &Ports<'_>, own: &NewRun, running: &RunId, has_place: bool) -> Result<Turn, StateError> {
    let running = ports.store.get(running).await?;
    // A run that has its end and is about to give the shop back answers for nothing that comes later.
    let joinable = |record: &RunRecord| !record.status.is_ready() && record.run.asks_the_same(own);
    let now = ports.clock.now();
    if let Some(running) = running.filter(joinable) {
        if has_place {
            ports.store.queue(own, now, &alive_at(now)).await?;
        }
        return Ok(Turn::Follow(running.run.id));
    }
    match ports.store.queue(own, now, &alive_at(now)).await? {
        Queued::Waiting => Ok(Turn::Queue),
        Queued::AnotherWaits(other) if other.run.asks_the_same(own) => Ok(Turn::Follow(other.run.id)),
        Queued::AnotherWaits(other) => Ok(Turn::Refused(other)),
    }
}

/// The end of the run that is followed, once it has one. A run that was interrupted has not done the work, so
/// it answers for no other.
async fn over(ports: &Ports<'_>, following: Option<&RunId>) -> Result<Option<RunSummary>, StateError> {
    let Some(id) = following else { return Ok(None) };
    let summary = ports.store.get(id).await?.and_then(|record| record.summary);
    Ok(summary.filter(|summary| summary.outcome != Outcome::Interrupted))
}

async fn own_run(
    ports: &Ports<'_>,
    own: &NewRun,
    settings: &RunSettings,
    fence: Fence,
    expires_at: i64,
) -> Result<Ended, StateError> {
    // A request that stood still for long while it waited was given up by another process.
    let given_up = ports.store.get(&own.id).await?.is_some_and(|record| record.status.is_ready());
    if given_up {
        ports.store.release(&fence).await?;
        return Ok(Ended::Stopped);
    }
    let summary = under_lease(ports, own, settings, fence, expires_at).await?;
    Ok(Ended::Ran(Box::new(summary)))
}
