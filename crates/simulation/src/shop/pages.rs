//! The catalog, page by page. Products come in the order of their creation; each page continues after the previous
//! one.

use domain::UnixMillis;

use super::ShopState;

/// How many products a page has.
const PAGE: usize = 2;

/// A page of the catalog.
#[derive(Debug)]
pub(crate) struct Page {
    /// The listings of its products.
    pub(crate) listings: Vec<usize>,
    /// The number of its products.
    pub(crate) products: usize,
    /// The number of products on this page and after it.
    pub(crate) remaining: usize,
    /// Where the next page begins.
    pub(crate) next: usize,
}

impl ShopState {
    /// The page that begins at `from`, as a read shows it that sees the state as of `at`.
    pub(crate) fn page(&self, from: usize, at: UnixMillis) -> Page {
        let mut page = Page { listings: Vec::new(), products: 0, remaining: 0, next: from };
        for (nth, listings) in self.products().into_iter().enumerate().skip(from) {
            let existing: Vec<usize> = listings
                .into_iter()
                .filter(|listing| self.listings[*listing].version_at(at).exists)
                .collect();
            if existing.is_empty() {
                continue;
            }
            page.remaining += 1;
            if page.products < PAGE {
                page.products += 1;
                page.next = nth + 1;
                page.listings.extend(existing);
            }
        }
        page
    }

    /// The listings of each product that was ever created, products in the order of their creation.
    fn products(&self) -> Vec<Vec<usize>> {
        let mut products: Vec<Vec<usize>> = Vec::new();
        for (at, listing) in self.listings.iter().enumerate() {
            let same = |others: &&mut Vec<usize>| self.listings[others[0]].key.product == listing.key.product;
            match products.iter_mut().find(same) {
                Some(others) => others.push(at),
                None => products.push(vec![at]),
            }
        }
        products
    }
}
