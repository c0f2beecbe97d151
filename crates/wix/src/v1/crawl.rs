//! Reads the whole catalog page by page, by `numericId`, because offsets only reach about 10,000 products.

use serde_json::json;

use super::PAGE;
use super::products::{Page, Product};
use crate::{Class, Client, WixError};

const SORT: &str = r#"[{"numericId":"asc"}]"#;

/// The progress of a crawl.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Products read.
    pub read: u64,
    /// Products that the first page announced.
    pub total: u64,
}

impl Client {
    /// Passes every product of the catalog to `take`, page by page, including hidden ones. Fails with
    /// [`Class::Incomplete`] if a page is short or the pages do not add up to the first page's total. `take` has then
    /// not received the whole catalog.
    pub async fn v1_crawl(&self, mut take: impl FnMut(Vec<Product>, Progress)) -> Result<(), WixError> {
        let mut last = 0u128;
        let mut read = 0u64;
        let mut announced = None;
        loop {
            let filter = json!({"numericId": {"$gt": last.to_string()}});
            let page = self.v1_products_page(&filter, Some(SORT), 0).await?;
            last = check_page(&page, last)?;
            let rest = page.total_results;
            let total = *announced.get_or_insert(rest);
            let rows = u64::try_from(page.products.len()).unwrap_or(u64::MAX);
            read += rows;
            take(page.products, Progress { read, total });
            if rows == rest {
                return if read == total { Ok(()) } else { Err(incomplete(read, total)) };
            }
            if read > total {
                return Err(incomplete(read, total));
            }
        }
    }
}

/// Checks that a page has as many products as its total requires, in strictly ascending order. Gives its last
/// `numericId`.
fn check_page(page: &Page, after: u128) -> Result<u128, WixError> {
    let rows = u64::try_from(page.products.len()).unwrap_or(u64::MAX);
    let due = page.total_results.min(u64::try_from(PAGE).unwrap_or(u64::MAX));
    if rows != due {
        let reason = format!("a page of {rows} products where {due} were due");
        return Err(WixError::new(Class::Incomplete, reason));
    }
    let mut last = after;
    for product in &page.products {
        let id: u128 = product.numeric_id.parse().map_err(|_| {
            let reason = format!("product {} has the numericId {:?}", product.id, product.numeric_id);
            WixError::new(Class::Malformed, reason)
        })?;
        if id <= last {
            let reason = format!("product {} is out of order: numericId {id} after {last}", product.id);
            return Err(WixError::new(Class::Malformed, reason));
        }
        last = id;
    }
    Ok(last)
}

fn incomplete(read: u64, total: u64) -> WixError {
    WixError::new(Class::Incomplete, format!("{read} products came of the {total} that were announced"))
}
