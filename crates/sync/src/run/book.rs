//! The run's own copy of its lines, stepped only along the journal's transitions.

use domain::report::{Counters, LineError};
use domain::{Change, Level, Line, LineState};

use crate::ports::{LineRecord, LineUpdate, StateError};

/// The lines of a run by their number.
#[derive(Default)]
pub(super) struct LineBook {
    lines: Vec<LineRecord>,
}

impl LineBook {
    /// Lines numbered in the order given.
    pub(super) fn new(changes: impl IntoIterator<Item = (Change, LineState)>) -> Self {
        let lines = (0u32..)
            .zip(changes)
            .map(|(seq, (change, state))| LineRecord {
                line: Line { seq, change },
                state,
                batch: None,
                level_after: None,
                detail: None,
            })
            .collect();
        Self { lines }
    }

    pub(super) fn lines(&self) -> &[LineRecord] {
        &self.lines
    }

    pub(super) fn in_state(&self, state: LineState) -> impl Iterator<Item = &LineRecord> {
        self.lines.iter().filter(move |record| record.state == state)
    }

    /// Steps a line. A step that the journal does not allow is a defect of this crate; it is refused, so that
    /// a defect ends the run instead of miscounting it.
    pub(super) fn step(
        &mut self,
        seq: u32,
        state: LineState,
        level_after: Option<Level>,
        detail: Option<&str>,
    ) -> Result<LineUpdate, StateError> {
        let at = usize::try_from(seq).unwrap_or(usize::MAX);
        let record = self.lines.get_mut(at).ok_or_else(|| StateError(format!("no line {seq}")))?;
        record.state = record.state.step(state).map_err(|error| StateError(error.to_string()))?;
        record.level_after = level_after.or(record.level_after);
        record.detail = detail.map(str::to_owned).or_else(|| record.detail.take());
        Ok(LineUpdate { seq, state, level_after: record.level_after, detail: record.detail.clone() })
    }

    pub(super) fn counters(&self) -> Counters {
        Counters::tally(self.lines.iter().map(|record| record.state))
    }

    pub(super) fn errors(&self) -> impl Iterator<Item = LineError> {
        let wrong = |state| matches!(state, LineState::Rejected | LineState::Suspect | LineState::Unresolved);
        self.lines.iter().filter(move |record| wrong(record.state.at_end())).map(|record| LineError {
            sku: record.line.change.sku.clone(),
            state: record.state.at_end(),
            detail: record.detail.clone().unwrap_or_default(),
        })
    }
}
