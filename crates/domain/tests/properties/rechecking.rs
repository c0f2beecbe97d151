//! An apply sends exactly the saved plan, or less of it.

use std::collections::BTreeSet;

use domain::plan::{Change, Plan};
use domain::recheck::{Rechecked, recheck};
use domain::{InventoryItemId, Listing};
use proptest::collection::vec;
use proptest::prelude::*;

use super::support::shop::{any_level, level, listing};
use super::support::sku::{sku, text};
use super::support::some_cases;
use super::support::world::{World, world};
use super::support::{naive, warehouse};

/// What may happen to a listing between plan and apply.
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

/// A saved plan, the shop of the moment, and the fresh plan from it; the warehouse often unchanged.
fn saved_and_fresh() -> impl Strategy<Value = (Vec<Change>, Vec<Listing>, Plan)> {
    let rows = prop_oneof![2 => Just(None), 1 => warehouse::rows().prop_map(Some)];
    (world(), vec(event(), 1..40), rows).prop_map(|(world, events, rows)| {
        let saved = world.plan().changes;
        let listings = after(&world.listings, &events);
        let rows = rows.unwrap_or_else(|| world.rows.clone());
        let now = World { rows, listings: listings.clone(), ..world };
        (saved, listings, now.plan())
    })
}

/// The design's sentence about a line that holds.
fn same_or_less(old: &Change, new: &Change) -> bool {
    old.key == new.key
        && old.inventory_item == new.inventory_item
        && old.sku == new.sku
        && old.target == new.target
        && (old.delta.units() > 0) == (new.delta.units() > 0)
        && new.delta.units().abs() <= old.delta.units().abs()
}

fn positions(result: &Rechecked) -> Vec<usize> {
    let holding = result.holding.iter().map(|(at, _)| at);
    holding.chain(&result.reached).chain(&result.stale).copied().collect()
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
        prop_assert!(result.reached.is_sorted() && result.stale.is_sorted());
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
            prop_assert_eq!(result.reached.contains(&at), new.is_none() && shows_it, "{:?} now {:?}", old, now);
        }
    }

    #[test]
    fn a_plan_that_is_applied_at_once_holds_in_full(world in world()) {
        let plan = world.plan();
        let result = recheck(&plan.changes, &plan, &world.listings);
        prop_assert_eq!(result.holding, plan.changes.into_iter().enumerate().collect::<Vec<_>>());
        prop_assert!(result.reached.is_empty() && result.stale.is_empty());
    }

    #[test]
    fn a_plan_that_was_applied_already_is_reached_in_full(world in world()) {
        let plan = world.plan();
        let mut listings = world.listings.clone();
        for now in &mut listings {
            if let Some(change) = plan.changes.iter().find(|change| change.key == now.key) {
                now.level = Some(level(change.target.units()));
            }
        }
        let fresh = World { listings: listings.clone(), ..world }.plan();
        let result = recheck(&plan.changes, &fresh, &listings);
        prop_assert_eq!(result.reached, (0..plan.changes.len()).collect::<Vec<_>>());
        prop_assert!(result.holding.is_empty() && result.stale.is_empty());
    }
}

/// One saved line, and one thing that differs when it is applied.
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
    let lists = |listing: &Listing, stock| {
        let (fresh, listings) = plan_of(listing, stock);
        let result = recheck(&saved.changes, &fresh, &listings);
        (result.holding.len(), result.reached.len(), result.stale.len())
    };
    assert_eq!(lists(&shown(10), 4), (1, 0, 0), "nothing changed");
    assert_eq!(lists(&shown(9), 4), (1, 0, 0), "one sold: less is taken");
    assert_eq!(lists(&shown(5), 4), (1, 0, 0));
    assert_eq!(lists(&shown(4), 4), (0, 1, 0), "there already");
    assert_eq!(lists(&shown(3), 4), (0, 0, 1), "another sign");
    assert_eq!(lists(&shown(11), 4), (0, 0, 1), "a larger delta");
    assert_eq!(lists(&shown(10), 5), (0, 0, 1), "another target");
    assert_eq!(lists(&listing(0, Some("B"), true, Some(level(10))), 4), (0, 0, 1), "another SKU");
    assert_eq!(lists(&listing(0, Some("B"), true, Some(level(4))), 4), (0, 0, 1), "another SKU shows it");
    assert_eq!(lists(&listing(1, Some("A"), true, Some(level(10))), 4), (0, 0, 1), "another listing");
    assert_eq!(lists(&listing(0, Some("A"), false, Some(level(10))), 4), (0, 0, 1), "not tracked any more");
    assert_eq!(lists(&listing(0, Some("A"), true, None), 4), (0, 0, 1), "level unknown");
    let other_item = Listing { inventory_item: InventoryItemId::new("another"), ..shown(10) };
    assert_eq!(lists(&other_item, 4), (0, 0, 1), "another inventory item");
    assert!(naive::standing_on("A", &[shown(10)]).len() == 1);
}
