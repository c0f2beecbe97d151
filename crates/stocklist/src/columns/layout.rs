//! Which column holds which field, and where the products begin.

use crate::{Field, position};

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its index, from 0.
    pub index: usize,
    /// Its heading, the upper lines before the lower; empty if it has none.
    pub heading: String,
}

impl Column {
    /// Its letter, as a spreadsheet program shows it.
    #[must_use]
    pub fn letter(&self) -> String {
        position::letters(self.index)
    }
}

/// A column that could be meant, and how to choose it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnChoice {
    /// Where it is.
    pub column: Column,
    /// What `--column` takes for it: its letter, its number or its heading, whichever names this column alone.
    pub reference: String,
    /// The warehouse that its heading names, if it names one.
    pub place: Option<String>,
}

/// A column that looks like stock, or holds numbers without a heading, and is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusedColumn {
    /// Where it is.
    pub column: Column,
    /// What `--column` and `--subtract` take for it.
    pub reference: String,
    /// Whether its heading says that it holds reserved units.
    pub is_reserved: bool,
}

/// A column that is used, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedColumn {
    /// The field that it holds.
    pub field: Field,
    /// For a quantity: the warehouse whose units it holds, if each warehouse has its own column.
    pub warehouse: Option<String>,
    /// Whether its units are taken away from the quantity.
    pub is_subtracted: bool,
    /// Where it is.
    pub column: Column,
}

/// A column of quantities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quantities {
    pub(crate) column: Column,
    /// The warehouse whose units the column holds, if each warehouse has its own column.
    pub(crate) warehouse: Option<String>,
    /// A column whose units are taken away.
    pub(crate) subtracted: Option<Column>,
}

/// Which column holds which field, and where the products begin.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) heading_line: Option<u64>,
    /// A line that was taken for headings though none of them is known.
    pub(crate) unknown_headings: Option<u64>,
    /// The texts of the heading lines.
    pub(crate) heading_texts: Vec<Vec<String>>,
    /// The index of the first record of the headings.
    pub(crate) top: usize,
    /// The index of the first record after the headings.
    pub(crate) first: usize,
    pub(crate) sku: Column,
    pub(crate) warehouse: Option<Column>,
    pub(crate) quantities: Vec<Quantities>,
    /// Columns that describe the product.
    pub(crate) details: Vec<(Field, Column)>,
    /// Columns that look like stock and are not used.
    pub(crate) unused: Vec<UnusedColumn>,
    /// Whether the quantities are nothing but 0 and 1 under a heading that may mean yes and no.
    pub(crate) only_flags: bool,
    /// A line below the headings that numbers the columns.
    pub(crate) numbered: bool,
    /// The number of headings; 0 if there are none.
    pub(crate) width: usize,
    /// Whether the headings contain Cyrillic letters.
    pub(crate) russian: bool,
}

impl Layout {
    /// All columns that are used, in the order of the file.
    pub(crate) fn columns(&self) -> Vec<UsedColumn> {
        let used = |field, column: &Column| UsedColumn {
            field,
            warehouse: None,
            is_subtracted: false,
            column: column.clone(),
        };
        let mut columns = vec![used(Field::Sku, &self.sku)];
        columns.extend(self.warehouse.iter().map(|column| used(Field::Warehouse, column)));
        for of in &self.quantities {
            let of_warehouse =
                |column| UsedColumn { warehouse: of.warehouse.clone(), ..used(Field::Quantity, column) };
            columns.push(of_warehouse(&of.column));
            let subtracted = of.subtracted.iter();
            columns
                .extend(subtracted.map(|column| UsedColumn { is_subtracted: true, ..of_warehouse(column) }));
        }
        columns.extend(self.details.iter().map(|(field, column)| used(*field, column)));
        columns.sort_by_key(|used| used.column.index);
        columns
    }
}
