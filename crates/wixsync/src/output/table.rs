//! Plain tables: columns by width, no frames, readable without color.

use comfy_table::presets;
use comfy_table::{ColumnConstraint, ContentArrangement, Table};

/// An empty table with these headings; without any, if the columns explain themselves. On a narrow terminal, cells
/// wrap. Elsewhere each row is one line of any width.
pub(crate) fn table(headings: &[String]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if !headings.is_empty() {
        table.set_header(headings);
    }
    table
}

/// Keeps the cells of these columns on one line each, where another column can give way.
pub(crate) fn keep_whole(table: &mut Table, columns: impl IntoIterator<Item = usize>) {
    for at in columns {
        if let Some(column) = table.column_mut(at) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
}

/// Whether the terminal, if there is one, has fewer columns than the table.
pub(crate) fn is_too_wide(table: &Table) -> bool {
    let Some(width) = table.width() else { return false };
    let columns: usize = table.column_max_content_widths().iter().map(|width| usize::from(*width) + 2).sum();
    columns > usize::from(width)
}

/// The table's text; empty if it has no rows.
pub(crate) fn lines(table: &Table) -> String {
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
