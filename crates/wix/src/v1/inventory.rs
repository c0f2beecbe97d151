//! Inventory: reads levels by product, and writes increments and decrements.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{PAGE, Query};
use crate::{Class, Client, SendGate, WixError};

/// Wix's limit for entries in one increment or decrement.
pub const MAX_ENTRIES: usize = 300;

/// An inventory item: the levels of all variants of a product.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InventoryItem {
    /// Wix's id.
    pub id: String,
    /// The product.
    pub product_id: String,
    /// Whether Wix tracks the stock; one switch for all variants.
    #[serde(default, deserialize_with = "crate::lenient::if_readable")]
    pub track_quantity: bool,
    /// When it last changed, as Wix writes it.
    #[serde(default, deserialize_with = "crate::lenient::if_readable")]
    pub last_updated: Option<String>,
    /// The levels of its variants.
    #[serde(default, deserialize_with = "crate::lenient::if_any")]
    pub variants: Vec<VariantLevel>,
}

impl InventoryItem {
    /// When it last changed, in milliseconds since 1970-01-01T00:00:00Z by Wix's clock; `None` if Wix does not say.
    #[must_use]
    pub fn last_updated_ms(&self) -> Option<i64> {
        crate::moment::moment_ms(self.last_updated.as_deref()?)
    }
}

/// The level of a variant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VariantLevel {
    /// The variant; all zeros for a product without managed variants.
    pub variant_id: String,
    /// The units, if Wix tracks them.
    #[serde(default, deserialize_with = "crate::lenient::quantity")]
    pub quantity: Option<i64>,
}

/// One entry of an increment or decrement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment<'a> {
    /// The inventory item.
    pub inventory_id: &'a str,
    /// The variant.
    pub variant_id: &'a str,
    /// The number of units, at least one.
    pub by: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct QueryReply {
    inventory_items: Vec<InventoryItem>,
    total_results: u64,
}

/// The answer to a write. Wix sends `{}`; any other JSON object is accepted too.
type Done = serde_json::Map<String, serde_json::Value>;

impl Client {
    /// The inventory items of `products` (at most [`PAGE`]). A product that Wix does not return is missing in the
    /// result.
    pub async fn v1_inventory_of(&self, products: &[String]) -> Result<Vec<InventoryItem>, WixError> {
        let filter = json!({"productId": {"$hasSome": products}});
        let request = json!({"query": Query::page(&filter, None, 0)});
        let reply: QueryReply =
            self.read(Method::POST, "stores-reader/v2/inventoryItems/query", Some(&request)).await?;
        let items = reply.inventory_items;
        let rows = u64::try_from(items.len()).unwrap_or(u64::MAX);
        if rows != reply.total_results || items.len() > PAGE {
            let reason = format!("{rows} inventory items came of the {} announced", reply.total_results);
            return Err(WixError::new(Class::Incomplete, reason));
        }
        Ok(items)
    }

    /// Adds units, in one call of at most [`MAX_ENTRIES`] entries. Sent once.
    pub async fn v1_increment(
        &self,
        entries: &[Adjustment<'_>],
        gate: &dyn SendGate,
    ) -> Result<(), WixError> {
        let data: Vec<_> = entries.iter().map(|entry| entry_json(entry, "incrementBy")).collect();
        let body = json!({"incrementData": data});
        let _: Done = self.write("stores/v2/inventoryItems/increment", &body, gate).await?;
        Ok(())
    }

    /// Takes units away, in one call of at most [`MAX_ENTRIES`] entries. Sent once.
    pub async fn v1_decrement(
        &self,
        entries: &[Adjustment<'_>],
        gate: &dyn SendGate,
    ) -> Result<(), WixError> {
        let data: Vec<_> = entries.iter().map(|entry| entry_json(entry, "decrementBy")).collect();
        let body = json!({"decrementData": data});
        let _: Done = self.write("stores/v2/inventoryItems/decrement", &body, gate).await?;
        Ok(())
    }
}

fn entry_json(entry: &Adjustment<'_>, by: &str) -> serde_json::Value {
    json!({"inventoryId": entry.inventory_id, "variantId": entry.variant_id, by: entry.by})
}
