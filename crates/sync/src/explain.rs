//! Why a SKU has its level: both sides as they are now, and what earlier runs did. Nothing is written.

use domain::explain::{NextStep, SkuStock};
use domain::{Listing, Policy, Scope, ShopName, SkipReason, Sku};

use crate::calls::BATCH_SIZE;
use crate::observer::Silent;
use crate::ports::{History, ListingMaps, Shop, ShopError, SkuRecord, StateError, Warehouse, WarehouseError};

/// Where to look.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The shop.
    pub shop: &'a dyn Shop,
    /// The warehouse.
    pub warehouse: &'a dyn Warehouse,
    /// What is remembered of the shop.
    pub maps: &'a dyn ListingMaps,
    /// What was done.
    pub history: &'a dyn History,
}

/// What is known of a SKU. A side that cannot be read does not hide the other.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The listings that carry it.
    pub listings: Result<Vec<Listing>, ShopError>,
    /// Its stock.
    pub stock: Result<SkuStock, WarehouseError>,
    /// What a run would do now, where both sides could be read.
    pub next: Option<NextStep>,
    /// The last runs that looked at it, newest first.
    pub passages: Vec<SkuRecord>,
}

/// Explains `sku` of the shop named `name`, with at most `limit` earlier runs.
pub async fn explain(
    sources: Sources<'_>,
    name: &ShopName,
    sku: &Sku,
    policy: Policy,
    limit: u32,
) -> Result<Explanation, StateError> {
    let mut passages = sources.history.sku_records(name, sku, limit).await?;
    let listings = listings(sources, name, sku).await?;
    let stock = sources.warehouse.read().await;
    let stock = stock.map(|read| SkuStock::of(sku, &read.rows, &read.warehouses, policy));
    let next = match (&listings, &stock) {
        (Ok(listings), Ok(stock)) => Some(NextStep::of(sku, stock, listings, policy)),
        _ => None,
    };
    // A run tells nothing of a SKU that shows its target, nor of one that neither side knows.
    if next == Some(NextStep::LeftAlone(SkipReason::UnknownSku)) {
        passages.retain(|passage| !passage.lines.is_empty() || passage.skip.is_some());
    }
    Ok(Explanation { listings, stock, next, passages })
}

/// By SKU where the shop can be asked so, else where the SKU stood when the shop was last read, else by a whole
/// read.
async fn listings(
    sources: Sources<'_>,
    name: &ShopName,
    sku: &Sku,
) -> Result<Result<Vec<Listing>, ShopError>, StateError> {
    let found = match sources.shop.find(std::slice::from_ref(sku), BATCH_SIZE).await {
        Ok(Some(listings)) => Ok(listings),
        Err(error) => Err(error),
        Ok(None) => match remembered(sources, name, sku).await? {
            Ok(Some(listings)) => Ok(listings),
            Ok(None) => sources.shop.read_all(&Silent).await.map(|catalog| catalog.listings),
            Err(error) => Err(error),
        },
    };
    let is_own = |listing: &Listing| listing.sku.as_ref() == Some(sku);
    Ok(found.map(|listings| listings.into_iter().filter(is_own).collect()))
}

/// The levels of the listings that are remembered for the SKU; `None` where the shop contradicts the memory, or
/// nothing is remembered of the SKU.
async fn remembered(
    sources: Sources<'_>,
    name: &ShopName,
    sku: &Sku,
) -> Result<Result<Option<Vec<Listing>>, ShopError>, StateError> {
    let map = sources.maps.load_map(name).await?.filter(|map| *map.site == *sources.shop.site());
    let Some(map) = map else { return Ok(Ok(None)) };
    let scope = Scope::Skus([sku.clone()].into());
    let wanted = map.wanted(&scope);
    if wanted.is_empty() {
        return Ok(Ok(None));
    }
    Ok(sources.shop.levels(&wanted).await.map(|items| match map.with_levels(&scope, &items) {
        Ok((listings, gone)) if gone.is_empty() => Some(listings),
        Ok(_) | Err(_) => None,
    }))
}
