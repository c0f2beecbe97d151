//! The checks of `doctor`, what they can find, and how bad each finding is.

use crate::code::coded;

coded! {
    /// The result of a check, in one word.
    Status {
        /// Nothing is wrong.
        Ok = "ok",
        /// There was nothing to judge by, so that nothing is known.
        NotChecked = "not_checked",
        /// Runs can do their work, but the user should look at it.
        Warning = "warning",
        /// Runs cannot do their work.
        Failed = "failed",
    }
}

coded! {
    /// The checks, in the order in which they are printed.
    CheckId {
        /// The settings of the shop.
        Settings = "settings",
        /// The state database.
        State = "state",
        /// The warehouse.
        Warehouse = "warehouse",
        /// The warehouses whose stock is summed.
        Selection = "selection",
        /// Whether Wix accepts the key for the site.
        Key = "key",
        /// Columns of reserved units in the warehouse's tables.
        Reserved = "reserved",
        /// Prices in the product table.
        Prices = "prices",
        /// Our clock, compared with Wix's.
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
        /// SKUs of several listings.
        DuplicateSkus = "duplicate_skus",
        /// Matching listings whose inventory Wix does not track.
        Untracked = "untracked",
        /// Matching listings without a level.
        NoLevel = "no_level",
        /// SKUs that are longer than Wix allows.
        TooLong = "too_long",
        /// SKUs with more rows than allowed.
        DuplicateRows = "duplicate_rows",
        /// Stock rows of SKUs that the product table does not list.
        NoProductRow = "no_product_row",
        /// Rows without a SKU.
        SkuEmpty = "sku_empty",
        /// Quantities that are not numbers.
        UnreadableStock = "unreadable_stock",
        /// Sums below zero.
        NegativeStock = "negative_stock",
        /// Sums that are not whole.
        FractionalStock = "fractional_stock",
        /// Sums above the highest quantity of Wix.
        AboveCeiling = "above_ceiling",
        /// Whether the guard would hold the next run.
        Guard = "guard",
        /// Whether writing to the shop is paused.
        Pause = "pause",
        /// The request window.
        Window = "window",
        /// The last run.
        LastRun = "last_run",
        /// Tasks of the service that wait for a worker.
        Tasks = "tasks",
        /// The service on this machine.
        Service = "service",
        /// The background tasks of the service.
        Background = "background",
        /// A dry run of one SKU, through the queue and a worker.
        Rehearsal = "rehearsal",
        /// The routes of the API.
        Api = "api",
        /// Other programs or people who write to the shop.
        OtherWriters = "other_writers",
    }
}

coded! {
    /// A problem that a check found.
    Finding {
        /// Chosen warehouses without rows.
        WarehouseWithoutRows = "warehouse_without_rows",
        /// A column of reserved units is not subtracted.
        ReservedColumn = "reserved_column",
        /// Prices that are no plain numbers.
        OddPrices = "odd_prices",
        /// The clock is off.
        ClockOff = "clock_off",
        /// The state database holds moments that lie ahead.
        ClockWasAhead = "clock_was_ahead",
        /// The shop has no product with a SKU.
        ShopEmpty = "shop_empty",
        /// No SKU matches.
        NothingMatches = "nothing_matches",
        /// Less than half of the goods in stock match.
        FewMatch = "few_match",
        /// SKUs that nearly match.
        NearMisses = "near_misses",
        /// SKUs of several listings.
        DuplicateSkus = "duplicate_skus",
        /// Matching listings whose inventory Wix does not track.
        Untracked = "untracked",
        /// Matching listings without a level.
        NoLevel = "no_level",
        /// SKUs that are longer than Wix allows.
        TooLong = "too_long",
        /// SKUs with more rows than allowed.
        DuplicateRows = "duplicate_rows",
        /// Stock rows of SKUs that the product table does not list.
        NoProductRow = "no_product_row",
        /// Rows without a SKU.
        SkuEmpty = "sku_empty",
        /// Quantities that are not numbers.
        UnreadableStock = "unreadable_stock",
        /// Sums below zero.
        NegativeStock = "negative_stock",
        /// Sums that are not whole.
        FractionalStock = "fractional_stock",
        /// Sums above the highest quantity of Wix.
        AboveCeiling = "above_ceiling",
        /// The guard would hold the next run.
        Guard = "guard",
        /// Writing to the shop is paused.
        Paused = "paused",
        /// The request window is nearly full.
        WindowFull = "window_full",
        /// The shop refuses requests for now.
        WindowClosed = "window_closed",
        /// Requests go out more slowly after the shop refused some.
        PaceSlowed = "pace_slowed",
        /// No write has shown yet whether the key may write.
        WriteUnknown = "write_unknown",
        /// The shop has no listing whose level could be read.
        LevelsUnknown = "levels_unknown",
        /// No run has written levels that could be compared with those of now.
        WritersUnknown = "writers_unknown",
        /// The last run did not end well.
        LastRunNotGood = "last_run_not_good",
        /// A task that could start has waited too long.
        TasksWait = "tasks_wait",
        /// The service reports that it cannot do its work.
        ServiceNotReady = "service_not_ready",
        /// Another program answers at the address of the service.
        ServiceStranger = "service_stranger",
        /// The service works with another state database.
        ServiceForeign = "service_foreign",
        /// A background task of the service failed when it last ran.
        BackgroundFailed = "background_failed",
        /// A background task of the service should have run, or ended, by now.
        BackgroundOverdue = "background_overdue",
        /// No dry run was made, because tasks of the shop are still open.
        RehearsalLeftOut = "rehearsal_left_out",
        /// The dry run did not end in time.
        RehearsalWaits = "rehearsal_waits",
        /// The dry run failed, or was not accepted.
        RehearsalFailed = "rehearsal_failed",
        /// Routes do not answer as they should.
        ApiBroken = "api_broken",
        /// Another program or person seems to write to the shop.
        OtherWriter = "other_writer",
        /// A run found that another program made the same changes.
        AnotherWriter = "another_writer",
    }
}

impl Finding {
    /// How bad it is.
    #[must_use]
    pub fn status(self) -> Status {
        match self {
            Self::NothingMatches | Self::RehearsalFailed | Self::ApiBroken => Status::Failed,
            Self::WriteUnknown | Self::LevelsUnknown | Self::WritersUnknown => Status::NotChecked,
            _ => Status::Warning,
        }
    }
}
