//! What happened to levels between runs: sold, or raised by another program.
//!
//! A level that falls after a run was sold or taken away, which is what a shop is for. One that rises was taken back
//! or edited; many of them, or the same one again and again, look like another program that writes to the shop.

use crate::count::count;
use crate::hash::FastMap;
use crate::{Level, ListingKey, Sku};

/// A SKU that rises between runs so often is not explained by returned goods.
const OFTEN: u32 = 3;
/// Fewer SKUs that rose say nothing.
const FEW: u64 = 3;
/// From this percentage of all compared SKUs on, those that rose are too many for returned goods.
const MANY_PERCENT: u64 = 10;

/// A listing as one run saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Which one.
    pub key: ListingKey,
    /// Its SKU.
    pub sku: Sku,
    /// The level that the run read first.
    pub read: Level,
    /// The level that it read last; `None` where what it wrote was not seen in place.
    pub left: Option<Level>,
}

/// What happened between the runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drift {
    /// SKUs that were seen more than once.
    pub compared: u64,
    /// Those that rose while no run wrote, with how often, in order.
    pub risen: Vec<(Sku, u32)>,
}

impl Drift {
    /// Compares what each run saw with what the one before it had left; `runs` are in the order of time.
    #[must_use]
    pub fn between(runs: impl IntoIterator<Item = Vec<Sighting>>) -> Self {
        let mut left: FastMap<ListingKey, Option<Level>> = FastMap::default();
        let mut times_up: FastMap<Sku, u32> = FastMap::default();
        for sighting in runs.into_iter().flatten() {
            let before = left.insert(sighting.key, sighting.left);
            if let Some(before) = before.flatten() {
                *times_up.entry(sighting.sku).or_default() += u32::from(sighting.read > before);
            }
        }
        let compared = count(times_up.len());
        let mut risen: Vec<_> = times_up.into_iter().filter(|(_, times)| *times > 0).collect();
        risen.sort();
        Self { compared, risen }
    }

    /// Whether another writer is likely.
    #[must_use]
    pub fn suggests_another_writer(&self) -> bool {
        let risen = count(self.risen.len());
        let many = risen >= FEW && risen.saturating_mul(100) >= self.compared.saturating_mul(MANY_PERCENT);
        many || self.risen.iter().any(|(_, times)| *times >= OFTEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ProductId, VariantId};

    fn seen(sku: &str, read: i64, left: Option<i64>) -> Sighting {
        Sighting {
            key: ListingKey::new(ProductId::new(sku), VariantId::whole_product()),
            sku: Sku::parse(sku).unwrap(),
            read: Level::new(read).unwrap(),
            left: left.and_then(Level::new),
        }
    }

    fn names(drift: &Drift) -> Vec<(&str, u32)> {
        drift.risen.iter().map(|(sku, times)| (sku.as_str(), *times)).collect()
    }

    #[test]
    fn what_falls_was_sold_and_what_times_up_is_told() {
        let drift = Drift::between([
            vec![seen("sold", 1, Some(9)), seen("risen", 1, Some(9)), seen("still", 1, Some(9))],
            vec![seen("sold", 7, Some(9)), seen("risen", 10, Some(9)), seen("still", 9, Some(2))],
            vec![seen("sold", 9, Some(9)), seen("new", 5, Some(6))],
        ]);
        assert_eq!((drift.compared, names(&drift)), (3, vec![("risen", 1)]));
        assert!(!drift.suggests_another_writer());
    }

    #[test]
    fn what_was_not_seen_in_place_is_not_compared() {
        let drift = Drift::between([vec![seen("A", 1, None)], vec![seen("A", 9, Some(9))]]);
        assert_eq!(drift, Drift::default());
    }

    #[test]
    fn one_sku_again_and_again_or_many_at_once_suggest_another_writer() {
        let again = |times: usize| Drift::between(vec![vec![seen("A", 9, Some(5))]; times]);
        assert!(!again(3).suggests_another_writer());
        assert!(again(4).suggests_another_writer());
        let many = |risen: usize| {
            let run = |level: usize| {
                (0..40).map(|n| seen(&n.to_string(), if n < level { 9 } else { 5 }, Some(5))).collect()
            };
            Drift::between([run(0), run(risen)])
        };
        assert!(!many(3).suggests_another_writer());
        assert!(many(4).suggests_another_writer());
    }
}
