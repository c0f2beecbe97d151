//! A shop in memory whose catalog keeps a revision for each inventory item.
//!
//! It represents every catalog of that kind. A write names the revision from which it was planned and takes effect
//! only if the item still has it. An answer covers each line. This shop is a second implementation of the port that
//! shares nothing with the deltas of Catalog V1.

mod fault;
mod items;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::listing::ItemLevel;
use domain::listing::reading::{ReadCosts, WayCost};
use domain::write::batch::BatchTerms;
use domain::write::settle::Settling;
use domain::{Batch, Change, Line, Listing, ProductId, Sku, UnixMillis};
use sync::Observer;
use sync::ports::{
    CallReply, Catalog, Changes, Clock, LineReply, SendGate, Shop, ShopError, ShopErrorClass, ShopTerms,
    WriteReply,
};

pub use self::fault::WriteFault;
use self::items::Items;

/// How many entries a page and a write have at most.
const PAGE: u64 = 1_000;

/// How long a request may take, in milliseconds. With the settle time it is less than the life of a lease, so a test
/// may jump over both.
const TIMEOUT_MS: i64 = 10_000;

const TERMS: ShopTerms = ShopTerms {
    catalog: "revisions",
    reading: ReadCosts {
        crawl: WayCost { fixed: 1, page: PAGE, per_page: 1, at_once: 1 },
        known_ids: WayCost { fixed: 2, page: PAGE, per_page: 1, at_once: 8 },
        changes: Some(WayCost { fixed: 1, page: PAGE, per_page: 1, at_once: 1 }),
        sku_list: WayCost { fixed: 1, page: PAGE, per_page: 1, at_once: 1 },
    },
    batches: BatchTerms { most: 1_000, one_direction: false },
    settling: Settling::Revision,
};

/// A shop in memory with revisions.
pub struct RevisionShop {
    clock: Arc<dyn Clock>,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    items: Items,
    requests: u64,
    /// How many reads of the whole shop will be incomplete.
    cut_reads: u32,
    /// How many reads of levels will show items as they were before their last change.
    stale_reads: u32,
    /// What happens to the next writes, one each.
    faults: VecDeque<WriteFault>,
    /// Writes that have arrived.
    writes: u32,
    sales: Vec<PlannedSale>,
    /// The SKU whose calls are refused as a whole.
    poison: Option<Sku>,
    /// Whether answers only count the lines that failed. An answer that counts one names no line.
    hides_failures: bool,
    /// The SKU whose lines never take effect and are never named.
    unnamed: Option<Sku>,
    /// Lines of a request that is still under way: they land with the next request.
    under_way: Vec<Line>,
}

/// What a buyer takes right before a write takes effect.
#[derive(Clone)]
struct PlannedSale {
    /// Before which write, from 1; `None`: before each.
    before: Option<u32>,
    sku: Sku,
    units: i64,
}

impl RevisionShop {
    /// An empty shop.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, inner: Mutex::default() }
    }

    /// Adds a product of one variant that shows `level`.
    pub fn add(&self, sku: &Sku, level: i64) {
        let now = self.clock.now();
        self.inner().items.add(sku, level, now);
    }

    /// Deletes the product of a SKU.
    pub fn remove(&self, sku: &Sku) {
        self.inner().items.remove(sku);
    }

    /// A buyer buys up to `units` units.
    pub fn sell(&self, sku: &Sku, units: i64) {
        let now = self.clock.now();
        self.inner().items.sell(sku, units, now);
    }

    /// A buyer buys `units` after the next write was sent and before it lands.
    pub fn sell_before_the_next_write(&self, sku: &Sku, units: i64) {
        let next = self.inner().writes + 1;
        self.sell_before_write(next, sku, units);
    }

    /// The same for the write of this number, from 1.
    pub fn sell_before_write(&self, number: u32, sku: &Sku, units: i64) {
        self.inner().sales.push(PlannedSale { before: Some(number), sku: sku.clone(), units });
    }

    /// A buyer takes `units` after each write was sent and before it lands.
    pub fn sell_before_each_write(&self, sku: &Sku, units: i64) {
        self.inner().sales.push(PlannedSale { before: None, sku: sku.clone(), units });
    }

    /// Refuses every call that holds a line of this SKU from now on, as a whole.
    pub fn refuse_calls_with(&self, sku: &Sku) {
        self.inner().poison = Some(sku.clone());
    }

    /// Refuses every line of this SKU from now on.
    pub fn refuse(&self, sku: &Sku) {
        self.inner().items.refuse(sku);
    }

    /// Only counts the lines that fail from now on: an answer that counts one names no line.
    pub fn hide_failures(&self) {
        self.inner().hides_failures = true;
    }

    /// Ignores every line of this SKU from now on, and never names it.
    pub fn never_name(&self, sku: &Sku) {
        self.inner().unnamed = Some(sku.clone());
    }

    /// Sets what happens to the next write that has no fault yet.
    pub fn fail_next_write(&self, fault: WriteFault) {
        self.inner().faults.push_back(fault);
    }

    /// Lets every later write succeed.
    pub fn end_faults(&self) {
        self.inner().faults.clear();
    }

    /// Makes the next `reads` of the whole shop incomplete.
    pub fn cut_reads(&self, reads: u32) {
        self.inner().cut_reads = reads;
    }

    /// Makes the next `reads` of levels show items as they were before their last change.
    pub fn lag_reads_of_levels(&self, reads: u32) {
        self.inner().stale_reads = reads;
    }

    /// Lets a write of this change take effect, if the item still has its revision.
    pub fn swap(&self, change: &Change) {
        let now = self.clock.now();
        self.inner().items.swap(change, now);
    }

    /// The level of a SKU. `None` if there is no such product.
    #[must_use]
    pub fn level(&self, sku: &Sku) -> Option<i64> {
        self.inner().items.level(sku)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Shop for RevisionShop {
    async fn connect(&self) -> Result<ShopTerms, ShopError> {
        Ok(TERMS)
    }

    fn site(&self) -> &'static str {
        "a shop in memory"
    }

    async fn read_all(&self, _: &dyn Observer) -> Result<Catalog, ShopError> {
        let as_of = Some(self.clock.now());
        let mut inner = self.inner();
        inner.requests += 1;
        if inner.cut_reads > 0 {
            inner.cut_reads -= 1;
            return Err(ShopError::new(ShopErrorClass::Incomplete, "the last page is missing"));
        }
        let listings = inner.items.listings();
        let products = u64::try_from(listings.len()).unwrap_or(u64::MAX);
        Ok(Catalog { listings, products, as_of })
    }

    async fn changed_since(&self, since: UnixMillis, at_most: u64) -> Result<Changes, ShopError> {
        let as_of = self.clock.now();
        let mut inner = self.inner();
        inner.requests += 1;
        let items: Vec<Listing> = inner.items.changed_since(since);
        let (changed, total) = (items.len(), inner.items.listings().len());
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        if count(changed) > at_most {
            return Ok(Changes::Many);
        }
        Ok(Changes::Items { items, variants: Vec::new(), total: count(total), as_of })
    }

    async fn find(&self, skus: &[Sku], _: usize) -> Result<Option<Vec<Listing>>, ShopError> {
        let mut inner = self.inner();
        inner.requests += 1;
        let asked = |listing: &Listing| listing.sku.as_ref().is_some_and(|sku| skus.contains(sku));
        Ok(Some(inner.items.listings().into_iter().filter(asked).collect()))
    }

    async fn levels(&self, products: &[ProductId]) -> Result<Vec<ItemLevel>, ShopError> {
        let mut inner = self.inner();
        inner.requests += 1;
        if inner.stale_reads > 0 {
            inner.stale_reads -= 1;
            return Ok(products.iter().filter_map(|id| inner.items.earlier_item_level(id)).collect());
        }
        Ok(products.iter().filter_map(|product| inner.items.item_level(product)).collect())
    }

    async fn write(&self, batch: &Batch, gate: &dyn SendGate) -> WriteReply {
        let send_before = match gate.commit().await {
            Ok(moment) => moment,
            Err(error) => return WriteReply::NotCommitted(error),
        };
        let now = self.clock.now();
        if now >= send_before {
            return WriteReply::NotSent(ShopError::new(ShopErrorClass::TooLate, "the moment has passed"));
        }
        let mut inner = self.inner();
        let fault = inner.faults.pop_front();
        if fault == Some(WriteFault::NotConnected) {
            return WriteReply::NotSent(ShopError::new(ShopErrorClass::Unreachable, "connection refused"));
        }
        inner.requests += 1;
        gate.left(now);
        inner.receive(batch, fault, now)
    }

    fn request_timeout_ms(&self) -> i64 {
        TIMEOUT_MS
    }

    fn requests(&self) -> u64 {
        self.inner().requests
    }

    fn server_time(&self) -> Option<UnixMillis> {
        Some(self.clock.now())
    }
}

impl Inner {
    /// What the shop does with a write, and what it answers.
    fn receive(&mut self, batch: &Batch, fault: Option<WriteFault>, now: UnixMillis) -> WriteReply {
        let lines = batch.lines.len();
        let unclear = |class, detail| WriteReply::unclear(lines, ShopError::new(class, detail));
        self.writes += 1;
        for sale in &self.sales {
            if sale.before.is_none_or(|number| number == self.writes) {
                self.items.sell(&sale.sku, sale.units, now);
            }
        }
        for line in std::mem::take(&mut self.under_way) {
            self.items.swap(&line.change, now);
        }
        if batch.lines.iter().any(|line| Some(&line.change.sku) == self.poison.as_ref()) {
            return WriteReply::refused(lines, ShopError::new(ShopErrorClass::Refused, "400: a bad entry"));
        }
        match fault {
            Some(WriteFault::LostRequest) => unclear(ShopErrorClass::NoAnswer, "timed out"),
            Some(WriteFault::StillUnderWay) => {
                self.under_way.clone_from(&batch.lines);
                unclear(ShopErrorClass::NoAnswer, "timed out")
            }
            Some(WriteFault::LostReply) => {
                self.apply(batch, now);
                unclear(ShopErrorClass::NoAnswer, "timed out")
            }
            Some(fault @ (WriteFault::CallRefused | WriteFault::RefusedAfterEffect)) => {
                if fault == WriteFault::RefusedAfterEffect {
                    self.apply(batch, now);
                }
                let error = ShopError::new(ShopErrorClass::Refused, "428");
                WriteReply::alike(lines, CallReply::Refused(error), LineReply::Unknown)
            }
            Some(WriteFault::LinesRefused) => {
                let error = ShopError::new(ShopErrorClass::Refused, "this line is refused");
                WriteReply::alike(lines, CallReply::Answered, LineReply::Refused(error))
            }
            Some(WriteFault::SilentSuccess) => {
                let shown = |line: &Line| LineReply::Applied(self.items.touch(&line.change, now));
                let lines = batch.lines.iter().map(shown).collect();
                WriteReply::Sent { call: CallReply::Answered, lines }
            }
            Some(WriteFault::RowsMissing) => {
                self.apply(batch, now);
                WriteReply::alike(lines, CallReply::Answered, LineReply::Unknown)
            }
            Some(WriteFault::RowsLost) => WriteReply::alike(lines, CallReply::Answered, LineReply::Unknown),
            Some(WriteFault::NotConnected) | None => {
                WriteReply::Sent { call: CallReply::Answered, lines: self.apply(batch, now) }
            }
        }
    }

    fn apply(&mut self, batch: &Batch, now: UnixMillis) -> Vec<LineReply> {
        let mut replies = Vec::with_capacity(batch.lines.len());
        for line in &batch.lines {
            let is_ignored = Some(&line.change.sku) == self.unnamed.as_ref();
            replies.push(if is_ignored { LineReply::Unknown } else { self.items.swap(&line.change, now) });
        }
        if self.hides_failures && !replies.iter().all(|reply| matches!(reply, LineReply::Applied(_))) {
            // Of a single line the count says that it failed. Only of a copy is that an outcome: else it may be a
            // conflict.
            let counted = ShopError::new(ShopErrorClass::Refused, "counted as failed");
            let is_sole_copy = matches!(batch.lines.as_slice(), [line] if line.is_copy);
            let reply = if is_sole_copy { LineReply::Refused(counted) } else { LineReply::Unknown };
            replies.fill(reply);
        }
        replies
    }
}
