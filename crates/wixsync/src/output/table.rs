//! Plain tables: columns by width, no frames, readable without colour.

use comfy_table::presets;
use comfy_table::{ContentArrangement, Table};

/// An empty table with these headings; none, where its columns speak for themselves.
pub(crate) fn table(headings: &[String]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    if !headings.is_empty() {
        table.set_header(headings);
    }
    table
}

/// The table's text; a heading alone is no table.
pub(crate) fn lines(table: &Table) -> String {
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
