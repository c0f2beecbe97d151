//! Reads the products that changed recently: page by page, newest first, until a product is old enough.

use std::collections::HashSet;

use serde_json::json;

use super::PAGE;
use super::products::{Page, Product};
use crate::{Class, Client, WixError};

const SORT: &str = r#"[{"lastUpdated":"desc"}]"#;

/// The answer to a query for changed products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// All products that changed.
    All {
        /// The products, each once.
        products: Vec<Product>,
        /// How many products the site has.
        total: u64,
    },
    /// More products changed than the caller accepts.
    Many,
    /// The answers cannot be relied on: the query was refused, products are out of order or have no time, or the shop
    /// changed between two pages.
    Unreliable,
}

impl Client {
    /// The products that were created or changed at `since_ms` or later, in milliseconds since 1970 by Wix's clock,
    /// including hidden ones. Stops reading once it has read `at_most` products.
    pub async fn v1_changed_since(&self, since_ms: i64, at_most: u64) -> Result<Changed, WixError> {
        let mut walk = Walk { since_ms, newest: i64::MAX, total: None, seen: HashSet::new(), read: 0 };
        let mut products = Vec::new();
        loop {
            let page = match self.v1_products_page(&json!({}), Some(SORT), walk.read).await {
                Ok(page) => page,
                Err(error) if error.class == Class::Refused => return Ok(Changed::Unreliable),
                Err(error) => return Err(error),
            };
            let total = page.total_results;
            match walk.take(page, &mut products) {
                Step::Done => return Ok(Changed::All { products, total }),
                Step::Unreliable => return Ok(Changed::Unreliable),
                Step::More if u64::try_from(walk.read).unwrap_or(u64::MAX) >= at_most => {
                    return Ok(Changed::Many);
                }
                Step::More => {}
            }
        }
    }
}

enum Step {
    Done,
    More,
    Unreliable,
}

/// The state of reading the pages.
struct Walk {
    since_ms: i64,
    /// The time of the last product read. No later product may be newer.
    newest: i64,
    total: Option<u64>,
    seen: HashSet<String>,
    read: usize,
}

impl Walk {
    fn take(&mut self, page: Page, products: &mut Vec<Product>) -> Step {
        let read = u64::try_from(self.read).unwrap_or(u64::MAX);
        let due = page.total_results.saturating_sub(read).min(u64::try_from(PAGE).unwrap_or(u64::MAX));
        let rows = page.products.len();
        let same_total = *self.total.get_or_insert(page.total_results) == page.total_results;
        if !same_total || u64::try_from(rows).unwrap_or(u64::MAX) != due {
            return Step::Unreliable;
        }
        self.read += rows;
        let over = read.saturating_add(due) >= page.total_results;
        for product in page.products {
            let Some(at) = product.last_updated_ms().filter(|at| *at <= self.newest) else {
                return Step::Unreliable;
            };
            self.newest = at;
            if at < self.since_ms {
                return Step::Done;
            }
            // A product appears on two pages if another one moved to the front in between and was missed.
            if !self.seen.insert(product.id.clone()) {
                return Step::Unreliable;
            }
            products.push(product);
        }
        if over { Step::Done } else { Step::More }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::products::ProductStock;

    fn product(n: i64) -> Product {
        let last_updated = jiff::Timestamp::from_millisecond(n).ok().map(|at| at.to_string());
        Product {
            id: n.to_string(),
            numeric_id: n.to_string(),
            last_updated,
            sku: None,
            manage_variants: false,
            stock: ProductStock { track_inventory: true, quantity: Some(1) },
            inventory_item_id: None,
            variants: Vec::new(),
        }
    }

    fn walk(since_ms: i64) -> Walk {
        Walk { since_ms, newest: i64::MAX, total: None, seen: HashSet::new(), read: 0 }
    }

    fn page(times: impl IntoIterator<Item = i64>, total_results: u64) -> Page {
        Page { products: times.into_iter().map(product).collect(), total_results }
    }

    #[test]
    fn the_first_product_that_is_old_enough_ends_the_walk() {
        let mut products = Vec::new();
        assert!(matches!(walk(8).take(page([9, 8, 7], 3), &mut products), Step::Done));
        assert_eq!(products, [product(9), product(8)]);
        let mut walk = walk(8);
        assert!(matches!(walk.take(page((100..200).rev(), 101), &mut Vec::new()), Step::More));
        assert!(
            matches!(walk.take(page([100], 101), &mut Vec::new()), Step::Unreliable),
            "shown twice: the pages have shifted"
        );
    }

    #[test]
    fn what_cannot_be_relied_on_is_not() {
        let unreliable = |page: Page| matches!(walk(1).take(page, &mut Vec::new()), Step::Unreliable);
        assert!(unreliable(page([7, 8], 2)), "not the newest first");
        assert!(unreliable(page([8, 7], 3)), "a short page");
        let timeless = Product { last_updated: None, ..product(7) };
        assert!(unreliable(Page { products: vec![timeless], total_results: 1 }));
        let mut walk = walk(1);
        assert!(matches!(walk.take(page((100..200).rev(), 150), &mut Vec::new()), Step::More));
        assert!(matches!(walk.take(page(50..99, 149), &mut Vec::new()), Step::Unreliable), "another total");
    }
}
