//! The guide's two reading calls, as library functions. The third, `update_inventory_by_sku_list`, is a run:
//! [`crate::Work::Set`].

use std::collections::{BTreeMap, BTreeSet};

use domain::guide::{InventoryUpdate, ProductInfo};
use domain::{Listing, Sku};

use crate::observer::Silent;
use crate::ports::{Shop, ShopError};

/// How many SKUs one request asks for by default.
pub const BATCH_SIZE: usize = 100;

/// The result of a look-up by SKU.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found<T> {
    /// The SKUs that exactly one listing carries.
    pub items: T,
    /// SKUs that no listing carries.
    pub missing: Vec<Sku>,
    /// SKUs that several listings carry, so it is not clear which one is meant.
    pub ambiguous: Vec<Sku>,
}

/// The listings of `skus`, by SKU. One request asks for up to `batch_size` SKUs.
pub async fn get_wix_products_info_by_sku_list(
    shop: &dyn Shop,
    skus: &[Sku],
    batch_size: usize,
) -> Result<Found<BTreeMap<String, ProductInfo>>, ShopError> {
    let found = look_up(shop, skus, batch_size).await?;
    let info = |listing: &Listing| ProductInfo {
        product_id: listing.key.product.to_string(),
        variant_id: listing.key.variant.to_string(),
        current_quantity: listing.level.filter(|_| listing.tracked).map(domain::Level::units),
        inventory_item_id: listing.inventory_item.to_string(),
    };
    let items = found.items.iter().map(|(sku, listing)| (sku.to_string(), info(listing))).collect();
    Ok(Found { items, missing: found.missing, ambiguous: found.ambiguous })
}

/// One update with quantity 0 for each of `skus` that is found, in the order of the request.
pub async fn get_inventory_updates_by_sku_list(
    shop: &dyn Shop,
    skus: &[Sku],
    batch_size: usize,
) -> Result<Found<Vec<InventoryUpdate>>, ShopError> {
    let found = look_up(shop, skus, batch_size).await?;
    let update = |(sku, listing): &(Sku, Listing)| InventoryUpdate {
        sku: sku.to_string(),
        inventory_item_id: listing.inventory_item.to_string(),
        variant_id: listing.key.variant.to_string(),
        quantity: 0,
    };
    let items = found.items.iter().map(update).collect();
    Ok(Found { items, missing: found.missing, ambiguous: found.ambiguous })
}

async fn look_up(
    shop: &dyn Shop,
    skus: &[Sku],
    batch_size: usize,
) -> Result<Found<Vec<(Sku, Listing)>>, ShopError> {
    let mut by_sku: BTreeMap<Sku, Vec<Listing>> = BTreeMap::new();
    let listings = match shop.find(skus, batch_size).await? {
        Some(listings) => listings,
        None => shop.read_all(&Silent).await?.listings,
    };
    let wanted: BTreeSet<&Sku> = skus.iter().collect();
    for listing in listings {
        if let Some(sku) = listing.sku.clone().filter(|sku| wanted.contains(sku)) {
            by_sku.entry(sku).or_default().push(listing);
        }
    }
    let mut found = Found::<Vec<(Sku, Listing)>>::default();
    let mut asked = BTreeSet::new();
    for sku in skus.iter().filter(|sku| asked.insert(*sku)) {
        match by_sku.remove(sku).as_deref() {
            None | Some([]) => found.missing.push(sku.clone()),
            Some([one]) => found.items.push((sku.clone(), one.clone())),
            Some(_) => found.ambiguous.push(sku.clone()),
        }
    }
    Ok(found)
}
