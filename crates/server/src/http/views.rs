//! Runs and their lines as JSON: the same for the API and for the command line.

use domain::{Change, TaskStatus, UnixMillis};
use jiff::Timestamp;
use messages::Messages;
use serde_json::{Value, json};
use sync::ports::{EarlierAttempt, LineRecord, Progress, RunRecord};

/// A run as programs read it.
#[must_use]
pub fn run_json(messages: Messages, record: &RunRecord) -> Value {
    let (run, summary) = (&record.run, record.summary.as_ref());
    json!({
        "run_id": run.id,
        "shop": run.shop,
        "kind": run.kind,
        "dry_run": run.dry_run,
        "status": record.status,
        "ready": record.status.is_ready(),
        "attempt": record.attempt,
        "plan_id": run.plan,
        "created_at": utc_time(run.created_at),
        "started_at": record.started_at.map(utc_time),
        "finished_at": summary.map(|summary| utc_time(summary.finished_at)),
        "result": summary.map(|summary| messages.report(summary)),
    })
}

/// The result of a task, in the guide's JSON for what it does.
pub(crate) fn result_json(messages: Messages, record: &RunRecord) -> Option<Value> {
    let summary = record.summary.as_ref()?;
    if summary.kind == domain::RunKind::Set {
        let total = u64::try_from(record.run.quantities.len()).unwrap_or(u64::MAX);
        return Some(json!(messages.set_report(summary, total)));
    }
    Some(json!(messages.report(summary)))
}

/// How far a task has come; complete once it has its end.
pub(crate) fn progress_json(status: TaskStatus, progress: Progress) -> Value {
    let phase = match status {
        TaskStatus::Pending => "waiting",
        TaskStatus::Retry => "settling",
        TaskStatus::Started if progress.lines == 0 => "reading",
        TaskStatus::Started if progress.waiting > 0 => "writing",
        TaskStatus::Started => "verifying",
        _ => "over",
    };
    let done = progress.lines - progress.waiting;
    json!({"phase": phase, "planned": progress.lines, "done": done})
}

/// An attempt that did not bring its task to an end.
#[must_use]
pub fn attempt_json(earlier: &EarlierAttempt) -> Value {
    let EarlierAttempt { attempt, counters } = earlier;
    json!({"attempt": attempt, "updated_in_wix": counters.executed(), "counters": counters})
}

/// A change as programs read it.
#[must_use]
pub fn change_json(change: &Change) -> Value {
    json!({
        "sku": change.sku,
        "product_id": change.key.product,
        "variant_id": change.key.variant,
        "inventory_item_id": change.inventory_item,
        "level": change.level,
        "target": change.target,
        "delta": change.delta,
    })
}

/// A line as programs read it.
#[must_use]
pub fn line_json(record: &LineRecord) -> Value {
    let mut value = change_json(&record.line.change);
    if let Some(object) = value.as_object_mut() {
        object.insert("seq".to_owned(), json!(record.line.seq));
        object.insert("retry_of".to_owned(), json!(record.line.retry_of));
        object.insert("state".to_owned(), json!(record.state));
        object.insert("batch".to_owned(), json!(record.sending.map(|sending| sending.batch)));
        object.insert("level_after".to_owned(), json!(record.level_after));
        object.insert("detail".to_owned(), json!(record.detail));
    }
    value
}

/// A moment as RFC 3339 writes it, in UTC.
#[must_use]
pub fn utc_time(at: UnixMillis) -> String {
    Timestamp::from_millisecond(at).unwrap_or_default().to_string()
}
