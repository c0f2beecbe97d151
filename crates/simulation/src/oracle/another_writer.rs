//! Another installation that writes to the same shop.

use domain::{Outcome, RunKind, RunSummary};
use sync::ports::LineRecord;

use crate::check::Check;
use crate::shop::Cause;
use crate::state::SimState;
use crate::yield_point::Pid;

impl SimState {
    /// Whether another installation made most of the changes of a run too, and the run saw that in most of them.
    fn is_doubled(&self, pid: Pid, install: usize, lines: &[LineRecord]) -> bool {
        let clock_ms = self.observations.watches[pid].clock_ms;
        let acknowledged = || lines.iter().filter(|record| record.acked && record.level_after.is_some());
        let doubled = |record: &&LineRecord| {
            let (change, sending) = (&record.line.change, record.sending);
            let twice = change.level.units() + 2 * change.delta.units();
            let sent_at = sending.map_or(0, |sending| sending.sent_at - clock_ms);
            let theirs = self.shop.ledger.iter().any(|entry| {
                let other = matches!(&entry.cause, Cause::Write { install: by, .. } if *by != install);
                other
                    && Some(entry.listing) == self.shop.index_of(&change.key)
                    && entry.at + self.profile.settle_ms >= sent_at
                    && entry.after - entry.before == change.delta.units()
            });
            theirs
                && record.level_after.is_some_and(|after| after.units() == twice)
                && change.delta.magnitude() > 1
        };
        let raises = |raises: bool| {
            let all = acknowledged().filter(move |record| record.line.change.delta.raises() == raises);
            let both = all.clone().filter(doubled).count();
            both >= 3 && both * 2 >= all.count()
        };
        raises(true) || raises(false)
    }

    /// Checks the end of a run, and remembers what it must have seen.
    pub(super) fn check_another_writer(
        &mut self,
        pid: Pid,
        install: usize,
        summary: &RunSummary,
        lines: &[LineRecord],
    ) {
        let doubled = self.is_doubled(pid, install, lines);
        let run = &summary.run_id;
        if doubled && summary.outcome == Outcome::Converged {
            self.report_violation(
                Check::AnotherWriterUnnoticed,
                format_args!("{run} is converged, another installation made its changes too"),
            );
        }
        let let_through = summary.kind == RunKind::Apply
            && matches!(summary.outcome, Outcome::Converged | Outcome::Partial);
        if doubled {
            self.observations.another_writer[install] = true;
        } else if let_through {
            self.observations.another_writer[install] = false;
        }
    }
}
