//! Explains the level of a SKU: both sides as they are now, and what earlier runs did. Writes nothing.

use domain::plan::explain::{NextStep, SkuStock};
use domain::stock::near_miss::{Alike, alike};
use domain::{Listing, ListingMap, Policy, Scope, ShopName, SkipReason, Sku, Stock};

use crate::calls::BATCH_SIZE;
use crate::observer::Silent;
use crate::ports::{
    History, ListingMaps, Shop, ShopError, SkuRecord, StateError, Warehouse, WarehouseError, WarehouseRead,
};

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
    /// SKUs of the warehouse that are spelled almost so, if the warehouse does not have this one, or if they keep it from
    /// being sold out.
    pub alike_in_warehouse: Vec<Alike>,
    /// SKUs of the shop that are spelled almost so, if the shop does not have this one. Those that the listing map knows.
    pub alike_in_shop: Vec<Alike>,
    /// What a run would do now; `None` if a side could not be read.
    pub next: Option<NextStep>,
    /// The last runs that looked at it, newest first.
    pub records: Vec<SkuRecord>,
    /// The last runs before them that sent a change of it, newest first.
    pub earlier_changes: Vec<SkuRecord>,
    /// The running number of the first run that recorded anything of it; `None` if none did.
    pub first_record: Option<u64>,
}

/// What a run tells of a SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// It planned changes.
    Changes,
    /// It left the SKU alone, for this reason.
    LeftAlone(SkipReason),
    /// It changed nothing: an earlier run had recorded the SKU, so it knew it, and the shop showed the target.
    InStep,
    /// It changed nothing, as every run so far.
    NoChange,
    /// It recorded nothing, and no run before it had: it did not know the SKU, or the shop showed the target.
    Unrecorded,
}

impl Explanation {
    /// What a run tells of the SKU, and no more than it knew.
    #[must_use]
    pub fn passage(&self, record: &SkuRecord) -> Passage {
        match (record.skip, self.first_record) {
            (Some(reason), _) => Passage::LeftAlone(reason),
            (None, _) if !record.lines.is_empty() => Passage::Changes,
            (None, None) => Passage::NoChange,
            (None, Some(first)) if record.run.number >= first => Passage::InStep,
            (None, Some(_)) => Passage::Unrecorded,
        }
    }

    /// The last runs in groups: each run with changes alone, and others with those before them that tell the same.
    #[must_use]
    pub fn passages(&self) -> Vec<(Passage, &[SkuRecord])> {
        let same = |a: &SkuRecord, b: &SkuRecord| {
            let passage = self.passage(a);
            passage != Passage::Changes && passage == self.passage(b)
        };
        let groups = self.records.chunk_by(same);
        groups.filter_map(|group| Some((self.passage(group.first()?), group))).collect()
    }
}

/// How many earlier changes are told.
const EARLIER_CHANGES: u32 = 3;

/// Explains `sku` in the shop named `name`, with at most `limit` earlier runs.
pub async fn explain(
    sources: Sources<'_>,
    name: &ShopName,
    sku: &Sku,
    policy: Policy,
    limit: u32,
) -> Result<Explanation, StateError> {
    let mut records = sources.history.sku_records(name, sku, limit).await?;
    let found = listings(sources, name, sku).await?;
    let read = sources.warehouse.read().await;
    let stock = read.as_ref().map(|read| SkuStock::of(sku, &read.rows, &read.warehouses, policy));
    let stock = stock.map_err(Clone::clone);
    let alike_in_shop = match &found {
        Ok(read) if read.iter().all(|listing| listing.sku.as_ref() != Some(sku)) => {
            let mut skus: Vec<Sku> = read.iter().filter_map(|listing| listing.sku.clone()).collect();
            let map = sources.maps.load_map(name).await?.filter(|map| *map.site == *sources.shop.site());
            skus.extend(map.iter().flat_map(ListingMap::skus).cloned());
            alike(sku, &skus)
        }
        _ => Vec::new(),
    };
    let is_own = |listing: &Listing| listing.sku.as_ref() == Some(sku);
    let next = match (&found, &stock) {
        (Ok(found), Ok(stock)) => Some(next_step(sources, name, sku, stock, found, policy).await?),
        _ => None,
    };
    let listings = found.map(|read| read.into_iter().filter(is_own).collect::<Vec<_>>());
    let is_near = next == Some(NextStep::LeftAlone(SkipReason::NearMiss));
    let alike_in_warehouse = read.map(|read| alike_in(sku, &read, is_near)).unwrap_or_default();
    // A run records nothing for a SKU that shows its target, nor for one that neither side has.
    if next == Some(NextStep::LeftAlone(SkipReason::UnknownSku)) {
        records.retain(|record| !record.lines.is_empty() || record.skip.is_some());
    }
    let earlier_changes = earlier_changes(sources.history, name, sku, &records).await?;
    let first_record = sources.history.first_record(name, sku).await?;
    Ok(Explanation {
        listings,
        stock,
        alike_in_warehouse,
        alike_in_shop,
        next,
        records,
        earlier_changes,
        first_record,
    })
}

/// What a run would do, where `found` are the SKU's listings and perhaps others.
async fn next_step(
    sources: Sources<'_>,
    name: &ShopName,
    sku: &Sku,
    stock: &SkuStock,
    found: &[Listing],
    policy: Policy,
) -> Result<NextStep, StateError> {
    let mut known = found.to_vec();
    for other in stock.unread(sku, found, policy) {
        // Where the shop cannot be asked, the SKU counts as one that it does not have, as in a run.
        let read = listings(sources, name, &other).await?.unwrap_or_default();
        known.extend(read.into_iter().filter(|listing| listing.sku.as_ref() == Some(&other)));
    }
    Ok(NextStep::of(sku, stock, &known, policy))
}

fn alike_in(sku: &Sku, read: &WarehouseRead, is_near_miss: bool) -> Vec<Alike> {
    let stock = Stock::sum(&read.rows, &read.warehouses);
    if stock.get(sku.as_str()).is_some() && !is_near_miss {
        return Vec::new();
    }
    alike(sku, stock.iter().map(|(sku, _)| sku))
}

/// The last changes of the SKU that are not among `records`.
async fn earlier_changes(
    history: &dyn History,
    name: &ShopName,
    sku: &Sku,
    records: &[SkuRecord],
) -> Result<Vec<SkuRecord>, StateError> {
    let told = u32::try_from(records.len()).unwrap_or(u32::MAX);
    let changes = history.sku_changes(name, sku, told.saturating_add(EARLIER_CHANGES)).await?;
    let is_told = |change: &SkuRecord| records.iter().any(|record| record.run.run.id == change.run.run.id);
    let most = usize::try_from(EARLIER_CHANGES).unwrap_or(usize::MAX);
    Ok(changes.into_iter().filter(|change| !is_told(change)).take(most).collect())
}

/// Reads the listings of the SKU, and perhaps others: by a query for the SKU if the shop offers one, else through the
/// listing map, else by reading the whole shop.
async fn listings(
    sources: Sources<'_>,
    name: &ShopName,
    sku: &Sku,
) -> Result<Result<Vec<Listing>, ShopError>, StateError> {
    Ok(match sources.shop.find(std::slice::from_ref(sku), BATCH_SIZE).await {
        Ok(Some(listings)) => Ok(listings),
        Err(error) => Err(error),
        Ok(None) => match remembered(sources, name, sku).await? {
            Ok(Some(listings)) => Ok(listings),
            Ok(None) => sources.shop.read_all(&Silent).await.map(|catalog| catalog.listings),
            Err(error) => Err(error),
        },
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::RunRecord;
    use domain::RunId;
    use domain::admission::record::{NewRun, Work};

    /// A run with this number that recorded no line.
    fn record(number: u64, skip: Option<SkipReason>) -> SkuRecord {
        let run = NewRun {
            id: RunId::new(&number.to_string()),
            shop: ShopName::new("default"),
            work: Work::Sync { dry_run: false },
            scope: Scope::All,
            policy: Policy::default(),
            durable: false,
            // A clock that was ahead in the first run says nothing.
            created_at: if number == 94 { 1_000 } else { 0 },
            starter: domain::Starter::SCHEDULE,
        };
        SkuRecord { run: RunRecord { number, ..RunRecord::pending(run) }, lines: Vec::new(), skip }
    }

    fn told(records: Vec<SkuRecord>, first_record: Option<u64>) -> Vec<(Passage, usize)> {
        let found = Explanation {
            listings: Ok(Vec::new()),
            stock: Err(WarehouseError::new(crate::ports::WarehouseErrorClass::Missing, "")),
            alike_in_warehouse: Vec::new(),
            alike_in_shop: Vec::new(),
            next: None,
            records,
            earlier_changes: Vec::new(),
            first_record,
        };
        found.passages().into_iter().map(|(passage, group)| (passage, group.len())).collect()
    }

    #[test]
    fn a_run_tells_only_what_it_knew_and_idle_ones_are_folded() {
        let untracked = Some(SkipReason::Untracked);
        let records = || {
            let skips = [None, None, untracked, untracked, None, None, None];
            (1..).zip(skips).map(|(n, skip)| record(100 - n, skip)).collect::<Vec<_>>()
        };
        assert_eq!(
            told(records(), Some(96)),
            [(Passage::InStep, 2), (Passage::LeftAlone(SkipReason::Untracked), 2), (Passage::Unrecorded, 3),]
        );
        assert_eq!(told(records(), Some(94)).last(), Some(&(Passage::Unrecorded, 1)), "known from there on");
        assert_eq!(told(vec![record(1, None), record(0, None)], None), [(Passage::NoChange, 2)]);
    }
}
