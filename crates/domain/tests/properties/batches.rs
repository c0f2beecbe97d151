//! Batches lose nothing, repeat nothing, and stay within the limit.

use std::collections::BTreeSet;

use domain::plan::Change;
use domain::write::batch;
use domain::write::batch::BatchTerms;
use domain::{Batch, Delta, Direction, InventoryItemId, Line, ListingKey, Target, WriteBatch};
use proptest::collection::vec;
use proptest::prelude::*;

use super::support::plan_input::plan_input;
use super::support::shop;
use super::support::sku::sku;
use super::support::some_cases;

pub(crate) fn line(seq: usize, units: i64) -> Line {
    let (from, to) = if units > 0 { (0, units) } else { (-units, 0) };
    Line {
        retry_of: None,
        is_copy: false,
        seq: u32::try_from(seq).unwrap(),
        change: Change {
            revision: None,
            sku: sku(&format!("S{seq}")),
            key: shop::key(seq),
            inventory_item: InventoryItemId::new(&format!("i{seq}")),
            level: shop::level(from),
            target: Target::new(u32::try_from(to).unwrap()).unwrap(),
            delta: Delta::new(units).unwrap(),
        },
    }
}

fn lines(signs: impl IntoIterator<Item = bool>) -> Vec<Line> {
    signs.into_iter().enumerate().map(|(seq, raises)| line(seq, if raises { 3 } else { -3 })).collect()
}

fn write_batch() -> impl Strategy<Value = WriteBatch> {
    prop_oneof![1..=4_u16, 1..=300_u16].prop_map(|entries| WriteBatch::new(entries).unwrap())
}

/// The batch terms of a shop that has one call for each direction.
fn one_way(limit: WriteBatch) -> BatchTerms {
    BatchTerms { most: usize::MAX, one_direction: true }.within(limit)
}

fn holds_all_promises(lines: &[Line], batches: &[Batch], limit: WriteBatch) {
    let sent: Vec<&Line> = batches.iter().flat_map(|batch| &batch.lines).collect();
    assert_eq!(sent, lines.iter().collect::<Vec<_>>(), "lost, doubled or out of order");
    for batch in batches {
        assert!((1..=limit.entries()).contains(&batch.lines.len()));
        assert!(batch.direction().is_some(), "two directions in one call");
        let keys: BTreeSet<_> = batch.lines.iter().map(|line| &line.change.key).collect();
        assert_eq!(keys.len(), batch.lines.len(), "a listing twice in one call");
    }
    for pair in batches.windows(2) {
        assert!(
            pair[0].direction() != pair[1].direction() || pair[0].lines.len() == limit.entries(),
            "a call more than needed"
        );
    }
}

proptest! {
    #![proptest_config(some_cases())]

    #[test]
    fn any_lines_are_cut_as_promised(signs in vec(any::<bool>(), 0..400), limit in write_batch()) {
        let lines = lines(signs);
        holds_all_promises(&lines, &batch::cut(lines.clone(), one_way(limit), &BTreeSet::new()), limit);
    }

    /// I8: what Wix left out goes out alone, after the other lines of its direction, as long as that costs few requests.
    #[test]
    fn what_was_left_out_goes_out_alone(
        raising in 0..60usize,
        lowering in 0..60usize,
        picked in vec(any::<bool>(), 120),
        limit in write_batch(),
    ) {
        let lines = lines((0..lowering + raising).map(|seq| seq >= lowering));
        let alone: BTreeSet<ListingKey> =
            lines.iter().zip(&picked).filter(|(_, picked)| **picked).map(|(line, _)| line.change.key.clone()).collect();
        let batches = batch::cut(lines.clone(), one_way(limit), &alone);
        let mut sent: Vec<Line> = batches.iter().flat_map(|batch| batch.lines.clone()).collect();
        let lone: Vec<&Line> =
            lines.iter().filter(|line| alone.contains(&line.change.key)).take(batch::MOST_ALONE).collect();
        for line in &lone {
            let batch = batches.iter().find(|batch| batch.lines.contains(line));
            prop_assert_eq!(batch.map(|batch| batch.lines.len()), Some(1));
        }
        let directions: Vec<_> = batches.iter().map(Batch::direction).collect();
        prop_assert!(directions.is_sorted_by_key(|way| *way == Some(Direction::Raise)), "a raise before a lowering");
        for batch in &batches {
            let after = batches.iter().skip_while(|one| one != &batch).filter(|one| one.direction() == batch.direction());
            let is_lone = |one: &Batch| one.lines.iter().any(|line| lone.contains(&line));
            prop_assert!(!is_lone(batch) || after.into_iter().all(is_lone), "others after a lone one");
        }
        let others = lines.iter().filter(|line| !lone.contains(line));
        let calls = |raises: bool| {
            others.clone().filter(|line| line.change.delta.raises() == raises).count().div_ceil(limit.entries())
        };
        prop_assert_eq!(batches.len(), lone.len() + calls(true) + calls(false));
        sent.sort_by_key(|line| line.seq);
        prop_assert_eq!(sent, lines);
    }

    #[test]
    fn a_plan_becomes_lowering_calls_and_then_raising_ones(input in plan_input(), limit in write_batch()) {
        let changes = input.plan().changes;
        let lines: Vec<_> =
            (0..).zip(changes).map(|(seq, change)| Line { seq, retry_of: None, is_copy: false, change }).collect();
        let batches = batch::cut(lines.clone(), one_way(limit), &BTreeSet::new());
        holds_all_promises(&lines, &batches, limit);

        let first_raise = batches.iter().position(|b| b.direction() == Some(Direction::Raise)).unwrap_or(batches.len());
        prop_assert!(batches[first_raise..].iter().all(|batch| batch.direction() == Some(Direction::Raise)));
        for direction in [Direction::Lower, Direction::Raise] {
            let targets = batches
                .iter()
                .filter(|batch| batch.direction() == Some(direction))
                .flat_map(|batch| batch.lines.iter().map(|line| line.change.target));
            prop_assert!(targets.is_sorted());
            let raises = direction == Direction::Raise;
            let lines = lines.iter().filter(|line| line.change.delta.raises() == raises).count();
            let calls = batches.iter().filter(|batch| batch.direction() == Some(direction)).count();
            prop_assert_eq!(calls, lines.div_ceil(limit.entries()));
        }
    }
}

#[test]
fn every_limit_is_kept() {
    let lines = lines((0..905).map(|seq| seq >= 302));
    for entries in 1..=300 {
        let limit = WriteBatch::new(entries).unwrap();
        holds_all_promises(&lines, &batch::cut(lines.clone(), one_way(limit), &BTreeSet::new()), limit);
    }
}

#[test]
fn a_shop_that_takes_both_directions_gets_full_calls() {
    let lines = lines((0..7).map(|seq| seq % 2 == 0));
    let batches = batch::cut(lines.clone(), BatchTerms { most: 3, one_direction: false }, &BTreeSet::new());
    assert_eq!(batches.iter().map(|batch| batch.lines.len()).collect::<Vec<_>>(), [3, 3, 1]);
    assert_eq!(batches[0].direction(), None);
    assert_eq!(batches.into_iter().flat_map(|batch| batch.lines).collect::<Vec<_>>(), lines);
}

#[test]
fn the_smaller_of_the_limits_of_the_user_and_the_shop_holds() {
    assert_eq!(WriteBatch::new(0), None);
    let shop = BatchTerms { most: 1_000, one_direction: true };
    let within = |limit: WriteBatch| shop.within(limit).most;
    assert_eq!(within(WriteBatch::UNLIMITED), 1_000);
    assert_eq!(within(WriteBatch::new(999).unwrap()), 999);
    assert_eq!(within(WriteBatch::new(1_001).unwrap()), 1_000);
}

#[test]
fn a_call_holds_a_listing_at_most_once_whatever_the_lines() {
    let twice = vec![line(0, -3), Line { seq: 1, ..line(0, -3) }];
    for batch in batch::cut(twice, one_way(WriteBatch::UNLIMITED), &BTreeSet::new()) {
        let keys: BTreeSet<_> = batch.lines.iter().map(|line| &line.change.key).collect();
        assert_eq!(keys.len(), batch.lines.len(), "{batch:?}");
    }
}
