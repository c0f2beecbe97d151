//! The live shop: products, their stock, and the indexes over them.

mod change;
mod order;
mod product;
mod times;

use std::collections::HashMap;
use std::ops::Bound;

use uuid::Uuid;

use crate::data::{DataError, Problem, ProductData, ShopData, build};
use crate::ledger::LedgerEntry;
use crate::stamp::Stamp;

use times::Times;

pub(crate) use change::Moment;
pub(crate) use order::Order;
pub(crate) use product::{Choice, InventoryStatus, Lens, Preorder, Product, Variant};
pub(crate) use times::Whose;

/// Where a level lives: the slot of the product and the place of the variant in it.
pub(crate) type Place = (usize, usize);

/// All products of a shop. A product keeps its slot for life; a removed one leaves its slot empty.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    pub(crate) currency: String,
    slots: Vec<Option<Product>>,
    by_id: HashMap<Uuid, usize>,
    by_item: HashMap<Uuid, usize>,
    by_sku: HashMap<String, Vec<Place>>,
    all: Order,
    visible: Order,
    updated: Times,
    item_updated: Times,
    ledger: Vec<LedgerEntry>,
    /// How many variants were made anew.
    recreated: usize,
}

impl Catalog {
    /// Builds the shop, or says what is wrong with each product.
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

    /// Adds a product at the next position and gives its id.
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
                // The position is used up all the same: made ids depend on nothing but the place in the file.
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
        for (place, variant) in product.variants.iter().enumerate() {
            if !variant.sku.is_empty() {
                self.by_sku.entry(variant.sku.clone()).or_default().push((slot, place));
            }
        }
    }

    /// Takes a product out of the shop.
    pub(crate) fn remove(&mut self, slot: usize) -> Option<Product> {
        let product = self.slots.get_mut(slot)?.take()?;
        self.by_id.remove(&product.id);
        self.by_item.remove(&product.item_id);
        self.all.remove(product.numeric_id);
        self.updated.remove(product.updated, slot);
        self.item_updated.remove(product.item_updated, slot);
        self.visible.remove(product.numeric_id);
        for variant in &product.variants {
            self.forget_sku(&variant.sku, |(at, _)| at == slot);
        }
        Some(product)
    }

    fn forget_sku(&mut self, sku: &str, gone: impl Fn(Place) -> bool) {
        if let Some(places) = self.by_sku.get_mut(sku) {
            places.retain(|place| !gone(*place));
            if places.is_empty() {
                self.by_sku.remove(sku);
            }
        }
    }

    /// Gives a variant another SKU.
    pub(crate) fn rename_sku(&mut self, place: Place, sku: &str) {
        let variant = self.slots.get_mut(place.0).and_then(Option::as_mut);
        let Some(variant) = variant.and_then(|product| product.variants.get_mut(place.1)) else { return };
        let old = std::mem::replace(&mut variant.sku, sku.to_owned());
        self.forget_sku(&old, |at| at == place);
        if !sku.is_empty() {
            let places = self.by_sku.entry(sku.to_owned()).or_default();
            places.push(place);
            places.sort_unstable();
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

    /// How many slots there are, with the empty ones.
    pub(crate) fn slots(&self) -> usize {
        self.slots.len()
    }

    /// The SKU at a place; empty where there is none.
    pub(crate) fn sku(&self, place: Place) -> &str {
        let variant = self.product(place.0).and_then(|product| product.variants.get(place.1));
        variant.map_or("", |variant| &variant.sku)
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

    /// Where this SKU stands, in the order of the products.
    pub(crate) fn by_sku(&self, sku: &str) -> &[Place] {
        self.by_sku.get(sku).map_or(&[], Vec::as_slice)
    }

    /// The level at a place; `None` when it is not tracked.
    pub(crate) fn level(&self, place: Place) -> Option<i64> {
        let product = self.product(place.0)?;
        product.variants.get(place.1).filter(|_| product.tracked).map(|variant| variant.quantity)
    }

    /// The slots of the products that changed from this time on, or whose items did.
    pub(crate) fn since(&self, whose: Whose, from: Bound<Stamp>) -> impl Iterator<Item = usize> {
        match whose {
            Whose::Product => self.updated.since(from),
            Whose::Item => self.item_updated.since(from),
        }
    }

    /// The products by numeric id.
    pub(crate) fn order(&self, with_hidden: bool) -> &Order {
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
