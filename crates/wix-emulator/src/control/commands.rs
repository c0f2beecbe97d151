//! The requests of the control endpoint that change something.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::{invalid, read, read_list};
use crate::fault::{Action, Fault};
use crate::rest::Reply;
use crate::site::{Conditions, Shop};

/// `PUT conditions`: replaces all conditions, as if the site were started with them.
pub(super) fn replace(shop: &Shop, body: &[u8]) -> Result<Reply, Reply> {
    let text = std::str::from_utf8(body).map_err(|error| invalid(&error))?;
    let conditions = Conditions::from_json(text).map_err(|error| invalid(&error))?;
    shop.set_conditions(conditions).map_err(|error| invalid(&error))?;
    Ok(Reply::ok(&shop.conditions()))
}

/// `PATCH conditions`: replaces the members that are given.
pub(super) fn change(shop: &Shop, body: &[u8]) -> Result<Reply, Reply> {
    let changes: Map<String, Value> = read(body)?;
    let given = |name: &str| changes.contains_key(name);
    let (faults, chaos) = (given("faults"), given("chaos"));
    let live = &mut *shop.site.live();
    let conditions = live.snapshot().with(changes).map_err(|error| invalid(&error))?;
    live.replace(conditions, faults, chaos);
    Ok(Reply::ok(&live.snapshot()))
}

/// `POST faults`: arms one or several faults beside those that are armed.
pub(super) fn arm(shop: &Shop, body: &[u8]) -> Result<Reply, Reply> {
    let faults: Vec<Fault> = read_list(body)?;
    for fault in faults {
        shop.add_fault(fault);
    }
    Ok(Reply::ok(&json!({"faults": shop.conditions().faults})))
}

/// `DELETE faults`: disarms all faults, ends chaos, and accepts a revoked key again.
pub(super) fn disarm(shop: &Shop) -> Reply {
    shop.clear_faults();
    Reply::done()
}

/// `POST acts`: performs actions in order, up to the first that fails. Actions before it are not undone; the error gives
/// their results and the number of the failed action, counted from 1.
pub(super) fn perform(shop: &Shop, body: &[u8]) -> Result<Reply, Reply> {
    let actions: Vec<Action> = read_list(body)?;
    let mut done = Vec::with_capacity(actions.len());
    for (number, action) in (1..).zip(&actions) {
        match shop.perform(action) {
            Ok(result) => done.push(result),
            Err(error) => {
                let body = json!({"message": format!("act {number}: {error}"), "done": done});
                return Err(Reply::json(StatusCode::BAD_REQUEST, &body));
            }
        }
    }
    Ok(Reply::ok(&json!({"done": done})))
}
