//! Saved values are read back unchanged. Damaged values are refused.

use domain::listing::reading::{ReadReason, ReadWay};
use domain::plan::Note;
use domain::plan::guard::{Trip, TripCode};
use domain::plan::recheck::{Stale, StaleLine};
use domain::plan::skip::Skip;
use domain::plan::{Change, Facts};
use domain::run::report::{Counters, LineError};
use domain::run::{FailedAt, Failure};
use domain::write::another_writer::AnotherWriter;
use domain::{
    Delta, InventoryItemId, Level, Line, LineState, ListingKey, Outcome, Policy, ProductId, ReadChoice,
    RunId, RunKind, RunSummary, Scope, ShopName, SkipReason, Sku, SoldOut, Target, VariantId,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::{option, sample};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::support::plan_input::{plan_input, policy, scope};
use super::support::some_cases;

fn saved<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

fn trips() -> impl Strategy<Value = Vec<Trip>> {
    let trip = (sample::select(TripCode::ALL.to_vec()), any::<u64>(), any::<u64>());
    vec(trip.prop_map(|(code, found, of)| Trip { code, found, of }), 0..3)
}

fn failure() -> impl Strategy<Value = Option<Failure>> {
    let failure = (sample::select(FailedAt::ALL.to_vec()), any::<String>(), any::<String>());
    option::of(failure.prop_map(|(at, code, detail)| Failure { at, code, detail }))
}

fn facts() -> impl Strategy<Value = Facts> {
    any::<[u64; 18]>().prop_map(|n| Facts {
        warehouse_skus: n[0],
        stock_rows: n[15],
        with_stock: n[1],
        sold_out: n[2],
        found_with_stock: n[3],
        found: n[4],
        comparable: n[16],
        listings: n[5],
        listings_without_sku: n[6],
        in_step: n[7],
        matched: n[8],
        showing: n[9],
        to_zero: n[10],
        back_on_sale: n[17],
        units_shown: n[11],
        units_taken: n[12],
        units_added: n[13],
        rising: n[14],
    })
}

type Plain = (RunId, ShopName, RunKind, bool, Outcome, String);

fn plain() -> impl Strategy<Value = Plain> {
    let kind = sample::select(RunKind::ALL.to_vec());
    let outcome = sample::select(Outcome::ALL.to_vec());
    (any::<String>(), any::<String>(), kind, any::<bool>(), outcome, any::<String>()).prop_map(
        |(run, shop, kind, dry_run, outcome, state)| {
            (RunId::new(&run), ShopName::new(&shop), kind, dry_run, outcome, state)
        },
    )
}

/// A line that an apply left out, for another reason with each `nth`.
fn left_out((nth, change): (usize, &Change)) -> StaleLine {
    let why = match nth % 5 {
        0 => Stale::Reached,
        1 => Stale::TargetChanged { planned: change.target, now: Target::MAX },
        2 => Stale::LevelMoved { planned: change.level, now: change.level },
        3 => Stale::ListingChanged,
        _ => Stale::LeftAloneNow { why: SkipReason::Held },
    };
    StaleLine { sku: change.sku.clone(), why }
}

fn summary() -> impl Strategy<Value = RunSummary> {
    let states = vec(sample::select(LineState::ALL.to_vec()), 0..20);
    (
        plain(),
        failure(),
        trips(),
        facts(),
        states,
        plan_input(),
        any::<[u64; 4]>(),
        any::<i64>(),
        any::<String>(),
    )
        .prop_map(|(plain, failure, trips, facts, states, input, numbers, finished_at, detail)| {
            let (run_id, shop, kind, dry_run, outcome, state) = plain;
            let plan = input.plan();
            let error = |change: &Change| LineError {
                sku: change.sku.clone(),
                state: LineState::Rejected,
                detail: detail.clone(),
            };
            RunSummary {
                run_id,
                shop,
                kind,
                dry_run,
                outcome,
                failure,
                trips,
                facts,
                counters: Counters::tally(states),
                another_writer: dry_run.then_some(AnotherWriter { lines: numbers[0], of: numbers[1] }),
                back_on_sale: numbers[3],
                skipped_total: numbers[0],
                skipped_new: dry_run.then_some(numbers[2]),
                near_misses_total: numbers[2],
                misspelled: Vec::new(),
                near_misses: Vec::new(),
                unmatched_warehouses: Vec::new(),
                errors: plan.changes.iter().map(error).collect(),
                stale: plan.changes.iter().enumerate().map(left_out).collect(),
                skipped_by_reason: plan.skips.iter().map(|skip| (skip.reason, numbers[1])).collect(),
                skipped: plan.skips,
                notes_total: numbers[2],
                notes: plan.notes,
                batches: numbers[1],
                requests: numbers[2],
                waited_ms: numbers[1],
                reading: dry_run.then_some(ReadChoice {
                    way: ReadWay::KnownIds,
                    reason: ReadReason::FewestRequests,
                    expected_requests: Some(numbers[3]),
                }),
                duration_ms: numbers[3],
                finished_at,
                state,
            }
        })
}

proptest! {
    #![proptest_config(some_cases())]

    #[test]
    fn a_plan_comes_back(input in plan_input()) {
        let plan = input.plan();
        for change in &plan.changes {
            prop_assert_eq!(&saved(change), change);
            let line = Line { seq: u32::MAX, retry_of: Some(7), is_copy: true, change: change.clone() };
            prop_assert_eq!(saved(&line), line);
        }
        for note in &plan.notes {
            let back: Note = saved(note);
            prop_assert_eq!(&back, note);
            prop_assert_eq!(back.stock.to_string(), note.stock.to_string(), "digit for digit");
        }
        for skip in &plan.skips {
            let back: Skip = saved(skip);
            prop_assert_eq!(&back, skip);
        }
        prop_assert_eq!(saved(&plan.facts), plan.facts);
    }

    #[test]
    fn a_summary_comes_back(summary in summary()) {
        prop_assert_eq!(saved(&summary), summary);
    }

    /// The run was saved by a version that did not record which lines an apply left out.
    #[test]
    fn an_older_summary_is_read(summary in summary()) {
        let mut older = serde_json::to_value(&summary).unwrap();
        let _ = older.as_object_mut().unwrap().remove("stale").unwrap();
        let read: RunSummary = serde_json::from_value(older).unwrap();
        prop_assert_eq!(read, RunSummary { stale: Vec::new(), ..summary });
    }

    #[test]
    fn rules_and_scopes_come_back(policy in policy(), scope in scope()) {
        prop_assert_eq!(saved(&policy), policy);
        prop_assert_eq!(saved(&scope), scope);
    }

    #[test]
    fn names_and_skus_keep_every_byte(text: String) {
        let run = RunId::new(&text);
        prop_assert_eq!(&saved(&run), &run);
        prop_assert_eq!(run.as_str(), &text);
        prop_assert_eq!(serde_json::to_value(ProductId::new(&text)).unwrap(), json!(&text));
        let sku = Sku::parse(&text);
        prop_assert_eq!(sku.is_err(), text.is_empty());
        if let Ok(sku) = sku {
            prop_assert_eq!(&saved(&sku), &sku);
            prop_assert_eq!(sku.as_str(), &text);
            prop_assert_eq!(sku.to_string(), text);
        }
    }
}

/// Databases of earlier versions contain these words, so a change here needs a migration.
#[test]
fn the_saved_form_does_not_drift() {
    let change = Change {
        revision: None,
        sku: Sku::parse("007 \"Я\"").unwrap(),
        key: ListingKey::new(ProductId::new("p"), VariantId::whole_product()),
        inventory_item: InventoryItemId::new("i"),
        level: Level::new(-2).unwrap(),
        target: Target::new(3).unwrap(),
        delta: Delta::new(5).unwrap(),
    };
    assert_eq!(
        serde_json::to_value(&change).unwrap(),
        json!({
            "sku": "007 \"Я\"",
            "key": {"product": "p", "variant": "00000000-0000-0000-0000-000000000000"},
            "inventory_item": "i",
            "level": -2,
            "target": 3,
            "delta": 5,
        })
    );
    assert_eq!(
        serde_json::to_value(Policy { sold_out: SoldOut::Ignore }).unwrap(),
        json!({"sold_out": "ignore"})
    );
    assert_eq!(serde_json::to_value(Scope::All).unwrap(), json!("all"));
    let two = Scope::Skus([Sku::parse("b").unwrap(), Sku::parse("a").unwrap()].into());
    assert_eq!(serde_json::to_value(two).unwrap(), json!({"skus": ["a", "b"]}));
}

#[test]
fn damaged_values_are_refused() {
    assert!(serde_json::from_value::<Sku>(json!("")).is_err());
    assert!(serde_json::from_value::<Delta>(json!(0)).is_err());
    for damaged in [json!(-1), json!(100_000), json!(1.5), json!(null)] {
        assert!(serde_json::from_value::<Target>(damaged.clone()).is_err(), "{damaged}");
    }
    for damaged in [json!(i64::from(i32::MAX) + 1), json!(i64::from(i32::MIN) - 1), json!("1")] {
        assert!(serde_json::from_value::<Level>(damaged.clone()).is_err(), "{damaged}");
    }
    assert!(serde_json::from_value::<Policy>(json!({})).is_err());
    assert!(serde_json::from_value::<Scope>(json!({"skus": ["a", ""]})).is_err());
}
