//! The listing map: which SKU stands on which product and variant, kept between runs.
//!
//! It is a memory of where to look. In a catalog without revisions it never tells what is there: levels, and whether
//! Wix counts them, come from the shop at every read. In a catalog with revisions it remembers levels too, each with
//! its revision, and takes over what has changed since: a level that is out of date does no harm there, because a write
//! names the revision it was planned on. Where the shop contradicts the map, nothing is planned from it, and the shop is
//! read whole.

use std::sync::Arc;

use crate::count::count;
use crate::hash::{FastMap, FastSet};
use crate::listing::reading::{Known, ReadReason};
use crate::listing::{ItemLevel, Revision};
use crate::{InventoryItemId, Level, Listing, ListingKey, LocationId, ProductId, Scope, Sku, UnixMillis};

/// A listing, as far as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedListing {
    /// Which one.
    pub key: ListingKey,
    /// The inventory item that carries its level.
    pub inventory_item: InventoryItemId,
    /// Its own SKU; `None` where the shop has none for it.
    pub sku: Option<Sku>,
    /// What it showed when it was read last; `None` in a catalog without revisions.
    pub shown: Option<Shown>,
}

/// What a listing showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Whether Wix counted its stock.
    pub tracked: bool,
    /// Its level; `None` where Wix showed none.
    pub level: Option<Level>,
    /// The revision that the level belongs to.
    pub revision: Revision,
}

/// Everything that is remembered of a shop. The listings of a product stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingMap {
    /// The site that was read.
    pub site: Arc<str>,
    /// The catalog that the site had, as its adapter names it.
    pub catalog: Arc<str>,
    /// When the last whole read began, by our clock.
    pub crawled_at: UnixMillis,
    /// Every change of a product before this moment is known, by the shop's clock.
    pub fresh_from: UnixMillis,
    /// Products of the shop, those without a listing included.
    pub products: u64,
    /// The listings.
    pub listings: Vec<MappedListing>,
}

/// A product that changed, with all that it sells now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedProduct {
    /// Which one.
    pub id: ProductId,
    /// Its listings.
    pub listings: Vec<Listing>,
}

/// What has to be changed in the memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MapUpdate {
    /// Products whose listings take the place of those that are remembered.
    pub changed: Vec<ChangedProduct>,
    /// Products that are gone.
    pub removed: Vec<ProductId>,
    /// Listings that are new, or take the place of those that are remembered under the same key.
    pub listings: Vec<MappedListing>,
    /// The new [`ListingMap::fresh_from`].
    pub fresh_from: UnixMillis,
    /// The new [`ListingMap::products`].
    pub products: u64,
}

impl From<&Listing> for MappedListing {
    fn from(listing: &Listing) -> Self {
        Self {
            key: listing.key.clone(),
            inventory_item: listing.inventory_item.clone(),
            sku: listing.sku.clone(),
            shown: listing.revision.map(|revision| Shown {
                tracked: listing.tracked,
                level: listing.level,
                revision,
            }),
        }
    }
}

impl ListingMap {
    /// What matters for the choice of a way to read `site` with `catalog` for `scope`.
    #[must_use]
    pub fn known(&self, site: &str, catalog: &str, scope: &Scope) -> Known {
        Known {
            same_site: *self.site == *site,
            same_catalog: *self.catalog == *catalog,
            crawled_at: self.crawled_at,
            products: if self.remembers_levels() { self.items() } else { self.products },
            wanted: count(self.wanted(scope).len()),
        }
    }

    /// The SKUs of the listings.
    pub fn skus(&self) -> impl Iterator<Item = &Sku> {
        self.listings.iter().filter_map(|one| one.sku.as_ref())
    }

    /// The products that carry a SKU of `scope`, each once.
    #[must_use]
    pub fn wanted(&self, scope: &Scope) -> Vec<ProductId> {
        let in_scope = |one: &MappedListing| one.sku.as_ref().is_some_and(|sku| scope.contains(sku.as_str()));
        let groups = self.listings.chunk_by(same_product);
        groups
            .filter(|group| group.iter().any(in_scope))
            .filter_map(|group| Some(group.first()?.key.product.clone()))
            .collect()
    }

    /// Takes over the products that `changed`; the shop has `total` products now. An error where it has more than
    /// are known then: some were made that the shop did not name.
    pub fn refresh(&mut self, changed: &[ChangedProduct], total: u64) -> Result<(), ReadReason> {
        let before: FastSet<&ProductId> = self.listings.iter().map(|one| &one.key.product).collect();
        let new = changed.iter().filter(|one| !before.contains(&one.id) && !one.listings.is_empty()).count();
        self.products += count(new);
        if total > self.products {
            return Err(ReadReason::CountsDiffer);
        }
        let changed_ids: FastSet<&ProductId> = changed.iter().map(|product| &product.id).collect();
        self.listings.retain(|one| !changed_ids.contains(&one.key.product));
        self.listings.extend(changed.iter().flat_map(|product| &product.listings).map(MappedListing::from));
        Ok(())
    }

    /// The listings of `scope` with what `items` show, and the products of it that are gone. The items of a product
    /// stand together. Listings without a SKU stand there without a level. An error where a product does not have the
    /// variants that are remembered.
    pub fn with_levels(
        &self,
        scope: &Scope,
        items: &[ItemLevel],
    ) -> Result<(Vec<Listing>, Vec<ProductId>), ReadReason> {
        let items: FastMap<&ProductId, &[ItemLevel]> = items
            .chunk_by(|a, b| a.key.product == b.key.product)
            .filter_map(|group| Some((&group.first()?.key.product, group)))
            .collect();
        let wanted: FastSet<ProductId> = self.wanted(scope).into_iter().collect();
        let mut listings = Vec::with_capacity(if scope.is_filtered() { 0 } else { self.listings.len() });
        let mut gone = Vec::new();
        for group in self.listings.chunk_by(same_product) {
            let Some(product) = group.first().map(|one| &one.key.product) else { continue };
            match (wanted.contains(product), items.get(product)) {
                (true, Some(items)) => listings.extend(shown(group, items)?),
                (true, None) => gone.push(product.clone()),
                (false, _) if scope.is_filtered() => {}
                (false, _) => listings.extend(group.iter().map(MappedListing::without_level)),
            }
        }
        Ok((listings, gone))
    }

    /// Whether the shop's `total` is what is left of the products that are known once those that are `gone` are
    /// taken off. What else is missing may be anywhere.
    #[must_use]
    pub fn explains(&self, gone: &[ProductId], total: u64) -> bool {
        self.products.checked_sub(count(gone.len())) == Some(total)
    }
}

impl ListingMap {
    /// Whether the map is of a catalog with revisions.
    #[must_use]
    pub fn remembers_levels(&self) -> bool {
        self.listings.iter().any(|one| one.shown.is_some())
    }

    /// Inventory items that are known.
    #[must_use]
    pub fn items(&self) -> u64 {
        count(self.listings.iter().filter(|one| !one.inventory_item.is_missing()).count())
    }

    /// The location of its listings; `None` where the catalog has none, or there is no listing.
    #[must_use]
    pub fn location(&self) -> Option<&LocationId> {
        self.listings.first()?.key.location.as_ref()
    }

    /// Takes over the `items` that changed, and all `variants` of the products that did: what a variant says of its SKU,
    /// and that it is there at all. What has no item, and is no variant of its product any more, is forgotten. The shop
    /// has `total` items now. Gives what has to be changed in the stored map, but for its time. An error where that does
    /// not make up the shop's total, or where an item and its variant name different SKUs.
    pub fn take_over(
        &mut self,
        items: &[Listing],
        variants: &[Listing],
        total: u64,
    ) -> Result<MapUpdate, ReadReason> {
        let named: FastSet<&ListingKey> = items.iter().chain(variants).map(|one| &one.key).collect();
        let known: FastMap<ListingKey, usize> = self
            .listings
            .iter()
            .enumerate()
            .filter(|(_, one)| named.contains(&one.key))
            .map(|(at, one)| (one.key.clone(), at))
            .collect();
        let now = self.now(items, variants, &known)?;
        let mut listings: Vec<MappedListing> = now.values().cloned().collect();
        for (key, now) in now {
            match known.get(&key).and_then(|at| self.listings.get_mut(*at)) {
                Some(before) => *before = now,
                None => self.listings.push(now),
            }
        }
        if self.items() != total {
            return Err(ReadReason::CountsDiffer);
        }
        let changed = self.forget_bare(variants, &named);
        let replaced: FastSet<&ProductId> = changed.iter().map(|one| &one.id).collect();
        listings.retain(|one| !replaced.contains(&one.key.product));
        Ok(MapUpdate { changed, listings, products: self.products, ..MapUpdate::default() })
    }

    /// What is new of `items` and `variants` against the listings that are `known`, by their places.
    fn now(
        &self,
        items: &[Listing],
        variants: &[Listing],
        known: &FastMap<ListingKey, usize>,
    ) -> Result<FastMap<ListingKey, MappedListing>, ReadReason> {
        let mut now: FastMap<ListingKey, MappedListing> = FastMap::default();
        for item in items {
            now.insert(item.key.clone(), item.into());
        }
        for variant in variants {
            let before = known.get(&variant.key).and_then(|at| self.listings.get(*at));
            match (now.get(&variant.key), before) {
                (Some(item), _) if item.sku != variant.sku => return Err(ReadReason::ListingsDiffer),
                (Some(_), _) => {}
                (None, Some(before)) if before.sku == variant.sku => {}
                (None, Some(before)) => {
                    let renamed = MappedListing { sku: variant.sku.clone(), ..before.clone() };
                    now.insert(variant.key.clone(), renamed);
                }
                (None, None) => {
                    now.insert(variant.key.clone(), variant.into());
                }
            }
        }
        Ok(now)
    }

    /// Forgets the listings without an item whose product has other `variants` now. Without that, a choice that was
    /// made anew would share its SKU with its predecessor. Gives the products of those, as they are remembered then.
    fn forget_bare(&mut self, variants: &[Listing], named: &FastSet<&ListingKey>) -> Vec<ChangedProduct> {
        let told: FastSet<&ProductId> = variants.iter().map(|one| &one.key.product).collect();
        let mut shrunk: FastMap<ProductId, Vec<Listing>> = FastMap::default();
        self.listings.retain(|one| {
            let product = &one.key.product;
            let is_gone =
                one.inventory_item.is_missing() && told.contains(product) && !named.contains(&one.key);
            if is_gone {
                shrunk.entry(product.clone()).or_default();
            }
            !is_gone
        });
        if !shrunk.is_empty() {
            for one in &self.listings {
                if let Some(left) = shrunk.get_mut(&one.key.product) {
                    left.push(one.as_shown());
                }
            }
        }
        shrunk.into_iter().map(|(id, listings)| ChangedProduct { id, listings }).collect()
    }

    /// The listings of `scope` as they are remembered. As in a whole read, one without an item is no carrier of a SKU
    /// that another listing with an item carries.
    #[must_use]
    pub fn remembered(&self, scope: &Scope) -> Vec<Listing> {
        let twins = self.bare_twins();
        let in_scope = |one: &&MappedListing| {
            !scope.is_filtered() || one.sku.as_ref().is_some_and(|sku| scope.contains(sku.as_str()))
        };
        let is_twin = |one: &MappedListing| {
            one.inventory_item.is_missing() && one.sku.as_ref().is_some_and(|sku| twins.contains(sku))
        };
        let listings = self.listings.iter().filter(in_scope).filter(|one| !is_twin(one));
        listings.map(MappedListing::as_shown).collect()
    }

    /// The SKUs that stand both on a listing with an item and on one without.
    fn bare_twins(&self) -> FastSet<&Sku> {
        let (bare, with_item): (Vec<&MappedListing>, Vec<&MappedListing>) =
            self.listings.iter().partition(|one| one.inventory_item.is_missing());
        let bare: FastSet<&Sku> = bare.into_iter().filter_map(|one| one.sku.as_ref()).collect();
        if bare.is_empty() {
            return bare;
        }
        with_item.into_iter().filter_map(|one| one.sku.as_ref()).filter(|sku| bare.contains(sku)).collect()
    }
}

/// Adds to the `listings` of a whole read those whose SKU is another one by the `variants` that were read before it. An
/// item takes its variant's SKU late, and so does the search for variants, so neither is believed: a listing that is
/// there twice is ambiguous, and the plan leaves both SKUs alone.
pub fn add_doubts(listings: &mut Vec<Listing>, variants: &[Listing]) {
    let told: FastMap<&ListingKey, &Option<Sku>> = variants.iter().map(|one| (&one.key, &one.sku)).collect();
    let other = |one: &Listing| {
        let sku = told.get(&one.key).filter(|sku| ***sku != one.sku)?;
        Some(Listing { sku: (*sku).clone(), ..one.clone() })
    };
    let doubts: Vec<Listing> = listings.iter().filter_map(other).collect();
    listings.extend(doubts);
}

fn same_product(a: &MappedListing, b: &MappedListing) -> bool {
    a.key.product == b.key.product
}

/// The listings of one product with the levels of its items. A product that the shop keeps as a whole may show levels
/// of choices beside its own; one with variants shows exactly those that are remembered.
fn shown(group: &[MappedListing], items: &[ItemLevel]) -> Result<Vec<Listing>, ReadReason> {
    let levels: FastMap<&ListingKey, &ItemLevel> = items.iter().map(|item| (&item.key, item)).collect();
    let has_variants = group.iter().all(|one| !one.key.variant.is_whole_product());
    if has_variants && group.len() != levels.len() {
        return Err(ReadReason::ListingsDiffer);
    }
    let show = |one: &MappedListing| {
        let item = levels.get(&one.key).filter(|item| item.inventory_item == one.inventory_item)?;
        Some(Listing {
            tracked: item.tracked,
            level: item.level,
            revision: item.revision,
            ..one.without_level()
        })
    };
    group.iter().map(|one| show(one).ok_or(ReadReason::ListingsDiffer)).collect()
}

impl MappedListing {
    /// The listing with the level that it showed last.
    fn as_shown(&self) -> Listing {
        let shown = self.shown;
        Listing {
            // Of an item without a revision it is not known whether Wix counts it, only that it shows no level.
            tracked: shown.is_none_or(|shown| shown.tracked),
            level: shown.and_then(|shown| shown.level),
            revision: shown.map(|shown| shown.revision),
            ..self.without_level()
        }
    }

    /// The listing as far as it is remembered without its level.
    fn without_level(&self) -> Listing {
        Listing {
            key: self.key.clone(),
            inventory_item: self.inventory_item.clone(),
            sku: self.sku.clone(),
            tracked: false,
            level: None,
            revision: None,
        }
    }
}
