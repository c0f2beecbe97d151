//! From a request to a run: take the lease, follow a run that does the same work, or wait for one's turn (I6).

use std::ops::RangeInclusive;

use domain::{Outcome, RunId, RunSummary, UnixMillis};

use crate::lease::{LIFE_MS, UNCHANGED_MS};
use crate::observer::Event;
use crate::ports::{Acquired, Fence, HeldLease, NewRun, Queued, RunRecord, StateError};
use crate::run::{Ports, RunRequest, RunSettings, record_of, under_lease};

/// How often a waiting request looks again, in milliseconds.
pub(crate) const LOOK_EVERY_MS: i64 = 500;
/// The moments at which somebody must have waited for a request, seen at `now`, for it not to be given up. One that
/// was waited for far in the future was written by a clock that has been turned back since.
#[must_use]
pub fn alive_at(now: UnixMillis) -> RangeInclusive<UnixMillis> {
    now.saturating_sub(LIFE_MS)..=now.saturating_add(LIFE_MS)
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended {
    /// It had a run of its own.
    Ran(Box<RunSummary>),
    /// A run that was under way did the same work.
    Joined(Box<RunSummary>),
    /// Another request waits for this shop already; one is all that may.
    Refused(Box<RunRecord>),
    /// The user stopped it while it waited, or it stood still for so long that nobody took it for alive.
    Stopped,
}

/// Executes a request from its acceptance to its end. An error means that the state database could not be
/// written, or that another process has taken the shop over, so that the run has no trustworthy record.
pub async fn execute(
    ports: &Ports<'_>,
    request: &RunRequest,
    settings: &RunSettings,
) -> Result<Ended, StateError> {
    let own = record_of(request, ports.clock.now());
    let mut following: Option<RunId> = None;
    let mut queued = false;
    let mut has_place = false;
    let mut seen = Seen::default();
    loop {
        let now = ports.clock.now();
        let taken = ports.leases.acquire(&own.shop, &own.id, now + LIFE_MS, seen.lapsed(now)).await?;
        if let Some(joined) = over(ports, following.as_ref()).await? {
            if let Acquired::Granted { fence, .. } = &taken {
                ports.leases.release(fence).await?;
            }
            // It may have waited for a turn of its own before.
            ports.runs.withdraw(&own.id, now).await?;
            return Ok(Ended::Joined(Box::new(joined)));
        }
        match taken {
            Acquired::Granted { fence, expires_at } => {
                return own_run(ports, request, settings, &own, fence, expires_at).await;
            }
            Acquired::Busy { run, lease } => {
                // When it was seen so, and not when it was asked for: this process may have stood still meanwhile.
                seen.look(lease, ports.clock.now());
                match place(ports, &own, &run, has_place).await? {
                    Place::Follow(other) => {
                        if following.as_ref() != Some(&other) {
                            ports.observer.event(&Event::Following { run: &other });
                        }
                        (following, queued) = (Some(other), false);
                    }
                    Place::Queue => {
                        if !queued {
                            ports.observer.event(&Event::Waiting { run: &run });
                        }
                        (following, queued, has_place) = (None, true, true);
                    }
                    Place::Refused(other) => return Ok(Ended::Refused(other)),
                }
            }
        }
        if ports.pause_until(now + LOOK_EVERY_MS).await.is_err() {
            ports.runs.withdraw(&own.id, ports.clock.now()).await?;
            return Ok(Ended::Stopped);
        }
    }
}

/// The lease of another run as this request sees it, and since when it has not changed. Whoever holds it renews it
/// every few seconds; by whose clock, does not matter then.
#[derive(Debug, Default)]
pub(crate) struct Seen(Option<(HeldLease, UnixMillis)>);

impl Seen {
    /// The lease, once it is over: it has stood unchanged for as long as any lease lives, or its moment is past and no
    /// beat has come for a while.
    pub(crate) fn lapsed(&self, now: UnixMillis) -> Option<HeldLease> {
        let (lease, since) = self.0?;
        let enough = if lease.expires_at <= now { UNCHANGED_MS } else { LIFE_MS };
        (now - since >= enough).then_some(lease)
    }

    pub(crate) fn look(&mut self, lease: HeldLease, now: UnixMillis) {
        if self.0.is_none_or(|(before, _)| before != lease) {
            self.0 = Some((lease, now));
        }
    }
}

/// What a request does while another run has the shop.
enum Place {
    Follow(RunId),
    Queue,
    Refused(Box<RunRecord>),
}

/// Where the request belongs now. One that has a place in the queue keeps it, also while it follows another run: that
/// one may be interrupted, and a place for which nobody is seen to wait is given up by whoever comes next.
async fn place(
    ports: &Ports<'_>,
    own: &NewRun,
    running: &RunId,
    has_place: bool,
) -> Result<Place, StateError> {
    let running = ports.runs.get(running).await?;
    // One that has its end already, and is about to give the shop back, answers for nothing that comes later.
    let joinable = |record: &RunRecord| !record.status.is_ready() && record.run.asks_the_same(own);
    let now = ports.clock.now();
    if let Some(running) = running.filter(joinable) {
        if has_place {
            ports.runs.queue(own, now, &alive_at(now)).await?;
        }
        return Ok(Place::Follow(running.run.id));
    }
    match ports.runs.queue(own, now, &alive_at(now)).await? {
        Queued::Waiting => Ok(Place::Queue),
        Queued::AnotherWaits(other) if other.run.asks_the_same(own) => Ok(Place::Follow(other.run.id)),
        Queued::AnotherWaits(other) => Ok(Place::Refused(other)),
    }
}

/// The end of the run that is followed, once it has one. One that was interrupted has not done the work, so
/// that it answers for nobody.
async fn over(ports: &Ports<'_>, following: Option<&RunId>) -> Result<Option<RunSummary>, StateError> {
    let Some(id) = following else { return Ok(None) };
    let summary = ports.runs.get(id).await?.and_then(|record| record.summary);
    Ok(summary.filter(|summary| summary.outcome != Outcome::Interrupted))
}

async fn own_run(
    ports: &Ports<'_>,
    request: &RunRequest,
    settings: &RunSettings,
    own: &NewRun,
    fence: Fence,
    expires_at: i64,
) -> Result<Ended, StateError> {
    // A request that stood still for long while it waited was given up by another process.
    let given_up = ports.runs.get(&own.id).await?.is_some_and(|record| record.status.is_ready());
    if given_up {
        ports.leases.release(&fence).await?;
        return Ok(Ended::Stopped);
    }
    let summary = under_lease(ports, request, settings, own, fence, expires_at).await?;
    Ok(Ended::Ran(Box::new(summary)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By whose clock the moment of a lease is past, is not known: that nobody renews it has to be seen.
    #[test]
    fn i6_a_lease_is_over_once_nobody_was_seen_to_renew_it() {
        let lease = HeldLease { token: 7, expires_at: 50_000 };
        let mut seen = Seen::default();
        assert_eq!(seen.lapsed(90_000), None, "nobody has looked");
        seen.look(lease, 90_000);
        assert_eq!(seen.lapsed(90_000 + UNCHANGED_MS - 1), None, "its holder may live by another clock");
        assert_eq!(seen.lapsed(90_000 + UNCHANGED_MS), Some(lease));
        let renewed = HeldLease { expires_at: 55_000, ..lease };
        seen.look(renewed, 95_000);
        assert_eq!(seen.lapsed(90_000 + UNCHANGED_MS), None, "it lives");
        let far = HeldLease { expires_at: 9_000_000, ..lease };
        seen.look(far, 100_000);
        assert_eq!(seen.lapsed(100_000 + UNCHANGED_MS), None, "its moment is not past");
        assert_eq!(seen.lapsed(100_000 + LIFE_MS), Some(far), "by a clock that was turned back since");
    }
}
