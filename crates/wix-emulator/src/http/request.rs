//! A request on its way through the emulator, and what the client gets for it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::StatusCode;
use serde_json::Value;

use super::routes::Route;
use crate::fault::{Action, Mutation};
use crate::rest::{Reply, parse_body};
use crate::site::{Shop, Site};

/// A request whose body has been read.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// Its number in the request log.
    pub(super) number: u64,
    pub(super) route: Route,
    /// Whether its `Content-Type` is JSON.
    pub(super) is_json: bool,
    pub(super) body: Bytes,
    /// Actions of buyers and the merchant right before it takes effect.
    pub(super) before: Vec<Action>,
    /// Actions right after.
    pub(super) after: Vec<Action>,
}

/// What the client gets.
pub(super) enum Delivery {
    Full(Reply),
    /// The head and half of the body, then the end of the connection.
    Truncated(Reply),
    /// The end of the connection, without an answer.
    Dropped,
}

impl Request {
    /// Does what the request asks for, and the actions before and after it.
    pub(super) fn take_effect(&self, site: &Arc<Site>, mutation: Mutation) -> Reply {
        perform(site, &self.before);
        let reply = self.answer(site, mutation);
        site.log().violated(self.number, self.route.endpoint(), &reply.violations);
        perform(site, &self.after);
        reply
    }

    /// Lets the request have no effect. The actions before and after it happen all the same.
    pub(super) fn skip_effect(&self, site: &Arc<Site>) {
        perform(site, &self.before);
        perform(site, &self.after);
    }

    fn answer(&self, site: &Site, mutation: Mutation) -> Reply {
        let reply = self.json().and_then(|body| self.route.answer(site, &body, self.number, mutation));
        reply.unwrap_or_else(|refusal| refusal)
    }

    /// The JSON body, `null` where the endpoint takes none. A body that is not JSON is refused with 400.
    fn json(&self) -> Result<Value, Reply> {
        if !self.route.has_body() {
            return Ok(Value::Null);
        }
        if !self.is_json {
            let message = "the Content-Type must be application/json";
            return Err(Reply::application(StatusCode::BAD_REQUEST, "INVALID_CONTENT_TYPE", message));
        }
        parse_body(&self.body)
    }
}

/// Performs actions in order, and records those that fail.
fn perform(site: &Arc<Site>, actions: &[Action]) {
    for action in actions {
        if let Err(error) = Shop::new(Arc::clone(site)).perform(action) {
            site.live().action_failed(format!("{action:?}: {error}"));
        }
    }
}
