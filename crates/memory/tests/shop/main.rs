//! The shop in memory with revisions keeps every promise of the shop port, and runs settle its writes by revision.

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod revisions;

conformance::shop_tests!(crate::fixture::ShopInMemory);
