//! Searches the variants of the whole store, those without an inventory item included.

use std::ops::ControlFlow;

use serde::Deserialize;
use serde_json::{Value, json};

use super::paging::{Paged, Paging};
use crate::moment::moment_text;
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

/// Which variants are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VariantFilter<'a> {
    /// Every variant of the store.
    All,
    /// Those with one of these SKUs (at most [`super::LISTED`]). Wix does not say whether case counts, so the caller
    /// must compare.
    Skus(&'a [&'a str]),
    /// Those whose product changed at this moment or later, in milliseconds since 1970 by Wix's clock.
    UpdatedSince(i64),
}

impl VariantFilter<'_> {
    fn json(self) -> Value {
        match self {
            Self::All => json!({}),
            Self::Skus(skus) => json!({"sku": {"$in": skus}}),
            Self::UpdatedSince(since) => json!({"productData.updatedDate": {"$gte": moment_text(since)}}),
        }
    }
}

impl Client {
    /// Passes every variant that `filter` lets through to `take`, page by page, until it has enough. The index behind
    /// this search lags behind changes.
    pub async fn v3_variants(
        &self,
        filter: VariantFilter<'_>,
        paging: &Paging,
        take: impl FnMut(Vec<Variant>) -> ControlFlow<()>,
    ) -> Result<(), WixError> {
        let filter = filter.json();
        let asked = Paged { path: SEARCH, envelope: "search", filter: &filter, sort: sort() };
        self.v3_pages(&asked, paging, take).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_searched_by_sku_by_change_or_all() {
        assert_eq!(VariantFilter::Skus(&["A", "B"]).json(), json!({"sku": {"$in": ["A", "B"]}}));
        assert_eq!(VariantFilter::All.json(), json!({}));
        let due = json!({"productData.updatedDate": {"$gte": "1970-01-01T00:00:01.5Z"}});
        assert_eq!(VariantFilter::UpdatedSince(1_500).json(), due);
        let text = r#"{"variantId":"v","sku":"A","visible":true,"price":{"actualPrice":{"amount":"1"}},
            "productData":{"productId":"p","name":"n","revision":"1"},"optionChoices":[]}"#;
        let variant: Variant = serde_json::from_str(text).unwrap();
        assert_eq!((variant.sku.as_deref(), &*variant.product_data.product_id), (Some("A"), "p"));
    }
}
