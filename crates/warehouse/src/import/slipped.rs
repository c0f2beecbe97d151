//! A slip in spelling sells nothing out: what an import would take away stays while its units seem to come in under
//! another spelling.

use std::collections::{HashMap, HashSet};

use domain::Sku;
use domain::stock::near_miss::{Slip, slips};
use rust_decimal::Decimal;

use super::stored::{Stored, StoredRow};
use super::{ImportRow, Kept, ReplaceScope};

/// The SKUs that lose nothing to a slip.
#[derive(Debug, Default)]
pub(super) struct Slipped {
    pub(super) slips: Vec<Slip>,
    skus: HashSet<Sku>,
}

impl Slipped {
    pub(super) fn of(stored: &Stored, rows: &[ImportRow], kept: &Kept, scope: &ReplaceScope) -> Self {
        let new = came_in(stored, rows, kept);
        if new.is_empty() {
            return Self::default();
        }
        let slips = slips(&sold_out(stored, rows, kept, scope), new);
        let skus = slips.iter().map(|slip| slip.sold_out.clone()).collect();
        Self { slips, skus }
    }

    /// Whether nothing of this SKU may go to zero.
    pub(super) fn holds(&self, sku: &str) -> bool {
        !self.skus.is_empty() && self.skus.contains(sku)
    }
}

/// The SKUs of the list that the database does not know yet, with units or with an unknown quantity.
fn came_in<'a>(stored: &Stored, rows: &'a [ImportRow], kept: &'a Kept) -> Vec<&'a Sku> {
    if stored.products.is_empty() && stored.stock.is_empty() {
        return Vec::new();
    }
    let with_units = rows.iter().filter(|row| row.quantity > Decimal::ZERO).map(|row| &row.sku);
    let is_new = |sku: &&Sku| !stored.products.contains_key(sku.as_str());
    let new = with_units.chain(kept.places.keys()).filter(is_new).map(|sku| (sku.as_str(), sku));
    let mut new: HashMap<&str, &Sku> = new.collect();
    if !new.is_empty() {
        for row in &stored.stock {
            new.remove(&*row.sku);
        }
    }
    new.into_values().collect()
}

/// The SKUs of which a row with units would be deleted or set to zero.
fn sold_out(stored: &Stored, rows: &[ImportRow], kept: &Kept, scope: &ReplaceScope) -> Vec<Sku> {
    let listed = rows.iter().map(|row| ((row.sku.as_str(), &*row.warehouse), row.quantity));
    let listed: HashMap<(&str, &str), Decimal> = listed.collect();
    let goes = |row: &&StoredRow| {
        let now = row.warehouse.as_deref().and_then(|place| listed.get(&(&*row.sku, place)));
        row.has_units() && now.map_or_else(|| row.is_missed(kept, scope), |units| *units <= Decimal::ZERO)
    };
    stored.stock.iter().filter(goes).filter_map(|row| Sku::of(&row.sku).ok()).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::SkipReason;
    use proptest::prelude::*;

    use super::super::Details;
    use super::super::changes::{Changes, compare};
    use super::*;

    fn row(sku: &str, warehouse: &str, quantity: i64) -> ImportRow {
        let (sku, warehouse) = (Sku::parse(sku).unwrap(), Arc::from(warehouse));
        ImportRow { sku, warehouse, quantity: Decimal::from(quantity), details: Details::default() }
    }

    fn stored(rows: &[(&str, &str, Option<i64>)]) -> Stored {
        let stock = rows.iter().zip(1..).map(|((sku, warehouse, quantity), id)| StoredRow {
            id,
            sku: Arc::from(*sku),
            warehouse: Some(Arc::from(*warehouse)),
            quantity: quantity.map(Decimal::from).ok_or(SkipReason::QuantityUnknown),
        });
        let products = rows.iter().zip(1..).map(|((sku, ..), id)| (Arc::from(*sku), id)).collect();
        Stored { products, stock: stock.collect() }
    }

    fn slips_of(changes: &Changes) -> Vec<(&str, &str)> {
        changes.slips.iter().map(|slip| (slip.sold_out.as_str(), slip.instead.as_str())).collect()
    }

    fn all(before: &Stored, rows: &[ImportRow]) -> Changes {
        compare(before, rows, &Kept::default(), &ReplaceScope::Everything)
    }

    #[test]
    fn what_comes_in_under_another_spelling_sells_nothing_out() {
        let before = stored(&[("A-1", "M", Some(5)), ("A-1", "N", Some(2)), ("B", "M", Some(1))]);
        for other in ["A-1\u{200b}", "a-1", "А-1", "A-01", " A-1"] {
            let gone = all(&before, &[row(other, "M", 7), row("B", "M", 1)]);
            assert_eq!((slips_of(&gone), gone.removed), (vec![("A-1", other)], 0), "{other:?}");
            assert_eq!((gone.new, gone.units_after), (1, 15.into()));
            let zero = all(&before, &[row(other, "M", 7), row("A-1", "M", 0), row("A-1", "N", 1)]);
            assert_eq!(slips_of(&zero), [("A-1", other)], "{other:?} beside zero");
            assert_eq!((zero.changed, zero.removed, zero.units_after), (1, 1, 13.into()), "5 stay in M");
            let none = all(&before, &[row(other, "M", 0)]);
            assert_eq!((slips_of(&none), none.removed), (vec![], 3), "{other:?} has no units");
        }
    }

    #[test]
    fn goods_that_the_database_knows_are_no_slip() {
        let pair = stored(&[("A-1", "M", Some(5)), ("a-1", "M", Some(2))]);
        let one = all(&pair, &[row("a-1", "M", 7)]);
        assert_eq!((slips_of(&one), one.removed), (vec![], 1));
        let before = stored(&[("A-1", "M", Some(0))]);
        assert_eq!(slips_of(&all(&before, &[row("a-1", "M", 7)])), [], "it was sold out before");
        let merged = compare(
            &stored(&[("A-1", "M", Some(5))]),
            &[row("a-1", "M", 7)],
            &Kept::default(),
            &ReplaceScope::Nothing,
        );
        assert_eq!(slips_of(&merged), [], "a part of the stock sells nothing out");
        let kept = Kept::of([(Sku::parse("a-1").unwrap(), Arc::from("M"))]);
        let unknown = compare(&stored(&[("A-1", "M", None)]), &[], &kept, &ReplaceScope::Everything);
        assert_eq!(slips_of(&unknown), [("A-1", "a-1")], "unknown is not zero on either side");
    }

    /// Spellings of two SKUs.
    fn spelling() -> impl Strategy<Value = String> {
        prop::sample::select(vec!["A-1", "a-1", "A-1 ", "А-1", "A-01", "A-10", "B", "b", "B\u{200b}"])
            .prop_map(str::to_owned)
    }

    fn places<T: Clone + std::fmt::Debug>(
        quantity: impl Strategy<Value = T>,
    ) -> impl Strategy<Value = Vec<((String, &'static str), T)>> {
        let place = (spelling(), prop::sample::select(vec!["M", "N"]));
        prop::collection::hash_map(place, quantity, 0..8).prop_map(|all| all.into_iter().collect())
    }

    proptest! {
        /// After an import no SKU has lost its last units anywhere while units came in under a new, nearly equal SKU.
        #[test]
        fn no_row_goes_to_zero_beside_a_new_near_miss(
            before in places(prop::option::weighted(0.9, 0..4_i64)),
            list in places(-1..4_i64),
        ) {
            let before: Vec<_> = before.iter().map(|((sku, place), n)| (sku.as_str(), *place, *n)).collect();
            let stored = stored(&before);
            let rows: Vec<ImportRow> = list.iter().map(|((sku, place), n)| row(sku, place, *n)).collect();
            let changes = all(&stored, &rows);
            let is_known = |sku: &str| before.iter().any(|(known, ..)| *known == sku);
            let new = rows.iter().filter(|row| row.quantity > Decimal::ZERO && !is_known(row.sku.as_str()));
            let new: Vec<Sku> = new.map(|row| row.sku.clone()).collect();
            let written: HashSet<i64> =
                changes.writes.updated.iter().map(|(id, _)| *id).chain(changes.writes.deleted.iter().copied()).collect();
            for one in stored.stock.iter().filter(|one| one.has_units()) {
                let sku = Sku::parse(&one.sku).unwrap();
                let now = rows.iter().find(|row| row.sku == sku && Some(&row.warehouse) == one.warehouse.as_ref());
                let goes = now.is_none_or(|row| row.quantity <= Decimal::ZERO);
                let near = !domain::stock::near_miss::alike(&sku, &new).is_empty();
                prop_assert_eq!(goes && near, goes && !written.contains(&one.id), "{:?}", one);
                prop_assert_eq!(goes && near, goes && slips_of(&changes).iter().any(|(slip, _)| *slip == &*one.sku));
            }
        }
    }
}
