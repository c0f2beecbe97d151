//! What the tables of a warehouse hold beside the quantities, and runs do not read: reserved units, and prices in words.
//! Pure.

use rust_decimal::Decimal;
use stocklist::is_reserved;
use warehouse::inspect::{Catalog, Column, Table};

/// A column of reserved units that is not subtracted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reserved {
    pub(crate) table: String,
    pub(crate) column: String,
    /// The query that subtracts it, of the default tables.
    pub(crate) query: Option<String>,
}

impl Reserved {
    /// `stock.reserved`.
    pub(crate) fn name(&self) -> String {
        format!("{}.{}", self.table, self.column)
    }
}

/// The columns of reserved units in the table of the stock; with a query, in its tables, unless it names them.
pub(crate) fn reserved(tables: &[Table], query: Option<&str>, catalog: &dyn Catalog) -> Vec<Reserved> {
    let query = query.map(str::to_lowercase);
    let is_used = |table: &&Table| match &query {
        None => table.name.eq_ignore_ascii_case("stock"),
        Some(query) => query.contains(&table.name.to_lowercase()),
    };
    let is_overlooked = |column: &&Column| {
        let is_named = query.as_ref().is_some_and(|query| query.contains(&column.name.to_lowercase()));
        is_reserved(&column.name) && !is_named
    };
    let of_table = |table: &Table| -> Vec<Reserved> {
        let columns = table.columns.iter().filter(is_overlooked);
        let of_column = |column: &Column| Reserved {
            table: table.name.clone(),
            column: column.name.clone(),
            query: query.is_none().then(|| subtracting(&catalog.quoted(&column.name))),
        };
        columns.map(of_column).collect()
    };
    tables.iter().filter(is_used).flat_map(of_table).collect()
}

/// The default tables as a query, less the units of a column.
fn subtracting(column: &str) -> String {
    format!(
        "SELECT p.sku AS sku, coalesce(s.warehouse, '') AS warehouse, CASE WHEN s.sku IS NULL THEN 0 \
         ELSE s.quantity - coalesce(s.{column}, 0) END AS quantity FROM product AS p LEFT JOIN stock AS s ON s.sku = p.sku"
    )
}

/// The prices that are no plain numbers: `10.00 USD` is not 10.
pub(crate) fn odd_prices(prices: Vec<String>) -> Vec<String> {
    let is_plain = |price: &String| price.trim().is_empty() || price.trim().parse::<Decimal>().is_ok();
    prices.into_iter().filter(|price| !is_plain(price)).collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use warehouse::WarehouseUrl;

    use super::*;

    fn table(name: &str, columns: &[&str]) -> Table {
        let column = |name: &&str| Column { name: (*name).to_owned(), is_key: false, points_to: None };
        Table { name: name.to_owned(), columns: columns.iter().map(column).collect(), rows: 1 }
    }

    fn found(tables: &[Table], query: Option<&str>) -> Vec<String> {
        let catalog = warehouse::catalog(&WarehouseUrl::in_file(PathBuf::new()));
        reserved(tables, query, catalog.as_ref()).iter().map(Reserved::name).collect()
    }

    #[test]
    fn reserved_units_that_nothing_subtracts_are_named() {
        let tables =
            [table("stock", &["sku", "quantity", "reserved", "reorder"]), table("old", &["reserve"])];
        assert_eq!(found(&tables, None), ["stock.reserved"]);
        assert_eq!(found(&tables, Some("SELECT sku, quantity FROM Stock")), ["stock.reserved"]);
        assert_eq!(
            found(&tables, Some("SELECT sku, quantity - reserved AS quantity FROM stock")),
            [] as [&str; 0]
        );
        let goods = [table("goods", &["sku", "qty_reserved", "Резерв", "id"])];
        assert_eq!(found(&goods, Some("SELECT sku, qty FROM goods")), ["goods.qty_reserved", "goods.Резерв"]);
        assert_eq!(found(&goods, None), [] as [&str; 0]);
    }

    #[test]
    fn a_price_with_a_currency_is_no_number() {
        let prices = ["10", "10.50", " 7 ", "", "10.00 USD", "on request", "1,5"].map(str::to_owned).to_vec();
        assert_eq!(odd_prices(prices), ["10.00 USD", "on request", "1,5"]);
    }
}
