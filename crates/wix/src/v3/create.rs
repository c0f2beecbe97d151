//! Creates inventory items for variants that have none.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::inventory::InventoryItem;
use super::update::{EntryOutcome, Reply};
use crate::{Client, SendGate, WixError};

/// Wix's code for a variant that has an item at the location already.
pub const ITEM_ALREADY_EXISTS: &str = "ITEM_ALREADY_EXISTS";

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

/// Unlike those of a bulk update, the entries are not wrapped.
fn body(items: &[NewItem<'_>]) -> Value {
    let flat = |one: &NewItem<'_>| json!({"productId": one.product, "variantId": one.variant, "locationId": one.location, "quantity": 0});
    json!({"inventoryItems": items.iter().map(flat).collect::<Vec<Value>>(), "returnEntity": true})
}

impl NewItem<'_> {
    fn is(&self, item: &InventoryItem) -> bool {
        (item.product_id.as_str(), item.variant_id.as_str(), item.location_id.as_str())
            == (self.product, self.variant, self.location)
    }
}

impl Client {
    /// Creates inventory items with a quantity of zero, in one call of at most [`super::PAGE`]. Sent once. Gives what the
    /// answer says of each, in their order: a variant that has an item already gets no second one, and the others are
    /// created all the same (Wix: Bulk Create Inventory Items).
    pub async fn v3_create_items(
        &self,
        items: &[NewItem<'_>],
        gate: &dyn SendGate,
    ) -> Result<Vec<EntryOutcome>, WixError> {
        let reply: Reply = self.write(BULK_CREATE, &body(items), gate).await?;
        // A row names the id of the new item, which the entry does not know.
        let outcomes = reply.outcomes(items, &HashMap::new(), NewItem::is);
        Ok(self.masked_outcomes(outcomes).await)
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
