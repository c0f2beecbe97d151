//! Queries the variants of the whole store. No other query may find the SKUs of managed variants.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::PAGE;
use crate::{Class, Client, WixError};

/// One row: a managed variant, or a whole product.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoreVariant {
    /// The product.
    pub product_id: String,
    /// The variant.
    pub variant_id: String,
    /// `false`: the row stands for the whole product.
    #[serde(default, deserialize_with = "crate::lenient::if_any")]
    pub managed_variant: bool,
    /// Its SKU.
    #[serde(default, deserialize_with = "crate::lenient::if_any")]
    pub sku: Option<String>,
}

#[derive(Deserialize)]
struct Reply {
    variants: Vec<StoreVariant>,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    total: u64,
}

impl Client {
    /// Rows whose SKU is one of `skus` (at most [`PAGE`]). Wix does not document whether it filters variants by SKU.
    /// If it refuses, the error has class [`Class::Refused`]. The caller must check that the rows have the requested
    /// SKUs.
    pub async fn v1_variants_by_sku(&self, skus: &[&str]) -> Result<Vec<StoreVariant>, WixError> {
        let mut rows: Vec<StoreVariant> = Vec::new();
        loop {
            // Unlike the filter for products, this one is an object and not a text.
            let paging = json!({"limit": PAGE, "offset": rows.len()});
            let body = json!({"query": {"filter": {"sku": {"$hasSome": skus}}, "paging": paging}});
            let reply: Reply =
                self.read(Method::POST, "stores-reader/v1/variants/query", Some(&body)).await?;
            let last = reply.variants.is_empty();
            rows.extend(reply.variants);
            let read = u64::try_from(rows.len()).unwrap_or(u64::MAX);
            let total = reply.metadata.total;
            if read == total {
                return Ok(rows);
            }
            if last || read > total || rows.len() > MAX_ROWS {
                let reason = format!("{read} variants came of the {total} that were announced");
                return Err(WixError::new(Class::Incomplete, reason));
            }
        }
    }
}

/// With more rows than this for 100 SKUs, Wix ignored the filter.
const MAX_ROWS: usize = 10 * PAGE;
