//! The handle to a live shop: what a test or a demonstration sees and does beside HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::Site;
use super::conditions::{Conditions, ConditionsError};
use super::rate_limit::RateLimit;
use super::request_log::{RequestRecord, Violation};
use crate::catalog::{CatalogVersion, Guid, LedgerEntry, ListingPosition};
use crate::endpoint::Endpoint;
use crate::fault::Fault;

/// A handle to a live shop; clones share the shop.
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
            [position] => catalog.level(*position),
            _ => None,
        }
    }

    /// The true level of a variant; `None` when it is unknown or untracked.
    #[must_use]
    pub fn level_of(&self, product: impl Guid, variant: impl Guid) -> Option<i64> {
        let position = self.position(product, variant)?;
        self.site.read().level(position)
    }

    /// The product and variant ids of every listing with this SKU, as the site's catalog version shows them.
    #[must_use]
    pub fn find(&self, sku: &str) -> Vec<(Uuid, Uuid)> {
        let ids = self.site.variant_ids();
        let catalog = self.site.read();
        let found = catalog.by_sku(sku).iter().filter_map(|position| catalog.ids(*position, ids));
        found.map(|ids| (ids.product, ids.variant)).collect()
    }

    /// The levels of all listings by SKU, in the order of the products; `None` is untracked. Listings without a SKU are
    /// under the empty text.
    #[must_use]
    pub fn levels_by_sku(&self) -> BTreeMap<String, Vec<Option<i64>>> {
        let catalog = self.site.read();
        let mut levels: BTreeMap<String, Vec<Option<i64>>> = BTreeMap::new();
        for product in catalog.products() {
            for variant in &product.variants {
                let level = variant.item.level();
                levels.entry(variant.sku.clone()).or_default().push(level);
            }
        }
        levels
    }

    /// Every change of a level since the start, in order. No entry is ever dropped.
    #[must_use]
    pub fn ledger(&self) -> Vec<LedgerEntry> {
        self.site.read().ledger().to_vec()
    }

    /// The latest requests, oldest first; [`Config`](crate::Config) says how many are kept.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.site.log().records()
    }

    /// The number of requests to this endpoint, whatever the answer was.
    #[must_use]
    pub fn request_count(&self, endpoint: Endpoint) -> u64 {
        self.site.log().count(endpoint)
    }

    /// The number of all requests.
    #[must_use]
    pub fn total_requests(&self) -> u64 {
        self.site.log().total()
    }

    /// Arms a fault.
    pub fn add_fault(&self, fault: Fault) {
        self.site.live().faults.add(fault);
    }

    /// Disarms all faults, ends chaos, accepts a revoked key again and opens a closed port. A delayed effect that is
    /// under way still happens.
    pub fn clear_faults(&self) {
        self.site.live().clear_faults();
        self.site.cleared.notify_waiters();
    }

    /// The number of requests that were hit by a fault.
    #[must_use]
    pub fn faults_fired(&self) -> u64 {
        self.site.live().faults.hits()
    }

    /// Puts the site under other conditions, as if it were started with them.
    pub fn set_conditions(&self, conditions: Conditions) -> Result<(), ConditionsError> {
        conditions.check()?;
        self.site.live().replace(conditions, true, true);
        Ok(())
    }

    /// The conditions as they are now. Each fault is shown with the hits it has left.
    #[must_use]
    pub fn conditions(&self) -> Conditions {
        self.site.live().snapshot()
    }

    /// The latest hundred actions of faults that failed, each with its reason.
    #[must_use]
    pub fn failed_actions(&self) -> Vec<String> {
        self.site.live().failed_actions.iter().cloned().collect()
    }

    /// Sets or lifts the rate limit.
    pub fn set_rate_limit(&self, limit: Option<RateLimit>) {
        self.site.live().rate_limit = limit;
    }

    /// Moves the site to another catalog version.
    pub fn set_catalog(&self, version: CatalogVersion) {
        self.site.live().catalog = version;
    }

    /// Ends all access tokens before their time: they get 401 from now on.
    pub fn revoke_tokens(&self) {
        self.site.live().tokens.revoke();
    }

    /// What clients did wrong, oldest first: requests that the interface does not take, and uses that it takes but its
    /// documentation warns of. The latest thousand are kept.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        self.site.log().violations()
    }

    pub(super) fn position(&self, product: impl Guid, variant: impl Guid) -> Option<ListingPosition> {
        let (product, variant) = (product.guid()?, variant.guid()?);
        let catalog = self.site.read();
        let slot = catalog.by_id(product)?;
        let variant = catalog.product(slot)?.any_variant_index(variant)?;
        Some(ListingPosition { slot, variant })
    }
}
