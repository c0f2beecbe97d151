//! How the shop reads what nobody has confirmed.

/// What Wix does with a decrement below zero, or an increment above its ceiling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutOfRange {
    /// It refuses.
    Refused,
    /// It stops at the limit.
    Clamped,
    /// It goes there: no reading of the contract, for the control of I4 only.
    Taken,
}

/// What Wix does with a listing whose stock it does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untracked {
    /// It refuses.
    Refused,
    /// It says yes and does nothing.
    Ignored,
}

/// What becomes of a batch with a bad entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadEntry {
    /// Nothing is applied.
    NothingApplied,
    /// Entries before it are applied.
    UpToIt,
    /// All others are applied.
    AllOthers,
}

/// How this shop reads what is not confirmed.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Quirks {
    /// Beyond the limits.
    pub out_of_range: OutOfRange,
    /// Untracked listings.
    pub untracked: Untracked,
    /// Bad entries.
    pub bad_entry: BadEntry,
    /// Whether a change of stock counts as a change of the product.
    pub stock_touches_product: bool,
    /// Whether a variant that goes counts as a change of its product.
    pub deletion_touches_product: bool,
    /// Whether the shop tells which products have changed.
    pub tells_changes: bool,
    /// Whether the shop can be asked by SKU.
    pub knows_skus: bool,
}
