//! Reads the shop in the cheapest way, and reads the whole shop if that way gives an inconsistent result.

use domain::listing::ItemLevel;
use domain::listing::map::{ListingMap, MapUpdate, add_doubts};
use domain::listing::reading::{self, ReadCosts, ReadReason, ReadWay};
use domain::plan::slipped;
use domain::{Listing, ReadChoice, Scope, Sku, Stock, UnixMillis};

use super::{Abort, Run};
use crate::calls::BATCH_SIZE;
use crate::observer::Event;
use crate::ports::{Catalog, Changes, ShopErrorClass, ShopTerms};
use crate::without_item::without_item;

/// How far queries may lag behind changes, in milliseconds. Wix's notes mention seconds, but it promises no bound.
const OVERLAP_MS: i64 = 15 * 60 * 1_000;

/// The largest number of changed products to read one by one. With more, reading the whole shop costs little more,
/// and Wix gives at most about 10,000 rows of one query by offset.
const MOST_CHANGES: u64 = 5_000;

/// The listings, or why the chosen way did not give them.
type Read = Result<Vec<Listing>, ReadReason>;

impl Run<'_> {
    /// Reads the listings of `scope` with their levels: all of them, or an error (I5).
    pub(super) async fn read_shop(&mut self, scope: &Scope) -> Result<Vec<Listing>, Abort> {
        let terms = self.ports.unless_stopped(self.ports.shop.connect()).await?;
        let map = self.ports.store.load_map(&self.request.shop).await?;
        let known = map.as_ref().map(|map| map.known(self.ports.shop.site(), terms.catalog, scope));
        let now = self.ports.clock.now();
        let choice = reading::choose(scope, known.as_ref(), &terms.reading, now);
        self.ports.observer.event(&Event::ReadingShop { choice });
        let mut variants = Vec::new();
        let read = match (choice.way, map) {
            (ReadWay::KnownIds, Some(map)) => self.by_known_ids(scope, map, &terms.reading).await?,
            (ReadWay::Changes, Some(map)) => {
                self.by_changes(scope, map, &terms.reading, &mut variants).await?
            }
            (ReadWay::SkuList, _) => self.by_sku_list(scope).await?,
            (ReadWay::Crawl | ReadWay::KnownIds | ReadWay::Changes, _) => Ok(self.crawl(&terms, now).await?),
        };
        let (listings, choice) = match read {
            Ok(listings) => (listings, choice),
            Err(reason) => {
                let choice = ReadChoice { way: ReadWay::Crawl, reason, expected_requests: None };
                self.ports.observer.event(&Event::ReadingShop { choice });
                let mut listings = self.crawl(&terms, now).await?;
                add_doubts(&mut listings, &variants);
                (listings, choice)
            }
        };
        self.findings.reading = Some(choice);
        Ok(listings)
    }

    async fn crawl(&mut self, terms: &ShopTerms, began_at: UnixMillis) -> Result<Vec<Listing>, Abort> {
        let shop = self.ports.shop;
        let catalog = self.ports.unless_stopped(shop.read_all(self.ports.observer)).await?;
        let Catalog { listings, products, as_of } = catalog;
        match as_of {
            Some(fresh_from) => {
                let map = ListingMap {
                    site: shop.site().into(),
                    catalog: terms.catalog.into(),
                    crawled_at: began_at,
                    fresh_from,
                    products,
                    listings: listings.iter().map(Into::into).collect(),
                };
                self.ports.store.replace_map(&self.keeper.fence, &map).await?;
                self.findings.made_map = Some(MapUpdate { fresh_from, products, ..MapUpdate::default() });
            }
            // Without the time of the read, a later run could not ask for changes since then.
            None => self.ports.store.forget_map(&self.keeper.fence).await?,
        }
        Ok(listings)
    }

    /// Adds the listings of `stock` that a whole read does not show because they have no inventory item. Other ways of
    /// reading know them already.
    pub(super) async fn add_without_item(
        &mut self,
        scope: &Scope,
        stock: &Stock,
        listings: &mut Vec<Listing>,
    ) -> Result<(), Abort> {
        if self.findings.reading.is_none_or(|choice| choice.way != ReadWay::Crawl) {
            return Ok(());
        }
        let found = without_item(self.ports.shop, stock, scope, listings);
        let found = self.ports.unless_stopped(found).await?;
        if let Some(head) = self.findings.made_map.clone().filter(|_| !found.is_empty()) {
            let update = MapUpdate { listings: found.iter().map(Into::into).collect(), ..head };
            self.ports.store.update_map(&self.keeper.fence, &update).await?;
        }
        listings.extend(found);
        Ok(())
    }

    /// Adds the listings of SKUs outside a filtered run's scope that its plan has to know of: a SKU is not sold out while
    /// its units may stand under another spelling, unless the shop has that one too. Their levels do not matter.
    pub(super) async fn add_unread(
        &mut self,
        scope: &Scope,
        stock: &Stock,
        listings: &mut Vec<Listing>,
    ) -> Result<(), Abort> {
        let skus = slipped::unread(stock, listings, self.request.policy, scope);
        if skus.is_empty() {
            return Ok(());
        }
        let found = self.ports.unless_stopped(self.ports.shop.find(&skus, BATCH_SIZE)).await?;
        if let Some(found) = found {
            listings.extend(found);
            return Ok(());
        }
        // Without a map the shop may not have them: nothing is sold out then.
        let map = self.ports.store.load_map(&self.request.shop).await?;
        let map = map.filter(|map| *map.site == *self.ports.shop.site());
        let scope = Scope::Skus(skus.into_iter().collect());
        listings.extend(map.iter().flat_map(|map| map.remembered(&scope)));
        Ok(())
    }

    async fn by_sku_list(&self, scope: &Scope) -> Result<Read, Abort> {
        let Scope::Skus(skus) = scope else { return Ok(Err(ReadReason::NotOffered)) };
        let skus: Vec<Sku> = skus.iter().cloned().collect();
        let found = self.ports.unless_stopped(self.ports.shop.find(&skus, BATCH_SIZE)).await?;
        Ok(found.ok_or(ReadReason::NotOffered))
    }

    /// Reads the products that changed, then the levels of all wanted products.
    async fn by_known_ids(
        &self,
        scope: &Scope,
        mut map: ListingMap,
        costs: &ReadCosts,
    ) -> Result<Read, Abort> {
        let shop = self.ports.shop;
        let since = map.fresh_from.saturating_sub(OVERLAP_MS);
        let at_most = (map.products / 4).clamp(costs.crawl.page.min(MOST_CHANGES), MOST_CHANGES);
        let changes = self.ports.unless_stopped(shop.changed_since(since, at_most)).await?;
        let (newer, total, as_of) = match changes {
            Changes::All { products, total, as_of } => (products, total, as_of),
            Changes::Many => return Ok(Err(ReadReason::ManyChanges)),
            Changes::Items { .. } | Changes::NotOffered => return Ok(Err(ReadReason::NotOffered)),
        };
        // The shop's clock was ahead at the last read, so a query for changes would miss some.
        if as_of < map.fresh_from {
            return Ok(Err(ReadReason::NotOffered));
        }
        if let Err(reason) = map.refresh(&newer, total) {
            return Ok(Err(reason));
        }
        let (listings, gone) = match self.levels(&map, scope).await? {
            Some(items) => match map.with_levels(scope, &items) {
                Ok(found) => found,
                Err(reason) => return Ok(Err(reason)),
            },
            None => return Ok(Err(ReadReason::CountsDiffer)),
        };
        // Missing products are gone only if the shop's total is lower by exactly their number. A filtered run cannot
        // tell, because products outside its scope may be gone too.
        let explained = if scope.is_filtered() { gone.is_empty() } else { map.explains(&gone, total) };
        if !explained {
            return Ok(Err(ReadReason::CountsDiffer));
        }
        let products = map.products.saturating_sub(u64::try_from(gone.len()).unwrap_or(0));
        let update =
            MapUpdate { changed: newer, removed: gone, fresh_from: as_of, products, ..MapUpdate::default() };
        self.ports.store.update_map(&self.keeper.fence, &update).await?;
        Ok(Ok(listings))
    }

    /// Reads the inventory items that changed; the levels of all others are remembered. Puts what changed of variants
    /// into `told`, for the whole read that may follow.
    async fn by_changes(
        &self,
        scope: &Scope,
        mut map: ListingMap,
        costs: &ReadCosts,
        told: &mut Vec<Listing>,
    ) -> Result<Read, Abort> {
        let shop = self.ports.shop;
        if let Some(location) = map.location() {
            shop.recall(location);
        }
        let since = map.fresh_from.saturating_sub(OVERLAP_MS);
        let at_most = (map.items() / 2).max(costs.crawl.page);
        let changes = self.ports.unless_stopped(shop.changed_since(since, at_most)).await?;
        let (items, variants, total, as_of) = match changes {
            Changes::Items { items, variants, total, as_of } => (items, variants, total, as_of),
            Changes::Many => return Ok(Err(ReadReason::ManyChanges)),
            Changes::All { .. } | Changes::NotOffered => return Ok(Err(ReadReason::NotOffered)),
        };
        // The shop's clock was ahead at the last read, so a query for changes would miss some.
        if as_of < map.fresh_from {
            return Ok(Err(ReadReason::NotOffered));
        }
        let update = match map.take_over(&items, &variants, total) {
            Ok(update) => MapUpdate { fresh_from: as_of, ..update },
            Err(reason) => {
                *told = variants;
                return Ok(Err(reason));
            }
        };
        self.ports.store.update_map(&self.keeper.fence, &update).await?;
        Ok(Ok(map.remembered(scope)))
    }

    /// The levels of the wanted products; `None` if their pages do not add up.
    async fn levels(&self, map: &ListingMap, scope: &Scope) -> Result<Option<Vec<ItemLevel>>, Abort> {
        let wanted = map.wanted(scope);
        if wanted.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let read = async {
            match self.ports.shop.levels(&wanted).await {
                Err(error) if error.class == ShopErrorClass::Incomplete => Ok(None),
                read => read.map(Some),
            }
        };
        self.ports.unless_stopped(read).await
    }
}
