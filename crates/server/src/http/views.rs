//! Runs, lines and changes as the API and the command line show them.

use api_types::{Change, EarlierAttempt, Line, Phase, Progress, Run, TaskResult, UtcTime};
use domain::{RunKind, TaskStatus, UnixMillis};
use messages::Messages;
use sync::ports::{self, LineRecord, RunRecord};

/// A run.
#[must_use]
pub fn run_view(messages: Messages, record: &RunRecord) -> Run {
    let (run, summary) = (&record.run, record.summary.as_ref());
    Run {
        run_id: run.id.clone(),
        number: record.number,
        shop: run.shop.clone(),
        started_by: run.starter.by,
        token_name: run.starter.token.clone(),
        kind: run.kind(),
        dry_run: run.dry_run(),
        status: record.status,
        ready: record.status.is_ready(),
        attempt: record.attempt,
        plan_id: run.work.plan().cloned(),
        created_at: utc_time(run.created_at),
        started_at: record.started_at.map(utc_time),
        finished_at: summary.map(|summary| utc_time(summary.finished_at)),
        result: summary.map(|summary| messages.report(summary)),
    }
}

/// The result of a task, in the guide's keys for its kind of work.
pub(crate) fn task_result(messages: Messages, record: &RunRecord) -> Option<TaskResult> {
    let summary = record.summary.as_ref()?;
    if summary.kind == RunKind::Set {
        let total = u64::try_from(record.run.work.quantities().len()).unwrap_or(u64::MAX);
        return Some(TaskResult::SetReport(messages.set_report(summary, total)));
    }
    Some(TaskResult::Report(Box::new(messages.report(summary))))
}

/// How far a task has come; complete once it has ended.
pub(crate) fn progress_view(status: TaskStatus, progress: ports::Progress) -> Progress {
    let phase = match status {
        TaskStatus::Pending => Phase::Waiting,
        TaskStatus::Retry => Phase::Settling,
        TaskStatus::Started if progress.lines == 0 => Phase::Reading,
        TaskStatus::Started if progress.waiting > 0 => Phase::Writing,
        TaskStatus::Started => Phase::Verifying,
        TaskStatus::Success | TaskStatus::Failure | TaskStatus::Revoked => Phase::Over,
    };
    Progress { phase, planned: progress.lines, done: progress.lines - progress.waiting }
}

/// An attempt that did not end its task.
#[must_use]
pub fn attempt_view(earlier: &ports::EarlierAttempt) -> EarlierAttempt {
    let ports::EarlierAttempt { attempt, counters } = *earlier;
    EarlierAttempt { attempt, updated_in_wix: counters.executed(), counters }
}

/// A change.
#[must_use]
pub fn change_view(change: &domain::Change) -> Change {
    Change {
        sku: change.sku.clone(),
        product_id: change.key.product.clone(),
        variant_id: change.key.variant.clone(),
        inventory_item_id: change.inventory_item.clone(),
        level: change.level,
        target: change.target,
        delta: change.delta,
    }
}

/// A line.
#[must_use]
pub fn line_view(record: &LineRecord) -> Line {
    Line {
        change: change_view(&record.line.change),
        seq: record.line.seq,
        retry_of: record.line.retry_of,
        state: record.state,
        batch: record.sending.map(|sending| sending.batch),
        level_after: record.level_after,
        detail: record.detail.clone(),
    }
}

/// A moment as RFC 3339 writes it, in UTC.
#[must_use]
pub fn utc_time(at: UnixMillis) -> UtcTime {
    at.into()
}
