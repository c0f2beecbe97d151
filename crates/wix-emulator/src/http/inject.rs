//! Fault injection: what a fault does to a request and its answer.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;
use tokio::task::JoinHandle;

use super::connection::ConnectionHandle;
use super::request::{Delivery, Request};
use crate::fault::{FaultKind, FaultTiming, MissingRows, Mutation};
use crate::rest::Reply;
use crate::site::{Site, key_refused};

/// Answers a request under this fault.
pub(super) async fn inject(
    site: &Arc<Site>,
    connection: &ConnectionHandle,
    request: Request,
    kind: FaultKind,
) -> Delivery {
    let apply = |mutation: Mutation| request.take_effect(site, mutation);
    let apply_plainly = || apply(Mutation::default());
    let mutated = |mutation: Mutation| Delivery::Full(apply(mutation));
    match kind {
        FaultKind::Status { code, body } => scripted(site, &request, code, |status| match body {
            Some(body) => Reply::json(status, &body),
            None => standard(status),
        }),
        FaultKind::Html { code } => scripted(site, &request, code, Reply::html),
        FaultKind::EmptyBody { code } => scripted(site, &request, code, Reply::empty),
        FaultKind::CutBody => Delivery::Truncated(apply_plainly()),
        FaultKind::ShortBody => Delivery::Full(apply_plainly().halved()),
        FaultKind::NotJson => {
            apply_plainly();
            Delivery::Full(Reply::not_json())
        }
        FaultKind::DropBeforeApply => {
            request.skip_effect(site);
            Delivery::Dropped
        }
        FaultKind::DropAfterApply => {
            apply_plainly();
            Delivery::Dropped
        }
        FaultKind::StatusAfterApply { code } => {
            apply_plainly();
            let status = status(code);
            // A 429 that is no JSON comes from the edge, in front of everything that could be applied.
            let is_throttled = status == StatusCode::TOO_MANY_REQUESTS;
            Delivery::Full(if is_throttled { standard(status) } else { Reply::html(status) })
        }
        FaultKind::PartialApply { entries, code } => {
            apply(Mutation { entries: Some(entries), ..Mutation::default() });
            Delivery::Full(standard(status(code)))
        }
        FaultKind::ShortPage => mutated(Mutation { missing: MissingRows::Last, ..Mutation::default() }),
        FaultKind::WrongTotal => mutated(Mutation { wrong_total: true, ..Mutation::default() }),
        FaultKind::RowsMissing => mutated(Mutation { missing: MissingRows::All, ..Mutation::default() }),
        FaultKind::RowsLost => mutated(Mutation { entries: Some(0), ..Mutation::default() }),
        FaultKind::SilentSuccess => mutated(Mutation { silent: true, ..Mutation::default() }),
        FaultKind::StaleRead { lag } => mutated(Mutation { lag: Some(lag), ..Mutation::default() }),
        FaultKind::KeyRevoked { duration } => {
            request.skip_effect(site);
            revoke_key(site, duration);
            Delivery::Full(key_refused())
        }
        // Neither changes the answer here: writes ask for poison entry by entry, and the actions of `Meanwhile` are in
        // the request already.
        FaultKind::Poison { .. } | FaultKind::Meanwhile { .. } => mutated(Mutation::default()),
        FaultKind::ApplyLate { .. }
        | FaultKind::DropThenApply { .. }
        | FaultKind::Hang { .. }
        | FaultKind::RefuseConnections { .. } => inject_timed(site, connection, request, kind).await,
    }
}

/// The faults that take time.
async fn inject_timed(
    site: &Arc<Site>,
    connection: &ConnectionHandle,
    request: Request,
    kind: FaultKind,
) -> Delivery {
    match kind {
        FaultKind::ApplyLate { delay } => {
            drop(apply_later(site, connection, request, delay));
            Delivery::Full(Reply::html(StatusCode::GATEWAY_TIMEOUT))
        }
        FaultKind::DropThenApply { delay } => {
            drop(apply_later(site, connection, request, delay));
            Delivery::Dropped
        }
        FaultKind::Hang { duration, timing: FaultTiming::BeforeApply } => {
            let reply = apply_later(site, connection, request, duration).await.ok().flatten();
            reply.map_or(Delivery::Dropped, Delivery::Full)
        }
        FaultKind::Hang { duration, timing: FaultTiming::AfterApply } => {
            let reply = request.take_effect(site, Mutation::default());
            tokio::time::sleep(duration).await;
            Delivery::Full(reply)
        }
        FaultKind::RefuseConnections { duration } => {
            let reply = request.take_effect(site, Mutation::default());
            connection.port.close(duration).await;
            Delivery::Full(reply)
        }
        _ => Delivery::Full(request.take_effect(site, Mutation::default())),
    }
}

/// An answer that does not depend on the request. With a 2xx code the request takes effect first.
fn scripted(
    site: &Arc<Site>,
    request: &Request,
    code: u16,
    reply: impl FnOnce(StatusCode) -> Reply,
) -> Delivery {
    let status = status(code);
    if status.is_success() {
        request.take_effect(site, Mutation::default());
    } else {
        request.skip_effect(site);
    }
    Delivery::Full(reply(status))
}

fn revoke_key(site: &Site, duration: Duration) {
    let until = site.clock.elapsed().saturating_add(duration);
    let live = &mut *site.live();
    live.revoked_until = live.revoked_until.max(until);
}

/// Lets a request take effect after a delay, even when the client has gone. Stopping the emulator cancels it.
fn apply_later(
    site: &Arc<Site>,
    connection: &ConnectionHandle,
    request: Request,
    delay: Duration,
) -> JoinHandle<Option<Reply>> {
    let (site, stop) = (Arc::clone(site), connection.stop.clone());
    connection.tasks.spawn(async move {
        tokio::select! {
            () = stop.cancelled() => None,
            () = tokio::time::sleep(delay) => Some(request.take_effect(&site, Mutation::default())),
        }
    })
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The standard body for a status.
fn standard(status: StatusCode) -> Reply {
    if status.is_success() {
        return Reply::json(status, &json!({}));
    }
    Reply::bare(status, status.canonical_reason().unwrap_or("error"))
}
