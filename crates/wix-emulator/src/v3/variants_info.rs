//! The `variantsInfo` of a product update (Wix: Update Product V3). The list is replaced whole, and so is each variant
//! in it: what is left out is lost. These are traps that live shops have met, so each is recorded as a violation.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::errors::ItemError;
use super::money::{MAX_AMOUNT, read_amount};
use crate::catalog::{Details, Product, check_sku};
use crate::rest::{Validation, join};

const MAX_VARIANTS: usize = 1_000;
const MAX_BARCODE: usize = 40;
const MEMBERS: [&str; 10] = [
    "id",
    "sku",
    "barcode",
    "visible",
    "choices",
    "price",
    "revenueDetails",
    "physicalProperties",
    "inventoryStatus",
    "media",
];

/// A variant as it shall be.
#[derive(Debug)]
pub(super) struct VariantUpdate {
    id: Option<Uuid>,
    sku: String,
    /// `None` where it was left out.
    visible: Option<bool>,
    price: f64,
    details: Details,
    names_choices: bool,
}

/// Reads the variants of a product, and what the client should not have sent or left out.
pub(super) fn read(
    product: &Map<String, Json>,
    path: &str,
    notes: &mut Vec<String>,
    validation: &mut Validation,
) -> Option<Vec<VariantUpdate>> {
    let path = join(path, "variantsInfo");
    let info = product.get("variantsInfo").and_then(|json| validation.object(json, &path, &["variants"]))?;
    let path = join(&path, "variants");
    let list = info.get("variants").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    validation.size(&path, list.len(), MAX_VARIANTS);
    let mut variants = Vec::with_capacity(list.len());
    for (number, json) in list.iter().enumerate().take(MAX_VARIANTS) {
        variants.extend(read_variant(json, &format!("{path}[{number}]"), notes, validation));
    }
    Some(variants)
}

fn read_variant(
    json: &Json,
    path: &str,
    notes: &mut Vec<String>,
    validation: &mut Validation,
) -> Option<VariantUpdate> {
    let map = validation.object(json, path, &MEMBERS)?;
    let id = map.contains_key("id").then(|| validation.guid(map, path, "id")).flatten();
    let sku = validation.text(map, path, "sku").unwrap_or_default().to_owned();
    if let Err(what) = check_sku(&sku) {
        validation.invalid(join(path, "sku"), what);
    }
    let barcode = validation.text(map, path, "barcode").unwrap_or_default().to_owned();
    if barcode.chars().count() > MAX_BARCODE {
        validation.above_max(&join(path, "barcode"), MAX_BARCODE);
    }
    let visible = map.contains_key("visible").then(|| validation.flag(map, path, "visible", false));
    for (name, is_left_out) in [("visible", visible.is_none()), ("sku", sku.is_empty())] {
        if is_left_out {
            notes.push(format!(
                "{path}.{name}: left out; a variant is replaced whole, so it loses its {name}"
            ));
        }
    }
    let (price, compare_at_price) = read_prices(map, path, notes, validation);
    let cost = read_member(map, path, "revenueDetails", "cost", validation);
    let weight = read_weight(map, path, validation);
    let details = Details { barcode, compare_at_price, weight, cost };
    let names_choices = map.get("choices").and_then(Json::as_array).is_some_and(|list| !list.is_empty());
    Some(VariantUpdate { id, sku, visible, price: price?, details, names_choices })
}

/// The price, which must be given, and the one to compare it with.
fn read_prices(
    map: &Map<String, Json>,
    path: &str,
    notes: &mut Vec<String>,
    validation: &mut Validation,
) -> (Option<f64>, Option<f64>) {
    let path = join(path, "price");
    let members = ["actualPrice", "compareAtPrice", "priceAfterDiscount"];
    let Some(prices) = map.get("price").and_then(|json| validation.object(json, &path, &members)) else {
        validation.missing(path, "price");
        return (None, None);
    };
    if prices.contains_key("priceAfterDiscount") {
        notes.push(format!("{path}.priceAfterDiscount: read-only, never send it back"));
    }
    if !prices.contains_key("actualPrice") {
        validation.missing(join(&path, "actualPrice"), "price");
    }
    let mut read = |name: &str| read_amount(prices, &path, name, validation);
    (read("actualPrice"), read("compareAtPrice"))
}

/// An amount in an object in an object, such as `revenueDetails.cost`.
fn read_member(
    map: &Map<String, Json>,
    path: &str,
    outer: &str,
    name: &str,
    validation: &mut Validation,
) -> Option<f64> {
    let path = join(path, outer);
    let members = [name, "profit", "profitMargin"];
    let inner = map.get(outer).and_then(|json| validation.object(json, &path, &members))?;
    read_amount(inner, &path, name, validation)
}

fn read_weight(map: &Map<String, Json>, path: &str, validation: &mut Validation) -> Option<f64> {
    let path = join(path, "physicalProperties");
    let members = ["weight", "pricePerUnit"];
    let inner = map.get("physicalProperties").and_then(|json| validation.object(json, &path, &members))?;
    let weight = inner.get("weight")?.as_f64().filter(|weight| (0.0..=MAX_AMOUNT).contains(weight));
    if weight.is_none() {
        validation.invalid(join(&path, "weight"), format!("weight must be a number from 0 to {MAX_AMOUNT}"));
    }
    weight
}

fn refused(status: StatusCode, code: &'static str, what: &str) -> ItemError {
    ItemError::new(status, code, what)
}

/// Whether the product can have these variants: the very ones that it has, told apart.
pub(super) fn check(
    variants: &[VariantUpdate],
    product: &Product,
    names_options: bool,
) -> Result<(), ItemError> {
    let (bad, conflict, precondition) =
        (StatusCode::BAD_REQUEST, StatusCode::CONFLICT, StatusCode::PRECONDITION_REQUIRED);
    let has_options = !product.options.is_empty();
    if has_options && !names_options {
        let what = "options must be sent together with variants";
        return Err(refused(bad, "MISSING_OPTIONS_ON_UPDATE_VARIANTS", what));
    }
    if has_options && variants.iter().any(|variant| !variant.names_choices) {
        let what = "each variant needs a choice of each option";
        return Err(refused(precondition, "MISSING_VARIANT_OPTION_CHOICE", what));
    }
    let ids: BTreeSet<Uuid> = variants.iter().filter_map(|variant| variant.id).collect();
    let due: BTreeSet<Uuid> = product.variants.iter().map(|variant| variant.v3_id).collect();
    if ids != due || variants.len() != due.len() {
        let what = "the variants are not those of the product's options";
        return Err(refused(precondition, "VARIANTS_ARE_NOT_ALIGNED_WITH_PRODUCT", what));
    }
    if is_doubled(variants.iter().map(|variant| variant.sku.as_str())) {
        return Err(refused(conflict, "SKU_ALREADY_EXIST_ERROR", "a SKU stands on two variants"));
    }
    if is_doubled(variants.iter().map(|variant| variant.details.barcode.as_str())) {
        return Err(refused(conflict, "BARCODE_ALREADY_EXIST_ERROR", "a barcode stands on two variants"));
    }
    let is_too_low = |variant: &VariantUpdate| {
        variant.details.compare_at_price.is_some_and(|compared| compared <= variant.price)
    };
    if variants.iter().any(is_too_low) {
        let what = "compareAtPrice must be higher than actualPrice";
        return Err(refused(precondition, "COMPARE_AT_PRICE_LOWER_THAN_ACTUAL_PRICE", what));
    }
    Ok(())
}

fn is_doubled<'v>(texts: impl Iterator<Item = &'v str>) -> bool {
    let mut seen = BTreeSet::new();
    texts.filter(|text| !text.is_empty()).any(|text| !seen.insert(text))
}

impl VariantUpdate {
    /// Whether the variant shall be shown, where that was sent.
    pub(super) fn visible(&self) -> Option<bool> {
        self.visible
    }

    /// The index of the variant in the product, and its new SKU.
    pub(super) fn place(&self, product: &Product) -> Option<(usize, &str)> {
        let place = product.variants.iter().position(|variant| Some(variant.v3_id) == self.id)?;
        Some((place, &self.sku))
    }

    /// Replaces the variant, but for its SKU, which the catalog's index has to know of.
    pub(super) fn apply(self, product: &mut Product) {
        let id = self.id;
        if let Some(variant) = product.variants.iter_mut().find(|variant| Some(variant.v3_id) == id) {
            variant.visible = self.visible.unwrap_or(false);
            variant.price = Some(self.price);
            variant.set_details(self.details);
        }
    }
}
