//! The version of an inventory item.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The number that an inventory item gets anew with every change, counting up by one (Wix: an int64). A write that names the
/// revision it was planned on takes effect only while the item still has it: compare-and-swap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(i64);

impl Revision {
    /// The revision of this number.
    #[must_use]
    pub fn new(number: i64) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> i64 {
        self.0
    }

    /// How many changes lie between `earlier` and this one; `None` where this one is the older.
    #[must_use]
    pub fn changes_since(self, earlier: Self) -> Option<u64> {
        u64::try_from(self.0.checked_sub(earlier.0)?).ok()
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
