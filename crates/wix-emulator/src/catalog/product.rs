//! A product and its stock, as the shop knows them.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use uuid::Uuid;

use super::timestamp::Timestamp;
use crate::shop_file::{OptionData, ProductType};

/// A product. Tracking is per product, quantities are per variant (Wix: Query Inventory).
#[derive(Debug, Clone)]
pub(crate) struct Product {
    pub(crate) id: Uuid,
    /// The id of its inventory item.
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
    pub(crate) tracked: bool,
    /// What carries stock: the managed variants, or the one implicit variant.
    pub(crate) variants: Vec<Variant>,
    /// What a buyer can choose when variants are not managed; carries no stock.
    pub(crate) choices: Vec<Choice>,
    pub(crate) preorder: Preorder,
    pub(crate) created: Timestamp,
    /// The product's `lastUpdated`.
    pub(crate) updated: Timestamp,
    /// The inventory item's `lastUpdated`.
    pub(crate) item_updated: Timestamp,
    /// The levels before the latest changes, oldest first, for stale reads.
    pub(crate) past: VecDeque<PastLevel>,
}

/// A variant that carries stock.
#[derive(Debug, Clone)]
pub(crate) struct Variant {
    pub(crate) id: Uuid,
    pub(crate) choices: BTreeMap<String, String>,
    pub(crate) sku: String,
    pub(crate) visible: bool,
    pub(crate) quantity: i64,
    /// What an untracked variant shows instead of a quantity.
    pub(crate) in_stock: bool,
}

/// A variant that is only a choice.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) id: Uuid,
    pub(crate) choices: BTreeMap<String, String>,
    pub(crate) visible: bool,
}

/// Whether and how an item can be preordered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Preorder {
    pub(crate) enabled: bool,
    pub(crate) message: Option<String>,
    pub(crate) limit: Option<u64>,
}

/// A level as it was before a change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PastLevel {
    /// When the change was made, as time since the start.
    pub(crate) until: Duration,
    /// The index of the variant.
    pub(crate) variant: usize,
    pub(crate) quantity: i64,
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

    /// The quantity of a variant as this read sees it.
    pub(crate) fn quantity(&self, variant: usize, view: ReadView) -> i64 {
        match self.hidden(view).find(|past| past.variant == variant) {
            Some(past) => past.quantity,
            None => self.variants.get(variant).map_or(0, |variant| variant.quantity),
        }
    }

    /// The inventory item's `lastUpdated` as this read sees it.
    pub(crate) fn item_updated(&self, view: ReadView) -> Timestamp {
        self.hidden(view).next().map_or(self.item_updated, |past| past.item_updated)
    }

    /// The changes that this read does not see yet, oldest first.
    fn hidden(&self, view: ReadView) -> impl Iterator<Item = &PastLevel> {
        let first = self.past.partition_point(|past| !view.hides(past.until));
        self.past.range(first..)
    }

    /// Whether a variant can be bought as this read sees it.
    pub(crate) fn in_stock(&self, variant: usize, view: ReadView) -> bool {
        if self.tracked {
            self.quantity(variant, view) > 0
        } else {
            self.variants.get(variant).is_some_and(|variant| variant.in_stock)
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

    /// The index of a variant that carries stock.
    pub(crate) fn variant_index(&self, id: Uuid) -> Option<usize> {
        self.variants.iter().position(|variant| variant.id == id)
    }
}
