//! An apply sends exactly the saved plan, or less of it.

use std::collections::BTreeSet;

use domain::plan::recheck::{NotStale, Rechecked, Stale, StaleCode, recheck};
use domain::plan::{Change, Plan};
use domain::{InventoryItemId, LineState, Listing, SkipReason, Target};
use proptest::collection::vec;
use proptest::prelude::*;

use super::support::plan_input::{PlanInput, plan_input};
use super::support::shop::{any_level, level, listing};
use super::support::sku::{sku, text};
use super::support::some_cases;
use super::support::{naive, warehouse};

/// A change of a listing between plan and apply.
#[derive(Debug, Clone)]
enum Event {
    Nothing,
    Sold(i64),
    Shows(domain::Level),
    LevelUnknown,
    Tracked(bool),
    Renamed(Option<std::sync::Arc<str>>),
    OtherItem,
    Gone,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        5 => Just(Event::Nothing),
        4 => (-3..4_i64).prop_map(Event::Sold),
        2 => any_level().prop_map(Event::Shows),
        1 => Just(Event::LevelUnknown),
        1 => any::<bool>().prop_map(Event::Tracked),
        1 => prop::option::of(text()).prop_map(Event::Renamed),
        1 => Just(Event::OtherItem),
        1 => Just(Event::Gone),
    ]
}

fn after(listings: &[Listing], events: &[Event]) -> Vec<Listing> {
    let mut now = Vec::new();
    for (old, event) in listings.iter().zip(events.iter().cycle()) {
        let mut new = old.clone();
        match event {
            Event::Nothing => {}
            Event::Sold(units) => {
                let sold = old.level.and_then(|old| domain::Level::new(old.units() - units));
                new.level = sold.or(old.level);
            }
            Event::Shows(level) => new.level = Some(*level),
            Event::LevelUnknown => new.level = None,
            Event::Tracked(tracked) => new.tracked = *tracked,
            Event::Renamed(text) => new.sku = text.as_ref().map(|text| sku(text)),
            Event::OtherItem => new.inventory_item = InventoryItemId::new("another"),
            Event::Gone => continue,
        }
        now.push(new);
    }
    now
}

/// A saved plan, the current shop, and a new plan from it. The warehouse is often unchanged.
fn saved_and_fresh() -> impl Strategy<Value = (Vec<Change>, Vec<Listing>, Plan)> {
    let rows = prop_oneof![2 => Just(None), 1 => warehouse::rows().prop_map(Some)];
    (plan_input(), vec(event(), 1..40), rows).prop_map(|(input, events, rows)| {
        let saved = input.plan().changes;
        let listings = after(&input.listings, &events);
        let rows = rows.unwrap_or_else(|| input.rows.clone());
        let now = PlanInput { rows, listings: listings.clone(), ..input };
        (saved, listings, now.plan())
    })
}

/// The design's condition for a line that still holds.
fn same_or_less(old: &Change, new: &Change) -> bool {
    old.key == new.key
        && old.inventory_item == new.inventory_item
        && old.sku == new.sku
        && old.target == new.target
        && (old.delta.units() > 0) == (new.delta.units() > 0)
        && new.delta.units().abs() <= old.delta.units().abs()
}

fn positions(result: &Rechecked) -> Vec<usize> {
    let holding = result.holding.iter().map(|(at, _)| *at);
    holding.chain(result.stale.iter().map(|(at, _)| *at)).collect()
}

fn any_stale() -> impl Strategy<Value = Stale> {
    let target = || (0..=99_999_u32).prop_map(|units| Target::new(units).unwrap());
    prop_oneof![
        Just(Stale::Reached),
        Just(Stale::ListingChanged),
        (target(), target()).prop_map(|(planned, now)| Stale::TargetChanged { planned, now }),
        (any_level(), any_level()).prop_map(|(planned, now)| Stale::LevelMoved { planned, now }),
        prop::sample::select(SkipReason::ALL.to_vec()).prop_map(|why| Stale::LeftAloneNow { why }),
    ]
}

proptest! {
    #![proptest_config(some_cases())]

    #[test]
    fn a_held_line_does_the_saved_thing_or_less((saved, listings, fresh) in saved_and_fresh()) {
        for (at, new) in recheck(&saved, &fresh, &listings).holding {
            prop_assert!(same_or_less(&saved[at], &new), "{:?} became {new:?}", saved[at]);
            prop_assert!(fresh.changes.contains(&new), "{new:?} is not what the fresh read asks for");
        }
    }

    #[test]
    fn every_saved_line_ends_in_one_list((saved, listings, fresh) in saved_and_fresh()) {
        let result = recheck(&saved, &fresh, &listings);
        let positions = positions(&result);
        prop_assert_eq!(positions.len(), saved.len());
        prop_assert_eq!(positions.into_iter().collect::<BTreeSet<_>>(), (0..saved.len()).collect());
        prop_assert!(result.holding.is_sorted_by_key(|(at, _)| *at));
        prop_assert!(result.stale.is_sorted_by_key(|(at, _)| *at));
    }

    #[test]
    fn the_list_is_the_right_one((saved, listings, fresh) in saved_and_fresh()) {
        let result = recheck(&saved, &fresh, &listings);
        for (at, old) in saved.iter().enumerate() {
            let new = fresh.changes.iter().find(|new| new.key == old.key);
            let held = result.holding.iter().any(|(held, _)| *held == at);
            prop_assert_eq!(held, new.is_some_and(|new| same_or_less(old, new)), "{:?} now {:?}", old, new);
            let now = listings.iter().find(|listing| listing.key == old.key);
            let shows_it = now.is_some_and(|now| {
                now.sku.as_ref() == Some(&old.sku) && now.level == Some(level(old.target.units()))
            });
            let why = result.stale.iter().find(|(stale, _)| *stale == at).map(|(_, why)| *why);
            let reached = why == Some(Stale::Reached);
            prop_assert_eq!(reached, new.is_none() && shows_it, "{:?} now {:?}", old, now);
            match why {
                None | Some(Stale::Reached) => {}
                Some(Stale::TargetChanged { planned, now }) => {
                    prop_assert_eq!(planned, old.target);
                    prop_assert_ne!(planned, now);
                    prop_assert!(new.is_none_or(|new| new.target == now));
                }
                Some(Stale::LevelMoved { planned, now }) => {
                    prop_assert_eq!(planned, old.level);
                    prop_assert_ne!(planned, now);
                    prop_assert!(new.is_some_and(|new| new.level == now && new.target == old.target));
                }
                Some(Stale::ListingChanged) => {
                    let is_own = |now: &Listing| {
                        now.sku.as_ref() == Some(&old.sku) && now.inventory_item == old.inventory_item
                    };
                    prop_assert!(!now.is_some_and(is_own), "{old:?} now {now:?}");
                }
                Some(Stale::LeftAloneNow { why }) => {
                    let skipped = |skip: &domain::plan::skip::Skip| *skip.sku == *old.sku.as_str() && skip.reason == why;
                    prop_assert!(fresh.skips.iter().any(skipped), "{old:?}: {why}");
                }
            }
        }
    }

    #[test]
    fn a_reason_that_the_journal_keeps_comes_back(why in any_stale()) {
        prop_assert_eq!(why.to_string().parse::<Stale>(), Ok(why));
        let kept = why.to_string();
        prop_assert_eq!(Stale::of_line(LineState::SkippedInApply, Some(&kept)), Some(why));
        prop_assert_eq!(Stale::of_line(LineState::Rejected, Some(&kept)), None, "Wix's own words are no code");
    }

    #[test]
    fn other_texts_are_no_reason(text: String, why in any_stale()) {
        prop_assume!(StaleCode::ALL.iter().all(|code| !text.starts_with(code.code())));
        prop_assert_eq!(text.parse::<Stale>(), Err(NotStale(text)));
        let longer = format!("{why}: 1");
        prop_assert!(longer.parse::<Stale>().is_err(), "{longer}");
    }

    #[test]
    fn a_plan_that_is_applied_at_once_holds_in_full(input in plan_input()) {
        let plan = input.plan();
        let result = recheck(&plan.changes, &plan, &input.listings);
        prop_assert_eq!(result.holding, plan.changes.into_iter().enumerate().collect::<Vec<_>>());
        prop_assert!(result.stale.is_empty());
    }

    #[test]
    fn a_plan_that_was_applied_already_is_reached_in_full(input in plan_input()) {
        let plan = input.plan();
        let mut listings = input.listings.clone();
        for now in &mut listings {
            if let Some(change) = plan.changes.iter().find(|change| change.key == now.key) {
                now.level = Some(level(change.target.units()));
            }
        }
        let fresh = PlanInput { listings: listings.clone(), ..input }.plan();
        let result = recheck(&plan.changes, &fresh, &listings);
        let all = (0..plan.changes.len()).map(|at| (at, Stale::Reached));
        prop_assert_eq!(result.stale, all.collect::<Vec<_>>());
        prop_assert!(result.holding.is_empty());
    }
}

/// One saved line, and one difference when it is applied.
#[test]
fn each_condition_of_a_holding_line_counts() {
    let plan_of = |old: &Listing, stock: i64| {
        let stock = domain::Stock::explicit(
            old.sku.clone().into_iter().map(|sku| (sku, rust_decimal::Decimal::from(stock))),
        );
        let listings = vec![old.clone()];
        let plan = Plan::make(&stock, &listings, domain::Policy::default(), &domain::Scope::All);
        (plan, listings)
    };
    let shown = |units| listing(0, Some("A"), true, Some(level(units)));
    let (saved, _) = plan_of(&shown(10), 4);
    let why = |listing: &Listing, stock| {
        let (fresh, listings) = plan_of(listing, stock);
        let result = recheck(&saved.changes, &fresh, &listings);
        assert_eq!(result.holding.len() + result.stale.len(), 1);
        result.stale.first().map(|(_, why)| why.to_string())
    };
    let stale = |text: &str| Some(text.to_owned());
    assert_eq!(why(&shown(10), 4), None, "nothing changed");
    assert_eq!(why(&shown(9), 4), None, "one sold: less is taken");
    assert_eq!(why(&shown(5), 4), None);
    assert_eq!(why(&shown(4), 4), stale("reached"));
    assert_eq!(why(&shown(3), 4), stale("level_moved: 10 -> 3"), "another sign");
    assert_eq!(why(&shown(11), 4), stale("level_moved: 10 -> 11"), "a larger delta");
    assert_eq!(why(&shown(10), 5), stale("target_changed: 4 -> 5"));
    assert_eq!(why(&shown(5), 5), stale("target_changed: 4 -> 5"), "in step with the other target");
    assert_eq!(
        why(&listing(0, Some("B"), true, Some(level(10))), 4),
        stale("listing_changed"),
        "another SKU"
    );
    assert_eq!(why(&listing(0, Some("B"), true, Some(level(4))), 4), stale("listing_changed"), "it shows it");
    assert_eq!(
        why(&listing(1, Some("A"), true, Some(level(10))), 4),
        stale("listing_changed"),
        "another listing"
    );
    assert_eq!(why(&listing(0, Some("A"), false, Some(level(10))), 4), stale("left_alone_now: untracked"));
    assert_eq!(why(&listing(0, Some("A"), true, None), 4), stale("left_alone_now: level_unknown"));
    let other_item = Listing { inventory_item: InventoryItemId::new("another"), ..shown(10) };
    assert_eq!(why(&other_item, 4), stale("listing_changed"), "another inventory item");
    assert!(naive::listings_of("A", &[shown(10)]).len() == 1);
}
