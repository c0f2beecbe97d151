//! The journal of lines.

use async_trait::async_trait;
use domain::listing::Revision;
use domain::plan::skip::Skip;
use domain::plan::{Change, Facts};
use domain::{Delta, InventoryItemId, Level, Line, ListingKey, RunId, ShopName, Sku, Target, UnixMillis};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};
use sync::lease::SEND_WITHIN_MS;
use sync::ports::{
    Fence, Journal, LineRecord, LineUpdate, PlanRecord, RecentWrite, Runs, Sending, StateError,
};

use super::SqliteStore;
use super::error::{failure, unknown_code, unreadable};
use super::json::to_json;
use super::leases::pass;
use super::left_alone;
use super::pauses::paused;
use super::rows::{key, location};

/// Rows of one INSERT: SQLite takes 32,766 values in a statement, and a line has sixteen.
const ROWS: usize = 2_000;

/// No write is older than this when its answer is recorded: bounds the search for recent ones by the index.
const LONGEST_WRITE_MS: i64 = 24 * 60 * 60 * 1_000;

/// The attempt of run `?1` whose lines count: the latest that has begun. The run is named by the parameter and not by the line's
/// own column, so that the whole key of a line can be looked up.
const ATTEMPT: &str = "(SELECT line_attempt FROM run WHERE id = ?1)";

#[async_trait]
impl Journal for SqliteStore {
    async fn save_plan(
        &self,
        run: &RunId,
        fence: &Fence,
        facts: &Facts,
        lines: &[LineRecord],
        skips: &[Skip],
    ) -> Result<Option<u64>, StateError> {
        let mut tx = self.writing().await?;
        pass(&mut tx, fence).await?;
        let attempt = attempt_of(&mut tx, run).await?;
        sqlx::query("UPDATE run SET facts = ? WHERE id = ?")
            .bind(to_json(facts)?)
            .bind(run.as_str())
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        for group in lines.chunks(ROWS) {
            insert_lines(&mut tx, run, attempt, group).await?;
        }
        let new = left_alone::record(&mut tx, run, skips).await?;
        tx.commit().await?;
        Ok(new)
    }

    async fn sent(
        &self,
        run: &RunId,
        fence: &Fence,
        seqs: &[u32],
        sending: Sending,
    ) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        if !pass(&mut tx, fence).await?.may_send_at(sending.sent_at) {
            return Err(StateError::Fenced);
        }
        if paused(&mut tx, &fence.shop).await?.is_some() {
            return Err(StateError::Paused);
        }
        // One statement for all lines: each one's way to the database and back costs more than its change. With `IN`
        // SQLite looks each line up by its whole key, and does not go through all lines of the run.
        let sql = format!(
            "UPDATE line SET state = 'sent', batch = ?3, sent_at = ?4, send_before = ?5, timeout_ms = ?6
             WHERE run_id = ?1 AND attempt = {ATTEMPT} AND seq IN (SELECT value FROM json_each(?2))
               AND state = 'planned'"
        );
        let done = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(run.as_str())
            .bind(to_json(&seqs)?)
            .bind(sending.batch)
            .bind(sending.sent_at)
            .bind(sending.send_before)
            .bind(sending.timeout_ms)
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        if done.rows_affected() != count(seqs.len()) {
            return Err(StateError::defect(format_args!(
                "of the lines {seqs:?} of run {run} some are not waiting to be sent"
            )));
        }
        tx.commit().await
    }

    async fn update(
        &self,
        run: &RunId,
        fence: &Fence,
        at: UnixMillis,
        updates: &[LineUpdate],
        again: &[LineRecord],
    ) -> Result<(), StateError> {
        if updates.is_empty() && again.is_empty() {
            return Ok(());
        }
        let mut tx = self.writing().await?;
        pass(&mut tx, fence).await?;
        let sql = format!(
            "WITH new (seq, state, level_after, detail) AS MATERIALIZED (
                 SELECT CAST(value ->> 0 AS INTEGER), value ->> 1, value ->> 2, value ->> 3 FROM json_each(?2))
             UPDATE line SET answered_at = CASE line.state WHEN 'sent' THEN ?3 ELSE answered_at END,
                 acked = acked OR new.state = 'acked', state = new.state, level_after = new.level_after, detail = new.detail
             FROM new
             WHERE run_id = ?1 AND attempt = {ATTEMPT} AND line.seq IN (SELECT seq FROM new)
               AND line.seq = new.seq"
        );
        for group in updates.chunks(ROWS) {
            let rows: Vec<_> = group.iter().map(update_row).collect();
            let done = sqlx::query(sqlx::AssertSqlSafe(sql.as_str()))
                .bind(run.as_str())
                .bind(to_json(&rows)?)
                .bind(at)
                .execute(&mut *tx)
                .await
                .map_err(failure)?;
            if done.rows_affected() != count(group.len()) {
                return Err(StateError::defect(format_args!("a line of run {run} is not there")));
            }
        }
        let attempt = attempt_of(&mut tx, run).await?;
        for group in again.chunks(ROWS) {
            insert_lines(&mut tx, run, attempt, group).await?;
        }
        tx.commit().await
    }

    async fn lines(&self, run: &RunId) -> Result<Vec<LineRecord>, StateError> {
        let sql = format!("SELECT * FROM line WHERE run_id = ?1 AND attempt = {ATTEMPT} ORDER BY seq");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(run.as_str())
            .fetch_all(&self.readers)
            .await
            .map_err(failure)?;
        rows.iter().map(line).collect()
    }

    async fn lines_after(
        &self,
        run: &RunId,
        after: Option<u32>,
        limit: u32,
    ) -> Result<Vec<LineRecord>, StateError> {
        let sql = format!(
            "SELECT * FROM line WHERE run_id = ?1 AND attempt = {ATTEMPT} AND seq > ?2 ORDER BY seq LIMIT ?3"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(run.as_str())
            .bind(after.map_or(-1, i64::from))
            .bind(limit)
            .fetch_all(&self.readers)
            .await
            .map_err(failure)?;
        rows.iter().map(line).collect()
    }

    async fn next_seq(&self, run: &RunId) -> Result<u32, StateError> {
        let highest: Option<u32> = sqlx::query_scalar(
            "SELECT max(top) FROM (SELECT max(seq) AS top FROM line WHERE run_id = ? GROUP BY attempt)",
        )
        .bind(run.as_str())
        .fetch_one(&self.readers)
        .await
        .map_err(failure)?;
        Ok(highest.map_or(0, |seq| seq.saturating_add(1)))
    }

    async fn skips(&self, run: &RunId) -> Result<Vec<Skip>, StateError> {
        left_alone::of_run(&self.readers, run).await
    }

    async fn plan(&self, run: &RunId) -> Result<Option<PlanRecord>, StateError> {
        let Some(record) = self.get(run).await? else { return Ok(None) };
        let lines = self.lines(run).await?;
        let changes = lines.into_iter().map(|record| record.line.change).collect();
        Ok(Some(PlanRecord { run: record, changes }))
    }

    async fn bring_back_writes(&self, fence: &Fence, now: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        pass(&mut tx, fence).await?;
        sqlx::query(
            "UPDATE line SET send_before = min(send_before, ?1), answered_at = min(answered_at, ?2)
             WHERE send_before > ?2 - ?3 AND (send_before > ?1 OR answered_at > ?2)
               AND run_id IN (SELECT id FROM run WHERE shop = ?4)",
        )
        .bind(now.saturating_add(SEND_WITHIN_MS))
        .bind(now)
        .bind(LONGEST_WRITE_MS)
        .bind(fence.shop.as_str())
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
        tx.commit().await
    }

    async fn recent_writes(
        &self,
        shop: &ShopName,
        since: UnixMillis,
    ) -> Result<Vec<RecentWrite>, StateError> {
        let rows = sqlx::query(
            "SELECT product_id, variant_id, location_id, state, batch, sent_at, send_before, timeout_ms, answered_at, acked
             FROM line JOIN run ON run.id = line.run_id
             WHERE line.send_before > ?1 - ?2 AND run.shop = ?3
               AND (line.send_before + line.timeout_ms > ?1 OR line.answered_at > ?1)",
        )
        .bind(since)
        .bind(LONGEST_WRITE_MS)
        .bind(shop.as_str())
        .fetch_all(&self.readers)
        .await
        .map_err(failure)?;
        rows.iter().map(recent_write).collect()
    }

    async fn left_out(&self, shop: &ShopName, since: UnixMillis) -> Result<Vec<ListingKey>, StateError> {
        // The detail is that of `domain::write::settle::LEFT_OUT`. It stands here as text, so that the index is used.
        let rows = sqlx::query(
            "SELECT DISTINCT line.product_id, line.variant_id, line.location_id
             FROM line JOIN run ON run.id = line.run_id
             WHERE line.detail = 'left_out' AND line.sent_at > ? AND run.shop = ? AND NOT EXISTS (
                 SELECT 1 FROM line AS later JOIN run AS other ON other.id = later.run_id
                 WHERE later.sku = line.sku AND later.acked = 1 AND other.shop = run.shop
                   AND (other.ended_no, later.seq) > (run.ended_no, line.seq)
                   AND (later.product_id, later.variant_id, later.location_id)
                     = (line.product_id, line.variant_id, line.location_id))",
        )
        .bind(since)
        .bind(shop.as_str())
        .fetch_all(&self.readers)
        .await
        .map_err(failure)?;
        rows.iter().map(key).collect()
    }
}

/// A line's number and what becomes of it, in the order in which the statement takes them apart.
fn update_row(update: &LineUpdate) -> (u32, &'static str, Option<i64>, Option<&str>) {
    (update.seq, update.state.code(), update.level_after.map(Level::units), update.detail.as_deref())
}

/// Lossless on every platform that Rust supports.
fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

fn recent_write(row: &SqliteRow) -> Result<RecentWrite, StateError> {
    let text = |name: &str| row.try_get::<String, _>(name).map_err(failure);
    Ok(RecentWrite {
        key: key(row)?,
        state: text("state")?.parse().map_err(unknown_code)?,
        sending: sending(row)?.ok_or_else(|| unreadable("a line", "it was sent without a moment"))?,
        answered_at: row.try_get("answered_at").map_err(failure)?,
        acked: row.try_get("acked").map_err(failure)?,
    })
}

async fn attempt_of(tx: &mut SqliteConnection, run: &RunId) -> Result<i64, StateError> {
    sqlx::query_scalar("SELECT line_attempt FROM run WHERE id = ?")
        .bind(run.as_str())
        .fetch_optional(tx)
        .await
        .map_err(failure)?
        .ok_or_else(|| StateError::defect(format_args!("no run {run}")))
}

async fn insert_lines(
    tx: &mut SqliteConnection,
    run: &RunId,
    attempt: i64,
    lines: &[LineRecord],
) -> Result<(), StateError> {
    let mut sql = QueryBuilder::<Sqlite>::new(
        "INSERT INTO line (run_id, attempt, seq, sku, product_id, variant_id, location_id, inventory_item_id, level_read,
         revision, target, delta, state, retry_of, is_copy, detail) ",
    );
    sql.push_values(lines, |mut row, record| {
        let change = &record.line.change;
        row.push_bind(run.as_str())
            .push_bind(attempt)
            .push_bind(record.line.seq)
            .push_bind(change.sku.as_str())
            .push_bind(change.key.product.as_str())
            .push_bind(change.key.variant.as_str())
            .push_bind(location(&change.key))
            .push_bind(change.inventory_item.as_str())
            .push_bind(change.level.units())
            .push_bind(change.revision.map(Revision::number))
            .push_bind(change.target.units())
            .push_bind(change.delta.units())
            .push_bind(record.state.code())
            .push_bind(record.line.retry_of)
            .push_bind(record.line.is_copy)
            .push_bind(record.detail.as_deref());
    });
    sql.build().execute(tx).await.map_err(failure)?;
    Ok(())
}

pub(super) fn line(row: &SqliteRow) -> Result<LineRecord, StateError> {
    let text = |name: &str| row.try_get::<String, _>(name).map_err(failure);
    let number = |name: &str| row.try_get::<i64, _>(name).map_err(failure);
    let damaged = |name: &str| unreadable("a line", format_args!("its {name} is out of range"));
    let change = Change {
        revision: row.try_get::<Option<i64>, _>("revision").map_err(failure)?.map(Revision::new),
        sku: Sku::parse(&text("sku")?).map_err(|error| unreadable("a line", error))?,
        key: key(row)?,
        inventory_item: InventoryItemId::new(&text("inventory_item_id")?),
        level: Level::new(number("level_read")?).ok_or_else(|| damaged("level_read"))?,
        target: u32::try_from(number("target")?)
            .ok()
            .and_then(Target::new)
            .ok_or_else(|| damaged("target"))?,
        delta: Delta::new(number("delta")?).ok_or_else(|| damaged("delta"))?,
    };
    Ok(LineRecord {
        line: Line {
            seq: row.try_get("seq").map_err(failure)?,
            retry_of: row.try_get("retry_of").map_err(failure)?,
            is_copy: row.try_get("is_copy").map_err(failure)?,
            change,
        },
        state: text("state")?.parse().map_err(unknown_code)?,
        sending: sending(row)?,
        answered_at: row.try_get("answered_at").map_err(failure)?,
        acked: row.try_get("acked").map_err(failure)?,
        level_after: row.try_get::<Option<i64>, _>("level_after").map_err(failure)?.and_then(Level::new),
        detail: row.try_get("detail").map_err(failure)?,
    })
}

/// How a line went out; its columns are written together.
fn sending(row: &SqliteRow) -> Result<Option<Sending>, StateError> {
    let batch: Option<u32> = row.try_get("batch").map_err(failure)?;
    let sent_at: Option<i64> = row.try_get("sent_at").map_err(failure)?;
    let send_before: Option<i64> = row.try_get("send_before").map_err(failure)?;
    let timeout_ms: i64 = row.try_get("timeout_ms").map_err(failure)?;
    Ok(match (batch, sent_at, send_before) {
        (Some(batch), Some(sent_at), Some(send_before)) => {
            Some(Sending { batch, sent_at, send_before, timeout_ms })
        }
        _ => None,
    })
}
