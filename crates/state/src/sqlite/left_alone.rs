//! What runs left alone: of plans of the whole shop the changes against the plan before, of filtered runs every SKU.

use domain::plan::left_alone::LeftAloneChanges;
use domain::plan::skip::Skip;
use domain::{RunId, SkipReason, Sku};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, SqliteExecutor};
use sync::ports::StateError;

use super::error::{failure, unknown_code};
use super::json::to_json;

/// Rows of one INSERT: SQLite takes 32,766 values in a statement.
const ROWS: usize = 2_000;

/// Records what the plan of a run leaves alone. Gives how many SKUs the plan of the whole shop before did not leave
/// alone, if this plan is of the whole shop too and there is one before it.
pub(super) async fn record(
    tx: &mut SqliteConnection,
    run: &RunId,
    skips: &[Skip],
) -> Result<Option<u64>, StateError> {
    let (shop, filtered): (String, bool) = sqlx::query_as("SELECT shop, filtered FROM run WHERE id = ?")
        .bind(run.as_str())
        .fetch_one(&mut *tx)
        .await
        .map_err(failure)?;
    if filtered {
        record_filtered(tx, run, skips).await?;
        return Ok(None);
    }
    let number: i64 = sqlx::query_scalar(
        "INSERT INTO plan_number (shop, last) VALUES (?, 1) ON CONFLICT (shop) DO UPDATE SET last = last + 1
         RETURNING last",
    )
    .bind(&shop)
    .fetch_one(&mut *tx)
    .await
    .map_err(failure)?;
    sqlx::query("UPDATE run SET plan_no = ? WHERE id = ?")
        .bind(number)
        .bind(run.as_str())
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
    let before: Vec<(String, String)> =
        sqlx::query_as("SELECT sku, reason FROM left_alone WHERE shop = ? AND to_no IS NULL")
            .bind(&shop)
            .fetch_all(&mut *tx)
            .await
            .map_err(failure)?;
    let changes = LeftAloneChanges::between(&skips_of(before)?, skips);
    end(tx, &shop, number - 1, &changes.ended).await?;
    begin(tx, &shop, number, &changes.begun).await?;
    Ok((number > 1).then(|| changes.new_skus()))
}

/// Ends what was left alone up to the plan `last`.
async fn end(tx: &mut SqliteConnection, shop: &str, last: i64, ended: &[Skip]) -> Result<(), StateError> {
    for group in ended.chunks(ROWS) {
        let keys: Vec<(&str, &str)> = group.iter().map(|skip| (&*skip.sku, skip.reason.code())).collect();
        sqlx::query(
            "UPDATE left_alone SET to_no = ?1
             FROM (SELECT value ->> 0 AS sku, value ->> 1 AS reason FROM json_each(?2)) AS gone
             WHERE shop = ?3 AND left_alone.sku = gone.sku AND left_alone.reason = gone.reason
               AND to_no IS NULL",
        )
        .bind(last)
        .bind(to_json(&keys)?)
        .bind(shop)
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
    }
    Ok(())
}

/// Begins what is left alone from the plan `first` on.
async fn begin(tx: &mut SqliteConnection, shop: &str, first: i64, begun: &[Skip]) -> Result<(), StateError> {
    for group in begun.chunks(ROWS) {
        let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO left_alone (shop, sku, reason, from_no) ");
        sql.push_values(group, |mut row, skip| {
            row.push_bind(shop).push_bind(&*skip.sku).push_bind(skip.reason.code()).push_bind(first);
        });
        sql.build().execute(&mut *tx).await.map_err(failure)?;
    }
    Ok(())
}

async fn record_filtered(tx: &mut SqliteConnection, run: &RunId, skips: &[Skip]) -> Result<(), StateError> {
    for group in skips.chunks(ROWS) {
        let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO filtered_skip (run_id, sku, reason) ");
        sql.push_values(group, |mut row, skip| {
            row.push_bind(run.as_str()).push_bind(&*skip.sku).push_bind(skip.reason.code());
        });
        sql.build().execute(&mut *tx).await.map_err(failure)?;
    }
    Ok(())
}

/// Forgets what an earlier attempt at a run left alone.
pub(super) async fn forget(tx: &mut SqliteConnection, run: &RunId) -> Result<(), StateError> {
    for sql in ["DELETE FROM filtered_skip WHERE run_id = ?", "UPDATE run SET plan_no = NULL WHERE id = ?"] {
        sqlx::query(sql).bind(run.as_str()).execute(&mut *tx).await.map_err(failure)?;
    }
    Ok(())
}

/// The SKUs that the latest attempt at a run left alone, sorted.
pub(super) async fn of_run(db: impl SqliteExecutor<'_>, run: &RunId) -> Result<Vec<Skip>, StateError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT left_alone.sku, left_alone.reason FROM run
         JOIN left_alone ON left_alone.shop = run.shop AND from_no <= plan_no AND (to_no IS NULL OR to_no >= plan_no)
         WHERE run.id = ?1
         UNION ALL SELECT sku, reason FROM filtered_skip WHERE run_id = ?1
         ORDER BY 1",
    )
    .bind(run.as_str())
    .fetch_all(db)
    .await
    .map_err(failure)?;
    skips_of(rows)
}

/// Why the latest attempt at a run left a SKU alone.
pub(super) async fn reason_of(
    db: impl SqliteExecutor<'_>,
    run: &RunId,
    sku: &Sku,
) -> Result<Option<SkipReason>, StateError> {
    let reason: Option<String> = sqlx::query_scalar(
        "SELECT left_alone.reason FROM run
         JOIN left_alone ON left_alone.shop = run.shop AND left_alone.sku = ?2
              AND from_no <= plan_no AND (to_no IS NULL OR to_no >= plan_no)
         WHERE run.id = ?1
         UNION ALL SELECT reason FROM filtered_skip WHERE run_id = ?1 AND sku = ?2
         LIMIT 1",
    )
    .bind(run.as_str())
    .bind(sku.as_str())
    .fetch_optional(db)
    .await
    .map_err(failure)?;
    reason.map(|reason| reason.parse().map_err(unknown_code)).transpose()
}

fn skips_of(rows: Vec<(String, String)>) -> Result<Vec<Skip>, StateError> {
    rows.into_iter()
        .map(|(sku, reason)| Ok(Skip { sku: sku.into(), reason: reason.parse().map_err(unknown_code)? }))
        .collect()
}
