//! A product of Catalog V3 as JSON (Wix: Products V3).

use serde_json::{Value as Json, json};

use super::money::amount;
use crate::catalog::{Catalog, Product, ReadView, Variant};
use crate::shop_file::OptionData;

/// Whether the answer shows the variants, which only a read by id does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    List,
    WithVariants,
}

/// The prices of a variant.
pub(super) fn prices(product: &Product, variant: &Variant) -> Json {
    let mut json = json!({"actualPrice": amount(variant.price.unwrap_or(product.price))});
    let compared = variant.details().compare_at_price;
    if let (Some(compared), Some(map)) = (compared, json.as_object_mut()) {
        map.insert("compareAtPrice".to_owned(), amount(compared));
    }
    json
}

/// Adds what only some variants have: SKU, barcode and weight.
pub(super) fn add_details(variant: &Variant, json: &mut Json) {
    let Some(map) = json.as_object_mut() else { return };
    let details = variant.details();
    for (name, text) in [("sku", &variant.sku), ("barcode", &details.barcode)] {
        if !text.is_empty() {
            map.insert(name.to_owned(), Json::from(text.as_str()));
        }
    }
    if let Some(weight) = details.weight {
        map.insert("physicalProperties".to_owned(), json!({"weight": weight}));
    }
}

/// The choices that a variant stands for.
pub(super) fn choices_of(variant: &Variant) -> Vec<Json> {
    let choice = |(option, choice): (&String, &String)| json!({"optionChoiceNames": {"optionName": option, "choiceName": choice, "renderType": "TEXT_CHOICES"}});
    variant.choices.iter().map(choice).collect()
}

/// The product. `fields` asks for members that are not shown otherwise.
pub(super) fn show(
    product: &Product,
    catalog: &Catalog,
    detail: Detail,
    fields: &[String],
    view: ReadView,
) -> Json {
    let prices = || product.variants.iter().map(|variant| variant.price.unwrap_or(product.price));
    let least = amount(prices().fold(f64::INFINITY, f64::min));
    let most = amount(prices().fold(0.0, f64::max));
    let asks = |name: &str| fields.iter().any(|field| field == name);
    let mut json = json!({
        "id": product.id,
        "revision": product.revision.to_string(),
        "createdDate": product.created,
        "updatedDate": product.updated,
        "name": product.name,
        "slug": product.slug,
        "handle": product.slug,
        "visible": product.visible,
        "productType": product.kind.as_str().to_uppercase(),
        "options": product.options.iter().map(option).collect::<Vec<_>>(),
        "actualPriceRange": {"minValue": least, "maxValue": most},
        "variantSummary": {"variantCount": product.variants.len()},
        "inventory": {"availabilityStatus": product.status(view).as_str()},
    });
    let Some(map) = json.as_object_mut() else { return json };
    if asks("PLAIN_DESCRIPTION") {
        map.insert("plainDescription".to_owned(), Json::from(product.description.as_str()));
    }
    if asks("CURRENCY") {
        map.insert("currency".to_owned(), Json::from(catalog.currency.as_str()));
    }
    if detail == Detail::WithVariants {
        let variants: Vec<Json> =
            product.variants.iter().map(|one| show_variant(product, one, asks("MERCHANT_DATA"))).collect();
        map.insert("variantsInfo".to_owned(), json!({"variants": variants}));
    }
    json
}

fn option(option: &OptionData) -> Json {
    let choice = |name: &String| json!({"name": name, "choiceType": "CHOICE_TEXT"});
    json!({
        "name": option.name,
        "optionRenderType": "TEXT_CHOICES",
        "choicesSettings": {"choices": option.choices.iter().map(choice).collect::<Vec<_>>()},
    })
}

fn show_variant(product: &Product, variant: &Variant, with_costs: bool) -> Json {
    let item = &variant.item;
    let mut json = json!({
        "id": variant.v3_id,
        "visible": variant.visible,
        "choices": choices_of(variant),
        "price": prices(product, variant),
        "inventoryStatus": {
            "inStock": item.exists && item.is_in_stock(),
            "preorderEnabled": item.preorder().enabled,
        },
    });
    add_details(variant, &mut json);
    let cost = variant.details().cost.filter(|_| with_costs);
    if let (Some(cost), Some(map)) = (cost, json.as_object_mut()) {
        map.insert("revenueDetails".to_owned(), json!({"cost": amount(cost)}));
    }
    json
}
