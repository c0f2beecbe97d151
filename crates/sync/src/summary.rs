//! Builds the summary of a run, in one place for all ways in which a run ends.

use std::collections::BTreeMap;

use domain::plan::Facts;
use domain::plan::Note;
use domain::plan::guard::Trip;
use domain::plan::recheck::{Stale, StaleLine};
use domain::plan::skip::Skip;
use domain::run::Failure;
use domain::run::report::{Counters, LISTED, LineError, NEAR_MISSES_LISTED};
use domain::stock::UnmatchedWarehouse;
use domain::stock::near_miss::{Misspelled, NearMiss};
use domain::write::another_writer::{self, AnotherWriter, ReadBack};
use domain::{LineState, Outcome, ReadChoice, RunSummary, SkipReason, Target, UnixMillis};

use crate::ports::{LineRecord, NewRun};

/// An attempt that ends: what the journal knows about it.
pub(crate) struct Ending<'a> {
    pub(crate) run: &'a NewRun,
    pub(crate) outcome: Outcome,
    pub(crate) failure: Option<Failure>,
    pub(crate) facts: Facts,
    /// The lines of the attempt, in their last states.
    pub(crate) lines: &'a [LineRecord],
    pub(crate) started_at: UnixMillis,
    pub(crate) finished_at: UnixMillis,
    /// The state database as the report names it.
    pub(crate) state: &'a str,
}

/// What only the process of the attempt knows. It is lost if that process dies.
#[derive(Default)]
pub(crate) struct Observed<'a> {
    pub(crate) reading: Option<ReadChoice>,
    pub(crate) trips: &'a [Trip],
    pub(crate) skips: &'a [Skip],
    pub(crate) new_skips: Option<u64>,
    pub(crate) near_misses: &'a [NearMiss],
    pub(crate) misspelled: &'a [Misspelled],
    pub(crate) unmatched_warehouses: &'a [UnmatchedWarehouse],
    pub(crate) notes: &'a [Note],
    /// Requests that went to Wix.
    pub(crate) requests: u64,
    /// How long they waited for the limit and the pace of the shop, in milliseconds.
    pub(crate) waited_ms: u64,
}

impl Ending<'_> {
    /// The summary that is kept of the run.
    pub(crate) fn summary(self, observed: &Observed<'_>) -> RunSummary {
        let Observed {
            reading,
            trips,
            skips,
            new_skips,
            near_misses,
            misspelled,
            unmatched_warehouses,
            notes,
            requests,
            waited_ms,
        } = *observed;
        RunSummary {
            run_id: self.run.id.clone(),
            shop: self.run.shop.clone(),
            kind: self.run.kind(),
            dry_run: self.run.dry_run(),
            outcome: self.outcome,
            failure: self.failure,
            trips: trips.to_vec(),
            facts: self.facts,
            counters: Counters::tally(self.lines.iter().map(LineRecord::state_at_end)),
            another_writer: another_writer_of(self.lines),
            back_on_sale: count(back_on_sale(self.lines, self.outcome)),
            skipped_total: count(skips.len()),
            skipped_new: new_skips,
            skipped_by_reason: by_reason(skips),
            skipped: skips.iter().take(LISTED).cloned().collect(),
            near_misses_total: count(near_misses.len()),
            near_misses: near_misses.iter().take(NEAR_MISSES_LISTED).cloned().collect(),
            misspelled: misspelled.iter().take(NEAR_MISSES_LISTED).cloned().collect(),
            unmatched_warehouses: unmatched_warehouses.to_vec(),
            errors: line_errors(self.lines).take(LISTED).collect(),
            stale: stale_lines(self.lines).take(LISTED).collect(),
            notes_total: count(notes.len()),
            notes: notes.iter().take(LISTED).cloned().collect(),
            batches: batches(self.lines),
            requests,
            waited_ms,
            reading,
            duration_ms: u64::try_from(self.finished_at - self.started_at).unwrap_or(0),
            finished_at: self.finished_at,
            state: self.state.to_owned(),
        }
    }
}

/// The number of write calls that carried the lines. Batches are numbered from 1.
fn batches(lines: &[LineRecord]) -> u64 {
    let numbers = lines.iter().filter_map(|record| record.sending.map(|sending| sending.batch));
    numbers.max().map_or(0, u64::from)
}

/// The evidence of the lines that another program writes to the shop.
pub(crate) fn another_writer_of(lines: &[LineRecord]) -> Option<AnotherWriter> {
    let acknowledged = lines.iter().filter(|record| record.acked).filter_map(|record| {
        let (change, after) = (&record.line.change, record.level_after?);
        Some(ReadBack { before: change.level, delta: change.delta, after })
    });
    another_writer::found_in(acknowledged)
}

/// The number of sold-out goods that went back on sale, or that a plan would put back on sale.
fn back_on_sale(lines: &[LineRecord], outcome: Outcome) -> usize {
    let planned = matches!(outcome, Outcome::Planned | Outcome::HeldByGuard);
    let done = |state| matches!(state, LineState::Verified | LineState::MovedSince | LineState::Converged);
    let counts = |record: &&LineRecord| {
        let change = &record.line.change;
        let puts_back = change.level.shown() == 0 && change.delta.raises() && change.target > Target::ZERO;
        puts_back && (planned || done(record.state))
    };
    lines.iter().filter(counts).count()
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

fn by_reason(skips: &[Skip]) -> BTreeMap<SkipReason, u64> {
    let mut counts = BTreeMap::new();
    for skip in skips {
        *counts.entry(skip.reason).or_default() += 1;
    }
    counts
}

/// The lines that went wrong.
fn line_errors(lines: &[LineRecord]) -> impl Iterator<Item = LineError> {
    let wrong = |state| matches!(state, LineState::Rejected | LineState::Suspect | LineState::Unresolved);
    lines.iter().filter(move |record| wrong(record.state_at_end())).map(|record| LineError {
        sku: record.line.change.sku.clone(),
        state: record.state_at_end(),
        detail: record.detail.clone().unwrap_or_default(),
    })
}

/// The lines of a plan that were left out: first those that no longer hold, then those whose target the shop already
/// shows.
fn stale_lines(lines: &[LineRecord]) -> impl Iterator<Item = StaleLine> {
    let stale = |record: &LineRecord| {
        let why = Stale::of_line(record.state, record.detail.as_deref())?;
        Some(StaleLine { sku: record.line.change.sku.clone(), why })
    };
    let (here, there) = (lines.iter().filter_map(stale), lines.iter().filter_map(stale));
    let reached = |line: &StaleLine| line.why == Stale::Reached;
    here.filter(move |line| !reached(line)).chain(there.filter(reached))
}
