//! What the probe of readiness answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::UtcTime;

/// Whether the service can do its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Readiness {
    /// Whether it can, or what keeps it from it.
    pub status: ReadinessStatus,
    /// Shops whose oldest task has waited too long for a worker.
    pub late_shops: usize,
    /// The last change of the machine's clock, if it was within a day.
    #[schema(required)]
    pub clock_change: Option<ClockChange>,
}

/// A change of the machine's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClockChange {
    /// What the clock showed after it.
    pub at: UtcTime,
    /// How far the clock was moved, in seconds; below zero if it was set back.
    pub by_seconds: i64,
}

/// Whether the service can do its work, as a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadinessStatus {
    /// It can.
    Ready,
    /// A task has waited too long for a worker.
    Late,
    /// The state database cannot be read or written.
    StateFailed,
}
