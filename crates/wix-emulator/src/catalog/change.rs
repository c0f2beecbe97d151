//! Changes of stock. Every change goes through this file, so that the ledger misses none.

use std::collections::VecDeque;
use std::time::Duration;

use uuid::Uuid;

use super::guid::{new_item_id, recreated_variant_id};
use super::item::DEFAULT_LOCATION;
use super::item::Item;
use super::item_index::ItemPosition;
use super::ledger::{Cause, LedgerEntry};
use super::location::Location;
use super::product::{PastItem, Variant, VariantIds};
use super::timestamp::Timestamp;
use super::{Catalog, ListingPosition, Product};

/// When and why something changes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChangeContext {
    pub(crate) time: Timestamp,
    /// Time since the start of the emulator.
    pub(crate) elapsed: Duration,
    /// The number of the request that causes the change.
    pub(crate) request: Option<u64>,
    pub(crate) cause: Cause,
    /// Which variant ids the ledger shows.
    pub(crate) ids: VariantIds,
    /// How long past levels are kept for stale reads.
    pub(crate) history: Duration,
    /// Whether the change moves the product's own `lastUpdated` too.
    pub(crate) touches_product: bool,
}

/// A level before and after a change.
type Levels = (Option<i64>, Option<i64>);

impl ChangeContext {
    /// The ledger entry of one level of the default location.
    fn entry(&self, product: Uuid, variant: Uuid, (before, after): Levels) -> LedgerEntry {
        let Self { time, request, cause, .. } = *self;
        LedgerEntry { time, request, product, variant, location: None, before, after, cause }
    }

    /// The ledger entry of one level of this location.
    fn entry_at(
        &self,
        product: Uuid,
        variant: &Variant,
        location: (usize, &Location),
        levels: Levels,
    ) -> LedgerEntry {
        let at = (!Location::is_default(location.0)).then_some(location.1.id);
        LedgerEntry { location: at, ..self.entry(product, variant.shown_id(self.ids), levels) }
    }
}

impl Catalog {
    /// Changes one inventory item: its revision counts up, and the ledger gets its level if that changed. An item that
    /// the catalog does not have yet begins to exist when the change says so. False where there is no place for it.
    pub(crate) fn change_item(
        &mut self,
        at: ItemPosition,
        context: &ChangeContext,
        edit: impl FnOnce(&mut Item),
    ) -> bool {
        let listing = at.listing();
        let Some(product) = self.slots.get_mut(listing.slot).and_then(Option::as_mut) else { return false };
        let Some(location) = self.locations.get(at.location()) else { return false };
        let (product_id, item_updated) = (product.id, product.item_updated);
        let Some(variant) = product.variants.get_mut(listing.variant) else { return false };
        let Some(item) = variant.item_at_mut(at.location()) else { return false };
        let before = item.clone();
        edit(item);
        item.revision = before.revision + 1;
        item.updated = context.time;
        let levels = (before.level(), item.level());
        self.items.remove(&before, at);
        self.items.insert(item, at);
        if levels.0 != levels.1 {
            self.ledger.push(context.entry_at(product_id, variant, (at.location(), location), levels));
        }
        drop_old(&mut product.past, context);
        let (until, item) = (context.elapsed, Box::new(before));
        product.past.push_back(PastItem { until, variant: listing.variant, item, item_updated });
        if Location::is_default(at.location()) {
            product.item_updated = context.time;
            self.item_updated.update(listing.slot, item_updated, context.time);
            self.touch_if_asked(listing.slot, context);
        }
        true
    }

    /// Gives a variant an item at a location, with this stock. The first revision is 1.
    pub(crate) fn create_item(
        &mut self,
        at: ItemPosition,
        context: &ChangeContext,
        stock: impl FnOnce(&mut Item),
    ) {
        let (listing, location) = (at.listing(), at.location());
        let product = self.slots.get_mut(listing.slot).and_then(Option::as_mut);
        let variant = product.and_then(|product| product.variants.get_mut(listing.variant));
        let Some(variant) = variant else { return };
        let item = Item {
            id: new_item_id(self.new_items),
            location,
            exists: false,
            revision: 0,
            created: context.time,
            updated: context.time,
            tracked: false,
            quantity: 0,
            in_stock: false,
            preorder: None,
        };
        match variant.item_at_mut(location) {
            Some(place) => *place = item,
            None => variant.elsewhere.push(item),
        }
        self.new_items += 1;
        self.change_item(at, context, |item| {
            item.exists = true;
            stock(item);
        });
    }

    /// Deletes an item. Its variant has no level at the location any more.
    pub(crate) fn delete_item(&mut self, at: ItemPosition, context: &ChangeContext) {
        self.change_item(at, context, |item| (item.exists, item.tracked) = (false, false));
    }

    /// Changes the items of a product at the default location, as V1 and the merchant do: those that the edit leaves as
    /// they are keep their revisions. The product's V1 item counts as updated in any case.
    pub(crate) fn change(&mut self, slot: usize, context: &ChangeContext, edit: impl FnOnce(&mut Product)) {
        let Some(product) = self.product(slot) else { return };
        let mut edited = product.clone();
        edit(&mut edited);
        let changed: Vec<(usize, Item)> = product
            .variants
            .iter()
            .zip(edited.variants)
            .enumerate()
            .filter(|(_, (before, after))| before.item != after.item)
            .map(|(index, (_, after))| (index, after.item))
            .collect();
        for (variant, after) in changed {
            let at = ItemPosition::new(ListingPosition { slot, variant }, DEFAULT_LOCATION);
            self.change_item(at, context, |item| *item = Item { exists: true, ..after });
        }
        if let Some(product) = self.slots.get_mut(slot).and_then(Option::as_mut) {
            let item_updated = std::mem::replace(&mut product.item_updated, context.time);
            self.item_updated.update(slot, item_updated, context.time);
        }
        self.touch_if_asked(slot, context);
    }

    /// Sets one quantity of the default location.
    pub(crate) fn set_quantity(&mut self, position: ListingPosition, quantity: i64, context: &ChangeContext) {
        let at = ItemPosition::new(position, DEFAULT_LOCATION);
        self.change_item(at, context, |item| item.quantity = quantity);
    }

    /// A product was edited: moves its `lastUpdated`, and where the site does so, its items' too.
    pub(crate) fn touch(&mut self, slot: usize, time: Timestamp) {
        self.touch_product(slot, time);
        if self.edits_touch_items {
            self.touch_items(slot, time);
        }
    }

    fn touch_items(&mut self, slot: usize, time: Timestamp) {
        for at in self.items_in(slot).collect::<Vec<_>>() {
            let product = self.slots.get_mut(slot).and_then(Option::as_mut);
            let variant = product.and_then(|product| product.variants.get_mut(at.listing().variant));
            let item = variant.and_then(|variant| variant.item_at_mut(at.location()));
            if let Some(item) = item.filter(|item| item.exists) {
                let before = item.clone();
                item.revision += 1;
                item.updated = time;
                self.items.remove(&before, at);
                self.items.insert(item, at);
            }
        }
    }

    fn touch_product(&mut self, slot: usize, time: Timestamp) {
        if let Some(product) = self.slots.get_mut(slot).and_then(Option::as_mut) {
            let updated = std::mem::replace(&mut product.updated, time);
            product.revision += 1;
            self.updated.update(slot, updated, time);
        }
    }

    /// Edits what a product says of itself: nothing that is in an index, and no stock.
    pub(crate) fn edit_product(&mut self, slot: usize, time: Timestamp, edit: impl FnOnce(&mut Product)) {
        if let Some(product) = self.slots.get_mut(slot).and_then(Option::as_mut) {
            edit(product);
        }
        self.touch(slot, time);
    }

    fn touch_if_asked(&mut self, slot: usize, context: &ChangeContext) {
        if context.touches_product {
            self.touch_product(slot, context.time);
        }
    }

    /// Gives a managed variant a new id, as if it were deleted and created again. The ledger gets both: the level that
    /// goes with the old id and the level that comes with the new one. Its items are new ones too.
    pub(crate) fn recreate_variant(
        &mut self,
        position: ListingPosition,
        context: &ChangeContext,
    ) -> Option<Uuid> {
        let slot = position.slot;
        let new_id = recreated_variant_id(self.recreated);
        let product = self.slots.get_mut(slot)?.as_mut().filter(|product| product.manage_variants)?;
        let variant = product.variants.get_mut(position.variant)?;
        let level = variant.item.level();
        let (old_id, old) = (variant.id, variant.clone());
        (variant.id, variant.v3_id) = (new_id, new_id);
        self.recreated += 1;
        let first = self.new_items;
        for (number, item) in (first..).zip(std::iter::once(&mut variant.item).chain(&mut variant.elsewhere))
        {
            *item = Item {
                id: new_item_id(number),
                revision: 1,
                created: context.time,
                updated: context.time,
                ..item.clone()
            };
        }
        let new = variant.clone();
        product.past.retain(|past| past.variant != position.variant);
        let product_id = product.id;
        let item_updated = std::mem::replace(&mut product.item_updated, context.time);
        self.new_items += 1 + new.elsewhere.len();
        self.item_updated.update(slot, item_updated, context.time);
        self.unindex_variant(&old, position);
        self.index_variant(&new, position);
        self.touch(slot, context.time);
        if level.is_some() {
            self.ledger.push(context.entry(product_id, old_id, (level, None)));
            self.ledger.push(context.entry(product_id, new_id, (None, level)));
        }
        Some(new_id)
    }

    /// Enters the levels of a product that was just added into the ledger. Reads that lag do not see its items yet.
    pub(crate) fn record_added(&mut self, slot: usize, context: &ChangeContext) {
        let Some(product) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        for (index, variant) in product.variants.iter().enumerate() {
            for item in variant.items().filter(|item| item.exists) {
                let item = Box::new(Item { exists: false, ..item.clone() });
                let (until, item_updated) = (context.elapsed, product.item_updated);
                product.past.push_back(PastItem { until, variant: index, item, item_updated });
            }
            let level = variant.item.level();
            if level.is_some() {
                let variant = variant.shown_id(context.ids);
                self.ledger.push(context.entry(product.id, variant, (None, level)));
            }
        }
    }

    /// Enters the levels of a product that was just removed into the ledger.
    pub(crate) fn record_removed(&mut self, product: &Product, context: &ChangeContext) {
        for variant in &product.variants {
            let level = variant.item.level();
            if level.is_some() {
                let variant = variant.shown_id(context.ids);
                self.ledger.push(context.entry(product.id, variant, (level, None)));
            }
        }
    }
}

/// Forgets what no read can see any more.
fn drop_old(past: &mut VecDeque<PastItem>, context: &ChangeContext) {
    while past.front().is_some_and(|past| past.until + context.history <= context.elapsed) {
        past.pop_front();
    }
}
