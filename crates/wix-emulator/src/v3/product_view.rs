//! A product of Catalog V3 as JSON (Wix: Products V3).

use serde_json::{Value as Json, json};

use crate::catalog::{Catalog, Product, ReadView, Variant};
use crate::shop_file::OptionData;

/// Whether the answer shows the variants, which only a read by id does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    List,
    WithVariants,
}

/// An amount of money as Wix writes it: a decimal number in a string.
pub(super) fn money(amount: f64) -> String {
    amount.to_string()
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
    let least = json!({"amount": money(prices().fold(f64::INFINITY, f64::min))});
    let most = json!({"amount": money(prices().fold(0.0, f64::max))});
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
            product.variants.iter().map(|variant| show_variant(product, variant)).collect();
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

fn show_variant(product: &Product, variant: &Variant) -> Json {
    let item = &variant.item;
    let mut json = json!({
        "id": variant.v3_id,
        "visible": variant.visible,
        "choices": choices_of(variant),
        "price": {"actualPrice": {"amount": money(variant.price.unwrap_or(product.price))}},
        "inventoryStatus": {
            "inStock": item.exists && item.is_in_stock(),
            "preorderEnabled": item.preorder().enabled,
        },
    });
    if let (false, Some(map)) = (variant.sku.is_empty(), json.as_object_mut()) {
        map.insert("sku".to_owned(), Json::from(variant.sku.as_str()));
    }
    json
}
