//! Inventory items: reads them by location, product, SKU or time of change, and counts them.

use std::ops::ControlFlow;

use reqwest::Method;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use super::paging::{Paged, Paging};
use crate::moment::{moment_ms, moment_text};
use crate::{Client, WixError};

const QUERY: &str = "stores/v3/inventory-items/query";
const COUNT: &str = "stores/v3/inventory-items/count";

/// An inventory item: the level of one variant at one location.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InventoryItem {
    /// Wix's id.
    pub id: String,
    /// Counts up by one with each change. Wix writes the number as a text.
    #[serde(default, deserialize_with = "number")]
    pub revision: Option<i64>,
    /// The variant; unique within its product only.
    pub variant_id: String,
    /// The stores location.
    pub location_id: String,
    /// The product.
    pub product_id: String,
    /// The units, if Wix counts them; below zero after an oversell.
    #[serde(default, deserialize_with = "crate::lenient::quantity")]
    pub quantity: Option<i64>,
    /// Whether Wix counts units. Otherwise the item is tracked by its status: in stock or not.
    #[serde(default)]
    pub track_quantity: Option<bool>,
    /// When it last changed, as Wix writes it.
    #[serde(default, deserialize_with = "crate::lenient::if_readable")]
    pub updated_date: Option<String>,
    /// What Wix copies of its product.
    #[serde(default)]
    pub product: Option<ItemProduct>,
}

impl InventoryItem {
    /// Whether Wix counts its units.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        self.track_quantity.unwrap_or(self.quantity.is_some())
    }

    /// The SKU of its variant; `None` if it has none.
    #[must_use]
    pub fn sku(&self) -> Option<&str> {
        self.product.as_ref()?.variant_sku.as_deref().filter(|sku| !sku.is_empty())
    }

    /// When it last changed, in milliseconds since 1970-01-01T00:00:00Z by Wix's clock; `None` if Wix does not say.
    #[must_use]
    pub fn updated_ms(&self) -> Option<i64> {
        moment_ms(self.updated_date.as_deref()?)
    }
}

/// `product` of an inventory item.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemProduct {
    /// The SKU of the variant.
    #[serde(default)]
    pub variant_sku: Option<String>,
}

/// An int64, which Wix writes as a text.
pub(super) fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Number(i64),
    }
    match Option::<Written>::deserialize(from)? {
        None => Ok(None),
        Some(Written::Number(number)) => Ok(Some(number)),
        Some(Written::Text(text)) => text.parse().map(Some).map_err(serde::de::Error::custom),
    }
}

/// Which items are asked for. All conditions must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ItemFilter<'a> {
    /// Only items of this stores location.
    pub location: Option<&'a str>,
    /// Only items of these products (at most [`super::LISTED`]).
    pub products: Option<&'a [String]>,
    /// Only items of variants with these SKUs (at most [`super::LISTED`]). Wix does not say whether case counts, so
    /// the caller must compare.
    pub skus: Option<&'a [&'a str]>,
    /// Only items that changed at this moment or later, in milliseconds since 1970 by Wix's clock. Gives the items in
    /// the order of their changes.
    pub updated_since: Option<i64>,
}

impl ItemFilter<'_> {
    fn json(&self) -> Value {
        let mut conditions = Map::new();
        if let Some(location) = self.location {
            conditions.insert("locationId".to_owned(), json!(location));
        }
        if let Some(products) = self.products {
            conditions.insert("productId".to_owned(), json!({"$in": products}));
        }
        if let Some(skus) = self.skus {
            conditions.insert("product.variantSku".to_owned(), json!({"$in": skus}));
        }
        if let Some(since) = self.updated_since {
            conditions.insert("updatedDate".to_owned(), json!({"$gte": moment_text(since)}));
        }
        Value::Object(conditions)
    }

    /// Items keep their place in either order while others change or are added: new ones come last.
    fn sort(&self) -> Value {
        let field = if self.updated_since.is_some() { "updatedDate" } else { "createdDate" };
        json!([{"fieldName": field, "order": "ASC"}])
    }
}

#[derive(Deserialize)]
struct CountReply {
    count: u64,
}

impl Client {
    /// Passes every inventory item that `filter` lets through to `take`, page by page, until it has enough. The index
    /// behind this query lags behind changes.
    pub async fn v3_items(
        &self,
        filter: &ItemFilter<'_>,
        paging: &Paging,
        take: impl FnMut(Vec<InventoryItem>) -> ControlFlow<()>,
    ) -> Result<(), WixError> {
        let (filter, sort) = (filter.json(), filter.sort());
        self.v3_pages(&Paged { path: QUERY, envelope: "query", filter: &filter, sort }, paging, take).await
    }

    /// The number of inventory items that `filter` lets through.
    pub async fn v3_count_items(&self, filter: &ItemFilter<'_>) -> Result<u64, WixError> {
        let body = json!({"filter": filter.json()});
        let reply: CountReply = self.read(Method::POST, COUNT, Some(&body)).await?;
        Ok(reply.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_read_as_wix_writes_it() {
        let text = r#"{"id":"i","revision":"7","createdDate":"2026-01-01T00:00:00Z",
            "updatedDate":"2026-09-04T10:00:00.123Z","variantId":"v","locationId":"l","productId":"p",
            "quantity":12,"trackQuantity":true,"availabilityStatus":"IN_STOCK","preorderInfo":{"enabled":false},
            "product":{"name":"n","directCategoryIds":[],"variantName":"","variantSku":"A-1","variantVisible":true}}"#;
        let item: InventoryItem = serde_json::from_str(text).unwrap();
        assert_eq!((item.revision, item.quantity, item.sku()), (Some(7), Some(12), Some("A-1")));
        assert_eq!(item.updated_ms(), Some(1_788_516_000_123));
        assert!(item.is_counted());
        let by_status = r#"{"id":"i","revision":3,"variantId":"v","locationId":"l","productId":"p","inStock":true,
            "trackQuantity":false,"product":{"variantSku":""}}"#;
        let item: InventoryItem = serde_json::from_str(by_status).unwrap();
        assert_eq!(
            (item.revision, item.quantity, item.sku(), item.is_counted()),
            (Some(3), None, None, false)
        );
        let wrong = r#"{"id":"i","revision":"x","variantId":"v","locationId":"l","productId":"p"}"#;
        assert!(serde_json::from_str::<InventoryItem>(wrong).is_err());
    }

    #[test]
    fn a_filter_is_an_object_of_conditions() {
        let products = ["p".to_owned()];
        let filter = ItemFilter { location: Some("l"), products: Some(&products), ..ItemFilter::default() };
        assert_eq!(filter.json(), json!({"locationId": "l", "productId": {"$in": ["p"]}}));
        assert_eq!(filter.sort(), json!([{"fieldName": "createdDate", "order": "ASC"}]));
        let filter = ItemFilter { skus: Some(&["A"]), updated_since: Some(1_500), ..ItemFilter::default() };
        let due =
            json!({"product.variantSku": {"$in": ["A"]}, "updatedDate": {"$gte": "1970-01-01T00:00:01.5Z"}});
        assert_eq!(filter.json(), due);
        assert_eq!(filter.sort(), json!([{"fieldName": "updatedDate", "order": "ASC"}]));
    }
}
