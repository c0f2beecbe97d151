//! Reference implementations of the decisions, written from the text of the design.

use std::collections::{BTreeMap, BTreeSet};

use domain::plan::Facts;
use domain::plan::NoteCode;
use domain::stock::Amount;
use domain::stock::near_miss::alike;
use domain::{Listing, Policy, Scope, SkipReason, Sku, SoldOut, Stock};
use rust_decimal::Decimal;

/// The target that the rules make of a stock sum, and the note about it. Computed from the sum's digits.
pub(crate) fn rule(policy: Policy, sum: Decimal) -> (Option<i64>, Option<NoteCode>) {
    let text = sum.to_string();
    let (negative, unsigned) = text.strip_prefix('-').map_or((false, text.as_str()), |rest| (true, rest));
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let whole: i128 = whole.parse().unwrap();
    let has_fraction = fraction.bytes().any(|digit| digit != b'0');
    let (target, note) = if negative && (whole != 0 || has_fraction) {
        (0, Some(NoteCode::NegativeStock))
    } else if whole > 99_999 {
        (99_999, Some(NoteCode::ClampedToCeiling))
    } else {
        (i64::try_from(whole).unwrap(), has_fraction.then_some(NoteCode::FractionDropped))
    };
    let left_alone = target == 0 && policy.sold_out == SoldOut::Ignore;
    ((!left_alone).then_some(target), note)
}

/// The expected result for one SKU of the warehouse.
#[derive(Debug)]
pub(crate) enum Due<'a> {
    /// Its only listing must show this level.
    Show(&'a Listing, i64),
    /// It is left alone for these reasons. The plan must report one of them.
    Leave(BTreeSet<SkipReason>),
}

pub(crate) fn listings_of<'a>(sku: &str, listings: &'a [Listing]) -> Vec<&'a Listing> {
    listings.iter().filter(|listing| listing.sku.as_ref().is_some_and(|s| s.as_str() == sku)).collect()
}

pub(crate) fn in_scope(scope: &Scope, sku: &str) -> bool {
    match scope {
        Scope::All => true,
        Scope::Skus(skus) => skus.iter().any(|s| s.as_str() == sku),
    }
}

/// The expected result for a SKU of the warehouse.
pub(crate) fn due<'a>(sku: &str, amount: Amount, listings: &'a [Listing], policy: Policy) -> Due<'a> {
    let mut reasons = BTreeSet::new();
    let mut target = None;
    match amount {
        Amount::Unknown(reason) => {
            reasons.insert(reason);
        }
        Amount::Known(sum) => {
            target = rule(policy, sum).0;
            if target.is_none() {
                reasons.insert(SkipReason::SoldOutIgnored);
            }
        }
    }
    if sku.chars().count() > 40 {
        reasons.insert(SkipReason::SkuTooLong);
    }
    let carriers = listings_of(sku, listings);
    match carriers.as_slice() {
        [] => {
            reasons.insert(SkipReason::NotInWix);
        }
        [one] => {
            if !one.tracked {
                reasons.insert(SkipReason::Untracked);
            }
            if one.level.is_none() {
                reasons.insert(SkipReason::LevelUnknown);
            }
        }
        _ => {
            reasons.insert(SkipReason::DuplicateSku);
        }
    }
    match (carriers.as_slice(), target) {
        ([one], Some(target)) if reasons.is_empty() => Due::Show(one, target),
        _ => Due::Leave(reasons),
    }
}

/// The expected result for every SKU of the warehouse in scope.
pub(crate) fn all_due<'a>(
    stock: &Stock,
    listings: &'a [Listing],
    policy: Policy,
    scope: &Scope,
) -> BTreeMap<String, Due<'a>> {
    let local = stock.iter().filter(|(sku, _)| in_scope(scope, sku.as_str()));
    let left_alone = |sku: &Sku, due: Due<'a>| match due {
        Due::Show(one, 0) if one.level.unwrap().units() > 0 && units_elsewhere(sku, stock, listings) => {
            Due::Leave(BTreeSet::from([SkipReason::NearMiss]))
        }
        other => other,
    };
    local
        .map(|(sku, amount)| (sku.to_string(), left_alone(sku, due(sku.as_str(), amount, listings, policy))))
        .collect()
}

/// Whether the warehouse has units under a spelling that is almost the same and that the shop does not have.
fn units_elsewhere(sku: &Sku, stock: &Stock, listings: &[Listing]) -> bool {
    let near = alike(sku, stock.with_units());
    near.iter().any(|near| listings_of(near.sku.as_str(), listings).is_empty())
}

/// SKUs of the shop or of the request that the warehouse does not have.
pub(crate) fn foreign(stock: &Stock, listings: &[Listing], scope: &Scope) -> BTreeSet<String> {
    let of_shop = listings.iter().filter_map(|listing| listing.sku.as_ref());
    let asked = match scope {
        Scope::All => Vec::new(),
        Scope::Skus(skus) => skus.iter().collect(),
    };
    let unknown = |sku: &str| !stock.iter().any(|(known, _)| known.as_str() == sku);
    of_shop.chain(asked).map(ToString::to_string).filter(|sku| in_scope(scope, sku) && unknown(sku)).collect()
}

/// The facts of a plan, each counted separately.
pub(crate) fn facts(stock: &Stock, listings: &[Listing], policy: Policy, scope: &Scope) -> Facts {
    let local: Vec<_> = stock.iter().filter(|(sku, _)| in_scope(scope, sku.as_str())).collect();
    let stands = |sku: &str| !listings_of(sku, listings).is_empty();
    let above_zero = |amount| matches!(amount, Amount::Known(sum) if sum > Decimal::ZERO);
    let at_most_zero = |amount| matches!(amount, Amount::Known(sum) if sum <= Decimal::ZERO);
    let due = all_due(stock, listings, policy, scope);
    // The current level and the target of every listing that may be written.
    let pairs: Vec<(i64, i64)> = due
        .values()
        .filter_map(|due| match due {
            Due::Show(listing, target) => Some((listing.level.unwrap().units(), *target)),
            Due::Leave(_) => None,
        })
        .collect();
    let ignored = |due: &&Due<'_>| matches!(due, Due::Leave(why) if *why == BTreeSet::from([SkipReason::SoldOutIgnored]));
    let count_pairs = |wanted: &dyn Fn(i64, i64) -> bool| size(pairs.iter().filter(|(l, t)| wanted(*l, *t)));
    let units = |of: &dyn Fn(i64, i64) -> i64| {
        pairs.iter().map(|(level, target)| of((*level).max(0), *target).max(0).unsigned_abs()).sum()
    };
    Facts {
        warehouse_skus: size(
            stock.iter().filter(|(_, amount)| *amount != Amount::Unknown(SkipReason::NoProductRow)),
        ),
        // The tests of the sums count the rows.
        stock_rows: u64::try_from(stock.stock_rows()).unwrap(),
        with_stock: size(local.iter().filter(|(_, amount)| above_zero(*amount))),
        sold_out: size(local.iter().filter(|(_, amount)| at_most_zero(*amount))),
        found_with_stock: size(local.iter().filter(|(s, amount)| above_zero(*amount) && stands(s.as_str()))),
        found: size(local.iter().filter(|(sku, _)| stands(sku.as_str()))),
        comparable: size(pairs.iter()) + size(due.values().filter(ignored)),
        listings: size(listings.iter()),
        listings_without_sku: size(listings.iter().filter(|listing| listing.sku.is_none())),
        in_step: count_pairs(&|level, target| level == target),
        matched: count_pairs(&|_, _| true),
        showing: count_pairs(&|level, _| level > 0),
        to_zero: count_pairs(&|level, target| level > 0 && target == 0),
        back_on_sale: count_pairs(&|level, target| level <= 0 && target > 0),
        units_shown: units(&|shown, _| shown),
        units_taken: units(&|shown, target| shown - target),
        units_added: units(&|shown, target| target - shown),
        rising: count_pairs(&|level, target| target > level),
    }
}

fn size<T>(items: impl Iterator<Item = T>) -> u64 {
    u64::try_from(items.count()).unwrap()
}
