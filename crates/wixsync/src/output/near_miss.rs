//! Two SKUs that nearly match, for people and for programs.

use domain::stock::near_miss::{Difference, NearMiss};
use messages::{Messages, Text};
use serde_json::Value;

use super::sku::printable;

/// For people.
pub(crate) fn text(messages: Messages, pair: &NearMiss) -> String {
    let text = Text::new("doctor-pair").with("warehouse", printable(pair.warehouse.as_str()));
    let text = text.with("shop", printable(pair.shop.as_str()));
    messages.say(&text.with("differences", differences(messages, &pair.differences)))
}

/// How two spellings differ, for people.
pub(super) fn differences(messages: Messages, differences: &[Difference]) -> String {
    // Every code has its sentence; a test of `messages` holds that.
    let said =
        |code: &str| messages.coded("difference", code, &Text::new("")).unwrap_or_else(|| code.to_owned());
    differences.iter().map(|one| said(one.code())).collect::<Vec<_>>().join(", ")
}

/// For programs.
pub(crate) fn json(pair: &NearMiss) -> Value {
    serde_json::json!({"warehouse": pair.warehouse, "shop": pair.shop, "differences": pair.differences})
}
