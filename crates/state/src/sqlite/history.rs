//! What earlier runs did with one SKU.

use async_trait::async_trait;
use domain::{RunId, ShopName, Sku};
use futures::TryStreamExt;
use sync::ports::{History, LineRecord, RunRecord, SkuRecord, StateError};

use super::error::failure;
use super::json::to_json;
use super::{SqliteStore, journal, left_alone, rows};

#[async_trait]
impl History for SqliteStore {
    async fn sku_records(
        &self,
        shop: &ShopName,
        sku: &Sku,
        limit: u32,
    ) -> Result<Vec<SkuRecord>, StateError> {
        let runs = self.runs_that_looked_at(shop, sku, limit).await?;
        self.sku_records_of(runs, sku).await
    }

    async fn sku_changes(
        &self,
        shop: &ShopName,
        sku: &Sku,
        limit: u32,
    ) -> Result<Vec<SkuRecord>, StateError> {
        let rows = sqlx::query(
            // Numbers are sorted first: records are large.
            "SELECT * FROM run_record
             WHERE number IN (SELECT DISTINCT run.number FROM line CROSS JOIN run ON run.id = line.run_id
                              WHERE line.sku = ? AND line.sent_at IS NOT NULL AND run.shop = ?
                              ORDER BY run.number DESC LIMIT ?)
             ORDER BY number DESC",
        )
        .bind(sku.as_str())
        .bind(shop.as_str())
        .bind(limit)
        .fetch_all(&self.readers)
        .await
        .map_err(failure)?;
        let runs = rows.iter().map(rows::record).collect::<Result<_, _>>()?;
        self.sku_records_of(runs, sku).await
    }

    async fn first_record(&self, shop: &ShopName, sku: &Sku) -> Result<Option<u64>, StateError> {
        let number: Option<i64> = sqlx::query_scalar(
            "SELECT min(first) FROM (
                 SELECT min(run.number) AS first FROM line CROSS JOIN run ON run.id = line.run_id
                 WHERE line.sku = ?2 AND run.shop = ?1
                 UNION ALL
                 SELECT (SELECT number FROM run
                         WHERE shop = ?1 AND plan_no >= (SELECT min(from_no) FROM left_alone WHERE shop = ?1 AND sku = ?2)
                         ORDER BY plan_no LIMIT 1)
                 UNION ALL
                 SELECT (SELECT number FROM run
                         WHERE shop = ?1 AND filtered = 1
                           AND EXISTS (SELECT 1 FROM filtered_skip WHERE run_id = run.id AND sku = ?2)
                         ORDER BY number LIMIT 1))",
        )
        .bind(shop.as_str())
        .bind(sku.as_str())
        .fetch_one(&self.readers)
        .await
        .map_err(failure)?;
        // Numbers begin with 1.
        Ok(number.and_then(|number| u64::try_from(number).ok()))
    }
}

impl SqliteStore {
    async fn sku_records_of(&self, runs: Vec<RunRecord>, sku: &Sku) -> Result<Vec<SkuRecord>, StateError> {
        let mut records = Vec::new();
        for run in runs {
            let lines = self.lines_of(&run.run.id, sku).await?;
            let skip = left_alone::reason_of(&self.readers, &run.run.id, sku).await?;
            records.push(SkuRecord { run, lines, skip });
        }
        Ok(records)
    }

    async fn runs_that_looked_at(
        &self,
        shop: &ShopName,
        sku: &Sku,
        limit: u32,
    ) -> Result<Vec<RunRecord>, StateError> {
        let mut found = Vec::new();
        // A scope can be long: those that do not have the SKU in their text at all are not worth reading.
        let mut found_rows = sqlx::query(
            "SELECT * FROM run_record WHERE shop = ? AND facts IS NOT NULL AND (filtered = 0 OR instr(scope, ?) > 0)
             ORDER BY number DESC",
        )
        .bind(shop.as_str())
        .bind(to_json(sku)?)
        .fetch(&self.readers);
        while found.len() < usize::try_from(limit).unwrap_or(usize::MAX) {
            let Some(row) = found_rows.try_next().await.map_err(failure)? else { break };
            let record = rows::record(&row)?;
            if record.run.scope.contains(sku.as_str()) {
                found.push(record);
            }
        }
        Ok(found)
    }

    /// Of every attempt: what an earlier one wrote is in the shop as well.
    async fn lines_of(&self, run: &RunId, sku: &Sku) -> Result<Vec<LineRecord>, StateError> {
        let rows = sqlx::query("SELECT * FROM line WHERE run_id = ? AND sku = ? ORDER BY attempt, seq")
            .bind(run.as_str())
            .bind(sku.as_str())
            .fetch_all(&self.readers)
            .await
            .map_err(failure)?;
        rows.iter().map(journal::line).collect()
    }
}
