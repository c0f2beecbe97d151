//! Reports the progress of a run: the guide's log lines, and progress bars on a terminal.

use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::run::{RunKind, RunSummary};
use domain::{Delta, InventoryItemId, Level, Outcome, RunId, Sku, Target, UnixMillis};
use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};
use messages::{Messages, Text};
use serde_json::json;
use sync::ports::Clock;
use sync::{Event, Observer, Wait};
use tracing::{debug, error, info, warn};

use super::Output;
use crate::clock::SystemClock;
use crate::logging::TOLD;

/// A run of up to this many lines logs each line at info; a larger run at debug.
const LOGGED_ONE_BY_ONE: u64 = 100;

/// Observes a run and reports its progress.
pub(crate) struct ProgressReporter {
    messages: Messages,
    bars: MultiProgress,
    bar: Mutex<Option<ProgressBar>>,
    /// The clock of the observed run.
    pub(crate) clock: SystemClock,
    /// Whether the quantities come from the user and not from a database.
    by_hand: AtomicBool,
    /// Whether the caller prints why the run failed, so that the log need not.
    caller_prints_failure: bool,
    /// Whether one terminal shows both the log and the report. There each fact is told once: the report stands in the
    /// place of the last log line, and the changes in the place of a line for each SKU.
    is_watched: bool,
}

impl ProgressReporter {
    pub(crate) fn new(messages: Messages, bars: MultiProgress, clock: SystemClock) -> Self {
        let (bar, by_hand) = (Mutex::new(None), AtomicBool::new(false));
        Self { messages, bars, bar, clock, by_hand, caller_prints_failure: false, is_watched: false }
    }

    /// For a command, which prints itself why its run failed.
    pub(crate) fn of_command(messages: Messages, bars: MultiProgress, clock: SystemClock) -> Self {
        let is_watched = Output::is_watched();
        Self { caller_prints_failure: true, is_watched, ..Self::new(messages, bars, clock) }
    }

    /// Tells the user who stops the run what happens now.
    pub(crate) fn on_stop(&self) -> impl FnOnce() + Send + 'static {
        let (bars, text) = (self.bars.clone(), self.messages.get("run-stopping"));
        move || bars.suspend(|| Output::aside(&text))
    }

    /// Removes the last bar.
    pub(crate) fn end(&self) {
        self.swap(None);
    }

    fn info(&self, text: &Text) {
        info!(target: TOLD, "{}", self.messages.say(text));
    }

    fn warn(&self, text: &Text) {
        warn!(target: TOLD, "{}", self.messages.say(text));
    }

    /// Whether each of so many lines is worth a log line at info.
    fn is_told(&self, of: u64) -> bool {
        of <= LOGGED_ONE_BY_ONE && !self.is_watched
    }

    fn prepared(&self, sku: &Sku, from: Level, to: Target, of: u64) {
        let text = Text::new("log-prepared").with("sku", sku).figure("from", from).figure("to", to);
        let (text, from, to) = (self.messages.say(&text), from.units(), to.units());
        if self.is_told(of) {
            info!(target: TOLD, %sku, from, to, "{text}");
        } else {
            debug!(target: TOLD, %sku, from, to, "{text}");
        }
    }

    fn updated(&self, sku: &Sku, item: &InventoryItemId, delta: Delta, of: u64) {
        let text = Text::new("log-updated").with("item", item).figure("delta", delta).with("sku", sku);
        let (text, delta) = (self.messages.say(&text), delta.units());
        if self.is_told(of) {
            info!(target: TOLD, %sku, %item, delta, "{text}");
        } else {
            debug!(target: TOLD, %sku, %item, delta, "{text}");
        }
    }

    /// Replaces the last bar with a new one.
    fn begin(&self, label: &'static str, total: u64) {
        self.swap(Some(bar(&self.bars, self.messages, label, total)));
    }

    fn swap(&self, bar: Option<ProgressBar>) {
        let mut slot = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = slot.take() {
            old.finish_and_clear();
            self.bars.remove(&old);
        }
        *slot = bar;
    }

    fn page(&self, read: u64, total: u64) {
        if self.bar.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
            self.begin("progress-reading", total);
        }
        self.advance(read, total);
    }

    fn advance(&self, done: u64, of: u64) {
        let slot = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = slot.as_ref() {
            bar.set_length(of);
            bar.set_position(done);
        }
    }

    fn started(&self, kind: RunKind, dry_run: bool, plan: Option<&RunId>) {
        self.by_hand.store(kind == RunKind::Set, Ordering::Relaxed);
        let text = match kind {
            RunKind::Plan => Text::new("log-started-plan"),
            RunKind::Sync if dry_run => Text::new("log-started-plan"),
            RunKind::Set => Text::new("log-started-set"),
            RunKind::Apply => {
                Text::new("log-started-apply").with("plan", plan.map(RunId::as_str).unwrap_or_default())
            }
            RunKind::Sync => Text::new("log-started"),
        };
        self.info(&text);
    }

    fn planned(&self, with_stock: u64, local: u64, found: u64) {
        if !self.by_hand.load(Ordering::Relaxed) {
            self.info(&Text::new("log-local").count("count", with_stock));
            self.info(&Text::new("log-skus").count("count", local));
        }
        self.info(&Text::new("log-found").count("count", found));
    }

    fn settling(&self, until: UnixMillis, why: Wait) {
        let wait = until.saturating_sub(self.clock.now()).max(0);
        let seconds = u64::try_from(wait).unwrap_or(0).div_ceil(1_000);
        let why = self.messages.get(match why {
            Wait::UnclearAnswer => "log-wait-unclear",
            Wait::RefusedBatch => "log-wait-refused",
            Wait::SecondLook => "log-wait-second-look",
            Wait::EarlierWrite => "log-wait-earlier",
            Wait::LateWrite => "log-wait-late",
            Wait::NotShownYet => "log-wait-not-shown",
            Wait::DeadRun => "log-wait-dead-run",
        });
        self.info(&Text::new("log-settling").count("seconds", seconds).with("why", why));
    }

    fn finished(&self, summary: &RunSummary) {
        self.swap(None);
        let report = self.messages.report(summary);
        let core = json!({
            "status": report.status,
            "outcome": report.outcome,
            "message": report.message,
            "total_products": report.total_products,
            "found_in_wix": report.found_in_wix,
            "updated_in_wix": report.updated_in_wix,
            "errors": report.errors,
            "details": report.details,
        });
        let core = core.to_string();
        let said = |id| self.messages.say(&Text::new(id).with("report", &core));
        let is_planned =
            matches!(summary.outcome, Outcome::Planned | Outcome::HeldByGuard) && summary.dry_run;
        match summary.outcome {
            Outcome::Failed | Outcome::Interrupted if summary.failure.is_some() => {
                let mark = report.error_code.map(|code| format!("[{code}] ")).unwrap_or_default();
                let reason = format!("{mark}{}", report.message);
                let text = self.messages.say(&Text::new("log-failed").with("reason", reason));
                if self.caller_prints_failure {
                    debug!(target: TOLD, report = core, "{text}");
                } else {
                    error!(target: TOLD, report = core, "{text}");
                }
            }
            // The report for people stands below.
            _ if self.is_watched => {}
            Outcome::Interrupted => {
                let text = said("log-interrupted");
                warn!(target: TOLD, report = core, "{text}");
            }
            _ => {
                let text = said(if is_planned { "log-planned" } else { "log-finished" });
                info!(target: TOLD, report = core, "{text}");
            }
        }
    }
}

/// A new bar below the others.
pub(crate) fn bar(bars: &MultiProgress, messages: Messages, label: &'static str, total: u64) -> ProgressBar {
    let bar = bars.add(ProgressBar::new(total));
    let style = ProgressStyle::with_template("{prefix:>12} [{bar:30}] {done} {elapsed}");
    if let Ok(style) = style {
        let done = move |state: &ProgressState, text: &mut dyn Write| {
            let [done, of] = [state.pos(), state.len().unwrap_or(total)].map(|n| messages.figure(n));
            // A bar that cannot be drawn stops no run.
            let _ = write!(text, "{done}/{of}");
        };
        bar.set_style(style.with_key("done", done).progress_chars("=> "));
    }
    bar.set_prefix(messages.get(label));
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

impl Observer for ProgressReporter {
    fn event(&self, event: &Event<'_>) {
        match event {
            Event::Started { kind, dry_run, plan, .. } => self.started(*kind, *dry_run, *plan),
            Event::Following { run } => self.info(&Text::new("log-following").with("run", run)),
            Event::Waiting { run } => self.info(&Text::new("log-queued").with("run", run)),
            Event::TakenOver { deaths, most } => {
                self.warn(&Text::new("log-taken-over").with("deaths", deaths).with("most", most));
            }
            Event::ReadingShop { choice } => {
                self.swap(None);
                self.info(&Text::new("log-reading-shop"));
                debug!(target: TOLD, "{}", self.messages.reading(choice));
            }
            Event::ShopPage { read, total } => self.page(*read, *total),
            Event::ReadingShopAgain => self.warn(&Text::new("log-reading-shop-again")),
            Event::ReadingWarehouse => self.info(&Text::new("log-reading-warehouse")),
            Event::WarehousesMissing { names } => {
                self.warn(&Text::new("log-warehouses-missing").with("names", names));
            }
            Event::ItemsNotMade { skus, reason } => {
                let first = skus.first().map(Sku::as_str).unwrap_or_default();
                let count = u64::try_from(skus.len()).unwrap_or(u64::MAX);
                let text = Text::new("log-items-not-made").count("count", count);
                self.warn(&text.with("sku", first).with("error", reason));
            }
            Event::NewItemsWait { items } => {
                self.warn(&Text::new("log-new-items-wait").count("count", *items));
            }
            Event::Planned { with_stock, local, found, .. } => {
                self.swap(None);
                self.planned(*with_stock, *local, *found);
            }
            Event::Prepared { sku, from, to, of } => self.prepared(sku, *from, *to, *of),
            Event::Held { trips } => {
                let reasons: Vec<String> = trips.iter().map(|trip| self.messages.trip(trip)).collect();
                self.warn(&Text::new("log-held").with("reason", reasons.join("; ")));
            }
            Event::Writing { lines: 0 } => self.info(&Text::new("log-nothing-to-write")),
            Event::Writing { lines } => {
                self.info(&Text::new("log-writing").count("count", *lines));
                self.begin("progress-writing", *lines);
            }
            Event::Wrote { done, of } => self.advance(*done, *of),
            Event::Updated { sku, item, delta, of } => self.updated(sku, item, *delta, *of),
            Event::Unclean { error, lines, refused } => {
                let text = Text::new(if *refused { "log-refused" } else { "log-unclean" });
                self.warn(&text.count("count", *lines).with("error", &error.detail));
            }
            Event::Settling { until, why } => self.settling(*until, *why),
            Event::Verifying { lines } => {
                self.swap(None);
                self.info(&Text::new("log-verifying").count("count", *lines));
                self.begin("progress-verifying", *lines);
            }
            Event::AnotherWriter { found } => {
                let text = Text::new("log-another-writer").count("found", found.lines).count("of", found.of);
                error!("[WX5208] {}", self.messages.say(&text));
            }
            Event::Finished { summary } => self.finished(summary),
        }
    }
}
