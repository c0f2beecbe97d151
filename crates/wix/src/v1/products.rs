//! Products: the query that carries SKUs, variants, levels and inventory ids.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{PAGE, Query};
use crate::{Class, Client, WixError};

const PATH: &str = "stores-reader/v1/products/query";

/// A product, with the fields that concern stock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// Wix's id.
    pub id: String,
    /// A number in digits that grows in the order of creation.
    pub numeric_id: String,
    /// When it last changed, as Wix writes it.
    #[serde(default, deserialize_with = "crate::lenient::if_readable")]
    pub last_updated: Option<String>,
    /// The product's own SKU; empty if variants are managed.
    #[serde(default, deserialize_with = "crate::lenient::if_any")]
    pub sku: Option<String>,
    /// Whether SKU and stock are kept for each variant.
    #[serde(default, deserialize_with = "crate::lenient::if_any")]
    pub manage_variants: bool,
    /// Stock of the product as a whole.
    #[serde(default, deserialize_with = "crate::lenient::if_any")]
    pub stock: ProductStock,
    /// The inventory item of the product; one for all of its variants.
    #[serde(default, deserialize_with = "crate::lenient::if_readable")]
    pub inventory_item_id: Option<String>,
    /// Its variants; meaningful only if they are managed.
    #[serde(default, deserialize_with = "crate::lenient::if_any")]
    pub variants: Vec<Variant>,
}

impl Product {
    /// When it last changed, in milliseconds since 1970-01-01T00:00:00Z by Wix's clock; `None` if Wix does not say.
    #[must_use]
    pub fn last_updated_ms(&self) -> Option<i64> {
        crate::moment::moment_ms(self.last_updated.as_deref()?)
    }
}

/// `stock` of a product.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductStock {
    /// Whether Wix counts.
    #[serde(default, deserialize_with = "crate::lenient::if_readable")]
    pub track_inventory: bool,
    /// The units, if Wix tracks them and variants are not managed.
    #[serde(default, deserialize_with = "crate::lenient::quantity")]
    pub quantity: Option<i64>,
}

/// A variant of a product.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Variant {
    /// Wix's id; unique within its product only.
    pub id: String,
    /// Its SKU.
    #[serde(default, deserialize_with = "crate::lenient::if_readable")]
    pub variant: VariantData,
    /// Its stock.
    #[serde(default, deserialize_with = "crate::lenient::if_readable")]
    pub stock: VariantStock,
}

/// `variant` of a variant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct VariantData {
    /// Its own SKU.
    #[serde(default, deserialize_with = "crate::lenient::if_any")]
    pub sku: Option<String>,
}

/// `stock` of a variant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VariantStock {
    /// Whether Wix counts.
    #[serde(default, deserialize_with = "crate::lenient::if_readable")]
    pub track_quantity: bool,
    /// The units, if Wix tracks them.
    #[serde(default, deserialize_with = "crate::lenient::quantity")]
    pub quantity: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    query: Query,
    include_variants: bool,
    include_hidden_products: bool,
}

/// One page of products.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    pub(super) products: Vec<Product>,
    /// The total number of products that match the filter.
    pub(super) total_results: u64,
}

impl Client {
    /// Products whose own SKU is one of `skus` (at most [`PAGE`]), including hidden ones. This query does not find
    /// SKUs of managed variants.
    pub async fn v1_products_by_sku(&self, skus: &[&str]) -> Result<Vec<Product>, WixError> {
        let filter = json!({"sku": {"$hasSome": skus}});
        let mut products: Vec<Product> = Vec::new();
        loop {
            let page = self.v1_products_page(&filter, None, products.len()).await?;
            let last = page.products.is_empty();
            products.extend(page.products);
            let read = u64::try_from(products.len()).unwrap_or(u64::MAX);
            if read == page.total_results {
                return Ok(products);
            }
            if last || read > page.total_results {
                let reason =
                    format!("{read} products came of the {} that were announced", page.total_results);
                return Err(WixError::new(Class::Incomplete, reason));
            }
        }
    }

    pub(super) async fn v1_products_page(
        &self,
        filter: &serde_json::Value,
        sort: Option<&'static str>,
        offset: usize,
    ) -> Result<Page, WixError> {
        let request = Request {
            query: Query::page(filter, sort, offset),
            include_variants: true,
            include_hidden_products: true,
        };
        let page: Page = self.read(Method::POST, PATH, Some(&request)).await?;
        if page.products.len() > PAGE {
            let reason = format!("a page of {} products where {PAGE} were asked for", page.products.len());
            return Err(WixError::new(Class::Malformed, reason));
        }
        Ok(page)
    }
}
