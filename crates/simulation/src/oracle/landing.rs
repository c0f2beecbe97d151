//! What must hold when a line takes effect.

use domain::quantity::CEILING;
use domain::{Line, LineState, RunId};

use super::has_revision;
use crate::check::Check;
use crate::shop::Cause;
use crate::state::SimState;

/// States after which a line must not take effect any more.
const SETTLED: [LineState; 6] = [
    LineState::NotSent,
    LineState::NotApplied,
    LineState::Retried,
    LineState::Rejected,
    LineState::Suspect,
    LineState::Converged,
];

impl SimState {
    /// What must hold when a line takes effect.
    pub(crate) fn check_landed(
        &mut self,
        install: usize,
        run: &RunId,
        line: &Line,
        listing: usize,
        before: i64,
        after: i64,
    ) {
        let seq = line.seq;
        let below = after < 0 && after < before;
        let above = after > i64::from(CEILING) && after > before;
        if below || above {
            self.report_violation(
                Check::LevelOutOfRange,
                format_args!("line {seq} of {run} takes a level from {before} to {after}"),
            );
        }
        if before != after {
            self.check_landed_unsettled(install, run, seq);
            self.check_landed_once(install, run, line, listing);
        }
        if has_revision(line) && after > before {
            self.check_sold(install, run, line, listing, after);
        }
    }

    /// A level that is set takes off what was sold since the run read it for its plan. What others changed otherwise
    /// meanwhile is not judged here.
    fn check_sold(&mut self, install: usize, run: &RunId, line: &Line, listing: usize, after: i64) {
        let mut of_run = self.observations.watches.iter().filter(|watch| watch.run.as_ref() == Some(run));
        let (Some(watch), None) = (of_run.next(), of_run.next()) else { return };
        let Some(seen_at) = watch.seen_at.get(&listing).copied() else { return };
        let first = self.first_of_chain(install, run, line.seq);
        let Some(first) = self.record(install, run, first) else { return };
        let since = self.shop.ledger.iter().filter(|entry| entry.listing == listing && entry.at > seen_at);
        let moved = since.filter(|entry| entry.before != entry.after);
        let mut sold = 0;
        for entry in moved {
            match &entry.cause {
                Cause::Sale => sold += entry.before - entry.after,
                Cause::Write { run: by, seq, .. } if by == run && *seq == line.seq => {}
                _ => return,
            }
        }
        let due = (first.line.change.target.units() - sold).max(0);
        if after > due {
            self.report_violation(
                Check::SoldAgain,
                format_args!("line {} of {run} sets {after}; {sold} were sold, so {due} is due", line.seq),
            );
        }
    }

    fn check_landed_unsettled(&mut self, install: usize, run: &RunId, seq: u32) {
        // Copies take effect once, so the state of the last one counts for all of them.
        let state = self.copies_of(install, run, seq).last().map(|record| record.state);
        if let Some(state) = state.filter(|state| SETTLED.contains(state)) {
            self.report_violation(
                Check::LandsAfterSettled,
                format_args!("line {seq} of {run} lands after it was judged {state}"),
            );
        }
    }

    /// Only one line of a chain of resends may take effect.
    fn check_landed_once(&mut self, install: usize, run: &RunId, line: &Line, listing: usize) {
        let seq = line.seq;
        let first_of_chain = self.first_of_chain(install, run, seq);
        if self.observations.landed.insert((install, run.clone(), first_of_chain)) {
            return;
        }
        // A raise that was not applied can be told by the item's stamp, so it has no excuse.
        // The revision shows whether a write landed, so with it nothing has an excuse.
        let excusable = !line.change.delta.raises() && !has_revision(line);
        if excusable && self.is_moved_by_others(install, run, listing) {
            self.observations.exceptions += 1;
        } else {
            self.report_violation(
                Check::LandsTwice,
                format_args!(
                    "line {seq} of {run} lands, as line {first_of_chain} or another of its chain did"
                ),
            );
        }
    }
}
