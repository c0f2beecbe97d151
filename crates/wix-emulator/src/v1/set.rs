//! Setting levels (contract 3.7): absolute, one product, no revision.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::inventory::poisoned;
use super::{Bend, product_not_found};
use crate::behaviour::Duplicates;
use crate::catalog::{Preorder, Product};
use crate::data::MAX_QUANTITY;
use crate::endpoint::Endpoint;
use crate::guid::Guid;
use crate::reply::Reply;
use crate::site::Site;
use crate::violation::{Checks, join};

/// What the call sets for one variant.
#[derive(Debug)]
struct Entry {
    variant: Uuid,
    quantity: Option<i64>,
    in_stock: Option<bool>,
}

#[derive(Debug)]
struct Wanted {
    tracked: bool,
    entries: Vec<Entry>,
    preorder: Option<Preorder>,
}

/// `PATCH /stores/v2/inventoryItems/product/{productId}`. A `trackQuantity` that is left out counts as false and
/// switches tracking off for all variants of the product. Variants that are not listed keep their quantities.
pub(super) fn set(site: &Site, id: &str, body: &Json, number: u64, bend: Bend) -> Result<Reply, Reply> {
    let mut wanted = parse(site, id, body)?;
    let poison = site.poison(Endpoint::UpdateInventory);
    let mut catalog = site.write();
    let moment = site.write_moment(number);
    let slot = id.guid().and_then(|id| catalog.by_id(id)).ok_or_else(|| product_not_found(id))?;
    let product = catalog.product(slot).ok_or_else(|| product_not_found(id))?;
    for entry in &wanted.entries {
        let variant = product.place_of(entry.variant).and_then(|place| product.variants.get(place));
        let Some(variant) = variant else {
            let message = format!("product {id} has no variant {}", entry.variant);
            return Err(Reply::not_found("VARIANT_NOT_FOUND", &message));
        };
        if poison.holds(product, variant) {
            site.control().faults.hit();
            return Err(poisoned(id));
        }
    }
    if let Some(entries) = bend.entries {
        wanted.entries.truncate(entries);
    }
    if bend.entries != Some(0) {
        catalog.change(slot, &moment, |product| apply(product, wanted));
    }
    Ok(Reply::done())
}

fn apply(product: &mut Product, wanted: Wanted) {
    product.tracked = wanted.tracked;
    for entry in wanted.entries {
        let variant = product.variants.iter_mut().find(|variant| variant.id == entry.variant);
        let Some(variant) = variant else { continue };
        match (wanted.tracked, entry.quantity, entry.in_stock) {
            (true, Some(quantity), _) => variant.quantity = quantity,
            (false, _, Some(in_stock)) => variant.in_stock = in_stock,
            _ => {}
        }
    }
    if let Some(preorder) = wanted.preorder {
        product.preorder = preorder;
    }
}

fn parse(site: &Site, id: &str, body: &Json) -> Result<Wanted, Reply> {
    let mut checks = Checks::default();
    let empty = Map::new();
    let root = checks.object(body, "", &["inventoryItem", "productId"]).unwrap_or(&empty);
    checks.echo(root, "", "productId", id);
    let path = "inventoryItem";
    let members = ["trackQuantity", "variants", "preorderInfo", "productId"];
    if !root.contains_key(path) {
        checks.wrong(path, "inventoryItem is missing");
    }
    let item = root.get(path).and_then(|json| checks.object(json, path, &members)).unwrap_or(&empty);
    checks.echo(item, path, "productId", id);
    let tracked = checks.flag(item, path, "trackQuantity", false);
    let entries = entries(item, tracked, &mut checks);
    let mut seen = BTreeSet::new();
    let twice = entries.iter().any(|entry| !seen.insert(entry.variant));
    if twice && site.behaviour().duplicates == Duplicates::Refused {
        checks.wrong(join(path, "variants"), "the same variant stands twice in one call");
    }
    let preorder = item.get("preorderInfo").and_then(|json| preorder(json, &mut checks));
    checks.done()?;
    Ok(Wanted { tracked, entries, preorder })
}

fn entries(item: &Map<String, Json>, tracked: bool, checks: &mut Checks) -> Vec<Entry> {
    let Some(json) = item.get("variants") else { return Vec::new() };
    let Some(list) = json.as_array() else {
        checks.wrong("inventoryItem.variants", "variants must be a list");
        return Vec::new();
    };
    let mut entries = Vec::with_capacity(list.len());
    for (number, json) in list.iter().enumerate() {
        entries.extend(entry(json, &format!("inventoryItem.variants[{number}]"), tracked, checks));
    }
    entries
}

fn entry(json: &Json, path: &str, tracked: bool, checks: &mut Checks) -> Option<Entry> {
    let members = ["variantId", "quantity", "inStock", "availableForPreorder"];
    let map = checks.object(json, path, &members)?;
    let variant = checks.guid(map, path, "variantId");
    let quantity = map.get("quantity").map(|json| {
        let quantity = json.as_i64().filter(|quantity| (0..=MAX_QUANTITY).contains(quantity));
        if quantity.is_none() {
            checks.wrong(join(path, "quantity"), format!("quantity must be 0 to {MAX_QUANTITY}"));
        }
        quantity.unwrap_or(0)
    });
    if tracked && quantity.is_none() {
        checks.wrong(join(path, "quantity"), "a tracked variant needs a quantity");
    }
    checks.flag(map, path, "availableForPreorder", false);
    let in_stock = map.contains_key("inStock").then(|| checks.flag(map, path, "inStock", false));
    Some(Entry { variant: variant?, quantity, in_stock })
}

fn preorder(json: &Json, checks: &mut Checks) -> Option<Preorder> {
    let path = "inventoryItem.preorderInfo";
    let map = checks.object(json, path, &["enabled", "message", "limit"])?;
    let enabled = checks.flag(map, path, "enabled", false);
    let message =
        map.get("message").filter(|json| !json.is_null()).and_then(|_| checks.text(map, path, "message"));
    if message.is_some_and(|message| !(1..=250).contains(&message.chars().count())) {
        checks.wrong(join(path, "message"), "message must have 1 to 250 characters");
    }
    let limit =
        map.get("limit").filter(|json| !json.is_null()).and_then(|_| checks.whole(map, path, "limit"));
    if limit.is_some_and(|limit| limit > 100_000) {
        checks.outside(&join(path, "limit"), 0, 100_000);
    }
    Some(Preorder { enabled, message: message.map(ToOwned::to_owned), limit })
}
