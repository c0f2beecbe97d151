//! A product and its stock, as the shop knows them.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use uuid::Uuid;

use super::item::{DEFAULT_LOCATION, Item, Preorder};
use super::timestamp::Timestamp;
use crate::shop_file::{OptionData, ProductType};

/// A product with its variants. In V1 tracking is per product and quantities are per variant (Wix: Query Inventory); in
/// V3 both are per inventory item.
#[derive(Debug, Clone)]
pub(crate) struct Product {
    pub(crate) id: Uuid,
    /// The id of its V1 inventory item.
    pub(crate) item_id: Uuid,
    pub(crate) numeric_id: u128,
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) description: String,
    pub(crate) visible: bool,
    pub(crate) kind: ProductType,
    pub(crate) price: f64,
    pub(crate) collection_ids: Vec<String>,
    pub(crate) options: Vec<OptionData>,
    pub(crate) manage_variants: bool,
    /// What carries stock: the managed variants, or the one implicit variant.
    pub(crate) variants: Vec<Variant>,
    /// What a buyer can choose when variants are not managed; carries no stock.
    pub(crate) choices: Vec<Choice>,
    pub(crate) created: Timestamp,
    /// The product's `lastUpdated`.
    pub(crate) updated: Timestamp,
    /// Counts up by one with each edit (Wix: Products V3).
    pub(crate) revision: u64,
    /// The V1 inventory item's `lastUpdated`.
    pub(crate) item_updated: Timestamp,
    /// The items before the latest changes, oldest first, for stale reads.
    pub(crate) past: VecDeque<PastItem>,
}

/// A variant that carries stock.
#[derive(Debug, Clone)]
pub(crate) struct Variant {
    /// The id in V1: all zeros without managed variants.
    pub(crate) id: Uuid,
    /// The id in V3, where every variant has one of its own.
    pub(crate) v3_id: Uuid,
    pub(crate) choices: BTreeMap<String, String>,
    pub(crate) sku: String,
    pub(crate) visible: bool,
    /// Its own price, where it differs from the product's.
    pub(crate) price: Option<f64>,
    /// What most variants do not have.
    pub(crate) details: Option<Box<Details>>,
    /// Its item at the default location.
    pub(crate) item: Item,
    /// Its items at other locations.
    pub(crate) elsewhere: Vec<Item>,
}

/// What a variant has beside its stock and its price.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Details {
    pub(crate) barcode: String,
    /// The price that is shown crossed out.
    pub(crate) compare_at_price: Option<f64>,
    pub(crate) weight: Option<f64>,
    /// What it costs the merchant.
    pub(crate) cost: Option<f64>,
}

/// Those of a variant that has none.
static NO_DETAILS: Details =
    Details { barcode: String::new(), compare_at_price: None, weight: None, cost: None };

/// The variant ids of which catalog version are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VariantIds {
    V1,
    V3,
}

impl Variant {
    /// Its id in this catalog version.
    pub(crate) fn shown_id(&self, ids: VariantIds) -> Uuid {
        match ids {
            VariantIds::V1 => self.id,
            VariantIds::V3 => self.v3_id,
        }
    }

    /// Whether this is its id in either catalog version.
    pub(crate) fn has_id(&self, id: Uuid) -> bool {
        self.id == id || self.v3_id == id
    }

    pub(crate) fn details(&self) -> &Details {
        self.details.as_deref().unwrap_or(&NO_DETAILS)
    }

    pub(crate) fn set_details(&mut self, details: Details) {
        self.details = (details != NO_DETAILS).then(|| Box::new(details));
    }

    /// All its items, that of the default location first.
    pub(crate) fn items(&self) -> impl Iterator<Item = &Item> {
        std::iter::once(&self.item).chain(&self.elsewhere)
    }

    /// Its item at a location.
    pub(crate) fn item_at(&self, location: usize) -> Option<&Item> {
        self.items().find(|item| item.location == location)
    }

    pub(super) fn item_at_mut(&mut self, location: usize) -> Option<&mut Item> {
        if location == DEFAULT_LOCATION {
            return Some(&mut self.item);
        }
        self.elsewhere.iter_mut().find(|item| item.location == location)
    }

    /// What its choices are called: `L | red`; empty without options.
    pub(crate) fn name(&self) -> String {
        self.choices.values().map(String::as_str).collect::<Vec<_>>().join(" | ")
    }
}

/// A variant that is only a choice.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) id: Uuid,
    pub(crate) choices: BTreeMap<String, String>,
    pub(crate) visible: bool,
}

/// An item as it was before a change.
#[derive(Debug, Clone)]
pub(crate) struct PastItem {
    /// When the change was made, as time since the start.
    pub(crate) until: Duration,
    /// The index of the variant.
    pub(crate) variant: usize,
    pub(crate) item: Box<Item>,
    /// The V1 inventory item's `lastUpdated` before the change.
    pub(crate) item_updated: Timestamp,
}

/// How a read sees the catalog: when it reads, and how far behind the truth it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadView {
    /// Time since the start.
    pub(crate) now: Duration,
    pub(crate) lag: Duration,
}

impl ReadView {
    /// The truth.
    pub(crate) const NOW: Self = Self { now: Duration::ZERO, lag: Duration::ZERO };

    /// Whether a change of this moment is still hidden from the read.
    fn hides(self, changed_at: Duration) -> bool {
        !self.lag.is_zero() && changed_at + self.lag > self.now
    }
}

/// What a product shows of its stock (Wix: Query Products).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InventoryStatus {
    Available,
    SoldOut,
    PartlySoldOut,
}

impl InventoryStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Available => "IN_STOCK",
            Self::SoldOut => "OUT_OF_STOCK",
            Self::PartlySoldOut => "PARTIALLY_OUT_OF_STOCK",
        }
    }
}

impl Product {
    /// The product-level SKU: empty when variants are managed, because each variant has its own then.
    pub(crate) fn sku(&self) -> &str {
        if self.manage_variants { "" } else { self.variants.first().map_or("", |variant| &variant.sku) }
    }

    /// Whether V1 shows quantities: some of its variants are tracked.
    pub(crate) fn tracked(&self) -> bool {
        self.variants.iter().any(|variant| variant.item.tracked)
    }

    /// The preorder settings that V1 shows: those of the first variant.
    pub(crate) fn preorder(&self) -> Option<&Preorder> {
        self.variants.first().map(|variant| variant.item.preorder())
    }

    /// The item of a variant at a location as this read sees it, whether it exists or not.
    pub(crate) fn item(&self, variant: usize, location: usize, view: ReadView) -> Option<&Item> {
        let past = self.hidden(view).find(|past| past.variant == variant && past.item.location == location);
        match past {
            Some(past) => Some(&past.item),
            None => self.variants.get(variant).and_then(|variant| variant.item_at(location)),
        }
    }

    /// The quantity of a variant at the default location as this read sees it.
    pub(crate) fn quantity(&self, variant: usize, view: ReadView) -> i64 {
        self.item(variant, DEFAULT_LOCATION, view).map_or(0, |item| item.quantity)
    }

    /// The inventory item's `lastUpdated` as this read sees it.
    pub(crate) fn item_updated(&self, view: ReadView) -> Timestamp {
        self.hidden(view).next().map_or(self.item_updated, |past| past.item_updated)
    }

    /// The changes that this read does not see yet, oldest first.
    fn hidden(&self, view: ReadView) -> impl Iterator<Item = &PastItem> {
        let first = self.past.partition_point(|past| !view.hides(past.until));
        self.past.range(first..)
    }

    /// Whether a variant can be bought as this read sees it.
    pub(crate) fn in_stock(&self, variant: usize, view: ReadView) -> bool {
        if self.tracked() {
            self.quantity(variant, view) > 0
        } else {
            self.variants.get(variant).is_some_and(|variant| variant.item.in_stock)
        }
    }

    pub(crate) fn status(&self, view: ReadView) -> InventoryStatus {
        let in_stock = (0..self.variants.len()).filter(|variant| self.in_stock(*variant, view)).count();
        match in_stock {
            0 => InventoryStatus::SoldOut,
            some if some == self.variants.len() => InventoryStatus::Available,
            _ => InventoryStatus::PartlySoldOut,
        }
    }

    /// The index of the variant with this id in this catalog version.
    pub(crate) fn variant_index(&self, id: Uuid, ids: VariantIds) -> Option<usize> {
        self.variants.iter().position(|variant| variant.shown_id(ids) == id)
    }

    /// The index of the variant with this id in either catalog version.
    pub(crate) fn any_variant_index(&self, id: Uuid) -> Option<usize> {
        self.variants.iter().position(|variant| variant.has_id(id))
    }
}
