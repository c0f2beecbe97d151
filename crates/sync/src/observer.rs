//! What a run tells while it goes on.

use domain::guard::Trip;
use domain::{
    Delta, InventoryItemId, Level, ReadChoice, RunId, RunKind, RunSummary, ShopName, Sku, Target, UnixMillis,
};

/// What a run waits for before it reads levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wait {
    /// A write had no clean answer: it may still land.
    UnclearAnswer,
    /// Wix refused a batch: a read may not show yet what was applied of it.
    RefusedBatch,
    /// Lines look as if they had not been applied: a read may lag.
    SecondLook,
    /// An earlier run left a write without a clear answer: it may still land.
    EarlierWrite,
    /// A listing was written so lately that a read may not show it yet.
    LateWrite,
    /// Acknowledged lines do not show yet.
    NotShownYet,
    /// A run that died left writes behind.
    DeadRun,
}

/// Something a person may want to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// The run begins.
    Started {
        /// Which run.
        run: &'a RunId,
        /// Of which shop.
        shop: &'a ShopName,
        /// What it does.
        kind: RunKind,
        /// Whether it only plans.
        dry_run: bool,
        /// The plan that it applies.
        plan: Option<&'a RunId>,
    },
    /// Another run has the shop and does the same work: its end is waited for.
    Following {
        /// That run.
        run: &'a RunId,
    },
    /// Another run has the shop: this one waits for its turn.
    Waiting {
        /// That run.
        run: &'a RunId,
    },
    /// The process of this run has died: what it left is looked into first.
    TakenOver {
        /// How often that has happened to the run.
        deaths: u32,
        /// How often it may.
        most: u32,
    },
    /// The shop is being read.
    ReadingShop {
        /// How, and why so.
        choice: ReadChoice,
    },
    /// A page of the shop came in.
    ShopPage {
        /// Products read so far.
        read: u64,
        /// Products that the shop says it has.
        total: u64,
    },
    /// The pages did not add up; the shop is read once more.
    ReadingShopAgain,
    /// The warehouse is being read.
    ReadingWarehouse,
    /// Some of the chosen warehouses stand in no stock row; the others are summed.
    WarehousesMissing {
        /// Their names.
        names: &'a str,
    },
    /// The plan stands.
    Planned {
        /// Local SKUs with stock.
        with_stock: u64,
        /// Local SKUs in scope.
        local: u64,
        /// Of those, found in the shop.
        found: u64,
        /// Lines to write.
        lines: u64,
    },
    /// One line of the plan.
    Prepared {
        /// Whose.
        sku: &'a Sku,
        /// Level read.
        from: Level,
        /// Level to reach.
        to: Target,
        /// How many lines there are in all.
        of: u64,
    },
    /// The guard holds the plan.
    Held {
        /// Why.
        trips: &'a [Trip],
    },
    /// Writing begins.
    Writing {
        /// Lines to write.
        lines: u64,
    },
    /// A batch is over, whatever came of it.
    Wrote {
        /// Lines dealt with so far.
        done: u64,
        /// Lines in all.
        of: u64,
    },
    /// One line was acknowledged.
    Updated {
        /// Its inventory item.
        item: &'a InventoryItemId,
        /// What was added.
        delta: Delta,
        /// How many lines there are in all.
        of: u64,
    },
    /// A write had no clean answer.
    Unclean {
        /// Why.
        error: &'a crate::ports::ShopError,
        /// Lines it carried.
        lines: u64,
    },
    /// Waiting before levels are read.
    Settling {
        /// Until when.
        until: UnixMillis,
        /// What for.
        why: Wait,
    },
    /// Levels are being read back.
    Verifying {
        /// Lines to verify.
        lines: u64,
    },
    /// The run is over.
    Finished {
        /// How it ended.
        summary: &'a RunSummary,
    },
}

/// Listens to a run. Must return at once.
pub trait Observer: Send + Sync {
    /// Called for every event, in order.
    fn event(&self, event: &Event<'_>);
}

/// Listens to nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&self, _: &Event<'_>) {}
}
