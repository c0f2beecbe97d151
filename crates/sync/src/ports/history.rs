//! What earlier runs did with one SKU.

use async_trait::async_trait;
use domain::{ShopName, SkipReason, Sku};

use super::{LineRecord, RunRecord, StateError};

/// What one run did with one SKU. If it has neither lines nor a reason to leave the SKU alone, the shop showed the
/// target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkuRecord {
    /// The run.
    pub run: RunRecord,
    /// Its lines for the SKU, in order; more than one if a change was sent again.
    pub lines: Vec<LineRecord>,
    /// Why it left the SKU alone; `None` if it did not.
    pub skip: Option<SkipReason>,
}

/// The history of a SKU.
#[async_trait]
pub trait History: Send + Sync {
    /// The last runs of the shop that made a plan and covered `sku`, at most `limit` of them, newest first.
    async fn sku_records(&self, shop: &ShopName, sku: &Sku, limit: u32)
    -> Result<Vec<SkuRecord>, StateError>;

    /// The last runs of the shop that sent a change of `sku`, at most `limit` of them, newest first.
    async fn sku_changes(&self, shop: &ShopName, sku: &Sku, limit: u32)
    -> Result<Vec<SkuRecord>, StateError>;

    /// The running number of the first run that recorded anything of `sku`: a line, or a reason to leave it alone.
    /// `None` if none did.
    async fn first_record(&self, shop: &ShopName, sku: &Sku) -> Result<Option<u64>, StateError>;
}
