//! The listings of a V1 product: one for each managed variant, or one for the whole product.

use domain::{InventoryItemId, Level, Listing, ListingKey, ProductId, Sku, VariantId};
use wix::v1::inventory::InventoryItem;
use wix::v1::products::Product;
use wix::v1::variants::StoreVariant;

/// The listings of a product. A product without managed variants has one listing, under the all-zero variant, even if
/// it offers choices. If variants are managed, the product's own SKU and stock mean nothing.
pub(super) fn listings_of(product: &Product) -> Vec<Listing> {
    let id = ProductId::new(&product.id);
    // V1 keeps one inventory item for a product. Without its id the listing cannot be written, but its SKU still
    // counts as a duplicate.
    let item = product.inventory_item_id.as_deref().filter(|id| !id.is_empty());
    let listing = |variant: VariantId, sku: Option<&String>, tracked: bool, units: Option<i64>| Listing {
        key: ListingKey::new(id.clone(), variant),
        inventory_item: item.map_or_else(InventoryItemId::missing, InventoryItemId::new),
        sku: sku.and_then(|text| Sku::parse(text).ok()),
        tracked,
        level: item.and(units).and_then(Level::new),
        revision: None,
    };
    if !product.manage_variants {
        let stock = &product.stock;
        let only = VariantId::whole_product();
        return vec![listing(only, product.sku.as_ref(), stock.track_inventory, stock.quantity)];
    }
    product
        .variants
        .iter()
        .map(|v| {
            let tracked = v.stock.track_quantity;
            listing(VariantId::new(&v.id), v.variant.sku.as_ref(), tracked, v.stock.quantity)
        })
        .collect()
}

/// The listing of a managed variant, with the level from its product's inventory item. Without an item it cannot be
/// written, but its SKU still counts as a duplicate.
pub(super) fn managed_listing(row: &StoreVariant, items: &[InventoryItem]) -> Listing {
    let item = items.iter().find(|item| item.product_id == row.product_id);
    let level = item.and_then(|item| item.variants.iter().find(|level| level.variant_id == row.variant_id));
    Listing {
        key: ListingKey::new(ProductId::new(&row.product_id), VariantId::new(&row.variant_id)),
        inventory_item: item.map_or_else(InventoryItemId::missing, |item| InventoryItemId::new(&item.id)),
        sku: row.sku.as_deref().and_then(|text| Sku::parse(text).ok()),
        tracked: item.is_none_or(|item| item.track_quantity),
        level: level.and_then(|level| level.quantity).and_then(Level::new),
        revision: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wix::v1::inventory::VariantLevel;
    use wix::v1::products::{ProductStock, Variant, VariantData, VariantStock};

    fn product(manage_variants: bool) -> Product {
        let variant = |id: &str, sku: &str, units| Variant {
            id: id.to_owned(),
            variant: VariantData { sku: Some(sku.to_owned()) },
            stock: VariantStock { track_quantity: true, quantity: Some(units) },
        };
        Product {
            id: "p".to_owned(),
            numeric_id: "1".to_owned(),
            last_updated: None,
            sku: Some("OWN".to_owned()),
            manage_variants,
            stock: ProductStock { track_inventory: true, quantity: Some(9) },
            inventory_item_id: Some("i".to_owned()),
            variants: vec![variant("v1", "A", 1), variant("v2", "", 2)],
        }
    }

    #[test]
    fn unmanaged_variants_are_one_listing_with_the_products_sku() {
        let listings = listings_of(&product(false));
        assert_eq!(listings.len(), 1);
        assert_eq!(listings[0].key.variant, VariantId::whole_product());
        assert_eq!(listings[0].sku, Sku::parse("OWN").ok());
        assert_eq!(listings[0].level, Level::new(9));
    }

    #[test]
    fn managed_variants_are_listings_with_their_own_skus_and_never_the_products() {
        let listings = listings_of(&product(true));
        let skus: Vec<_> = listings.iter().map(|listing| listing.sku.as_ref().map(Sku::as_str)).collect();
        assert_eq!(skus, [Some("A"), None]);
    }

    #[test]
    fn a_managed_variant_without_an_item_or_a_level_still_has_its_sku() {
        let row = StoreVariant {
            product_id: "p".to_owned(),
            variant_id: "v1".to_owned(),
            managed_variant: true,
            sku: Some("A".to_owned()),
        };
        let level = VariantLevel { variant_id: "v1".to_owned(), quantity: Some(4) };
        let item = |variants| InventoryItem {
            id: "i".to_owned(),
            product_id: "p".to_owned(),
            track_quantity: true,
            last_updated: None,
            variants,
        };
        let read = |items: &[InventoryItem]| {
            let listing = managed_listing(&row, items);
            assert_eq!(listing.sku, Sku::parse("A").ok());
            (listing.inventory_item.as_str().to_owned(), listing.level)
        };
        assert_eq!(read(&[item(vec![level])]), ("i".to_owned(), Level::new(4)));
        assert_eq!(read(&[item(vec![])]), ("i".to_owned(), None));
        assert_eq!(read(&[]), (String::new(), None));
    }

    #[test]
    fn without_an_inventory_item_there_is_no_level_to_write() {
        let listings = listings_of(&Product { inventory_item_id: None, ..product(false) });
        assert_eq!(listings[0].level, None);
    }
}
