//! A shop on catalog V3.

mod creating;
mod items;
mod watch;
mod writing;

use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use async_trait::async_trait;
use domain::listing::ItemLevel;
use domain::listing::reading::{ReadCosts, WayCost};
use domain::write::batch::BatchTerms;
use domain::write::settle::Settling;
use domain::{Batch, Listing, LocationId, ProductId, Sku, UnixMillis};
use futures::{StreamExt, TryStreamExt, stream};
use sync::ports::{Catalog, Changes, Clock, CreateReply, SendGate, Shop, ShopError, ShopTerms, WriteReply};
use sync::{Event, Observer};
use tokio::sync::OnceCell;
use wix::v3::inventory::{InventoryItem, ItemFilter};
use wix::v3::paging::Paging;
use wix::v3::variants::{Variant, VariantFilter};
use wix::v3::{LISTED, PAGE};
use wix::{Class, Client, WixError};

use crate::error::port_error;
use items::{Items, level_of, listing_without_item};
use watch::Watch;

/// How many reads may be in flight at once.
const READS_IN_FLIGHT: usize = 8;

/// [`PAGE`] and [`LISTED`] as types of the read costs.
const PAGE_ENTRIES: u64 = PAGE as u64;
const LISTED_ENTRIES: u64 = LISTED as u64;

/// The terms of catalog V3. Every read begins with the request for the catalog version.
///
/// - A whole read: the default location, one page after the other, and the count beside it.
/// - Changes: items, variants and the count. The location is remembered.
/// - Products and SKUs are asked for by lists; a SKU without an inventory item needs a second question.
const TERMS: ShopTerms = ShopTerms {
    catalog: "v3",
    reading: ReadCosts {
        crawl: WayCost { fixed: 3, page: PAGE_ENTRIES, per_page: 1, at_once: 1 },
        known_ids: WayCost { fixed: 2, page: LISTED_ENTRIES, per_page: 1, at_once: READS_IN_FLIGHT as u64 },
        changes: Some(WayCost { fixed: 2, page: PAGE_ENTRIES, per_page: 2, at_once: 1 }),
        sku_list: WayCost { fixed: 2, page: LISTED_ENTRIES, per_page: 2, at_once: 1 },
    },
    // Each line has one effect at most, whatever becomes of the others in its call. So raises and lowerings share one.
    batches: BatchTerms { most: PAGE, one_direction: false },
    settling: Settling::Revision,
};

/// The Shop port over a client of a V3 site. Its listings are the inventory items of the default location, from where
/// the standard checkout sells.
pub(crate) struct V3Shop {
    client: Arc<Client>,
    clock: Arc<dyn Clock>,
    /// The default location, as this handle asked for it.
    location: OnceCell<String>,
    /// The location of the listings that are remembered.
    recalled: OnceCell<String>,
    items: Paging,
    changes: Paging,
    variants: Paging,
    watch: Watch,
}

impl V3Shop {
    /// The shop behind `client`, whose site must be on V3.
    pub(crate) fn new(client: Arc<Client>, clock: Arc<dyn Clock>) -> Self {
        let (items, changes, variants) = (Paging::default(), Paging::default(), Paging::default());
        let (location, recalled) = (OnceCell::new(), OnceCell::new());
        Self { client, clock, location, recalled, items, changes, variants, watch: Watch::default() }
    }

    /// The location of the listings: the default one as far as it was asked for, else the one that is remembered.
    async fn location(&self) -> Result<&str, WixError> {
        match (self.location.get(), self.recalled.get()) {
            (None, Some(recalled)) => Ok(recalled),
            _ => self.default_location().await,
        }
    }

    /// The default location. Asked once per handle.
    async fn default_location(&self) -> Result<&str, WixError> {
        self.location.get_or_try_init(|| self.client.v3_default_location()).await.map(String::as_str)
    }

    /// A time that is past by both clocks, Wix's and ours. Changes from now on are later by both.
    fn as_of(&self) -> Option<UnixMillis> {
        Some(self.client.server_time_ms()?.min(self.clock.now()))
    }

    /// The largest amount by which Wix's clock may be behind ours, in milliseconds.
    fn wix_is_behind_ms(&self) -> Option<i64> {
        Some(self.clock.now().saturating_sub(self.client.server_time_ms()?).max(0))
    }

    /// Every item of the default location. Items that are made or deleted meanwhile change the count, so the read must
    /// agree with the count before it or with the one after it.
    async fn read(&self, observer: &dyn Observer) -> Result<Catalog, WixError> {
        let location = self.default_location().await?;
        let as_of = self.as_of();
        let filter = ItemFilter { location: Some(location), ..ItemFilter::default() };
        let before = self.client.v3_count_items(&filter).await?;
        let mut items = Items::default();
        let take = |page: Vec<InventoryItem>| {
            items.take(page);
            let read = items.count();
            observer.event(&Event::ShopPage { read, total: before.max(read) });
            ControlFlow::Continue(())
        };
        self.client.v3_items(&filter, &self.items, take).await?;
        let read = items.count();
        if read != before {
            let after = self.client.v3_count_items(&filter).await?;
            if read != after {
                let reason = format!("{read} inventory items came, and Wix counts {before}, then {after}");
                return Err(WixError::new(Class::Incomplete, reason));
            }
        }
        let listings = items.into_listings();
        let products: HashSet<&ProductId> = listings.iter().map(|listing| &listing.key.product).collect();
        let products = u64::try_from(products.len()).unwrap_or(u64::MAX);
        Ok(Catalog { products, listings, as_of })
    }

    /// I5: if the pages do not add up, the shop is read once more. A second failure is an error.
    async fn read_whole(&self, observer: &dyn Observer) -> Result<Catalog, WixError> {
        match self.read(observer).await {
            Err(error) if error.class == Class::Incomplete => {
                observer.event(&Event::ReadingShopAgain);
                self.read(observer).await
            }
            result => result,
        }
    }

    /// The items that `filter` lets through, each once.
    async fn items(&self, filter: &ItemFilter<'_>) -> Result<Items, WixError> {
        let mut items = Items::default();
        let take = |page| {
            items.take(page);
            ControlFlow::Continue(())
        };
        self.client.v3_items(filter, &self.items, take).await?;
        Ok(items)
    }

    /// The listings with one of `skus`, those without an inventory item at the default location too.
    async fn find_group(&self, skus: &[&Sku]) -> Result<Vec<Listing>, WixError> {
        let location = self.location().await?;
        let texts: Vec<&str> = skus.iter().map(|sku| sku.as_str()).collect();
        let filter = ItemFilter { location: Some(location), skus: Some(&texts), ..ItemFilter::default() };
        let mut listings = self.items(&filter).await?.into_listings();
        listings.retain(|listing| listing.sku.as_ref().is_some_and(|sku| skus.contains(&sku)));
        let found: HashSet<&str> =
            listings.iter().filter_map(|one| Some(one.sku.as_ref()?.as_str())).collect();
        let missing: Vec<&str> = texts.iter().copied().filter(|text| !found.contains(text)).collect();
        let without_item = self.bare_variants(&missing, location).await?;
        listings.extend(without_item);
        Ok(listings)
    }

    /// The variants with one of `skus`, none of which has an inventory item at `location`.
    async fn bare_variants(&self, skus: &[&str], location: &str) -> Result<Vec<Listing>, WixError> {
        let mut listings = Vec::new();
        if skus.is_empty() {
            return Ok(listings);
        }
        let location = LocationId::new(location);
        let take = |page: Vec<Variant>| {
            let asked = page.iter().filter(|one| one.sku.as_deref().is_some_and(|sku| skus.contains(&sku)));
            listings.extend(asked.map(|variant| listing_without_item(variant, &location)));
            ControlFlow::Continue(())
        };
        self.client.v3_variants(VariantFilter::Skus(skus), &self.variants, take).await?;
        Ok(listings)
    }

    /// The variants with one of `skus`: by these, or by all variants of the store where that takes fewer requests.
    async fn variants_of(&self, skus: &[Sku], listings: u64) -> Result<Vec<Listing>, WixError> {
        let location = self.location().await?;
        let asked: Vec<&str> = skus.iter().filter(|sku| !sku.is_too_long()).map(Sku::as_str).collect();
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let mut found = Vec::new();
        if count(asked.len()).div_ceil(LISTED_ENTRIES) <= listings.div_ceil(PAGE_ENTRIES).max(1) {
            for group in asked.chunks(LISTED) {
                found.extend(self.bare_variants(group, location).await?);
            }
            return Ok(found);
        }
        let (asked, place) = (asked.into_iter().collect::<HashSet<&str>>(), LocationId::new(location));
        let take = |page: Vec<Variant>| {
            let wanted = page.iter().filter(|one| one.sku.as_deref().is_some_and(|sku| asked.contains(sku)));
            found.extend(wanted.map(|variant| listing_without_item(variant, &place)));
            ControlFlow::Continue(())
        };
        self.client.v3_variants(VariantFilter::All, &self.variants, take).await?;
        Ok(found)
    }

    /// The items and the variants that changed at `since` or later. Variants are asked for too, because a new SKU is a
    /// change of the variant, and Wix does not say that it is one of the item.
    async fn changes(&self, since: UnixMillis, at_most: u64) -> Result<Changes, WixError> {
        let location = self.location().await?;
        let Some(as_of) = self.as_of() else { return Ok(Changes::NotOffered) };
        let filter =
            ItemFilter { location: Some(location), updated_since: Some(since), ..ItemFilter::default() };
        let mut items = Items::default();
        let take = |page| {
            items.take(page);
            go_on(items.count() <= at_most)
        };
        self.client.v3_items(&filter, &self.changes, take).await?;
        if items.count() > at_most {
            return Ok(Changes::Many);
        }
        let (place, limit) = (LocationId::new(location), usize::try_from(at_most).unwrap_or(usize::MAX));
        let mut variants: Vec<Listing> = Vec::new();
        let take = |page: Vec<Variant>| {
            variants.extend(page.iter().map(|variant| listing_without_item(variant, &place)));
            go_on(variants.len() <= limit)
        };
        self.client.v3_variants(VariantFilter::UpdatedSince(since), &self.variants, take).await?;
        if variants.len() > limit {
            return Ok(Changes::Many);
        }
        let of_location = ItemFilter { location: Some(location), ..ItemFilter::default() };
        let total = self.client.v3_count_items(&of_location).await?;
        self.watch.told(as_of, items.ids());
        Ok(Changes::Items { items: items.into_listings(), variants, total, as_of })
    }

    async fn levels_of(&self, products: &[String]) -> Result<Vec<ItemLevel>, WixError> {
        let filter = ItemFilter {
            location: Some(self.location().await?),
            products: Some(products),
            ..ItemFilter::default()
        };
        let items = self.items(&filter).await?;
        let wix_is_behind_ms = self.wix_is_behind_ms();
        let items = items.into_sorted();
        for item in &items {
            self.watch.seen(item);
        }
        Ok(items.iter().map(|item| level_of(item, wix_is_behind_ms)).collect())
    }
}

fn go_on(yes: bool) -> ControlFlow<()> {
    if yes { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

#[async_trait]
impl Shop for V3Shop {
    async fn connect(&self) -> Result<ShopTerms, ShopError> {
        Ok(TERMS)
    }

    fn site(&self) -> &str {
        self.client.site()
    }

    async fn read_all(&self, observer: &dyn Observer) -> Result<Catalog, ShopError> {
        self.read_whole(observer).await.map_err(|error| port_error(&error))
    }

    async fn changed_since(&self, since: UnixMillis, at_most: u64) -> Result<Changes, ShopError> {
        match self.changes(since, at_most).await {
            Err(error) if matches!(error.class, Class::Refused | Class::Incomplete) => {
                Ok(Changes::NotOffered)
            }
            answer => answer.map_err(|error| port_error(&error)),
        }
    }

    async fn find(&self, skus: &[Sku], batch_size: usize) -> Result<Option<Vec<Listing>>, ShopError> {
        let wanted: BTreeSet<&Sku> = skus.iter().filter(|sku| !sku.is_too_long()).collect();
        let wanted: Vec<&Sku> = wanted.into_iter().collect();
        let mut listings = Vec::new();
        for group in wanted.chunks(batch_size.clamp(1, LISTED)) {
            listings.extend(self.find_group(group).await.map_err(|error| port_error(&error))?);
        }
        Ok(Some(listings))
    }

    async fn without_item(&self, skus: &[Sku], listings: u64) -> Result<Vec<Listing>, ShopError> {
        self.variants_of(skus, listings).await.map_err(|error| port_error(&error))
    }

    fn creates_items(&self) -> bool {
        true
    }

    async fn create_items(&self, listings: &[Listing], gate: &dyn SendGate) -> CreateReply {
        creating::create(&self.client, &self.clock, listings, gate).await
    }

    async fn levels(&self, products: &[ProductId]) -> Result<Vec<ItemLevel>, ShopError> {
        let unique: BTreeSet<&ProductId> = products.iter().collect();
        let unique: Vec<String> = unique.into_iter().map(ToString::to_string).collect();
        let groups: Vec<Vec<String>> = unique.chunks(LISTED).map(<[String]>::to_vec).collect();
        let pages: Vec<Vec<ItemLevel>> = stream::iter(groups)
            .map(|group| async move { self.levels_of(&group).await })
            .buffer_unordered(READS_IN_FLIGHT)
            .try_collect()
            .await
            .map_err(|error| port_error(&error))?;
        Ok(pages.into_iter().flatten().collect())
    }

    async fn write(&self, batch: &Batch, gate: &dyn SendGate) -> WriteReply {
        writing::write(&self.client, &self.clock, &self.watch, batch, gate).await
    }

    fn recall(&self, location: &LocationId) {
        // It does not change while a run builds on what is remembered.
        let _ = self.recalled.set(location.to_string());
    }

    fn doubts_changes(&self) -> bool {
        self.watch.doubts()
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
