//! Working tasks off: a run whose row was written by whoever accepted it.

use domain::{Outcome, RunSummary, UnixMillis};

use crate::lease::LIFE_MS;
use crate::ports::{Acquired, NewRun, RunRecord, StateError};
use crate::run::{Ports, RunRequest, RunSettings, Work, record_of, under_lease};
use crate::start::Seen;

/// What became of a task that somebody tried to work off.
#[derive(Debug, Clone, PartialEq)]
pub enum Worked {
    /// It has its end.
    Ended(Box<RunSummary>),
    /// It was stopped, and waits for its next attempt.
    HandedBack,
    /// Another run has the shop.
    Busy,
    /// It had its end already.
    Over,
}

/// One who waits for a shop, and what it has seen of the lease meanwhile.
#[derive(Debug, Default)]
pub struct Waiter(Seen);

/// The record of a request as a task, accepted at `created_at`.
#[must_use]
pub fn task_of(request: &RunRequest, created_at: UnixMillis) -> NewRun {
    NewRun { durable: true, ..record_of(request, created_at) }
}

/// Works a task off if its shop is free: begins it, or takes it over where the process that worked on it has died.
/// An error means that the state database could not be written, or that another process has taken the shop over; the
/// task is open then, and may be tried again.
pub async fn work_off(
    ports: &Ports<'_>,
    task: &NewRun,
    settings: &RunSettings,
    waiter: &mut Waiter,
) -> Result<Worked, StateError> {
    let now = ports.clock.now();
    let lapsed = waiter.0.lapsed(now);
    match ports.leases.acquire(&task.shop, &task.id, now, now + LIFE_MS, lapsed).await? {
        Acquired::Busy { lease, .. } => {
            waiter.0.look(lease, ports.clock.now());
            Ok(Worked::Busy)
        }
        Acquired::Granted { fence, expires_at } => {
            if is_over(ports.runs.get(&task.id).await?.as_ref()) {
                ports.leases.release(&fence).await?;
                return Ok(Worked::Over);
            }
            let summary = under_lease(ports, &request_of(task), settings, task, fence, expires_at).await?;
            let handed_back =
                summary.outcome == Outcome::Interrupted && !is_over(ports.runs.get(&task.id).await?.as_ref());
            Ok(if handed_back { Worked::HandedBack } else { Worked::Ended(Box::new(summary)) })
        }
    }
}

/// One that is gone was pruned, long after its end.
fn is_over(record: Option<&RunRecord>) -> bool {
    record.is_none_or(|record| record.status.is_ready())
}

/// The request that a task was made of.
fn request_of(task: &NewRun) -> RunRequest {
    use domain::RunKind as K;
    let work = match (task.kind, &task.plan) {
        (K::Sync, _) => Work::Sync { dry_run: task.dry_run },
        (K::Plan, _) => Work::Plan,
        (K::Set, _) => Work::Set { quantities: task.quantities.clone() },
        (K::Apply, plan) => Work::Apply { plan: plan.clone().unwrap_or_else(|| task.id.clone()) },
    };
    RunRequest {
        id: task.id.clone(),
        shop: task.shop.clone(),
        work,
        scope: task.scope.clone(),
        policy: task.policy,
    }
}
