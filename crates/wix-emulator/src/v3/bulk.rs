//! The answers of bulk calls (Wix: Inventory Items V3): 200 with a result per row, whether it succeeded or failed.

use serde_json::{Value as Json, json};

use super::errors::ItemError;
use crate::fault::Mutation;
use crate::rest::Reply;
use crate::site::{Behavior, FailureDetail};

/// What became of one row.
#[derive(Debug)]
pub(super) struct RowResult {
    /// The id of the item, as it was sent or as it was made.
    pub(super) id: Option<String>,
    /// The item where it was asked for, or the error.
    pub(super) outcome: Result<Option<Json>, ItemError>,
}

/// The answer of a bulk call with these results, in the order of its rows. A fault may take the last result away, or
/// all of them: then rows are not named.
pub(super) fn reply(results: Vec<RowResult>, behavior: &Behavior, mutation: Mutation) -> Reply {
    let failed = results.iter().filter(|result| result.outcome.is_err()).count();
    let successes = results.len() - failed;
    let detail = behavior.failure_detail;
    let failures = if detail == FailureDetail::Omitted { 0 } else { failed };
    let undetailed = if detail == FailureDetail::CountOnly { failed } else { 0 };
    let is_named = |row: &RowResult| row.outcome.is_ok() || detail == FailureDetail::Named;
    let shown = results.into_iter().enumerate().filter(|(_, row)| is_named(row));
    let rows = mutation.rows(shown.map(|(index, result)| row(index, result)).collect::<Vec<_>>());
    Reply::ok(&json!({
        "results": rows,
        "bulkActionMetadata": {
            "totalSuccesses": successes,
            "totalFailures": failures,
            "undetailedFailures": undetailed,
        },
    }))
}

fn row(index: usize, result: RowResult) -> Json {
    let mut metadata = json!({"originalIndex": index, "success": result.outcome.is_ok()});
    if let (Some(id), Some(map)) = (result.id, metadata.as_object_mut()) {
        map.insert("id".to_owned(), Json::from(id));
    }
    match result.outcome {
        Ok(Some(entity)) => json!({"itemMetadata": metadata, "item": entity}),
        Ok(None) => json!({"itemMetadata": metadata}),
        Err(error) => {
            if let Some(map) = metadata.as_object_mut() {
                map.insert("error".to_owned(), error.to_json());
            }
            json!({"itemMetadata": metadata})
        }
    }
}
