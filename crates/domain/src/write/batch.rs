//! Batches: the calls that a plan becomes.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::{Line, ListingKey};

/// The sign of a batch. Wix has one call for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Units are taken away.
    Lower,
    /// Units are added.
    Raise,
}

/// How many entries a write call may carry: 1 to 300.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteBatch(u16);

impl WriteBatch {
    /// Wix's own limit for increment and decrement, in entries a call.
    pub const MAX: Self = Self(300);

    /// `None` outside 1 to 300.
    #[must_use]
    pub fn new(entries: u16) -> Option<Self> {
        (1..=Self::MAX.0).contains(&entries).then_some(Self(entries))
    }

    /// In entries.
    #[must_use]
    pub fn entries(self) -> usize {
        usize::from(self.0)
    }
}

/// Lines of one sign that go out in one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Their sign.
    pub direction: Direction,
    /// The lines, at least one.
    pub lines: Vec<Line>,
}

/// Cuts `lines` into batches, keeping their order: lowering first where the plan's order is kept. A batch
/// holds one sign and a listing at most once.
#[must_use]
pub fn cut(lines: impl IntoIterator<Item = Line>, limit: WriteBatch) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    let mut in_last: HashSet<ListingKey> = HashSet::new();
    for line in lines {
        let direction = if line.change.delta.raises() { Direction::Raise } else { Direction::Lower };
        let fits = |last: &&mut Batch| {
            last.direction == direction
                && last.lines.len() < limit.entries()
                && !in_last.contains(&line.change.key)
        };
        let key = line.change.key.clone();
        if let Some(last) = batches.last_mut().filter(fits) {
            last.lines.push(line);
        } else {
            in_last.clear();
            batches.push(Batch { direction, lines: vec![line] });
        }
        in_last.insert(key);
    }
    batches
}

impl Batch {
    /// The two halves of a batch that was refused; the first is the larger by one where the number is odd.
    /// `None` for a single line, which has nobody else to blame.
    #[must_use]
    pub fn halves(self) -> Option<(Self, Self)> {
        let Self { direction, mut lines } = self;
        if lines.len() < 2 {
            return None;
        }
        let rest = lines.split_off(lines.len().div_ceil(2));
        Some((Self { direction, lines }, Self { direction, lines: rest }))
    }
}
