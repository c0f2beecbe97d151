//! Values that a column keeps as JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::ports::StateError;

use super::error::unreadable;

/// The text of a value.
pub(super) fn to_json(value: &impl Serialize) -> Result<String, StateError> {
    serde_json::to_string(value).map_err(StateError::defect)
}

/// The value of a text; `what` names it in the error.
pub(super) fn from_json<T: DeserializeOwned>(what: &str, json: &str) -> Result<T, StateError> {
    serde_json::from_str(json).map_err(|error| unreadable(what, error))
}
