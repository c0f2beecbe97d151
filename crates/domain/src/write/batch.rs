//! Batches: the lines that go out in one write call.

use std::collections::{BTreeSet, HashSet};
use std::num::NonZeroU16;

use serde::{Deserialize, Serialize};

use crate::{Line, ListingKey};

/// Which way a line moves a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It takes units away.
    Lower,
    /// It adds units.
    Raise,
}

/// How many entries a user lets a write call carry: one or more. What the shop takes is in [`BatchTerms`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteBatch(NonZeroU16);

impl WriteBatch {
    /// No limit but the shop's.
    pub const UNLIMITED: Self = Self(NonZeroU16::MAX);

    /// `None` for zero.
    #[must_use]
    pub fn new(entries: u16) -> Option<Self> {
        NonZeroU16::new(entries).map(Self)
    }

    /// The number of entries.
    #[must_use]
    pub const fn entries(self) -> usize {
        self.0.get() as usize
    }
}

/// What a shop accepts in one write call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchTerms {
    /// The largest number of lines.
    pub most: usize,
    /// Whether all lines of a call must have the same direction.
    pub one_direction: bool,
}

impl BatchTerms {
    /// The same terms, with at most `limit` lines.
    #[must_use]
    pub fn within(self, limit: WriteBatch) -> Self {
        Self { most: self.most.min(limit.entries()), ..self }
    }
}

/// The lines that go out in one call; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The lines, in sending order.
    pub lines: Vec<Line>,
}

/// The largest number of lines that go out alone in one run. Each takes a request of its own.
pub const MOST_ALONE: usize = 20;

/// Cuts `lines` into batches and keeps their order. A batch holds each listing at most once. The first [`MOST_ALONE`]
/// lines of the listings in `alone` get a batch each, after the other lines of their direction.
#[must_use]
pub fn cut(
    lines: impl IntoIterator<Item = Line>,
    terms: BatchTerms,
    alone: &BTreeSet<ListingKey>,
) -> Vec<Batch> {
    let mut left = MOST_ALONE;
    let mut goes_alone = |line: &Line| {
        let goes = left > 0 && alone.contains(&line.change.key);
        left -= usize::from(goes);
        goes
    };
    let mut lines: Vec<(bool, Line)> = lines.into_iter().map(|line| (goes_alone(&line), line)).collect();
    if lines.iter().any(|(lone, _)| *lone) {
        lines.sort_by_key(|(lone, line)| (line.change.delta.raises(), *lone));
    }
    let mut batches: Vec<Batch> = Vec::new();
    let mut in_last: HashSet<ListingKey> = HashSet::new();
    let mut last_is_lone = false;
    for (lone, line) in lines {
        let fits = |last: &&mut Batch| {
            let same_way = last.lines.last().is_some_and(|one| one.direction() == line.direction());
            (same_way || !terms.one_direction)
                && !lone
                && !last_is_lone
                && last.lines.len() < terms.most
                && !in_last.contains(&line.change.key)
        };
        let key = line.change.key.clone();
        if let Some(last) = batches.last_mut().filter(fits) {
            last.lines.push(line);
        } else {
            in_last.clear();
            batches.push(Batch { lines: vec![line] });
        }
        in_last.insert(key);
        last_is_lone = lone;
    }
    batches
}

impl Line {
    /// Which way it moves the level.
    #[must_use]
    pub fn direction(&self) -> Direction {
        if self.change.delta.raises() { Direction::Raise } else { Direction::Lower }
    }
}

impl Batch {
    /// The direction of all its lines; `None` where they differ.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        let first = self.lines.first()?.direction();
        self.lines.iter().all(|line| line.direction() == first).then_some(first)
    }

    /// The two halves of a batch that was refused, to find the line at fault. The first half has one line more if the
    /// number is odd. `None` for a single line: it is the one at fault.
    #[must_use]
    pub fn halves(self) -> Option<(Self, Self)> {
        let Self { mut lines } = self;
        if lines.len() < 2 {
            return None;
        }
        let rest = lines.split_off(lines.len().div_ceil(2));
        Some((Self { lines }, Self { lines: rest }))
    }
}
