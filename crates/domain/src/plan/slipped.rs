//! A slip in spelling sells nothing out.
//!
//! A SKU that would go to zero is left alone while the warehouse has units under a spelling that is almost the same
//! and that no listing carries.

use crate::plan::carriers::{Carriers, writable};
use crate::stock::Amount;
use crate::stock::near_miss::{Slip, slips, twins};
use crate::{Listing, Policy, Scope, Sku, Stock, Target};

/// The SKUs of `scope` that are not sold out because of their spelling. Linear in both sides.
pub(crate) fn find(stock: &Stock, carriers: &Carriers<'_>, policy: Policy, scope: &Scope) -> Vec<Slip> {
    slips(sold_out(stock, carriers, policy, scope), left_over(stock, carriers))
}

/// SKUs outside `scope` of which a plan for `scope` has to know whether the shop has them. `listings` may be those of
/// the scope alone.
#[must_use]
pub fn unread(stock: &Stock, listings: &[Listing], policy: Policy, scope: &Scope) -> Vec<Sku> {
    let carriers = Carriers::of(listings);
    let outside = left_over(stock, &carriers).filter(|sku| !scope.contains(sku.as_str()));
    twins(sold_out(stock, &carriers, policy, scope), outside).into_iter().cloned().collect()
}

/// The SKUs whose listing shows stock and would go to zero.
fn sold_out<'a>(
    stock: &'a Stock,
    carriers: &Carriers<'_>,
    policy: Policy,
    scope: &Scope,
) -> impl Iterator<Item = &'a Sku> {
    let goes = move |amount| match amount {
        Amount::Known(sum) => policy.rule(sum).target == Some(Target::ZERO),
        Amount::Unknown(_) => false,
    };
    let shows = |sku: &Sku| {
        let level = carriers.of_sku(sku).and_then(writable).map(|(_, level)| level.shown());
        !sku.is_too_long() && level.is_ok_and(|shown| shown > 0)
    };
    let all = stock.iter().filter(move |(_, amount)| goes(*amount)).map(|(sku, _)| sku);
    all.filter(move |sku| scope.contains(sku.as_str()) && shows(sku))
}

/// The SKUs with units that no listing carries.
fn left_over<'a>(stock: &'a Stock, carriers: &Carriers<'_>) -> impl Iterator<Item = &'a Sku> {
    stock.with_units().filter(|sku| !carriers.has(sku))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::stock::{StockRow, StockRows, Warehouses};
    use crate::{InventoryItemId, Level, ListingKey, Plan, ProductId, SkipReason, VariantId};

    fn sku(text: &str) -> Sku {
        Sku::parse(text).unwrap()
    }

    fn row(text: &str, units: Option<i64>) -> StockRow {
        let quantity = units.map(Into::into).ok_or(SkipReason::QuantityUnknown);
        StockRow { sku: text.into(), warehouse: Some("m".into()), quantity }
    }

    fn shop(skus: &[&str]) -> Vec<Listing> {
        let of = |text: &&str| Listing {
            revision: None,
            key: ListingKey::new(ProductId::new(text), VariantId::whole_product()),
            inventory_item: InventoryItemId::new(text),
            sku: Some(sku(text)),
            tracked: true,
            level: Level::new(7),
        };
        skus.iter().map(of).collect()
    }

    /// What a plan leaves alone as near misses, and how many changes it has.
    fn plan(rows: &StockRows, listings: &[Listing]) -> (Vec<(String, String)>, usize) {
        let stock = Stock::sum(rows, &Warehouses::All);
        let plan = Plan::make(&stock, listings, Policy::default(), &Scope::All);
        let left = plan.skips.iter().filter(|skip| skip.reason == SkipReason::NearMiss);
        let left: Vec<&str> = left.map(|skip| &*skip.sku).collect();
        assert_eq!(left, plan.slips.iter().map(|slip| slip.sold_out.as_str()).collect::<Vec<_>>());
        let pairs = plan.slips.iter().map(|slip| (slip.sold_out.to_string(), slip.instead.to_string()));
        (pairs.collect(), plan.changes.len())
    }

    fn tables(products: &[&str], stock: &[(&str, Option<i64>)]) -> StockRows {
        StockRows::Tables {
            products: products.iter().map(|text| Arc::from(*text)).collect(),
            stock: stock.iter().map(|(text, units)| row(text, *units)).collect(),
        }
    }

    fn query(rows: &[(&str, Option<i64>)]) -> StockRows {
        StockRows::Query(rows.iter().map(|(text, units)| row(text, *units)).collect())
    }

    #[test]
    fn units_under_another_spelling_keep_a_sku_from_being_sold_out() {
        let slip = |other: &str| (vec![("A-1".to_owned(), other.to_owned())], 0);
        let none = (Vec::new(), 1);
        for other in ["A-1 ", "a-1", "А-1", "A-01", "A-1\u{200b}", "A\u{2011}1"] {
            let stray = tables(&["A-1"], &[(other, Some(9))]);
            assert_eq!(plan(&stray, &shop(&["A-1"])), slip(other), "{other:?}: a row without a product");
            let product = tables(&["A-1", other], &[("A-1", Some(0)), (other, Some(9))]);
            assert_eq!(plan(&product, &shop(&["A-1"])), slip(other), "{other:?}: a product");
            assert_eq!(plan(&product, &shop(&["A-1", other])).0, [], "{other:?} is in the shop");
            let query = |units| query(&[("A-1", Some(0)), (other, units)]);
            assert_eq!(plan(&query(Some(9)), &shop(&["A-1"])), slip(other), "{other:?}: a query");
            assert_eq!(plan(&query(None), &shop(&["A-1"])), slip(other), "{other:?}: unknown is not zero");
            assert_eq!(plan(&query(Some(0)), &shop(&["A-1"])), none, "{other:?} has no units either");
            let stray = tables(&["A-1"], &[(other, Some(0))]);
            assert_eq!(plan(&stray, &shop(&["A-1"])), none, "{other:?} without units");
        }
        assert_eq!(plan(&query(&[("A-1", Some(0)), ("A-10", Some(9))]), &shop(&["A-1"])), none);
        assert_eq!(plan(&query(&[("A-1", Some(3)), ("a-1", Some(9))]), &shop(&["A-1"])), none);
    }

    #[test]
    fn quantities_that_a_user_names_stand_for_themselves() {
        let stock = Stock::explicit([(sku("A-1"), 0.into()), (sku("a-1"), 5.into())]);
        let plan = Plan::make(&stock, &shop(&["A-1"]), Policy::default(), &Scope::All);
        assert_eq!((plan.slips, plan.changes.len()), (Vec::new(), 1));
    }

    #[test]
    fn a_part_of_the_shop_names_what_else_it_has_to_know() {
        let rows = query(&[("A-1", Some(0)), ("a-1", Some(9)), ("B", Some(0)), ("b", Some(1))]);
        let stock = Stock::sum(&rows, &Warehouses::All);
        let scope = Scope::Skus([sku("A-1")].into());
        let unread = |listings: &[Listing]| unread(&stock, listings, Policy::default(), &scope);
        assert_eq!(unread(&shop(&["A-1"])), [sku("a-1")]);
        assert_eq!(unread(&shop(&["A-1", "a-1"])), []);
    }
}
