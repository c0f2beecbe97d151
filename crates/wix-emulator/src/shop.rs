//! The handle onto a live shop: what a test or a demonstration sees and does beside HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::catalog::Place;
use crate::conditions::{Conditions, ConditionsError};
use crate::config::CatalogVersion;
use crate::endpoint::Endpoint;
use crate::fault::Fault;
use crate::guid::Guid;
use crate::ledger::LedgerEntry;
use crate::log::RequestRecord;
use crate::rate::RateLimit;
use crate::site::Site;

/// A handle onto a live shop; clones share the shop.
#[derive(Debug, Clone)]
pub struct Shop {
    pub(crate) site: Arc<Site>,
}

impl Shop {
    pub(crate) fn new(site: Arc<Site>) -> Self {
        Self { site }
    }

    /// The true level of the one listing with this SKU; `None` when it is unknown, untracked, or on several.
    #[must_use]
    pub fn level(&self, sku: &str) -> Option<i64> {
        let catalog = self.site.read();
        match catalog.by_sku(sku) {
            [place] => catalog.level(*place),
            _ => None,
        }
    }

    /// The true level of a variant; `None` when it is unknown or untracked.
    #[must_use]
    pub fn level_of(&self, product: impl Guid, variant: impl Guid) -> Option<i64> {
        let place = self.place(product, variant)?;
        self.site.read().level(place)
    }

    /// The product and variant ids of every listing with this SKU.
    #[must_use]
    pub fn find(&self, sku: &str) -> Vec<(Uuid, Uuid)> {
        let catalog = self.site.read();
        let ids = |place: &Place| {
            let product = catalog.product(place.0)?;
            Some((product.id, product.variants.get(place.1)?.id))
        };
        catalog.by_sku(sku).iter().filter_map(ids).collect()
    }

    /// The levels of all listings by SKU, in the order of the products; `None` is untracked. Listings without a SKU
    /// stand under the empty text.
    #[must_use]
    pub fn levels_by_sku(&self) -> BTreeMap<String, Vec<Option<i64>>> {
        let catalog = self.site.read();
        let mut levels: BTreeMap<String, Vec<Option<i64>>> = BTreeMap::new();
        for product in catalog.products() {
            for variant in &product.variants {
                let level = product.tracked.then_some(variant.quantity);
                levels.entry(variant.sku.clone()).or_default().push(level);
            }
        }
        levels
    }

    /// Every applied change of a level since the start, in order. It is never cut short.
    #[must_use]
    pub fn ledger(&self) -> Vec<LedgerEntry> {
        self.site.read().ledger().to_vec()
    }

    /// The last requests, oldest first; how many are kept is set in [`Config`](crate::Config).
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.site.log().records()
    }

    /// How many requests went to this endpoint, whatever the answer.
    #[must_use]
    pub fn request_count(&self, endpoint: Endpoint) -> u64 {
        self.site.log().count(endpoint)
    }

    /// How many requests came in.
    #[must_use]
    pub fn total_requests(&self) -> u64 {
        self.site.log().total()
    }

    /// Arms a fault.
    pub fn add_fault(&self, fault: Fault) {
        self.site.control().faults.add(fault);
    }

    /// Disarms all faults, ends the faults by chance, accepts a revoked key again and opens a closed port. A late
    /// effect that is under way still comes.
    pub fn clear_faults(&self) {
        self.site.control().clear_faults();
        self.site.cleared.notify_waiters();
    }

    /// How many requests were hit by a fault.
    #[must_use]
    pub fn faults_fired(&self) -> u64 {
        self.site.control().faults.fired()
    }

    /// Puts the site under other conditions, as if it were started with them.
    pub fn set_conditions(&self, conditions: Conditions) -> Result<(), ConditionsError> {
        conditions.check()?;
        self.site.control().set(conditions, true, true);
        Ok(())
    }

    /// The conditions as they are now; of faults, what is left of them.
    #[must_use]
    pub fn conditions(&self) -> Conditions {
        self.site.control().conditions()
    }

    /// What others should have done by a fault and could not, and why; the last hundred.
    #[must_use]
    pub fn failed_acts(&self) -> Vec<String> {
        self.site.control().failed_acts.iter().cloned().collect()
    }

    /// Sets or lifts the rate limit.
    pub fn set_rate_limit(&self, limit: Option<RateLimit>) {
        self.site.control().rate_limit = limit;
    }

    /// Moves the site to another catalog version.
    pub fn set_catalog(&self, version: CatalogVersion) {
        self.site.control().version = version;
    }

    pub(crate) fn place(&self, product: impl Guid, variant: impl Guid) -> Option<Place> {
        let (product, variant) = (product.guid()?, variant.guid()?);
        let catalog = self.site.read();
        let slot = catalog.by_id(product)?;
        Some((slot, catalog.product(slot)?.place_of(variant)?))
    }
}
