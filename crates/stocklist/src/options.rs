//! What a caller may say about a file instead of having it found out.

use crate::{DecimalMark, Encoding, Field};

/// How a file is to be read. The default finds everything out, and refuses what it cannot tell.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, as a user sets it")]
pub struct Options {
    /// The encoding of a text; a byte order mark in the file is stronger.
    pub encoding: Option<Encoding>,
    /// What stands between the cells of a text: one ASCII character.
    pub delimiter: Option<u8>,
    /// The mark before the decimals of quantities that are texts.
    pub decimal: Option<DecimalMark>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// Which column is what, where the headings do not say so.
    pub columns: Vec<Mapping>,
    /// Whether the file has headings. Without them every column that is needed must be mapped by its number.
    pub headings: bool,
    /// Whether several lines for one SKU and warehouse are added up; else they are wrong.
    pub sum: bool,
    /// Whether an empty quantity is zero; else it is wrong.
    pub empty_as_zero: bool,
    /// Whether lines with a quantity and without a SKU are left out; else they are wrong.
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

/// One column that the caller names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// What stands in it.
    pub field: Field,
    /// For a quantity: the warehouse whose units stand in this column.
    pub warehouse: Option<String>,
    /// Its heading, or its number counted from 1.
    pub column: String,
}

impl Mapping {
    /// `FIELD=COLUMN`, or `quantity[WAREHOUSE]=COLUMN`; `None` for anything else.
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
