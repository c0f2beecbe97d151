//! Plans and lines.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::plan::Facts;
use domain::plan::left_alone::LeftAloneChanges;
use domain::plan::skip::Skip;
use domain::write::settle::LEFT_OUT;
use domain::{LineState, ListingKey, RunId, ShopName, UnixMillis};
use sync::lease::SEND_WITHIN_MS;
use sync::ports::{Fence, Journal, LineRecord, LineUpdate, PlanRecord, RecentWrite, Sending, StateError};

use crate::MemoryStore;
use crate::tables::RunRow;

#[async_trait]
impl Journal for MemoryStore {
    async fn save_plan(
        &self,
        run: &RunId,
        fence: &Fence,
        facts: &Facts,
        lines: &[LineRecord],
        skips: &[Skip],
    ) -> Result<Option<u64>, StateError> {
        let mut tables = self.tables();
        tables.pass(fence)?;
        let row = tables.row(run)?;
        if row.planned {
            return Err(StateError::defect(format_args!("run {run} has a plan already")));
        }
        row.planned = true;
        row.record.facts = Some(*facts);
        row.lines = lines.to_vec();
        row.skips = skips.to_vec();
        row.skips.sort_unstable();
        let run = row.record.run.clone();
        if run.scope.is_filtered() {
            return Ok(None);
        }
        let before = tables.last_plans.insert(run.shop, skips.to_vec());
        Ok(before.map(|before| LeftAloneChanges::between(&before, skips).new_skus()))
    }

    async fn sent(
        &self,
        run: &RunId,
        fence: &Fence,
        seqs: &[u32],
        sending: Sending,
    ) -> Result<(), StateError> {
        let mut tables = self.tables();
        if !tables.pass(fence)?.may_send_at(sending.sent_at) {
            return Err(StateError::Fenced);
        }
        if tables.pauses.contains_key(&fence.shop) {
            return Err(StateError::Paused);
        }
        let row = tables.row(run)?;
        for seq in seqs {
            if row.line(*seq)?.state != LineState::Planned {
                return Err(StateError::defect(format_args!("line {seq} is not waiting to be sent")));
            }
        }
        for seq in seqs {
            let record = row.line(*seq)?;
            record.state = LineState::Sent;
            record.sending = Some(sending);
        }
        Ok(())
    }

    async fn update(
        &self,
        run: &RunId,
        fence: &Fence,
        at: UnixMillis,
        updates: &[LineUpdate],
        again: &[LineRecord],
    ) -> Result<(), StateError> {
        if updates.is_empty() && again.is_empty() {
            return Ok(());
        }
        let mut tables = self.tables();
        tables.pass(fence)?;
        let row = tables.row(run)?;
        for update in updates {
            row.line(update.seq)?;
        }
        if let Some(taken) = again.iter().find(|new| row.all_lines().any(|old| old.line.seq == new.line.seq))
        {
            return Err(StateError::defect(format_args!("there is a line {} already", taken.line.seq)));
        }
        for update in updates {
            let record = row.line(update.seq)?;
            if record.state == LineState::Sent {
                record.answered_at = Some(at);
            }
            record.acked |= update.state == LineState::Acked;
            record.state = update.state;
            record.level_after = update.level_after;
            record.detail.clone_from(&update.detail);
        }
        row.lines.extend(again.iter().cloned());
        Ok(())
    }

    async fn lines(&self, run: &RunId) -> Result<Vec<LineRecord>, StateError> {
        Ok(self.lines_of(run))
    }

    async fn lines_after(
        &self,
        run: &RunId,
        after: Option<u32>,
        limit: u32,
    ) -> Result<Vec<LineRecord>, StateError> {
        let lines = self.lines_of(run).into_iter();
        let rest = lines.filter(|record| after.is_none_or(|after| record.line.seq > after));
        Ok(rest.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect())
    }

    async fn next_seq(&self, run: &RunId) -> Result<u32, StateError> {
        let tables = self.tables();
        let highest = tables.find(run).and_then(|row| row.all_lines().map(|line| line.line.seq).max());
        Ok(highest.map_or(0, |seq| seq + 1))
    }

    async fn skips(&self, run: &RunId) -> Result<Vec<Skip>, StateError> {
        Ok(self.tables().find(run).map(|row| row.skips.clone()).unwrap_or_default())
    }

    async fn plan(&self, run: &RunId) -> Result<Option<PlanRecord>, StateError> {
        let tables = self.tables();
        let made = tables.find(run).filter(|row| row.planned);
        Ok(made.map(|row| PlanRecord {
            run: row.record.clone(),
            changes: row.lines.iter().map(|record| record.line.change.clone()).collect(),
        }))
    }

    async fn bring_back_writes(&self, fence: &Fence, now: UnixMillis) -> Result<(), StateError> {
        let mut tables = self.tables();
        tables.pass(fence)?;
        let of_shop = tables.runs.iter_mut().filter(|row| row.record.run.shop == fence.shop);
        for record in of_shop.flat_map(RunRow::all_lines_mut) {
            if let Some(sending) = &mut record.sending {
                sending.send_before = sending.send_before.min(now.saturating_add(SEND_WITHIN_MS));
            }
            record.answered_at = record.answered_at.map(|answered| answered.min(now));
        }
        Ok(())
    }

    async fn recent_writes(
        &self,
        shop: &ShopName,
        since: UnixMillis,
    ) -> Result<Vec<RecentWrite>, StateError> {
        let tables = self.tables();
        let of_shop = tables.runs.iter().filter(|row| row.record.run.shop == *shop);
        let recent = of_shop.flat_map(RunRow::all_lines).filter_map(|record| {
            let sending = record.sending?;
            let recent = sending.send_before + sending.timeout_ms > since
                || record.answered_at.is_some_and(|at| at > since);
            let key = record.line.change.key.clone();
            let (state, answered_at, acked) = (record.state, record.answered_at, record.acked);
            recent.then_some(RecentWrite { key, state, sending, answered_at, acked })
        });
        Ok(recent.collect())
    }

    async fn left_out(&self, shop: &ShopName, since: UnixMillis) -> Result<Vec<ListingKey>, StateError> {
        let tables = self.tables();
        let of_shop = tables.runs.iter().filter(|row| row.record.run.shop == *shop);
        let lines = of_shop.filter_map(|row| Some((row.end.as_ref()?.number, row)));
        let lines = lines.flat_map(|(number, row)| row.all_lines().map(move |record| (number, record)));
        // By the order of their ends: the moments of a clock that was turned back say nothing.
        let mut last: BTreeMap<&ListingKey, (u64, u32, UnixMillis, bool)> = BTreeMap::new();
        for (number, record) in lines {
            let Some((line, sent_at)) = record.as_sent().filter(|_| record.acked) else { continue };
            let now = (number, line.seq, sent_at, record.detail.as_deref() == Some(LEFT_OUT));
            let known = last.entry(&line.change.key).or_insert(now);
            *known = now.max(*known);
        }
        let out = last.into_iter().filter(|(_, (_, _, sent_at, left_out))| *left_out && *sent_at > since);
        Ok(out.map(|(key, _)| key.clone()).collect())
    }
}
