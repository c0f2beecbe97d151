//! The record of runs.

use async_trait::async_trait;
use domain::{RunId, RunKind, RunSummary, ShopName, TaskStatus, UnixMillis};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use sync::ports::{NewRun, RunFilter, RunRecord, Runs, StateError};

use super::{SqliteState, failure, unknown_code, unreadable};

#[async_trait]
impl Runs for SqliteState {
    async fn create(&self, run: &NewRun) -> Result<(), StateError> {
        sqlx::query(
            "INSERT INTO run (id, shop, kind, dry_run, scope, filtered, policy, plan_id, status, attempt, created_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
        )
        .bind(run.id.as_str())
        .bind(run.shop.as_str())
        .bind(run.kind.code())
        .bind(run.dry_run)
        .bind(to_json(&run.scope)?)
        .bind(run.scope.is_filtered())
        .bind(to_json(&run.policy)?)
        .bind(run.plan.as_ref().map(RunId::as_str))
        .bind(TaskStatus::Pending.code())
        .bind(run.created_at)
        .execute(&self.pool)
        .await
        .map_err(failure)?;
        Ok(())
    }

    async fn start(&self, id: &RunId, at: UnixMillis) -> Result<(), StateError> {
        sqlx::query("UPDATE run SET status = ?, started_at = ? WHERE id = ?")
            .bind(TaskStatus::Started.code())
            .bind(at)
            .bind(id.as_str())
            .execute(&self.pool)
            .await
            .map_err(failure)?;
        Ok(())
    }

    async fn finish(&self, summary: &RunSummary) -> Result<(), StateError> {
        let done = sqlx::query(
            "UPDATE run SET status = ?, outcome = ?, finished_at = ?, warehouse_skus = ?, summary = ? WHERE id = ?",
        )
        .bind(summary.outcome.task_status().code())
        .bind(summary.outcome.code())
        .bind(summary.finished_at)
        .bind(i64::try_from(summary.facts.warehouse_skus).unwrap_or(i64::MAX))
        .bind(to_json(summary)?)
        .bind(summary.run_id.as_str())
        .execute(&self.pool)
        .await
        .map_err(failure)?;
        if done.rows_affected() == 1 { Ok(()) } else { Err(StateError(format!("no run {}", summary.run_id))) }
    }

    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError> {
        let row = sqlx::query("SELECT * FROM run WHERE id = ?")
            .bind(id.as_str())
            .fetch_optional(&self.pool)
            .await
            .map_err(failure)?;
        row.as_ref().map(record).transpose()
    }

    async fn list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, StateError> {
        let rows = sqlx::query(
            "SELECT * FROM run WHERE (?1 IS NULL OR shop = ?1) ORDER BY created_at DESC, id DESC LIMIT ?2",
        )
        .bind(filter.shop.as_ref().map(ShopName::as_str))
        .bind(filter.limit)
        .fetch_all(&self.pool)
        .await
        .map_err(failure)?;
        rows.iter().map(record).collect()
    }

    async fn last_good_warehouse_skus(&self, shop: &ShopName) -> Result<Option<u64>, StateError> {
        let found: Option<i64> = sqlx::query_scalar(
            "SELECT warehouse_skus FROM run
             WHERE shop = ? AND filtered = 0 AND kind IN ('sync', 'apply') AND outcome IN ('converged', 'partial')
               AND warehouse_skus > 0
             ORDER BY finished_at DESC LIMIT 1",
        )
        .bind(shop.as_str())
        .fetch_optional(&self.pool)
        .await
        .map_err(failure)?
        .flatten();
        Ok(found.and_then(|skus| u64::try_from(skus).ok()))
    }
}

pub(super) fn record(row: &SqliteRow) -> Result<RunRecord, StateError> {
    let text = |name: &str| row.try_get::<String, _>(name).map_err(failure);
    let summary: Option<String> = row.try_get("summary").map_err(failure)?;
    let kind: RunKind = text("kind")?.parse().map_err(unknown_code)?;
    let run = NewRun {
        id: RunId::new(&text("id")?),
        shop: ShopName::new(&text("shop")?),
        kind,
        dry_run: row.try_get("dry_run").map_err(failure)?,
        scope: from_json("the scope of a run", &text("scope")?)?,
        policy: from_json("the policy of a run", &text("policy")?)?,
        plan: row.try_get::<Option<String>, _>("plan_id").map_err(failure)?.as_deref().map(RunId::new),
        created_at: row.try_get("created_at").map_err(failure)?,
    };
    Ok(RunRecord {
        run,
        status: text("status")?.parse().map_err(unknown_code)?,
        attempt: row.try_get("attempt").map_err(failure)?,
        started_at: row.try_get("started_at").map_err(failure)?,
        summary: summary.map(|json| from_json("the summary of a run", &json)).transpose()?,
    })
}

fn to_json(value: &impl Serialize) -> Result<String, StateError> {
    serde_json::to_string(value).map_err(failure)
}

fn from_json<T: DeserializeOwned>(what: &str, json: &str) -> Result<T, StateError> {
    serde_json::from_str(json).map_err(|error| unreadable(what, error))
}
