//! An inventory item as JSON (Wix: Inventory Items V3).

use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::item_row::ItemRow;
use super::preorder::PreorderView;
use crate::catalog::Timestamp;

/// A whole number of 64 bits, which Wix writes as a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct LongNumber(pub(super) u64);

impl Serialize for LongNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// An inventory item as the client sees it. It has no barcode, although that is a filter.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemView<'c> {
    id: Uuid,
    revision: LongNumber,
    created_date: Timestamp,
    updated_date: Timestamp,
    variant_id: Uuid,
    location_id: Uuid,
    product_id: Uuid,
    /// A tracked item has a quantity.
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<i64>,
    /// Any other says only whether there is some.
    #[serde(skip_serializing_if = "Option::is_none")]
    in_stock: Option<bool>,
    track_quantity: bool,
    availability_status: &'static str,
    preorder_info: PreorderView<'c>,
    product: GoodsView<'c>,
}

/// What an item says about its product and variant.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct GoodsView<'c> {
    name: &'c str,
    direct_category_ids: &'c [String],
    #[serde(skip_serializing_if = "String::is_empty")]
    variant_name: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    variant_sku: &'c str,
    variant_visible: bool,
}

impl<'c> ItemView<'c> {
    pub(super) fn new(row: ItemRow<'c>) -> Self {
        let ItemRow { product, variant, item, .. } = row;
        Self {
            id: item.id,
            revision: LongNumber(item.revision),
            created_date: item.created,
            updated_date: item.updated,
            variant_id: variant.v3_id,
            location_id: row.location(),
            product_id: product.id,
            quantity: item.tracked.then_some(item.quantity),
            in_stock: (!item.tracked).then_some(item.in_stock),
            track_quantity: item.tracked,
            availability_status: row.availability(),
            preorder_info: PreorderView::new(item),
            product: GoodsView {
                name: &product.name,
                direct_category_ids: &product.collection_ids,
                variant_name: variant.name(),
                variant_sku: &variant.sku,
                variant_visible: variant.visible,
            },
        }
    }
}
