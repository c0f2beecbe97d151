//! I2 under compare-and-swap: what a revision proves, and what is sent after a conflict.

use domain::listing::Revision;
use domain::write::settle::Reading;
use domain::write::settle::revision::{self, Verdict};
use domain::{Change, InventoryItemId, Level, ListingKey, ProductId, Sku, Target, VariantId};
use proptest::collection::vec;
use proptest::prelude::*;

use super::support::many_cases;

/// An inventory item as a shop keeps it: every change increments the revision by one.
#[derive(Debug, Clone, Copy)]
struct Item {
    level: i64,
    revision: i64,
}

impl Item {
    fn set(&mut self, level: i64) {
        (self.level, self.revision) = (level, self.revision + 1);
    }

    fn sell(&mut self, units: i64) {
        let sold = units.min(self.level);
        if sold > 0 {
            self.set(self.level - sold);
        }
    }

    fn swap(&mut self, change: &Change) -> bool {
        let holds = change.revision == Some(Revision::new(self.revision));
        if holds {
            self.set(change.target.units());
        }
        holds
    }

    fn read(self) -> Reading {
        let (level, revision) = (Level::new(self.level).unwrap(), Some(Revision::new(self.revision)));
        Reading { level, revision, stamp: None, changed_at: None }
    }
}

fn change(item: Item, target: u32) -> Option<Change> {
    let (level, target) = (Level::new(item.level)?, Target::new(target)?);
    Some(Change {
        sku: Sku::parse("A").ok()?,
        key: ListingKey::new(ProductId::new("p"), VariantId::new("v")),
        inventory_item: InventoryItemId::new("i"),
        level,
        target,
        revision: Some(Revision::new(item.revision)),
        delta: target.delta_from(level)?,
    })
}

fn planned() -> impl Strategy<Value = (Item, Change)> {
    (0..20_i64, 1..9_i64, 0..20_u32).prop_filter_map("nothing to change", |(level, revision, target)| {
        let item = Item { level, revision };
        Some((item, change(item, target)?))
    })
}

fn raised() -> impl Strategy<Value = (Item, Change)> {
    (0..20_i64, 1..9_i64, 1..20_u32).prop_map(|(level, revision, more)| {
        let item = Item { level, revision };
        let target = u32::try_from(level).unwrap() + more;
        (item, change(item, target).unwrap())
    })
}

proptest! {
    #![proptest_config(many_cases())]

    /// While only buyers act in the shop, a verdict about a raise is never wrong.
    #[test]
    fn i2_sales_alone_never_deceive_a_raise(
        (mut item, change) in raised(),
        before in vec(1..4_i64, 0..3),
        arrives in any::<bool>(),
        after in vec(1..4_i64, 0..3),
    ) {
        for units in before {
            item.sell(units);
        }
        let landed = arrives && item.swap(&change);
        for units in after {
            item.sell(units);
        }
        match revision::after_unclear(&change, &item.read()) {
            Verdict::NotLanded => prop_assert_eq!(Some(Revision::new(item.revision)), change.revision),
            Verdict::Converged | Verdict::MovedSince => prop_assert!(landed),
            Verdict::Conflict => prop_assert!(!landed),
            Verdict::Suspect => {}
        }
    }

    /// Two copies of a write under one revision have one effect, and the verdict does not depend on which one landed.
    #[test]
    fn i2_a_copy_has_no_second_effect((mut item, change) in planned(), sold in 0..4_i64) {
        prop_assert!(item.swap(&change));
        item.sell(sold);
        let once = item.read();
        prop_assert!(!item.swap(&change));
        prop_assert_eq!(item.read(), once.clone());
        prop_assert_ne!(revision::after_unclear(&change, &once), Verdict::NotLanded);
        prop_assert_ne!(revision::after_unclear(&change, &once), Verdict::Conflict);
    }

    /// A write after a conflict never puts sold units back on sale, and leads to a valid target (I4).
    #[test]
    fn i2_and_i4_a_conflict_takes_what_was_sold_off_the_target(
        (mut item, first) in planned(),
        sales in vec(1..5_i64, 1..4),
    ) {
        let had = item.level;
        for units in sales {
            item.sell(units);
        }
        let sold = had - item.level;
        let wanted = (first.target.units() - sold).max(0);
        if let Some(next) = revision::replanned(&first, &item.read()) {
            prop_assert_eq!(next.target.units(), wanted);
            prop_assert!(item.swap(&next));
        }
        prop_assert_eq!(item.level, wanted);
    }
}
