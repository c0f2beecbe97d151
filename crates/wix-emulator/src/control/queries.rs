//! The requests of the control endpoint that only read.

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use super::refused;
use crate::catalog::Timestamp;
use crate::endpoint::Endpoint;
use crate::rest::Reply;
use crate::site::{RequestRecord, Shop};

/// `GET state`: the conditions as they are now, and counters.
pub(super) fn state(shop: &Shop) -> Reply {
    let requests = {
        let log = shop.site.log();
        json!({"total": log.total(), "byEndpoint": log.counts()})
    };
    let (products, entries) = {
        let catalog = shop.site.read();
        (catalog.products().count(), catalog.ledger().len())
    };
    Reply::ok(&json!({
        "conditions": shop.conditions(),
        "faultsFired": shop.faults_fired(),
        "failedActs": shop.failed_actions(),
        "requests": requests,
        "violations": shop.violations().len(),
        "products": products,
        "ledgerEntries": entries,
    }))
}

/// `GET violations`: what clients did wrong, oldest first.
pub(super) fn violations(shop: &Shop) -> Reply {
    Reply::ok(&json!({"violations": shop.violations()}))
}

/// `GET levels`: the levels of all listings by SKU.
pub(super) fn levels(shop: &Shop) -> Reply {
    Reply::ok(&json!({"levels": shop.levels_by_sku()}))
}

/// `GET ledger`: all entries or, with `?from=N`, those from entry N on, counted from 0.
pub(super) fn ledger(shop: &Shop, query: Option<&str>) -> Result<Reply, Reply> {
    let from = match query.unwrap_or("") {
        "" => 0,
        query => query
            .strip_prefix("from=")
            .and_then(|from| from.parse().ok())
            .ok_or_else(|| refused(StatusCode::BAD_REQUEST, "the ledger takes from=N, and nothing else"))?,
    };
    let catalog = shop.site.read();
    let entries = catalog.ledger().get(from..).unwrap_or_default();
    Ok(Reply::ok(&json!({"entries": entries, "next": catalog.ledger().len()})))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestView<'r> {
    number: u64,
    time: Timestamp,
    method: &'r str,
    path: &'r str,
    endpoint: Endpoint,
    status: Option<u16>,
    entries: Option<usize>,
    body: Value,
}

impl<'r> RequestView<'r> {
    fn new(record: &'r RequestRecord) -> Self {
        let text = || Value::String(String::from_utf8_lossy(&record.body).into_owned());
        Self {
            number: record.number,
            time: record.time,
            method: &record.method,
            path: &record.path,
            endpoint: record.endpoint,
            status: record.status,
            entries: record.entries,
            body: serde_json::from_slice(&record.body).unwrap_or_else(|_| text()),
        }
    }
}

/// `GET requests`: the latest requests, oldest first. A body that is not JSON is shown as text.
pub(super) fn requests(shop: &Shop) -> Reply {
    let records = shop.requests();
    Reply::ok(&json!({"requests": records.iter().map(RequestView::new).collect::<Vec<_>>()}))
}
