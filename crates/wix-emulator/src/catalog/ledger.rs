//! The ledger: every change of a level that really happened, whatever the answers said.

use serde::Serialize;
use uuid::Uuid;

use super::timestamp::Timestamp;

/// Why a level changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Cause {
    /// A request to a write endpoint.
    Write,
    /// A buyer, through [`Shop::sell`](crate::Shop::sell).
    Sale,
    /// The merchant, through another method of [`Shop`](crate::Shop).
    Edit,
}

/// One change of one level. A level of `None` means that the listing is not tracked or does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerEntry {
    /// When the level changed.
    pub time: Timestamp,
    /// The number of the request that caused it.
    pub request: Option<u64>,
    /// The product's id.
    pub product: Uuid,
    /// The variant's id in the catalog version that the site had; in V1 all zeros without managed variants.
    pub variant: Uuid,
    /// The location, where it is not the default one. Catalog V1 has no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Uuid>,
    /// The level before.
    pub before: Option<i64>,
    /// The level after.
    pub after: Option<i64>,
    /// Why the level changed.
    pub cause: Cause,
}
