//! Makes inventory items for variants that have none.

use std::sync::Arc;

use domain::Listing;
use sync::ports::{Clock, CreateReply, Creation, SendGate, ShopError, ShopErrorClass};
use wix::Client;
use wix::v3::create::{ITEM_ALREADY_EXISTS, NewItem};
use wix::v3::update::EntryOutcome;

use super::items::listing_of;
use super::writing::refusal;
use crate::error::port_error;
use crate::gate::ClientGate;

/// The error text for a listing that was not read from this catalog.
const NO_LOCATION: &str = "a listing names no location";

/// An item of level zero for each of `listings`, in one call.
pub(super) async fn create(
    client: &Client,
    clock: &Arc<dyn Clock>,
    listings: &[Listing],
    gate: &dyn SendGate,
) -> CreateReply {
    let items: Option<Vec<NewItem<'_>>> = listings.iter().map(new_item).collect();
    let Some(items) = items else {
        return CreateReply::Failed(ShopError::new(ShopErrorClass::Refused, NO_LOCATION));
    };
    let gate = ClientGate::new(gate, clock);
    let reply = client.v3_create_items(&items, &gate).await;
    if let Err(error) = gate.close() {
        return CreateReply::NotCommitted(error);
    }
    match reply {
        Ok(outcomes) => CreateReply::Answered(outcomes.into_iter().map(creation).collect()),
        // Of a single entry the answer to the call is that of the entry.
        Err(error) if items.len() == 1 && error.code.as_deref() == Some(ITEM_ALREADY_EXISTS) => {
            CreateReply::Answered(vec![Creation::Unclear])
        }
        Err(error) => CreateReply::Failed(port_error(&error)),
    }
}

/// The entry of a listing; `None` without a location.
fn new_item(listing: &Listing) -> Option<NewItem<'_>> {
    let key = &listing.key;
    let location = key.location.as_ref()?.as_str();
    Some(NewItem { product: key.product.as_str(), variant: key.variant.as_str(), location })
}

fn creation(outcome: EntryOutcome) -> Creation {
    match outcome {
        EntryOutcome::Written(Some(item)) => Creation::Made(listing_of(&item)),
        EntryOutcome::Refused { code, reason } if code.as_deref() != Some(ITEM_ALREADY_EXISTS) => {
            Creation::Refused(refusal(code, reason))
        }
        _ => Creation::Unclear,
    }
}
