//! What is looked at, what can be wrong with it, and how bad that is.

use crate::code::coded;

coded! {
    /// What a check found, in one word.
    Status {
        /// Nothing wrong.
        Ok = "ok",
        /// Runs can do their work, and somebody should look at it.
        Warning = "warning",
        /// Runs cannot do their work.
        Failed = "failed",
    }
}

coded! {
    /// What is looked at, in the order in which it is told.
    CheckId {
        /// The settings of the shop.
        Settings = "settings",
        /// The state database.
        State = "state",
        /// The warehouse.
        Warehouse = "warehouse",
        /// The warehouses that are summed.
        Selection = "selection",
        /// Whether Wix accepts the key for the site.
        Key = "key",
        /// The clock, against Wix's.
        Clock = "clock",
        /// The site's catalog version.
        Catalog = "catalog",
        /// The permission to read products.
        Read = "read",
        /// The permission to read inventory.
        Levels = "levels",
        /// The permission to write inventory.
        Write = "write",
        /// How many SKUs match.
        Matching = "matching",
        /// SKUs that nearly match.
        NearMisses = "near_misses",
        /// SKUs that stand on several listings.
        DuplicateSkus = "duplicate_skus",
        /// Matching listings that Wix does not count.
        Untracked = "untracked",
        /// Matching listings without a level.
        NoLevel = "no_level",
        /// SKUs that Wix has no room for.
        TooLong = "too_long",
        /// SKUs with more rows than there may be.
        DuplicateRows = "duplicate_rows",
        /// Stock rows of SKUs that the product table does not list.
        NoProductRow = "no_product_row",
        /// Rows without a SKU.
        SkuEmpty = "sku_empty",
        /// Quantities that are no numbers.
        UnreadableStock = "unreadable_stock",
        /// Sums below zero.
        NegativeStock = "negative_stock",
        /// Sums that are not whole.
        FractionalStock = "fractional_stock",
        /// Sums above what Wix can show.
        AboveCeiling = "above_ceiling",
        /// Whether the guard would hold the next run.
        Guard = "guard",
        /// Whether writing to the shop has been stopped.
        Pause = "pause",
        /// The request window.
        Window = "window",
        /// The last run.
        LastRun = "last_run",
        /// Tasks of the service that nobody works on.
        Tasks = "tasks",
        /// The service on this machine.
        Service = "service",
        /// The background tasks of the service.
        Background = "background",
        /// A dry run of one SKU, through the queue and a worker.
        Rehearsal = "rehearsal",
        /// The routes of the API.
        Api = "api",
        /// Somebody else who writes to the shop.
        OtherWriters = "other_writers",
    }
}

coded! {
    /// What is wrong.
    Finding {
        /// Chosen warehouses that stand in no row.
        WarehouseWithoutRows = "warehouse_without_rows",
        /// The clock is off.
        ClockOff = "clock_off",
        /// The shop has no product with a SKU.
        ShopEmpty = "shop_empty",
        /// No SKU matches.
        NothingMatches = "nothing_matches",
        /// Less than half of the goods in stock match.
        FewMatch = "few_match",
        /// SKUs that nearly match.
        NearMisses = "near_misses",
        /// SKUs that stand on several listings.
        DuplicateSkus = "duplicate_skus",
        /// Matching listings that Wix does not count.
        Untracked = "untracked",
        /// Matching listings without a level.
        NoLevel = "no_level",
        /// SKUs that Wix has no room for.
        TooLong = "too_long",
        /// SKUs with more rows than there may be.
        DuplicateRows = "duplicate_rows",
        /// Stock rows of SKUs that the product table does not list.
        NoProductRow = "no_product_row",
        /// Rows without a SKU.
        SkuEmpty = "sku_empty",
        /// Quantities that are no numbers.
        UnreadableStock = "unreadable_stock",
        /// Sums below zero.
        NegativeStock = "negative_stock",
        /// Sums that are not whole.
        FractionalStock = "fractional_stock",
        /// Sums above what Wix can show.
        AboveCeiling = "above_ceiling",
        /// The guard would hold the next run.
        Guard = "guard",
        /// Writing to the shop has been stopped.
        Paused = "paused",
        /// The request window is nearly full.
        WindowFull = "window_full",
        /// The shop has refused more requests for now.
        WindowClosed = "window_closed",
        /// The last run did not end well.
        LastRunNotGood = "last_run_not_good",
        /// A task waits and nobody works on it.
        TasksWait = "tasks_wait",
        /// The service says that it cannot do its work.
        ServiceNotReady = "service_not_ready",
        /// Something that is no service of ours answers in its place.
        ServiceStranger = "service_stranger",
        /// The service works with another state database.
        ServiceForeign = "service_foreign",
        /// A background task of the service failed when it last ran.
        BackgroundFailed = "background_failed",
        /// A background task of the service should have run, or ended, by now.
        BackgroundOverdue = "background_overdue",
        /// No dry run was made: tasks of the shop have no end yet.
        RehearsalLeftOut = "rehearsal_left_out",
        /// The dry run had no end in time.
        RehearsalWaits = "rehearsal_waits",
        /// The dry run failed, or was not accepted.
        RehearsalFailed = "rehearsal_failed",
        /// Routes do not answer as they should.
        ApiBroken = "api_broken",
        /// Somebody else seems to write to the shop.
        OtherWriter = "other_writer",
    }
}

impl Finding {
    /// How bad it is.
    #[must_use]
    pub fn status(self) -> Status {
        match self {
            Self::NothingMatches | Self::RehearsalFailed | Self::ApiBroken => Status::Failed,
            _ => Status::Warning,
        }
    }
}
