//! Deletes old history in small steps.

use std::collections::BTreeMap;

use domain::{RunId, ShopName, UnixMillis};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteArguments;
use sync::ports::StateError;

use super::SqliteStore;
use super::error::failure;
use super::runs::last_good;

impl SqliteStore {
    /// Deletes at most `at_most` rows of history that ended before `before`. Gives the number of deleted rows.
    pub(super) async fn prune_once(&self, before: UnixMillis, at_most: u32) -> Result<u64, StateError> {
        let mut tx = self.writing().await?;
        let mut gone = 0;
        if let Some(run) = oldest_to_prune(&mut tx, before).await? {
            for sql in [
                "DELETE FROM line WHERE (run_id, attempt, seq) IN
                     (SELECT run_id, attempt, seq FROM line WHERE run_id = ?1 LIMIT ?2)",
                "DELETE FROM filtered_skip WHERE (run_id, sku, reason) IN
                     (SELECT run_id, sku, reason FROM filtered_skip WHERE run_id = ?1 LIMIT ?2)",
                "DELETE FROM run WHERE id IN (SELECT ?1 WHERE ?2 > 0)",
            ] {
                let left = i64::from(at_most).saturating_sub(gone);
                // The row of a run is deleted after all of its lines.
                gone += deleted(sqlx::query(sql).bind(run.as_str()).bind(left), &mut tx).await?;
            }
        }
        gone += prune_left_alone(&mut tx, i64::from(at_most).saturating_sub(gone)).await?;
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

/// The oldest run that ended before `before`, except the last good run of each shop.
async fn oldest_to_prune(tx: &mut SqliteConnection, before: UnixMillis) -> Result<Option<RunId>, StateError> {
    let mut kept: BTreeMap<String, Option<RunId>> = BTreeMap::new();
    // At most one run per shop is passed over.
    for passed in 0i64.. {
        let oldest: Option<(String, String)> = sqlx::query_as(
            "SELECT id, shop FROM run WHERE finished_at < ? ORDER BY finished_at, id LIMIT 1 OFFSET ?",
        )
        .bind(before)
        .bind(passed)
        .fetch_optional(&mut *tx)
        .await
        .map_err(failure)?;
        let Some((id, shop)) = oldest else { break };
        let id = RunId::new(&id);
        if !kept.contains_key(&shop) {
            kept.insert(shop.clone(), last_good(tx, &ShopName::new(&shop)).await?);
        }
        if kept.get(&shop).is_none_or(|kept| kept.as_ref() != Some(&id)) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// Deletes at most `most` rows of what was left alone only by plans that are gone.
async fn prune_left_alone(tx: &mut SqliteConnection, most: i64) -> Result<i64, StateError> {
    let mut gone = 0;
    let shops: Vec<String> =
        sqlx::query_scalar("SELECT shop FROM plan_number").fetch_all(&mut *tx).await.map_err(failure)?;
    for shop in shops {
        let sql = "DELETE FROM left_alone WHERE (shop, sku, reason, from_no) IN (
                       SELECT shop, sku, reason, from_no FROM left_alone
                       WHERE shop = ?1 AND to_no < (SELECT min(plan_no) FROM run WHERE shop = ?1) LIMIT ?2)";
        gone += deleted(sqlx::query(sql).bind(shop).bind(most.saturating_sub(gone)), tx).await?;
    }
    Ok(gone)
}

async fn deleted(
    query: sqlx::query::Query<'_, sqlx::Sqlite, SqliteArguments>,
    tx: &mut SqliteConnection,
) -> Result<i64, StateError> {
    let done = query.execute(tx).await.map_err(failure)?;
    Ok(i64::try_from(done.rows_affected()).unwrap_or(i64::MAX))
}
