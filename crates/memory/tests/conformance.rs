//! The store in memory keeps every promise of a store.

use std::sync::Arc;

use conformance::StoreFixture;
use memory::MemoryStore;

async fn fixture() -> StoreFixture {
    StoreFixture::new(Arc::new(MemoryStore::new()))
}

conformance::store_tests!(fixture);
