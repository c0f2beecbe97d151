//! Where the stock may come from, by the names of tables and columns. Pure: what is proposed is read and shown
//! before anything is written.

use stocklist::{Field, recognize, warehouse_of};
use warehouse::Source;
use warehouse::inspect::{Catalog, Column, Table};

/// Words in the names of tables that hold current stock.
const STOCK: &[&str] =
    &["stock", "invent", "remain", "balance", "ostat", "sklad", "warehouse", "остат", "склад"];

/// Words in the names of tables that hold a history.
const HISTORY: &[&str] = &[
    "order",
    "sale",
    "invoice",
    "movement",
    "history",
    "log",
    "cart",
    "purchase",
    "receipt",
    "archive",
    "backup",
    "заказ",
    "продаж",
    "движен",
    "приход",
    "расход",
    "архив",
];

/// How tables hold the stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `product` and `stock` as the program expects them.
    Default,
    /// Goods in one table, units in another.
    TwoTables,
    /// Both in one table.
    OneTable,
    /// Both in one table, with a column of units for each warehouse.
    Wide,
}

impl Shape {
    /// The code that programs read; it never changes.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::TwoTables => "two_tables",
            Self::OneTable => "one_table",
            Self::Wide => "wide",
        }
    }
}

/// One place where the stock may come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proposal {
    pub(crate) shape: Shape,
    pub(crate) source: Source,
    /// The tables that it reads.
    pub(crate) tables: Vec<String>,
    /// The smaller, the likelier.
    rank: u32,
}

/// The proposals, the likeliest first. With the default schema there is only that one.
pub(crate) fn proposals(tables: &[Table], catalog: &dyn Catalog) -> Vec<Proposal> {
    if is_default(tables) {
        let tables = vec!["product".to_owned(), "stock".to_owned()];
        return vec![Proposal { shape: Shape::Default, source: Source::Tables, tables, rank: 0 }];
    }
    let mut found: Vec<Proposal> = Vec::new();
    for table in tables {
        found.extend(one_table(table, catalog));
        found.extend(wide(table, catalog));
        let others = tables.iter().filter(|other| other.name != table.name);
        found.extend(others.filter_map(|stock| two_tables(table, stock, catalog)));
    }
    found.sort_by_key(|proposal| proposal.rank);
    found
}

/// The proposal that is clearly the likeliest.
pub(crate) fn likeliest(proposals: &[Proposal]) -> Option<&Proposal> {
    match proposals {
        [only] => Some(only),
        [first, second, ..] if first.rank < second.rank => Some(first),
        _ => None,
    }
}

fn is_default(tables: &[Table]) -> bool {
    let has = |name: &str, columns: &[&str]| {
        let table = tables.iter().find(|table| table.name.eq_ignore_ascii_case(name));
        table.is_some_and(|table| columns.iter().all(|column| table.column(column).is_some()))
    };
    has("product", &["sku"]) && has("stock", &["sku", "warehouse", "quantity"])
}

/// The column whose name fits a field best, and how well it fits.
pub(crate) fn best(table: &Table, field: Field) -> Option<(&Column, u32)> {
    let found = table.columns.iter().filter_map(|column| {
        let found = recognize(&column.name).filter(|found| found.field == field)?;
        Some((column, u32::from(found.rank)))
    });
    found.min_by_key(|(_, rank)| *rank)
}

/// How likely a table holds the units, by its name and its rows.
fn likelihood(stock: &Table) -> u32 {
    let name = stock.name.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let empty = if stock.rows == 0 { 200 } else { 0 };
    empty + if has(HISTORY) { 100 } else { 0 } + if has(STOCK) { 0 } else { 5 }
}

/// Columns of one table.
#[derive(Clone, Copy)]
pub(crate) struct Columns<'a> {
    pub(crate) sku: &'a Column,
    pub(crate) quantity: &'a Column,
    pub(crate) warehouse: Option<&'a Column>,
}

impl Columns<'_> {
    /// The query over these columns.
    pub(crate) fn query(self, table: &Table, catalog: &dyn Catalog) -> String {
        let quoted = |column: &Column| catalog.quoted(&column.name);
        let warehouse = self.warehouse.map(|column| format!(", {} AS warehouse", quoted(column)));
        format!(
            "SELECT {} AS sku, {} AS quantity{}\nFROM {}",
            quoted(self.sku),
            quoted(self.quantity),
            warehouse.unwrap_or_default(),
            catalog.quoted(&table.name)
        )
    }
}

fn one_table(table: &Table, catalog: &dyn Catalog) -> Option<Proposal> {
    let (sku, sku_rank) = best(table, Field::Sku)?;
    let (quantity, quantity_rank) = best(table, Field::Quantity)?;
    let warehouse = best(table, Field::Warehouse).map(|(column, _)| column);
    let query = Columns { sku, quantity, warehouse }.query(table, catalog);
    let rank = 30 + sku_rank + quantity_rank + likelihood(table);
    Some(Proposal {
        shape: Shape::OneTable,
        source: Source::Query(query),
        tables: vec![table.name.clone()],
        rank,
    })
}

fn wide(table: &Table, catalog: &dyn Catalog) -> Option<Proposal> {
    let (sku, sku_rank) = best(table, Field::Sku)?;
    let columns = table.columns.iter();
    let columns: Vec<_> = columns.filter_map(|column| Some((warehouse_of(&column.name)?, column))).collect();
    if columns.len() < 2 {
        return None;
    }
    let selects = columns.iter().map(|(name, column)| {
        format!(
            "SELECT {} AS sku, '{}' AS warehouse, {} AS quantity FROM {}",
            catalog.quoted(&sku.name),
            name.replace('\'', "''"),
            catalog.quoted(&column.name),
            catalog.quoted(&table.name)
        )
    });
    let query = selects.collect::<Vec<_>>().join("\nUNION ALL\n");
    let rank = 30 + sku_rank + 3 + likelihood(table);
    Some(Proposal {
        shape: Shape::Wide,
        source: Source::Query(query),
        tables: vec![table.name.clone()],
        rank,
    })
}

/// Goods, also those without a row of units, which are sold out. A unit column that is NULL stays unknown.
fn two_tables(goods: &Table, stock: &Table, catalog: &dyn Catalog) -> Option<Proposal> {
    let (sku, sku_rank) = best(goods, Field::Sku)?;
    let (quantity, quantity_rank) = best(stock, Field::Quantity)?;
    let (key, pointer, join_rank) = joined(goods, sku, stock)?;
    let of_goods = |column: &str| format!("g.{}", catalog.quoted(column));
    let of_stock = |column: &str| format!("s.{}", catalog.quoted(column));
    // A name for goods without a warehouse, so that chosen warehouses never include them.
    let warehouse = best(stock, Field::Warehouse)
        .map(|(column, _)| format!(",\n       coalesce({}, '') AS warehouse", of_stock(&column.name)));
    let query = format!(
        "SELECT {} AS sku,\n       CASE WHEN {pointer} IS NULL THEN 0 ELSE {} END AS quantity{}\nFROM {} AS g\nLEFT JOIN {} AS s ON {pointer} = {}",
        of_goods(&sku.name),
        of_stock(&quantity.name),
        warehouse.unwrap_or_default(),
        catalog.quoted(&goods.name),
        catalog.quoted(&stock.name),
        of_goods(key),
        pointer = of_stock(pointer),
    );
    let empty = if goods.rows == 0 { 200 } else { 0 };
    let rank = join_rank + sku_rank + quantity_rank + likelihood(stock) + empty;
    let tables = vec![goods.name.clone(), stock.name.clone()];
    Some(Proposal { shape: Shape::TwoTables, source: Source::Query(query), tables, rank })
}

/// The column of the goods and the column of the units that belong together, and how sure that is.
fn joined<'a>(goods: &'a Table, sku: &'a Column, stock: &'a Table) -> Option<(&'a str, &'a str, u32)> {
    let declared = stock.columns.iter().find_map(|column| {
        let (table, key) = column.points_to.as_ref()?;
        let key = goods.column(key).filter(|key| key.is_key && table.eq_ignore_ascii_case(&goods.name))?;
        Some((key.name.as_str(), column.name.as_str(), 10))
    });
    let by_name = || {
        let key = goods.column("id").filter(|column| column.is_key)?;
        let column = stock.columns.iter().find(|column| points_by_name(&column.name, &goods.name))?;
        Some((key.name.as_str(), column.name.as_str(), 15))
    };
    let by_sku = || {
        let (same, _) = best(stock, Field::Sku).filter(|_| sku.is_key)?;
        let is_same = same.name.eq_ignore_ascii_case(&sku.name);
        is_same.then_some((sku.name.as_str(), same.name.as_str(), 20))
    };
    declared.or_else(by_name).or_else(by_sku)
}

/// `product_id` and `productId` beside `products`, `goods_id` beside `goods`.
fn points_by_name(column: &str, table: &str) -> bool {
    let lower = column.to_lowercase();
    let Some(name) = lower.strip_suffix("_id").or_else(|| lower.strip_suffix("id")) else { return false };
    let table = table.to_lowercase();
    let singular = table.strip_suffix("ies").map(|stem| format!("{stem}y"));
    let singular = singular.or_else(|| table.strip_suffix('s').map(str::to_owned));
    !name.is_empty() && (name == table || singular.is_some_and(|singular| name == singular))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use warehouse::WarehouseUrl;

    use super::*;

    /// `name!` is a key, `name>table.column` points.
    fn table(name: &str, rows: u64, columns: &[&str]) -> Table {
        let column = |text: &&str| {
            let (text, points_to) = text.split_once('>').map_or((*text, None), |(text, to)| {
                (text, to.split_once('.').map(|(table, column)| (table.to_owned(), column.to_owned())))
            });
            let (name, is_key) = text.strip_suffix('!').map_or((text, false), |name| (name, true));
            Column { name: name.to_owned(), is_key, points_to }
        };
        Table { name: name.to_owned(), columns: columns.iter().map(column).collect(), rows }
    }

    fn best_of(tables: &[Table]) -> Option<(Shape, String)> {
        let found = proposals(tables, warehouse::catalog(&WarehouseUrl::in_file(PathBuf::new())).as_ref());
        likeliest(&found).map(|one| {
            let query = match &one.source {
                Source::Query(query) => query.split_whitespace().collect::<Vec<_>>().join(" "),
                Source::Tables => String::new(),
            };
            (one.shape, query)
        })
    }

    #[test]
    fn the_default_schema_needs_no_query() {
        let tables =
            [table("Stock", 0, &["SKU", "warehouse", "quantity", "x"]), table("product", 0, &["sku!"])];
        assert_eq!(best_of(&tables), Some((Shape::Default, String::new())));
    }

    #[test]
    fn one_table_with_the_better_columns() {
        let tables = [
            table("goods", 9, &["id!", "code", "Артикул", "qty", "free_qty", "Склад"]),
            table("orders", 9, &["id!", "sku", "quantity"]),
        ];
        let due =
            "SELECT \"Артикул\" AS sku, \"free_qty\" AS quantity, \"Склад\" AS warehouse FROM \"goods\"";
        assert_eq!(best_of(&tables), Some((Shape::OneTable, due.to_owned())));
    }

    #[test]
    fn two_tables_by_key_by_name_and_by_sku() {
        let declared = [
            table("items", 9, &["nr!", "article!", "name"]),
            table("levels", 9, &["item>items.nr", "depot", "units"]),
            table("order_lines", 9, &["item>items.nr", "quantity"]),
        ];
        let due = "SELECT g.\"article\" AS sku, CASE WHEN s.\"item\" IS NULL THEN 0 ELSE s.\"units\" END AS quantity, coalesce(s.\"depot\", '') AS warehouse FROM \"items\" AS g LEFT JOIN \"levels\" AS s ON s.\"item\" = g.\"nr\"";
        assert_eq!(best_of(&declared), Some((Shape::TwoTables, due.to_owned())));
        let by_name = [table("products", 9, &["id!", "sku"]), table("stock", 9, &["product_id", "qty"])];
        assert!(best_of(&by_name).unwrap().1.ends_with("ON s.\"product_id\" = g.\"id\""));
        let by_sku = [table("goods", 9, &["sku!", "name"]), table("remains", 9, &["SKU", "store", "qty"])];
        let (shape, query) = best_of(&by_sku).unwrap();
        assert_eq!(shape, Shape::TwoTables);
        assert!(query.ends_with("ON s.\"SKU\" = g.\"sku\""), "{query}");
        // A SKU that is no key would count rows twice.
        let loose = [table("prices", 9, &["sku", "price"]), table("remains", 9, &["sku", "qty"])];
        assert_eq!(best_of(&loose).unwrap().0, Shape::OneTable);
    }

    #[test]
    fn a_column_for_each_warehouse() {
        let tables = [table("goods", 9, &["sku", "stock_north", "stock_it's", "stock_min"])];
        let (shape, query) = best_of(&tables).unwrap();
        assert_eq!(shape, Shape::Wide);
        assert!(query.contains("'north' AS warehouse, \"stock_north\" AS quantity"), "{query}");
        assert_eq!(query.matches("UNION ALL").count(), 1);
    }

    #[test]
    fn what_is_not_clear_is_not_chosen() {
        let twins = [table("shop_a", 9, &["sku", "qty"]), table("shop_b", 9, &["sku", "qty"])];
        assert_eq!(best_of(&twins), None);
        let one_empty = [table("shop_a", 0, &["sku", "qty"]), table("shop_b", 9, &["sku", "qty"])];
        assert!(best_of(&one_empty).unwrap().1.contains("shop_b"));
        assert_eq!(best_of(&[table("people", 9, &["id", "name"])]), None);
    }
}
