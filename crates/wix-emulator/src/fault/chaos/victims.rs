//! Whom others' acts hit: listings that the request names, and any others.

use axum::body::Bytes;
use serde_json::Value;

use super::ChaosKind;
use crate::act::Act;
use crate::catalog::{Catalog, Place};
use crate::data::{MAX_QUANTITY, ProductData};
use crate::dice::Dice;
use crate::endpoint::Endpoint;
use crate::guid::Guid;
use crate::listing::Listing;

/// An entry of a write: the item's or product's id, and the variant's.
#[derive(Debug)]
pub(super) struct Entry {
    id: uuid::Uuid,
    variant: uuid::Uuid,
}

/// The entries of an increment or decrement; of anything else none.
pub(super) fn named(endpoint: Endpoint, body: &Bytes) -> Vec<Entry> {
    let list = match endpoint {
        Endpoint::IncrementInventory => "incrementData",
        Endpoint::DecrementInventory => "decrementData",
        _ => return Vec::new(),
    };
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let entry = |json: &Value| {
        let guid = |name: &str| json.get(name).and_then(Value::as_str).and_then(Guid::guid);
        Some(Entry { id: guid("inventoryId").or_else(|| guid("productId"))?, variant: guid("variantId")? })
    };
    body.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(entry).collect()
}

/// The listings among which chance chooses.
pub(super) struct Named<'c> {
    catalog: &'c Catalog,
    places: Vec<Place>,
}

/// How often chance looks for a product where there is none before it gives up.
const LOOKS: usize = 32;

impl<'c> Named<'c> {
    pub(super) fn new(catalog: &'c Catalog, entries: &[Entry]) -> Self {
        let place = |entry: &Entry| {
            let slot = catalog.by_item(entry.id).or_else(|| catalog.by_id(entry.id))?;
            Some((slot, catalog.product(slot)?.place_of(entry.variant)?))
        };
        Self { catalog, places: entries.iter().filter_map(place).collect() }
    }

    /// What somebody does; nothing where there is nothing to do it to.
    pub(super) fn acts(&self, kind: ChaosKind, dice: &mut Dice) -> Vec<Act> {
        match kind {
            ChaosKind::Sale => self.sale(dice).into_iter().collect(),
            ChaosKind::SaleStorm => (0..10).filter_map(|_| self.sale(dice)).collect(),
            ChaosKind::ProductCreated => vec![added(dice)],
            _ => self.edit(kind, dice).into_iter().collect(),
        }
    }

    fn sale(&self, dice: &mut Dice) -> Option<Act> {
        let listing = self.listing(self.choose(dice)?)?;
        let units = u32::try_from(dice.between(1, 3)).unwrap_or(1);
        Some(Act::Sale { listing, units })
    }

    fn edit(&self, kind: ChaosKind, dice: &mut Dice) -> Option<Act> {
        let place = self.choose(dice)?;
        let listing = self.listing(place)?;
        let product = self.catalog.product(place.0)?;
        Some(match kind {
            ChaosKind::Edit => {
                let level = product.variants.get(place.1)?.quantity;
                let more = i64::try_from(dice.below(21)).unwrap_or(0);
                Act::SetLevel { listing, level: (level + more - 10).clamp(0, MAX_QUANTITY) }
            }
            ChaosKind::ProductDeleted => Act::RemoveProduct { listing },
            ChaosKind::SkuSwapped => Act::SwapSkus { one: listing, other: self.listing(self.choose(dice)?)? },
            ChaosKind::TrackingSwitched => Act::SetTracking { listing, tracked: !product.tracked },
            _ => return None,
        })
    }

    /// Half of the time one of the request's own listings, else any.
    fn choose(&self, dice: &mut Dice) -> Option<Place> {
        let own = self.places.get(dice.position(self.places.len()));
        if let (true, Some(place)) = (dice.hits(500), own) {
            return Some(*place);
        }
        for _ in 0..LOOKS {
            let slot = dice.position(self.catalog.slots());
            if let Some(product) = self.catalog.product(slot) {
                return Some((slot, dice.position(product.variants.len())));
            }
        }
        None
    }

    fn listing(&self, place: Place) -> Option<Listing> {
        let product = self.catalog.product(place.0)?;
        Some(Listing::ids(product.id, product.variants.get(place.1)?.id))
    }
}

fn added(dice: &mut Dice) -> Act {
    let sku = format!("NEW-{:012X}", dice.below(1 << 48));
    let level = i64::try_from(dice.below(50)).unwrap_or(0);
    Act::AddProduct { product: Box::new(ProductData::new(sku, level)) }
}
