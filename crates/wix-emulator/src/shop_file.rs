//! The shop file: a merchant's catalog as JSON. Only its form is here; `catalog` checks it.

mod error;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use error::{DataError, Problem};

/// A shop. `{"products":[{"sku":"A-1","name":"Apple","quantity":5}]}` is enough.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ShopData {
    /// The currency of all prices.
    pub currency: String,
    /// The locations that hold stock, the default one first; one when none are given. Catalog V1 has only the default one.
    pub locations: Vec<LocationData>,
    /// The products, in order.
    pub products: Vec<ProductData>,
}

impl Default for ShopData {
    fn default() -> Self {
        Self { currency: "EUR".to_owned(), locations: Vec::new(), products: Vec::new() }
    }
}

impl ShopData {
    /// A shop of these products.
    #[must_use]
    pub fn new(products: Vec<ProductData>) -> Self {
        Self { products, ..Self::default() }
    }
}

/// A location that holds stock (Wix: Stores Locations V3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LocationData {
    /// Its name, 1 to 150 characters.
    pub name: String,
    /// Its GUID; generated from the position when absent.
    #[serde(default)]
    pub id: Option<String>,
}

/// Physical or digital (Wix: Query Products; lower case).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProductType {
    /// Goods that are sent.
    #[default]
    Physical,
    /// Files.
    Digital,
}

impl ProductType {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Physical => "physical",
            Self::Digital => "digital",
        }
    }
}

/// A product of the shop file. Absent members get values that depend only on the product's position in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "they are the words of the file")]
pub struct ProductData {
    /// The product's GUID; generated from the position when absent.
    pub id: Option<String>,
    /// A text of digits; generated from the position when absent.
    pub numeric_id: Option<String>,
    /// 1 to 80 characters; the SKU, or the position, when absent.
    pub name: Option<String>,
    /// The product's SKU; empty with managed variants, because each variant has its own then.
    pub sku: String,
    /// Whether buyers see it.
    pub visible: bool,
    /// Physical or digital.
    pub product_type: ProductType,
    /// HTML, up to 8000 characters.
    pub description: String,
    /// The last part of the page's address; derived from the name when absent.
    pub slug: Option<String>,
    /// In the shop's currency.
    pub price: f64,
    /// The price that is shown crossed out; not for managed variants. Only V3 has one.
    pub compare_at_price: Option<f64>,
    /// 1 to 40 characters; not for managed variants. Only V3 has one.
    pub barcode: String,
    /// In the shop's unit; not for managed variants.
    pub weight: Option<f64>,
    /// What it costs the merchant; not for managed variants.
    pub cost: Option<f64>,
    /// Whether each variant has its own stock and SKU; when absent, true if variants are given.
    pub manage_variants: Option<bool>,
    /// The GUID that Catalog V3 gives the one variant of a product without managed variants; generated when absent.
    pub variant_id: Option<String>,
    /// Whether Wix counts the stock.
    pub track_inventory: bool,
    /// Whether Catalog V3 has inventory items for it at the default location. V1 shows a product without as untracked.
    pub inventory_item: bool,
    /// The level, 0 to 99,999; not for managed variants.
    pub quantity: Option<i64>,
    /// The levels at other locations by their names; not for managed variants.
    pub elsewhere: BTreeMap<String, i64>,
    /// What an untracked product shows instead of a level.
    pub in_stock: bool,
    /// The GUID of the product's inventory item in V1; generated from the position when absent.
    pub inventory_item_id: Option<String>,
    /// RFC 3339; generated from the position when absent.
    pub last_updated: Option<String>,
    /// RFC 3339; generated from the position when absent.
    pub created_date: Option<String>,
    /// The collections it is in.
    pub collection_ids: Vec<String>,
    /// The options a buyer chooses from, up to 6; taken from the variants when empty.
    pub product_options: Vec<OptionData>,
    /// The variants, up to 300. Without managed variants they are choices only, with neither SKU nor quantity;
    /// when none are given, all combinations of the options are.
    pub variants: Vec<VariantData>,
}

impl Default for ProductData {
    fn default() -> Self {
        Self {
            id: None,
            numeric_id: None,
            name: None,
            sku: String::new(),
            visible: true,
            product_type: ProductType::Physical,
            description: String::new(),
            slug: None,
            price: 10.0,
            compare_at_price: None,
            barcode: String::new(),
            weight: None,
            cost: None,
            manage_variants: None,
            variant_id: None,
            track_inventory: true,
            inventory_item: true,
            quantity: None,
            elsewhere: BTreeMap::new(),
            in_stock: true,
            inventory_item_id: None,
            last_updated: None,
            created_date: None,
            collection_ids: Vec::new(),
            product_options: Vec::new(),
            variants: Vec::new(),
        }
    }
}

impl ProductData {
    /// A product without managed variants.
    #[must_use]
    pub fn new(sku: impl Into<String>, quantity: i64) -> Self {
        Self { sku: sku.into(), quantity: Some(quantity), ..Self::default() }
    }

    /// A product with managed variants.
    #[must_use]
    pub fn with_variants(name: impl Into<String>, variants: Vec<VariantData>) -> Self {
        Self { name: Some(name.into()), variants, ..Self::default() }
    }
}

/// An option of a product, such as `Size` with `S` and `L`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptionData {
    /// The option's name.
    pub name: String,
    /// What can be chosen.
    pub choices: Vec<String>,
}

/// A variant of a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct VariantData {
    /// The variant's GUID; generated from the positions when absent.
    pub id: Option<String>,
    /// The choices that this variant stands for, such as `{"Size":"L"}`; a numbered choice when absent.
    pub choices: BTreeMap<String, String>,
    /// The variant's SKU.
    pub sku: String,
    /// Its own price, where it differs from the product's.
    pub price: Option<f64>,
    /// The price that is shown crossed out. Only V3 has one.
    pub compare_at_price: Option<f64>,
    /// 1 to 40 characters. Only V3 has one.
    pub barcode: String,
    /// In the shop's unit.
    pub weight: Option<f64>,
    /// What it costs the merchant.
    pub cost: Option<f64>,
    /// Whether Wix counts the stock; as the product says when absent. V1 counts all variants if it counts one.
    pub track_inventory: Option<bool>,
    /// Whether Catalog V3 has an inventory item for it at the default location.
    pub inventory_item: bool,
    /// The level, 0 to 99,999.
    pub quantity: Option<i64>,
    /// The levels at other locations by their names.
    pub elsewhere: BTreeMap<String, i64>,
    /// What an untracked variant shows instead of a level.
    pub in_stock: bool,
    /// Whether buyers see it.
    pub visible: bool,
}

impl Default for VariantData {
    fn default() -> Self {
        Self {
            id: None,
            choices: BTreeMap::new(),
            sku: String::new(),
            price: None,
            compare_at_price: None,
            barcode: String::new(),
            weight: None,
            cost: None,
            track_inventory: None,
            inventory_item: true,
            quantity: None,
            elsewhere: BTreeMap::new(),
            in_stock: true,
            visible: true,
        }
    }
}

impl VariantData {
    /// A variant with a SKU and a level.
    #[must_use]
    pub fn new(sku: impl Into<String>, quantity: i64) -> Self {
        Self { sku: sku.into(), quantity: Some(quantity), ..Self::default() }
    }
}
