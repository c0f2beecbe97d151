//! Strategies for warehouse reads.

use std::sync::Arc;

use domain::SkipReason;
use domain::stock::{StockRow, StockRows, Warehouses};
use proptest::collection::{hash_set, vec};
use proptest::prelude::*;
use proptest::{option, sample};
use rust_decimal::Decimal;

use super::sku;

const NAMES: [&str; 4] = ["x", "X", "y", ""];
const LARGEST_MANTISSA: i128 = (1 << 96) - 1;

/// Any number that the crate may receive, small or huge.
pub(crate) fn any_decimal() -> impl Strategy<Value = Decimal> {
    let random = (-LARGEST_MANTISSA..=LARGEST_MANTISSA, 0..96_u32, 0..=28_u32)
        .prop_map(|(mantissa, shift, scale)| Decimal::from_i128_with_scale(mantissa >> shift, scale));
    prop_oneof![8 => random, 1 => sample::select(extremes())]
}

fn extremes() -> Vec<Decimal> {
    let mut negative_zero = Decimal::new(0, 3);
    negative_zero.set_sign_negative(true);
    let mut all = vec![
        Decimal::MAX,
        Decimal::MIN,
        Decimal::ZERO,
        negative_zero,
        Decimal::from_i128_with_scale(1, 28),
        Decimal::from_i128_with_scale(-1, 28),
        Decimal::from_i128_with_scale(LARGEST_MANTISSA, 28),
        Decimal::from_i128_with_scale(-LARGEST_MANTISSA, 1),
    ];
    for units in [-1, 0, 1, 99_998, 99_999, 100_000, i64::from(i32::MAX), i64::from(u32::MAX), i64::MAX] {
        for tenths in [-1, 0, 1, 9] {
            all.push(Decimal::from(units) + Decimal::new(tenths, 1));
        }
    }
    all
}

/// Numbers as warehouses contain them. Sums of a few of them are exact in any order.
pub(crate) fn common_decimal() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        10 => (0..30_i64).prop_map(Decimal::from),
        2 => (-10..0_i64).prop_map(Decimal::from),
        2 => (-2_000..20_000_i64, 0..=4_u32).prop_map(|(units, scale)| Decimal::new(units, scale)),
        1 => (99_000..101_000_i64).prop_map(Decimal::from),
        1 => (any::<i64>(), 0..=6_u32).prop_map(|(units, scale)| Decimal::new(units, scale)),
    ]
}

pub(crate) type Quantity = Result<Decimal, SkipReason>;

/// A cell of the quantity column.
pub(crate) fn quantity(decimal: impl Strategy<Value = Decimal>) -> impl Strategy<Value = Quantity> {
    prop_oneof![
        18 => decimal.prop_map(Ok),
        1 => Just(Err(SkipReason::QuantityUnknown)),
        1 => Just(Err(SkipReason::QuantityNotANumber)),
        1 => Just(Err(SkipReason::QuantityOutOfRange)),
    ]
}

fn any_quantity() -> impl Strategy<Value = Quantity> {
    quantity(prop_oneof![12 => common_decimal(), 1 => any_decimal()])
}

fn name() -> impl Strategy<Value = Arc<str>> {
    sample::select(NAMES.to_vec()).prop_map(Arc::from)
}

pub(crate) fn row(sku: &Arc<str>, warehouse: Option<&str>, quantity: Quantity) -> StockRow {
    StockRow { sku: Arc::clone(sku), warehouse: warehouse.map(Arc::from), quantity }
}

fn any_row(quantity: impl Strategy<Value = Quantity>) -> impl Strategy<Value = StockRow> {
    (sku::column(), option::weighted(0.8, name()), quantity).prop_map(|(sku, warehouse, quantity)| StockRow {
        sku,
        warehouse,
        quantity,
    })
}

/// The default schema: most products once, with stock rows for them and for others.
pub(crate) fn tables() -> impl Strategy<Value = StockRows> {
    let products = (sku::some_of_the_pool(), vec(sku::column(), 0..3))
        .prop_map(|(once, more)| once.into_iter().chain(more).collect::<Vec<_>>())
        .prop_shuffle();
    (products, vec(any_row(any_quantity()), 0..60))
        .prop_map(|(products, stock)| StockRows::Tables { products, stock })
}

/// The valid rows of one SKU in a custom query: one without a warehouse, or one for each warehouse.
fn right_rows(sku: Arc<str>) -> impl Strategy<Value = Vec<StockRow>> {
    let one = any_quantity().prop_map(|quantity| vec![(None, quantity)]);
    let each = sample::subsequence(NAMES.to_vec(), 1..=NAMES.len()).prop_flat_map(|names| {
        names.into_iter().map(|n| (Just(Some(n)), any_quantity())).collect::<Vec<_>>()
    });
    prop_oneof![one, each]
        .prop_map(move |rows| rows.into_iter().map(|(name, quantity)| row(&sku, name, quantity)).collect())
}

/// A custom query: mostly valid rows, and a few duplicates.
pub(crate) fn query() -> impl Strategy<Value = StockRows> {
    let right = sku::some_of_the_pool()
        .prop_flat_map(|texts| texts.into_iter().map(right_rows).collect::<Vec<_>>())
        .prop_map(|rows| rows.concat());
    (right, vec(any_row(any_quantity()), 0..6))
        .prop_map(|(right, more)| right.into_iter().chain(more).collect::<Vec<_>>())
        .prop_shuffle()
        .prop_map(StockRows::Query)
}

pub(crate) fn rows() -> impl Strategy<Value = StockRows> {
    prop_oneof![tables(), query()]
}

pub(crate) fn warehouses() -> impl Strategy<Value = Warehouses> {
    prop_oneof![Just(Warehouses::All), hash_set(name(), 1..=2).prop_map(Warehouses::Chosen)]
}

/// The same rows in another order.
pub(crate) fn shuffled(rows: StockRows) -> impl Strategy<Value = StockRows> {
    match rows {
        StockRows::Query(rows) => Just(rows).prop_shuffle().prop_map(StockRows::Query).boxed(),
        StockRows::Tables { products, stock } => (Just(products).prop_shuffle(), Just(stock).prop_shuffle())
            .prop_map(|(products, stock)| StockRows::Tables { products, stock })
            .boxed(),
    }
}
