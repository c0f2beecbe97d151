//! Creating and deleting inventory items (Wix: Create, Bulk Create, Delete, Bulk Delete Inventory Items). Creating a
//! product makes none.

use axum::http::StatusCode;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::bulk::{self, RowResult};
use super::errors::ItemError;
use super::item_change::entity;
use super::preorder;
use super::update::{Stock, check_reason, find, read_stock, rows};
use crate::catalog::{
    Catalog, ChangeContext, DEFAULT_LOCATION, Guid, ItemPosition, ListingPosition, Preorder, VariantIds,
};
use crate::endpoint::Endpoint;
use crate::fault::{Mutation, Poison};
use crate::rest::{Reply, Validation, join};
use crate::site::{BulkFailures, ReturnedEntity, Site};

/// The most rows of one call.
const MAX_ROWS: usize = 1_000;

/// The members of an item to create. Those that [`read`] does not use are read-only, and ignored.
const MEMBERS: [&str; 12] = [
    "id",
    "revision",
    "productId",
    "variantId",
    "locationId",
    "quantity",
    "inStock",
    "preorderInfo",
    "trackQuantity",
    "availabilityStatus",
    "createdDate",
    "updatedDate",
];

/// An item to create.
struct NewItem {
    product: String,
    variant: Uuid,
    /// The default location when absent.
    location: Option<Uuid>,
    stock: Stock,
    preorder: Option<Preorder>,
    sent: Json,
}

/// `POST /stores/v3/inventory-items`.
pub(super) fn create(site: &Site, body: &Json, number: u64, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let map = validation.object(body, "", &["inventoryItem"]);
    let item = map.and_then(|map| map.get("inventoryItem"));
    let item = read(item.unwrap_or(&Json::Null), "inventoryItem", &mut validation);
    validation.finish()?;
    let mut catalog = site.write();
    let context = site.write_context(number);
    let poison = site.poison(Endpoint::CreateItem);
    let Some(item) = item.filter(|_| mutation.entries != Some(0)) else { return Ok(Reply::done()) };
    let at = item.create(&mut catalog, &poison, &context)?;
    Ok(Reply::ok(&json!({"inventoryItem": entity(&catalog, at)})))
}

/// `POST /stores/v3/bulk/inventory-items/create`: flat items, each on its own.
pub(super) fn bulk_create(site: &Site, body: &Json, number: u64, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let empty = Map::new();
    let map = validation.object(body, "", &["inventoryItems", "returnEntity"]).unwrap_or(&empty);
    let with_entities = validation.flag(map, "", "returnEntity", false);
    let rows = rows(map, "inventoryItems", MAX_ROWS, &mut validation);
    let mut items: Vec<NewItem> =
        rows.into_iter().filter_map(|(path, json)| read(json, &path, &mut validation)).collect();
    validation.finish()?;
    items.truncate(mutation.entries.unwrap_or(MAX_ROWS));
    let behavior = site.behavior();
    let mut catalog = site.write();
    let context = site.write_context(number);
    let poison = site.poison(Endpoint::BulkCreateItems);
    if behavior.bulk_updates == BulkFailures::WholeCall {
        items.iter().try_for_each(|item| item.place(&catalog, &poison).map(drop))?;
    }
    let mut results = Vec::with_capacity(items.len());
    for item in items {
        let sent = item.sent.clone();
        let created = item.create(&mut catalog, &poison, &context);
        let id = created.as_ref().ok().map(|at| entity(&catalog, *at));
        let id = id.and_then(|entity| entity.get("id").and_then(Json::as_str).map(ToOwned::to_owned));
        let echoes = behavior.returned_entity == ReturnedEntity::Echo;
        let outcome =
            created.map(|at| with_entities.then(|| if echoes { sent } else { entity(&catalog, at) }));
        results.push(RowResult { id, outcome });
    }
    Ok(bulk::reply(results, &behavior, mutation))
}

impl NewItem {
    /// Where the item would stand.
    fn place(&self, catalog: &Catalog, poison: &Poison) -> Result<ItemPosition, ItemError> {
        let slot = self.product.guid().and_then(|id| catalog.by_id(id));
        let product = slot.and_then(|slot| Some((slot, catalog.product(slot)?)));
        let listing = product.and_then(|(slot, product)| {
            let variant = product.variant_index(self.variant, VariantIds::V3)?;
            Some((ListingPosition { slot, variant }, product))
        });
        let (listing, product) = listing.ok_or_else(|| {
            let description = format!("product {} has no variant {}", self.product, self.variant);
            ItemError::new(StatusCode::NOT_FOUND, "PRODUCT_OR_VARIANT_NOT_FOUND", description)
        })?;
        let location = match self.location {
            None => DEFAULT_LOCATION,
            Some(id) => catalog.location(id).ok_or_else(|| unknown_location(id))?,
        };
        let variant = product.variants.get(listing.variant);
        if variant.is_some_and(|variant| poison.covers(product, variant)) {
            return Err(ItemError::poisoned(&self.variant.to_string()));
        }
        let item = variant.and_then(|variant| variant.item_at(location));
        if item.is_some_and(|item| item.exists) {
            let description = "an inventory item of this variant and location exists already";
            return Err(ItemError::new(StatusCode::CONFLICT, "ITEM_ALREADY_EXISTS", description));
        }
        Ok(ItemPosition::new(listing, location))
    }

    fn create(
        self,
        catalog: &mut Catalog,
        poison: &Poison,
        context: &ChangeContext,
    ) -> Result<ItemPosition, ItemError> {
        let at = self.place(catalog, poison)?;
        if let (Some(preorder), Stock::InStock(_)) = (&self.preorder, self.stock)
            && preorder.limit.is_some()
        {
            return Err(ItemError::precondition(
                "PRE_ORDER_VALIDATION",
                "a preorder limit needs a tracked item",
            ));
        }
        catalog.create_item(at, context, |item| {
            match self.stock {
                Stock::Quantity(quantity) => (item.tracked, item.quantity) = (true, quantity),
                Stock::InStock(in_stock) => (item.tracked, item.in_stock) = (false, in_stock),
            }
            item.preorder = self.preorder.map(Box::new);
        });
        Ok(at)
    }
}

/// The error of an unknown location.
pub(super) fn unknown_location(id: Uuid) -> ItemError {
    let description = format!("stores location {id} not found");
    ItemError::new(StatusCode::NOT_FOUND, "STORES_LOCATION_NOT_FOUND", description)
}

fn read(json: &Json, path: &str, validation: &mut Validation) -> Option<NewItem> {
    let map = validation.object(json, path, &MEMBERS)?;
    let product = validation.text(map, path, "productId");
    if product.is_none_or(str::is_empty) {
        validation.missing(join(path, "productId"), "productId");
    }
    let variant = validation.guid(map, path, "variantId");
    let location = match map.get("locationId") {
        None | Some(Json::Null) => None,
        Some(_) => validation.guid(map, path, "locationId"),
    };
    let stock = read_stock(map, path, validation);
    if let Some(Stock::Quantity(..0)) = stock {
        let field = join(path, "quantity");
        validation.custom(&field, "REQUESTED_QUANTITY_MUST_BE_NON_NEGATIVE", "quantity must not be negative");
    }
    if stock.is_none() {
        validation.missing(path, "quantity or inStock");
    }
    let preorder = preorder::read(map, path, validation);
    let (product, variant, stock) = (product?.to_owned(), variant?, stock?);
    Some(NewItem { product, variant, location, stock, preorder, sent: json.clone() })
}

/// `DELETE /stores/v3/inventory-items/{id}`.
pub(super) fn delete(site: &Site, id: &str, number: u64, mutation: Mutation) -> Result<Reply, Reply> {
    let mut catalog = site.write();
    let context = site.write_context(number);
    let at = find(&catalog, id)?;
    if mutation.entries != Some(0) {
        catalog.delete_item(at, &context);
    }
    Ok(Reply::done())
}

/// `POST /stores/v3/bulk/inventory-items/delete`.
pub(super) fn bulk_delete(site: &Site, body: &Json, number: u64, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let empty = Map::new();
    let map = validation.object(body, "", &["inventoryItemIds", "reason"]).unwrap_or(&empty);
    check_reason(map, &mut validation);
    let mut ids = Vec::new();
    for (path, json) in rows(map, "inventoryItemIds", MAX_ROWS, &mut validation) {
        match json.as_str() {
            Some(id) => ids.push(id.to_owned()),
            None => validation.invalid(path, "must be a string"),
        }
    }
    validation.finish()?;
    ids.truncate(mutation.entries.unwrap_or(MAX_ROWS));
    let mut catalog = site.write();
    let context = site.write_context(number);
    let mut results = Vec::with_capacity(ids.len());
    for id in ids {
        let at = find(&catalog, &id);
        let outcome = at.map(|at| {
            catalog.delete_item(at, &context);
            None
        });
        results.push(RowResult { id: Some(id), outcome });
    }
    Ok(bulk::reply(results, &site.behavior(), mutation))
}
