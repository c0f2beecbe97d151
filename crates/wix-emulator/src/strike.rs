//! What a fault makes of a request and its answer.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use crate::auth;
use crate::connection::Link;
use crate::fault::{FaultKind, HangMoment};
use crate::pipeline::{Asked, Outcome};
use crate::reply::Reply;
use crate::site::Site;
use crate::v1::Bend;

/// Answers a request that a fault hits.
pub(crate) async fn strike(site: &Arc<Site>, link: &Link, asked: Asked, kind: FaultKind) -> Outcome {
    let now = |bend: Bend| asked.take_effect(site, bend);
    let plainly = || now(Bend::default());
    let whole = |bend: Bend| Outcome::Whole(now(bend));
    match kind {
        FaultKind::Status { code, body } => scripted(site, &asked, code, |status| match body {
            Some(body) => Reply::json(status, &body),
            None => plain(status),
        }),
        FaultKind::Html { code } => scripted(site, &asked, code, Reply::html),
        FaultKind::EmptyBody { code } => scripted(site, &asked, code, Reply::empty),
        FaultKind::CutBody => Outcome::Cut(plainly()),
        FaultKind::ShortBody => Outcome::Whole(plainly().halved()),
        FaultKind::NotJson => {
            plainly();
            Outcome::Whole(Reply::not_json())
        }
        FaultKind::DropBeforeApply => {
            asked.pass(site);
            Outcome::Nothing
        }
        FaultKind::DropAfterApply => {
            plainly();
            Outcome::Nothing
        }
        FaultKind::StatusAfterApply { code } => {
            plainly();
            Outcome::Whole(Reply::html(status(code)))
        }
        FaultKind::PartialApply { entries, code } => {
            now(Bend { entries: Some(entries), ..Bend::default() });
            Outcome::Whole(plain(status(code)))
        }
        FaultKind::ShortPage => whole(Bend { short_page: true, ..Bend::default() }),
        FaultKind::WrongTotal => whole(Bend { wrong_total: true, ..Bend::default() }),
        FaultKind::StaleRead { lag } => whole(Bend { lag: Some(lag), ..Bend::default() }),
        FaultKind::KeyRevoked { duration } => {
            asked.pass(site);
            revoke(site, duration);
            Outcome::Whole(auth::refused())
        }
        // These two are no strikes: the one is asked for entry by entry, the other lies in `asked` by now.
        FaultKind::Poison { .. } | FaultKind::Meanwhile { .. } => whole(Bend::default()),
        FaultKind::ApplyLate { .. }
        | FaultKind::DropThenApply { .. }
        | FaultKind::Hang { .. }
        | FaultKind::RefuseConnections { .. } => in_time(site, link, asked, kind).await,
    }
}

/// The faults that are a matter of time.
async fn in_time(site: &Arc<Site>, link: &Link, asked: Asked, kind: FaultKind) -> Outcome {
    match kind {
        FaultKind::ApplyLate { delay } => {
            drop(later(site, link, asked, delay));
            Outcome::Whole(Reply::html(StatusCode::GATEWAY_TIMEOUT))
        }
        FaultKind::DropThenApply { delay } => {
            drop(later(site, link, asked, delay));
            Outcome::Nothing
        }
        FaultKind::Hang { duration, moment: HangMoment::BeforeApply } => {
            let reply = later(site, link, asked, duration).await.ok().flatten();
            reply.map_or(Outcome::Nothing, Outcome::Whole)
        }
        FaultKind::Hang { duration, moment: HangMoment::AfterApply } => {
            let reply = asked.take_effect(site, Bend::default());
            tokio::time::sleep(duration).await;
            Outcome::Whole(reply)
        }
        FaultKind::RefuseConnections { duration } => {
            let reply = asked.take_effect(site, Bend::default());
            link.port.close(duration).await;
            Outcome::Whole(reply)
        }
        _ => Outcome::Whole(asked.take_effect(site, Bend::default())),
    }
}

/// An answer that is given whatever was asked; with a code of the 200 family the request takes effect first.
fn scripted(site: &Arc<Site>, asked: &Asked, code: u16, reply: impl FnOnce(StatusCode) -> Reply) -> Outcome {
    let status = status(code);
    if status.is_success() {
        asked.take_effect(site, Bend::default());
    } else {
        asked.pass(site);
    }
    Outcome::Whole(reply(status))
}

fn revoke(site: &Site, duration: Duration) {
    let until = site.clock.elapsed().saturating_add(duration);
    let control = &mut *site.control();
    control.revoked_until = control.revoked_until.max(until);
}

/// Lets a request take effect after a while, whether or not the client still waits. The emulator's end ends it too.
fn later(
    site: &Arc<Site>,
    link: &Link,
    asked: Asked,
    delay: Duration,
) -> tokio::task::JoinHandle<Option<Reply>> {
    let (site, stop) = (Arc::clone(site), link.stop.clone());
    link.tasks.spawn(async move {
        tokio::select! {
            () = stop.cancelled() => None,
            () = tokio::time::sleep(delay) => Some(asked.take_effect(&site, Bend::default())),
        }
    })
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The standard error body for a status.
fn plain(status: StatusCode) -> Reply {
    if status.is_success() {
        return Reply::json(status, &json!({}));
    }
    Reply::bare(status, status.canonical_reason().unwrap_or("error"))
}
