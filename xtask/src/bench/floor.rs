//! The floor: how many requests a run needs at least, by what Wix takes and gives in one.

/// Products in one page of a read.
const PAGE: u64 = 100;
/// Entries in one write.
const ENTRIES: u64 = 300;
/// What a run may ask beside its reads and writes: the version of the catalog, what has changed in it since.
const BESIDES: u64 = 3;

/// What a run has to do, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Demand {
    /// Products whose levels have to be read.
    pub(super) products: u64,
    /// Listings to raise.
    pub(super) up: u64,
    /// Listings to lower.
    pub(super) down: u64,
    /// Products on which those listings stand.
    pub(super) changed_products: u64,
}

impl Demand {
    /// ⌈products / 100⌉ reads, ⌈up / 300⌉ + ⌈down / 300⌉ writes, ⌈changed products / 100⌉ reads to verify, and 3
    /// beside them.
    pub(super) fn floor(&self) -> u64 {
        self.products.div_ceil(PAGE)
            + self.up.div_ceil(ENTRIES)
            + self.down.div_ceil(ENTRIES)
            + self.changed_products.div_ceil(PAGE)
            + BESIDES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_rounded_up_by_itself() {
        let demand = Demand { products: 10_000, up: 100, down: 100, changed_products: 200 };
        assert_eq!(demand.floor(), 100 + 1 + 1 + 2 + 3);
        let all = Demand { products: 10_000, up: 5_000, down: 5_000, changed_products: 10_000 };
        assert_eq!(all.floor(), 100 + 17 + 17 + 100 + 3);
        assert_eq!(Demand { products: 101, ..Demand::default() }.floor(), 2 + 3);
    }

    #[test]
    fn variants_of_a_product_are_read_and_verified_together() {
        let demand = Demand { products: 2_000, up: 100, down: 100, changed_products: 200 };
        assert_eq!(demand.floor(), 20 + 1 + 1 + 2 + 3);
    }

    #[test]
    fn nothing_to_do_still_asks() {
        assert_eq!(Demand::default().floor(), 3);
    }
}
