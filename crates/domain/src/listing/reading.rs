//! How to read a shop: the way that costs the fewest requests, or up to two more that go out side by side.

use serde::{Deserialize, Serialize};

use crate::code::coded;
use crate::count::count;
use crate::{Scope, UnixMillis};

coded! {
    /// A way to read the listings of a shop.
    ReadWay {
        /// Every product, page after page.
        Crawl = "crawl",
        /// The levels of products whose ids the listing map knows, and the products that changed since.
        KnownIds = "known_ids",
        /// The levels that the listing map remembers, and the inventory items that changed since.
        Changes = "changes",
        /// The listings of the SKUs that the run is about.
        SkuList = "sku_list",
    }
}

coded! {
    /// Why a shop is read the way it is.
    ReadReason {
        /// No other way costs fewer requests.
        FewestRequests = "fewest_requests",
        /// Its requests go out side by side: up to two more than another way takes, in less time.
        ReadInParallel = "read_in_parallel",
        /// No listing map is kept of this shop yet.
        NothingKnown = "nothing_known",
        /// The listing map was made of another site.
        OtherSite = "other_site",
        /// The site has moved to another catalog since the listing map was made.
        CatalogChanged = "catalog_changed",
        /// The last whole read is a day old.
        CrawlIsDue = "crawl_is_due",
        /// The shop has more or fewer products than the listing map explains.
        CountsDiffer = "counts_differ",
        /// The shop keeps levels of other variants than the listing map knows.
        ListingsDiffer = "listings_differ",
        /// So many products have changed that reading them all costs less.
        ManyChanges = "many_changes",
        /// The shop does not answer the question that would cost less.
        NotOffered = "not_offered",
    }
}

/// A way of reading, why, and what it should cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReadChoice {
    /// The way.
    pub way: ReadWay,
    /// Why this one.
    pub reason: ReadReason,
    /// Requests that the read should take; `null` where the size of the shop is not known.
    #[cfg_attr(feature = "schema", schema(required))]
    pub expected_requests: Option<u64>,
}

/// A whole read is made at least this often, in milliseconds.
pub const CRAWL_EVERY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Without any idea of a shop's size, so many SKUs are asked for one by one rather than all products.
const FEW_SKUS: u64 = 1_000;
/// Reads by known ids go out eight at a time, a crawl is serial: for that they may cost so many requests more.
const WORTH_IN_PARALLEL: u64 = 2;
/// What the listing map knows, as far as the choice goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Whether it was made of the site that is to be read.
    pub same_site: bool,
    /// Whether the site had the catalog then that it has now.
    pub same_catalog: bool,
    /// When the last whole read began.
    pub crawled_at: UnixMillis,
    /// Products of the shop; inventory items where the shop is read by items.
    pub products: u64,
    /// Products to be read for this run.
    pub wanted: u64,
}

/// What one way of reading costs in a shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WayCost {
    /// Requests that it takes however much is read.
    pub fixed: u64,
    /// Entries that are asked for together: a page.
    pub page: u64,
    /// Requests for each page.
    pub per_page: u64,
    /// Pages that are read side by side.
    pub at_once: u64,
}

impl WayCost {
    fn pages(&self, entries: u64) -> u64 {
        entries.div_ceil(self.page.max(1))
    }

    /// Requests for so many entries.
    #[must_use]
    pub fn requests(&self, entries: u64) -> u64 {
        self.fixed.saturating_add(self.per_page.saturating_mul(self.pages(entries)))
    }

    /// How often one has to wait for an answer before the next request can go out.
    fn turns(&self, entries: u64) -> u64 {
        self.fixed
            .saturating_add(self.per_page.saturating_mul(self.pages(entries).div_ceil(self.at_once.max(1))))
    }
}

/// What the ways of reading cost in a shop. The shop's adapter says so: it knows the limits of its catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadCosts {
    /// By products of the shop. An empty shop has one page too.
    pub crawl: WayCost,
    /// By products that are wanted.
    pub known_ids: WayCost,
    /// By inventory items that changed; `None` in a catalog that does not tell them. Then levels are remembered.
    pub changes: Option<WayCost>,
    /// By SKUs.
    pub sku_list: WayCost,
}

impl ReadCosts {
    fn of_crawl(&self, products: u64) -> u64 {
        self.crawl.requests(products.max(1))
    }

    /// Whether known ids are worth it against a crawl: fewer requests, or a few more that do not wait for each
    /// other.
    fn known_ids_pay(&self, known: &Known) -> bool {
        let (ids, crawl) = (self.known_ids.requests(known.wanted), self.of_crawl(known.products));
        ids < crawl || (ids <= crawl + WORTH_IN_PARALLEL && self.known_ids.turns(known.wanted) < crawl)
    }
}

/// Chooses the way to read a shop for `scope` at `now`.
#[must_use]
pub fn choose(scope: &Scope, known: Option<&Known>, costs: &ReadCosts, now: UnixMillis) -> ReadChoice {
    let skus = match scope {
        Scope::All => None,
        Scope::Skus(skus) => Some(count(skus.len())),
    };
    let unusable = match known {
        None => Some(ReadReason::NothingKnown),
        Some(known) if !known.same_site => Some(ReadReason::OtherSite),
        Some(known) if !known.same_catalog => Some(ReadReason::CatalogChanged),
        // A clock that was turned back says nothing about the age.
        Some(known) if !(0..CRAWL_EVERY_MS).contains(&(now - known.crawled_at)) => {
            Some(ReadReason::CrawlIsDue)
        }
        Some(_) => None,
    };
    if let Some(reason) = unusable {
        let products =
            known.filter(|known| known.same_site && known.same_catalog).map(|known| known.products);
        return without_ids(costs, skus, products, reason);
    }
    // `unusable` is `None` only where something is known.
    let Some(known) = known else { return without_ids(costs, skus, None, ReadReason::NothingKnown) };
    let best = without_ids(costs, skus, Some(known.products), ReadReason::FewestRequests);
    if let Some(changes) = costs.changes {
        // How much has changed is not known before it is read; a page is usual.
        let requests = changes.requests(1);
        let is_more = best.expected_requests.is_some_and(|other| requests >= other);
        let changes = chosen(ReadWay::Changes, ReadReason::FewestRequests, Some(requests));
        return if is_more { best } else { changes };
    }
    let ids = costs.known_ids.requests(known.wanted);
    let ids_win = match best.way {
        ReadWay::Crawl => costs.known_ids_pay(known),
        _ => best.expected_requests.is_none_or(|other| ids <= other),
    };
    if !ids_win {
        return best;
    }
    let more = best.expected_requests.is_some_and(|other| ids > other);
    let reason = if more { ReadReason::ReadInParallel } else { ReadReason::FewestRequests };
    chosen(ReadWay::KnownIds, reason, Some(ids))
}

/// The choice between asking for SKUs and reading everything.
fn without_ids(
    costs: &ReadCosts,
    skus: Option<u64>,
    products: Option<u64>,
    reason: ReadReason,
) -> ReadChoice {
    let crawl = products.map(|products| costs.of_crawl(products));
    match skus {
        Some(skus) if crawl.map_or(skus <= FEW_SKUS, |crawl| costs.sku_list.requests(skus) < crawl) => {
            chosen(ReadWay::SkuList, reason, Some(costs.sku_list.requests(skus)))
        }
        _ => chosen(ReadWay::Crawl, reason, crawl),
    }
}

fn chosen(way: ReadWay, reason: ReadReason, expected_requests: Option<u64>) -> ReadChoice {
    ReadChoice { way, reason, expected_requests }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sku;

    const NOW: UnixMillis = 1_000 * CRAWL_EVERY_MS;

    /// Those of a catalog with 100 products a page.
    const COSTS: ReadCosts = ReadCosts {
        crawl: WayCost { fixed: 1, page: 100, per_page: 1, at_once: 1 },
        known_ids: WayCost { fixed: 2, page: 100, per_page: 1, at_once: 8 },
        changes: None,
        sku_list: WayCost { fixed: 1, page: 100, per_page: 3, at_once: 1 },
    };

    fn known(products: u64, wanted: u64) -> Known {
        Known { same_site: true, same_catalog: true, crawled_at: NOW - 3_600_000, products, wanted }
    }

    fn skus(n: u64) -> Scope {
        Scope::Skus((0..n).map(|n| Sku::parse(&n.to_string()).unwrap()).collect())
    }

    fn of(scope: &Scope, known: Option<Known>) -> (ReadWay, ReadReason, Option<u64>) {
        let choice = choose(scope, known.as_ref(), &COSTS, NOW);
        (choice.way, choice.reason, choice.expected_requests)
    }

    #[test]
    fn a_shop_of_which_nothing_is_known_is_read_whole_or_by_a_few_skus() {
        assert_eq!(of(&Scope::All, None), (ReadWay::Crawl, ReadReason::NothingKnown, None));
        assert_eq!(of(&skus(5), None), (ReadWay::SkuList, ReadReason::NothingKnown, Some(4)));
        assert_eq!(of(&skus(1_001), None), (ReadWay::Crawl, ReadReason::NothingKnown, None));
    }

    #[test]
    fn known_ids_are_read_in_parallel() {
        let choice = of(&Scope::All, Some(known(10_000, 10_000)));
        assert_eq!(choice, (ReadWay::KnownIds, ReadReason::ReadInParallel, Some(102)), "a crawl takes 101");
        let few = of(&skus(5), Some(known(10_000, 5)));
        assert_eq!(few, (ReadWay::KnownIds, ReadReason::FewestRequests, Some(3)));
    }

    #[test]
    fn a_small_shop_is_read_whole() {
        assert_eq!(of(&Scope::All, Some(known(90, 90))).0, ReadWay::Crawl);
        assert_eq!(of(&Scope::All, Some(known(90, 90))).2, Some(2));
        assert_eq!(of(&skus(3), Some(known(90, 3))).0, ReadWay::Crawl);
    }

    #[test]
    fn a_map_that_is_old_or_of_another_site_is_not_used() {
        let old = Known { crawled_at: NOW - CRAWL_EVERY_MS, ..known(10_000, 10_000) };
        assert_eq!(of(&Scope::All, Some(old)), (ReadWay::Crawl, ReadReason::CrawlIsDue, Some(101)));
        let ahead = Known { crawled_at: NOW + 1, ..known(10_000, 10_000) };
        assert_eq!(of(&Scope::All, Some(ahead)).1, ReadReason::CrawlIsDue);
        let other = Known { same_site: false, ..known(10_000, 10_000) };
        assert_eq!(of(&Scope::All, Some(other)), (ReadWay::Crawl, ReadReason::OtherSite, None));
        assert_eq!(of(&skus(5), Some(old)), (ReadWay::SkuList, ReadReason::CrawlIsDue, Some(4)));
    }

    #[test]
    fn a_site_that_has_moved_is_read_whole() {
        let moved = Known { same_catalog: false, ..known(10_000, 10_000) };
        assert_eq!(of(&Scope::All, Some(moved)), (ReadWay::Crawl, ReadReason::CatalogChanged, None));
    }

    #[test]
    fn where_changes_are_told_only_they_are_read_unless_the_shop_is_small() {
        let costs = ReadCosts {
            crawl: WayCost { fixed: 3, page: 1_000, per_page: 1, at_once: 1 },
            changes: Some(WayCost { fixed: 2, page: 1_000, per_page: 2, at_once: 1 }),
            sku_list: WayCost { fixed: 2, page: 50, per_page: 2, at_once: 1 },
            ..COSTS
        };
        let way = |scope: &Scope, products| choose(scope, Some(&known(products, 0)), &costs, NOW).way;
        assert_eq!(way(&Scope::All, 1_000), ReadWay::Crawl, "four requests either way");
        assert_eq!(way(&Scope::All, 1_001), ReadWay::Changes);
        assert_eq!(way(&skus(50), 1_000_000), ReadWay::SkuList, "as many requests, and fresh levels");
        assert_eq!(way(&skus(51), 1_000_000), ReadWay::Changes);
        let old = Known { crawled_at: NOW - CRAWL_EVERY_MS, ..known(1_000_000, 0) };
        assert_eq!(choose(&Scope::All, Some(&old), &costs, NOW).way, ReadWay::Crawl);
    }

    #[test]
    fn the_expected_cost_is_never_above_the_other_ways_by_more_than_parallel_reads_are_worth() {
        for products in [1, 99, 100, 101, 350, 1_000, 10_000, 100_000] {
            for wanted in [0, 1, 5, 100, products / 2, products] {
                let choice = choose(&Scope::All, Some(&known(products, wanted)), &COSTS, NOW);
                let crawl = 1 + products.div_ceil(100);
                let cost = choice.expected_requests.unwrap();
                assert!(cost <= crawl + WORTH_IN_PARALLEL, "{products} {wanted}: {choice:?}");
                assert_eq!(
                    choice.reason == ReadReason::ReadInParallel,
                    cost > crawl,
                    "{products} {wanted}: {choice:?}"
                );
                assert!(cost <= 2 + wanted.div_ceil(100) || choice.way == ReadWay::Crawl);
            }
        }
    }
}
