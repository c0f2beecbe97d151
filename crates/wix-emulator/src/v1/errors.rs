//! Errors that several V1 endpoints answer with.

use axum::http::StatusCode;

use crate::rest::Reply;

pub(super) fn product_not_found(id: &str) -> Reply {
    Reply::not_found("PRODUCT_NOT_FOUND", &format!("product {id} not found"))
}

pub(super) fn item_not_found(id: &str) -> Reply {
    Reply::not_found("INVENTORY_ITEM_NOT_FOUND", &format!("inventory item {id} not found"))
}

/// The error of an entry that names a poisoned listing.
pub(super) fn poisoned(id: &str) -> Reply {
    let message = format!("item {id} cannot be changed");
    Reply::application(StatusCode::BAD_REQUEST, "ENTRY_REFUSED", &message)
}
