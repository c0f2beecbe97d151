//! The version of an inventory item.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The number that an inventory item gets anew with every change, counting up by one. A write that names the
/// revision it was planned on takes effect only while the item still has it: compare-and-swap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(u64);

impl Revision {
    /// The revision of this number.
    #[must_use]
    pub fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }

    /// How many changes lie between `earlier` and this one; `None` where this one is the older.
    #[must_use]
    pub fn changes_since(self, earlier: Self) -> Option<u64> {
        self.0.checked_sub(earlier.0)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
