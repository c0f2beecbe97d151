//! Accepts tasks, and records their attempts.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::admission::attempt::{self, Cancel, RunEnd};
use domain::admission::lease::LIFE_MS;
use domain::admission::queue::{self, Admission, AdmissionFacts};
use domain::{RunId, ShopName, UnixMillis};
use sqlx::{Row, SqliteConnection};
use sync::ports::{Accepted, Fence, NewTask, Progress, RequestKey, RunRecord, Slot, StateError, Tasks};

use super::SqliteStore;
use super::ends::{end_run, step};
use super::error::failure;
use super::leases::pass;
use super::pauses::paused;
use super::rows::{find, insert, open_runs, record, waits_at};

#[async_trait]
impl Tasks for SqliteStore {
    async fn accept(
        &self,
        task: &NewTask,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Accepted, StateError> {
        // Joining promises the sender that the task will be executed, so the database must still be ours.
        self.file_identity.check()?;
        if task.slot.is_none()
            && task.key.is_none()
            && let answer @ Accepted::Joined(_) = self.admit_from_snapshot(task, alive).await?.answer
        {
            return Ok(answer);
        }
        let mut tx = self.writing().await?;
        let admission = queue::admit(task, &admission_facts(&mut tx, task).await?, alive);
        let id = match &admission.answer {
            Accepted::New => {
                insert(&mut tx, &task.run).await?;
                &task.run.id
            }
            Accepted::Joined(same) => &same.run.id,
            _ => return Ok(admission.answer),
        };
        if admission.records_slot_and_key {
            if let Some(slot) = task.slot {
                record_slot(&mut tx, &task.run.shop, slot, id).await?;
            }
            if let Some(key) = &task.key {
                record_key(&mut tx, key, id, now).await?;
            }
        }
        tx.commit().await?;
        Ok(admission.answer)
    }

    async fn open_tasks(&self) -> Result<Vec<RunRecord>, StateError> {
        let rows =
            sqlx::query("SELECT * FROM run_record WHERE outcome IS NULL AND durable = 1 ORDER BY arrival")
                .fetch_all(&self.readers)
                .await
                .map_err(failure)?;
        rows.iter().map(record).collect()
    }

    async fn take_over(&self, id: &RunId, fence: &Fence, most: u32) -> Result<RunRecord, StateError> {
        let mut tx = self.writing().await?;
        pass(&mut tx, fence).await?;
        let record = step(&mut tx, id, |record| attempt::take_over(record, most)).await?;
        tx.commit().await?;
        Ok(record)
    }

    async fn hand_back(&self, id: &RunId, fence: &Fence) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        let heartbeat = pass(&mut tx, fence).await?.expires_at - LIFE_MS;
        step(&mut tx, id, attempt::hand_back).await?;
        waits_at(&mut tx, id, heartbeat).await?;
        tx.commit().await
    }

    async fn cancel(&self, id: &RunId, now: UnixMillis) -> Result<Option<RunRecord>, StateError> {
        let mut tx = self.writing().await?;
        let Some(record) = find(&mut tx, id).await? else { return Ok(None) };
        match attempt::cancel(&record) {
            Cancel::AlreadyEnded => return Ok(Some(record)),
            Cancel::EndNow => end_run(&mut tx, &RunEnd::interrupted(id, now)).await?,
            Cancel::AskToEnd => ask_to_end(&mut tx, id, now).await?,
        }
        let record = find(&mut tx, id).await?;
        tx.commit().await?;
        Ok(record)
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
        self.prune_once(before, at_most).await
    }
}

impl SqliteStore {
    /// Decides a request from one snapshot. It does not wait for writers: a run that records 100,000 lines blocks
    /// them for half a second.
    async fn admit_from_snapshot(
        &self,
        task: &NewTask,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Admission, StateError> {
        let mut snapshot = self.readers.begin().await.map_err(failure)?;
        Ok(queue::admit(task, &admission_facts(&mut snapshot, task).await?, alive))
    }
}

/// The stored facts that decide a request for a task.
async fn admission_facts(tx: &mut SqliteConnection, task: &NewTask) -> Result<AdmissionFacts, StateError> {
    let shop = &task.run.shop;
    let key_used = match &task.key {
        Some(key) => key_use(tx, key).await?,
        None => None,
    };
    let slot_filled = match task.slot {
        Some(slot) => is_filled(tx, shop, slot).await?,
        None => false,
    };
    Ok(AdmissionFacts {
        key_used,
        paused_since: paused(tx, shop).await?,
        slot_filled,
        open: open_runs(tx, shop).await?,
    })
}

/// Marks a run as asked to end. An earlier time of asking stays.
pub(super) async fn ask_to_end(
    tx: &mut SqliteConnection,
    id: &RunId,
    now: UnixMillis,
) -> Result<(), StateError> {
    sqlx::query("UPDATE run SET cancel_at = coalesce(cancel_at, ?) WHERE id = ?")
        .bind(now)
        .bind(id.as_str())
        .execute(tx)
        .await
        .map_err(failure)?;
    Ok(())
}

/// The request that used a key before: its fingerprint and its run. `None` if there was none, or if its run was
/// pruned.
async fn key_use(
    tx: &mut SqliteConnection,
    key: &RequestKey,
) -> Result<Option<(String, RunRecord)>, StateError> {
    let row = sqlx::query(
        "SELECT run.*, request_key.fingerprint FROM request_key JOIN run_record AS run ON run.id = request_key.run_id
         WHERE request_key.key = ?",
    )
    .bind(&key.key)
    .fetch_optional(tx)
    .await
    .map_err(failure)?;
    row.map(|row| Ok((row.try_get("fingerprint").map_err(failure)?, record(&row)?))).transpose()
}

async fn record_key(
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

async fn is_filled(tx: &mut SqliteConnection, shop: &ShopName, slot: Slot) -> Result<bool, StateError> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM slot WHERE shop = ? AND at = ?)")
        .bind(shop.as_str())
        .bind(slot.at)
        .fetch_one(tx)
        .await
        .map_err(failure)
}

async fn record_slot(
    tx: &mut SqliteConnection,
    shop: &ShopName,
    slot: Slot,
    run: &RunId,
) -> Result<(), StateError> {
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
