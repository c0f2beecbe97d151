//! A run's report for people.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::Style;
use domain::plan::guard::TripCode;
use domain::run::RunSummary;
use domain::{Change, Outcome, SkipReason};
use messages::{ErrorCode, Messages, Text};

use super::sku::printable;
use super::{BAD, CARE, Diagnostic, GOOD, HINT, changes, near_miss};

/// How many SKUs are named for each reason.
const NAMED: usize = 3;
/// How many lines of a list are shown; the rest are counted.
const SHOWN: usize = 20;

/// Shorter waits for the limits of Wix are not told. In milliseconds.
const WAIT_SHOWN_FROM_MS: u64 = 1_000;

/// The report as text. The caller prints separately why the run failed.
pub(crate) fn render(messages: Messages, summary: &RunSummary, number: u64, changes: &[Change]) -> String {
    let plan = PlanState::Open;
    let mut page = Page { messages, number, is_first: true, plan, text: String::new() };
    page.headline(summary);
    page.rest(summary, changes);
    page.text
}

/// What became of the plan of an earlier run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlanState {
    /// It can be applied.
    Open,
    /// The run with this number applied it.
    Applied(u64),
    /// It is too old to be applied.
    Expired,
}

/// The report of an earlier run, including why it failed. `is_first`: whether it has no earlier attempts.
pub(crate) fn render_kept(
    messages: Messages,
    summary: &RunSummary,
    number: u64,
    is_first: bool,
    plan: PlanState,
) -> String {
    let mut page = Page { messages, number, is_first, plan, text: String::new() };
    page.headline(summary);
    page.failure(summary);
    page.rest(summary, &[]);
    page.text
}

/// Whether to list the changes: only those that were not written are worth listing.
fn shows_changes(summary: &RunSummary) -> bool {
    matches!(summary.outcome, Outcome::Planned | Outcome::HeldByGuard)
}

struct Page {
    messages: Messages,
    /// The running number of the run.
    number: u64,
    /// Whether the run has no earlier attempts.
    is_first: bool,
    plan: PlanState,
    text: String,
}

impl Page {
    fn line(&mut self, text: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{text}");
    }

    fn rest(&mut self, summary: &RunSummary, changes: &[Change]) {
        self.figures(summary);
        if !changes.is_empty() && shows_changes(summary) {
            self.changes(changes, summary);
        }
        self.errors(summary);
        self.stale(summary);
        self.notes(summary);
        self.skips(summary);
        self.near_misses(summary);
        self.unmatched_warehouses(summary);
        self.guard(summary);
        self.another_writer(summary);
        self.close(summary);
    }

    fn headline(&mut self, summary: &RunSummary) {
        let style = match summary.outcome {
            _ if summary.knew_nothing() || summary.matched_nothing() => CARE,
            Outcome::Converged | Outcome::Planned => GOOD,
            Outcome::Partial | Outcome::HeldByGuard | Outcome::Interrupted => CARE,
            Outcome::Failed => BAD,
        };
        let outcome = self.messages.end_of(summary);
        let text = Text::new("report-headline").with("shop", &summary.shop).with("outcome", outcome);
        let mut text = self.messages.say(&text);
        if style == GOOD && summary.skipped_total > 0 {
            let id =
                if summary.skipped_new.is_some() { "report-but-skipped-new" } else { "report-but-skipped" };
            let skipped = Text::new(id).count("count", summary.skipped_total);
            text += &self.messages.say(&skipped.count("new", summary.skipped_new.unwrap_or_default()));
        }
        self.line(&styled(style, &text));
    }

    fn failure(&mut self, summary: &RunSummary) {
        if let Some(failure) = &summary.failure {
            for line in Diagnostic::of_run(self.messages, failure).lines(self.messages) {
                self.line(&format!("  {line}"));
            }
        }
    }

    fn hint(&mut self, hint: &str) {
        let label = self.messages.get("label-hint");
        self.line(&format!("  {}: {hint}", styled(HINT, &label)));
    }

    fn figures(&mut self, summary: &RunSummary) {
        let facts = &summary.facts;
        // What was not read is not zero.
        let cut_short = matches!(summary.outcome, Outcome::Failed | Outcome::Interrupted);
        if cut_short && facts.listings == 0 && summary.counters.planned == 0 {
            return;
        }
        let counters = &summary.counters;
        let text = Text::new("report-products")
            .count("total", facts.with_stock)
            .count("found", facts.found_with_stock)
            .count("sold_out", facts.sold_out);
        self.say(&text);
        self.say(
            &Text::new("report-matched").count("matched", facts.matched).count("in_step", facts.in_step),
        );
        if matches!(summary.outcome, Outcome::Planned | Outcome::HeldByGuard) {
            // Nothing was meant to be sent.
            self.say(&Text::new("report-changes-planned").count("planned", counters.planned));
            self.back_on_sale(summary);
            return;
        }
        let text = Text::new("report-changes")
            .count("planned", counters.planned)
            .count("executed", counters.executed())
            .count("errors", counters.errors());
        self.say(&text);
        let parts = [
            ("state-verified", counters.verified),
            ("state-moved-since", counters.moved_since),
            ("state-converged", counters.converged),
            ("state-rejected", counters.rejected),
            ("state-suspect", counters.suspect),
            ("state-unresolved", counters.unresolved),
            ("state-not-sent", counters.not_sent),
            ("state-skipped-in-apply", counters.skipped_in_apply),
        ];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(_, n)| *n > 0)
            .map(|(id, n)| format!("{}: {}", self.messages.get(id), self.messages.figure(n)))
            .collect();
        if !parts.is_empty() {
            self.line(&format!("    {}", parts.join(", ")));
        }
        self.back_on_sale(summary);
    }

    /// Wix may write to customers then, which nothing takes back.
    fn back_on_sale(&mut self, summary: &RunSummary) {
        if summary.back_on_sale > 0 {
            let id = if shows_changes(summary) { "report-would-be-back" } else { "report-back-on-sale" };
            self.say(&Text::new(id).count("count", summary.back_on_sale));
        }
    }

    fn say(&mut self, text: &Text) {
        let text = self.messages.say(text);
        self.line(&format!("  {text}"));
    }

    fn changes(&mut self, changes: &[Change], summary: &RunSummary) {
        for line in changes::lines(self.messages, &summary.facts, changes, self.number) {
            self.line(&line);
        }
    }

    fn more(&mut self, total: u64) {
        let rest = total.saturating_sub(u64::try_from(SHOWN).unwrap_or(u64::MAX));
        if rest > 0 {
            let text = Text::new("report-more").count("count", rest).with("run", self.number);
            let text = self.messages.say(&text);
            self.line(&format!("    {text}"));
        }
    }

    fn errors(&mut self, summary: &RunSummary) {
        if summary.errors.is_empty() {
            return;
        }
        let title = self.messages.get("report-errors-title");
        self.line(&format!("  {}", styled(BAD, &title)));
        for error in summary.errors.iter().take(SHOWN) {
            let text = with_code(self.messages.line_error(error), "line", error.state.code());
            self.line(&format!("    {}: {text}", printable(error.sku.as_str())));
        }
        self.more(summary.counters.errors());
    }

    fn stale(&mut self, summary: &RunSummary) {
        if summary.stale.is_empty() {
            return;
        }
        let title = self.messages.get("report-stale-title");
        self.line(&format!("  {}", styled(CARE, &title)));
        for line in summary.stale.iter().take(SHOWN) {
            let text = self.messages.stale(line.why);
            self.line(&format!("    {}: {text}", printable(line.sku.as_str())));
        }
        self.more(summary.counters.skipped_in_apply);
    }

    fn notes(&mut self, summary: &RunSummary) {
        if summary.notes.is_empty() {
            return;
        }
        self.say(&Text::new("report-notes-title"));
        for note in summary.notes.iter().take(SHOWN) {
            let text = self.messages.note(note);
            self.line(&format!("    {}: {text}", printable(note.sku.as_str())));
        }
        self.more(summary.notes_total);
    }

    /// How many SKUs were skipped for each reason, with a few names each.
    fn skips(&mut self, summary: &RunSummary) {
        if summary.facts.listings_without_sku > 0 {
            self.say(&Text::new("report-no-sku").count("count", summary.facts.listings_without_sku));
        }
        if summary.skipped.is_empty() {
            return;
        }
        self.say(&Text::new("report-skips-title").count("count", summary.skipped_total));
        let mut names: BTreeMap<SkipReason, Vec<String>> = BTreeMap::new();
        for skip in summary.skipped.iter().filter(|skip| !skip.sku.is_empty()) {
            names.entry(skip.reason).or_default().push(printable(&skip.sku));
        }
        for (reason, count) in &summary.skipped_by_reason {
            let text = self.messages.skip_reason(*reason);
            let all = names.remove(reason).unwrap_or_default();
            let mut some = all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
            if all.len() > NAMED {
                some.push_str(", …");
            }
            let line = format!("    {} × {text}: {some}", self.messages.figure(count));
            self.line(line.trim_end_matches(": "));
        }
        if summary.skipped_by_reason.contains_key(&SkipReason::UnknownSku) && summary.misspelled.is_empty() {
            let text = self.messages.get("report-hint-unknown");
            self.hint(&text);
        }
    }

    fn near_misses(&mut self, summary: &RunSummary) {
        for pair in &summary.misspelled {
            let text = Text::new("report-misspelled").with("sku", printable(pair.sku.as_str()));
            let text = text.with("meant", printable(pair.meant.as_str()));
            let differences = near_miss::differences(self.messages, &pair.differences);
            self.say(&text.with("differences", differences));
        }
        if summary.near_misses.is_empty() {
            return;
        }
        let title = self.messages.say(&Text::new("report-near").count("count", summary.near_misses_total));
        self.line(&format!("  {}", styled(CARE, &title)));
        for pair in &summary.near_misses {
            let text = near_miss::text(self.messages, pair);
            self.line(&format!("    {text}"));
        }
        if summary.near_misses_total > u64::try_from(summary.near_misses.len()).unwrap_or(u64::MAX) {
            self.line("    …");
        }
    }

    fn unmatched_warehouses(&mut self, summary: &RunSummary) {
        for warehouse in &summary.unmatched_warehouses {
            let id = if warehouse.similar.is_some() {
                "report-no-such-warehouse-but"
            } else {
                "report-no-such-warehouse"
            };
            let text = Text::new(id).with("name", printable(&warehouse.name));
            let text = text.with("similar", printable(warehouse.similar.as_deref().unwrap_or_default()));
            let text = self.messages.say(&text);
            self.line(&format!("  {}", styled(CARE, &text)));
        }
    }

    fn guard(&mut self, summary: &RunSummary) {
        if summary.trips.is_empty() {
            return;
        }
        let title = self.messages.get("report-guard-title");
        self.line(&format!("  {}", styled(CARE, &title)));
        for trip in &summary.trips {
            let text = with_code(self.messages.trip(trip), "trip", trip.code.code());
            self.line(&format!("    {text}"));
            let hint = self.messages.trip_hint(trip);
            self.line(&format!("      {hint}"));
        }
        self.offer("report-guard-next", summary);
    }

    /// Says how the plan is applied, with the message `id`, or why it cannot be.
    fn offer(&mut self, id: &'static str, summary: &RunSummary) {
        // A plan without changes, as of an empty warehouse, is nothing to apply.
        if summary.counters.planned == 0 {
            return;
        }
        let text = match self.plan {
            PlanState::Open => Text::new(id).with("run", self.number),
            PlanState::Applied(by) => Text::new("report-plan-applied").with("run", by),
            PlanState::Expired => Text::new("report-plan-expired"),
        };
        let text = self.messages.say(&text);
        self.hint(&text);
    }

    fn another_writer(&mut self, summary: &RunSummary) {
        let Some(found) = summary.another_writer else { return };
        let text = Text::new("report-another-writer").count("found", found.lines).count("of", found.of);
        let code = TripCode::AnotherWriter.code();
        let text = with_code(self.messages.say(&text), "trip", code);
        self.line(&format!("  {}", styled(BAD, &text)));
        let hint = self.messages.get("report-hint-another-writer");
        self.hint(&hint);
    }

    fn close(&mut self, summary: &RunSummary) {
        if let Some(ending) = self.messages.ending(summary, self.is_first) {
            self.line(&format!("  {ending}"));
        }
        if summary.outcome == Outcome::Planned {
            self.offer("report-plan-next", summary);
        }
        if let Some(choice) = &summary.reading {
            let text = self.messages.reading(choice);
            self.line(&format!("  {text}"));
        }
        let text = Text::new("report-close")
            .with("run", &summary.run_id)
            .with("number", self.number)
            .count("requests", summary.requests)
            .with("seconds", self.messages.seconds(summary.duration_ms))
            .with("state", &summary.state);
        self.say(&text);
        if summary.waited_ms >= WAIT_SHOWN_FROM_MS {
            let seconds = self.messages.seconds(summary.waited_ms);
            self.say(&Text::new("report-waited").with("seconds", seconds));
        }
    }
}

/// `text [WX5301]`, where what it says has a code.
fn with_code(text: String, prefix: &str, code: &str) -> String {
    match ErrorCode::of_coded(prefix, code) {
        Some(code) => format!("{text} [{code}]"),
        None => text,
    }
}

/// The text in a style; without color it is only the text.
fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
