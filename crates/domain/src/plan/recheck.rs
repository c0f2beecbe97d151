//! Checks whether the lines of a saved plan still hold when the plan is applied.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::code::coded;
use crate::hash::{FastMap, map_for};
use crate::plan::{Change, Plan};
use crate::{Level, LineState, Listing, ListingKey, SkipReason, Sku, Target};

coded! {
    /// Why a line of a saved plan is not sent when the plan is applied.
    StaleCode {
        /// The listing already shows the planned target.
        Reached = "reached",
        /// The target is not the planned one any more.
        TargetChanged = "target_changed",
        /// The level has moved so that the change would be larger or have the opposite sign.
        LevelMoved = "level_moved",
        /// The SKU is on another listing or on none, or its inventory item is another one.
        ListingChanged = "listing_changed",
        /// A run would now leave the SKU alone.
        LeftAloneNow = "left_alone_now",
    }
}

/// A [`StaleCode`] with what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Stale {
    /// [`StaleCode::Reached`].
    Reached,
    /// [`StaleCode::TargetChanged`].
    TargetChanged {
        /// The target of the saved plan.
        planned: Target,
        /// The target of the fresh one.
        now: Target,
    },
    /// [`StaleCode::LevelMoved`].
    LevelMoved {
        /// The level that the saved plan was made from.
        planned: Level,
        /// The level of the fresh read.
        now: Level,
    },
    /// [`StaleCode::ListingChanged`].
    ListingChanged,
    /// [`StaleCode::LeftAloneNow`].
    LeftAloneNow {
        /// Why it is left alone.
        why: SkipReason,
    },
}

impl Stale {
    /// The code.
    #[must_use]
    pub fn code(self) -> StaleCode {
        match self {
            Self::Reached => StaleCode::Reached,
            Self::TargetChanged { .. } => StaleCode::TargetChanged,
            Self::LevelMoved { .. } => StaleCode::LevelMoved,
            Self::ListingChanged => StaleCode::ListingChanged,
            Self::LeftAloneNow { .. } => StaleCode::LeftAloneNow,
        }
    }

    /// Reads the reason that the journal keeps in the `detail` of a line in `state`. `None` if the line was not
    /// skipped in an apply, or if its detail is no such reason.
    #[must_use]
    pub fn of_line(state: LineState, detail: Option<&str>) -> Option<Self> {
        detail.filter(|_| state == LineState::SkippedInApply)?.parse().ok()
    }
}

impl fmt::Display for Stale {
    /// The form that the journal keeps: the code, then what was found. [`Stale::from_str`] reads it back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code();
        match self {
            Self::Reached | Self::ListingChanged => write!(f, "{code}"),
            Self::TargetChanged { planned, now } => write!(f, "{code}: {planned} -> {now}"),
            Self::LevelMoved { planned, now } => write!(f, "{code}: {planned} -> {now}"),
            Self::LeftAloneNow { why } => write!(f, "{code}: {why}"),
        }
    }
}

/// The error for a text that is not a written [`Stale`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} does not say why a line of a plan was not sent")]
pub struct NotStale(pub String);

impl FromStr for Stale {
    type Err = NotStale;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).ok_or_else(|| NotStale(text.to_owned()))
    }
}

fn read(text: &str) -> Option<Stale> {
    let (code, found) = text.split_once(": ").map_or((text, None), |(code, found)| (code, Some(found)));
    let pair = || found?.split_once(" -> ");
    let target = |units: &str| Target::new(units.parse().ok()?);
    let level = |units: &str| Level::new(units.parse().ok()?);
    Some(match (code.parse().ok()?, found) {
        (StaleCode::Reached, None) => Stale::Reached,
        (StaleCode::ListingChanged, None) => Stale::ListingChanged,
        (StaleCode::TargetChanged, _) => {
            let (planned, now) = pair()?;
            Stale::TargetChanged { planned: target(planned)?, now: target(now)? }
        }
        (StaleCode::LevelMoved, _) => {
            let (planned, now) = pair()?;
            Stale::LevelMoved { planned: level(planned)?, now: level(now)? }
        }
        (StaleCode::LeftAloneNow, Some(why)) => Stale::LeftAloneNow { why: why.parse().ok()? },
        _ => return None,
    })
}

/// A line of a saved plan that was not sent, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaleLine {
    /// The SKU.
    pub sku: Sku,
    /// Why.
    #[serde(flatten)]
    pub why: Stale,
}

/// A saved plan, divided into lines that may be sent and lines that may not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rechecked {
    /// Lines that hold, each with the delta of the fresh read; in the saved plan's order.
    pub holding: Vec<(usize, Change)>,
    /// Positions of the other saved lines, each with its reason; in the saved plan's order.
    pub stale: Vec<(usize, Stale)>,
}

/// Compares the lines of a saved plan with a `fresh` plan that was made under the same policy from `listings`. A line
/// holds if its listing, SKU and target are unchanged and the fresh delta has the same sign and is no larger.
#[must_use]
pub fn recheck(saved: &[Change], fresh: &Plan, listings: &[Listing]) -> Rechecked {
    let now = FreshPlan::of(fresh, listings);
    let mut result = Rechecked::default();
    for (at, old) in saved.iter().enumerate() {
        match now.changes.get(&old.key) {
            Some(new) if holds(old, new) => result.holding.push((at, Change::clone(new))),
            Some(new) => result.stale.push((at, why_stale(old, new))),
            None => result.stale.push((at, now.why_missing(old))),
        }
    }
    result
}

/// The fresh plan and its input, indexed for look-ups.
struct FreshPlan<'a> {
    changes: FastMap<&'a ListingKey, &'a Change>,
    listings: FastMap<&'a ListingKey, &'a Listing>,
    skips: FastMap<&'a str, SkipReason>,
}

impl<'a> FreshPlan<'a> {
    fn of(fresh: &'a Plan, listings: &'a [Listing]) -> Self {
        let mut now = Self {
            changes: map_for(fresh.changes.len()),
            listings: map_for(listings.len()),
            skips: map_for(fresh.skips.len()),
        };
        now.changes.extend(fresh.changes.iter().map(|change| (&change.key, change)));
        now.listings.extend(listings.iter().map(|listing| (&listing.key, listing)));
        now.skips.extend(fresh.skips.iter().map(|skip| (&*skip.sku, skip.reason)));
        now
    }

    /// Why the fresh plan has no change for the listing of `old`.
    fn why_missing(&self, old: &Change) -> Stale {
        let own = self.listings.get(&old.key).filter(|listing| listing.sku.as_ref() == Some(&old.sku));
        let Some(listing) = own else { return Stale::ListingChanged };
        let level = listing.level.map(Level::units);
        if level == Some(old.target.units()) {
            return Stale::Reached;
        }
        if let Some(why) = self.skips.get(old.sku.as_str()) {
            return Stale::LeftAloneNow { why: *why };
        }
        // The listing shows its target, which is not the planned one.
        let target = level.and_then(|units| Target::new(u32::try_from(units).ok()?));
        target.map_or(Stale::ListingChanged, |now| Stale::TargetChanged { planned: old.target, now })
    }
}

/// Why the fresh change `new` does not confirm the saved change `old`.
fn why_stale(old: &Change, new: &Change) -> Stale {
    if !is_same_listing(old, new) {
        Stale::ListingChanged
    } else if old.target != new.target {
        Stale::TargetChanged { planned: old.target, now: new.target }
    } else {
        Stale::LevelMoved { planned: old.level, now: new.level }
    }
}

fn is_same_listing(old: &Change, new: &Change) -> bool {
    old.sku == new.sku && old.inventory_item == new.inventory_item
}

fn holds(old: &Change, new: &Change) -> bool {
    is_same_listing(old, new)
        && old.target == new.target
        && old.delta.raises() == new.delta.raises()
        && new.delta.magnitude() <= old.delta.magnitude()
}
