//! Working tasks off: a run whose row was written by whoever accepted it.

use domain::{Outcome, RunKind, RunSummary, TaskStatus, UnixMillis};

use crate::lease::LIFE_MS;
use crate::ports::{Acquired, NewRun, RunRecord, StateError};
use crate::run::{Ports, RunRequest, RunSettings, Work, record_of, under_lease};
use crate::start::{LOOK_EVERY_MS, Seen};

/// What became of a task that somebody worked off.
#[derive(Debug, Clone, PartialEq)]
pub enum Worked {
    /// It has its end.
    Ended(Box<RunSummary>),
    /// It was stopped, and waits for whoever takes it up next.
    HandedBack,
    /// It had its end already.
    Over,
}

/// The record of a request as a task, accepted at `created_at`.
#[must_use]
pub fn task_of(request: &RunRequest, created_at: UnixMillis) -> NewRun {
    NewRun { durable: true, ..record_of(request, created_at) }
}

/// Works a task off as soon as its shop is free: begins it, or takes it over where the process that worked on it has
/// died. An error means that the state database could not be written, or that another process has taken the shop
/// over; the task is open then, and may be tried again.
pub async fn work_off(
    ports: &Ports<'_>,
    task: &NewRun,
    settings: &RunSettings,
) -> Result<Worked, StateError> {
    let mut seen = Seen::default();
    loop {
        let now = ports.clock.now();
        let taken = ports.leases.acquire(&task.shop, &task.id, now + LIFE_MS, seen.lapsed(now)).await?;
        let lease = match taken {
            Acquired::Granted { fence, expires_at } => {
                if is_over(ports.runs.get(&task.id).await?.as_ref()) {
                    ports.leases.release(&fence).await?;
                    return Ok(Worked::Over);
                }
                let request = request_of(task);
                return match under_lease(ports, &request, settings, task, fence, expires_at).await {
                    Ok(summary) => worked(ports, summary).await,
                    Err(error) => {
                        let record = ports.runs.get(&task.id).await?;
                        if was_revoked(record.as_ref()) { Ok(Worked::Over) } else { Err(error) }
                    }
                };
            }
            Acquired::Busy { lease, .. } => lease,
        };
        seen.look(lease, ports.clock.now());
        if ports.pause_until(now + LOOK_EVERY_MS).await.is_err() {
            return Ok(Worked::HandedBack);
        }
    }
}

async fn worked(ports: &Ports<'_>, summary: RunSummary) -> Result<Worked, StateError> {
    let stopped = summary.outcome == Outcome::Interrupted;
    if stopped && !is_over(ports.runs.get(&summary.run_id).await?.as_ref()) {
        return Ok(Worked::HandedBack);
    }
    Ok(Worked::Ended(Box::new(summary)))
}

/// One that is gone was pruned, long after its end.
fn is_over(record: Option<&RunRecord>) -> bool {
    record.is_none_or(|record| record.status.is_ready())
}

/// Whether it was cancelled before it began: between the look at it and its beginning somebody may have done so, and
/// nobody has failed then.
fn was_revoked(record: Option<&RunRecord>) -> bool {
    record.is_some_and(|record| record.status == TaskStatus::Revoked && record.started_at.is_none())
}

/// The request that a task was made of.
fn request_of(task: &NewRun) -> RunRequest {
    let work = match task.kind {
        RunKind::Sync => Work::Sync { dry_run: task.dry_run },
        RunKind::Plan => Work::Plan,
        RunKind::Set => Work::Set { quantities: task.quantities.clone() },
        // One without a plan is refused: no run makes a plan for itself to apply.
        RunKind::Apply => Work::Apply { plan: task.plan.clone().unwrap_or_else(|| task.id.clone()) },
    };
    RunRequest {
        id: task.id.clone(),
        shop: task.shop.clone(),
        work,
        scope: task.scope.clone(),
        policy: task.policy,
    }
}
