//! Setting levels (Wix: Update Inventory Variants): absolute, one product, no revision.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::errors::{poisoned, product_not_found};
use crate::catalog::{Guid, MAX_QUANTITY, Preorder, Product, VariantIds};
use crate::endpoint::Endpoint;
use crate::fault::Mutation;
use crate::rest::{Reply, Validation, join};
use crate::site::{Duplicates, Site};

/// What the call sets for one variant.
#[derive(Debug)]
struct Entry {
    variant: Uuid,
    quantity: Option<i64>,
    in_stock: Option<bool>,
}

#[derive(Debug)]
struct SetRequest {
    tracked: bool,
    entries: Vec<Entry>,
    preorder: Option<Preorder>,
}

/// `PATCH /stores/v2/inventoryItems/product/{productId}`. An absent `trackQuantity` counts as false, and switches
/// tracking off for all variants of the product. Variants that are not listed keep their quantities.
pub(super) fn set(
    site: &Site,
    id: &str,
    body: &Json,
    number: u64,
    mutation: Mutation,
) -> Result<Reply, Reply> {
    let mut request = parse(site, id, body)?;
    let poison = site.poison(Endpoint::UpdateInventory);
    let mut catalog = site.write();
    let context = site.write_context(number);
    let slot = id.guid().and_then(|id| catalog.by_id(id)).ok_or_else(|| product_not_found(id))?;
    let product = catalog.product(slot).ok_or_else(|| product_not_found(id))?;
    for entry in &request.entries {
        let variant = product
            .variant_index(entry.variant, VariantIds::V1)
            .and_then(|index| product.variants.get(index));
        let Some(variant) = variant else {
            let message = format!("product {id} has no variant {}", entry.variant);
            return Err(Reply::not_found("VARIANT_NOT_FOUND", &message));
        };
        if poison.covers(product, variant) {
            site.live().faults.count_hit();
            return Err(poisoned(id));
        }
    }
    if let Some(entries) = mutation.entries {
        request.entries.truncate(entries);
    }
    let names_tracking = body.pointer("/inventoryItem/trackQuantity").is_some();
    if mutation.entries != Some(0) {
        catalog.change(slot, &context, |product| apply(product, request));
    }
    let reply = Reply::done();
    Ok(if names_tracking {
        reply
    } else {
        reply.noting("trackQuantity: without it, tracking is switched off")
    })
}

fn apply(product: &mut Product, request: SetRequest) {
    for variant in &mut product.variants {
        variant.item.tracked = request.tracked;
        if let Some(preorder) = &request.preorder {
            variant.item.preorder = Some(Box::new(preorder.clone()));
        }
    }
    for entry in request.entries {
        let variant = product.variants.iter_mut().find(|variant| variant.id == entry.variant);
        let Some(variant) = variant else { continue };
        match (request.tracked, entry.quantity, entry.in_stock) {
            (true, Some(quantity), _) => variant.item.quantity = quantity,
            (false, _, Some(in_stock)) => variant.item.in_stock = in_stock,
            _ => {}
        }
    }
}

fn parse(site: &Site, id: &str, body: &Json) -> Result<SetRequest, Reply> {
    let mut validation = Validation::default();
    let empty = Map::new();
    let root = validation.object(body, "", &["inventoryItem", "productId"]).unwrap_or(&empty);
    validation.same_id(root, "", "productId", id);
    let path = "inventoryItem";
    let members = ["trackQuantity", "variants", "preorderInfo", "productId"];
    if !root.contains_key(path) {
        validation.invalid(path, "inventoryItem is missing");
    }
    let item = root.get(path).and_then(|json| validation.object(json, path, &members)).unwrap_or(&empty);
    validation.same_id(item, path, "productId", id);
    let tracked = validation.flag(item, path, "trackQuantity", false);
    let entries = entries(item, tracked, &mut validation);
    let mut seen = BTreeSet::new();
    let twice = entries.iter().any(|entry| !seen.insert(entry.variant));
    if twice && site.behavior().duplicates == Duplicates::Refused {
        validation.invalid(join(path, "variants"), "the same variant stands twice in one call");
    }
    let preorder = item.get("preorderInfo").and_then(|json| preorder(json, &mut validation));
    validation.finish()?;
    Ok(SetRequest { tracked, entries, preorder })
}

fn entries(item: &Map<String, Json>, tracked: bool, validation: &mut Validation) -> Vec<Entry> {
    let Some(json) = item.get("variants") else { return Vec::new() };
    let Some(list) = json.as_array() else {
        validation.invalid("inventoryItem.variants", "variants must be a list");
        return Vec::new();
    };
    let mut entries = Vec::with_capacity(list.len());
    for (number, json) in list.iter().enumerate() {
        entries.extend(entry(json, &format!("inventoryItem.variants[{number}]"), tracked, validation));
    }
    entries
}

fn entry(json: &Json, path: &str, tracked: bool, validation: &mut Validation) -> Option<Entry> {
    let members = ["variantId", "quantity", "inStock", "availableForPreorder"];
    let map = validation.object(json, path, &members)?;
    let variant = validation.guid(map, path, "variantId");
    let quantity = map.get("quantity").map(|json| {
        let quantity = json.as_i64().filter(|quantity| (0..=MAX_QUANTITY).contains(quantity));
        if quantity.is_none() {
            validation.invalid(join(path, "quantity"), format!("quantity must be 0 to {MAX_QUANTITY}"));
        }
        quantity.unwrap_or(0)
    });
    if tracked && quantity.is_none() {
        validation.invalid(join(path, "quantity"), "a tracked variant needs a quantity");
    }
    validation.flag(map, path, "availableForPreorder", false);
    let in_stock = map.contains_key("inStock").then(|| validation.flag(map, path, "inStock", false));
    Some(Entry { variant: variant?, quantity, in_stock })
}

fn preorder(json: &Json, validation: &mut Validation) -> Option<Preorder> {
    let path = "inventoryItem.preorderInfo";
    let map = validation.object(json, path, &["enabled", "message", "limit"])?;
    let enabled = validation.flag(map, path, "enabled", false);
    let message =
        map.get("message").filter(|json| !json.is_null()).and_then(|_| validation.text(map, path, "message"));
    if message.is_some_and(|message| !(1..=250).contains(&message.chars().count())) {
        validation.invalid(join(path, "message"), "message must have 1 to 250 characters");
    }
    let limit =
        map.get("limit").filter(|json| !json.is_null()).and_then(|_| validation.unsigned(map, path, "limit"));
    if limit.is_some_and(|limit| limit > 100_000) {
        validation.out_of_range(&join(path, "limit"), 0, 100_000);
    }
    Some(Preorder { enabled, message: message.map(ToOwned::to_owned), limit, counter: 0 })
}
