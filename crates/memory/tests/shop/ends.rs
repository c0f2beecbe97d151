//! A run that is stopped, or whose process dies, at any point of its work with a shop of revisions.

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use conformance::shop::{Fixture, Worker};
use domain::listing::ItemLevel;
use domain::{Batch, LineState, Listing, Outcome, ProductId, Sku, UnixMillis};
use memory::WriteFault;
use sync::Observer;
use sync::ports::{Catalog, Changes, Journal, SendGate, Shop, ShopError, ShopTerms, WriteReply};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::fixture::ShopInMemory;
use crate::revisions::sku;

/// What happens to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// A user stops it.
    Stop,
    /// Its process dies.
    Kill,
}

/// The shop, as a run reaches it that ends at a point: before or after its nth write, or read of levels.
struct EndingShop<'a> {
    own: &'a ShopInMemory,
    end: End,
    /// The point, from 1.
    at: u32,
    passed: AtomicU32,
    stop: CancellationToken,
    died: Notify,
}

impl EndingShop<'_> {
    async fn point(&self) {
        if self.passed.fetch_add(1, Ordering::Relaxed) + 1 != self.at {
            return;
        }
        match self.end {
            End::Stop => self.stop.cancel(),
            End::Kill => {
                self.own.clock.stop(true);
                self.died.notify_one();
                std::future::pending::<()>().await;
            }
        }
    }

    fn was_reached(&self) -> bool {
        self.passed.load(Ordering::Relaxed) >= self.at
    }
}

#[async_trait]
impl Shop for EndingShop<'_> {
    async fn connect(&self) -> Result<ShopTerms, ShopError> {
        self.own.shop.connect().await
    }

    fn site(&self) -> &str {
        self.own.shop.site()
    }

    async fn read_all(&self, observer: &dyn Observer) -> Result<Catalog, ShopError> {
        self.own.shop.read_all(observer).await
    }

    async fn changed_since(&self, since: UnixMillis, at_most: u64) -> Result<Changes, ShopError> {
        self.own.shop.changed_since(since, at_most).await
    }

    async fn find(&self, skus: &[Sku], batch_size: usize) -> Result<Option<Vec<Listing>>, ShopError> {
        self.own.shop.find(skus, batch_size).await
    }

    async fn levels(&self, products: &[ProductId]) -> Result<Vec<ItemLevel>, ShopError> {
        self.point().await;
        let levels = self.own.shop.levels(products).await;
        self.point().await;
        levels
    }

    async fn write(&self, batch: &Batch, gate: &dyn SendGate) -> WriteReply {
        self.point().await;
        let reply = self.own.shop.write(batch, gate).await;
        self.point().await;
        reply
    }

    fn request_timeout_ms(&self) -> i64 {
        self.own.shop.request_timeout_ms()
    }

    fn requests(&self) -> u64 {
        self.own.shop.requests()
    }

    fn server_time(&self) -> Option<UnixMillis> {
        self.own.shop.server_time()
    }
}

/// One run of `A` from 5 to 9 that ends at the point `at`, and, if its process died, the run after it. Gives the state
/// in which its change ended, and whether that change was in the shop; `None` if it ended before that point.
async fn end_of(faults: &[WriteFault], end: End, at: u32) -> Option<(LineState, bool)> {
    let shop = ShopInMemory::with(&[("A", 5)]).await;
    for fault in faults {
        shop.shop.fail_next_write(*fault);
    }
    let (token, worker) = (CancellationToken::new(), Worker::new(&[("A", 9)]));
    let passed = AtomicU32::new(0);
    let ending = EndingShop { own: &shop, end, at, passed, stop: token.clone(), died: Notify::new() };
    tokio::select! {
        _ = worker.run_until(&ending, &*shop.clock, shop.settle_ms(), &token) => {}
        () = ending.died.notified() => {}
    }
    if !ending.was_reached() {
        return None;
    }
    let is_in_shop = shop.level(&sku("A")) == 9;
    if end == End::Kill {
        shop.clock.stop(false);
        shop.shop.end_faults();
        let summary = worker.run(&shop).await;
        assert_eq!(summary.outcome, Outcome::Converged, "{faults:?} {at}: {summary:?}");
        assert_eq!(shop.level(&sku("A")), 9, "{faults:?} {at}");
    }
    let lines = worker.store().lines(&Worker::run_id(1)).await.unwrap();
    let (last, before) = lines.split_last().unwrap();
    assert!(before.iter().all(|line| line.state == LineState::Retried), "{faults:?} {at}");
    Some((last.state, is_in_shop))
}

/// I8: wherever a run ends, what is in the shop is never called unsent or rejected, and the reverse.
#[tokio::test]
async fn i8_a_run_that_ends_anywhere_tells_of_its_copies_what_the_revision_shows() {
    use WriteFault::{
        CallRefused, LinesRefused, LostReply, LostRequest, NotConnected, RowsLost, RowsMissing,
    };
    let cases: &[&[WriteFault]] = &[
        &[],
        &[LostReply],
        &[LostRequest],
        &[LostReply, LostReply],
        &[LostReply, LostRequest],
        &[LostRequest, LostReply],
        &[LostReply, NotConnected],
        &[LostRequest, NotConnected],
        &[LostReply, LinesRefused],
        &[LostRequest, LinesRefused],
        &[LostReply, CallRefused],
        &[RowsMissing],
        &[RowsLost, LostRequest],
    ];
    let mut points = 0;
    for faults in cases {
        for end in [End::Stop, End::Kill] {
            let mut at = 1;
            while let Some((state, is_in_shop)) = end_of(faults, end, at).await {
                let said =
                    matches!(state, LineState::Verified | LineState::Converged | LineState::MovedSince);
                assert_eq!(said, is_in_shop, "{faults:?}, {end:?} at {at}: {state}");
                (at, points) = (at + 1, points + 1);
            }
            assert!(at > 2, "{faults:?}: no point was reached");
        }
    }
    assert!(points > 80, "{points}");
}

/// A buyer takes exactly what a lowering was to take, and the process dies once the conflict is in the journal. The
/// level shows the target, and the next revision: a line without its conflict would be told as landed.
#[tokio::test]
async fn i8_a_conflict_that_a_dead_run_met_is_not_told_as_landed() {
    let shop = ShopInMemory::with(&[("A", 10)]).await;
    shop.shop.sell_before_the_next_write(&sku("A"), 5);
    let worker = Worker::new(&[("A", 5)]);
    let (token, died, passed) = (CancellationToken::new(), Notify::new(), AtomicU32::new(0));
    // The third point is the read after the write.
    let ending = EndingShop { own: &shop, end: End::Kill, at: 3, passed, stop: token.clone(), died };
    tokio::select! {
        _ = worker.run_until(&ending, &*shop.clock, shop.settle_ms(), &token) => {}
        () = ending.died.notified() => {}
    }
    assert!(ending.was_reached());
    shop.clock.stop(false);
    let summary = worker.run(&shop).await;
    assert_eq!((summary.outcome, summary.counters.planned), (Outcome::Converged, 0), "{summary:?}");
    let lines = worker.store().lines(&Worker::run_id(1)).await.unwrap();
    let states: Vec<LineState> = lines.iter().map(|line| line.state).collect();
    assert_eq!(states, [LineState::NotSent]);
}
