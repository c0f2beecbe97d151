//! The record of runs.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::admission::record::Work;
use domain::{Outcome, RunId, RunKind, RunSummary, ShopName, TaskStatus, UnixMillis};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use sync::ports::{Fence, NewRun, Queued, RunFilter, RunRecord, Runs, StateError};

use super::leases::pass;
use super::{SqliteState, failure, unknown_code, unreadable};

impl SqliteState {
    /// Runs whose id begins so, at most `limit`, the newest first.
    pub async fn runs_beginning_with(&self, prefix: &str, limit: u32) -> Result<Vec<RunRecord>, StateError> {
        let rows = sqlx::query(
            "SELECT * FROM run WHERE id >= ?1 AND substr(id, 1, length(?1)) = ?1
             ORDER BY created_at DESC, id DESC LIMIT ?2",
        )
        .bind(prefix)
        .bind(limit)
        .fetch_all(&self.readers)
        .await
        .map_err(failure)?;
        rows.iter().map(record).collect()
    }
}

#[async_trait]
impl Runs for SqliteState {
    async fn queue(
        &self,
        run: &NewRun,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Queued, StateError> {
        let mut tx = self.writing().await?;
        let other = sqlx::query(
            "SELECT * FROM run WHERE shop = ? AND id <> ? AND status = 'PENDING'
             AND (durable = 1 OR waited_at BETWEEN ? AND ?) ORDER BY created_at LIMIT 1",
        )
        .bind(run.shop.as_str())
        .bind(run.id.as_str())
        .bind(alive.start())
        .bind(alive.end())
        .fetch_optional(&mut *tx)
        .await
        .map_err(failure)?;
        if let Some(row) = other {
            return Ok(Queued::AnotherWaits(Box::new(record(&row)?)));
        }
        insert(&mut tx, run).await?;
        sqlx::query("UPDATE run SET waited_at = ? WHERE id = ? AND status = 'PENDING'")
            .bind(now)
            .bind(run.id.as_str())
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        tx.commit().await?;
        Ok(Queued::Waiting)
    }

    async fn withdraw(&self, id: &RunId, now: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        sqlx::query(
            "UPDATE run SET status = ?, outcome = ?, finished_at = ? WHERE id = ? AND status = 'PENDING'",
        )
        .bind(Outcome::Interrupted.task_status().code())
        .bind(Outcome::Interrupted.code())
        .bind(now)
        .bind(id.as_str())
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
        tx.commit().await
    }

    async fn start(&self, run: &NewRun, fence: &Fence, at: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        pass(&mut tx, fence).await?;
        insert(&mut tx, run).await?;
        let done = sqlx::query(
            "UPDATE run SET status = ?, started_at = ?, line_attempt = attempt
                 WHERE id = ? AND status IN ('PENDING', 'RETRY')",
        )
        .bind(TaskStatus::Started.code())
        .bind(at)
        .bind(run.id.as_str())
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
        if done.rows_affected() != 1 {
            return Err(StateError::failed(format_args!("run {} has begun before", run.id)));
        }
        tx.commit().await
    }

    async fn finish(&self, summary: &RunSummary, fence: &Fence) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        pass(&mut tx, fence).await?;
        let done = sqlx::query(
            "UPDATE run SET status = ?, outcome = ?, finished_at = ?, warehouse_skus = ?, summary = ?,
               ended_no = (SELECT coalesce(max(ended_no), 0) + 1 FROM run WHERE ended_no IS NOT NULL)
             WHERE id = ? AND outcome IS NULL",
        )
        .bind(summary.outcome.task_status().code())
        .bind(summary.outcome.code())
        .bind(summary.finished_at)
        .bind(i64::try_from(summary.facts.warehouse_skus).unwrap_or(i64::MAX))
        .bind(to_json(summary)?)
        .bind(summary.run_id.as_str())
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
        if done.rows_affected() != 1 {
            return Err(StateError::failed(format_args!("run {} has no open record", summary.run_id)));
        }
        tx.commit().await
    }

    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError> {
        let row = sqlx::query("SELECT * FROM run WHERE id = ?")
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(failure)?;
        row.as_ref().map(record).transpose()
    }

    async fn list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, StateError> {
        let rows = sqlx::query(
            "SELECT * FROM run WHERE (?1 IS NULL OR shop = ?1) AND (?2 IS NULL OR kind = ?2)
               AND (?3 IS NULL OR status = ?3) AND (?4 IS NULL OR (created_at, id) < (?4, ?5))
               AND (?7 IS NULL OR outcome = ?7)
             ORDER BY created_at DESC, id DESC LIMIT ?6",
        )
        .bind(filter.shop.as_ref().map(ShopName::as_str))
        .bind(filter.kind.map(RunKind::code))
        .bind(filter.status.map(TaskStatus::code))
        .bind(filter.after.as_ref().map(|(at, _)| *at))
        .bind(filter.after.as_ref().map(|(_, id)| id.as_str()))
        .bind(filter.limit)
        .bind(filter.outcome.map(Outcome::code))
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
        let rows = sqlx::query(
            "SELECT * FROM run WHERE shop = ? AND id <> ?
             AND (status IN ('STARTED', 'RETRY')
                  OR (status = 'PENDING' AND durable = 0 AND coalesce(waited_at, created_at) NOT BETWEEN ? AND ?))
             ORDER BY created_at, id",
        )
        .bind(shop.as_str())
        .bind(but.as_str())
        .bind(alive.start())
        .bind(alive.end())
        .fetch_all(&self.readers)
        .await
        .map_err(failure)?;
        rows.iter().map(record).collect()
    }

    async fn last_good_warehouse_skus(&self, shop: &ShopName) -> Result<Option<u64>, StateError> {
        let found: Option<i64> = sqlx::query_scalar(
            "SELECT warehouse_skus FROM run
             WHERE shop = ? AND filtered = 0 AND kind IN ('sync', 'apply') AND outcome IN ('converged', 'partial')
               AND warehouse_skus > 0
             ORDER BY ended_no DESC LIMIT 1",
        )
        .bind(shop.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(failure)?
        .flatten();
        Ok(found.and_then(|skus| u64::try_from(skus).ok()))
    }
}

/// Records a run as PENDING, unless it is recorded already.
pub(super) async fn insert(tx: &mut SqliteConnection, run: &NewRun) -> Result<(), StateError> {
    sqlx::query(
        "INSERT INTO run (id, shop, kind, dry_run, scope, filtered, policy, plan_id, status, attempt, created_at,
                          durable, quantities)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
    )
    .bind(run.id.as_str())
    .bind(run.shop.as_str())
    .bind(run.kind().code())
    .bind(run.dry_run())
    .bind(to_json(&run.scope)?)
    .bind(run.scope.is_filtered())
    .bind(to_json(&run.policy)?)
    .bind(run.work.plan().map(RunId::as_str))
    .bind(TaskStatus::Pending.code())
    .bind(run.created_at)
    .bind(run.durable)
    .bind(to_json(&run.work.quantities())?)
    .execute(tx)
    .await
    .map_err(failure)?;
    Ok(())
}

pub(super) fn record(row: &SqliteRow) -> Result<RunRecord, StateError> {
    let text = |name: &str| row.try_get::<String, _>(name).map_err(failure);
    let summary: Option<String> = row.try_get("summary").map_err(failure)?;
    let facts: Option<String> = row.try_get("facts").map_err(failure)?;
    let run = NewRun {
        id: RunId::new(&text("id")?),
        shop: ShopName::new(&text("shop")?),
        work: work(row)?,
        scope: from_json("the scope of a run", &text("scope")?)?,
        policy: from_json("the policy of a run", &text("policy")?)?,
        durable: row.try_get("durable").map_err(failure)?,
        created_at: row.try_get("created_at").map_err(failure)?,
    };
    Ok(RunRecord {
        run,
        status: text("status")?.parse().map_err(unknown_code)?,
        attempt: row.try_get("attempt").map_err(failure)?,
        deaths: row.try_get("deaths").map_err(failure)?,
        cancel_asked: row.try_get::<Option<i64>, _>("cancel_at").map_err(failure)?.is_some(),
        started_at: row.try_get("started_at").map_err(failure)?,
        facts: facts.map(|json| from_json("the figures of a plan", &json)).transpose()?,
        summary: summary.map(|json| from_json("the summary of a run", &json)).transpose()?,
    })
}

/// What a run does, from the columns that tell it.
fn work(row: &SqliteRow) -> Result<Work, StateError> {
    let text = |name: &str| row.try_get::<String, _>(name).map_err(failure);
    Ok(match text("kind")?.parse().map_err(unknown_code)? {
        RunKind::Sync => Work::Sync { dry_run: row.try_get("dry_run").map_err(failure)? },
        RunKind::Plan => Work::Plan,
        RunKind::Apply => {
            let plan: Option<String> = row.try_get("plan_id").map_err(failure)?;
            let plan = plan.ok_or_else(|| unreadable("a run", "it applies a plan and names none"))?;
            Work::Apply { plan: RunId::new(&plan) }
        }
        RunKind::Set => Work::Set { quantities: from_json("the quantities of a run", &text("quantities")?)? },
    })
}

pub(super) fn to_json(value: &impl Serialize) -> Result<String, StateError> {
    serde_json::to_string(value).map_err(failure)
}

fn from_json<T: DeserializeOwned>(what: &str, json: &str) -> Result<T, StateError> {
    serde_json::from_str(json).map_err(|error| unreadable(what, error))
}
