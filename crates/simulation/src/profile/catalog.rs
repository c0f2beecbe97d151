//! The catalogs of a simulated shop.

use domain::{ListingKey, LocationId};

/// How the shop takes writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogKind {
    /// Deltas, answered as a whole call (V1).
    Deltas,
    /// Compare-and-swap on the revision of each item, answered line by line (V3).
    Revisions,
}

impl CatalogKind {
    /// The catalog of a shop that moves from this one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Deltas => Self::Revisions,
            Self::Revisions => Self::Deltas,
        }
    }

    /// The key of a listing in this catalog: only one with revisions keeps an item for each location.
    pub(crate) fn key(self, key: &ListingKey) -> ListingKey {
        match self {
            Self::Deltas => key.clone(),
            Self::Revisions => key.clone().at(LocationId::new("the one location")),
        }
    }
}
