//! The inventory items: one for each product, with one variant at one location.

use std::collections::BTreeMap;

use domain::listing::{ItemLevel, Revision};
use domain::write::settle::Reading;
use domain::{
    Change, InventoryItemId, Level, Listing, ListingKey, LocationId, ProductId, Sku, UnixMillis, VariantId,
};
use sync::ports::{LineReply, ShopError, ShopErrorClass};

#[derive(Default)]
pub(super) struct Items {
    by_product: BTreeMap<ProductId, Item>,
    /// How many products were ever created.
    made: u32,
}

struct Item {
    sku: Sku,
    key: ListingKey,
    id: InventoryItemId,
    level: i64,
    revision: i64,
    /// The level and revision before the last change.
    before: (i64, i64),
    changed_at: UnixMillis,
    refuses: bool,
}

impl Item {
    fn set(&mut self, level: i64, now: UnixMillis) {
        self.before = (self.level, self.revision);
        (self.level, self.revision, self.changed_at) = (level, self.revision + 1, now);
    }

    fn read(&self) -> ItemLevel {
        self.read_as((self.level, self.revision))
    }

    fn read_as(&self, (level, revision): (i64, i64)) -> ItemLevel {
        ItemLevel {
            key: self.key.clone(),
            inventory_item: self.id.clone(),
            tracked: true,
            level: Level::new(level),
            revision: Some(Revision::new(revision)),
            stamp: None,
            changed_at: Some(self.changed_at),
        }
    }

    fn listing(&self) -> Listing {
        Listing {
            key: self.key.clone(),
            inventory_item: self.id.clone(),
            sku: Some(self.sku.clone()),
            tracked: true,
            level: Level::new(self.level),
            revision: Some(Revision::new(self.revision)),
        }
    }
}

impl Items {
    pub(super) fn add(&mut self, sku: &Sku, level: i64, now: UnixMillis) {
        self.made += 1;
        let name = |kind: &str| format!("{kind}{:04}", self.made);
        let product = ProductId::new(&name("product"));
        let key = ListingKey::new(product.clone(), VariantId::new(&name("variant")))
            .at(LocationId::new("the only location"));
        let id = InventoryItemId::new(&name("item"));
        let (sku, revision, before, refuses) = (sku.clone(), 1, (level, 1), false);
        let item = Item { sku, key, id, level, revision, before, changed_at: now, refuses };
        self.by_product.insert(product, item);
    }

    pub(super) fn remove(&mut self, sku: &Sku) {
        self.by_product.retain(|_, item| item.sku != *sku);
    }

    pub(super) fn sell(&mut self, sku: &Sku, units: i64, now: UnixMillis) {
        if let Some(item) = self.of_sku(sku) {
            let sold = units.min(item.level);
            if sold > 0 {
                item.set(item.level - sold, now);
            }
        }
    }

    pub(super) fn refuse(&mut self, sku: &Sku) {
        if let Some(item) = self.of_sku(sku) {
            item.refuses = true;
        }
    }

    pub(super) fn level(&self, sku: &Sku) -> Option<i64> {
        self.by_product.values().find(|item| item.sku == *sku).map(|item| item.level)
    }

    pub(super) fn listings(&self) -> Vec<Listing> {
        self.by_product.values().map(Item::listing).collect()
    }

    pub(super) fn changed_since(&self, since: UnixMillis) -> Vec<Listing> {
        let changed = self.by_product.values().filter(|item| item.changed_at >= since);
        changed.map(Item::listing).collect()
    }

    pub(super) fn item_level(&self, product: &ProductId) -> Option<ItemLevel> {
        self.by_product.get(product).map(Item::read)
    }

    /// The item as it was before its last change.
    pub(super) fn earlier_item_level(&self, product: &ProductId) -> Option<ItemLevel> {
        self.by_product.get(product).map(|item| item.read_as(item.before))
    }

    /// Sets the level to the target if the item still has the revision from which the change was planned.
    pub(super) fn swap(&mut self, change: &Change, now: UnixMillis) -> LineReply {
        let Some(item) = self.by_product.get_mut(&change.key.product) else {
            return LineReply::Refused(ShopError::new(ShopErrorClass::NotFound, "no such item"));
        };
        if item.refuses {
            return LineReply::Refused(ShopError::new(ShopErrorClass::Refused, "this item is refused"));
        }
        if change.revision != Some(Revision::new(item.revision)) {
            return LineReply::Conflict;
        }
        item.set(change.target.units(), now);
        LineReply::Applied(Reading::of(&item.read()))
    }

    /// Increments the revision without changing the level. Returns what an answer shows of the item.
    pub(super) fn touch(&mut self, change: &Change, now: UnixMillis) -> Option<Reading> {
        let item = self.by_product.get_mut(&change.key.product)?;
        item.set(item.level, now);
        Reading::of(&item.read())
    }

    fn of_sku(&mut self, sku: &Sku) -> Option<&mut Item> {
        self.by_product.values_mut().find(|item| item.sku == *sku)
    }
}
