//! Updating products and their variants (Wix: Update Product, Update Product Variants): only what is sent changes, and
//! there is no revision. What the emulator does not keep (cost, weight, ribbon) is refused, not ignored.

use axum::http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::errors::product_not_found;
use super::product_view::{ProductView, variant_views};
use crate::catalog::{Catalog, Guid, ListingPosition, Product, ReadView, Variant, VariantIds, check_sku};
use crate::fault::Mutation;
use crate::rest::{Reply, Validation, join};
use crate::site::Site;

const MAX_NAME: usize = 80;
const MAX_DESCRIPTION: usize = 8_000;
const MAX_PRICE: f64 = 999_999_999.99;

/// `PATCH /stores/v1/products/{id}`.
pub(super) fn product(site: &Site, id: &str, body: &Json, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let (empty, path) = (Map::new(), "product");
    let map = validation.object(body, "", &[path]).unwrap_or(&empty);
    let members = ["id", "name", "description", "sku", "visible", "priceData"];
    let map = map.get(path).and_then(|json| validation.object(json, path, &members)).unwrap_or(&empty);
    validation.same_id(map, path, "id", id);
    let mut text = |name: &str, most: usize| {
        let text = validation.text(map, path, name).map(ToOwned::to_owned);
        if text.as_ref().is_some_and(|text| text.chars().count() > most) {
            validation.invalid(join(path, name), format!("{name} has at most {most} characters"));
        }
        text
    };
    let (name, description) = (text("name", MAX_NAME), text("description", MAX_DESCRIPTION));
    let sku = read_sku(map, path, &mut validation);
    let visible = map.contains_key("visible").then(|| validation.flag(map, path, "visible", true));
    let prices =
        map.get("priceData").and_then(|json| validation.object(json, "product.priceData", &["price"]));
    let price = prices.and_then(|map| read_price(map, "product.priceData", &mut validation));
    validation.finish()?;
    let mut catalog = site.write();
    let time = site.clock.now();
    let slot = find(&catalog, id)?;
    if mutation.entries != Some(0) {
        catalog.edit_product(slot, time, |product| {
            product.name = name.unwrap_or_else(|| product.name.clone());
            product.description = description.unwrap_or_else(|| product.description.clone());
            product.price = price.unwrap_or(product.price);
        });
        if let Some(visible) = visible {
            catalog.set_visible(slot, visible);
        }
        // With managed variants the product has no SKU of its own.
        let is_managed = catalog.product(slot).is_some_and(|product| product.manage_variants);
        if let Some(sku) = sku.filter(|_| !is_managed) {
            catalog.rename_sku(ListingPosition { slot, variant: 0 }, &sku);
        }
    }
    let product = catalog.product(slot).ok_or_else(|| product_not_found(id))?;
    let view = ProductView::new(product, &catalog.currency, true, ReadView::NOW);
    Ok(Reply::ok(&json!({"product": view})))
}

/// What one entry sets, and the variants that it names.
struct Entry {
    ids: Option<Vec<uuid::Uuid>>,
    choices: Vec<(String, String)>,
    price: Option<f64>,
    sku: Option<String>,
    visible: Option<bool>,
}

/// `PATCH /stores/v1/products/{id}/variants`; only for products with managed variants.
pub(super) fn variants(site: &Site, id: &str, body: &Json, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let empty = Map::new();
    let map = validation.object(body, "", &["id", "variants"]).unwrap_or(&empty);
    validation.same_id(map, "", "id", id);
    let mut entries = Vec::new();
    let list = map.get("variants").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    if list.is_empty() {
        validation.missing("variants", "variants");
    }
    for (number, json) in list.iter().enumerate() {
        entries.extend(read_entry(json, &format!("variants[{number}]"), &mut validation));
    }
    validation.finish()?;
    entries.truncate(mutation.entries.unwrap_or(usize::MAX));
    let mut catalog = site.write();
    let time = site.clock.now();
    let slot = find(&catalog, id)?;
    let product = catalog.product(slot).filter(|product| product.manage_variants).ok_or_else(|| {
        let message = format!("product {id} has no managed variants");
        Reply::application(StatusCode::BAD_REQUEST, "VARIANTS_NOT_MANAGED", &message)
    })?;
    let changes: Vec<(usize, Entry)> = entries.into_iter().flat_map(|entry| entry.of(product)).collect();
    for (variant, entry) in changes {
        catalog.edit_product(slot, time, |product| {
            if let Some(variant) = product.variants.get_mut(variant) {
                variant.price = entry.price.or(variant.price);
                variant.visible = entry.visible.unwrap_or(variant.visible);
            }
        });
        if let Some(sku) = entry.sku {
            catalog.rename_sku(ListingPosition { slot, variant }, &sku);
        }
    }
    let product = catalog.product(slot).ok_or_else(|| product_not_found(id))?;
    let variants = variant_views(product, &catalog.currency, ReadView::NOW);
    Ok(Reply::ok(&json!({"variants": variants})))
}

impl Entry {
    /// A copy of the entry for each variant that it names. Choices that are given in part name all that have them.
    fn of(self, product: &Product) -> Vec<(usize, Self)> {
        let is_named = |variant: &Variant| match &self.ids {
            Some(ids) => ids.contains(&variant.shown_id(VariantIds::V1)),
            None => self.choices.iter().all(|(name, choice)| variant.choices.get(name) == Some(choice)),
        };
        let named: Vec<usize> = product
            .variants
            .iter()
            .enumerate()
            .filter(|(_, variant)| is_named(variant))
            .map(|(index, _)| index)
            .collect();
        let copy = || Self {
            ids: None,
            choices: Vec::new(),
            price: self.price,
            sku: self.sku.clone(),
            visible: self.visible,
        };
        named.into_iter().map(|index| (index, copy())).collect()
    }
}

fn read_entry(json: &Json, path: &str, validation: &mut Validation) -> Option<Entry> {
    let map = validation.object(json, path, &["variantIds", "choices", "price", "sku", "visible"])?;
    let ids = validation.guids(map, path, "variantIds");
    let choices = map.get("choices").map(|json| {
        let pairs = json.as_object().into_iter().flatten();
        pairs.map(|(name, choice)| (name.clone(), choice.as_str().unwrap_or_default().to_owned())).collect()
    });
    if ids.is_some() == choices.is_some() {
        validation.invalid(path, "give either variantIds or choices");
    }
    Some(Entry {
        ids,
        choices: choices.unwrap_or_default(),
        price: read_price(map, path, validation),
        sku: read_sku(map, path, validation),
        visible: map.contains_key("visible").then(|| validation.flag(map, path, "visible", true)),
    })
}

fn read_sku(map: &Map<String, Json>, path: &str, validation: &mut Validation) -> Option<String> {
    let sku = validation.text(map, path, "sku")?;
    if let Err(what) = check_sku(sku) {
        validation.invalid(join(path, "sku"), what);
    }
    Some(sku.to_owned())
}

fn read_price(map: &Map<String, Json>, path: &str, validation: &mut Validation) -> Option<f64> {
    let price = map.get("price")?.as_f64().filter(|price| (0.0..=MAX_PRICE).contains(price));
    if price.is_none() {
        validation.invalid(join(path, "price"), format!("price must be a number from 0 to {MAX_PRICE}"));
    }
    price
}

fn find(catalog: &Catalog, id: &str) -> Result<usize, Reply> {
    id.guid().and_then(|id| catalog.by_id(id)).ok_or_else(|| product_not_found(id))
}
