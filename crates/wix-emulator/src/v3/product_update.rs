//! Updating the top level of a product (Wix: Update Product V3): partial, with the revision that the client has read.

use axum::http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::errors::ItemError;
use super::product_view::{Detail, show};
use super::products::not_found;
use super::update::read_revision;
use crate::catalog::{Guid, ReadView};
use crate::fault::Mutation;
use crate::rest::{Reply, Validation, join};
use crate::site::Site;

const MEMBERS: [&str; 5] = ["id", "revision", "name", "visible", "plainDescription"];
const MAX_NAME: usize = 80;
const MAX_DESCRIPTION: usize = 16_000;

/// `PATCH /stores/v3/products/{id}`. An outdated revision gets 409. Options and variants cannot be written here yet: a
/// request with them is refused, not ignored.
pub(super) fn update(site: &Site, id: &str, body: &Json, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let empty = Map::new();
    let map = validation.object(body, "", &["product", "fields"]).unwrap_or(&empty);
    if !map.contains_key("product") {
        validation.missing("product", "product");
    }
    let path = "product";
    let product = map.get(path).and_then(|json| validation.object(json, path, &MEMBERS)).unwrap_or(&empty);
    validation.same_id(product, path, "id", id);
    let revision = read_revision(product, path, &mut validation);
    let name = validation.text(product, path, "name").map(ToOwned::to_owned);
    if let Some(name) = &name {
        validation.size(&join(path, "name"), name.chars().count(), MAX_NAME);
    }
    let description = validation.text(product, path, "plainDescription").map(ToOwned::to_owned);
    if description.as_ref().is_some_and(|text| text.chars().count() > MAX_DESCRIPTION) {
        validation.above_max(&join(path, "plainDescription"), MAX_DESCRIPTION);
    }
    let visible = product.contains_key("visible").then(|| validation.flag(product, path, "visible", true));
    validation.finish()?;
    let mut catalog = site.write();
    let time = site.clock.now();
    let slot = id.guid().and_then(|id| catalog.by_id(id)).ok_or_else(|| not_found(id))?;
    let now = catalog.product(slot).map(|product| product.revision);
    if now != revision {
        let error = ItemError::outdated(id);
        return Err(error.into());
    }
    if mutation.entries != Some(0) {
        catalog.edit_product(slot, time, |product| {
            product.name = name.unwrap_or_else(|| product.name.clone());
            product.description = description.unwrap_or_else(|| product.description.clone());
        });
        if let Some(visible) = visible {
            catalog.set_visible(slot, visible);
        }
    }
    let shown =
        catalog.product(slot).map(|product| show(product, &catalog, Detail::List, &[], ReadView::NOW));
    shown
        .map(|product| Reply::ok(&json!({"product": product})))
        .ok_or_else(|| Reply::bare(StatusCode::INTERNAL_SERVER_ERROR, "the product is gone"))
}
