//! A product and its stock, as the shop knows them.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use uuid::Uuid;

use crate::data::{OptionData, ProductType};
use crate::stamp::Stamp;

/// A product. Tracking is per product, quantities are per variant (contract 3.5).
#[derive(Debug, Clone)]
pub(crate) struct Product {
    pub(crate) id: Uuid,
    pub(crate) item_id: Uuid,
    pub(crate) numeric_id: u128,
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) description: String,
    pub(crate) visible: bool,
    pub(crate) goods: ProductType,
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
    pub(crate) created: Stamp,
    pub(crate) updated: Stamp,
    pub(crate) item_updated: Stamp,
    /// Levels before the latest changes, oldest first; kept for as long as reads may lag.
    pub(crate) recent: VecDeque<Recent>,
}

/// A variant that carries stock.
#[derive(Debug, Clone)]
pub(crate) struct Variant {
    pub(crate) id: Uuid,
    pub(crate) choices: BTreeMap<String, String>,
    pub(crate) sku: String,
    pub(crate) visible: bool,
    pub(crate) quantity: i64,
    pub(crate) in_stock: bool,
}

/// A variant that is only a choice.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) id: Uuid,
    pub(crate) choices: BTreeMap<String, String>,
    pub(crate) visible: bool,
}

/// Whether and how an item can be ordered ahead.
#[derive(Debug, Clone, Default)]
pub(crate) struct Preorder {
    pub(crate) enabled: bool,
    pub(crate) message: Option<String>,
    pub(crate) limit: Option<u64>,
}

/// A level as it was before a change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recent {
    pub(crate) at: Duration,
    pub(crate) variant: usize,
    pub(crate) quantity: i64,
    pub(crate) item_updated: Stamp,
}

/// When a read looks, and how far it lags.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lens {
    pub(crate) now: Duration,
    pub(crate) lag: Duration,
}

impl Lens {
    fn hides(self, at: Duration) -> bool {
        !self.lag.is_zero() && at + self.lag > self.now
    }
}

/// What a product shows of its stock (contract 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InventoryStatus {
    In,
    Out,
    Partly,
}

impl InventoryStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::In => "IN_STOCK",
            Self::Out => "OUT_OF_STOCK",
            Self::Partly => "PARTIALLY_OUT_OF_STOCK",
        }
    }
}

impl Product {
    /// The product-level SKU: empty when variants are managed, for it lives on each variant then.
    pub(crate) fn sku(&self) -> &str {
        if self.manage_variants { "" } else { self.variants.first().map_or("", |variant| &variant.sku) }
    }

    /// The quantity of a variant as this read sees it.
    pub(crate) fn quantity(&self, variant: usize, lens: Lens) -> i64 {
        match self.hidden(lens).find(|recent| recent.variant == variant) {
            Some(recent) => recent.quantity,
            None => self.variants.get(variant).map_or(0, |variant| variant.quantity),
        }
    }

    /// The inventory item's `lastUpdated` as this read sees it.
    pub(crate) fn item_updated(&self, lens: Lens) -> Stamp {
        self.hidden(lens).next().map_or(self.item_updated, |recent| recent.item_updated)
    }

    /// The changes that this read does not see yet, oldest first.
    fn hidden(&self, lens: Lens) -> impl Iterator<Item = &Recent> {
        let first = self.recent.partition_point(|recent| !lens.hides(recent.at));
        self.recent.range(first..)
    }

    /// Whether a variant can be bought as this read sees it.
    pub(crate) fn in_stock(&self, variant: usize, lens: Lens) -> bool {
        if self.tracked {
            self.quantity(variant, lens) > 0
        } else {
            self.variants.get(variant).is_some_and(|variant| variant.in_stock)
        }
    }

    pub(crate) fn status(&self, lens: Lens) -> InventoryStatus {
        let stocked = (0..self.variants.len()).filter(|variant| self.in_stock(*variant, lens)).count();
        match stocked {
            0 => InventoryStatus::Out,
            some if some == self.variants.len() => InventoryStatus::In,
            _ => InventoryStatus::Partly,
        }
    }

    /// The place of a variant that carries stock.
    pub(crate) fn place_of(&self, variant: Uuid) -> Option<usize> {
        self.variants.iter().position(|known| known.id == variant)
    }
}
