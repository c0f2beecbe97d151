//! Relative changes (Wix: Bulk Increment and Decrement Inventory Items, by id or by variant and location): up to 300
//! rows of 1 to 99,999 units. They take no revision.

use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::bulk;
use super::create::unknown_location;
use super::errors::ItemError;
use super::item_change::ItemChanges;
use super::update::{check_reason, find, rows};
use crate::catalog::{Catalog, DEFAULT_LOCATION, Guid, Item, ItemPosition, MAX_QUANTITY, Preorder};
use crate::endpoint::Endpoint;
use crate::fault::{Mutation, NamedListing};
use crate::rest::{Reply, Validation, join};
use crate::site::Site;

/// The most rows of one call.
const MAX_ROWS: usize = 300;

/// A call: which way the levels go, and how its rows name the items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Delta {
    up: bool,
    by_variant: bool,
}

/// What a row names.
#[derive(Debug)]
enum Target {
    Item(String),
    /// The variant at a location, the default one when absent.
    Variant(Uuid, Option<Uuid>),
}

/// One row.
#[derive(Debug)]
struct Row {
    target: Target,
    by: i64,
    preorder: bool,
    sent: Json,
}

impl Delta {
    /// The call with this name in its path.
    pub(super) fn named(call: &str) -> Option<Self> {
        let (direction, by_variant) = match call.strip_suffix("-by-variant-and-location") {
            Some(direction) => (direction, true),
            None => (call, false),
        };
        match direction {
            "increment" => Some(Self { up: true, by_variant }),
            "decrement" => Some(Self { up: false, by_variant }),
            _ => None,
        }
    }

    pub(super) fn endpoint(self) -> Endpoint {
        match (self.up, self.by_variant) {
            (true, false) => Endpoint::BulkIncrementItems,
            (false, false) => Endpoint::BulkDecrementItems,
            (true, true) => Endpoint::BulkIncrementVariants,
            (false, true) => Endpoint::BulkDecrementVariants,
        }
    }

    fn list(self) -> &'static str {
        if self.up { "incrementData" } else { "decrementData" }
    }

    fn amount(self) -> &'static str {
        if self.up { "incrementBy" } else { "decrementBy" }
    }

    /// The listings that the rows of a body name by item. Rows that name none are left out.
    pub(super) fn named_listings(self, body: &[u8]) -> Vec<NamedListing> {
        let body: Json = serde_json::from_slice(body).unwrap_or_default();
        let id = |row: &Json| row.get("inventoryItemId").and_then(Json::as_str).and_then(Guid::guid);
        let rows = body.get(self.list()).and_then(Json::as_array);
        rows.into_iter().flatten().filter_map(id).map(NamedListing::Item).collect()
    }

    fn read(self, json: &Json, path: &str, validation: &mut Validation) -> Option<Row> {
        let mut members = vec![self.amount()];
        members.extend(if self.by_variant { &["variantId", "locationId"][..] } else { &["inventoryItemId"] });
        if !self.up {
            members.push("preorderRequest");
        }
        let map = validation.object(json, path, &members)?;
        let target = if self.by_variant {
            let location = match map.get("locationId") {
                None | Some(Json::Null) => None,
                Some(_) => validation.guid(map, path, "locationId"),
            };
            validation.guid(map, path, "variantId").map(|variant| Target::Variant(variant, location))
        } else {
            let id = validation.text(map, path, "inventoryItemId");
            if id.is_none() {
                validation.missing(join(path, "inventoryItemId"), "inventoryItemId");
            }
            id.map(|id| Target::Item(id.to_owned()))
        };
        let preorder = validation.flag(map, path, "preorderRequest", false);
        let by = self.read_amount(map, path, validation);
        Some(Row { target: target?, by: by?, preorder, sent: json.clone() })
    }

    fn read_amount(self, map: &Map<String, Json>, path: &str, validation: &mut Validation) -> Option<i64> {
        let by = map.get(self.amount()).and_then(Json::as_i64);
        let path = join(path, self.amount());
        match by {
            None => validation.invalid(path, format!("{} must be a whole number", self.amount())),
            Some(..1) => validation.below_min(&path, 1),
            Some(by) if by > MAX_QUANTITY => validation.above_max(&path, 99_999),
            Some(by) => return Some(by),
        }
        None
    }

    /// The change of one item.
    fn apply(self, row: &Row, restrict: bool, item: &mut Item) -> Result<(), ItemError> {
        let id = item.id;
        if !item.tracked {
            let description = format!("inventory item {id} is not tracked");
            return Err(ItemError::precondition("INVENTORY_QUANTITY_NOT_TRACKED", description));
        }
        if row.preorder && item.preorder().enabled {
            let counter = item.preorder().counter + row.by.unsigned_abs();
            item.preorder = Some(Box::new(Preorder { counter, ..item.preorder().clone() }));
            return Ok(());
        }
        let next = if self.up { item.quantity + row.by } else { item.quantity - row.by };
        let refuse = |code, what: &str| {
            let description = format!("inventory item {id}: {next} is {what}");
            Err(ItemError::precondition(code, description))
        };
        if next > MAX_QUANTITY {
            return refuse("MAX_QUANTITY_LIMIT_REACHED", "above 99999");
        }
        if !self.up && restrict && next < 0 {
            return refuse("INSUFFICIENT_INVENTORY", "below zero");
        }
        if next < -MAX_QUANTITY {
            return refuse("MIN_QUANTITY_LIMIT_REACHED", "below -99999");
        }
        item.quantity = next;
        Ok(())
    }
}

impl Target {
    /// Where the item is. Several variants with the same id: the first one.
    fn find(&self, catalog: &Catalog) -> Result<ItemPosition, ItemError> {
        match self {
            Self::Item(id) => find(catalog, id),
            Self::Variant(id, location) => {
                let location = match location {
                    None => DEFAULT_LOCATION,
                    Some(id) => catalog.location(*id).ok_or_else(|| unknown_location(*id))?,
                };
                let exists = |at: &ItemPosition| {
                    let (_, variant) = catalog.listing(at.listing())?;
                    variant.item_at(location).filter(|item| item.exists)
                };
                let found = catalog.by_variant(*id).map(|listing| ItemPosition::new(listing, location));
                found
                    .into_iter()
                    .find(|at| exists(at).is_some())
                    .ok_or_else(|| ItemError::not_found(&format!("of variant {id} at this location")))
            }
        }
    }
}

/// `POST /stores/v3/bulk/inventory-items/increment`, `…/decrement`, and both `…-by-variant-and-location`.
pub(super) fn change(
    site: &Site,
    delta: Delta,
    body: &Json,
    number: u64,
    mutation: Mutation,
) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let empty = Map::new();
    let members = [delta.list(), "returnEntity", "reason", "restrictInventory"];
    let members = if delta.up { members.get(..3).unwrap_or(&members) } else { &members };
    let map = validation.object(body, "", members).unwrap_or(&empty);
    let with_entities = validation.flag(map, "", "returnEntity", false);
    let behavior = site.behavior();
    let restricts = !delta.by_variant || behavior.restricts_by_variant;
    let restrict = validation.flag(map, "", "restrictInventory", restricts);
    check_reason(map, &mut validation);
    let mut list = Vec::new();
    for (path, json) in rows(map, delta.list(), MAX_ROWS, &mut validation) {
        list.extend(delta.read(json, &path, &mut validation));
    }
    validation.finish()?;
    list.truncate(mutation.entries.unwrap_or(MAX_ROWS));
    let mut catalog = site.write();
    let context = site.write_context(number);
    let mut changes = ItemChanges::new(site.poison(delta.endpoint()));
    for row in list {
        let at = row.target.find(&catalog);
        changes.add(&catalog, row.sent.clone(), at, |item| delta.apply(&row, restrict, item));
    }
    if !delta.up && !map.contains_key("restrictInventory") {
        changes.note("restrictInventory: the documentation of its default contradicts itself; send it");
    }
    let (results, violations) =
        changes.make(site, &mut catalog, &context, behavior.bulk_deltas, with_entities)?;
    Ok(violations.into_iter().fold(bulk::reply(results, &behavior, mutation), Reply::noting))
}
