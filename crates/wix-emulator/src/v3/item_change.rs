//! Changes of inventory items: the rows of a call are judged one after the other, each on top of those before it, and
//! then made.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::bulk::RowResult;
use super::errors::ItemError;
use super::item_row::ItemRow;
use super::item_view::ItemView;
use crate::catalog::{Catalog, ChangeContext, Item, ItemPosition, ReadView};
use crate::fault::Poison;
use crate::rest::Reply;
use crate::site::{BulkFailures, ReturnedEntity, Site};

/// The rows of a call that were judged, and the items as they are after them.
pub(super) struct ItemChanges {
    poison: Poison,
    /// Whether a row named a poisoned listing.
    met_poison: bool,
    items: HashMap<ItemPosition, Item>,
    rows: Vec<JudgedRow>,
    /// What the client did wrong, although the interface takes it.
    violations: Vec<String>,
}

/// A row that was judged: what it sent, and the item after it or the error.
struct JudgedRow {
    id: Option<String>,
    sent: Json,
    outcome: Result<(ItemPosition, Item), ItemError>,
}

impl ItemChanges {
    pub(super) fn new(poison: Poison) -> Self {
        Self { poison, met_poison: false, items: HashMap::new(), rows: Vec::new(), violations: Vec::new() }
    }

    /// Judges a row: `change` gets the item after the rows before, and changes it or refuses to.
    pub(super) fn add(
        &mut self,
        catalog: &Catalog,
        sent: Json,
        at: Result<ItemPosition, ItemError>,
        change: impl FnOnce(&mut Item) -> Result<(), ItemError>,
    ) {
        let mut id = None;
        let outcome = at.and_then(|at| {
            let mut item = self.present(catalog, at)?;
            id = Some(item.id.to_string());
            change(&mut item)?;
            item.revision += 1;
            Ok((at, item))
        });
        if let Ok((at, item)) = &outcome
            && self.items.insert(*at, item.clone()).is_some()
        {
            self.note(format!("item {} stands twice in one call", item.id));
        }
        self.rows.push(JudgedRow { id, sent, outcome });
    }

    /// Notes something that the client did wrong.
    pub(super) fn note(&mut self, violation: impl Into<String>) {
        self.violations.push(violation.into());
    }

    /// The item at this position after the rows so far.
    fn present(&mut self, catalog: &Catalog, at: ItemPosition) -> Result<Item, ItemError> {
        let now = ItemRow::at(catalog, at, ReadView::NOW);
        let row = now.ok_or_else(|| ItemError::not_found("at this position"))?;
        if self.poison.covers(row.product, row.variant) {
            self.met_poison = true;
            return Err(ItemError::poisoned(&row.item.id.to_string()));
        }
        Ok(self.items.get(&at).unwrap_or(row.item).clone())
    }

    /// Makes the changes and gives the results, or refuses the whole call for its first failure where the site does so.
    pub(super) fn make(
        self,
        site: &Site,
        catalog: &mut Catalog,
        context: &ChangeContext,
        failures: BulkFailures,
        with_entities: bool,
    ) -> Result<(Vec<RowResult>, Vec<String>), Reply> {
        if self.met_poison {
            site.live().faults.count_hit();
        }
        if failures == BulkFailures::WholeCall {
            let first = self.rows.iter().find_map(|row| row.outcome.as_ref().err());
            if let Some(error) = first {
                return Err(error.clone().into());
            }
        }
        let echoes = site.behavior().returned_entity == ReturnedEntity::Echo;
        let mut results = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            let outcome = row.outcome.map(|(at, item)| {
                catalog.change_item(at, context, |now| *now = item);
                with_entities.then(|| if echoes { row.sent } else { entity(catalog, at) })
            });
            results.push(RowResult { id: row.id, outcome });
        }
        Ok((results, self.violations))
    }
}

/// The item at this position as JSON.
pub(super) fn entity(catalog: &Catalog, at: ItemPosition) -> Json {
    let row = ItemRow::at(catalog, at, ReadView::NOW);
    row.and_then(|row| serde_json::to_value(ItemView::new(row)).ok()).unwrap_or_default()
}
