//! Watches whether the changes that a shop told were all of them.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::UnixMillis;
use wix::v3::inventory::InventoryItem;

/// How long a change may take until a query shows it, in milliseconds. A younger one that a query did not show says
/// nothing: the next query for changes overlaps and shows it.
const LAG_MS: i64 = 60_000;

/// What was told, and what contradicts it.
#[derive(Default)]
pub(super) struct Watch {
    watched: Mutex<Watched>,
}

#[derive(Default)]
struct Watched {
    told: Option<Told>,
    /// Items whose revision was another one than was remembered.
    conflicts: HashSet<String>,
    doubts: bool,
}

/// The answer to a query for changes.
struct Told {
    /// A moment by Wix's clock, before the query was made.
    as_of: UnixMillis,
    items: HashSet<String>,
}

impl Watch {
    fn watched(&self) -> MutexGuard<'_, Watched> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes were told: those of these items.
    pub(super) fn told(&self, as_of: UnixMillis, items: HashSet<String>) {
        self.watched().told = Some(Told { as_of, items });
    }

    /// A write found an item under another revision.
    pub(super) fn conflict(&self, item: &str) {
        self.watched().conflicts.insert(item.to_owned());
    }

    /// A write found no such item.
    pub(super) fn gone(&self) {
        self.watched().doubts = true;
    }

    /// An item was read again. If it met a conflict, and changed long before the changes were told, they should have
    /// named it.
    pub(super) fn seen(&self, item: &InventoryItem) {
        let mut watched = self.watched();
        let is_missed = watched.told.as_ref().is_some_and(|told| {
            let is_old = item.updated_ms().is_some_and(|at| at < told.as_of.saturating_sub(LAG_MS));
            is_old && !told.items.contains(&item.id) && watched.conflicts.contains(&item.id)
        });
        watched.doubts |= is_missed;
    }

    /// Whether something contradicts what was told.
    pub(super) fn doubts(&self) -> bool {
        let watched = self.watched();
        watched.told.is_some() && watched.doubts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AS_OF: i64 = 1_000_000_000;

    fn item(id: &str, changed_ms_before: i64) -> InventoryItem {
        let at = jiff::Timestamp::from_millisecond(AS_OF - changed_ms_before).unwrap();
        let text = format!(
            r#"{{"id":"{id}","revision":"2","variantId":"v","locationId":"l","productId":"p","quantity":1,
                "updatedDate":"{at}"}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn doubts(conflict: &str, told: &[&str], seen: &InventoryItem) -> bool {
        let watch = Watch::default();
        watch.told(AS_OF, told.iter().map(|id| (*id).to_owned()).collect());
        watch.conflict(conflict);
        watch.seen(seen);
        watch.doubts()
    }

    #[test]
    fn a_conflict_that_was_not_told_raises_doubts() {
        assert!(doubts("a", &["b"], &item("a", LAG_MS + 1)));
        assert!(!doubts("a", &["a"], &item("a", LAG_MS + 1)), "it was told");
        assert!(!doubts("a", &[], &item("a", LAG_MS)), "it may not have been shown yet");
        assert!(!doubts("a", &[], &item("a", -5)), "it changed later");
        assert!(!doubts("b", &[], &item("a", LAG_MS + 1)), "it met no conflict");
    }

    #[test]
    fn without_changes_that_were_told_there_is_nothing_to_doubt() {
        let watch = Watch::default();
        watch.gone();
        assert!(!watch.doubts());
        watch.told(AS_OF, HashSet::new());
        assert!(watch.doubts());
    }
}
