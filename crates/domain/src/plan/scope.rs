//! Which SKUs a run covers.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Sku;

/// The SKUs that a run covers. Requests with equal scopes may be answered by one run.
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
    /// Whether the scope covers `sku`.
    #[must_use]
    pub fn contains(&self, sku: &str) -> bool {
        match self {
            Self::All => true,
            Self::Skus(skus) => skus.contains(sku),
        }
    }

    /// Whether the scope is limited to some SKUs.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        matches!(self, Self::Skus(_))
    }
}
