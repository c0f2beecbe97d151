//! What runs leave alone, kept as changes against the run before: most of it stays the same from run to run.

use super::skip::Skip;
use crate::hash::FastSet;

/// What changed in what is left alone from one plan of the whole shop to the next.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeftAloneChanges {
    /// What is no longer left alone, or not for this reason; sorted by SKU.
    pub ended: Vec<Skip>,
    /// What is left alone for this reason from the next plan on; sorted by SKU.
    pub begun: Vec<Skip>,
}

impl LeftAloneChanges {
    /// The changes from one plan, which left `before` alone, to the next, which leaves `after` alone. A plan leaves a SKU
    /// alone for one reason.
    #[must_use]
    pub fn between(before: &[Skip], after: &[Skip]) -> Self {
        let (old, new): (FastSet<&Skip>, FastSet<&Skip>) = (before.iter().collect(), after.iter().collect());
        let sorted = |skips: &mut dyn Iterator<Item = &&Skip>| {
            let mut skips: Vec<Skip> = skips.map(|skip| (*skip).clone()).collect();
            skips.sort_unstable();
            skips
        };
        Self { ended: sorted(&mut old.difference(&new)), begun: sorted(&mut new.difference(&old)) }
    }

    /// How many SKUs the plan before did not leave alone for any reason.
    #[must_use]
    pub fn new_skus(&self) -> u64 {
        let before: FastSet<&str> = self.ended.iter().map(|skip| &*skip.sku).collect();
        let new = self.begun.iter().filter(|skip| !before.contains(&*skip.sku)).count();
        u64::try_from(new).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SkipReason;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn plan() -> impl Strategy<Value = Vec<Skip>> {
        let skip = ("[a-e]?", prop::sample::select(SkipReason::ALL))
            .prop_map(|(sku, reason)| Skip { sku: sku.as_str().into(), reason });
        prop::collection::vec(skip, 0..12)
    }

    #[test]
    fn a_sku_with_another_reason_is_not_new() {
        let skip = |sku: &str, reason| Skip { sku: sku.into(), reason };
        let before = [skip("a", SkipReason::NotInWix), skip("b", SkipReason::Untracked)];
        let after =
            [skip("a", SkipReason::Untracked), skip("b", SkipReason::Untracked), skip("c", SkipReason::Held)];
        assert_eq!(LeftAloneChanges::between(&before, &after).new_skus(), 1);
        assert_eq!(LeftAloneChanges::between(&after, &after).new_skus(), 0);
    }

    proptest! {
        /// Whatever two plans leave alone: the changes, applied to the first, give the second, and name nothing that
        /// stayed the same.
        #[test]
        fn changes_lead_from_one_plan_to_the_next(before in plan(), after in plan()) {
            let changes = LeftAloneChanges::between(&before, &after);
            let mut applied: BTreeSet<Skip> = before.into_iter().collect();
            for skip in &changes.ended {
                prop_assert!(applied.remove(skip), "{skip:?} was not left alone");
            }
            for skip in &changes.begun {
                prop_assert!(applied.insert(skip.clone()), "{skip:?} was left alone already");
            }
            prop_assert_eq!(applied, after.iter().cloned().collect());
            prop_assert!(changes.ended.iter().all(|skip| !changes.begun.contains(skip)));
            prop_assert!(changes.begun.is_sorted() && changes.ended.is_sorted());
        }
    }
}
