//! The rows of the store, and steps that several ports share.

use std::collections::BTreeMap;

use domain::admission::attempt::{self, Attempt, RunEnd};
use domain::admission::good::EndedRun;
use domain::admission::lease::LeaseRow;
use domain::admission::pace::PaceState;
use domain::admission::queue::OpenRun;
use domain::plan::skip::Skip;
use domain::{ListingMap, Outcome, RunId, RunKind, ShopName, StartedBy, UnixMillis};
use sync::ports::{Fence, LineRecord, NewRun, RunRecord, StateError, TokenRecord};

#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) runs: Vec<RunRow>,
    /// The running number of the newest run.
    pub(crate) last_number: u64,
    /// How many runs have ended: the number of the next end.
    pub(crate) ends: u64,
    pub(crate) ended_runs: BTreeMap<(ShopName, RunKind, Outcome, StartedBy), u64>,
    pub(crate) leases: BTreeMap<ShopName, LeaseRow>,
    pub(crate) maps: BTreeMap<ShopName, ListingMap>,
    pub(crate) keys: BTreeMap<String, KeyRow>,
    /// What the last plan of each whole shop left alone.
    pub(crate) last_plans: BTreeMap<ShopName, Vec<Skip>>,
    /// How many earlier slots each one replaces.
    pub(crate) slots: BTreeMap<(ShopName, UnixMillis), u32>,
    /// Since when each schedule counts, and which one it is.
    pub(crate) schedules: BTreeMap<ShopName, (UnixMillis, Option<String>)>,
    pub(crate) pauses: BTreeMap<ShopName, UnixMillis>,
    pub(crate) resumed: BTreeMap<ShopName, UnixMillis>,
    /// By name.
    pub(crate) tokens: BTreeMap<String, TokenRecord>,
    /// Until when each place of a request window counts, by its number.
    pub(crate) places: BTreeMap<i64, (ShopName, UnixMillis)>,
    pub(crate) last_place: i64,
    pub(crate) closed_windows: BTreeMap<ShopName, UnixMillis>,
    pub(crate) paces: BTreeMap<ShopName, PaceState>,
    pub(crate) mark: UnixMillis,
    pub(crate) installation: Option<String>,
}

/// The run and the request that a key belongs to.
#[derive(Debug)]
pub(crate) struct KeyRow {
    pub(crate) fingerprint: String,
    pub(crate) run: RunId,
    pub(crate) used_at: UnixMillis,
}

#[derive(Debug)]
pub(crate) struct RunRow {
    pub(crate) record: RunRecord,
    pub(crate) waited_at: Option<UnixMillis>,
    /// Its place in the order of arrival.
    pub(crate) arrival: u64,
    /// The attempt whose lines count: the latest that has started.
    pub(crate) line_attempt: u32,
    /// The lines of attempts before it, by their numbers.
    pub(crate) earlier: Vec<(u32, Vec<LineRecord>)>,
    pub(crate) lines: Vec<LineRecord>,
    pub(crate) skips: Vec<Skip>,
    pub(crate) planned: bool,
    pub(crate) end: Option<EndRow>,
}

/// The end of a run.
#[derive(Debug)]
pub(crate) struct EndRow {
    pub(crate) outcome: Outcome,
    pub(crate) finished_at: UnixMillis,
    pub(crate) warehouse_skus: Option<u64>,
    pub(crate) comparable: Option<u64>,
    /// The number of this end. Runs are numbered in the order in which they end, whatever the clock says.
    pub(crate) number: u64,
}

impl RunRow {
    pub(crate) fn new(run: &NewRun, arrival: u64) -> Self {
        Self {
            record: RunRecord::pending(run.clone()),
            waited_at: None,
            arrival,
            line_attempt: 1,
            earlier: Vec::new(),
            lines: Vec::new(),
            skips: Vec::new(),
            planned: false,
            end: None,
        }
    }

    /// The lines of all attempts.
    pub(crate) fn all_lines(&self) -> impl Iterator<Item = &LineRecord> {
        self.earlier.iter().flat_map(|(_, lines)| lines).chain(&self.lines)
    }

    /// As [`Self::all_lines`], to be changed.
    pub(crate) fn all_lines_mut(&mut self) -> impl Iterator<Item = &mut LineRecord> {
        self.earlier.iter_mut().flat_map(|(_, lines)| lines).chain(&mut self.lines)
    }

    pub(crate) fn line(&mut self, seq: u32) -> Result<&mut LineRecord, StateError> {
        let missing = || StateError::defect(format_args!("no line {seq}"));
        self.lines.iter_mut().find(|record| record.line.seq == seq).ok_or_else(missing)
    }

    /// How it ended, for the decision whether it was a good run.
    pub(crate) fn ended(&self) -> Option<(EndedRun, &EndRow)> {
        let (run, end) = (&self.record.run, self.end.as_ref()?);
        let (kind, filtered, outcome) = (run.kind(), run.scope.is_filtered(), end.outcome);
        let (warehouse_skus, comparable) = (end.warehouse_skus.unwrap_or(0), end.comparable);
        let finished_at = end.finished_at;
        Some((EndedRun { kind, filtered, outcome, warehouse_skus, comparable, finished_at }, end))
    }
}

impl Tables {
    pub(crate) fn row(&mut self, id: &RunId) -> Result<&mut RunRow, StateError> {
        let missing = || StateError::defect(format_args!("no run {id}"));
        self.runs.iter_mut().find(|row| row.record.run.id == *id).ok_or_else(missing)
    }

    pub(crate) fn find(&self, id: &RunId) -> Option<&RunRow> {
        self.runs.iter().find(|row| row.record.run.id == *id)
    }

    /// Records a run as PENDING, unless it is recorded already.
    pub(crate) fn insert(&mut self, run: &NewRun) {
        if self.find(&run.id).is_none() {
            let mut row = RunRow::new(run, self.last_arrival() + 1);
            self.last_number += 1;
            row.record.number = self.last_number;
            self.runs.push(row);
        }
    }

    /// The highest number in the order of arrival of the runs that have not ended.
    pub(crate) fn last_arrival(&self) -> u64 {
        let open = self.runs.iter().filter(|row| !row.record.status.is_ready());
        open.map(|row| row.arrival).max().unwrap_or(0)
    }

    /// Refuses a commit under an outdated lease. Returns the current lease.
    pub(crate) fn pass(&self, fence: &Fence) -> Result<&LeaseRow, StateError> {
        let lease = self.leases.get(&fence.shop);
        lease.filter(|row| row.admits(fence.token)).ok_or(StateError::Fenced)
    }

    /// The runs of a shop without an end.
    pub(crate) fn open_runs(&self, shop: &ShopName) -> Vec<OpenRun> {
        let lease = self.leases.get(shop);
        let of_shop = self.runs.iter().filter(|row| row.record.run.shop == *shop);
        let open = of_shop.filter(|row| !row.record.status.is_ready());
        open.map(|row| OpenRun {
            record: row.record.clone(),
            waited_at: row.waited_at,
            arrival: row.arrival,
            holds_lease: lease.is_some_and(|lease| lease.is_held_by(&row.record.run.id)),
        })
        .collect()
    }

    /// Records the end of a run. Nothing else does.
    pub(crate) fn end_run(&mut self, end: &RunEnd<'_>) -> Result<(), StateError> {
        let number = self.ends;
        let row = self.row(end.run)?;
        attempt::end(&row.record).map_err(StateError::defect)?;
        row.record.status = end.status();
        row.record.summary = end.summary.cloned();
        let RunEnd { outcome, finished_at, .. } = *end;
        let (warehouse_skus, comparable) = (end.warehouse_skus(), end.comparable());
        row.end = Some(EndRow { outcome, finished_at, warehouse_skus, comparable, number });
        let run = &row.record.run;
        let counted = (run.shop.clone(), run.kind(), outcome, run.starter.by);
        if run.starter.by != StartedBy::Doctor {
            *self.ended_runs.entry(counted).or_default() += 1;
        }
        self.ends += 1;
        Ok(())
    }

    /// Takes a step between attempts and returns the new record.
    pub(crate) fn step(
        &mut self,
        id: &RunId,
        step: impl FnOnce(&RunRecord) -> Result<Attempt, attempt::NotAllowed>,
    ) -> Result<&mut RunRow, StateError> {
        let row = self.row(id)?;
        step(&row.record).map_err(StateError::defect)?.apply_to(&mut row.record);
        Ok(row)
    }

    /// The last good run of a shop, which stays when history is deleted.
    pub(crate) fn last_good(&self, shop: &ShopName) -> Option<(&RunRow, EndedRun)> {
        let of_shop = self.runs.iter().filter(|row| row.record.run.shop == *shop);
        let ended = of_shop.filter_map(|row| Some((row, row.ended()?)));
        let good = ended.filter(|(_, (ended, _))| ended.is_baseline());
        good.max_by_key(|(_, (_, end))| end.number).map(|(row, (ended, _))| (row, ended))
    }
}
