//! The catalog of a live shop: products, their stock, and the indexes over them. It holds what the shop has; how a
//! catalog version shows it is up to that version's folder.

mod build;
mod change;
mod edit_error;
mod guid;
mod item;
mod item_index;
mod ledger;
mod limits;
mod listing;
mod location;
mod numeric_id_index;
mod product;
mod time_index;
mod timestamp;
mod validate;
mod version;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use uuid::Uuid;

use crate::shop_file::{DataError, Problem, ProductData, ShopData};

use build::build;
use location::build_locations;
use time_index::TimeIndex;

pub(crate) use change::ChangeContext;
pub use edit_error::EditError;
pub use guid::{Guid, IMPLICIT_VARIANT};
pub(crate) use item::{DEFAULT_LOCATION, Item, Preorder};
pub(crate) use item_index::{ItemIndex, ItemPosition, ItemTime, TimedItem};
pub use ledger::{Cause, LedgerEntry};
pub(crate) use limits::{MAX_QUANTITY, check_sku};
pub use listing::{Listing, ListingIds};
pub(crate) use location::Location;
pub(crate) use numeric_id_index::NumericIdIndex;
pub(crate) use product::{Choice, Details, InventoryStatus, Product, ReadView, Variant, VariantIds};
pub(crate) use time_index::LastUpdated;
pub use timestamp::Timestamp;
pub use version::CatalogVersion;

/// The position of a listing in the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ListingPosition {
    /// The slot of the product.
    pub(crate) slot: usize,
    /// The index of the variant in its product.
    pub(crate) variant: usize,
}

/// All products of a shop. A product keeps its slot for life; a removed one leaves its slot empty.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    pub(crate) currency: String,
    /// Whether an edit of a product is also one of its inventory items.
    pub(crate) edits_touch_items: bool,
    slots: Vec<Option<Product>>,
    by_id: BTreeMap<Uuid, usize>,
    by_item: HashMap<Uuid, usize>,
    by_sku: HashMap<String, Vec<ListingPosition>>,
    /// The V3 ids of the variants. Two products may have variants with the same id (Wix: Read-Only Variants V3).
    by_variant: BTreeSet<(Uuid, ListingPosition)>,
    all: NumericIdIndex,
    visible: NumericIdIndex,
    updated: TimeIndex,
    item_updated: TimeIndex,
    locations: Vec<Location>,
    items: ItemIndex,
    ledger: Vec<LedgerEntry>,
    /// How many variants were created again.
    recreated: usize,
    /// How many inventory items were created while the shop was live.
    new_items: usize,
}

impl Catalog {
    /// Builds the catalog, or lists what is wrong with each product.
    pub(crate) fn build(data: &ShopData) -> Result<Self, DataError> {
        let (locations, mut problems) = match build_locations(&data.locations) {
            Ok(locations) => (locations, Vec::new()),
            Err(problems) => (Vec::new(), problems),
        };
        let mut catalog = Self { currency: data.currency.clone(), locations, ..Self::default() };
        for product in &data.products {
            if let Err(found) = catalog.add(product) {
                problems.extend(found);
            }
        }
        if problems.is_empty() { Ok(catalog) } else { Err(DataError::Products(problems)) }
    }

    /// Adds a product at the next position and returns its id.
    pub(crate) fn add(&mut self, data: &ProductData) -> Result<Uuid, Vec<Problem>> {
        let position = self.slots.len();
        let label = label(data, position);
        let problems = |found: Vec<String>| {
            found.into_iter().map(|what| Problem { product: label.clone(), what }).collect::<Vec<_>>()
        };
        let built = build(data, position, &self.locations)
            .and_then(|product| self.unique(&product).map(|()| product));
        let product = match built {
            Ok(product) => product,
            Err(found) => {
                // The position is used up all the same: generated ids depend on the position in the file alone.
                self.slots.push(None);
                return Err(problems(found));
            }
        };
        let id = product.id;
        self.index(&product, position);
        self.slots.push(Some(product));
        Ok(id)
    }

    fn unique(&self, product: &Product) -> Result<(), Vec<String>> {
        let mut found = Vec::new();
        if self.by_id.contains_key(&product.id) {
            found.push(format!("id {} is taken by another product", product.id));
        }
        if self.by_item.contains_key(&product.item_id) {
            found.push(format!("inventoryItemId {} is taken by another product", product.item_id));
        }
        if self.all.contains(product.numeric_id) {
            found.push(format!("numericId {} is taken by another product", product.numeric_id));
        }
        if found.is_empty() { Ok(()) } else { Err(found) }
    }

    fn index(&mut self, product: &Product, slot: usize) {
        self.by_id.insert(product.id, slot);
        self.by_item.insert(product.item_id, slot);
        self.all.insert(product.numeric_id, slot);
        self.updated.insert(product.updated, slot);
        self.item_updated.insert(product.item_updated, slot);
        if product.visible {
            self.visible.insert(product.numeric_id, slot);
        }
        for (index, variant) in product.variants.iter().enumerate() {
            let position = ListingPosition { slot, variant: index };
            if !variant.sku.is_empty() {
                self.by_sku.entry(variant.sku.clone()).or_default().push(position);
            }
            self.index_variant(variant, position);
        }
    }

    fn index_variant(&mut self, variant: &Variant, position: ListingPosition) {
        self.by_variant.insert((variant.v3_id, position));
        for item in variant.items() {
            self.items.insert(item, ItemPosition::new(position, item.location));
        }
    }

    fn unindex_variant(&mut self, variant: &Variant, position: ListingPosition) {
        self.by_variant.remove(&(variant.v3_id, position));
        for item in variant.items() {
            self.items.remove(item, ItemPosition::new(position, item.location));
        }
    }

    /// Removes a product.
    pub(crate) fn remove(&mut self, slot: usize) -> Option<Product> {
        let product = self.slots.get_mut(slot)?.take()?;
        self.by_id.remove(&product.id);
        self.by_item.remove(&product.item_id);
        self.all.remove(product.numeric_id);
        self.updated.remove(product.updated, slot);
        self.item_updated.remove(product.item_updated, slot);
        self.visible.remove(product.numeric_id);
        for (index, variant) in product.variants.iter().enumerate() {
            self.forget_sku(&variant.sku, |position| position.slot == slot);
            self.unindex_variant(variant, ListingPosition { slot, variant: index });
        }
        Some(product)
    }

    fn forget_sku(&mut self, sku: &str, is_gone: impl Fn(ListingPosition) -> bool) {
        if let Some(positions) = self.by_sku.get_mut(sku) {
            positions.retain(|position| !is_gone(*position));
            if positions.is_empty() {
                self.by_sku.remove(sku);
            }
        }
    }

    /// Gives a variant another SKU.
    pub(crate) fn rename_sku(&mut self, position: ListingPosition, sku: &str) {
        let product = self.slots.get_mut(position.slot).and_then(Option::as_mut);
        let variant = product.and_then(|product| product.variants.get_mut(position.variant));
        let Some(variant) = variant else { return };
        let old = std::mem::replace(&mut variant.sku, sku.to_owned());
        self.forget_sku(&old, |other| other == position);
        if !sku.is_empty() {
            let positions = self.by_sku.entry(sku.to_owned()).or_default();
            positions.push(position);
            positions.sort_unstable();
        }
    }

    /// Shows or hides a product.
    pub(crate) fn set_visible(&mut self, slot: usize, visible: bool) {
        let Some(product) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        product.visible = visible;
        self.visible.remove(product.numeric_id);
        if visible {
            self.visible.insert(product.numeric_id, slot);
        }
    }

    pub(crate) fn product(&self, slot: usize) -> Option<&Product> {
        self.slots.get(slot).and_then(Option::as_ref)
    }

    /// The number of slots, empty ones included.
    pub(crate) fn slots(&self) -> usize {
        self.slots.len()
    }

    /// The locations, the default one first.
    pub(crate) fn locations(&self) -> &[Location] {
        &self.locations
    }

    /// The index of the location with this id.
    pub(crate) fn location(&self, id: Uuid) -> Option<usize> {
        self.locations.iter().position(|location| location.id == id)
    }

    /// The inventory items of Catalog V3.
    pub(crate) fn items(&self) -> &ItemIndex {
        &self.items
    }

    /// The items of a listing that the catalog has, or could have.
    pub(crate) fn items_of(&self, listing: ListingPosition) -> impl Iterator<Item = ItemPosition> {
        let variant = self.listing(listing).map(|(_, variant)| variant);
        let items = variant.into_iter().flat_map(Variant::items);
        items.map(move |item| ItemPosition::new(listing, item.location))
    }

    /// The same for all listings of the product in this slot.
    pub(crate) fn items_in(&self, slot: usize) -> impl Iterator<Item = ItemPosition> {
        let variants = self.product(slot).map_or(0, |product| product.variants.len());
        (0..variants).flat_map(move |variant| self.items_of(ListingPosition { slot, variant }))
    }

    /// The listings whose variants have this V3 id.
    pub(crate) fn by_variant(&self, id: Uuid) -> impl Iterator<Item = ListingPosition> {
        let of = |variant| ListingPosition { slot: variant, variant };
        self.by_variant.range((id, of(0))..=(id, of(usize::MAX))).map(|key| key.1)
    }

    /// The product and the variant at a position.
    pub(crate) fn listing(&self, position: ListingPosition) -> Option<(&Product, &Variant)> {
        let product = self.product(position.slot)?;
        Some((product, product.variants.get(position.variant)?))
    }

    /// The ids of the listing at a position.
    pub(crate) fn ids(&self, position: ListingPosition, ids: VariantIds) -> Option<ListingIds> {
        let (product, variant) = self.listing(position)?;
        Some(ListingIds { product: product.id, variant: variant.shown_id(ids) })
    }

    /// The SKU at a position; empty where there is none.
    pub(crate) fn sku(&self, position: ListingPosition) -> &str {
        self.listing(position).map_or("", |(_, variant)| &variant.sku)
    }

    pub(crate) fn products(&self) -> impl Iterator<Item = &Product> {
        self.slots.iter().flatten()
    }

    pub(crate) fn by_id(&self, id: Uuid) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    pub(crate) fn by_item(&self, id: Uuid) -> Option<usize> {
        self.by_item.get(&id).copied()
    }

    /// The slots of the products from this id on, in the order of the ids.
    pub(crate) fn by_id_from(&self, id: Uuid) -> impl Iterator<Item = usize> {
        self.by_id.range(id..).map(|key| *key.1)
    }

    /// The listings with this SKU, in the order of the products.
    pub(crate) fn by_sku(&self, sku: &str) -> &[ListingPosition] {
        self.by_sku.get(sku).map_or(&[], Vec::as_slice)
    }

    /// The level at a position; `None` when it is not tracked.
    pub(crate) fn level(&self, position: ListingPosition) -> Option<i64> {
        self.listing(position).and_then(|(_, variant)| variant.item.level())
    }

    /// The slots of the products whose `lastUpdated` is within this lower bound.
    pub(crate) fn since(&self, which: LastUpdated, from: Bound<Timestamp>) -> impl Iterator<Item = usize> {
        match which {
            LastUpdated::Product => self.updated.since(from),
            LastUpdated::Item => self.item_updated.since(from),
        }
    }

    /// The products in the order of their numeric ids.
    pub(crate) fn by_numeric_id(&self, with_hidden: bool) -> &NumericIdIndex {
        if with_hidden { &self.all } else { &self.visible }
    }

    pub(crate) fn ledger(&self) -> &[LedgerEntry] {
        &self.ledger
    }
}

fn label(data: &ProductData, position: usize) -> String {
    let name = data.name.as_deref().unwrap_or(&data.sku);
    format!("product {} {name:?}", position + 1)
}
