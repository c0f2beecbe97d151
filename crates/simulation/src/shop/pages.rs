//! The catalog, page by page: products in the order in which they were created, each page behind the last.

use domain::UnixMillis;

use super::ShopState;

/// Products on a page.
const PAGE: usize = 2;

/// A page of the catalog.
#[derive(Debug)]
pub(crate) struct Page {
    /// The listings of its products.
    pub(crate) listings: Vec<usize>,
    /// Its products.
    pub(crate) products: usize,
    /// Products on this page and behind it.
    pub(crate) rest: usize,
    /// Where the next page begins.
    pub(crate) next: usize,
}

impl ShopState {
    /// The page that begins at `from`, as a read shows it that sees nothing younger than `at`.
    pub(crate) fn page(&self, from: usize, at: UnixMillis) -> Page {
        let mut page = Page { listings: Vec::new(), products: 0, rest: 0, next: from };
        for (nth, listings) in self.products().into_iter().enumerate().skip(from) {
            let there: Vec<usize> = listings
                .into_iter()
                .filter(|listing| self.listings[*listing].version_at(at).exists)
                .collect();
            if there.is_empty() {
                continue;
            }
            page.rest += 1;
            if page.products < PAGE {
                page.products += 1;
                page.next = nth + 1;
                page.listings.extend(there);
            }
        }
        page
    }

    /// The listings of each product that there has ever been, products in the order of their creation.
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
