//! The port of the shop.

use std::sync::atomic::Ordering;

use async_trait::async_trait;
use domain::listing::ItemLevel;
use domain::listing::reading::{ReadCosts, WayCost};
use domain::write::batch::BatchTerms;
use domain::write::settle::Settling;
use domain::{Batch, Listing, ProductId, Sku, UnixMillis};
use sync::Observer;
use sync::ports::{Catalog, Changes, SendGate, Shop, ShopError, ShopTerms, WriteReply};

use super::Process;
use crate::constants::TIMEOUT_MS;
use crate::profile::CatalogKind;

/// Costs with such small pages that reading by known ids pays off in most of these small shops.
const TERMS: ShopTerms = ShopTerms {
    catalog: "deltas",
    reading: ReadCosts {
        crawl: WayCost { fixed: 1, page: 1, per_page: 1, at_once: 1 },
        known_ids: WayCost { fixed: 2, page: 1, per_page: 1, at_once: 8 },
        changes: None,
        sku_list: WayCost { fixed: 1, page: 1, per_page: 3, at_once: 1 },
    },
    batches: BatchTerms { most: 300, one_direction: true },
    settling: Settling::Evidence,
};

/// The terms of a catalog with revisions. It tells which items changed in so few requests that this is the usual way.
const TERMS_WITH_REVISIONS: ShopTerms = ShopTerms {
    catalog: "revisions",
    reading: ReadCosts {
        changes: Some(WayCost { fixed: 1, page: 1_000, per_page: 1, at_once: 1 }),
        ..TERMS.reading
    },
    batches: BatchTerms { most: 1_000, one_direction: false },
    settling: Settling::Revision,
};

impl Process {
    /// The terms of the catalog that it works for.
    pub(super) fn terms(&self) -> ShopTerms {
        match self.catalog(&mut self.sim.lock()) {
            CatalogKind::Deltas => TERMS,
            CatalogKind::Revisions => TERMS_WITH_REVISIONS,
        }
    }
}

#[async_trait]
impl Shop for Process {
    fn site(&self) -> &'static str {
        "the one shop"
    }

    async fn connect(&self) -> Result<ShopTerms, ShopError> {
        Ok(self.terms())
    }

    async fn read_all(&self, _: &dyn Observer) -> Result<Catalog, ShopError> {
        self.read_shop().await
    }

    async fn changed_since(&self, since: UnixMillis, at_most: u64) -> Result<Changes, ShopError> {
        self.read_changes(since, at_most).await
    }

    async fn find(&self, skus: &[Sku], _: usize) -> Result<Option<Vec<Listing>>, ShopError> {
        if !self.sim.lock().profile.quirks.knows_skus {
            return Ok(None);
        }
        let asked = |one: &Listing| one.sku.as_ref().is_some_and(|sku| skus.contains(sku));
        Ok(Some(self.read_shop().await?.listings.into_iter().filter(asked).collect()))
    }

    async fn levels(&self, products: &[ProductId]) -> Result<Vec<ItemLevel>, ShopError> {
        self.read_levels(products).await
    }

    async fn write(&self, batch: &Batch, gate: &dyn SendGate) -> WriteReply {
        self.send(batch, gate).await
    }

    fn request_timeout_ms(&self) -> i64 {
        TIMEOUT_MS
    }

    fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// The shop uses the simulation's own clock, which also dates the items.
    fn server_time(&self) -> Option<UnixMillis> {
        None
    }
}
