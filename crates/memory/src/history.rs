//! What earlier runs did with one SKU.

use async_trait::async_trait;
use domain::{ShopName, Sku};
use sync::ports::{History, SkuRecord, StateError};

use crate::MemoryStore;
use crate::tables::RunRow;

#[async_trait]
impl History for MemoryStore {
    async fn sku_records(
        &self,
        shop: &ShopName,
        sku: &Sku,
        limit: u32,
    ) -> Result<Vec<SkuRecord>, StateError> {
        let tables = self.tables();
        let looked_at = |row: &&RunRow| {
            let run = &row.record.run;
            row.record.facts.is_some() && run.shop == *shop && run.scope.contains(sku.as_str())
        };
        let mut rows: Vec<&RunRow> = tables.runs.iter().filter(looked_at).collect();
        rows.sort_by_key(|row| std::cmp::Reverse((row.record.run.created_at, &row.record.run.id)));
        let record = |row: &RunRow| SkuRecord {
            run: row.record.clone(),
            // The lines of every attempt, because earlier attempts wrote to the shop too.
            lines: row.all_lines().filter(|record| record.line.change.sku == *sku).cloned().collect(),
            skip: row.skips.iter().find(|skip| *skip.sku == *sku.as_str()).map(|skip| skip.reason),
        };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(rows.into_iter().take(limit).map(record).collect())
    }
}
