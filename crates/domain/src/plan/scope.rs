//! Which SKUs a run is about.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Sku;

/// The SKUs a run looks at. Requests with equal scopes ask for the same work.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The whole shop.
    #[default]
    All,
    /// Only these SKUs.
    Skus(BTreeSet<Sku>),
}

impl Scope {
    /// Whether `sku` is inside.
    #[must_use]
    pub fn contains(&self, sku: &str) -> bool {
        match self {
            Self::All => true,
            Self::Skus(skus) => skus.contains(sku),
        }
    }

    /// Whether anything is left out.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        matches!(self, Self::Skus(_))
    }
}
