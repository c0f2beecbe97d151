//! The answers of the guide's two reading calls, key by key.

use serde::{Deserialize, Serialize};

/// One product of `get_wix_products_info_by_sku_list`, with the guide's keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ProductInfo {
    /// The product.
    pub product_id: String,
    /// The variant that carries the SKU.
    pub variant_id: String,
    /// The level; `null` if Wix does not track the listing's stock.
    #[cfg_attr(feature = "schema", schema(required))]
    pub current_quantity: Option<i64>,
    /// The inventory item.
    pub inventory_item_id: String,
}

/// One entry of `get_inventory_updates_by_sku_list`, with the guide's keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct InventoryUpdate {
    /// The SKU.
    pub sku: String,
    /// The inventory item.
    pub inventory_item_id: String,
    /// The variant that carries the SKU.
    pub variant_id: String,
    /// Always 0. The caller fills it in.
    pub quantity: u32,
}
