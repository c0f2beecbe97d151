//! Searches the variants of the whole store, those without an inventory item included.

use serde::Deserialize;
use serde_json::{Value, json};

use super::paging::{Paged, Paging};
use crate::{Client, WixError};

/// Of the two endpoints for variants, the query leaves out products without options, so this searches.
const SEARCH: &str = "stores/v3/products/search-variants";

/// A variant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Variant {
    /// Wix's id; unique within its product only.
    pub variant_id: String,
    /// Its SKU.
    #[serde(default)]
    pub sku: Option<String>,
    /// Its product.
    pub product_data: VariantProduct,
}

/// `productData` of a variant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VariantProduct {
    /// The product.
    pub product_id: String,
}

/// By default Wix sorts by the time of change, and rows move while they are paged through.
fn sort() -> Value {
    json!([{"fieldName": "productData.productId", "order": "ASC"}, {"fieldName": "variantId", "order": "ASC"}])
}

fn filter(skus: Option<&[&str]>) -> Value {
    skus.map_or_else(|| json!({}), |skus| json!({"sku": {"$in": skus}}))
}

impl Client {
    /// Passes the variants with one of `skus` (at most [`super::LISTED`]), or all variants of the store, to `take`,
    /// page by page. Wix does not say whether case counts in SKUs, so the caller must compare. The index behind this
    /// search lags behind changes.
    pub async fn v3_variants(
        &self,
        skus: Option<&[&str]>,
        paging: &Paging,
        take: impl FnMut(Vec<Variant>),
    ) -> Result<(), WixError> {
        let filter = filter(skus);
        let asked = Paged { path: SEARCH, envelope: "search", filter: &filter, sort: sort() };
        self.v3_pages(&asked, paging, take).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_searched_by_sku_or_all() {
        assert_eq!(filter(Some(&["A", "B"])), json!({"sku": {"$in": ["A", "B"]}}));
        assert_eq!(filter(None), json!({}));
        let text = r#"{"variantId":"v","sku":"A","visible":true,"price":{"actualPrice":{"amount":"1"}},
            "productData":{"productId":"p","name":"n","revision":"1"},"optionChoices":[]}"#;
        let variant: Variant = serde_json::from_str(text).unwrap();
        assert_eq!((variant.sku.as_deref(), &*variant.product_data.product_id), (Some("A"), "p"));
    }
}
