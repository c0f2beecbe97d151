//! Metrics of the service for Prometheus.

use domain::{LineState, RunSummary, ShopName};
use metrics::{counter, describe_counter, describe_gauge, gauge};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use sync::ports::{Figures, StateError};

use crate::Service;

/// States of lines that have not ended.
const OPEN: [LineState; 5] =
    [LineState::Planned, LineState::Sent, LineState::Acked, LineState::Unknown, LineState::NotApplied];

/// Starts to count. A process may call this only once.
///
/// # Errors
/// If the process already counts.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new().install_recorder()?;
    describe_counter!(
        "wixsync_runs_total",
        "Runs that ended, in all processes, by outcome and who started them"
    );
    describe_counter!(
        "wixsync_lines_total",
        "Lines of runs that ended in this process, by their final state"
    );
    describe_counter!(
        "wixsync_wix_requests_total",
        "Requests to Wix of this process, by endpoint and class of the answer"
    );
    describe_gauge!("wixsync_window_requests", "Requests that a shop's request window holds");
    describe_gauge!("wixsync_intents", "Lines of open runs, by state");
    describe_gauge!(
        "wixsync_last_good_run_age_seconds",
        "Time since the last good run ended or, without one, since the schedule was first seen"
    );
    describe_gauge!("wixsync_slots_missed", "Slots of the schedule that passed while no service ran");
    describe_gauge!("wixsync_tasks_open", "Tasks that have not ended");
    describe_gauge!("wixsync_task_waiting_seconds", "How long a task that could start has waited");
    describe_gauge!("wixsync_shop_paused", "1 while nothing is written to the shop");
    Ok(handle)
}

/// Counts the lines of a run that ended in this process. The state database counts the runs themselves.
pub(crate) fn run_ended(summary: &RunSummary) {
    let shop = summary.shop.to_string();
    let c = &summary.counters;
    for (state, lines) in [
        (LineState::Verified, c.verified),
        (LineState::MovedSince, c.moved_since),
        (LineState::Converged, c.converged),
        (LineState::Rejected, c.rejected),
        (LineState::Suspect, c.suspect),
        (LineState::Unresolved, c.unresolved),
        (LineState::NotSent, c.not_sent),
        (LineState::SkippedInApply, c.skipped_in_apply),
    ] {
        counter!("wixsync_lines_total", "shop" => shop.clone(), "state" => state.code()).increment(lines);
    }
}

/// All metrics as text. Those from the state database are read now.
pub(crate) async fn render(service: &Service) -> Result<String, StateError> {
    let now = service.clock.now();
    for (shop, _) in &service.settings.shops {
        let figures = service.state.figures(shop, now).await?;
        let paused = service.state.paused_since(shop).await?.is_some();
        tell(service, shop, &figures, paused);
    }
    service.metrics.run_upkeep();
    Ok(service.metrics.render())
}

fn tell(service: &Service, shop: &ShopName, figures: &Figures, paused: bool) {
    let name = || shop.to_string();
    gauge!("wixsync_window_requests", "shop" => name()).set(float(figures.window_used));
    for state in OPEN {
        let lines = figures.open_lines.iter().find(|(of, _)| *of == state).map_or(0, |(_, lines)| *lines);
        gauge!("wixsync_intents", "shop" => name(), "state" => state.code()).set(float(lines));
    }
    for (kind, outcome, by, runs) in &figures.ended_runs {
        let (kind, outcome, by) = (kind.code(), outcome.code(), by.code());
        counter!("wixsync_runs_total", "shop" => name(), "kind" => kind, "outcome" => outcome, "started_by" => by)
            .absolute(*runs);
    }
    if let Some(since) = figures.last_good_at.or(figures.scheduled_since) {
        gauge!("wixsync_last_good_run_age_seconds", "shop" => name()).set(seconds(service.age(since)));
    }
    let waiting = figures.waiting_since.map_or(0, |since| service.age(since));
    gauge!("wixsync_task_waiting_seconds", "shop" => name()).set(seconds(waiting));
    gauge!("wixsync_slots_missed", "shop" => name()).set(float(figures.slots_missed));
    gauge!("wixsync_tasks_open", "shop" => name()).set(float(figures.open_tasks));
    gauge!("wixsync_shop_paused", "shop" => name()).set(if paused { 1.0 } else { 0.0 });
}

#[expect(clippy::cast_precision_loss, reason = "a figure to look at; exact to 2^53")]
fn float(count: u64) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "a figure to look at; exact to 2^53")]
fn seconds(ms: i64) -> f64 {
    ms.max(0) as f64 / 1_000.0
}
