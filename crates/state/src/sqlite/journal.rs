//! The journal of lines.

use async_trait::async_trait;
use domain::plan::Change;
use domain::skip::Skip;
use domain::{
    Delta, InventoryItemId, Level, Line, ListingKey, ProductId, RunId, Sku, Target, UnixMillis, VariantId,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};
use sync::ports::{Journal, LineRecord, LineUpdate, PlanRecord, Runs, StateError};

use super::{SqliteState, failure, unknown_code, unreadable};

/// Rows of one INSERT: SQLite takes 32,766 values in a statement, and a line has twelve.
const ROWS: usize = 2_000;

/// The attempt whose lines count: the run's latest.
const ATTEMPT: &str = "(SELECT attempt FROM run WHERE id = run_id)";

#[async_trait]
impl Journal for SqliteState {
    async fn save_plan(&self, run: &RunId, lines: &[LineRecord], skips: &[Skip]) -> Result<(), StateError> {
        let mut tx = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failure)?;
        let attempt: i64 = sqlx::query_scalar("SELECT attempt FROM run WHERE id = ?")
            .bind(run.as_str())
            .fetch_optional(&mut *tx)
            .await
            .map_err(failure)?
            .ok_or_else(|| StateError(format!("no run {run}")))?;
        for group in lines.chunks(ROWS) {
            insert_lines(&mut tx, run, attempt, group).await?;
        }
        for (nth, group) in (0i64..).zip(skips.chunks(ROWS)) {
            let first = nth * i64::try_from(ROWS).unwrap_or(i64::MAX);
            insert_skips(&mut tx, run, attempt, first, group).await?;
        }
        tx.commit().await.map_err(failure)
    }

    async fn sent(
        &self,
        run: &RunId,
        seqs: &[u32],
        batch: u32,
        at: UnixMillis,
        send_before: UnixMillis,
    ) -> Result<(), StateError> {
        let mut tx = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failure)?;
        let sql = format!(
            "UPDATE line SET state = 'sent', batch = ?, sent_at = ?, send_before = ?
             WHERE run_id = ? AND attempt = {ATTEMPT} AND seq = ? AND state = 'planned'"
        );
        for seq in seqs {
            let done = sqlx::query(sqlx::AssertSqlSafe(sql.as_str()))
                .bind(batch)
                .bind(at)
                .bind(send_before)
                .bind(run.as_str())
                .bind(seq)
                .execute(&mut *tx)
                .await
                .map_err(failure)?;
            if done.rows_affected() != 1 {
                return Err(StateError(format!("line {seq} of run {run} is not waiting to be sent")));
            }
        }
        tx.commit().await.map_err(failure)
    }

    async fn update(&self, run: &RunId, updates: &[LineUpdate]) -> Result<(), StateError> {
        if updates.is_empty() {
            return Ok(());
        }
        let mut tx = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failure)?;
        let sql = format!(
            "UPDATE line SET state = ?, level_after = ?, detail = ?
             WHERE run_id = ? AND attempt = {ATTEMPT} AND seq = ?"
        );
        for update in updates {
            let done = sqlx::query(sqlx::AssertSqlSafe(sql.as_str()))
                .bind(update.state.code())
                .bind(update.level_after.map(Level::units))
                .bind(update.detail.as_deref())
                .bind(run.as_str())
                .bind(update.seq)
                .execute(&mut *tx)
                .await
                .map_err(failure)?;
            if done.rows_affected() != 1 {
                return Err(StateError(format!("no line {} in run {run}", update.seq)));
            }
        }
        tx.commit().await.map_err(failure)
    }

    async fn lines(&self, run: &RunId) -> Result<Vec<LineRecord>, StateError> {
        let sql = format!("SELECT * FROM line WHERE run_id = ? AND attempt = {ATTEMPT} ORDER BY seq");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(run.as_str())
            .fetch_all(&self.pool)
            .await
            .map_err(failure)?;
        rows.iter().map(line).collect()
    }

    async fn skips(&self, run: &RunId) -> Result<Vec<Skip>, StateError> {
        let sql =
            format!("SELECT sku, reason FROM skip WHERE run_id = ? AND attempt = {ATTEMPT} ORDER BY seq");
        let rows: Vec<(String, String)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(run.as_str())
            .fetch_all(&self.pool)
            .await
            .map_err(failure)?;
        rows.into_iter()
            .map(|(sku, reason)| Ok(Skip { sku: sku.into(), reason: reason.parse().map_err(unknown_code)? }))
            .collect()
    }

    async fn plan(&self, run: &RunId) -> Result<Option<PlanRecord>, StateError> {
        let Some(record) = self.get(run).await? else { return Ok(None) };
        let changes = self.lines(run).await?.into_iter().map(|record| record.line.change).collect();
        Ok(Some(PlanRecord { run: record, changes }))
    }
}

async fn insert_lines(
    tx: &mut SqliteConnection,
    run: &RunId,
    attempt: i64,
    lines: &[LineRecord],
) -> Result<(), StateError> {
    let mut sql = QueryBuilder::<Sqlite>::new(
        "INSERT INTO line (run_id, attempt, seq, sku, product_id, variant_id, inventory_item_id, level_read,
         target, delta, state, detail) ",
    );
    sql.push_values(lines, |mut row, record| {
        let change = &record.line.change;
        row.push_bind(run.as_str())
            .push_bind(attempt)
            .push_bind(record.line.seq)
            .push_bind(change.sku.as_str())
            .push_bind(change.key.product.as_str())
            .push_bind(change.key.variant.as_str())
            .push_bind(change.inventory_item.as_str())
            .push_bind(change.level.units())
            .push_bind(change.target.units())
            .push_bind(change.delta.units())
            .push_bind(record.state.code())
            .push_bind(record.detail.as_deref());
    });
    sql.build().execute(tx).await.map_err(failure)?;
    Ok(())
}

async fn insert_skips(
    tx: &mut SqliteConnection,
    run: &RunId,
    attempt: i64,
    first: i64,
    skips: &[Skip],
) -> Result<(), StateError> {
    let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO skip (run_id, attempt, seq, sku, reason) ");
    sql.push_values((first..).zip(skips), |mut row, (seq, skip)| {
        row.push_bind(run.as_str())
            .push_bind(attempt)
            .push_bind(seq)
            .push_bind(skip.sku.as_ref())
            .push_bind(skip.reason.code());
    });
    sql.build().execute(tx).await.map_err(failure)?;
    Ok(())
}

fn line(row: &SqliteRow) -> Result<LineRecord, StateError> {
    let text = |name: &str| row.try_get::<String, _>(name).map_err(failure);
    let number = |name: &str| row.try_get::<i64, _>(name).map_err(failure);
    let damaged = |name: &str| unreadable("a line", format_args!("its {name} is out of range"));
    let change = Change {
        sku: Sku::parse(&text("sku")?).map_err(|error| unreadable("a line", error))?,
        key: ListingKey {
            product: ProductId::new(&text("product_id")?),
            variant: VariantId::new(&text("variant_id")?),
        },
        inventory_item: InventoryItemId::new(&text("inventory_item_id")?),
        level: Level::new(number("level_read")?).ok_or_else(|| damaged("level_read"))?,
        target: u32::try_from(number("target")?)
            .ok()
            .and_then(Target::new)
            .ok_or_else(|| damaged("target"))?,
        delta: Delta::new(number("delta")?).ok_or_else(|| damaged("delta"))?,
    };
    Ok(LineRecord {
        line: Line { seq: row.try_get("seq").map_err(failure)?, change },
        state: text("state")?.parse().map_err(unknown_code)?,
        batch: row.try_get("batch").map_err(failure)?,
        level_after: row.try_get::<Option<i64>, _>("level_after").map_err(failure)?.and_then(Level::new),
        detail: row.try_get("detail").map_err(failure)?,
    })
}
