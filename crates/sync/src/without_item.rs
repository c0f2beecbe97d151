//! Finds the listings that a whole read does not show.

use std::collections::HashSet;

use domain::{Listing, ListingKey, Scope, Sku, Stock};

use crate::ports::{Shop, ShopError};

/// The listings of `stock` in `scope` that are not among `listings`, those of a whole read, because they have no
/// inventory item.
pub(crate) async fn without_item(
    shop: &dyn Shop,
    stock: &Stock,
    scope: &Scope,
    listings: &[Listing],
) -> Result<Vec<Listing>, ShopError> {
    let shown: HashSet<&str> = listings.iter().filter_map(|one| Some(one.sku.as_ref()?.as_str())).collect();
    let missing = stock.iter().map(|(sku, _)| sku);
    let missing = missing.filter(|sku| scope.contains(sku.as_str()) && !shown.contains(sku.as_str()));
    let missing: Vec<Sku> = missing.cloned().collect();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let read = u64::try_from(listings.len()).unwrap_or(u64::MAX);
    let mut found = shop.without_item(&missing, read).await?;
    let keys: HashSet<&ListingKey> = listings.iter().map(|one| &one.key).collect();
    found.retain(|one| !keys.contains(&one.key));
    Ok(found)
}
