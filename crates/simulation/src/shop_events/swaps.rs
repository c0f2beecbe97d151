//! How a write lands in a catalog with revisions: each line on its own, while its item has the revision that it names.

use domain::listing::Revision;
use domain::write::settle::Reading;
use domain::{Level, Line, RunId};
use sync::ports::{LineReply, ShopError, ShopErrorClass};

use crate::profile::{Defect, Fault};
use crate::shop::Cause;
use crate::state::SimState;

impl SimState {
    /// Lands the first `part` lines of a request, and keeps what the answer says of each line.
    pub(super) fn swap_all(&mut self, id: u64, install: usize, run: &RunId, lines: &[Line], part: usize) {
        let bad: Vec<Option<ShopError>> = lines.iter().map(|line| self.objection(line)).collect();
        let first_bad = bad.iter().flatten().next().cloned();
        if let Some(error) = first_bad.filter(|_| self.profile.quirks.bad_entry_refuses_call) {
            self.shop.request(id).refusal = Some(error);
            return;
        }
        let mut replies = Vec::with_capacity(lines.len());
        for (line, objection) in lines.iter().zip(bad).take(part) {
            replies.push(match objection {
                Some(error) => LineReply::Refused(error),
                None => self.swap(install, run, line, id),
            });
        }
        replies.resize(lines.len(), LineReply::Unknown);
        let failed = |reply: &LineReply| matches!(reply, LineReply::Refused(_) | LineReply::Conflict);
        if replies.iter().any(failed) && self.injects(Fault::FailuresCounted) {
            hide_failures(lines, &mut replies);
        }
        if self.injects(Fault::RowsUnnamed) {
            let first = self.rng.index(lines.len());
            replies.iter_mut().skip(first).for_each(|reply| *reply = LineReply::Unknown);
        }
        self.shop.request(id).line_replies = Some(replies);
    }

    /// Sets a level, if the item still has the revision that the line names.
    fn swap(&mut self, install: usize, run: &RunId, line: &Line, request: u64) -> LineReply {
        let Some(at) = self.shop.index_of(&line.change.key) else { return LineReply::Conflict };
        let listing = &self.shop.listings[at];
        let named = line.change.revision.map(Revision::number);
        if named != Some(listing.revision) && self.profile.defect != Some(Defect::IgnoreRevision) {
            return LineReply::Conflict;
        }
        let (before, tracked) = (listing.level, listing.tracked);
        let silent = !tracked || self.injects(Fault::SilentSuccess);
        let extra = i64::from(self.profile.defect == Some(Defect::OffByOne));
        let after = if silent { before } else { line.change.target.units() + extra };
        let cause = Cause::Write { install, run: run.clone(), seq: line.seq, request };
        self.move_level(at, after, cause);
        self.check_landed(install, run, line, at, before, after);
        let level = Level::new(after).expect("the shop keeps levels within their limits");
        let revision = Some(Revision::new(self.shop.listings[at].revision));
        LineReply::Applied(Some(Reading { level, revision, stamp: None, changed_at: None }))
    }
}

/// Names no line, as in an answer that only counts those that failed. Of a single copy that says that it was refused; a
/// single first write may also have met a conflict.
fn hide_failures(lines: &[Line], replies: &mut [LineReply]) {
    let counted = LineReply::Refused(ShopError::new(ShopErrorClass::Refused, "counted as failed"));
    let is_sole_copy = matches!(lines, [line] if line.is_copy);
    replies.fill(if is_sole_copy { counted } else { LineReply::Unknown });
}
