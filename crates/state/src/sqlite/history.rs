//! What earlier runs did with one SKU.

use async_trait::async_trait;
use domain::{RunId, ShopName, SkipReason, Sku};
use futures::TryStreamExt;
use sync::ports::{History, LineRecord, RunRecord, SkuRecord, StateError};

use super::error::{failure, unknown_code};
use super::{SqliteStore, journal, rows};

#[async_trait]
impl History for SqliteStore {
    async fn sku_records(
        &self,
        shop: &ShopName,
        sku: &Sku,
        limit: u32,
    ) -> Result<Vec<SkuRecord>, StateError> {
        let mut records = Vec::new();
        for run in self.runs_that_looked_at(shop, sku, limit).await? {
            let lines = self.lines_of(&run.run.id, sku).await?;
            let skip = self.skip_of(&run.run.id, sku).await?;
            records.push(SkuRecord { run, lines, skip });
        }
        Ok(records)
    }
}

impl SqliteStore {
    async fn runs_that_looked_at(
        &self,
        shop: &ShopName,
        sku: &Sku,
        limit: u32,
    ) -> Result<Vec<RunRecord>, StateError> {
        let mut found = Vec::new();
        // A scope can be long: those that do not have the SKU in their text at all are not worth reading.
        let mut found_rows = sqlx::query(
            "SELECT * FROM run WHERE shop = ? AND facts IS NOT NULL AND (filtered = 0 OR instr(scope, ?) > 0)
             ORDER BY created_at DESC, id DESC",
        )
        .bind(shop.as_str())
        .bind(rows::to_json(sku)?)
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

    async fn skip_of(&self, run: &RunId, sku: &Sku) -> Result<Option<SkipReason>, StateError> {
        let sql = "SELECT reason FROM skip WHERE run_id = ? AND sku = ? ORDER BY attempt DESC LIMIT 1";
        let reason: Option<String> = sqlx::query_scalar(sql)
            .bind(run.as_str())
            .bind(sku.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(failure)?;
        reason.map(|reason| reason.parse().map_err(unknown_code)).transpose()
    }
}
