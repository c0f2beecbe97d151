//! Explains the level of a SKU: both sides as they are now, and what earlier runs did. Writes nothing.

use domain::plan::explain::{NextStep, SkuStock};
use domain::{Listing, Policy, Scope, ShopName, SkipReason, Sku};

use crate::calls::BATCH_SIZE;
use crate::observer::Silent;
use crate::ports::{History, ListingMaps, Shop, ShopError, SkuRecord, StateError, Warehouse, WarehouseError};

/// What the explanation is read from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The shop.
    pub shop: &'a dyn Shop,
    /// The warehouse.
    pub warehouse: &'a dyn Warehouse,
    /// The listing maps.
    pub maps: &'a dyn ListingMaps,
    /// The history of earlier runs.
    pub history: &'a dyn History,
}

/// What is known of a SKU. If one side cannot be read, the other is still shown.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The listings that carry it.
    pub listings: Result<Vec<Listing>, ShopError>,
    /// Its stock.
    pub stock: Result<SkuStock, WarehouseError>,
    /// What a run would do now; `None` if a side could not be read.
    pub next: Option<NextStep>,
    /// The last runs that looked at it, newest first.
    pub records: Vec<SkuRecord>,
}

/// Explains `sku` in the shop named `name`, with at most `limit` earlier runs.
pub async fn explain(
    sources: Sources<'_>,
    name: &ShopName,
    sku: &Sku,
    policy: Policy,
    limit: u32,
) -> Result<Explanation, StateError> {
    let mut records = sources.history.sku_records(name, sku, limit).await?;
    let listings = listings(sources, name, sku).await?;
    let stock = sources.warehouse.read().await;
    let stock = stock.map(|read| SkuStock::of(sku, &read.rows, &read.warehouses, policy));
    let next = match (&listings, &stock) {
        (Ok(listings), Ok(stock)) => Some(NextStep::of(sku, stock, listings, policy)),
        _ => None,
    };
    // A run records nothing for a SKU that shows its target, nor for one that neither side has.
    if next == Some(NextStep::LeftAlone(SkipReason::UnknownSku)) {
        records.retain(|record| !record.lines.is_empty() || record.skip.is_some());
    }
    Ok(Explanation { listings, stock, next, records })
}

/// Finds the listings of the SKU: by a query for the SKU if the shop offers one, else through the listing map, else
/// by reading the whole shop.
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

/// The listings of the SKU in the listing map, with their levels; `None` if the map does not have the SKU, or if the
/// shop contradicts the map.
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
