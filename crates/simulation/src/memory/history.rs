//! What earlier runs did with one SKU.

use async_trait::async_trait;
use domain::{ShopName, Sku};
use sync::ports::{History, Passage, StateError};

use super::{MemoryState, RunRow};

#[async_trait]
impl History for MemoryState {
    async fn passages(&self, shop: &ShopName, sku: &Sku, limit: u32) -> Result<Vec<Passage>, StateError> {
        let tables = self.tables();
        let looked_at = |row: &&RunRow| {
            row.planned && row.record.run.shop == *shop && row.record.run.scope.contains(sku.as_str())
        };
        let mut rows: Vec<&RunRow> = tables.runs.iter().filter(looked_at).collect();
        rows.sort_by_key(|row| std::cmp::Reverse((row.record.run.created_at, &row.record.run.id)));
        let passage = |row: &RunRow| Passage {
            run: row.record.clone(),
            lines: row.lines.iter().filter(|record| record.line.change.sku == *sku).cloned().collect(),
            skip: row.skips.iter().find(|skip| *skip.sku == *sku.as_str()).map(|skip| skip.reason),
        };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(rows.into_iter().take(limit).map(passage).collect())
    }
}
