//! The sample data: 1,000 SKUs in a warehouse, and a shop that has drifted away from it.

use std::collections::BTreeMap;
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, QueryBuilder, Sqlite};
use wix_emulator::{ProductData, Shop, ShopData, VariantData};

/// SKUs in the sample warehouse.
const SKUS: u32 = 1_000;
/// The last SKUs are sizes of this many shirts: variants with their own SKUs.
const SHIRTS: u32 = 30;
const SIZES: [&str; 3] = ["S", "M", "L"];
const WAREHOUSES: [&str; 2] = ["MAIN", "OUTLET"];

fn sku(n: u32) -> String {
    let plain = SKUS - SHIRTS * 3;
    match n.checked_sub(plain) {
        None => format!("SKU-{n:04}"),
        Some(shirt) => {
            let size = SIZES.iter().cycle().nth(usize::try_from(shirt % 3).unwrap_or(0));
            format!("SHIRT-{:02}-{}", shirt / 3, size.unwrap_or(&"S"))
        }
    }
}

/// Units of the `n`th SKU in each warehouse.
fn stock(n: u32) -> [u32; 2] {
    if n % 40 == 7 { [0, 0] } else { [n * 7 % 50, n * 13 % 30] }
}

fn total(n: u32) -> u32 {
    stock(n).iter().sum()
}

/// The level that the shop shows before the run: most are right, every fifth is wrong.
fn shown(n: u32) -> u32 {
    match n % 10 {
        3 => total(n) + 4,
        8 => total(n).saturating_sub(3),
        _ if n % 40 == 7 => 6,
        _ => total(n),
    }
}

/// The sample shop. Some products are hidden, one is not tracked, one SKU is on two products, and one is unknown to the
/// warehouse.
pub(crate) fn sample_shop() -> ShopData {
    let plain = SKUS - SHIRTS * 3;
    let mut products: Vec<ProductData> = (0..plain)
        .map(|n| {
            let mut product = ProductData::new(sku(n), i64::from(shown(n)));
            product.visible = n % 50 != 1;
            product.track_inventory = n != 5;
            product
        })
        .collect();
    for shirt in 0..SHIRTS {
        let first = plain + shirt * 3;
        let sizes = (first..first + 3).map(|n| VariantData::new(sku(n), i64::from(shown(n)))).collect();
        products.push(ProductData::with_variants(format!("Shirt {shirt}"), sizes));
    }
    products.push(ProductData::new(sku(9), 1));
    products.push(ProductData::new("GIFT-CARD", 10));
    ShopData::new(products)
}

/// Writes the sample warehouse as a SQLite file.
pub(super) async fn write_warehouse(file: &Path) -> Result<(), sqlx::Error> {
    let mut db = SqliteConnectOptions::new().filename(file).create_if_missing(true).connect().await?;
    let schema = "CREATE TABLE product (sku TEXT PRIMARY KEY, name TEXT);
        CREATE TABLE stock (sku TEXT, warehouse TEXT, quantity INTEGER, PRIMARY KEY (sku, warehouse));";
    sqlx::raw_sql(schema).execute(&mut db).await?;
    let mut tx = db.begin().await?;
    let mut products = QueryBuilder::<Sqlite>::new("INSERT INTO product (sku, name) ");
    products.push_values(0..SKUS, |mut row, n| {
        row.push_bind(sku(n)).push_bind(format!("Product {n}"));
    });
    products.build().execute(&mut *tx).await?;
    for (at, warehouse) in WAREHOUSES.iter().enumerate() {
        let mut rows = QueryBuilder::<Sqlite>::new("INSERT INTO stock (sku, warehouse, quantity) ");
        rows.push_values(0..SKUS, |mut row, n| {
            let units = stock(n).get(at).copied().unwrap_or(0);
            row.push_bind(sku(n)).push_bind(*warehouse).push_bind(units);
        });
        rows.build().execute(&mut *tx).await?;
    }
    tx.commit().await?;
    db.close().await
}

/// The SKUs whose true level in the shop differs from the sample warehouse.
pub(super) fn wrong_levels(shop: &Shop) -> Vec<String> {
    let levels: BTreeMap<String, Vec<Option<i64>>> = shop.levels_by_sku();
    (0..SKUS)
        .filter(|n| ![5, 9].contains(n))
        .filter(|n| levels.get(&sku(*n)).map(Vec::as_slice) != Some(&[Some(i64::from(total(*n)))]))
        .map(sku)
        .collect()
}
