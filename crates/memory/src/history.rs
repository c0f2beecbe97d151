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
        rows.sort_by_key(|row| std::cmp::Reverse(row.record.number));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(rows.into_iter().take(limit).map(|row| record_of(row, sku)).collect())
    }

    async fn sku_changes(
        &self,
        shop: &ShopName,
        sku: &Sku,
        limit: u32,
    ) -> Result<Vec<SkuRecord>, StateError> {
        let tables = self.tables();
        let sent = |row: &&RunRow| {
            let own = row.all_lines().filter(|record| record.line.change.sku == *sku);
            row.record.run.shop == *shop && own.into_iter().any(|record| record.sending.is_some())
        };
        let mut rows: Vec<&RunRow> = tables.runs.iter().filter(sent).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.record.number));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(rows.into_iter().take(limit).map(|row| record_of(row, sku)).collect())
    }

    async fn first_record(&self, shop: &ShopName, sku: &Sku) -> Result<Option<u64>, StateError> {
        let tables = self.tables();
        let of_shop = tables.runs.iter().filter(|row| row.record.run.shop == *shop);
        let told = of_shop.filter(|row| {
            let record = record_of(row, sku);
            !record.lines.is_empty() || record.skip.is_some()
        });
        Ok(told.map(|row| row.record.number).min())
    }
}

/// What a run did with a SKU.
fn record_of(row: &RunRow, sku: &Sku) -> SkuRecord {
    SkuRecord {
        run: row.record.clone(),
        // The lines of every attempt, because earlier attempts wrote to the shop too.
        lines: row.all_lines().filter(|record| record.line.change.sku == *sku).cloned().collect(),
        skip: row.skips.iter().find(|skip| *skip.sku == *sku.as_str()).map(|skip| skip.reason),
    }
}
