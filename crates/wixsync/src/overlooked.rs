//! Looks at the tables of the warehouse for what runs do not read.

use warehouse::WarehouseUrl;

use crate::setup::overlooked::{Reserved, odd_prices, reserved};

/// How many prices are looked at.
const PRICES: u32 = 1_000;

/// Columns of reserved units that are not subtracted, and prices that are no plain numbers. A database that cannot be
/// read is told elsewhere.
pub(crate) async fn look(database: &WarehouseUrl, query: Option<&str>) -> (Vec<Reserved>, Vec<String>) {
    let catalog = warehouse::catalog(database);
    let tables = catalog.tables().await.unwrap_or_default();
    let reserved = reserved(&tables, query, catalog.as_ref());
    let prices = match query {
        None => catalog.texts("product", "price", PRICES).await.unwrap_or_default(),
        Some(_) => Vec::new(),
    };
    (reserved, odd_prices(prices))
}
