//! The ends of runs: each run has one, and it agrees with the journal.

use std::ops::RangeInclusive;

use domain::{Outcome, RunId, RunKind, RunSummary, UnixMillis};
use sync::ports::RunRecord;

use crate::check::Check;
use crate::state::{GoodRun, ProcessWatch, SimState};
use crate::yield_point::Pid;

impl SimState {
    /// Checks the recorded end of a run.
    pub(crate) fn check_finished(&mut self, pid: Pid, summary: &RunSummary) {
        let install = self.observations.watches[pid].install;
        let run = &summary.run_id;
        self.observations.ended.insert((install, run.clone()), self.step);
        let lines = self.installations[install].store.lines_of(run);
        let counted = domain::run::report::Counters::tally(lines.iter().map(|record| record.state));
        if !summary.counters.add_up() || counted != summary.counters {
            self.report_violation(
                Check::Miscounted,
                format_args!("{run}: {:?} reported, {counted:?} in the journal", summary.counters),
            );
        }
        if let Some(open) = self.installations[install].store.open_line(run) {
            self.report_violation(
                Check::EndsWithOpenLine,
                format_args!("{run} ends, its line {} is {}", open.line.seq, open.state),
            );
        }
        let done = counted.planned == counted.executed() + counted.skipped_in_apply;
        if summary.outcome == Outcome::Converged && !done {
            self.report_violation(
                Check::FalselyConverged,
                format_args!("{run} is converged with {counted:?}"),
            );
        }
        for record in &lines {
            self.check_reported_state(install, run, record);
        }
        self.note_left_out(install, run, &lines);
        self.check_another_writer(pid, install, summary, &lines);
        if let Some(joined) = self.observations.joined.get(run).copied().filter(|_| install == 0) {
            self.check_answer(pid, run, joined);
        }
        let good = matches!(summary.outcome, Outcome::Converged | Outcome::Partial);
        let whole = self.is_whole(install, run);
        if good && whole && summary.facts.warehouse_skus > 0 && summary.facts.comparable > 0 {
            self.observations.good_runs[install].push(GoodRun {
                finished_at: summary.finished_at,
                skus: summary.facts.warehouse_skus,
                matches: summary.facts.comparable,
                applied: summary.kind == RunKind::Apply,
            });
        }
    }

    fn is_whole(&self, install: usize, run: &RunId) -> bool {
        let counts = |record: &RunRecord| {
            let kind = matches!(record.run.kind(), RunKind::Sync | RunKind::Apply);
            record.run.id == *run && kind && !record.run.scope.is_filtered()
        };
        self.installations[install].store.all_runs().iter().any(|(record, _)| counts(record))
    }

    /// Checks a request that was answered by another run: that run must not have ended before the request was made.
    pub(crate) fn check_joined(&mut self, pid: Pid, joined: &RunId) {
        let watch = &self.observations.watches[pid];
        let ended = self.observations.ended.get(&(watch.install, joined.clone())).copied();
        if ended.is_none_or(|ended| ended < watch.began) {
            let began = watch.began;
            self.report_violation(
                Check::JoinsEndedRun,
                format_args!("p{pid}, begun at {began}, joins {joined}, which ended at {ended:?}"),
            );
        }
        let (install, began) = (self.observations.watches[pid].install, self.observations.watches[pid].began);
        let worked = |watch: &ProcessWatch| watch.install == install && watch.run.as_ref() == Some(joined);
        if let Some(by) = self.observations.watches.iter().rposition(worked) {
            self.check_answer(by, joined, began);
        }
    }

    /// I6: a run that answers a request must read the warehouse after the request was made, because a change that was
    /// made before it must be in the answer. `by` is the process that did the work.
    fn check_answer(&mut self, by: Pid, run: &RunId, asked: u64) {
        let snapshot = self.observations.watches[by].snapshot;
        if snapshot.is_some_and(|snapshot| snapshot <= asked) {
            self.report_violation(
                Check::AnsweredFromOldSnapshot,
                format_args!("{run} read the warehouse at {snapshot:?} and answers a request of {asked}"),
            );
        }
    }

    /// I7 at the end: every run has an end, except one that may still be waiting for its turn.
    pub(crate) fn check_ends(&mut self, waiting: RangeInclusive<UnixMillis>) {
        for (record, waited_at) in self.installations[0].store.all_runs() {
            let waits = waited_at.is_some_and(|at| waiting.contains(&at)) && record.started_at.is_none();
            if !record.status.is_ready() && !waits {
                self.report_violation(
                    Check::RunWithoutEnd,
                    format_args!("{} is {} for ever", record.run.id, record.status),
                );
            }
        }
    }
}
