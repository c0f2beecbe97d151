//! Applies a saved plan: exactly those of its lines that still hold.

use domain::moment;
use domain::plan::Plan;
use domain::plan::recheck::{Stale, recheck};
use domain::run::{FailedAt, Failure};
use domain::{LineState, RunId, UnixMillis};

use super::{Abort, LineBook, Run};
use crate::ports::PlanRecord;

/// How old a plan may be when it is applied, in milliseconds.
const PLAN_LIFE_MS: i64 = 24 * 60 * 60 * 1_000;

/// Whether a plan that was made at `created_at` is too old to be applied at `now`. One whose moment lies ahead may be of
/// any age.
#[must_use]
pub fn plan_is_expired(created_at: UnixMillis, now: UnixMillis) -> bool {
    moment::age(created_at, now).is_none_or(|age| age > PLAN_LIFE_MS)
}

impl Run<'_> {
    pub(super) async fn apply_plan(&mut self, id: &RunId) -> Result<(), Abort> {
        let saved = self.load_plan(id).await?;
        let scope = saved.run.run.scope.clone();
        self.wait_for_unclear_writes().await?;
        let began_at = self.ports.clock.now();
        let mut reads = self.read_both(&scope).await?;
        if self.waited_for_recent_writes(&saved.changes, began_at).await? {
            reads = self.read_both(&scope).await?;
        }
        let mut fresh = Plan::make(&reads.stock, &reads.listings, self.request.policy, &scope);
        let checked = recheck(&saved.changes, &fresh, &reads.listings);
        self.find_near_misses(&reads, &fresh).await?;
        self.findings.facts = fresh.facts;
        self.findings.skips = std::mem::take(&mut fresh.skips);
        self.findings.notes = std::mem::take(&mut fresh.notes);
        self.findings.stale = checked.stale.iter().any(|(_, why)| *why != Stale::Reached);
        let mut lines = saved.changes;
        for (at, change) in checked.holding {
            if let Some(line) = lines.get_mut(at) {
                *line = change;
            }
        }
        let mut book =
            LineBook::new(self.first_seq, lines.into_iter().map(|change| (change, LineState::Planned)));
        for (at, why) in checked.stale {
            book.leave_out(at, why)?;
        }
        self.record_lines(book).await
    }

    async fn load_plan(&self, id: &RunId) -> Result<PlanRecord, Abort> {
        let saved = self.ports.store.plan(id).await?.ok_or_else(|| refuse("plan_not_found", id))?;
        if saved.run.run.shop != self.request.shop {
            return Err(refuse("plan_of_other_shop", id));
        }
        if !saved.is_applicable() {
            return Err(refuse("plan_not_applicable", id));
        }
        if plan_is_expired(saved.run.run.created_at, self.started_at) {
            return Err(refuse("plan_expired", id));
        }
        if saved.run.run.policy != self.request.policy {
            return Err(refuse("plan_policy_changed", id));
        }
        Ok(saved)
    }
}

/// The codes of the reasons to refuse an apply.
pub const REFUSALS: &[&str] =
    &["plan_not_found", "plan_of_other_shop", "plan_not_applicable", "plan_expired", "plan_policy_changed"];

fn refuse(code: &str, id: &RunId) -> Abort {
    Abort::Failed(Failure { at: FailedAt::Plan, code: code.to_owned(), detail: id.as_str().to_owned() })
}
