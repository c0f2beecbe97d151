//! Kinds of simulated shops. Each has a series of seeds.

use super::Profile;

/// A kind of simulated shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Series {
    /// A shop whose catalog takes deltas.
    V1,
    /// A shop whose catalog has revisions.
    V3,
    /// A shop that moves from one catalog to the other, and back, at any moment.
    Move,
}

impl Series {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::V1, Self::V3, Self::Move];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V3 => "v3",
            Self::Move => "move",
        }
    }

    /// The series of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.name() == name)
    }

    /// The settings of a seed.
    #[must_use]
    pub fn profile(self, seed: u64) -> Profile {
        match self {
            Self::V1 => Profile::from_seed(seed),
            Self::V3 => Profile::with_revisions(seed),
            Self::Move => Profile::moving(seed),
        }
    }
}
