//! The ledger: what really happened to every level, whatever the answers said.

use serde::Serialize;
use uuid::Uuid;

use crate::stamp::Stamp;

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

/// One applied change of one level. `None` as a level means: not tracked, or not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerEntry {
    /// When it was applied.
    pub time: Stamp,
    /// The number of the request that caused it.
    pub request: Option<u64>,
    /// The product's id.
    pub product: Uuid,
    /// The variant's id; all zeros without managed variants.
    pub variant: Uuid,
    /// The level before.
    pub before: Option<i64>,
    /// The level after.
    pub after: Option<i64>,
    /// Why.
    pub cause: Cause,
}
