//! The shop under load: half of the products plain, half with three variants.

use wix_emulator::{Config, ProductData, ShopData, VariantData};

/// The number of products.
pub(crate) const PRODUCTS: usize = 100_000;

/// The SKU of a plain product; products with an even number are plain.
pub(crate) fn sku(product: usize) -> String {
    format!("SKU-{product:06}")
}

/// The id that the emulator generates for the product at this position of the file.
pub(crate) fn id(product: usize) -> String {
    format!("10000000-0000-4000-8000-{:012x}", product + 1)
}

fn product(number: usize) -> ProductData {
    if number.is_multiple_of(2) {
        return ProductData { name: Some(format!("Product {number}")), ..ProductData::new(sku(number), 500) };
    }
    let variant = |letter: char| VariantData::new(format!("{}-{letter}", sku(number)), 500);
    ProductData::with_variants(format!("Product {number}"), ['S', 'M', 'L'].map(variant).into())
}

pub(crate) fn config() -> Config {
    Config::new(ShopData::new((0..PRODUCTS).map(product).collect()))
}
