//! A shop on catalog V1.

mod listings;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use domain::listing::ItemLevel;
use domain::listing::map::ChangedProduct;
use domain::listing::reading::{ReadCosts, WayCost};
use domain::write::batch::BatchTerms;
use domain::write::settle::Settling;
use domain::{
    Batch, Direction, InventoryItemId, Level, Listing, ListingKey, ProductId, Sku, UnixMillis, VariantId,
};
use futures::{StreamExt, TryStreamExt, stream};
use sync::ports::{
    Catalog, Changes, Clock, SendGate, Shop, ShopError, ShopErrorClass, ShopTerms, WriteReply,
};
use sync::{Event, Observer};
use wix::v1::PAGE;
use wix::v1::changed::Changed;
use wix::v1::inventory::{Adjustment, InventoryItem};
use wix::v1::products::Product;
use wix::{Class, Client, WixError};

use crate::error::{failed_write, port_error};
use crate::gate::ClientGate;
use listings::{listings_of, managed_listing};

/// How many reads may be in flight at once.
const READS_IN_FLIGHT: usize = 8;

/// The error text for a batch that would need two calls.
const MIXED: &str = "a batch both raises and lowers";

/// The Shop port over a client of a V1 site.
pub(crate) struct V1Shop {
    client: Arc<Client>,
    clock: Arc<dyn Clock>,
}

/// [`PAGE`] as the type of the read costs.
const PAGE_ENTRIES: u64 = PAGE as u64;

/// The terms of catalog V1. Every read begins with one request for the catalog version. The pages of a crawl are read
/// one after the other (keyset pagination). Known ids need one more request for the changed products. A page of SKUs
/// needs three: for products, for managed variants and for the levels of those variants.
const TERMS: ShopTerms = ShopTerms {
    catalog: "v1",
    reading: ReadCosts {
        crawl: WayCost { fixed: 1, page: PAGE_ENTRIES, per_page: 1, at_once: 1 },
        known_ids: WayCost { fixed: 2, page: PAGE_ENTRIES, per_page: 1, at_once: READS_IN_FLIGHT as u64 },
        changes: None,
        sku_list: WayCost { fixed: 1, page: PAGE_ENTRIES, per_page: 3, at_once: 1 },
    },
    // Wix has one call to increment and one to decrement, with at most 300 entries each.
    batches: BatchTerms { most: 300, one_direction: true },
    settling: Settling::Evidence,
};

impl V1Shop {
    /// The shop behind `client`, whose site must be on V1.
    pub(crate) fn new(client: Arc<Client>, clock: Arc<dyn Clock>) -> Self {
        Self { client, clock }
    }

    /// The largest amount by which Wix's clock may be behind ours, in milliseconds. The header `Date` is cut to
    /// seconds and already old when it arrives, so the true difference may be smaller by up to a second and a round
    /// trip. A clock ahead of ours counts as equal, because a `Date` that another server set would make changes look
    /// older than they are.
    fn wix_is_behind_ms(&self) -> Option<i64> {
        Some(self.clock.now().saturating_sub(self.client.server_time_ms()?).max(0))
    }

    /// A time that is past by both clocks, Wix's and ours. Changes from now on are later by both.
    fn as_of(&self) -> Option<UnixMillis> {
        Some(self.client.server_time_ms()?.min(self.clock.now()))
    }

    async fn crawl(&self, observer: &dyn Observer) -> Result<Catalog, WixError> {
        let as_of = self.as_of();
        let (mut listings, mut products) = (Vec::new(), 0);
        self.client
            .v1_crawl(|page, progress| {
                listings.extend(page.iter().flat_map(listings_of));
                products = progress.read;
                observer.event(&Event::ShopPage { read: progress.read, total: progress.total });
            })
            .await?;
        Ok(Catalog { listings, products, as_of })
    }

    /// I5: if the pages do not add up, the shop is read once more. A second failure is an error.
    async fn crawl_whole(&self, observer: &dyn Observer) -> Result<Catalog, ShopError> {
        match self.crawl(observer).await {
            Err(error) if error.class == Class::Incomplete => {
                observer.event(&Event::ReadingShopAgain);
                self.crawl(observer).await
            }
            result => result,
        }
        .map_err(|error| port_error(&error))
    }

    async fn find_by_product_sku(&self, skus: &[Sku], batch_size: usize) -> Result<Vec<Listing>, WixError> {
        let mut listings = Vec::new();
        for group in skus.chunks(batch_size.clamp(1, PAGE)) {
            let texts: Vec<&str> = group.iter().map(Sku::as_str).collect();
            let products = self.client.v1_products_by_sku(&texts).await?;
            listings.extend(products.iter().flat_map(listings_of));
        }
        Ok(listings)
    }

    /// The managed variants that carry one of `skus`. `None` if Wix does not filter variants by SKU: it refuses the
    /// query, or answers with variants that were not requested.
    async fn find_managed(&self, skus: &[Sku], batch_size: usize) -> Result<Option<Vec<Listing>>, WixError> {
        let mut listings = Vec::new();
        for group in skus.chunks(batch_size.clamp(1, PAGE)) {
            let texts: Vec<&str> = group.iter().map(Sku::as_str).collect();
            let rows = match self.client.v1_variants_by_sku(&texts).await {
                Ok(rows) => rows,
                Err(error) if matches!(error.class, Class::Refused | Class::Incomplete) => return Ok(None),
                Err(error) => return Err(error),
            };
            if rows.iter().any(|row| !row.sku.as_deref().is_some_and(|sku| texts.contains(&sku))) {
                return Ok(None);
            }
            let managed: Vec<_> = rows.into_iter().filter(|row| row.managed_variant).collect();
            let products: BTreeSet<&String> = managed.iter().map(|row| &row.product_id).collect();
            let products: Vec<String> = products.into_iter().cloned().collect();
            for products in products.chunks(PAGE) {
                let items = self.client.v1_inventory_of(products).await?;
                listings.extend(managed.iter().map(|row| managed_listing(row, &items)));
            }
        }
        Ok(Some(listings))
    }
}

#[async_trait]
impl Shop for V1Shop {
    async fn connect(&self) -> Result<ShopTerms, ShopError> {
        Ok(TERMS)
    }

    fn site(&self) -> &str {
        self.client.site()
    }

    async fn read_all(&self, observer: &dyn Observer) -> Result<Catalog, ShopError> {
        self.crawl_whole(observer).await
    }

    async fn changed_since(&self, since: UnixMillis, at_most: u64) -> Result<Changes, ShopError> {
        let Some(as_of) = self.as_of() else { return Ok(Changes::NotOffered) };
        let changed = self.client.v1_changed_since(since, at_most).await;
        Ok(match changed.map_err(|error| port_error(&error))? {
            Changed::All { products, total } => {
                let products = products.iter().map(changed_product).collect();
                Changes::All { products, total, as_of }
            }
            Changed::Many => Changes::Many,
            Changed::Unreliable => Changes::NotOffered,
        })
    }

    /// The query for products only finds their own SKUs, so managed variants need a query of their own.
    async fn find(&self, skus: &[Sku], batch_size: usize) -> Result<Option<Vec<Listing>>, ShopError> {
        let wanted: BTreeSet<&Sku> = skus.iter().filter(|sku| !sku.is_too_long()).collect();
        let asked: Vec<Sku> = wanted.iter().copied().cloned().collect();
        let managed = self.find_managed(&asked, batch_size).await.map_err(|error| port_error(&error))?;
        let Some(mut listings) = managed else { return Ok(None) };
        let plain = self.find_by_product_sku(&asked, batch_size).await;
        listings.extend(plain.map_err(|error| port_error(&error))?);
        listings.retain(|listing| listing.sku.as_ref().is_some_and(|sku| wanted.contains(sku)));
        Ok(Some(listings))
    }

    async fn levels(&self, products: &[ProductId]) -> Result<Vec<ItemLevel>, ShopError> {
        let unique: BTreeSet<&ProductId> = products.iter().collect();
        let unique: Vec<String> = unique.into_iter().map(ToString::to_string).collect();
        let groups: Vec<Vec<String>> = unique.chunks(PAGE).map(<[String]>::to_vec).collect();
        let pages: Vec<Vec<InventoryItem>> = stream::iter(groups)
            .map(|group| async move { self.client.v1_inventory_of(&group).await })
            .buffer_unordered(READS_IN_FLIGHT)
            .try_collect()
            .await
            .map_err(|error| port_error(&error))?;
        let wix_is_behind_ms = self.wix_is_behind_ms();
        Ok(pages.into_iter().flatten().flat_map(|item| levels_of(item, wix_is_behind_ms)).collect())
    }

    async fn write(&self, batch: &Batch, gate: &dyn SendGate) -> WriteReply {
        let gate = ClientGate::new(gate, &self.clock);
        let entries: Vec<Adjustment<'_>> = batch
            .lines
            .iter()
            .map(|line| Adjustment {
                inventory_id: line.change.inventory_item.as_str(),
                variant_id: line.change.key.variant.as_str(),
                by: line.change.delta.magnitude(),
            })
            .collect();
        let reply = match batch.direction() {
            Some(Direction::Raise) => self.client.v1_increment(&entries, &gate).await,
            Some(Direction::Lower) => self.client.v1_decrement(&entries, &gate).await,
            // A call either increments or decrements all of its entries.
            None => return WriteReply::NotSent(ShopError::new(ShopErrorClass::Refused, MIXED)),
        };
        let asked = match gate.close() {
            Ok(asked) => asked,
            Err(error) => return WriteReply::NotCommitted(error),
        };
        reply.map_or_else(
            |error| failed_write(entries.len(), &error, asked),
            |()| WriteReply::applied(entries.len()),
        )
    }

    fn request_timeout_ms(&self) -> i64 {
        i64::try_from(self.client.timeout().as_millis()).unwrap_or(i64::MAX)
    }

    fn requests(&self) -> u64 {
        self.client.requests()
    }

    fn server_time(&self) -> Option<UnixMillis> {
        self.client.server_time_ms()
    }
}

fn changed_product(product: &Product) -> ChangedProduct {
    ChangedProduct { id: ProductId::new(&product.id), listings: listings_of(product) }
}

/// The levels of an item: one for each variant. All variants share the id, the tracking switch and the timestamp.
fn levels_of(item: InventoryItem, wix_is_behind_ms: Option<i64>) -> impl Iterator<Item = ItemLevel> {
    let changed_at =
        item.last_updated_ms().zip(wix_is_behind_ms).map(|(at, behind)| at.saturating_add(behind));
    let (product, id) = (ProductId::new(&item.product_id), InventoryItemId::new(&item.id));
    let (tracked, stamp) = (item.track_quantity, item.last_updated.map(Arc::from));
    item.variants.into_iter().map(move |variant| ItemLevel {
        key: ListingKey::new(product.clone(), VariantId::new(&variant.variant_id)),
        inventory_item: id.clone(),
        tracked,
        level: variant.quantity.and_then(Level::new),
        revision: None,
        stamp: stamp.clone(),
        changed_at,
    })
}
