//! The run's own copy of its lines. It allows only the journal's transitions.

use domain::plan::recheck::Stale;
use domain::run::report::Counters;
use domain::{Change, Level, Line, LineState, UnixMillis};

use crate::ports::{LineRecord, LineUpdate, Sending, StateError};

/// The lines of a run's attempt, by number.
#[derive(Default)]
pub(super) struct LineBook {
    /// The number of the first line. Lines of earlier attempts have lower numbers.
    first: u32,
    lines: Vec<LineRecord>,
}

impl LineBook {
    /// Numbers the changes from `first` on, in the given order.
    pub(super) fn new(first: u32, changes: impl IntoIterator<Item = (Change, LineState)>) -> Self {
        let mut book = Self { first, lines: Vec::new() };
        for (change, state) in changes {
            book.add(change, state, None, false);
        }
        book
    }

    pub(super) fn lines(&self) -> &[LineRecord] {
        &self.lines
    }

    pub(super) fn in_state(&self, state: LineState) -> impl Iterator<Item = &LineRecord> {
        self.lines.iter().filter(move |record| record.state == state)
    }

    /// The state of a line; `None` if there is no such line.
    pub(super) fn state_of(&self, seq: u32) -> Option<LineState> {
        let at = usize::try_from(seq.checked_sub(self.first)?).ok()?;
        self.lines.get(at).map(|record| record.state)
    }

    /// Adds a line with the next number. `is_copy`: see [`Line::is_copy`].
    pub(super) fn add(
        &mut self,
        change: Change,
        state: LineState,
        retry_of: Option<u32>,
        is_copy: bool,
    ) -> LineRecord {
        // A plan of four billion lines does not fit into memory.
        let seq = u32::try_from(self.lines.len()).unwrap_or(u32::MAX).saturating_add(self.first);
        let record = LineRecord {
            line: Line { seq, retry_of, is_copy, change },
            state,
            sending: None,
            answered_at: None,
            acked: false,
            level_after: None,
            detail: None,
        };
        self.lines.push(record.clone());
        record
    }

    /// Changes the state of a line. A transition that is not allowed is a defect of this crate. The error ends the
    /// run, so that a defect cannot distort the counters.
    pub(super) fn step(
        &mut self,
        seq: u32,
        state: LineState,
        level_after: Option<Level>,
        detail: Option<&str>,
    ) -> Result<LineUpdate, StateError> {
        let record = self.record(seq)?;
        record.state = record.line.step(record.state, state).map_err(StateError::defect)?;
        record.acked |= state == LineState::Acked;
        record.level_after = level_after.or(record.level_after);
        record.detail = detail.map(str::to_owned).or_else(|| record.detail.take());
        Ok(LineUpdate { seq, state, level_after: record.level_after, detail: record.detail.clone() })
    }

    /// Changes the state of a line whose change is sent again as a new line; see [`LineState::replaced`].
    pub(super) fn replaced(&mut self, seq: u32, by_copy: bool) -> Result<LineUpdate, StateError> {
        let record = self.record(seq)?;
        record.state = record.state.replaced(by_copy).map_err(StateError::defect)?;
        let (state, level_after, detail) = (record.state, record.level_after, record.detail.clone());
        Ok(LineUpdate { seq, state, level_after, detail })
    }

    /// Leaves out the line at position `at` of the saved plan, and records why.
    pub(super) fn leave_out(&mut self, at: usize, why: Stale) -> Result<(), StateError> {
        let record = self.lines.get(at);
        let seq = record.map(|record| record.line.seq).ok_or_else(|| StateError::defect("no such line"))?;
        self.step(seq, LineState::SkippedInApply, None, Some(&why.to_string())).map(|_| ())
    }

    /// Applies an update that was decided elsewhere.
    pub(super) fn take(&mut self, update: &LineUpdate) -> Result<LineUpdate, StateError> {
        self.step(update.seq, update.state, update.level_after, update.detail.as_deref())
    }

    pub(super) fn sent(&mut self, seq: u32, sending: Sending) -> Result<(), StateError> {
        self.step(seq, LineState::Sent, None, None)?;
        self.record(seq)?.sending = Some(sending);
        Ok(())
    }

    pub(super) fn answered(&mut self, seq: u32, at: UnixMillis) -> Result<(), StateError> {
        self.record(seq)?.answered_at = Some(at);
        Ok(())
    }

    pub(super) fn counters(&self) -> Counters {
        Counters::tally(self.lines.iter().map(LineRecord::state_at_end))
    }

    fn record(&mut self, seq: u32) -> Result<&mut LineRecord, StateError> {
        let at = seq.checked_sub(self.first).and_then(|at| usize::try_from(at).ok()).unwrap_or(usize::MAX);
        self.lines.get_mut(at).ok_or_else(|| StateError::defect(format_args!("no line {seq}")))
    }
}
