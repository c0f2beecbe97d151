//! The record of runs.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::admission::attempt::{self, RunEnd};
use domain::admission::good::{BaselineSearch, EndedRun};
use domain::admission::queue::{self, Place};
use domain::plan::guard::Baseline;
use domain::write::another_writer::AnotherWriter;
use domain::{Outcome, RunId, RunKind, RunSummary, ShopName, StartedBy, TaskStatus, UnixMillis};
use futures::TryStreamExt;
use sqlx::query::QueryAs;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Sqlite, SqliteConnection};
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
               AND (?3 IS NULL OR status = ?3) AND (?4 IS NULL OR number < ?4)
               AND (?6 IS NULL OR outcome = ?6) AND (?7 IS NULL OR started_by = ?7)
               AND (?8 = 0 OR started_by <> 'doctor')
             ORDER BY number DESC LIMIT ?5",
        )
        .bind(filter.shop.as_ref().map(ShopName::as_str))
        .bind(filter.kind.map(RunKind::code))
        .bind(filter.status.map(TaskStatus::code))
        .bind(filter.after.map(|number| i64::try_from(number).unwrap_or(i64::MAX)))
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
             ORDER BY number DESC LIMIT ?2",
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
        records.sort_by_key(|record| record.number);
        Ok(records)
    }

    async fn baseline(&self, shop: &ShopName, now: UnixMillis) -> Result<Option<Baseline>, StateError> {
        let mut db = self.readers.acquire().await.map_err(failure)?;
        let mut search = BaselineSearch::new(now);
        let mut rows = good_runs(shop).fetch(&mut *db);
        while let Some(row) = rows.try_next().await.map_err(failure)?.filter(|_| !search.is_over()) {
            search.see(&ended(&row)?);
        }
        Ok(search.found())
    }

    async fn another_writer(&self, shop: &ShopName) -> Result<Option<AnotherWriter>, StateError> {
        let row = sqlx::query(
            "SELECT * FROM run_record WHERE id = (
                 SELECT id FROM run WHERE shop = ? AND decides_on_writer = 1 ORDER BY ended_no DESC LIMIT 1)",
        )
        .bind(shop.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(failure)?;
        let summary = row.as_ref().map(record).transpose()?.and_then(|record| record.summary);
        Ok(summary.and_then(|summary| summary.another_writer))
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

/// The columns of an ended run that decide whether it was good, in the order of [`EndedRow`].
const ENDED: &str = "id, kind, filtered, outcome, warehouse_skus, comparable, finished_at";
/// The row of a run that ended.
type EndedRow = (String, String, bool, String, Option<i64>, Option<i64>, UnixMillis);

/// The runs of a shop that may have gone well, the newest end first. A query that stops early reads few rows.
fn good_runs(shop: &ShopName) -> QueryAs<'static, Sqlite, EndedRow, SqliteArguments> {
    // The condition is that of the index `run_good`.
    let sql = format!(
        "SELECT {ENDED} FROM run WHERE shop = ? AND outcome IN ('converged', 'partial') ORDER BY ended_no DESC"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(shop.as_str().to_owned())
}

/// The last good run of a shop, which stays when history is deleted.
pub(super) async fn last_good(
    db: &mut SqliteConnection,
    shop: &ShopName,
) -> Result<Option<RunId>, StateError> {
    let mut rows = good_runs(shop).fetch(db);
    while let Some(row) = rows.try_next().await.map_err(failure)? {
        if ended(&row)?.is_baseline() {
            return Ok(Some(RunId::new(&row.0)));
        }
    }
    Ok(None)
}

fn ended(row: &EndedRow) -> Result<EndedRun, StateError> {
    let (_, kind, filtered, outcome, skus, comparable, finished_at) = row;
    let figure = |column: Option<i64>| column.and_then(|figure| u64::try_from(figure).ok());
    Ok(EndedRun {
        kind: kind.parse().map_err(unknown_code)?,
        filtered: *filtered,
        outcome: outcome.parse().map_err(unknown_code)?,
        warehouse_skus: figure(*skus).unwrap_or(0),
        comparable: figure(*comparable),
        finished_at: *finished_at,
    })
}
