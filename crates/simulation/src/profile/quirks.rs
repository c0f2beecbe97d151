//! How the shop behaves where Wix's documentation leaves open what happens.

/// What Wix does with a decrement below zero, or an increment above its ceiling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutOfRange {
    /// It refuses.
    Refused,
    /// It stops at the limit.
    Clamped,
    /// It applies the change. Wix never does; only the test of the check of I4 uses it.
    Taken,
}

/// What Wix does with a listing whose stock it does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untracked {
    /// It refuses.
    Refused,
    /// It acknowledges the write and does nothing.
    Ignored,
}

/// What happens to a batch with a bad entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadEntry {
    /// Nothing is applied.
    NothingApplied,
    /// Entries before it are applied.
    UpToIt,
    /// All others are applied.
    AllOthers,
}

/// What a catalog that takes deltas does with writes when the shop has moved to the other one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OldCatalog {
    /// It refuses them.
    Refuses,
    /// It acknowledges them and does nothing.
    Swallows,
}

/// How the shop behaves in the cases that Wix's documentation leaves open.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Quirks {
    /// What happens to a level outside its limits.
    pub out_of_range: OutOfRange,
    /// What happens to a write to an untracked listing.
    pub untracked: Untracked,
    /// What happens to a batch with a bad entry.
    pub bad_entry: BadEntry,
    /// Whether a change of stock counts as a change of the product.
    pub stock_touches_product: bool,
    /// Whether deleting a variant counts as a change of its product.
    pub deletion_touches_product: bool,
    /// Whether the shop tells which products have changed.
    pub tells_changes: bool,
    /// Whether the shop can be asked by SKU.
    pub knows_skus: bool,
    /// In a catalog with revisions: whether a bad entry is refused with its whole call, or alone.
    pub bad_entry_refuses_call: bool,
    /// Whether a catalog that takes deltas goes on showing what it was when the shop moved to the other one.
    pub old_reads_freeze: bool,
    /// What it does with writes then.
    pub old_catalog: OldCatalog,
}
