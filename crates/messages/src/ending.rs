//! The sentence with which a run ends: what became of the planned changes, for every outcome and every count.

use domain::run::RunSummary;
use domain::run::report::Counters;
use domain::{Outcome, RunKind, SkipReason};

use crate::{Messages, Text};

impl Messages {
    /// What the outcome and the figures of a run mean for the shop; `None` if its headline already says it all.
    /// `is_first`: whether no earlier attempt of the run may have written something.
    #[must_use]
    pub fn ending(self, summary: &RunSummary, is_first: bool) -> Option<String> {
        let counters = &summary.counters;
        let sent = counters.executed() + counters.errors();
        let id = match summary.outcome {
            Outcome::Planned | Outcome::HeldByGuard => return None,
            Outcome::Converged => {
                // An apply may find that the shop shows all its targets already.
                let is_reached = counters.planned > 0 && counters.skipped_in_apply == counters.planned;
                return is_reached.then(|| self.get("end-nothing-needed"));
            }
            Outcome::Partial => {
                // The report's `status` is `success` then, which alone reads like 0.
                let text = Text::new("end-partial").with("code", Outcome::Partial.exit_code());
                return Some(self.say(&text.with("parts", self.not_as_planned(summary).join("; "))));
            }
            Outcome::Failed if sent == 0 && is_first => "end-failed-nothing-sent",
            Outcome::Failed => "end-failed",
            Outcome::Interrupted if sent == 0 && is_first => "end-interrupted-nothing-sent",
            Outcome::Interrupted => "end-interrupted",
        };
        let next = self.get(id);
        if sent == 0 {
            return Some(next);
        }
        let done = Text::new("end-in-shop").count("done", counters.executed()).count("of", counters.planned);
        let mut parts = vec![self.say(&done)];
        parts.extend(self.not_as_planned(summary));
        Some(format!("{}. {next}", parts.join("; ")))
    }

    /// What is not as it was planned, one part for each way.
    fn not_as_planned(self, summary: &RunSummary) -> Vec<String> {
        let Counters { rejected, suspect, unresolved, not_sent, skipped_in_apply, .. } = summary.counters;
        let doubled = summary.another_writer.map_or(0, |found| found.lines);
        let parts = [
            (rejected, Text::new("end-rejected").count("count", rejected)),
            (suspect + unresolved, Text::new("end-open").count("count", suspect + unresolved)),
            (not_sent, Text::new("end-not-sent").count("count", not_sent)),
            (skipped_in_apply, Text::new("end-no-longer").count("count", skipped_in_apply)),
            (left_out(summary), Text::new("end-left-out").count("count", left_out(summary))),
            (not_made(summary), Text::new("end-items-not-made").count("count", not_made(summary))),
            (doubled, Text::new("end-doubled").count("count", doubled)),
        ];
        parts.iter().filter(|(count, _)| *count > 0).map(|(_, text)| self.say(text)).collect()
    }
}

/// SKUs that the user named and that the run could not write.
fn left_out(summary: &RunSummary) -> u64 {
    match summary.kind {
        RunKind::Set => summary.skipped_total,
        RunKind::Sync => summary.skipped_by_reason.get(&SkipReason::UnknownSku).copied().unwrap_or(0),
        RunKind::Plan | RunKind::Apply => 0,
    }
}

/// SKUs whose inventory item Wix did not make. Those of a `set` are among its [`left_out`].
fn not_made(summary: &RunSummary) -> u64 {
    match summary.kind {
        RunKind::Sync => summary.skipped_by_reason.get(&SkipReason::ItemNotMade).copied().unwrap_or(0),
        RunKind::Plan | RunKind::Apply | RunKind::Set => 0,
    }
}
