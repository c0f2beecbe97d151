//! Each database keeps every promise of a store.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use conformance::StoreFixture;
use state::StateUrl;

async fn in_a_file() -> StoreFixture {
    let folder = tempfile::tempdir().unwrap();
    let store = state::open(&StateUrl::in_file(folder.path().join("state.db"))).await.unwrap();
    StoreFixture::keeping(store, folder)
}

conformance::store_tests!(in_a_file);
