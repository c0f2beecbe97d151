//! The record of runs.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::admission::attempt::{self, RunEnd};
use domain::admission::good::EndedRun;
use domain::admission::queue::{self, Place};
use domain::{Outcome, RunId, RunKind, RunSummary, ShopName, StartedBy, TaskStatus, UnixMillis};
use futures::TryStreamExt;
use sqlx::SqliteConnection;
use sync::ports::{Fence, NewRun, Queued, RunFilter, RunRecord, Runs, StateError};

use super::SqliteStore;
use super::ends::{end_run, step};
use super::error::{failure, unknown_code};
use super::leases::pass;
use super::left_alone;
use super::rows::{find, insert, open_runs, record, waits_at};

#[async_trait]
impl Runs for SqliteStore {
    async fn queue(
        &self,
        run: &NewRun,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Queued, StateError> {
        let mut tx = self.writing().await?;
        let open = open_runs(&mut tx, &run.shop).await?;
        match queue::place(&run.id, &open, alive) {
            Err(other) => return Ok(Queued::AnotherWaits(Box::new(other.record.clone()))),
            Ok(Place::Kept) => {}
            Ok(Place::Last) => {
                insert(&mut tx, run).await?;
                arrive(&mut tx, &run.id).await?;
            }
        }
        waits_at(&mut tx, &run.id, now).await?;
        tx.commit().await?;
        Ok(Queued::Waiting)
    }

    async fn withdraw(&self, id: &RunId, now: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        if find(&mut tx, id).await?.is_some_and(|record| attempt::may_withdraw(&record)) {
            end_run(&mut tx, &RunEnd::interrupted(id, now)).await?;
        }
        tx.commit().await
    }

    async fn start(&self, run: &NewRun, fence: &Fence, at: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        pass(&mut tx, fence).await?;
        insert(&mut tx, run).await?;
        let record = step(&mut tx, &run.id, attempt::start).await?;
        left_alone::forget(&mut tx, &run.id).await?;
        sqlx::query("UPDATE run SET started_at = ?, line_attempt = ?, waited_at = NULL WHERE id = ?")
            .bind(at)
            .bind(record.attempt)
            .bind(run.id.as_str())
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        tx.commit().await
    }

    async fn begin_snapshot(&self, id: &RunId, fence: &Fence) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        pass(&mut tx, fence).await?;
        sqlx::query("UPDATE run SET snapshot_of = attempt WHERE id = ?")
            .bind(id.as_str())
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        tx.commit().await
    }

    async fn finish(&self, summary: &RunSummary, fence: &Fence) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        pass(&mut tx, fence).await?;
        end_run(&mut tx, &RunEnd::of(summary)).await?;
        tx.commit().await
    }

    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError> {
        let mut db = self.readers.acquire().await.map_err(failure)?;
        find(&mut db, id).await
    }

    async fn numbered(&self, number: u64) -> Result<Option<RunRecord>, StateError> {
        let Ok(number) = i64::try_from(number) else { return Ok(None) };
        let row = sqlx::query("SELECT * FROM run_record WHERE number = ?").bind(number);
        row.fetch_optional(&self.readers).await.map_err(failure)?.as_ref().map(record).transpose()
    }

    async fn list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, StateError> {
        let rows = sqlx::query(
            "SELECT * FROM run_record WHERE (?1 IS NULL OR shop = ?1) AND (?2 IS NULL OR kind = ?2)
               AND (?3 IS NULL OR status = ?3) AND (?4 IS NULL OR (created_at, id) < (?4, ?5))
               AND (?7 IS NULL OR outcome = ?7) AND (?8 IS NULL OR started_by = ?8)
               AND (?9 = 0 OR started_by <> 'doctor')
             ORDER BY created_at DESC, id DESC LIMIT ?6",
        )
        .bind(filter.shop.as_ref().map(ShopName::as_str))
        .bind(filter.kind.map(RunKind::code))
        .bind(filter.status.map(TaskStatus::code))
        .bind(filter.after.as_ref().map(|(at, _)| *at))
        .bind(filter.after.as_ref().map(|(_, id)| id.as_str()))
        .bind(filter.limit)
        .bind(filter.outcome.map(Outcome::code))
        .bind(filter.started_by.map(StartedBy::code))
        .bind(filter.but_check_ups)
        .fetch_all(&self.readers)
        .await
        .map_err(failure)?;
        rows.iter().map(record).collect()
    }

    async fn beginning_with(&self, prefix: &str, limit: u32) -> Result<Vec<RunRecord>, StateError> {
        let rows = sqlx::query(
            "SELECT * FROM run_record WHERE id >= ?1 AND substr(id, 1, length(?1)) = ?1
             ORDER BY created_at DESC, id DESC LIMIT ?2",
        )
        .bind(prefix)
        .bind(limit)
        .fetch_all(&self.readers)
        .await
        .map_err(failure)?;
        rows.iter().map(record).collect()
    }

    async fn abandoned(
        &self,
        shop: &ShopName,
        but: &RunId,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Vec<RunRecord>, StateError> {
        let mut snapshot = self.readers.begin().await.map_err(failure)?;
        let open = open_runs(&mut snapshot, shop).await?.into_iter();
        let left = open.filter(|run| run.record.run.id != *but && run.is_abandoned(alive));
        let mut records: Vec<RunRecord> = left.map(|run| run.record).collect();
        records.sort_by(|a, b| (a.run.created_at, &a.run.id).cmp(&(b.run.created_at, &b.run.id)));
        Ok(records)
    }

    async fn last_good_warehouse_skus(&self, shop: &ShopName) -> Result<Option<u64>, StateError> {
        let mut db = self.readers.acquire().await.map_err(failure)?;
        Ok(baseline(&mut db, shop).await?.map(|(_, ended)| ended.warehouse_skus))
    }
}

/// Gives a run the last place in the order of arrival.
async fn arrive(tx: &mut SqliteConnection, id: &RunId) -> Result<(), StateError> {
    sqlx::query(
        "UPDATE run SET arrival = (SELECT coalesce(max(arrival), 0) + 1 FROM run WHERE outcome IS NULL)
         WHERE id = ?",
    )
    .bind(id.as_str())
    .execute(tx)
    .await
    .map_err(failure)?;
    Ok(())
}

/// The last run of a shop that serves as the guard's baseline. The search begins with the newest end, so it reads few
/// rows.
pub(super) async fn baseline(
    db: &mut SqliteConnection,
    shop: &ShopName,
) -> Result<Option<(RunId, EndedRun)>, StateError> {
    let mut rows = sqlx::query_as(
        "SELECT id, kind, filtered, outcome, warehouse_skus FROM run
         WHERE shop = ? AND outcome IS NOT NULL AND ended_no IS NOT NULL ORDER BY ended_no DESC",
    )
    .bind(shop.as_str())
    .fetch(db);
    while let Some(row) = rows.try_next().await.map_err(failure)? {
        let row: EndedRow = row;
        let ended = ended(&row)?;
        if ended.is_baseline() {
            return Ok(Some((RunId::new(&row.0), ended)));
        }
    }
    Ok(None)
}

/// An ended run: its id and the columns that decide whether it was good.
type EndedRow = (String, String, bool, String, Option<i64>);

fn ended((_, kind, filtered, outcome, skus): &EndedRow) -> Result<EndedRun, StateError> {
    Ok(EndedRun {
        kind: kind.parse().map_err(unknown_code)?,
        filtered: *filtered,
        outcome: outcome.parse().map_err(unknown_code)?,
        warehouse_skus: skus.and_then(|skus| u64::try_from(skus).ok()).unwrap_or(0),
    })
}
