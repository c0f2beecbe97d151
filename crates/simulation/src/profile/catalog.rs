//! The catalogs of a simulated shop.

/// How the shop takes writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogKind {
    /// Deltas, answered as a whole call (V1).
    Deltas,
    /// Compare-and-swap on the revision of each item, answered line by line (V3).
    Revisions,
}

impl CatalogKind {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Deltas, Self::Revisions];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Deltas => "v1",
            Self::Revisions => "v3",
        }
    }

    /// The catalog of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.name() == name)
    }
}
