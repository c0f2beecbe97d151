//! Products and variants as JSON (Wix: Query Products).

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::catalog::{Choice, InventoryStatus, Product, ReadView, Timestamp, Variant};
use crate::shop_file::{OptionData, ProductType};

/// An integer that is written as a text of digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Digits(pub(super) u128);

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A product as the client sees it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProductView<'a> {
    id: Uuid,
    name: &'a str,
    slug: &'a str,
    visible: bool,
    product_type: ProductType,
    description: &'a str,
    sku: &'a str,
    weight: f64,
    stock: StockView,
    price_data: PriceView<'a>,
    discount: DiscountView,
    manage_variants: bool,
    product_options: Vec<OptionView<'a>>,
    collection_ids: &'a [String],
    inventory_item_id: Uuid,
    numeric_id: Digits,
    last_updated: Timestamp,
    created_date: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    variants: Option<Vec<VariantView<'a>>>,
}

/// `metadata` of the queries by offset.
#[derive(Debug, Serialize)]
pub(super) struct Metadata {
    pub(super) items: usize,
    pub(super) offset: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StockView {
    track_inventory: bool,
    quantity: Option<i64>,
    in_stock: bool,
    inventory_status: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PriceView<'a> {
    currency: &'a str,
    price: f64,
    discounted_price: f64,
}

#[derive(Debug, Serialize)]
struct DiscountView {
    #[serde(rename = "type")]
    kind: &'static str,
    value: f64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OptionView<'a> {
    option_type: &'static str,
    name: &'a str,
    choices: Vec<ChoiceView<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ChoiceView<'a> {
    value: &'a str,
    description: &'a str,
    in_stock: bool,
    visible: bool,
}

/// A variant of a product as the client sees it.
#[derive(Debug, Serialize)]
pub(super) struct VariantView<'a> {
    id: Uuid,
    choices: &'a BTreeMap<String, String>,
    variant: DetailView<'a>,
    stock: VariantStockView,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DetailView<'a> {
    price_data: PriceView<'a>,
    weight: f64,
    sku: &'a str,
    visible: bool,
}

/// The stock of a variant; the quantity is null when it is not tracked.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VariantStockView {
    track_quantity: bool,
    quantity: Option<i64>,
    in_stock: bool,
}

impl VariantStockView {
    pub(super) fn new(product: &Product, variant: usize, view: ReadView) -> Self {
        Self {
            track_quantity: product.tracked(),
            quantity: product.tracked().then(|| product.quantity(variant, view)),
            in_stock: product.in_stock(variant, view),
        }
    }
}

impl<'a> ProductView<'a> {
    pub(super) fn new(product: &'a Product, currency: &'a str, with_variants: bool, view: ReadView) -> Self {
        let status = product.status(view);
        let level = || (0..product.variants.len()).map(|variant| product.quantity(variant, view)).sum();
        let in_stock = status != InventoryStatus::SoldOut;
        Self {
            id: product.id,
            name: &product.name,
            slug: &product.slug,
            visible: product.visible,
            product_type: product.kind,
            description: &product.description,
            sku: product.sku(),
            weight: 0.0,
            stock: StockView {
                track_inventory: product.tracked(),
                quantity: product.tracked().then(level),
                in_stock,
                inventory_status: status.as_str(),
            },
            price_data: PriceView::new(product.price, currency),
            discount: DiscountView { kind: "NONE", value: 0.0 },
            manage_variants: product.manage_variants,
            product_options: product.options.iter().map(|option| OptionView::new(option, in_stock)).collect(),
            collection_ids: &product.collection_ids,
            inventory_item_id: product.item_id,
            numeric_id: Digits(product.numeric_id),
            last_updated: product.updated,
            created_date: product.created,
            variants: with_variants.then(|| variant_views(product, currency, view)),
        }
    }
}

impl<'a> PriceView<'a> {
    fn new(price: f64, currency: &'a str) -> Self {
        Self { currency, price, discounted_price: price }
    }
}

impl<'a> OptionView<'a> {
    fn new(option: &'a OptionData, in_stock: bool) -> Self {
        let choice = |value: &'a String| ChoiceView { value, description: value, in_stock, visible: true };
        Self {
            option_type: "drop_down",
            name: &option.name,
            choices: option.choices.iter().map(choice).collect(),
        }
    }
}

/// The variants that a product shows: the managed ones, each with SKU and stock; else the choices, without either
/// because both belong to the product; else the one implicit variant.
pub(super) fn variant_views<'a>(
    product: &'a Product,
    currency: &'a str,
    view: ReadView,
) -> Vec<VariantView<'a>> {
    if product.choices.is_empty() {
        let show = |(index, variant): (usize, &'a Variant)| VariantView {
            id: variant.id,
            choices: &variant.choices,
            variant: DetailView {
                price_data: PriceView::new(variant.price.unwrap_or(product.price), currency),
                weight: 0.0,
                sku: &variant.sku,
                visible: variant.visible,
            },
            stock: VariantStockView::new(product, index, view),
        };
        return product.variants.iter().enumerate().map(show).collect();
    }
    let in_stock = product.in_stock(0, view);
    let show = |choice: &'a Choice| VariantView {
        id: choice.id,
        choices: &choice.choices,
        variant: DetailView {
            price_data: PriceView::new(product.price, currency),
            weight: 0.0,
            sku: "",
            visible: choice.visible,
        },
        stock: VariantStockView { track_quantity: product.tracked(), quantity: None, in_stock },
    };
    product.choices.iter().map(show).collect()
}

impl VariantView<'_> {
    pub(super) fn id(&self) -> Uuid {
        self.id
    }

    pub(super) fn choices(&self) -> &BTreeMap<String, String> {
        self.choices
    }
}
