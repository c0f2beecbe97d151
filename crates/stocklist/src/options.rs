//! What the caller states about a file; everything else is detected.

use crate::{DecimalMark, Encoding, Field};

/// How to read a file. The default detects everything and refuses a file that is ambiguous.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, as a user sets it")]
pub struct Options {
    /// The encoding of a text. A byte order mark in the file takes precedence.
    pub encoding: Option<Encoding>,
    /// The separator between the cells of a text: one ASCII character.
    pub delimiter: Option<u8>,
    /// The decimal mark of quantities that are stored as text.
    pub decimal: Option<DecimalMark>,
    /// The name of the workbook's sheet to read.
    pub sheet: Option<String>,
    /// Which column holds which field, if the headings do not make it clear.
    pub columns: Vec<Mapping>,
    /// Whether the file has headings. Without them, every required column must be mapped by its number.
    pub headings: bool,
    /// Whether to add up several lines for one SKU and warehouse. If not, they are an error.
    pub sum: bool,
    /// Whether an empty quantity counts as zero. If not, it is an error.
    pub empty_as_zero: bool,
    /// Whether to skip lines that have a quantity but no SKU. If not, they are an error.
    pub skip_without_sku: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            encoding: None,
            delimiter: None,
            decimal: None,
            sheet: None,
            columns: Vec::new(),
            headings: true,
            sum: false,
            empty_as_zero: false,
            skip_without_sku: false,
        }
    }
}

/// A column that the caller assigns to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The field that the column holds.
    pub field: Field,
    /// For a quantity: the warehouse whose units this column holds.
    pub warehouse: Option<String>,
    /// Its heading, or its number from 1.
    pub column: String,
}

impl Mapping {
    /// Parses `FIELD=COLUMN` or `quantity[WAREHOUSE]=COLUMN`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (field, column) = text.split_once('=')?;
        let (field, warehouse) = match field.trim().strip_suffix(']') {
            Some(inner) => {
                let (field, warehouse) = inner.split_once('[')?;
                (field, Some(warehouse.to_owned()).filter(|name| !name.trim().is_empty())?.into())
            }
            None => (field, None),
        };
        let field = Field::named(field.trim())?;
        let fits = warehouse.is_none() || field == Field::Quantity;
        (fits && !column.trim().is_empty()).then(|| Self {
            field,
            warehouse,
            column: column.trim().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_name_a_field_and_a_column() {
        let mapping = |field, warehouse: Option<&str>, column: &str| {
            Some(Mapping { field, warehouse: warehouse.map(str::to_owned), column: column.to_owned() })
        };
        assert_eq!(Mapping::parse("sku=Артикул"), mapping(Field::Sku, None, "Артикул"));
        assert_eq!(Mapping::parse("quantity=a=b"), mapping(Field::Quantity, None, "a=b"));
        assert_eq!(Mapping::parse("quantity[Юг]= 3 "), mapping(Field::Quantity, Some("Юг"), "3"));
        for bad in ["", "sku", "sku=", "colour=Red", "sku[a]=b", "quantity[]=3", "quantity[a=3", "=3"] {
            assert_eq!(Mapping::parse(bad), None, "{bad}");
        }
    }
}
