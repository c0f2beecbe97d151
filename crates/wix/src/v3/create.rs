//! Creates inventory items for variants that have none.

use serde::Deserialize;
use serde_json::{Value, json};

use super::inventory::InventoryItem;
use crate::{Client, SendGate, WixError};

const BULK_CREATE: &str = "stores/v3/bulk/inventory-items/create";

/// A variant that is to get an inventory item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewItem<'a> {
    /// The product.
    pub product: &'a str,
    /// The variant of that product.
    pub variant: &'a str,
    /// The stores location.
    pub location: &'a str,
}

#[derive(Deserialize)]
struct Reply {
    results: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    item_metadata: RowMetadata,
    #[serde(default)]
    item: Option<InventoryItem>,
}

#[derive(Deserialize)]
struct RowMetadata {
    success: bool,
}

/// Unlike those of a bulk update, the entries are not wrapped.
fn body(items: &[NewItem<'_>]) -> Value {
    let flat = |one: &NewItem<'_>| json!({"productId": one.product, "variantId": one.variant, "locationId": one.location, "quantity": 0});
    json!({"inventoryItems": items.iter().map(flat).collect::<Vec<Value>>(), "returnEntity": true})
}

impl Client {
    /// Creates inventory items with a quantity of zero, in one call of at most [`super::PAGE`]. Sent once. Gives those
    /// that the answer shows: a variant that has an item already gets no second one, and the others are created all
    /// the same (Wix: Bulk Create Inventory Items).
    pub async fn v3_create_items(
        &self,
        items: &[NewItem<'_>],
        gate: &dyn SendGate,
    ) -> Result<Vec<InventoryItem>, WixError> {
        let reply: Reply = self.write(BULK_CREATE, &body(items), gate).await?;
        let created = reply.results.into_iter().filter(|row| row.item_metadata.success);
        Ok(created.filter_map(|row| row.item).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_items_are_flat_and_begin_at_zero() {
        let new = NewItem { product: "p", variant: "v", location: "l" };
        let flat = json!({"productId": "p", "variantId": "v", "locationId": "l", "quantity": 0});
        assert_eq!(body(&[new]), json!({"inventoryItems": [flat], "returnEntity": true}));
    }
}
