//! What a run hands over to be sent; where the run is broken on purpose, what a broken one would hand over.

use std::borrow::Cow;

use domain::quantity::CEILING;
use domain::{Batch, Delta, Direction, Line};

use super::Process;
use crate::profile::Broken;

impl Process {
    /// The batch as the run hands it over.
    pub(super) fn handed_over<'b>(&self, batch: &'b Batch) -> Cow<'b, Batch> {
        let change: fn(&mut Batch) = match self.broken {
            Some(Broken::RepeatLine) => repeat_line,
            Some(Broken::TurnSign) => turn_sign,
            Some(Broken::TakeTooMuch) => |batch| batch.lines.iter_mut().for_each(take_too_much),
            _ => return Cow::Borrowed(batch),
        };
        let mut batch = batch.clone();
        change(&mut batch);
        Cow::Owned(batch)
    }
}

fn repeat_line(batch: &mut Batch) {
    let first = batch.lines[0].clone();
    batch.lines.push(first);
}

fn turn_sign(batch: &mut Batch) {
    batch.direction = match batch.direction {
        Direction::Lower => Direction::Raise,
        Direction::Raise => Direction::Lower,
    };
}

fn take_too_much(line: &mut Line) {
    let change = &mut line.change;
    let more = if change.delta.raises() { i64::from(CEILING) } else { -i64::from(CEILING) };
    change.delta = Delta::new(change.delta.units() + more).expect("further away from zero");
}
