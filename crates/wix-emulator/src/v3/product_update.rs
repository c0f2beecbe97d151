//! Updating products (Wix: Update Product V3, Bulk Update Products): partial at the top level, with the revision that
//! the client has read. Options cannot be changed here, variants only whole.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::bulk::{self, RowResult};
use super::errors::ItemError;
use super::product_view::{Detail, show};
use super::update::{read_revision, rows};
use super::variants_info::{self, VariantUpdate};
use crate::catalog::{Catalog, Guid, ListingPosition, ReadView, Timestamp};
use crate::fault::Mutation;
use crate::rest::{Reply, Validation, join};
use crate::site::Site;

/// Read-only members are ignored.
const MEMBERS: [&str; 17] = [
    "id",
    "revision",
    "name",
    "visible",
    "plainDescription",
    "options",
    "variantsInfo",
    "createdDate",
    "updatedDate",
    "slug",
    "handle",
    "productType",
    "actualPriceRange",
    "variantSummary",
    "inventory",
    "currency",
    "physicalProperties",
];
const MAX_NAME: usize = 80;
const MAX_DESCRIPTION: usize = 16_000;
/// The most products of one call, and the most variants of all of them.
const MAX_PRODUCTS: usize = 100;
const MAX_VARIANTS: usize = 1_000;

/// What an update sets.
#[derive(Debug)]
struct ProductUpdate {
    id: String,
    revision: Option<u64>,
    name: Option<String>,
    description: Option<String>,
    visible: Option<bool>,
    names_options: bool,
    variants: Option<Vec<VariantUpdate>>,
}

/// `PATCH /stores/v3/products/{id}`. An outdated revision gets 409.
pub(super) fn update(site: &Site, id: &str, body: &Json, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let (empty, mut notes) = (Map::new(), Vec::new());
    let map = validation.object(body, "", &["product", "fields"]).unwrap_or(&empty);
    if !map.contains_key("product") {
        validation.missing("product", "product");
    }
    let json = map.get("product");
    let update = json.and_then(|json| parse(json, "product", Some(id), &mut notes, &mut validation));
    validation.finish()?;
    let mut catalog = site.write();
    let time = site.clock.now();
    if let Some(update) = update {
        update.check(&catalog)?;
        if mutation.entries != Some(0) {
            update.apply(&mut catalog, time, &mut notes);
        }
    }
    let shown = shown(&catalog, id).ok_or_else(|| not_found(id))?;
    Ok(notes.into_iter().fold(Reply::ok(&json!({"product": shown})), Reply::noting))
}

/// `POST /stores/v3/bulk/products/update`: each row on its own.
pub(super) fn bulk_update(site: &Site, body: &Json, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let (empty, mut notes) = (Map::new(), Vec::new());
    let map = validation.object(body, "", &["products", "returnEntity", "fields"]).unwrap_or(&empty);
    let with_entities = validation.flag(map, "", "returnEntity", false);
    let mut updates = Vec::new();
    for (path, json) in rows(map, "products", MAX_PRODUCTS, &mut validation) {
        let row = validation.object(json, &path, &["product"]).and_then(|row| row.get("product"));
        let path = join(&path, "product");
        if row.is_none() {
            validation.missing(path.as_str(), "product");
        }
        updates.extend(row.and_then(|json| parse(json, &path, None, &mut notes, &mut validation)));
    }
    check_together(&updates, &mut validation);
    validation.finish()?;
    updates.truncate(mutation.entries.unwrap_or(MAX_PRODUCTS));
    let mut catalog = site.write();
    let time = site.clock.now();
    let mut results = Vec::with_capacity(updates.len());
    for update in updates {
        let id = update.id.clone();
        let outcome = update.check(&catalog).map(|()| {
            update.apply(&mut catalog, time, &mut notes);
            with_entities.then(|| shown(&catalog, &id).unwrap_or_default())
        });
        results.push(RowResult { id: Some(id), outcome });
    }
    Ok(notes.into_iter().fold(bulk::reply(results, &site.behavior(), mutation), Reply::noting))
}

/// What the rows of a call must keep together.
fn check_together(updates: &[ProductUpdate], validation: &mut Validation) {
    let ids: BTreeSet<&str> = updates.iter().map(|update| update.id.as_str()).collect();
    if ids.len() != updates.len() {
        validation.custom("products", "DUPLICATE_PRODUCT_IDS_REQUEST", "a product stands twice in one call");
    }
    let variants = updates.iter().filter_map(|update| update.variants.as_ref()).map(Vec::len).sum::<usize>();
    if variants > MAX_VARIANTS {
        validation.custom("products", "TOO_MANY_VARIANTS", "the products have more than 1000 variants");
    }
}

/// Reads a product of an update. `in_path` is the id in the path of a single update; the body need not repeat it.
fn parse(
    json: &Json,
    path: &str,
    in_path: Option<&str>,
    notes: &mut Vec<String>,
    validation: &mut Validation,
) -> Option<ProductUpdate> {
    let map = validation.object(json, path, &MEMBERS)?;
    let id = match in_path {
        Some(id) => {
            validation.same_id(map, path, "id", id);
            id.to_owned()
        }
        None => validation.guid(map, path, "id").map(|id| id.to_string()).unwrap_or_default(),
    };
    let revision = read_revision(map, path, validation);
    let name = validation.text(map, path, "name").map(ToOwned::to_owned);
    if let Some(name) = &name {
        validation.size(&join(path, "name"), name.chars().count(), MAX_NAME);
    }
    let description = validation.text(map, path, "plainDescription").map(ToOwned::to_owned);
    if description.as_ref().is_some_and(|text| text.chars().count() > MAX_DESCRIPTION) {
        validation.above_max(&join(path, "plainDescription"), MAX_DESCRIPTION);
    }
    let visible = map.contains_key("visible").then(|| validation.flag(map, path, "visible", true));
    let names_options = map.get("options").and_then(Json::as_array).is_some_and(|list| !list.is_empty());
    let variants = variants_info::read(map, path, notes, validation);
    if names_options && variants.is_none() {
        let what = "variants must be sent together with options";
        validation.custom(&join(path, "options"), "MISSING_VARIANTS_ON_UPDATE_OPTIONS", what);
    }
    Some(ProductUpdate { id, revision, name, description, visible, names_options, variants })
}

impl ProductUpdate {
    fn slot(&self, catalog: &Catalog) -> Option<usize> {
        self.id.guid().and_then(|id| catalog.by_id(id))
    }

    /// Why the product cannot be updated so, if it cannot.
    fn check(&self, catalog: &Catalog) -> Result<(), ItemError> {
        let product = self.slot(catalog).and_then(|slot| catalog.product(slot));
        let product = product.ok_or_else(|| not_found(&self.id))?;
        if Some(product.revision) != self.revision {
            return Err(ItemError::outdated(&self.id));
        }
        let variants = self.variants.as_ref();
        variants.map_or(Ok(()), |variants| variants_info::check(variants, product, self.names_options))
    }

    fn apply(self, catalog: &mut Catalog, time: Timestamp, notes: &mut Vec<String>) {
        let Some(slot) = self.slot(catalog) else { return };
        let visible = self.shows(catalog, slot, notes);
        let renamed = self.renamed(catalog, slot);
        let Self { name, description, variants, .. } = self;
        catalog.edit_product(slot, time, |product| {
            product.name = name.unwrap_or_else(|| product.name.clone());
            product.description = description.unwrap_or_else(|| product.description.clone());
            for variant in variants.into_iter().flatten() {
                variant.apply(product);
            }
        });
        for (variant, sku) in renamed {
            catalog.rename_sku(ListingPosition { slot, variant }, &sku);
        }
        if let Some(visible) = visible {
            catalog.set_visible(slot, visible);
        }
    }

    fn renamed(&self, catalog: &Catalog, slot: usize) -> Vec<(usize, String)> {
        let Some(product) = catalog.product(slot) else { return Vec::new() };
        let variants = self.variants.iter().flatten();
        let places = variants.filter_map(|variant| variant.place(product));
        places.map(|(place, sku)| (place, sku.to_owned())).collect()
    }

    /// Whether the product is shown then. Without options, product and variant follow each other. An update of variants
    /// that does not say so publishes a hidden product (both measured live).
    fn shows(&self, catalog: &Catalog, slot: usize, notes: &mut Vec<String>) -> Option<bool> {
        let product = catalog.product(slot)?;
        let Some(variants) = self.variants.as_ref().filter(|_| self.visible.is_none()) else {
            return self.visible;
        };
        let only = variants.first().filter(|_| product.options.is_empty());
        if let Some(visible) = only.and_then(VariantUpdate::visible) {
            return Some(visible);
        }
        if !product.visible {
            notes.push(
                "product.visible: left out beside variants; the hidden product is published".to_owned(),
            );
        }
        Some(true)
    }
}

/// The product as the answer shows it.
fn shown(catalog: &Catalog, id: &str) -> Option<Json> {
    let product = id.guid().and_then(|id| catalog.by_id(id)).and_then(|slot| catalog.product(slot))?;
    Some(show(product, catalog, Detail::List, &[], ReadView::NOW))
}

fn not_found(id: &str) -> ItemError {
    ItemError::new(StatusCode::NOT_FOUND, "PRODUCT_NOT_FOUND", format!("product {id} not found"))
}
