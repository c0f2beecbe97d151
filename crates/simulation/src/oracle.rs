//! The oracle: what must never happen, checked while the world goes on and at its end.

use std::collections::{BTreeMap, BTreeSet};

use domain::quantity::CEILING;
use domain::{Batch, Direction, Line, LineState, Outcome, RunId, RunKind, RunSummary, UnixMillis};
use sync::ports::{LineRecord, LineUpdate, RunRecord};

use crate::shop::Cause;
use crate::world::{Inner, Pid, shop_name};

/// What is known of a process from the outside.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) install: usize,
    pub(crate) run: Option<RunId>,
    pub(crate) kind: Option<RunKind>,
    pub(crate) writes_nothing: bool,
    /// The step at which it began.
    pub(crate) began: u64,
    pub(crate) began_at: UnixMillis,
    /// The step at which its last whole read of the shop ended.
    pub(crate) shop_read: Option<u64>,
    /// The step of its last warehouse snapshot.
    pub(crate) snapshot: Option<u64>,
    pub(crate) snapshot_skus: Option<u64>,
    pub(crate) failed_read: Option<String>,
    pub(crate) held: bool,
    pub(crate) sent_token: Option<u64>,
    /// How long the ledger was when each listing was last read for planning.
    pub(crate) read_at: BTreeMap<usize, usize>,
    /// The moment whose state each listing showed then.
    pub(crate) seen_at: BTreeMap<usize, UnixMillis>,
    /// Writes in a row without a clean answer.
    pub(crate) unclear_in_a_row: u32,
    /// Whether it is neither over, dead, nor stopped.
    pub(crate) lively: bool,
}

/// What the oracle remembers.
#[derive(Debug, Default)]
pub(crate) struct Oracle {
    watches: Vec<Watch>,
    received: BTreeSet<(usize, RunId, u32)>,
    /// The first line of each chain of resends that reached its listing.
    landed: BTreeSet<(usize, RunId, u32)>,
    last_good: [Option<u64>; 2],
    /// The step at which each run got its end.
    ended: BTreeMap<(usize, RunId), u64>,
    /// Resends of what was applied, behind a sale or an edit that hid it: what I2 admits.
    pub(crate) exceptions: u64,
}

impl Oracle {
    pub(crate) fn add(&mut self, watch: Watch) -> Pid {
        self.watches.push(watch);
        self.watches.len() - 1
    }

    pub(crate) fn watch(&mut self, pid: Pid) -> &mut Watch {
        &mut self.watches[pid]
    }
}

impl Inner {
    fn record(&self, install: usize, run: &RunId, seq: u32) -> Option<LineRecord> {
        self.installations[install].state.line(run, seq)
    }

    fn has_ended(&self, install: usize, run: &RunId) -> bool {
        let runs = self.installations[install].state.all_runs();
        runs.iter().any(|(record, _)| record.run.id == *run && record.status.is_ready())
    }

    /// The first line in the chain of resends.
    fn root(&self, install: usize, run: &RunId, seq: u32) -> u32 {
        let mut root = seq;
        while let Some(before) = self.record(install, run, root).and_then(|record| record.line.retry_of) {
            root = before;
        }
        root
    }

    /// A batch as the run hands it over.
    pub(crate) fn check_batch(&mut self, pid: Pid, batch: &Batch) {
        let keys: BTreeSet<_> = batch.lines.iter().map(|line| &line.change.key).collect();
        let raises = batch.direction == Direction::Raise;
        if keys.len() != batch.lines.len() {
            self.violate("I2", format_args!("p{pid}: a listing stands twice in a batch"));
        }
        if batch.lines.is_empty() || batch.lines.iter().any(|line| line.change.delta.raises() != raises) {
            self.violate("I2", format_args!("p{pid}: a batch is empty or of two signs"));
        }
        if batch.lines.len() > usize::from(self.profile.write_batch) {
            self.violate("I2", format_args!("p{pid}: a batch has {} lines", batch.lines.len()));
        }
    }

    /// Everything that must hold when the shop receives a write.
    pub(crate) fn check_received(&mut self, pid: Pid, batch: &Batch) {
        let watch = &self.oracle.watches[pid];
        let (install, run) = (watch.install, watch.run.clone().expect("a process has a run"));
        let token = watch.sent_token;
        let lease = self.installations[install].state.lease(&shop_name());
        let live = lease.as_ref().is_some_and(|lease| {
            Some(lease.token) == token && lease.holder.as_ref() == Some(&run) && self.now < lease.until
        });
        if !live && self.profile.broken != Some(crate::Broken::OpenFenceUnseen) {
            self.violate(
                "I3",
                format_args!("p{pid}: a write of {run} under token {token:?}, lease {lease:?}"),
            );
        }
        for line in &batch.lines {
            self.check_line(pid, install, &run, line);
        }
        self.check_reads(pid);
        self.check_pace(pid, install, &run, batch);
        self.check_in_flight(pid, install, &run, batch);
    }

    fn check_line(&mut self, pid: Pid, install: usize, run: &RunId, line: &Line) {
        let seq = line.seq;
        let record = self.record(install, run, seq);
        let state = record.as_ref().map(|record| record.state);
        if state != Some(LineState::Sent) || record.is_some_and(|record| record.line != *line) {
            self.violate("I3", format_args!("p{pid}: line {seq} of {run} leaves, the journal has {state:?}"));
        }
        if !self.oracle.received.insert((install, run.clone(), seq)) {
            self.violate("I3", format_args!("p{pid}: line {seq} of {run} is received twice"));
        }
        let (q0, d) = (line.change.level.units(), line.change.delta.units());
        if !(0..=i64::from(CEILING)).contains(&(q0 + d)) {
            self.violate("I4", format_args!("p{pid}: line {seq} of {run} would take {q0} by {d}"));
        }
        if let Some(before) = line.retry_of {
            let state = self.record(install, run, before).map(|record| record.state);
            if state != Some(LineState::Retried) {
                self.violate(
                    "I2",
                    format_args!("p{pid}: line {seq} goes out for {before}, which is {state:?}"),
                );
            }
        }
    }

    /// Order and pace, and what a read that lags must not lead to.
    fn check_pace(&mut self, pid: Pid, install: usize, run: &RunId, batch: &Batch) {
        let watch = &self.oracle.watches[pid];
        if watch.unclear_in_a_row >= 3 {
            return self.violate("pace", format_args!("p{pid}: a write after three without a clean answer"));
        }
        for line in batch.lines.iter().filter(|line| line.retry_of.is_none()) {
            let Some(place) = self.floor.shelf_of(&line.change.key) else { continue };
            let seen_at = watch.seen_at.get(&place).copied().unwrap_or_default();
            let hidden = self.floor.ledger.iter().rev().take_while(|entry| entry.at > seen_at).any(|entry| {
                let own = matches!(&entry.cause, Cause::Write { install: by, .. } if *by == install);
                own && entry.place == place && entry.before != entry.after
            });
            if hidden {
                let (seq, old) = (line.seq, self.now - seen_at);
                return self.violate(
                    "stale read",
                    format_args!("p{pid}: line {seq} of {run} is planned from a level {old} ms old, older than a write of ours"),
                );
            }
        }
        let lines = self.installations[install].state.lines_of(run);
        let unsettled = lines.iter().any(|record| {
            let open = matches!(record.state, LineState::Sent | LineState::Unknown);
            open && !record.line.change.delta.raises()
        });
        if batch.direction == Direction::Raise && unsettled {
            self.violate("pace", format_args!("p{pid}: a raise while a lowering of {run} is unsettled"));
        }
    }

    fn check_reads(&mut self, pid: Pid) {
        let watch = &self.oracle.watches[pid];
        let last_good = self.oracle.last_good[watch.install];
        let from_warehouse = watch.kind != Some(RunKind::Set);
        if let Some(failed) = watch.failed_read.clone() {
            return self.violate("I5", format_args!("p{pid}: a write after a read that failed: {failed}"));
        }
        if watch.held || watch.writes_nothing {
            return self.violate(
                "I11",
                format_args!("p{pid}: a write of a run that was held, or is to write nothing"),
            );
        }
        if from_warehouse
            && !matches!((watch.shop_read, watch.snapshot), (Some(shop), Some(stock)) if shop < stock)
        {
            let (shop, stock) = (watch.shop_read, watch.snapshot);
            return self
                .violate("I13", format_args!("p{pid}: shop read at {shop:?}, warehouse at {stock:?}"));
        }
        if watch.kind == Some(RunKind::Sync) {
            let skus = watch.snapshot_skus.unwrap_or(0);
            if skus == 0 || last_good.is_some_and(|before| skus * 2 < before) {
                self.violate("I11", format_args!("p{pid}: a write from {skus} SKUs, {last_good:?} before"));
            }
        }
    }

    fn check_in_flight(&mut self, pid: Pid, install: usize, run: &RunId, batch: &Batch) {
        let mut found = None;
        for request in self.floor.requests.iter().filter(|one| one.install == install) {
            let same_run = request.run == *run;
            let may_land = request.land_at.is_some();
            let same_listing =
                || request.lines.iter().any(|a| batch.lines.iter().any(|b| a.change.key == b.change.key));
            let awaited = request.awaited && request.pid != pid && self.oracle.watches[request.pid].lively;
            let doubled = same_run && self.profile.broken == Some(crate::Broken::SendTwice);
            if awaited || (may_land && !same_run && !self.has_ended(install, &request.run)) {
                found = Some(("I6", request.id));
            } else if may_land && !doubled && (same_run || same_listing()) {
                found = Some(("I2", request.id));
            }
        }
        if let Some((rule, request)) = found {
            self.violate(
                rule,
                format_args!("p{pid}: a write of {run} while request {request} may still land"),
            );
        }
    }

    /// What must hold when a line has reached its listing.
    pub(crate) fn check_landed(
        &mut self,
        install: usize,
        run: &RunId,
        line: &Line,
        place: usize,
        before: i64,
        after: i64,
    ) {
        let seq = line.seq;
        if after < before.min(0)
            || (after < 0 && after < before)
            || (after > i64::from(CEILING) && after > before)
        {
            self.violate("I4", format_args!("line {seq} of {run} takes a level from {before} to {after}"));
        }
        if before == after {
            return;
        }
        let state = self.record(install, run, seq).map(|record| record.state);
        let settled = [
            LineState::NotSent,
            LineState::NotApplied,
            LineState::Retried,
            LineState::Rejected,
            LineState::Suspect,
            LineState::Converged,
        ];
        if state.is_some_and(|state| settled.contains(&state)) {
            self.violate(
                "I2",
                format_args!(
                    "line {seq} of {run} lands after it was judged {}",
                    state.map_or("", LineState::code)
                ),
            );
        }
        let root = self.root(install, run, seq);
        if !self.oracle.landed.insert((install, run.clone(), root)) {
            if self.is_imitated(install, run, place) {
                self.oracle.exceptions += 1;
            } else {
                self.violate(
                    "I2",
                    format_args!("line {seq} of {run} lands, as line {root} or another of its chain did"),
                );
            }
        }
    }

    /// Whether somebody else has moved the listing so lately that a read of this run may tell a false story.
    fn is_imitated(&self, install: usize, run: &RunId, place: usize) -> bool {
        let began = self.oracle.watches.iter().find(|watch| watch.run.as_ref() == Some(run));
        let since = began.map_or(0, |watch| watch.began_at) - self.profile.settle_ms;
        self.floor.imitated(place, install, since)
    }

    /// A step that the journal has taken.
    pub(crate) fn check_step(&mut self, pid: Pid, run: &RunId, from: Option<LineState>, update: &LineUpdate) {
        let to = update.state;
        if from.is_none_or(|from| from.step(to).is_err()) {
            self.violate(
                "I3",
                format_args!("p{pid}: line {} of {run} goes from {from:?} to {to}", update.seq),
            );
        }
    }

    /// Lines that go out again: each in the place of one that was judged not applied.
    pub(crate) fn check_again(&mut self, pid: Pid, install: usize, run: &RunId, again: &[LineRecord]) {
        for record in again {
            let seq = record.line.seq;
            let before = record.line.retry_of.and_then(|before| self.record(install, run, before));
            let fits = before.is_some_and(|before| {
                let (old, new) = (before.line.change.delta, record.line.change.delta);
                before.state == LineState::Retried
                    && old.raises() == new.raises()
                    && new.magnitude() <= old.magnitude()
                    && before.line.change.key == record.line.change.key
            });
            if !fits {
                self.violate(
                    "I2",
                    format_args!("p{pid}: line {seq} of {run} goes out again for no line that it fits"),
                );
            }
        }
    }

    /// The record of an end.
    pub(crate) fn check_finished(&mut self, pid: Pid, summary: &RunSummary) {
        let install = self.oracle.watches[pid].install;
        let run = &summary.run_id;
        self.oracle.ended.insert((install, run.clone()), self.step);
        let lines = self.installations[install].state.lines_of(run);
        let counted = domain::report::Counters::tally(lines.iter().map(|record| record.state));
        if !summary.counters.add_up() || counted != summary.counters {
            self.violate(
                "I8",
                format_args!("{run}: {:?} told, {counted:?} in the journal", summary.counters),
            );
        }
        if let Some(open) = lines.iter().find(|record| !record.state.is_final()) {
            self.violate("I7", format_args!("{run} ends, its line {} is {}", open.line.seq, open.state));
        }
        let done = counted.planned == counted.executed() + counted.skipped_in_apply;
        if summary.outcome == Outcome::Converged && !done {
            self.violate("I8", format_args!("{run} is converged with {counted:?}"));
        }
        for record in &lines {
            self.check_told(install, run, record);
        }
        let good = matches!(summary.outcome, Outcome::Converged | Outcome::Partial);
        let whole = self.is_whole(install, run);
        if good && whole && summary.facts.warehouse_skus > 0 {
            self.oracle.last_good[install] = Some(summary.facts.warehouse_skus);
        }
    }

    fn is_whole(&self, install: usize, run: &RunId) -> bool {
        let counts = |record: &RunRecord| {
            let kind = matches!(record.run.kind, RunKind::Sync | RunKind::Apply);
            record.run.id == *run && kind && !record.run.scope.is_filtered()
        };
        self.installations[install].state.all_runs().iter().any(|(record, _)| counts(record))
    }

    /// Whether what is told of a line is what the ledger knows.
    fn check_told(&mut self, install: usize, run: &RunId, record: &LineRecord) {
        use LineState as S;
        let seq = record.line.seq;
        let known = self.floor.knows(install, run, seq);
        let wrong = match record.state {
            S::Verified | S::MovedSince | S::Converged => known.is_none(),
            S::Rejected | S::NotSent => known == Some(true),
            _ => false,
        };
        let place = self.floor.shelf_of(&record.line.change.key);
        let sure = matches!(record.state, S::Verified | S::MovedSince);
        let excused = !sure && place.is_none_or(|place| self.is_imitated(install, run, place));
        if wrong && !excused {
            self.violate(
                "I8",
                format_args!("{run}: line {seq} is {}, in the ledger: {known:?}", record.state),
            );
        }
    }

    /// A request that was answered by the end of another run: one that went on when it was made.
    pub(crate) fn check_joined(&mut self, pid: Pid, joined: &RunId) {
        let watch = &self.oracle.watches[pid];
        let ended = self.oracle.ended.get(&(watch.install, joined.clone())).copied();
        if ended.is_none_or(|ended| ended < watch.began) {
            let began = watch.began;
            self.violate(
                "I6",
                format_args!("p{pid}, begun at {began}, joins {joined}, which ended at {ended:?}"),
            );
        }
    }

    /// I7 at the end: no run without an end, but for those that somebody may still be waiting for.
    pub(crate) fn check_ends(&mut self, waited_since: UnixMillis) {
        for (record, waited_at) in self.installations[0].state.all_runs() {
            let waits = waited_at.is_some_and(|at| at >= waited_since) && record.started_at.is_none();
            if !record.status.is_ready() && !waits {
                self.violate("I7", format_args!("{} is {} for ever", record.run.id, record.status));
            }
        }
    }

    /// I1 at the end: every matched, tracked listing shows its target, less what was sold since the last run
    /// read it.
    pub(crate) fn check_levels(&mut self, last: Pid, since: usize) {
        let read_at = &self.oracle.watches[last].read_at;
        let targets = self.depot.targets();
        let mut wrong = None;
        for (at, place) in self.floor.shelves.iter().enumerate() {
            let Some(target) = place.sku.as_deref().and_then(|sku| targets.get(sku)) else { continue };
            let alone =
                self.floor.shelves.iter().filter(|one| one.exists && one.sku == place.sku).count() == 1;
            if !place.exists || !place.tracked || !alone {
                continue;
            }
            let read = read_at.get(&at).copied().unwrap_or(0);
            let after = self.floor.ledger.iter().skip(read).filter(|entry| entry.place == at);
            let sold: i64 = after
                .filter(|entry| entry.cause == Cause::Sale)
                .map(|entry| entry.before - entry.after)
                .sum();
            // A buyer who comes between the last run's read and its lowering can leave less than there is to
            // take: what comes of it is the shop's to say.
            let raced = sold > 0
                && self.floor.ledger.iter().skip(since).any(|entry| {
                    entry.place == at && entry.after < entry.before && entry.cause != Cause::Sale
                });
            let short = sold > 0 && target - sold < 0;
            if place.level != (target - sold).max(0) && !raced && !short {
                wrong = Some((at, place.level, *target, sold));
                break;
            }
        }
        if let Some((at, level, target, sold)) = wrong {
            self.violate(
                "I1",
                format_args!("listing {at} shows {level}, its target is {target}, {sold} were sold"),
            );
        }
    }
}
