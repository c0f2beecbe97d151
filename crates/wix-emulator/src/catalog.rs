//! The catalog of a live shop: products, their stock, and the indexes over them. It holds what the shop has; how a
//! catalog version shows it is up to that version's folder.

mod build;
mod change;
mod edit_error;
mod guid;
mod ledger;
mod limits;
mod listing;
mod numeric_id_index;
mod product;
mod time_index;
mod timestamp;
mod validate;

use std::collections::HashMap;
use std::ops::Bound;

use uuid::Uuid;

use crate::shop_file::{DataError, Problem, ProductData, ShopData};

use build::build;
use time_index::TimeIndex;

pub(crate) use change::ChangeContext;
pub use edit_error::EditError;
pub use guid::{Guid, IMPLICIT_VARIANT};
pub use ledger::{Cause, LedgerEntry};
pub(crate) use limits::{MAX_QUANTITY, check_sku};
pub use listing::{Listing, ListingIds};
pub(crate) use numeric_id_index::NumericIdIndex;
pub(crate) use product::{Choice, InventoryStatus, Preorder, Product, ReadView, Variant};
pub(crate) use time_index::LastUpdated;
pub use timestamp::Timestamp;

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
    slots: Vec<Option<Product>>,
    by_id: HashMap<Uuid, usize>,
    by_item: HashMap<Uuid, usize>,
    by_sku: HashMap<String, Vec<ListingPosition>>,
    all: NumericIdIndex,
    visible: NumericIdIndex,
    updated: TimeIndex,
    item_updated: TimeIndex,
    ledger: Vec<LedgerEntry>,
    /// How many variants were created again.
    recreated: usize,
}

impl Catalog {
    /// Builds the catalog, or lists what is wrong with each product.
    pub(crate) fn build(data: &ShopData) -> Result<Self, DataError> {
        let mut catalog = Self { currency: data.currency.clone(), ..Self::default() };
        let mut problems = Vec::new();
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
        let built = build(data, position).and_then(|product| self.unique(&product).map(|()| product));
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
            if !variant.sku.is_empty() {
                let position = ListingPosition { slot, variant: index };
                self.by_sku.entry(variant.sku.clone()).or_default().push(position);
            }
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
        for variant in &product.variants {
            self.forget_sku(&variant.sku, |position| position.slot == slot);
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

    fn listing(&self, position: ListingPosition) -> Option<(&Product, &Variant)> {
        let product = self.product(position.slot)?;
        Some((product, product.variants.get(position.variant)?))
    }

    /// The ids of the listing at a position.
    pub(crate) fn ids(&self, position: ListingPosition) -> Option<ListingIds> {
        let (product, variant) = self.listing(position)?;
        Some(ListingIds { product: product.id, variant: variant.id })
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

    /// The listings with this SKU, in the order of the products.
    pub(crate) fn by_sku(&self, sku: &str) -> &[ListingPosition] {
        self.by_sku.get(sku).map_or(&[], Vec::as_slice)
    }

    /// The level at a position; `None` when it is not tracked.
    pub(crate) fn level(&self, position: ListingPosition) -> Option<i64> {
        let (product, variant) = self.listing(position)?;
        product.tracked.then_some(variant.quantity)
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
