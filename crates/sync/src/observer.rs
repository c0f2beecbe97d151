//! The events that a run reports while it works.

use domain::plan::guard::Trip;
use domain::write::another_writer::AnotherWriter;
use domain::{
    Delta, InventoryItemId, Level, ReadChoice, RunId, RunKind, RunSummary, ShopName, Sku, Target, UnixMillis,
};

/// What a run waits for before it reads levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wait {
    /// A write without a clean answer may still land.
    UnclearAnswer,
    /// Wix refused a batch. A read may not yet show the lines that were applied.
    RefusedBatch,
    /// Lines seem not to have been applied, but a read may lag.
    SecondLook,
    /// An earlier run left a write without a clear answer, which may still land.
    EarlierWrite,
    /// A listing was written so recently that a read may not show it yet.
    LateWrite,
    /// Reads do not show acknowledged lines yet.
    NotShownYet,
    /// A run that died left writes behind.
    DeadRun,
}

/// An event of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// The run has started.
    Started {
        /// The run.
        run: &'a RunId,
        /// Its shop.
        shop: &'a ShopName,
        /// Its kind.
        kind: RunKind,
        /// Whether it writes nothing.
        dry_run: bool,
        /// The plan that it applies, if any.
        plan: Option<&'a RunId>,
    },
    /// Another run holds the shop and does the same work. The request waits for its result.
    Following {
        /// That run.
        run: &'a RunId,
    },
    /// Another run holds the shop. The request waits for its turn.
    Waiting {
        /// That run.
        run: &'a RunId,
    },
    /// An earlier process of this run has died. Its lines are settled first.
    TakenOver {
        /// How many processes of the run have died.
        deaths: u32,
        /// How many may die before the run fails.
        most: u32,
    },
    /// The shop is being read.
    ReadingShop {
        /// How, and for what reason.
        choice: ReadChoice,
    },
    /// A page of the shop was read.
    ShopPage {
        /// Products read so far.
        read: u64,
        /// Products that the shop reports.
        total: u64,
    },
    /// The pages did not add up; the shop is read once more.
    ReadingShopAgain,
    /// The warehouse is being read.
    ReadingWarehouse,
    /// Some of the chosen warehouses have no stock rows. The others are summed.
    WarehousesMissing {
        /// Their names.
        names: &'a str,
    },
    /// The shop made no inventory items for some listings that have none, for one reason. They are left alone.
    ItemsNotMade {
        /// Their SKUs.
        skus: &'a [Sku],
        /// What the shop said.
        reason: &'a str,
    },
    /// Inventory items were made, but their changes would trip the guard. The next run plans them.
    NewItemsWait {
        /// How many.
        items: u64,
    },
    /// The plan is made.
    Planned {
        /// Local SKUs with stock.
        with_stock: u64,
        /// Local SKUs in scope.
        local: u64,
        /// Local SKUs in scope that the shop has.
        found: u64,
        /// Lines to write.
        lines: u64,
    },
    /// One line of the plan.
    Prepared {
        /// The SKU.
        sku: &'a Sku,
        /// The level read.
        from: Level,
        /// The level to reach.
        to: Target,
        /// How many lines there are in all.
        of: u64,
    },
    /// The guard holds the plan.
    Held {
        /// Why.
        trips: &'a [Trip],
    },
    /// The run begins to write.
    Writing {
        /// Lines to write.
        lines: u64,
    },
    /// A batch is finished, whatever its result.
    Wrote {
        /// Lines finished so far.
        done: u64,
        /// Lines in all.
        of: u64,
    },
    /// One line was acknowledged.
    Updated {
        /// Its SKU.
        sku: &'a Sku,
        /// Its inventory item.
        item: &'a InventoryItemId,
        /// The difference that was added.
        delta: Delta,
        /// How many lines there are in all.
        of: u64,
    },
    /// A write left lines without an answer of their own.
    Unclean {
        /// Why.
        error: &'a crate::ports::ShopError,
        /// The number of lines without an answer.
        lines: u64,
        /// Whether Wix refused the call. Otherwise there was no clear answer.
        refused: bool,
    },
    /// The run waits before it reads levels.
    Settling {
        /// Until when.
        until: UnixMillis,
        /// The reason to wait.
        why: Wait,
    },
    /// Levels are being read back.
    Verifying {
        /// Lines to verify.
        lines: u64,
    },
    /// The run found that another program writes to the shop.
    AnotherWriter {
        /// The evidence.
        found: AnotherWriter,
    },
    /// The run is over.
    Finished {
        /// How it ended.
        summary: &'a RunSummary,
    },
}

/// Receives the events of a run. Must return at once.
pub trait Observer: Send + Sync {
    /// Called for every event, in order.
    fn event(&self, event: &Event<'_>);
}

/// Ignores all events.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&self, _: &Event<'_>) {}
}
