//! The seeds of the normal test run.

use std::time::Duration;

use simulation::{Fault, Profile, Quirks, Rates, Series, play, run_seeds};

/// Seeds of the normal test run.
const SEEDS: u64 = 2_000;

/// What only a shop with revisions does.
const OF_REVISIONS: [Fault; 3] = [Fault::RowsUnnamed, Fault::SilentSuccess, Fault::FailuresCounted];

#[test]
fn no_seed_breaks_a_rule() {
    let summary = run_seeds(Series::V1, 0, SEEDS, &|| Duration::ZERO);
    assert!(summary.failed.is_empty(), "{summary}");
}

#[test]
fn no_seed_breaks_a_rule_of_a_shop_with_revisions() {
    let summary = run_seeds(Series::V3, 0, SEEDS, &|| Duration::ZERO);
    assert!(summary.failed.is_empty(), "{summary}");
    let of_revisions = |fault: &Fault| OF_REVISIONS.contains(fault);
    let struck = summary.faults.iter().filter(|(fault, times, _)| of_revisions(fault) && *times > 0);
    assert_eq!(struck.count(), OF_REVISIONS.len(), "{summary}");
    let by_changes = "read: changes since fewest_requests";
    assert!(summary.outcomes.contains_key(by_changes), "no run read changes: {summary}");
}

#[test]
fn no_seed_breaks_a_rule_of_a_shop_that_moves() {
    let summary = run_seeds(Series::Move, 0, SEEDS, &|| Duration::ZERO);
    assert!(summary.failed.is_empty(), "{summary}");
    assert!(summary.faults.iter().any(|(fault, times, _)| *fault == Fault::CatalogMoved && *times > 0));
    let moved = "read: crawl since catalog_changed";
    assert!(summary.outcomes.contains_key(moved), "no run found another catalog: {summary}");
}

#[test]
fn every_fault_strikes_and_every_end_is_seen() {
    let summary = run_seeds(Series::V1, 500_000, 1_000, &|| Duration::ZERO);
    let never: Vec<Fault> = summary
        .faults
        .iter()
        .filter(|(fault, times, _)| {
            *times == 0 && !OF_REVISIONS.contains(fault) && *fault != Fault::CatalogMoved
        })
        .map(|(fault, ..)| *fault)
        .collect();
    assert!(never.is_empty(), "these never struck: {never:?}");
    for end in [
        "converged",
        "partial",
        "held_by_guard",
        "failed",
        "interrupted",
        "planned",
        "(joined)",
        "(refused)",
        "(stopped)",
        "(fenced)",
        "(state failed)",
        "(died)",
        "(accepted)",
        "(joined a task)",
        "(task) SUCCESS at attempt 1",
        "(task) SUCCESS at attempt 2",
        "(task) SUCCESS at attempt 3",
        "read: crawl since nothing_known",
        "read: crawl since crawl_is_due",
        "read: crawl since not_offered",
        "read: known_ids since fewest_requests",
        "read: sku_list since nothing_known",
    ] {
        assert!(summary.outcomes.contains_key(end), "no run ended {end}");
    }
}

/// A shop that does not report deletions makes the listing map wrong. The runs notice it and break no rule.
#[test]
fn a_listing_map_that_is_wrong_is_noticed() {
    let rates = Rates::none()
        .with(Fault::ProductDeleted, 20)
        .with(Fault::ListingRecreated, 20)
        .with(Fault::StaleRead, 200)
        .with(Fault::StaleLevels, 200);
    let mut ends = std::collections::BTreeMap::<String, u64>::new();
    for seed in 0..400 {
        let calm = Profile::calm(seed);
        let quirks = Quirks { deletion_touches_product: false, ..calm.quirks };
        let profile = Profile { rates: rates.clone(), quirks, runs: 4, listings: 9, ..calm };
        let result = play(profile, false);
        assert_eq!(result.violation, None, "seed {seed}");
        for (end, times) in result.outcomes {
            *ends.entry(end).or_default() += times;
        }
    }
    for end in ["read: crawl since counts_differ", "read: crawl since listings_differ"] {
        assert!(ends.contains_key(end), "no run ended {end}: {ends:?}");
    }
}

#[test]
fn a_seed_is_the_same_trace_byte_for_byte() {
    for seed in 600_000..600_060 {
        let (first, second) = (play(Profile::from_seed(seed), true), play(Profile::from_seed(seed), true));
        assert_eq!(first.trace, second.trace, "seed {seed}");
        let silent = play(Profile::from_seed(seed), false);
        assert_eq!((silent.steps, silent.yields), (first.steps, first.yields), "a trace changes nothing");
    }
}
