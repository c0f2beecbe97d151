//! Quantities in units: the level that a shop shows, the target, and the delta between them.

use std::fmt;
use std::num::NonZeroI64;

use serde::{Deserialize, Serialize};

/// The highest level that Wix keeps (V1 `stock.quantity` ≤ 99,999; V3 ±99,999).
pub const CEILING: u32 = 99_999;

/// The quantity that Wix shows for a listing, in units. Paid orders may make it negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = i32))]
pub struct Level(i32);

impl Level {
    /// `None` for a number beyond 32 bits, which no shop shows.
    #[must_use]
    pub fn new(units: i64) -> Option<Self> {
        i32::try_from(units).ok().map(Self)
    }

    /// In units.
    #[must_use]
    pub fn units(self) -> i64 {
        i64::from(self.0)
    }

    /// The units that a buyer sees: a negative level counts as zero.
    #[must_use]
    pub fn shown(self) -> u64 {
        u64::from(self.0.max(0).unsigned_abs())
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The level that a listing should have, in units: from zero to [`CEILING`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = u32, maximum = 99_999, description = "The level that a listing should have, in units."))]
pub struct Target(u32);

impl Target {
    /// Sold out.
    pub const ZERO: Self = Self(0);
    /// The highest level that Wix can show.
    pub const MAX: Self = Self(CEILING);

    /// `None` above [`CEILING`].
    #[must_use]
    pub fn new(units: u32) -> Option<Self> {
        (units <= CEILING).then_some(Self(units))
    }

    /// In units.
    #[must_use]
    pub fn units(self) -> i64 {
        i64::from(self.0)
    }

    /// The delta from `level` to this target; `None` if `level` already equals it.
    #[must_use]
    pub fn delta_from(self, level: Level) -> Option<Delta> {
        Delta::new(self.units() - level.units())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let units = u32::deserialize(deserializer)?;
        Self::new(units)
            .ok_or_else(|| serde::de::Error::custom(format_args!("a target is at most {CEILING}")))
    }
}

/// A difference that is added to a level, in units; never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = i64))]
pub struct Delta(NonZeroI64);

impl Delta {
    /// `None` for zero.
    #[must_use]
    pub fn new(units: i64) -> Option<Self> {
        NonZeroI64::new(units).map(Self)
    }

    /// In units, with its sign.
    #[must_use]
    pub fn units(self) -> i64 {
        self.0.get()
    }

    /// In units, without its sign.
    #[must_use]
    pub fn magnitude(self) -> u64 {
        self.0.get().unsigned_abs()
    }

    /// Whether it adds units.
    #[must_use]
    pub fn raises(self) -> bool {
        self.0.is_positive()
    }
}

impl fmt::Display for Delta {
    /// With its sign: `+5`, `-3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:+}", self.0)
    }
}
