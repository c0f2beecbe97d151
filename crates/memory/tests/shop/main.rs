//! The shop in memory with revisions keeps every promise of the shop port, and runs settle its writes by revision.

#[cfg(test)]
mod ends;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod revisions;

use fixture::ShopInMemory;

conformance::shop_tests!(ShopInMemory);
