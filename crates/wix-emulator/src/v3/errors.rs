//! Errors that several V3 endpoints answer with: for a whole call, or for one row of a bulk call.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::rest::Reply;

/// Why a change of one item is not made. In a bulk call it fails its row, else the whole call.
#[derive(Debug, Clone)]
pub(super) struct ItemError {
    status: StatusCode,
    code: &'static str,
    description: String,
    data: Value,
}

impl ItemError {
    pub(super) fn new(status: StatusCode, code: &'static str, description: impl Into<String>) -> Self {
        Self { status, code, description: description.into(), data: json!({}) }
    }

    /// A condition that does not hold: 428 for a whole call (Wix: Inventory Items V3).
    pub(super) fn precondition(code: &'static str, description: impl Into<String>) -> Self {
        Self {
            status: StatusCode::PRECONDITION_REQUIRED,
            code,
            description: description.into(),
            data: json!({}),
        }
    }

    pub(super) fn not_found(id: &str) -> Self {
        let description = format!("inventory item {id} not found");
        Self { status: StatusCode::NOT_FOUND, code: "NOT_FOUND", description, data: json!({}) }
    }

    /// The item has changed since the revision that was sent. Code, text and data are as measured live.
    pub(super) fn outdated(id: &str) -> Self {
        Self {
            status: StatusCode::CONFLICT,
            code: "INVALID_REVISION",
            description: "Outdated revision for entity id".to_owned(),
            data: json!({"revisionViolation": {"entityId": id}}),
        }
    }

    /// The error of a poisoned listing.
    pub(super) fn poisoned(id: &str) -> Self {
        let description = format!("inventory item {id} cannot be changed");
        Self { status: StatusCode::BAD_REQUEST, code: "ENTRY_REFUSED", description, data: json!({}) }
    }

    /// As a member of a bulk result.
    pub(super) fn to_json(&self) -> Value {
        json!({"code": self.code, "description": self.description, "data": self.data})
    }
}

impl From<ItemError> for Reply {
    fn from(error: ItemError) -> Self {
        Self::application_with(error.status, error.code, &error.description, &error.data)
    }
}
