//! The result of one check.

use std::sync::Arc;

use super::codes::{CheckId, Finding, Status};
use crate::count::count;
use crate::plan::guard::Trip;
use crate::run::report::LISTED;
use crate::stock::near_miss::NearMiss;
use crate::{Outcome, RunId, UnixMillis};

/// The result of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Which check.
    pub id: CheckId,
    /// What is wrong; `None` if nothing is.
    pub finding: Option<Finding>,
    /// How many things have the problem, or were found.
    pub found: u64,
    /// Out of how many.
    pub of: u64,
    /// Where the problem was found.
    pub examples: Examples,
}

/// Where a problem was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Examples {
    /// No examples.
    #[default]
    None,
    /// The first SKUs, warehouse names or other texts.
    Texts(Vec<Arc<str>>),
    /// The first pairs of SKUs.
    Pairs(Vec<NearMiss>),
    /// The limits of the guard that the plan exceeds.
    Trips(Vec<Trip>),
    /// The run that ended last.
    Run(Box<LastRun>),
    /// The name of the catalog.
    Catalog(&'static str),
}

/// The run that ended last, and the last good one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastRun {
    /// Its id.
    pub id: RunId,
    /// Its running number.
    pub number: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// When it ended.
    pub finished_at: UnixMillis,
    /// When the last good whole run ended (outcome converged or partial).
    pub good_at: Option<UnixMillis>,
}

impl Check {
    /// A check that found nothing wrong.
    #[must_use]
    pub fn ok(id: CheckId, found: u64, of: u64) -> Self {
        Self { id, finding: None, found, of, examples: Examples::None }
    }

    /// How bad it is.
    #[must_use]
    pub fn status(&self) -> Status {
        self.finding.map_or(Status::Ok, Finding::status)
    }

    /// A check that found a problem.
    pub(super) fn found(id: CheckId, finding: Finding, found: u64, of: u64, examples: Examples) -> Self {
        Self { id, finding: Some(finding), found, of, examples }
    }

    /// A check that found a problem for each of `texts`, or none if there are no texts.
    #[must_use]
    pub fn of_texts(id: CheckId, finding: Finding, texts: Vec<Arc<str>>, of: u64) -> Self {
        if texts.is_empty() {
            return Self::ok(id, 0, of);
        }
        let found = count(texts.len());
        let first = texts.into_iter().take(LISTED).collect();
        Self::found(id, finding, found, of, Examples::Texts(first))
    }
}
