//! The floor: the smallest possible number of requests of a run, given Wix's page and batch sizes.

use super::cases::Catalog;

/// Products per page of a read.
const PAGE: u64 = 100;
/// Entries per write.
const ENTRIES: u64 = 300;
/// Items per page and per write on V3.
const ITEMS: u64 = 1_000;
/// Requests besides reads and writes, for example for the catalog version and for changed products.
const OTHER_REQUESTS: u64 = 3;

/// The amount of work of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Workload {
    /// Products whose levels must be read.
    pub(super) products: u64,
    /// Inventory items whose levels must be read on V3.
    pub(super) items: u64,
    /// Listings to raise.
    pub(super) up: u64,
    /// Listings to lower.
    pub(super) down: u64,
    /// Products that contain these listings.
    pub(super) changed_products: u64,
}

impl Workload {
    /// The floor on a catalog.
    pub(super) fn floor(&self, catalog: Catalog) -> u64 {
        match catalog {
            Catalog::V1 => self.floor_of_v1(),
            Catalog::V3 => self.floor_of_v3(),
        }
    }

    /// ⌈items / 1,000⌉ reads, ⌈changes / 1,000⌉ writes, which verify themselves, and 3 other requests.
    fn floor_of_v3(&self) -> u64 {
        self.items.div_ceil(ITEMS) + (self.up + self.down).div_ceil(ITEMS) + OTHER_REQUESTS
    }

    /// ⌈products / 100⌉ reads, ⌈up / 300⌉ + ⌈down / 300⌉ writes, ⌈changed products / 100⌉ verifying reads, and 3 other
    /// requests.
    fn floor_of_v1(&self) -> u64 {
        self.products.div_ceil(PAGE)
            + self.up.div_ceil(ENTRIES)
            + self.down.div_ceil(ENTRIES)
            + self.changed_products.div_ceil(PAGE)
            + OTHER_REQUESTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_rounded_up_by_itself() {
        let workload =
            Workload { products: 10_000, up: 100, down: 100, changed_products: 200, ..Workload::default() };
        assert_eq!(workload.floor(Catalog::V1), 100 + 1 + 1 + 2 + 3);
        let all = Workload {
            products: 10_000,
            up: 5_000,
            down: 5_000,
            changed_products: 10_000,
            ..Workload::default()
        };
        assert_eq!(all.floor(Catalog::V1), 100 + 17 + 17 + 100 + 3);
        assert_eq!(Workload { products: 101, ..Workload::default() }.floor(Catalog::V1), 2 + 3);
    }

    #[test]
    fn variants_of_a_product_are_read_and_verified_together() {
        let workload =
            Workload { products: 2_000, up: 100, down: 100, changed_products: 200, ..Workload::default() };
        assert_eq!(workload.floor(Catalog::V1), 20 + 1 + 1 + 2 + 3);
    }

    #[test]
    fn on_v3_a_thousand_items_are_a_page_and_a_write() {
        let workload = Workload { items: 10_000, up: 100, down: 100, ..Workload::default() };
        assert_eq!(workload.floor(Catalog::V3), 10 + 1 + 3);
        let all = Workload { up: 5_000, down: 5_000, ..workload };
        assert_eq!(all.floor(Catalog::V3), 10 + 10 + 3);
    }

    #[test]
    fn nothing_to_do_still_asks() {
        assert_eq!(Workload::default().floor(Catalog::V1), 3);
    }
}
