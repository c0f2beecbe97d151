//! Sentences for the codes of a run: why a SKU was skipped, what tripped the guard, why a run failed.

use domain::plan::Note;
use domain::plan::guard::{Trip, TripCode};
use domain::plan::recheck::{Stale, StaleLine};
use domain::run::report::{
    Details, LineError, Report, ReportEntry, ReportSkip, ReportStatus, ReportTrip, SetDetails, SetReport,
};
use domain::run::{Failure, RunSummary};
use domain::write::another_writer::AnotherWriter;
use domain::write::settle::{LEFT_OUT, NO_CHANGE_SHOWN, NO_REASON, NOT_NAMED};
use domain::{LineState, Outcome, ReadChoice, RunKind, SkipReason, StartedBy, TaskStatus};

use crate::{ErrorCode, Messages, Text};

impl Messages {
    /// Why a SKU was skipped.
    #[must_use]
    pub fn skip_reason(self, reason: SkipReason) -> String {
        self.coded_or_code("skip", reason.code(), &Text::new(""))
    }

    /// What tripped the guard, with the figures.
    #[must_use]
    pub fn trip(self, trip: &Trip) -> String {
        let args = Text::new("").count("found", trip.found).count("of", trip.of);
        self.coded_or_code("trip", trip.code.code(), &args)
    }

    /// The usual cause of a tripped guard.
    #[must_use]
    pub fn trip_hint(self, trip: &Trip) -> String {
        ErrorCode::of_coded("trip", trip.code.code())
            .map_or_else(|| trip.code.code().to_owned(), |code| self.hint_of(code, &Text::new("")))
    }

    /// Why a target differs from the stock.
    #[must_use]
    pub fn note(self, note: &Note) -> String {
        let target = note.target.map_or_else(|| "-".to_owned(), |target| target.to_string());
        let args = Text::new("").figure("stock", note.stock.normalize()).figure("target", target);
        self.coded_or_code("note", note.code.code(), &args)
    }

    /// Why a run failed.
    #[must_use]
    pub fn failure(self, failure: &Failure) -> String {
        self.coded_or_code("fail", &failure.code, &Text::new("").with("detail", &failure.detail))
    }

    /// What to do about a failure.
    #[must_use]
    pub fn failure_hint(self, failure: &Failure) -> String {
        let args = Text::new("").with("detail", &failure.detail);
        ErrorCode::of_failure(&failure.code)
            .map_or_else(|| failure.code.clone(), |code| self.hint_of(code, &args))
    }

    /// The error of a line, with its detail.
    #[must_use]
    pub fn line_error(self, error: &LineError) -> String {
        if let Some(message) = of_own_detail(error.state, Some(&error.detail)) {
            return self.get(message);
        }
        if error.detail.is_empty() {
            return self.coded_or_code("bare", error.state.code(), &Text::new(""));
        }
        let args = Text::new("").with("detail", &error.detail);
        self.coded_or_code("line", error.state.code(), &args)
    }

    /// Why a line of a plan was skipped.
    #[must_use]
    pub fn stale(self, why: Stale) -> String {
        let args = match why {
            Stale::Reached | Stale::ListingChanged => Text::new(""),
            Stale::TargetChanged { planned, now } => {
                Text::new("").figure("planned", planned).figure("now", now)
            }
            Stale::LevelMoved { planned, now } => Text::new("").figure("planned", planned).figure("now", now),
            Stale::LeftAloneNow { why } => Text::new("").with("reason", self.skip_reason(why)),
        };
        self.coded_or_code("stale", why.code().code(), &args)
    }

    /// The detail of a line in the journal; a code becomes a sentence.
    #[must_use]
    pub fn line_detail(self, state: LineState, detail: Option<&str>) -> Option<String> {
        match Stale::of_line(state, detail) {
            Some(why) => Some(self.stale(why)),
            None => match of_own_detail(state, detail) {
                Some(message) => Some(self.get(message)),
                None => detail.map(str::to_owned),
            },
        }
    }

    /// The state of a line in a word or two.
    #[must_use]
    pub fn line_state(self, state: LineState) -> String {
        self.coded_or_code("state", state.code(), &Text::new(""))
    }

    /// The kind of a run in a word or two.
    #[must_use]
    pub fn kind(self, kind: RunKind, dry_run: bool) -> String {
        self.get(match kind {
            RunKind::Sync if dry_run => "kind-dry-run",
            RunKind::Sync => "kind-sync",
            RunKind::Plan => "kind-plan",
            RunKind::Apply => "kind-apply",
            RunKind::Set => "kind-set",
        })
    }

    /// Who started a run, in a word or two.
    #[must_use]
    pub fn started_by(self, by: StartedBy) -> String {
        self.coded_or_code("started-by", by.code(), &Text::new(""))
    }

    /// The status of an unfinished task in a few words. A finished task shows its outcome instead.
    #[must_use]
    pub fn task_status(self, status: TaskStatus) -> String {
        match status {
            TaskStatus::Pending => self.get("task-pending"),
            TaskStatus::Started => self.get("task-started"),
            TaskStatus::Retry => self.get("task-retry"),
            TaskStatus::Success | TaskStatus::Failure | TaskStatus::Revoked => status.code().to_owned(),
        }
    }

    /// How a run ended, in a few words. Quantities that a user set say nothing of whether the shop agrees with the
    /// warehouse.
    #[must_use]
    pub fn end_of(self, summary: &RunSummary) -> String {
        if summary.knew_nothing() {
            return self.get("report-nothing-known");
        }
        if summary.matched_nothing() {
            return self.get("report-nothing-matched");
        }
        match (summary.kind, summary.outcome) {
            (RunKind::Set, Outcome::Converged) => self.get("outcome-converged-set"),
            (_, outcome) => self.outcome(outcome),
        }
    }

    /// How a run ended, in a short form for narrow columns.
    #[must_use]
    pub fn end_of_short(self, summary: &RunSummary) -> String {
        match summary.outcome {
            _ if summary.knew_nothing() => self.get("outcome-nothing-known-short"),
            _ if summary.matched_nothing() => self.get("outcome-nothing-matched-short"),
            Outcome::Planned => self.get("outcome-planned-short"),
            Outcome::HeldByGuard => self.get("outcome-held-by-guard-short"),
            Outcome::Partial => self.get("outcome-partial-short"),
            Outcome::Failed => self.get("outcome-failed-short"),
            Outcome::Converged | Outcome::Interrupted => self.end_of(summary),
        }
    }

    /// The outcome of a run in a few words.
    #[must_use]
    pub fn outcome(self, outcome: Outcome) -> String {
        self.coded_or_code("outcome", outcome.code(), &Text::new(""))
    }

    /// The `message` of the report.
    #[must_use]
    pub fn report_message(self, summary: &RunSummary) -> String {
        match &summary.failure {
            Some(failure) => self.failure(failure),
            None => self.coded_or_code("message", summary.outcome.code(), &Text::new("")),
        }
    }

    /// How the shop was read, and why.
    #[must_use]
    pub fn reading(self, choice: &ReadChoice) -> String {
        let way = self.coded_or_code("way", choice.way.code(), &Text::new(""));
        let reason = self.coded_or_code("why", choice.reason.code(), &Text::new(""));
        self.say(&Text::new("reading").with("way", way).with("reason", reason))
    }

    /// The report of a run.
    #[must_use]
    pub fn report(self, summary: &RunSummary) -> Report {
        let facts = &summary.facts;
        let counters = summary.counters;
        let status = match summary.outcome {
            Outcome::Failed | Outcome::Interrupted => ReportStatus::Error,
            _ => ReportStatus::Success,
        };
        Report {
            status,
            message: self.report_message(summary),
            total_products: facts.with_stock,
            found_in_wix: facts.found_with_stock,
            updated_in_wix: counters.executed(),
            errors: counters.errors(),
            details: Details {
                local_products_with_stock: facts.with_stock,
                wix_products_found: facts.found,
                updates_prepared: counters.planned,
                updates_executed: counters.executed(),
                sold_out_products: facts.sold_out,
                wix_products_without_sku: facts.listings_without_sku,
                back_on_sale: summary.back_on_sale,
            },
            outcome: summary.outcome,
            run_id: summary.run_id.clone(),
            shop: summary.shop.clone(),
            dry_run: summary.dry_run,
            counters,
            skipped_total: summary.skipped_total,
            skipped_new: summary.skipped_new,
            skipped: summary.skipped.iter().map(ReportSkip::from).collect(),
            near_misses_total: summary.near_misses_total,
            near_misses: summary.near_misses.clone(),
            misspelled: summary.misspelled.clone(),
            unmatched_warehouses: summary.unmatched_warehouses.clone(),
            errors_list: summary.errors.iter().map(|error| self.error_entry(error)).collect(),
            stale: summary.stale.iter().map(|line| self.stale_entry(line)).collect(),
            notes: summary.notes.iter().map(|note| self.note_entry(note)).collect(),
            guard: summary.trips.iter().map(|trip| self.trip_entry(trip)).collect(),
            alarms: summary.another_writer.map(|found| self.alarm_entry(found)).into_iter().collect(),
            hint: self.report_hint(summary),
            error_code: error_code(summary).map(ToString::to_string),
            requests: summary.requests,
            reading: summary.reading,
            duration_ms: summary.duration_ms,
            waited_ms: summary.waited_ms,
            state: summary.state.clone(),
        }
    }

    /// The result of `set`, the guide's `update_inventory_by_sku_list`. `total` is the number of SKUs that the user
    /// named.
    #[must_use]
    pub fn set_report(self, summary: &RunSummary, total: u64) -> SetReport {
        let failed = matches!(summary.outcome, Outcome::Failed | Outcome::Interrupted);
        SetReport {
            status: if failed { ReportStatus::Error } else { ReportStatus::Success },
            message: self.report_message(summary),
            total_sku: total,
            processed: summary.facts.matched,
            updated: summary.counters.executed(),
            errors: summary.counters.errors(),
            details: SetDetails {
                inventory_updates_created: summary.counters.planned,
                batches_processed: summary.batches,
            },
        }
    }

    /// What to do now if the run failed or was held by the guard.
    fn report_hint(self, summary: &RunSummary) -> Option<String> {
        match &summary.failure {
            Some(failure) => Some(self.failure_hint(failure)),
            None if summary.trips.is_empty() && summary.another_writer.is_some() => {
                Some(self.get("report-hint-another-writer"))
            }
            None if summary.trips.is_empty() => None,
            None => Some(self.say(&Text::new("report-guard-next").with("run", &summary.run_id))),
        }
    }

    fn trip_entry(self, trip: &Trip) -> ReportTrip {
        ReportTrip { code: trip.code, found: trip.found, of: trip.of, reason: self.trip(trip) }
    }

    fn alarm_entry(self, found: AnotherWriter) -> ReportTrip {
        let AnotherWriter { lines, of } = found;
        let text = Text::new("report-another-writer").count("found", lines).count("of", of);
        ReportTrip { code: TripCode::AnotherWriter, found: lines, of, reason: self.say(&text) }
    }

    fn error_entry(self, error: &LineError) -> ReportEntry {
        ReportEntry {
            sku: error.sku.clone(),
            code: error.state.code().to_owned(),
            reason: self.line_error(error),
        }
    }

    fn stale_entry(self, line: &StaleLine) -> ReportEntry {
        let code = line.why.code().code().to_owned();
        ReportEntry { sku: line.sku.clone(), code, reason: self.stale(line.why) }
    }

    fn note_entry(self, note: &Note) -> ReportEntry {
        ReportEntry { sku: note.sku.clone(), code: note.code.code().to_owned(), reason: self.note(note) }
    }

    /// The sentence of a code, or the code itself if it comes from a newer version and has no sentence here.
    fn coded_or_code(self, prefix: &str, code: &str, args: &Text) -> String {
        self.coded(prefix, code, args).unwrap_or_else(|| code.to_owned())
    }
}

/// The error code of the failure, of the first limit that tripped the guard, or of the alarm.
fn error_code(summary: &RunSummary) -> Option<&'static ErrorCode> {
    match (&summary.failure, summary.trips.first()) {
        (Some(failure), _) => ErrorCode::of_failure(&failure.code),
        (None, None) if summary.another_writer.is_some() => {
            ErrorCode::of_coded("trip", TripCode::AnotherWriter.code())
        }
        (None, trip) => ErrorCode::of_coded("trip", trip?.code.code()),
    }
}

/// The message of a detail that is a code of ours; others are Wix's words.
fn of_own_detail(state: LineState, detail: Option<&str>) -> Option<&'static str> {
    match (state, detail?) {
        (LineState::Unresolved, LEFT_OUT) => Some("line-left-out"),
        (LineState::Unresolved, NOT_NAMED) => Some("line-not-named"),
        (LineState::Suspect, NO_CHANGE_SHOWN) => Some("line-no-change-shown"),
        (LineState::Rejected, NO_REASON) => Some("line-no-reason"),
        _ => None,
    }
}
