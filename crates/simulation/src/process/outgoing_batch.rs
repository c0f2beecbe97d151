//! The batch that a run hands over to be sent. Some defects change it, as a faulty run would.

use std::borrow::Cow;

use domain::quantity::CEILING;
use domain::{Batch, Delta, Line};

use super::Process;
use crate::profile::Defect;

impl Process {
    /// The batch as the run hands it over, changed by the defect if there is one.
    pub(super) fn batch_to_send<'b>(&self, batch: &'b Batch) -> Cow<'b, Batch> {
        let change: fn(&mut Batch) = match self.defect {
            Some(Defect::DuplicateLine) => duplicate_line,
            Some(Defect::FlipSign) => flip_sign,
            Some(Defect::ExcessiveDelta) => |batch| batch.lines.iter_mut().for_each(exceed_delta),
            _ => return Cow::Borrowed(batch),
        };
        let mut batch = batch.clone();
        change(&mut batch);
        Cow::Owned(batch)
    }
}

fn duplicate_line(batch: &mut Batch) {
    let first = batch.lines[0].clone();
    batch.lines.push(first);
}

/// Gives the first line the opposite sign.
fn flip_sign(batch: &mut Batch) {
    if let [first, _, ..] = batch.lines.as_mut_slice() {
        let change = &mut first.change;
        change.delta = Delta::new(-change.delta.units()).expect("as far from zero as before");
    }
}

fn exceed_delta(line: &mut Line) {
    let change = &mut line.change;
    let more = if change.delta.raises() { i64::from(CEILING) } else { -i64::from(CEILING) };
    change.delta = Delta::new(change.delta.units() + more).expect("further away from zero");
}
