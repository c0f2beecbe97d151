//! Tasks, and the slots and pauses that decide about them.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::{Outcome, RunId, ShopName, TaskStatus, UnixMillis};
use sqlx::{Row, SqliteConnection};
use sync::ports::{
    Accepted, Fence, NewTask, Pauses, Progress, RequestKey, RunRecord, Runs, Slot, Slots, StateError, Tasks,
};

use super::leases::pass;
use super::runs::{insert, record};
use super::{SqliteState, failure};

/// One run works on a shop, one waits.
const OPEN: usize = 2;

#[async_trait]
impl Tasks for SqliteState {
    async fn accept(
        &self,
        task: &NewTask,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Accepted, StateError> {
        // Who joins a task is told that it will have its end.
        self.whereabouts.check()?;
        if task.slot.is_none()
            && task.key.is_none()
            && let Some(answer) = self.joined(task, alive).await?
        {
            return Ok(answer);
        }
        let mut tx = self.writing().await?;
        if let Some(key) = &task.key
            && let Some(answer) = used(&mut tx, key).await?
        {
            return Ok(answer);
        }
        if let Some(since) = paused(&mut tx, &task.run.shop).await?.filter(|_| !task.run.dry_run()) {
            return Ok(Accepted::Paused(since));
        }
        if let Some(slot) = task.slot
            && is_taken(&mut tx, &task.run.shop, slot).await?
        {
            return Ok(Accepted::SlotTaken);
        }
        let open = open_of_shop(&mut tx, &task.run.shop, alive).await?;
        let same = doing_the_same(&open, task);
        let id = match (same, open.last()) {
            (Some(same), _) => &same.run.id,
            (None, Some(last)) if open.len() >= OPEN => return Ok(Accepted::Full(Box::new(last.clone()))),
            (None, _) => {
                insert(&mut tx, &task.run).await?;
                &task.run.id
            }
        };
        if let Some(slot) = task.slot {
            fill(&mut tx, &task.run.shop, slot, id).await?;
        }
        if let Some(key) = &task.key {
            keep(&mut tx, key, id, now).await?;
        }
        tx.commit().await?;
        Ok(same.map_or(Accepted::New, |same| Accepted::Joined(Box::new(same.clone()))))
    }

    async fn open_tasks(&self) -> Result<Vec<RunRecord>, StateError> {
        let rows =
            sqlx::query("SELECT * FROM run WHERE outcome IS NULL AND durable = 1 ORDER BY created_at, id")
                .fetch_all(&self.readers)
                .await
                .map_err(failure)?;
        rows.iter().map(record).collect()
    }

    async fn take_over(&self, id: &RunId, fence: &Fence, most: u32) -> Result<RunRecord, StateError> {
        let mut tx = self.writing().await?;
        pass(&mut tx, fence).await?;
        let row = sqlx::query(
            "UPDATE run SET status = ?, deaths = deaths + 1,
                 attempt = CASE WHEN deaths + 1 < ? THEN attempt + 1 ELSE attempt END
             WHERE id = ? AND durable = 1 AND status IN ('STARTED', 'RETRY') RETURNING *",
        )
        .bind(TaskStatus::Retry.code())
        .bind(most)
        .bind(id.as_str())
        .fetch_optional(&mut *tx)
        .await
        .map_err(failure)?;
        let row = row.ok_or_else(|| StateError::failed(format_args!("run {id} is not under way")))?;
        let record = record(&row)?;
        tx.commit().await?;
        Ok(record)
    }

    async fn hand_back(&self, id: &RunId, fence: &Fence) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        pass(&mut tx, fence).await?;
        // One that was taken over has been given its next number already.
        let done = sqlx::query(
            "UPDATE run SET status = 'PENDING',
                 attempt = CASE status WHEN 'STARTED' THEN attempt + 1 ELSE attempt END
             WHERE id = ? AND durable = 1 AND status IN ('STARTED', 'RETRY')",
        )
        .bind(id.as_str())
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
        if done.rows_affected() != 1 {
            return Err(StateError::failed(format_args!("run {id} is not under way")));
        }
        tx.commit().await
    }

    async fn cancel(&self, id: &RunId, now: UnixMillis) -> Result<Option<RunRecord>, StateError> {
        let mut tx = self.writing().await?;
        sqlx::query(
            "UPDATE run SET status = ?, outcome = ?, finished_at = ?
             WHERE id = ? AND durable = 1 AND status = 'PENDING'",
        )
        .bind(Outcome::Interrupted.task_status().code())
        .bind(Outcome::Interrupted.code())
        .bind(now)
        .bind(id.as_str())
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
        sqlx::query("UPDATE run SET cancel_at = coalesce(cancel_at, ?) WHERE id = ? AND outcome IS NULL")
            .bind(now)
            .bind(id.as_str())
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        tx.commit().await?;
        self.get(id).await
    }

    async fn progress(&self, id: &RunId) -> Result<Progress, StateError> {
        let (lines, waiting): (i64, i64) = sqlx::query_as(
            "SELECT count(*), count(*) FILTER (WHERE state = 'planned') FROM line
             WHERE run_id = ?1 AND attempt = (SELECT line_attempt FROM run WHERE id = ?1) AND state <> 'retried'",
        )
        .bind(id.as_str())
        .fetch_one(&self.readers)
        .await
        .map_err(failure)?;
        let count = |rows: i64| u64::try_from(rows).unwrap_or(0);
        Ok(Progress { lines: count(lines), waiting: count(waiting) })
    }

    async fn prune(&self, before: UnixMillis, at_most: u32) -> Result<u64, StateError> {
        let mut tx = self.writing().await?;
        let mut gone = 0;
        let oldest: Option<String> = sqlx::query_scalar(
            "SELECT id FROM run WHERE finished_at < ?1 AND id NOT IN (
                 SELECT id FROM (
                     SELECT id, max(ended_no) FROM run
                     WHERE filtered = 0 AND kind IN ('sync', 'apply') AND warehouse_skus > 0
                       AND outcome IN ('converged', 'partial')
                     GROUP BY shop))
             ORDER BY finished_at LIMIT 1",
        )
        .bind(before)
        .fetch_optional(&mut *tx)
        .await
        .map_err(failure)?;
        if let Some(run) = oldest {
            for sql in [
                "DELETE FROM line WHERE (run_id, attempt, seq) IN
                     (SELECT run_id, attempt, seq FROM line WHERE run_id = ?1 LIMIT ?2)",
                "DELETE FROM skip WHERE (run_id, attempt, seq) IN
                     (SELECT run_id, attempt, seq FROM skip WHERE run_id = ?1 LIMIT ?2)",
                "DELETE FROM run WHERE id IN (SELECT ?1 WHERE ?2 > 0)",
            ] {
                let left = i64::from(at_most).saturating_sub(gone);
                // The row of a run goes after all of its lines.
                gone += deleted(sqlx::query(sql).bind(&run).bind(left), &mut tx).await?;
            }
        }
        for sql in [
            "DELETE FROM slot WHERE (shop, at) IN (
                 SELECT shop, at FROM slot AS old WHERE at < ?1
                   AND at < (SELECT max(at) FROM slot WHERE shop = old.shop) LIMIT ?2)",
            "DELETE FROM request_key WHERE key IN (SELECT key FROM request_key WHERE used_at < ?1 LIMIT ?2)",
        ] {
            let left = i64::from(at_most).saturating_sub(gone);
            gone += deleted(sqlx::query(sql).bind(before).bind(left), &mut tx).await?;
        }
        tx.commit().await?;
        Ok(u64::try_from(gone).unwrap_or(0))
    }
}

impl SqliteState {
    /// The answer to a request that joins an open task and leaves nothing behind, as one snapshot shows it. It does not
    /// wait for the writers: a run that records 100,000 lines keeps them out for half a second.
    async fn joined(
        &self,
        task: &NewTask,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Option<Accepted>, StateError> {
        let mut snapshot = self.readers.begin().await.map_err(failure)?;
        if !task.run.dry_run() && paused(&mut snapshot, &task.run.shop).await?.is_some() {
            return Ok(None);
        }
        let open = open_of_shop(&mut snapshot, &task.run.shop, alive).await?;
        Ok(doing_the_same(&open, task).map(|same| Accepted::Joined(Box::new(same.clone()))))
    }
}

/// The open task that does the work already that another asks for.
fn doing_the_same<'a>(open: &'a [RunRecord], task: &NewTask) -> Option<&'a RunRecord> {
    open.iter().find(|other| other.run.durable && other.run.asks_the_same(&task.run))
}

async fn deleted(
    query: sqlx::query::Query<'_, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>,
    tx: &mut SqliteConnection,
) -> Result<i64, StateError> {
    let done = query.execute(tx).await.map_err(failure)?;
    Ok(i64::try_from(done.rows_affected()).unwrap_or(i64::MAX))
}

/// What a key stands for, where it has been used. One whose run was pruned stands for nothing any more.
async fn used(tx: &mut SqliteConnection, key: &RequestKey) -> Result<Option<Accepted>, StateError> {
    let row = sqlx::query(
        "SELECT run.*, request_key.fingerprint FROM request_key JOIN run ON run.id = request_key.run_id
         WHERE request_key.key = ?",
    )
    .bind(&key.key)
    .fetch_optional(tx)
    .await
    .map_err(failure)?;
    let Some(row) = row else { return Ok(None) };
    let fingerprint: String = row.try_get("fingerprint").map_err(failure)?;
    if fingerprint == key.fingerprint {
        Ok(Some(Accepted::Joined(Box::new(record(&row)?))))
    } else {
        Ok(Some(Accepted::KeyReused))
    }
}

async fn keep(
    tx: &mut SqliteConnection,
    key: &RequestKey,
    run: &RunId,
    now: UnixMillis,
) -> Result<(), StateError> {
    sqlx::query("INSERT OR REPLACE INTO request_key (key, fingerprint, run_id, used_at) VALUES (?, ?, ?, ?)")
        .bind(&key.key)
        .bind(&key.fingerprint)
        .bind(run.as_str())
        .bind(now)
        .execute(tx)
        .await
        .map_err(failure)?;
    Ok(())
}

async fn is_taken(tx: &mut SqliteConnection, shop: &ShopName, slot: Slot) -> Result<bool, StateError> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM slot WHERE shop = ? AND at = ?)")
        .bind(shop.as_str())
        .bind(slot.at)
        .fetch_one(tx)
        .await
        .map_err(failure)
}

async fn fill(tx: &mut SqliteConnection, shop: &ShopName, slot: Slot, run: &RunId) -> Result<(), StateError> {
    sqlx::query("INSERT INTO slot (shop, at, run_id, missed) VALUES (?, ?, ?, ?)")
        .bind(shop.as_str())
        .bind(slot.at)
        .bind(run.as_str())
        .bind(slot.missed)
        .execute(tx)
        .await
        .map_err(failure)?;
    Ok(())
}

/// Open runs of a shop: those under way first, then those that wait; of the command line only the one that holds the
/// shop, and those that somebody waits for. Others of them are dead, and whoever has the shop next closes them.
async fn open_of_shop(
    tx: &mut SqliteConnection,
    shop: &ShopName,
    alive: &RangeInclusive<UnixMillis>,
) -> Result<Vec<RunRecord>, StateError> {
    let rows = sqlx::query(
        "SELECT * FROM run WHERE shop = ? AND outcome IS NULL
           AND (durable = 1 OR (status = 'PENDING' AND waited_at BETWEEN ? AND ?)
                OR EXISTS (SELECT 1 FROM lease WHERE lease.run_id = run.id AND held = 1))
         ORDER BY status = 'PENDING', created_at, id",
    )
    .bind(shop.as_str())
    .bind(alive.start())
    .bind(alive.end())
    .fetch_all(tx)
    .await
    .map_err(failure)?;
    rows.iter().map(record).collect()
}

/// Since when a shop is paused.
pub(super) async fn paused(
    tx: &mut SqliteConnection,
    shop: &ShopName,
) -> Result<Option<UnixMillis>, StateError> {
    sqlx::query_scalar("SELECT since FROM pause WHERE shop = ?")
        .bind(shop.as_str())
        .fetch_optional(tx)
        .await
        .map_err(failure)
}

#[async_trait]
impl Pauses for SqliteState {
    async fn pause(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        sqlx::query("INSERT INTO pause (shop, since) VALUES (?, ?) ON CONFLICT (shop) DO NOTHING")
            .bind(shop.as_str())
            .bind(now)
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        tx.commit().await
    }

    async fn resume(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        let done = sqlx::query("DELETE FROM pause WHERE shop = ?")
            .bind(shop.as_str())
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        if done.rows_affected() > 0 {
            sqlx::query("INSERT OR REPLACE INTO resumed (shop, at) VALUES (?, ?)")
                .bind(shop.as_str())
                .bind(now)
                .execute(&mut *tx)
                .await
                .map_err(failure)?;
        }
        tx.commit().await
    }

    async fn paused_since(&self, shop: &ShopName) -> Result<Option<UnixMillis>, StateError> {
        sqlx::query_scalar("SELECT since FROM pause WHERE shop = ?")
            .bind(shop.as_str())
            .fetch_optional(&self.watchers)
            .await
            .map_err(failure)
    }
}

#[async_trait]
impl Slots for SqliteState {
    async fn last_slot(&self, shop: &ShopName, now: UnixMillis) -> Result<UnixMillis, StateError> {
        let known: Option<i64> = sqlx::query_scalar(
            "SELECT max(coalesce((SELECT max(at) FROM slot WHERE shop = ?1), since), since)
             FROM schedule WHERE shop = ?1",
        )
        .bind(shop.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(failure)?;
        if let Some(last) = known {
            return Ok(last);
        }
        let mut tx = self.writing().await?;
        sqlx::query("INSERT INTO schedule (shop, since) VALUES (?, ?) ON CONFLICT (shop) DO NOTHING")
            .bind(shop.as_str())
            .bind(now)
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        tx.commit().await?;
        Ok(now)
    }
}
