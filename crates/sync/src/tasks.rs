//! Executes tasks: runs whose rows were written when the service accepted them.

use domain::admission::lease::{HEARTBEAT_MS, LIFE_MS, LeaseWatch};
use domain::admission::queue::alive_at;
use domain::{Outcome, RunSummary, TaskStatus, UnixMillis};

use crate::context::{Ports, RunSettings};
use crate::ports::{Acquired, NewRun, RunRecord, StateError};
use crate::run::under_lease;
use crate::start::LOOK_EVERY_MS;

/// The result of executing a task.
#[derive(Debug, Clone, PartialEq)]
pub enum TaskEnd {
    /// The task ended.
    Ended(Box<RunSummary>),
    /// The task was stopped and waits for its next attempt.
    HandedBack,
    /// The task had already ended.
    Over,
}

/// Executes a task as soon as its shop is free: starts it, or takes it over if its process has died. Fails if the
/// state database cannot be written to, or if another process has taken over the shop. The task is still open then
/// and may be tried again.
pub async fn execute_task(
    ports: &Ports<'_>,
    task: &NewRun,
    settings: &RunSettings,
) -> Result<TaskEnd, StateError> {
    let mut watch = LeaseWatch::default();
    let mut keep_place_at = UnixMillis::MIN;
    loop {
        let now = ports.clock.now();
        let (lapsed, alive) = (watch.lapsed(now), alive_at(now));
        let taken = ports.store.acquire(&task.shop, &task.id, now + LIFE_MS, lapsed, &alive).await?;
        match taken {
            Acquired::Granted { fence, expires_at } => {
                if is_over(ports.store.get(&task.id).await?.as_ref()) {
                    ports.store.release(&fence).await?;
                    return Ok(TaskEnd::Over);
                }
                return match under_lease(ports, task, settings, fence, expires_at).await {
                    Ok(summary) => end_of(ports, summary).await,
                    Err(error) => {
                        let record = ports.store.get(&task.id).await?;
                        if was_revoked(record.as_ref()) { Ok(TaskEnd::Over) } else { Err(error) }
                    }
                };
            }
            Acquired::Busy { lease, .. } => watch.observe(lease, ports.clock.now()),
            Acquired::Behind(_) => {}
        }
        if now >= keep_place_at {
            ports.store.queue(task, now, &alive).await?;
            keep_place_at = now + HEARTBEAT_MS;
        }
        if ports.pause_until(now + LOOK_EVERY_MS).await.is_err() {
            return Ok(TaskEnd::HandedBack);
        }
    }
}

async fn end_of(ports: &Ports<'_>, summary: RunSummary) -> Result<TaskEnd, StateError> {
    let stopped = summary.outcome == Outcome::Interrupted;
    if stopped && !is_over(ports.store.get(&summary.run_id).await?.as_ref()) {
        return Ok(TaskEnd::HandedBack);
    }
    Ok(TaskEnd::Ended(Box::new(summary)))
}

/// Whether a task has ended. A task without a record was pruned long after its end.
fn is_over(record: Option<&RunRecord>) -> bool {
    record.is_none_or(|record| record.status.is_ready())
}

/// Whether a task was canceled before it started. If a user does so between the check of the task and its start, that
/// is not a failure.
fn was_revoked(record: Option<&RunRecord>) -> bool {
    record.is_some_and(|record| record.status == TaskStatus::Revoked && record.started_at.is_none())
}
