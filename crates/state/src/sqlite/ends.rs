//! Records the ends of runs and of their attempts. Every end goes through this file, so that everything that belongs
//! to an end is written in the same transaction.

use domain::RunId;
use domain::admission::attempt::{self, Attempt, NotAllowed, RunEnd};
use sqlx::SqliteConnection;
use sync::ports::{RunRecord, StateError};

use super::error::failure;
use super::rows::{expect, to_json};

/// Records the end of a run.
pub(super) async fn end_run(tx: &mut SqliteConnection, end: &RunEnd<'_>) -> Result<(), StateError> {
    let record = expect(tx, end.run).await?;
    attempt::end(&record).map_err(StateError::defect)?;
    let skus = end.warehouse_skus().map(|skus| i64::try_from(skus).unwrap_or(i64::MAX));
    sqlx::query(
        "UPDATE run SET status = ?, outcome = ?, finished_at = ?, warehouse_skus = ?, summary = ?,
           ended_no = (SELECT coalesce(max(ended_no), 0) + 1 FROM run WHERE ended_no IS NOT NULL)
         WHERE id = ?",
    )
    .bind(end.status().code())
    .bind(end.outcome.code())
    .bind(end.finished_at)
    .bind(skus)
    .bind(end.summary.map(to_json).transpose()?)
    .bind(end.run.as_str())
    .execute(tx)
    .await
    .map_err(failure)?;
    Ok(())
}

/// Applies a step that starts or ends an attempt. Gives the new record.
pub(super) async fn step(
    tx: &mut SqliteConnection,
    id: &RunId,
    step: impl FnOnce(&RunRecord) -> Result<Attempt, NotAllowed>,
) -> Result<RunRecord, StateError> {
    let mut record = expect(tx, id).await?;
    let next = step(&record).map_err(StateError::defect)?;
    next.apply_to(&mut record);
    sqlx::query("UPDATE run SET status = ?, attempt = ?, deaths = ? WHERE id = ?")
        .bind(next.status.code())
        .bind(next.attempt)
        .bind(next.deaths)
        .bind(id.as_str())
        .execute(tx)
        .await
        .map_err(failure)?;
    Ok(record)
}
