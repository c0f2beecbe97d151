//! Copies of a write without a clear answer, as the next holder of the lease finds them.

use std::sync::Arc;

use async_trait::async_trait;
use domain::admission::lease::HEARTBEAT_MS;
use domain::plan::Facts;
use domain::{Change, LineState, Scope, Sku, Target, UnixMillis};
use memory::RevisionShop;
use sync::Ports;
use sync::observer::Silent;
use sync::ports::{Clock, LineRecord, LineUpdate, Sending, Shop, Store};
use tokio_util::sync::CancellationToken;

use super::fixtures::{lease, line, new_run};
use crate::shop::{JumpingClock, StockList, run_over};

const SETTLE_MS: i64 = 10_000;

/// A clock that jumps over the waits of a run. A store may take real time, so the heartbeat and the end of the run's
/// time, which wait beside the run, never come.
struct RunClock(JumpingClock);

#[async_trait]
impl Clock for RunClock {
    fn now(&self) -> UnixMillis {
        self.0.now()
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        let wait = moment - self.now();
        if wait == HEARTBEAT_MS || wait > 60_000 {
            std::future::pending::<()>().await;
        }
        self.0.sleep_until(moment).await;
    }
}

/// A run died after it had planned a copy of a write without an answer. The next run judges the copy by the revision:
/// what is in the shop is never called unsent.
pub async fn i2_a_copy_that_a_dead_run_left_is_judged_by_its_revision(store: &dyn Store) {
    for (nth, (lands, is_sent)) in
        [(true, false), (false, false), (true, true), (false, true)].into_iter().enumerate()
    {
        let begin = 1_000_000 * i64::try_from(nth + 1).unwrap();
        let clock = Arc::new(RunClock(JumpingClock::at(begin)));
        let shop = RevisionShop::new(Arc::clone(&clock) as Arc<dyn Clock>);
        let a = Sku::parse("A").unwrap();
        shop.add(&a, 5);
        let run = new_run(&format!("dead {nth}"), Scope::All);
        let change = planned(&shop, 9).await;
        leave_a_copy(store, &run, &change, clock.now(), is_sent).await;
        if lands {
            shop.swap(&change);
        }
        let canceled = CancellationToken::new();
        let ports = Ports {
            shop: &shop,
            warehouse: &StockList::new(&[("A", 9)]),
            store,
            clock: &*clock,
            observer: &Silent,
            stop: &canceled,
        };
        let next = run_over(&ports, domain::RunId::new(&format!("next {nth}")), SETTLE_MS).await;
        assert_eq!(shop.level(&a), Some(9));
        assert_eq!(next.counters.planned, u64::from(!lands), "{next:?}");
        let left = store.lines(&run.id).await.unwrap();
        let states: Vec<LineState> = left.iter().map(|record| record.state).collect();
        let end = if lands { LineState::Converged } else { LineState::NotSent };
        assert_eq!(states, [LineState::Retried, end], "lands: {lands}, sent: {is_sent}");
        assert!(left[1].line.is_copy && !left[0].line.is_copy);
    }
}

/// The change that brings the only listing of the shop to `target`.
async fn planned(shop: &RevisionShop, target: u32) -> Change {
    let listing = shop.read_all(&Silent).await.unwrap().listings.remove(0);
    let (level, target) = (listing.level.unwrap(), Target::new(target).unwrap());
    Change {
        sku: listing.sku.unwrap(),
        key: listing.key,
        inventory_item: listing.inventory_item,
        level,
        target,
        revision: listing.revision,
        delta: target.delta_from(level).unwrap(),
    }
}

/// Writes what a run leaves that dies right after it planned a copy, or right after it committed it as SENT.
async fn leave_a_copy(
    store: &dyn Store,
    run: &sync::ports::NewRun,
    change: &Change,
    now: i64,
    is_sent: bool,
) {
    let fence = lease(store, run).await;
    store.start(run, &fence, now).await.unwrap();
    let mut first = line(0, "A");
    first.line.change = change.clone();
    store.save_plan(&run.id, &fence, &Facts::default(), std::slice::from_ref(&first), &[]).await.unwrap();
    let sending = Sending { batch: 1, sent_at: 10, send_before: now + 5_000, timeout_ms: 10_000 };
    store.sent(&run.id, &fence, &[0], sending).await.unwrap();
    let update = |state| LineUpdate { seq: 0, state, level_after: None, detail: None };
    store.update(&run.id, &fence, now, &[update(LineState::Unknown)], &[]).await.unwrap();
    let mut copy: LineRecord = first;
    (copy.line.seq, copy.line.retry_of, copy.line.is_copy) = (1, Some(0), true);
    store.update(&run.id, &fence, now, &[update(LineState::Retried)], &[copy]).await.unwrap();
    if is_sent {
        store.sent(&run.id, &fence, &[1], Sending { batch: 2, ..sending }).await.unwrap();
    }
}
