//! The preorder settings of an inventory item (Wix: Inventory Items V3).

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::errors::ItemError;
use crate::catalog::{Item, Preorder};
use crate::rest::{Validation, join};

/// The limit of an item that is given none.
const DEFAULT_LIMIT: u64 = 100_000;
const MAX_MESSAGE: usize = 250;

#[derive(Debug, Serialize)]
pub(super) struct PreorderView<'c> {
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counter: Option<u64>,
}

impl<'c> PreorderView<'c> {
    /// The limit and the counter are shown only where preorders are open and Wix counts the stock.
    pub(super) fn new(item: &'c Item) -> Self {
        let preorder = item.preorder();
        let counts = preorder.enabled && item.tracked;
        Self {
            enabled: preorder.enabled,
            message: preorder.message.as_deref(),
            limit: counts.then(|| preorder.limit.unwrap_or(DEFAULT_LIMIT)),
            counter: counts.then_some(preorder.counter),
        }
    }
}

/// Reads `preorderInfo` of an item; the counter and the quantity in it are read-only, and ignored.
pub(super) fn read(map: &Map<String, Json>, path: &str, validation: &mut Validation) -> Option<Preorder> {
    let json = map.get("preorderInfo").filter(|json| !json.is_null())?;
    let path = join(path, "preorderInfo");
    let map = validation.object(json, &path, &["enabled", "message", "limit", "counter", "quantity"])?;
    let given = |name: &str| map.get(name).is_some_and(|json| !json.is_null());
    let enabled = validation.flag(map, &path, "enabled", false);
    let message = if given("message") { validation.text(map, &path, "message") } else { None };
    if let Some(message) = message {
        validation.size(&join(&path, "message"), message.chars().count(), MAX_MESSAGE);
    }
    let limit = if given("limit") { validation.unsigned(map, &path, "limit") } else { None };
    if limit.is_some_and(|limit| limit > DEFAULT_LIMIT) {
        validation.above_max(&join(&path, "limit"), 100_000);
    }
    Some(Preorder { enabled, message: message.map(ToOwned::to_owned), limit, counter: 0 })
}

/// The settings of the item after a request; a limit belongs to a tracked item alone.
pub(super) fn set(item: &mut Item, preorder: &Preorder) -> Result<(), ItemError> {
    if preorder.limit.is_some() && !item.tracked {
        let description = "a preorder limit needs a tracked item";
        return Err(ItemError::precondition("PRE_ORDER_VALIDATION", description));
    }
    let counter = item.preorder().counter;
    item.preorder = Some(Box::new(Preorder { counter, ..preorder.clone() }));
    Ok(())
}
