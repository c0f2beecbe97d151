//! The store in memory passes the conformance suite.

use std::sync::Arc;

use conformance::StoreFixture;
use memory::MemoryStore;

async fn fixture() -> StoreFixture {
    StoreFixture::new(Arc::new(MemoryStore::new()))
}

conformance::store_tests!(fixture);
