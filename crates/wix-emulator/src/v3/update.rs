//! Updating inventory items (Wix: Update Inventory Item, Bulk Update Inventory Items): absolute values, each with the
//! revision that the client has read.

use serde_json::{Map, Value as Json, json};

use super::bulk;
use super::errors::ItemError;
use super::item_change::{ItemChanges, entity};
use super::preorder;
use crate::catalog::{Catalog, Guid, Item, ItemPosition, MAX_QUANTITY, Preorder};
use crate::endpoint::Endpoint;
use crate::fault::{Mutation, NamedListing};
use crate::rest::{Reply, Validation, join};
use crate::site::{BulkFailures, NegativeTarget, Site};

/// The most rows of one call.
const MAX_ROWS: usize = 1_000;

/// The members of an inventory item. All but those that [`parse_item`] reads are read-only or immutable, and ignored.
/// So is `trackingMethod`, which the migration guide names: a quantity in it changes nothing (measured live).
const MEMBERS: [&str; 14] = [
    "id",
    "revision",
    "quantity",
    "inStock",
    "preorderInfo",
    "trackQuantity",
    "trackingMethod",
    "variantId",
    "locationId",
    "productId",
    "createdDate",
    "updatedDate",
    "availabilityStatus",
    "product",
];

/// The stock that a request sets: one of the two, never both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stock {
    /// Turns tracking on.
    Quantity(i64),
    /// Turns it off.
    InStock(bool),
}

/// One item of an update.
#[derive(Debug)]
struct Update {
    id: String,
    revision: u64,
    stock: Option<Stock>,
    preorder: Option<Preorder>,
    sent: Json,
}

/// `POST /stores/v3/bulk/inventory-items/update`.
pub(super) fn bulk_update(site: &Site, body: &Json, number: u64, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let empty = Map::new();
    let map = validation.object(body, "", &["inventoryItems", "returnEntity", "reason"]).unwrap_or(&empty);
    let with_entities = validation.flag(map, "", "returnEntity", false);
    check_reason(map, &mut validation);
    let mut updates = Vec::new();
    for (path, json) in rows(map, "inventoryItems", MAX_ROWS, &mut validation) {
        let row = validation.object(json, &path, &["inventoryItem"]).and_then(|row| row.get("inventoryItem"));
        updates.extend(parse_item(row, &join(&path, "inventoryItem"), None, &mut validation));
    }
    validation.finish()?;
    updates.truncate(mutation.entries.unwrap_or(MAX_ROWS));
    let behavior = site.behavior();
    let mut catalog = site.write();
    let context = site.write_context(number);
    let mut changes = ItemChanges::new(site.poison(Endpoint::BulkUpdateItems));
    for update in updates {
        let at = find(&catalog, &update.id);
        let sent = update.sent.clone();
        if sent.get("trackingMethod").is_some() {
            changes.note("trackingMethod: a quantity in it is ignored; send quantity beside the revision");
        }
        changes.add(&catalog, sent, at, |item| {
            let before = item.clone();
            update.apply(item, behavior.negative_target)?;
            if mutation.silent {
                *item = before;
            }
            Ok(())
        });
    }
    let (results, violations) =
        changes.make(site, &mut catalog, &context, behavior.bulk_updates, with_entities)?;
    Ok(violations.into_iter().fold(bulk::reply(results, &behavior, mutation), Reply::noting))
}

/// `PATCH /stores/v3/inventory-items/{id}`. An outdated revision gets 409.
pub(super) fn update(
    site: &Site,
    id: &str,
    body: &Json,
    number: u64,
    mutation: Mutation,
) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let empty = Map::new();
    let map = validation.object(body, "", &["inventoryItem", "reason"]).unwrap_or(&empty);
    check_reason(map, &mut validation);
    let update = parse_item(map.get("inventoryItem"), "inventoryItem", Some(id), &mut validation);
    validation.finish()?;
    let behavior = site.behavior();
    let mut catalog = site.write();
    let context = site.write_context(number);
    let at = find(&catalog, id)?;
    let mut changes = ItemChanges::new(site.poison(Endpoint::UpdateItem));
    if let Some(update) = update.filter(|_| mutation.entries != Some(0)) {
        let sent = update.sent.clone();
        changes.add(&catalog, sent, Ok(at), |item| update.apply(item, behavior.negative_target));
    }
    changes.make(site, &mut catalog, &context, BulkFailures::WholeCall, false)?;
    Ok(Reply::ok(&json!({"inventoryItem": entity(&catalog, at)})))
}

impl Update {
    /// Changes the item, or refuses to.
    fn apply(self, item: &mut Item, negative: NegativeTarget) -> Result<(), ItemError> {
        if self.revision != item.revision {
            return Err(ItemError::outdated(&self.id));
        }
        match self.stock {
            Some(Stock::Quantity(quantity)) => {
                let is_lower =
                    negative == NegativeTarget::Refused || !item.tracked || quantity < item.quantity;
                if quantity < 0 && is_lower {
                    let description = format!("quantity {quantity} is negative");
                    return Err(ItemError::precondition(
                        "REQUESTED_QUANTITY_MUST_BE_NON_NEGATIVE_DECREASING",
                        description,
                    ));
                }
                (item.tracked, item.quantity) = (true, quantity);
            }
            Some(Stock::InStock(in_stock)) => (item.tracked, item.in_stock) = (false, in_stock),
            None => {}
        }
        self.preorder.map_or(Ok(()), |preorder| preorder::set(item, &preorder))
    }
}

/// Where the item with this id is.
pub(super) fn find(catalog: &Catalog, id: &str) -> Result<ItemPosition, ItemError> {
    id.guid().and_then(|id| catalog.items().by_id(id)).ok_or_else(|| ItemError::not_found(id))
}

/// The rows of a list that must have 1 to `max` members, each with its path.
pub(super) fn rows<'j>(
    map: &'j Map<String, Json>,
    name: &str,
    max: usize,
    validation: &mut Validation,
) -> Vec<(String, &'j Json)> {
    let Some(list) = map.get(name).and_then(Json::as_array) else {
        validation.missing(name, name);
        return Vec::new();
    };
    validation.size(name, list.len(), max);
    list.iter().take(max).enumerate().map(|(index, json)| (format!("{name}[{index}]"), json)).collect()
}

/// Checks the reason that a write may give for itself.
pub(super) fn check_reason(map: &Map<String, Json>, validation: &mut Validation) {
    let reason = validation.text(map, "", "reason");
    if reason.is_some_and(|reason| !["ORDER", "MANUAL", "REVERT_INVENTORY_CHANGE"].contains(&reason)) {
        validation.invalid("reason", "reason must be ORDER, MANUAL or REVERT_INVENTORY_CHANGE");
    }
}

/// Reads an item of an update. `in_path` is the id in the path of a single update; the body need not repeat it.
fn parse_item(
    json: Option<&Json>,
    path: &str,
    in_path: Option<&str>,
    validation: &mut Validation,
) -> Option<Update> {
    let Some(json) = json else {
        validation.missing(path, "inventoryItem");
        return None;
    };
    let map = validation.object(json, path, &MEMBERS)?;
    if let Some(id) = in_path {
        validation.same_id(map, path, "id", id);
    }
    let id = in_path.or_else(|| validation.text(map, path, "id"));
    if id.is_none() {
        validation.missing(join(path, "id"), "id");
    }
    let revision = read_revision(map, path, validation);
    let stock = read_stock(map, path, validation);
    let preorder = preorder::read(map, path, validation);
    Some(Update { id: id?.to_owned(), revision: revision?, stock, preorder, sent: json.clone() })
}

/// Reads the revision: a whole number of 64 bits, as a text. Without it the call is refused (measured live).
pub(super) fn read_revision(map: &Map<String, Json>, path: &str, validation: &mut Validation) -> Option<u64> {
    let path = join(path, "revision");
    match map.get("revision") {
        None | Some(Json::Null) => validation.missing(path, "revision"),
        Some(json) => {
            let revision = json.as_str().and_then(|text| text.parse().ok());
            if revision.is_none() {
                validation.invalid(path, "revision must be a whole number in a string");
            }
            return revision;
        }
    }
    None
}

/// Reads the quantity (−99,999 to 99,999) or `inStock`.
pub(super) fn read_stock(map: &Map<String, Json>, path: &str, validation: &mut Validation) -> Option<Stock> {
    let given = |name: &str| map.get(name).filter(|json| !json.is_null());
    match (given("quantity"), given("inStock")) {
        (Some(_), Some(_)) => {
            validation.invalid(path, "give either quantity or inStock, not both");
            None
        }
        (Some(json), None) => {
            let quantity = json.as_i64().filter(|quantity| (-MAX_QUANTITY..=MAX_QUANTITY).contains(quantity));
            if quantity.is_none() {
                let path = join(path, "quantity");
                validation.invalid(
                    path,
                    format!("quantity must be a whole number from -{MAX_QUANTITY} to {MAX_QUANTITY}"),
                );
            }
            quantity.map(Stock::Quantity)
        }
        (None, Some(_)) => Some(Stock::InStock(validation.flag(map, path, "inStock", false))),
        (None, None) => None,
    }
}

/// The listings that the rows of an update name. Rows that name none are left out.
pub(super) fn named_listings(body: &[u8]) -> Vec<NamedListing> {
    let body: Json = serde_json::from_slice(body).unwrap_or_default();
    let id = |row: &Json| {
        let id = row.pointer("/inventoryItem/id").and_then(Json::as_str).and_then(Guid::guid)?;
        Some(NamedListing::Item(id))
    };
    let rows = body.get("inventoryItems").and_then(Json::as_array);
    rows.into_iter().flatten().filter_map(id).collect()
}
