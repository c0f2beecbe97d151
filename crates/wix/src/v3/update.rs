//! Writes levels by bulk update: each entry names the revision that it was planned on and takes effect only while the
//! item has it.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::inventory::InventoryItem;
use crate::reply::{INVALID_REVISION, plain};
use crate::{Client, SendGate, WixError};

const BULK_UPDATE: &str = "stores/v3/bulk/inventory-items/update";

/// One entry of a bulk update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewQuantity<'a> {
    /// The inventory item.
    pub item: &'a str,
    /// The revision that the item must have.
    pub revision: i64,
    /// Its new level.
    pub quantity: i64,
}

/// What an answer says of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryOutcome {
    /// It was written. The item as it is now, if the answer shows it.
    Written(Option<InventoryItem>),
    /// The item has another revision; this entry had no effect.
    Conflict,
    /// Wix refused it; this entry had no effect.
    Refused {
        /// Wix's code, if it names one.
        code: Option<String>,
        /// Wix's reason.
        reason: String,
    },
    /// It was the only entry, and Wix counts it as failed without saying why: it may also be a conflict.
    Failed,
    /// The answer does not say what became of it.
    NotNamed,
}

/// The answer to a bulk call.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reply {
    results: Vec<Row>,
    #[serde(default, deserialize_with = "crate::lenient::if_any")]
    bulk_action_metadata: BulkMetadata,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BulkMetadata {
    /// Failures that no row names.
    #[serde(default, deserialize_with = "crate::lenient::if_any")]
    undetailed_failures: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    item_metadata: RowMetadata,
    #[serde(default)]
    item: Option<InventoryItem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RowMetadata {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    original_index: Option<usize>,
    success: bool,
    #[serde(default)]
    error: Option<RowError>,
}

#[derive(Deserialize)]
struct RowError {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    description: Option<String>,
}

impl Row {
    /// The position of its entry: by id, else by index. An answer does not promise the order of the entries.
    fn entry(&self, by_id: &HashMap<&str, usize>, entries: usize) -> Option<usize> {
        let named = self.item_metadata.id.as_deref().and_then(|id| by_id.get(id)).copied();
        named.or(self.item_metadata.original_index.filter(|at| *at < entries))
    }

    fn outcome(self, is_of_entry: impl FnOnce(&InventoryItem) -> bool) -> EntryOutcome {
        let Self { item_metadata: metadata, item } = self;
        match (metadata.success, metadata.error) {
            (true, None) => match item {
                Some(item) if !is_of_entry(&item) => EntryOutcome::NotNamed,
                item => EntryOutcome::Written(item),
            },
            (true, Some(_)) => EntryOutcome::NotNamed,
            (false, error) => {
                let (code, description) = error.map_or((None, None), |error| (error.code, error.description));
                if code.as_deref() == Some(INVALID_REVISION) {
                    return EntryOutcome::Conflict;
                }
                let reason = plain(&description.unwrap_or_default());
                EntryOutcome::Refused { code: code.map(|code| plain(&code)), reason }
            }
        }
    }
}

fn body(entries: &[NewQuantity<'_>]) -> Value {
    // `quantity` stands flat in the item: Wix ignores one that is nested, without an error.
    let entry = |one: &NewQuantity<'_>| {
        let (id, revision, quantity) = (one.item, one.revision.to_string(), one.quantity);
        json!({"inventoryItem": {"id": id, "revision": revision, "quantity": quantity}})
    };
    let items: Vec<Value> = entries.iter().map(entry).collect();
    json!({"inventoryItems": items, "returnEntity": true, "reason": "MANUAL"})
}

fn outcomes(entries: &[NewQuantity<'_>], reply: Reply) -> Vec<EntryOutcome> {
    let by_id = entries.iter().enumerate().map(|(at, one)| (one.item, at)).collect();
    reply.outcomes(entries, &by_id, |entry, item| item.id == entry.item)
}

impl Reply {
    /// What it says of each entry. An entry that no row names, or several, is not named; with failures that no row
    /// names, none is. A call of one entry that counts such a failure can only mean that entry.
    pub(super) fn outcomes<E>(
        self,
        entries: &[E],
        by_id: &HashMap<&str, usize>,
        is_of: impl Fn(&E, &InventoryItem) -> bool,
    ) -> Vec<EntryOutcome> {
        let hides_failures = self.bulk_action_metadata.undetailed_failures > 0;
        if hides_failures && entries.len() == 1 && self.results.is_empty() {
            return vec![EntryOutcome::Failed];
        }
        let mut outcomes: Vec<Option<EntryOutcome>> = vec![None; entries.len()];
        let rows = if hides_failures { Vec::new() } else { self.results };
        for row in rows {
            let Some(at) = row.entry(by_id, entries.len()) else { continue };
            if let (Some(entry), Some(outcome)) = (entries.get(at), outcomes.get_mut(at)) {
                let said = row.outcome(|item| is_of(entry, item));
                *outcome = Some(if outcome.is_none() { said } else { EntryOutcome::NotNamed });
            }
        }
        outcomes.into_iter().map(|outcome| outcome.unwrap_or(EntryOutcome::NotNamed)).collect()
    }
}

impl Client {
    /// Sets levels, in one call of at most [`super::PAGE`] entries, each of another item. Sent once. Gives what the
    /// answer says of each entry, in their order.
    pub async fn v3_set_quantities(
        &self,
        entries: &[NewQuantity<'_>],
        gate: &dyn SendGate,
    ) -> Result<Vec<EntryOutcome>, WixError> {
        let reply: Reply = self.write(BULK_UPDATE, &body(entries), gate).await?;
        Ok(self.masked_outcomes(outcomes(entries, reply)).await)
    }

    /// The outcomes with the secrets masked that Wix repeated in a reason.
    pub(super) async fn masked_outcomes(&self, mut outcomes: Vec<EntryOutcome>) -> Vec<EntryOutcome> {
        for outcome in &mut outcomes {
            if let EntryOutcome::Refused { code, reason } = outcome {
                *reason = self.masked(reason).await;
                if let Some(code) = code {
                    *code = self.masked(code).await;
                }
            }
        }
        outcomes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRIES: [NewQuantity<'_>; 3] = [
        NewQuantity { item: "a", revision: 7, quantity: 12 },
        NewQuantity { item: "b", revision: 8, quantity: 0 },
        NewQuantity { item: "c", revision: 9, quantity: 5 },
    ];

    fn said(reply: Value) -> Vec<EntryOutcome> {
        outcomes(&ENTRIES, serde_json::from_value(reply).unwrap())
    }

    fn row(id: &str, index: usize) -> Value {
        let item = json!({"id": id, "revision": "8", "quantity": 12, "trackQuantity": true, "variantId": "v",
            "locationId": "l", "productId": "p"});
        json!({"itemMetadata": {"id": id, "originalIndex": index, "success": true}, "item": item})
    }

    fn failed(id: &str, index: usize, code: &str) -> Value {
        let error = json!({"code": code, "description": "said so",
            "data": {"revisionViolation": {"entityId": id}}});
        json!({"itemMetadata": {"id": id, "originalIndex": index, "success": false, "error": error}})
    }

    #[test]
    fn entries_are_wrapped_and_their_quantity_is_flat() {
        let due = json!({"inventoryItems": [{"inventoryItem": {"id": "a", "revision": "7", "quantity": 12}}],
            "returnEntity": true, "reason": "MANUAL"});
        assert_eq!(body(&ENTRIES[..1]), due);
    }

    #[test]
    fn each_entry_has_the_answer_of_its_row_in_whatever_order_they_come() {
        let said = said(json!({
            "results": [failed("c", 2, "INVALID_REVISION"), row("a", 0), failed("b", 1, "PRE_ORDER_VALIDATION")],
            "bulkActionMetadata": {"totalSuccesses": 1, "totalFailures": 2, "undetailedFailures": 0}}));
        let EntryOutcome::Written(Some(item)) = &said[0] else { panic!("{said:?}") };
        assert_eq!((item.quantity, item.revision), (Some(12), Some(8)));
        let refused =
            EntryOutcome::Refused { code: Some("PRE_ORDER_VALIDATION".into()), reason: "said so".into() };
        assert_eq!(said[1..], [refused, EntryOutcome::Conflict]);
    }

    #[test]
    fn what_no_row_names_is_not_known() {
        let index_alone = json!({"itemMetadata": {"originalIndex": 1, "success": true}});
        let one = said(json!({"results": [index_alone, {"itemMetadata": {"success": true}}]}));
        assert_eq!(one, [EntryOutcome::NotNamed, EntryOutcome::Written(None), EntryOutcome::NotNamed]);
        let twice = said(json!({"results": [row("a", 0), failed("a", 0, "X"), row("a", 0), row("z", 9)]}));
        assert_eq!(twice, vec![EntryOutcome::NotNamed; 3]);
        let undetailed = said(json!({"results": [row("a", 0), row("b", 1)],
            "bulkActionMetadata": {"undetailedFailures": 1}}));
        assert_eq!(undetailed, vec![EntryOutcome::NotNamed; 3]);
    }

    #[test]
    fn a_failure_that_is_only_counted_is_that_of_a_single_entry() {
        let said = |entries: &[NewQuantity<'_>], results: Value| {
            let reply = json!({"results": results, "bulkActionMetadata": {"undetailedFailures": 1}});
            outcomes(entries, serde_json::from_value(reply).unwrap())
        };
        assert_eq!(said(&ENTRIES[..1], json!([])), [EntryOutcome::Failed]);
        assert_eq!(said(&ENTRIES[..2], json!([])), vec![EntryOutcome::NotNamed; 2]);
        assert_eq!(
            said(&ENTRIES[..1], json!([row("a", 0)])),
            [EntryOutcome::NotNamed],
            "it contradicts itself"
        );
    }

    #[test]
    fn a_row_that_contradicts_itself_says_nothing() {
        let mut foreign = row("a", 0);
        foreign["item"]["id"] = json!("b");
        let mut with_error = row("b", 1);
        with_error["itemMetadata"]["error"] = json!({"code": "X"});
        let said = said(json!({"results": [foreign, with_error]}));
        assert_eq!(said, vec![EntryOutcome::NotNamed; 3]);
    }
}
