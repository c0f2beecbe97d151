//! What must hold when the shop receives a write.

use domain::quantity::CEILING;
use domain::{Batch, Line, LineState, RunId};

use super::has_revision;
use crate::check::Check;
use crate::constants::shop_name;
use crate::process::catalog::FRESH_MS;
use crate::profile::CatalogKind;
use crate::state::SimState;
use crate::yield_point::Pid;

impl SimState {
    /// Checks everything that must hold when the shop receives a write.
    pub(crate) fn check_received(&mut self, pid: Pid, batch: &Batch) {
        let watch = &self.observations.watches[pid];
        let (install, run) = (watch.install, watch.run.clone().expect("a process has a run"));
        self.check_lease(pid, install, &run);
        self.check_catalog(pid, &run, batch);
        for line in &batch.lines {
            self.check_line(pid, install, &run, line);
        }
        self.check_reads(pid);
        self.check_stale(pid, install, &run, batch);
        self.check_pace(pid, install, &run, batch);
        self.check_alone(pid, install, &run, batch);
        self.check_in_flight(pid, install, &run, batch);
    }

    /// The bytes must leave under the same lease as the commit of SENT, while it is valid.
    fn check_lease(&mut self, pid: Pid, install: usize, run: &RunId) {
        let (token, clock_ms) =
            (self.observations.watches[pid].sent_token, self.observations.watches[pid].clock_ms);
        let lease = self.installations[install].store.lease(&shop_name());
        let live = lease.as_ref().is_some_and(|lease| {
            // A lease expires by its holder's clock.
            let over = self.now + clock_ms >= lease.expires_at;
            Some(lease.token) == token && lease.is_held_by(run) && !over
        });
        if !live {
            self.report_violation(
                Check::WriteWithoutLease,
                format_args!("p{pid}: a write of {run} under token {token:?}, lease {lease:?}"),
            );
        }
    }

    /// A catalog that takes deltas does not check its writes, so the first one needs a fresh answer of the shop.
    fn check_catalog(&mut self, pid: Pid, run: &RunId, batch: &Batch) {
        let moved = self.catalog == CatalogKind::Revisions && !batch.lines.iter().any(has_revision);
        let watch = &mut self.observations.watches[pid];
        let is_first = !std::mem::replace(&mut watch.has_written, true);
        let age_ms = watch.catalog_age_ms.unwrap_or(0);
        if is_first && moved && age_ms >= FRESH_MS {
            self.report_violation(
                Check::WriteToOldCatalog,
                format_args!("p{pid}: the first write of {run}, {age_ms} ms after it asked for the catalog"),
            );
        }
    }

    fn check_line(&mut self, pid: Pid, install: usize, run: &RunId, line: &Line) {
        let seq = line.seq;
        let record = self.record(install, run, seq);
        let state = record.as_ref().map(|record| record.state);
        if state != Some(LineState::Sent) || record.is_some_and(|record| record.line != *line) {
            self.report_violation(
                Check::SentUnrecorded,
                format_args!("p{pid}: line {seq} of {run} leaves, the journal has {state:?}"),
            );
        }
        if !self.observations.received.insert((install, run.clone(), seq)) {
            self.report_violation(
                Check::ReceivedTwice,
                format_args!("p{pid}: line {seq} of {run} is received twice"),
            );
        }
        let (q0, d) = (line.change.level.units(), line.change.delta.units());
        if !(0..=i64::from(CEILING)).contains(&(q0 + d)) {
            self.report_violation(
                Check::TargetOutOfRange,
                format_args!("p{pid}: line {seq} of {run} would take {q0} by {d}"),
            );
        }
        if let Some(before) = line.retry_of {
            let state = self.record(install, run, before).map(|record| record.state);
            if state != Some(LineState::Retried) {
                self.report_violation(
                    Check::ResentUnsettled,
                    format_args!("p{pid}: line {seq} goes out for {before}, which is {state:?}"),
                );
            }
        }
    }
}
