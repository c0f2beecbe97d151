//! Records the ends of runs and of their attempts. Every end goes through this file, so that everything that belongs
//! to an end is written in the same transaction.

use domain::RunId;
use domain::admission::attempt::{self, Attempt, NotAllowed, RunEnd};
use domain::admission::good::EndedRun;
use sqlx::SqliteConnection;
use sync::ports::{RunRecord, StateError};

use super::error::failure;
use super::lists;
use super::rows::expect;

/// Records the end of a run.
pub(super) async fn end_run(tx: &mut SqliteConnection, end: &RunEnd<'_>) -> Result<(), StateError> {
    let record = expect(tx, end.run).await?;
    attempt::end(&record).map_err(StateError::defect)?;
    let column = |figure: Option<u64>| figure.map(|figure| i64::try_from(figure).unwrap_or(i64::MAX));
    let split = match end.summary {
        Some(summary) => Some(lists::split(tx, summary).await?),
        None => None,
    };
    sqlx::query(
        "UPDATE run SET status = ?, outcome = ?, finished_at = ?, warehouse_skus = ?, comparable = ?,
           decides_on_writer = ?, summary = ?,
           skipped_list = ?, notes_list = ?,
           ended_no = (SELECT coalesce(max(ended_no), 0) + 1 FROM run WHERE ended_no IS NOT NULL)
         WHERE id = ?",
    )
    .bind(end.status().code())
    .bind(end.outcome.code())
    .bind(end.finished_at)
    .bind(column(end.warehouse_skus()))
    .bind(column(end.comparable()))
    .bind(end.decides_on_another_writer())
    .bind(split.as_ref().map(|split| &split.rest))
    .bind(split.as_ref().and_then(|split| split.skipped))
    .bind(split.as_ref().and_then(|split| split.notes))
    .bind(end.run.as_str())
    .execute(&mut *tx)
    .await
    .map_err(failure)?;
    keep_figures(tx, &record, end).await
}

/// Keeps what monitoring asks for of the end of a run.
async fn keep_figures(
    tx: &mut SqliteConnection,
    record: &RunRecord,
    end: &RunEnd<'_>,
) -> Result<(), StateError> {
    let run = &record.run;
    let (kind, filtered, warehouse_skus) =
        (run.kind(), run.scope.is_filtered(), end.warehouse_skus().unwrap_or(0));
    let ended = EndedRun {
        kind,
        filtered,
        outcome: end.outcome,
        warehouse_skus,
        comparable: end.comparable(),
        finished_at: end.finished_at,
    };
    sqlx::query(
        "INSERT INTO shop_figures (shop, last_end_at, last_good_at, last_converged_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (shop) DO UPDATE SET last_end_at = ?2, last_good_at = coalesce(?3, last_good_at),
             last_converged_at = coalesce(?4, last_converged_at)",
    )
    .bind(run.shop.as_str())
    .bind(end.finished_at)
    .bind(ended.went_well().then_some(end.finished_at))
    .bind(ended.has_converged().then_some(end.finished_at))
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
