//! What a process has used: time, processor, memory.

use anyhow::Context;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::{TimeVal, TimeValLike};
use serde::{Deserialize, Serialize};

/// What one process has used from its start to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Usage {
    /// From start to end, in milliseconds.
    pub(super) wall_ms: u64,
    /// In its own code and in the system's for it, in milliseconds.
    pub(super) cpu_ms: u64,
    /// The most memory that it had at once (resident set), in bytes.
    pub(super) peak_bytes: u64,
}

impl Usage {
    /// Of the children of this process that have ended and been waited for. The peak is that of the largest, so
    /// there should be one alone.
    pub(super) fn of_children(wall_ms: u64) -> anyhow::Result<Self> {
        let used = getrusage(UsageWho::RUSAGE_CHILDREN).context("cannot ask what the child has used")?;
        let cpu_us = microseconds(used.user_time()) + microseconds(used.system_time());
        let peak = u64::try_from(used.max_rss()).unwrap_or(0);
        // Apple's systems count bytes, all others kibibytes.
        let unit = if cfg!(target_vendor = "apple") { 1 } else { 1 << 10 };
        Ok(Self { wall_ms, cpu_ms: cpu_us / 1_000, peak_bytes: peak * unit })
    }
}

fn microseconds(time: TimeVal) -> u64 {
    u64::try_from(time.num_microseconds()).unwrap_or(0)
}
