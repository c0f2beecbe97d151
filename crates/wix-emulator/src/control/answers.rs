//! What the control endpoint does.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::{read, read_some, wrong};
use crate::act::Act;
use crate::conditions::Conditions;
use crate::fault::Fault;
use crate::reply::Reply;
use crate::shop::Shop;

/// `PUT conditions`: all of them, as if the site were started with this file.
pub(super) fn replace(shop: &Shop, body: &[u8]) -> Result<Reply, Reply> {
    let text = std::str::from_utf8(body).map_err(|error| wrong(&error))?;
    let conditions = Conditions::from_json(text).map_err(|error| wrong(&error))?;
    shop.set_conditions(conditions).map_err(|error| wrong(&error))?;
    Ok(Reply::ok(&shop.conditions()))
}

/// `PATCH conditions`: only what is given.
pub(super) fn change(shop: &Shop, body: &[u8]) -> Result<Reply, Reply> {
    let changes: Map<String, Value> = read(body)?;
    let given = |name: &str| changes.contains_key(name);
    let (faults, chaos) = (given("faults"), given("chaos"));
    let control = &mut *shop.site.control();
    let conditions = control.conditions().with(changes).map_err(|error| wrong(&error))?;
    control.set(conditions, faults, chaos);
    Ok(Reply::ok(&control.conditions()))
}

/// `POST faults`: arms one or several beside those that are armed.
pub(super) fn arm(shop: &Shop, body: &[u8]) -> Result<Reply, Reply> {
    let faults: Vec<Fault> = read_some(body)?;
    for fault in faults {
        shop.add_fault(fault);
    }
    Ok(Reply::ok(&json!({"faults": shop.conditions().faults})))
}

/// `DELETE faults`: disarms all, ends chance, and gives a revoked key back.
pub(super) fn disarm(shop: &Shop) -> Reply {
    shop.clear_faults();
    Reply::done()
}

/// `POST acts`: what buyers and the merchant do, one after the other. The first that cannot be done ends it; what was
/// done before it stays, and is answered beside its number, from 1.
pub(super) fn act(shop: &Shop, body: &[u8]) -> Result<Reply, Reply> {
    let acts: Vec<Act> = read_some(body)?;
    let mut done = Vec::with_capacity(acts.len());
    for (number, act) in (1..).zip(&acts) {
        match shop.act(act) {
            Ok(result) => done.push(result),
            Err(error) => {
                let body = json!({"message": format!("act {number}: {error}"), "done": done});
                return Err(Reply::json(StatusCode::BAD_REQUEST, &body));
            }
        }
    }
    Ok(Reply::ok(&json!({"done": done})))
}
