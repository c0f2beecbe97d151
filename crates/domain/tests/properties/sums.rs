//! Stock sums: exact, whatever the order; unknown is never zero.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use domain::stock::{Amount, StockRow, StockRows, Warehouses};
use domain::{SkipReason, Stock};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::support::exact::Exact;
use super::support::warehouse::{self, Quantity, row};

/// The expected sum of one SKU, according to the design.
#[derive(Debug)]
enum Expected {
    /// The exact sum of these.
    Sum(Vec<Decimal>),
    /// Unknown, for one of these reasons.
    Unknown(BTreeSet<SkipReason>),
}

fn expected(sku: &str, rows: &StockRows, warehouses: &Warehouses) -> Expected {
    let unknown = |reason| Expected::Unknown(BTreeSet::from([reason]));
    let of = |rows: &[StockRow]| rows.iter().filter(|row| &*row.sku == sku).cloned().collect::<Vec<_>>();
    let rows = match rows {
        StockRows::Tables { products, stock } => {
            match products.iter().filter(|product| &***product == sku).count() {
                0 => return unknown(SkipReason::NoProductRow),
                1 => of(stock),
                _ => return unknown(SkipReason::DuplicateRow),
            }
        }
        StockRows::Query(rows) => {
            let rows = of(rows);
            let names: BTreeSet<_> = rows.iter().map(|row| row.warehouse.clone()).collect();
            let right = names.len() == rows.len() && (rows.len() == 1 || !names.contains(&None));
            if !right {
                return unknown(SkipReason::DuplicateRow);
            }
            rows
        }
    };
    let counts = |row: &StockRow| match warehouses {
        Warehouses::All => true,
        Warehouses::Chosen(chosen) => row.warehouse.as_ref().is_some_and(|name| chosen.contains(name)),
    };
    let (mut terms, mut reasons) = (Vec::new(), BTreeSet::new());
    for row in rows.into_iter().filter(counts) {
        match row.quantity {
            Ok(units) => terms.push(units),
            Err(reason) => {
                reasons.insert(reason);
            }
        }
    }
    if reasons.is_empty() { Expected::Sum(terms) } else { Expected::Unknown(reasons) }
}

fn texts(rows: &StockRows) -> Vec<Arc<str>> {
    match rows {
        StockRows::Query(rows) => rows.iter().map(|row| Arc::clone(&row.sku)).collect(),
        StockRows::Tables { products, stock } => {
            products.iter().chain(stock.iter().map(|row| &row.sku)).cloned().collect()
        }
    }
}

/// Rows of one SKU without a warehouse although warehouses were chosen. Whether they count is not tested with the
/// sums.
fn nameless(sku: &str, rows: &StockRows, warehouses: &Warehouses) -> bool {
    let rows = match rows {
        StockRows::Query(rows) | StockRows::Tables { stock: rows, .. } => rows,
    };
    *warehouses != Warehouses::All && rows.iter().any(|row| &*row.sku == sku && row.warehouse.is_none())
}

fn one_sku(quantities: &[Quantity], as_query: bool) -> StockRows {
    let sku: Arc<str> = Arc::from("A");
    let named = quantities.iter().enumerate();
    let stock = named.map(|(at, quantity)| row(&sku, Some(&format!("w{at}")), *quantity)).collect();
    if as_query { StockRows::Query(stock) } else { StockRows::Tables { products: vec![sku], stock } }
}

fn sum(quantities: &[Quantity], as_query: bool) -> Amount {
    Stock::sum(&one_sku(quantities, as_query), &Warehouses::All).get("A").unwrap()
}

/// Whether the terms have so few digits that they can be added in any order.
fn have_room(terms: &[Decimal]) -> bool {
    let longest = |lengths: &dyn Fn(&str, &str) -> usize| {
        let texts = terms.iter().map(|term| term.abs().normalize().to_string());
        texts.map(|text| text.split_once('.').map_or(lengths(&text, ""), |(w, f)| lengths(w, f))).max()
    };
    let (whole, fraction) = (longest(&|whole, _| whole.len()), longest(&|_, fraction| fraction.len()));
    // Two more digits for the carry of a hundred terms.
    terms.len() <= 100 && whole.unwrap_or(0) + 2 + fraction.unwrap_or(0) <= 28
}

fn by_sku(stock: &Stock) -> BTreeMap<String, Amount> {
    stock.iter().map(|(sku, amount)| (sku.to_string(), amount)).collect()
}

/// The stock rows of a SKU as if the product table listed it once.
fn as_listed(sku: &Arc<str>, rows: &StockRows) -> StockRows {
    match rows {
        StockRows::Tables { products, stock } if !products.contains(sku) => {
            StockRows::Tables { products: vec![Arc::clone(sku)], stock: stock.clone() }
        }
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn units_are_there_unless_the_sum_is_known_to_be_none(
        rows in warehouse::rows(),
        warehouses in warehouse::warehouses(),
    ) {
        let stock = Stock::sum(&rows, &warehouses);
        let with_units: BTreeSet<&str> = stock.with_units().map(domain::Sku::as_str).collect();
        for sku in texts(&rows).iter().filter(|sku| !sku.is_empty() && !nameless(sku, &rows, &warehouses)) {
            let due = match expected(sku, &as_listed(sku, &rows), &warehouses) {
                Expected::Sum(terms) if !have_room(&terms) => continue,
                Expected::Sum(terms) => terms.into_iter().sum::<Decimal>() > Decimal::ZERO,
                Expected::Unknown(_) => true,
            };
            prop_assert_eq!(with_units.contains(&**sku), due, "{}", sku);
        }
    }

    #[test]
    fn every_sku_has_the_sum_or_the_reason_that_the_design_gives(
        rows in warehouse::rows(),
        warehouses in warehouse::warehouses(),
    ) {
        let stock = Stock::sum(&rows, &warehouses);
        let texts = texts(&rows);
        let distinct: BTreeSet<_> = texts.iter().filter(|text| !text.is_empty()).collect();
        prop_assert_eq!(stock.len(), distinct.len());
        prop_assert_eq!(stock.is_empty(), distinct.is_empty());
        prop_assert_eq!(stock.iter().count(), distinct.len());
        prop_assert_eq!(stock.rows_without_sku(), texts.iter().filter(|text| text.is_empty()).count());
        prop_assert_eq!(stock.get(""), None);

        for text in distinct {
            if nameless(text, &rows, &warehouses) {
                continue;
            }
            let amount = stock.get(text).unwrap();
            match (expected(text, &rows, &warehouses), amount) {
                (Expected::Sum(terms), Amount::Known(sum)) => {
                    prop_assert_eq!(Exact::sum(&[sum]), Exact::sum(&terms), "{:?}", text);
                }
                (Expected::Sum(terms), Amount::Unknown(reason)) => {
                    prop_assert_eq!(reason, SkipReason::QuantityOutOfRange, "{:?}", text);
                    prop_assert!(!have_room(&terms), "{text:?}: {terms:?} can be added");
                }
                (Expected::Unknown(reasons), Amount::Unknown(reason)) => {
                    // A sum that overflows before the unknown row is read is unknown as well.
                    let is_true_reason = reasons.contains(&reason) || reason == SkipReason::QuantityOutOfRange;
                    prop_assert!(is_true_reason, "{text:?}: {reason} is none of {reasons:?}");
                }
                (Expected::Unknown(reasons), Amount::Known(sum)) => {
                    prop_assert!(false, "{text:?} is {sum} in spite of {reasons:?}");
                }
            }
        }
    }

    #[test]
    fn the_order_of_the_rows_decides_no_sum(
        (rows, other) in warehouse::rows().prop_flat_map(|rows| {
            let other = warehouse::shuffled(rows.clone());
            (Just(rows), other)
        }),
        warehouses in warehouse::warehouses(),
    ) {
        let (stock, other) = (Stock::sum(&rows, &warehouses), Stock::sum(&other, &warehouses));
        prop_assert_eq!(stock.rows_without_sku(), other.rows_without_sku());
        let (stock, other) = (by_sku(&stock), by_sku(&other));
        prop_assert!(stock.keys().eq(other.keys()));
        for (sku, amount) in &stock {
            // Other tests below cover which of several reasons is reported, and sums that overflow on the way.
            let unclear = |amount: &Amount| matches!(amount, Amount::Unknown(SkipReason::QuantityOutOfRange));
            let quantity = |amount: &Amount| match amount {
                Amount::Unknown(SkipReason::QuantityNotANumber) => Amount::Unknown(SkipReason::QuantityUnknown),
                amount => *amount,
            };
            if !unclear(amount) && !unclear(&other[sku]) {
                prop_assert_eq!(quantity(amount), quantity(&other[sku]), "{:?}", sku);
            }
        }
    }

    #[test]
    fn a_sum_is_exact_or_unknown(
        terms in vec(prop_oneof![warehouse::any_decimal(), warehouse::common_decimal()], 0..6),
        as_query: bool,
    ) {
        let quantities: Vec<_> = terms.iter().copied().map(Ok).collect();
        if let Some(Amount::Known(sum)) = Stock::sum(&one_sku(&quantities, as_query), &Warehouses::All).get("A") {
            prop_assert_eq!(Exact::sum(&[sum]), Exact::sum(&terms));
        }
    }

    #[test]
    fn common_quantities_always_have_a_sum_and_in_any_order_the_same(
        (terms, other) in vec(warehouse::common_decimal(), 1..40).prop_flat_map(|terms| {
            let other = Just(terms.clone()).prop_shuffle();
            (Just(terms), other)
        }),
        as_query: bool,
    ) {
        let of = |terms: &[Decimal]| sum(&terms.iter().copied().map(Ok).collect::<Vec<_>>(), as_query);
        let Amount::Known(exact) = of(&terms) else { return Err(TestCaseError::fail("no sum")) };
        prop_assert_eq!(Exact::sum(&[exact]), Exact::sum(&terms));
        prop_assert_eq!(of(&other), Amount::Known(exact));
    }

    #[test]
    fn unknown_is_never_zero(
        quantities in vec(warehouse::quantity(warehouse::common_decimal()), 1..8),
        as_query: bool,
    ) {
        let unknown = quantities.iter().any(Result::is_err);
        prop_assert_eq!(matches!(sum(&quantities, as_query), Amount::Unknown(_)), unknown);
    }

    #[test]
    fn a_sku_that_lies_elsewhere_has_none(
        quantities in vec(warehouse::quantity(warehouse::any_decimal()), 1..8),
        as_query: bool,
    ) {
        let elsewhere = Warehouses::Chosen(HashSet::from([Arc::from("W0"), Arc::from("")]));
        let stock = Stock::sum(&one_sku(&quantities, as_query), &elsewhere);
        prop_assert_eq!(stock.get("A"), Some(Amount::Known(Decimal::ZERO)));
    }

    #[test]
    fn a_row_too_many_is_a_duplicate_wherever_it_stands(
        quantities in vec(warehouse::quantity(warehouse::common_decimal()), 1..6),
        extra in warehouse::quantity(warehouse::common_decimal()),
        nameless: bool,
        at in any::<prop::sample::Index>(),
    ) {
        let StockRows::Query(mut rows) = one_sku(&quantities, true) else { unreachable!() };
        let name = if nameless { None } else { Some("w0") };
        let at = at.index(rows.len() + 1);
        rows.insert(at, row(&Arc::from("A"), name, extra));
        for warehouses in [Warehouses::All, Warehouses::Chosen(HashSet::from([Arc::from("w1")]))] {
            let stock = Stock::sum(&StockRows::Query(rows.clone()), &warehouses);
            prop_assert_eq!(stock.get("A"), Some(Amount::Unknown(SkipReason::DuplicateRow)));
        }
    }
}

#[test]
fn a_reason_does_not_depend_on_the_order_of_the_rows() {
    let quantities = [Err(SkipReason::QuantityUnknown), Err(SkipReason::QuantityNotANumber)];
    let reversed: Vec<_> = quantities.iter().rev().copied().collect();
    for as_query in [false, true] {
        assert_eq!(sum(&quantities, as_query), sum(&reversed, as_query));
    }
}

#[test]
fn a_row_that_names_no_warehouse_is_not_zero_where_warehouses_were_chosen() {
    let rows = StockRows::Query(vec![row(&Arc::from("A"), None, Ok(Decimal::from(5)))]);
    let chosen = Warehouses::Chosen(HashSet::from([Arc::from("x")]));
    let amount = Stock::sum(&rows, &chosen).get("A");
    assert_ne!(amount, Some(Amount::Known(Decimal::ZERO)), "no row puts these five units elsewhere");
}
