//! What random actions are aimed at: listings that the request names, and any others.

use uuid::Uuid;

use super::ChaosKind;
use crate::catalog::{Catalog, ItemPosition, Listing, ListingPosition, MAX_QUANTITY};
use crate::fault::action::Action;
use crate::random::RandomSource;
use crate::shop_file::ProductData;

/// A listing as an entry of a write names it.
#[derive(Debug)]
pub(crate) enum NamedListing {
    /// In V1.
    Entry {
        /// The id of the inventory item or of the product.
        id: Uuid,
        variant: Uuid,
    },
    /// In V3, by the id of an inventory item.
    Item(Uuid),
}

/// Chooses the listings that random actions are aimed at.
pub(super) struct TargetPicker<'c> {
    catalog: &'c Catalog,
    /// Where the listings are that the request names.
    named: Vec<ListingPosition>,
}

/// How many random slots are tried before the picker gives up; removed products leave empty ones.
const TRIES: usize = 32;

impl<'c> TargetPicker<'c> {
    pub(super) fn new(catalog: &'c Catalog, named: &[NamedListing]) -> Self {
        let position = |named: &NamedListing| match named {
            NamedListing::Entry { id, variant } => {
                let slot = catalog.by_item(*id).or_else(|| catalog.by_id(*id))?;
                let variant = catalog.product(slot)?.any_variant_index(*variant)?;
                Some(ListingPosition { slot, variant })
            }
            NamedListing::Item(id) => catalog.items().by_id(*id).map(ItemPosition::listing),
        };
        Self { catalog, named: named.iter().filter_map(position).collect() }
    }

    /// The actions of this kind; none where the shop has no product that they could be aimed at.
    pub(super) fn actions(&self, kind: ChaosKind, random: &mut RandomSource) -> Vec<Action> {
        match kind {
            ChaosKind::Sale => self.sale(random).into_iter().collect(),
            ChaosKind::SaleStorm => (0..10).filter_map(|_| self.sale(random)).collect(),
            ChaosKind::ProductCreated => vec![new_product(random)],
            _ => self.edit(kind, random).into_iter().collect(),
        }
    }

    fn sale(&self, random: &mut RandomSource) -> Option<Action> {
        let listing = self.listing(self.choose(random)?)?;
        let units = u32::try_from(random.between(1, 3)).unwrap_or(1);
        Some(Action::Sale { listing, units })
    }

    fn edit(&self, kind: ChaosKind, random: &mut RandomSource) -> Option<Action> {
        let position = self.choose(random)?;
        let listing = self.listing(position)?;
        let product = self.catalog.product(position.slot)?;
        Some(match kind {
            ChaosKind::Edit => {
                let level = product.variants.get(position.variant)?.item.quantity;
                let shift = i64::try_from(random.below(21)).unwrap_or(0) - 10;
                Action::SetLevel { listing, level: (level + shift).clamp(0, MAX_QUANTITY) }
            }
            ChaosKind::ProductDeleted => Action::RemoveProduct { listing },
            ChaosKind::SkuSwapped => {
                Action::SwapSkus { one: listing, other: self.listing(self.choose(random)?)? }
            }
            ChaosKind::TrackingSwitched => Action::SetTracking { listing, tracked: !product.tracked() },
            _ => return None,
        })
    }

    /// A listing that the request names in half of the cases, else any.
    fn choose(&self, random: &mut RandomSource) -> Option<ListingPosition> {
        let named = self.named.get(random.index(self.named.len()));
        if let (true, Some(position)) = (random.chance(500), named) {
            return Some(*position);
        }
        for _ in 0..TRIES {
            let slot = random.index(self.catalog.slots());
            if let Some(product) = self.catalog.product(slot) {
                return Some(ListingPosition { slot, variant: random.index(product.variants.len()) });
            }
        }
        None
    }

    fn listing(&self, position: ListingPosition) -> Option<Listing> {
        let product = self.catalog.product(position.slot)?;
        Some(Listing::ids(product.id, product.variants.get(position.variant)?.id))
    }
}

fn new_product(random: &mut RandomSource) -> Action {
    let sku = format!("NEW-{:012X}", random.below(1 << 48));
    let level = i64::try_from(random.below(50)).unwrap_or(0);
    Action::AddProduct { product: Box::new(ProductData::new(sku, level)) }
}
