//! The resource usage of a process: time, CPU, memory.

use anyhow::Context;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::{TimeVal, TimeValLike};
use serde::{Deserialize, Serialize};

/// The resource usage of one process from start to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Usage {
    /// Wall time in milliseconds.
    pub(super) wall_ms: u64,
    /// User and system CPU time in milliseconds.
    pub(super) cpu_ms: u64,
    /// Peak memory (resident set) in bytes.
    pub(super) peak_bytes: u64,
}

impl Usage {
    /// The usage of this process's ended children. The peak is that of the largest child, so there should be only one.
    pub(super) fn of_children(wall_ms: u64) -> anyhow::Result<Self> {
        let used = getrusage(UsageWho::RUSAGE_CHILDREN).context("cannot ask what the child has used")?;
        let cpu_us = microseconds(used.user_time()) + microseconds(used.system_time());
        let peak = u64::try_from(used.max_rss()).unwrap_or(0);
        // Apple systems report bytes, all others kibibytes.
        let unit = if cfg!(target_vendor = "apple") { 1 } else { 1 << 10 };
        Ok(Self { wall_ms, cpu_ms: cpu_us / 1_000, peak_bytes: peak * unit })
    }
}

fn microseconds(time: TimeVal) -> u64 {
    u64::try_from(time.num_microseconds()).unwrap_or(0)
}
