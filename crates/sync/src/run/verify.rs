//! Verifying: every acknowledged line is read back.

use std::collections::BTreeSet;

use domain::{LineState, ProductId, judge};

use super::{Halt, Run};
use crate::observer::Event;
use crate::ports::LevelsRead;

impl Run<'_> {
    /// Reads acknowledged lines back. A read may lag a write, so lines that are not where they should be are
    /// read a second time when the settle time is over, and judged by that read alone.
    pub(super) async fn verify(&mut self) -> Result<(), Halt> {
        let acked = self.findings.book.in_state(LineState::Acked).count();
        if acked == 0 {
            return Ok(());
        }
        self.ports.observer.event(&Event::Verifying { lines: u64::try_from(acked).unwrap_or(u64::MAX) });
        let settled_at = self.ports.clock.now() + self.settings.settle_ms;
        let levels = self.read_back().await?;
        self.judge_acked(&levels, |state| state == LineState::Verified).await?;
        if self.findings.book.in_state(LineState::Acked).next().is_none() {
            return Ok(());
        }
        self.ports.observer.event(&Event::Settling { until: settled_at });
        self.ports.clock.sleep_until(settled_at).await;
        let levels = self.read_back().await?;
        self.judge_acked(&levels, |_| true).await
    }

    async fn read_back(&self) -> Result<LevelsRead, Halt> {
        let products: BTreeSet<ProductId> = self
            .findings
            .book
            .in_state(LineState::Acked)
            .map(|record| record.line.change.key.product.clone())
            .collect();
        let products: Vec<ProductId> = products.into_iter().collect();
        Ok(self.ports.shop.levels(&products).await?)
    }

    async fn judge_acked(
        &mut self,
        levels: &LevelsRead,
        take: impl Fn(LineState) -> bool,
    ) -> Result<(), Halt> {
        let mut steps = Vec::new();
        for record in self.findings.book.in_state(LineState::Acked) {
            let change = &record.line.change;
            let after = levels.get(&change.key).copied().flatten();
            let state = after.map_or(LineState::Unresolved, |after| {
                judge::acknowledged(change.level, change.delta, after)
            });
            if take(state) {
                steps.push((record.line.seq, state, after));
            }
        }
        let mut updates = Vec::with_capacity(steps.len());
        for (seq, state, after) in steps {
            updates.push(self.findings.book.step(seq, state, after, None)?);
        }
        self.ports.journal.update(&self.request.id, &updates).await?;
        Ok(())
    }
}
