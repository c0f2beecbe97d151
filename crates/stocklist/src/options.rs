//! What the caller states about a file; everything else is detected.

use rust_decimal::Decimal;

use crate::{DecimalMark, Encoding, Field, number};

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
    /// The name of the workbook's sheet to read; `all` for all visible sheets with a list, unless a sheet has this
    /// name.
    pub sheet: Option<String>,
    /// Which column holds which field, if the headings do not make it clear.
    pub columns: Vec<Mapping>,
    /// Columns whose units are taken away from the quantity, such as reserved ones. The field of each is
    /// [`Field::Quantity`].
    pub subtract: Vec<Mapping>,
    /// The warehouse of the lines whose warehouse cell is empty. If `None`, such a line is an error.
    pub fill_warehouse: Option<String>,
    /// What words in the quantity column mean.
    pub words: Vec<QuantityWord>,
    /// Whether to read `5 шт` as 5. If not, it is an error.
    pub strip_units: bool,
    /// Whether to leave out the lines that the spreadsheet program hides. If not, they are read and told.
    pub skip_hidden: bool,
    /// Whether to read a file whose totals are not the sums of its lines. If not, it is refused.
    pub ignore_total: bool,
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
            subtract: Vec::new(),
            fill_warehouse: None,
            words: Vec::new(),
            strip_units: false,
            skip_hidden: false,
            ignore_total: false,
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
    /// Its heading, its number from 1, or its letter. For a warehouse, `none` says that no column names it.
    pub column: String,
}

/// What a word in the quantity column means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuantityWord {
    /// The whole text of the cell; case and spaces do not matter.
    pub word: String,
    /// The quantity; `None` if it is unknown, so that the stock of the line stays as it is.
    pub quantity: Option<Decimal>,
}

impl QuantityWord {
    /// Parses `WORD=NUMBER` or `WORD=keep`; `None` for anything else. The word may contain `=`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (word, value) = text.rsplit_once('=')?;
        let (word, value) = (word.trim(), value.trim());
        let quantity = match value {
            "keep" => None,
            number => Some(number::parse(number, DecimalMark::Point.into()).ok()?),
        };
        (!word.is_empty()).then(|| Self { word: word.to_owned(), quantity })
    }

    /// Parses words separated by commas, as `есть=5,>50=50,нет=0`.
    #[must_use]
    pub fn parse_all(text: &str) -> Option<Vec<Self>> {
        // A comma before which there is no value belongs to the word.
        let mut words = Vec::new();
        let mut begun = String::new();
        for piece in text.split(',') {
            begun.push_str(piece);
            match Self::parse(&begun) {
                Some(word) => {
                    words.push(word);
                    begun.clear();
                }
                None => begun.push(','),
            }
        }
        (begun.is_empty() && !words.is_empty()).then_some(words)
    }

    /// Whether this is the word of a cell.
    pub(crate) fn is(&self, text: &str) -> bool {
        let plain = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
        plain(&self.word) == plain(text)
    }
}

impl Mapping {
    /// In place of a column: there is none.
    pub(crate) const NONE: &'static str = "none";

    /// Parses `reserved=COLUMN` or `reserved[WAREHOUSE]=COLUMN`, a column to subtract.
    #[must_use]
    pub fn parse_reserved(text: &str) -> Option<Self> {
        Self::parse(&format!("{}{}", Field::Quantity.code(), text.trim().strip_prefix("reserved")?))
    }

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
        assert_eq!(Mapping::parse_reserved("reserved[Юг]=D"), mapping(Field::Quantity, Some("Юг"), "D"));
        assert_eq!(Mapping::parse_reserved("sku=D"), None);
    }

    #[test]
    fn words_have_a_quantity_or_none() {
        let word = |word: &str, quantity: Option<i64>| QuantityWord {
            word: word.to_owned(),
            quantity: quantity.map(Decimal::from),
        };
        let due =
            vec![word("есть", Some(5)), word(">=50", Some(50)), word("a,b", Some(1)), word("InStock", None)];
        assert_eq!(QuantityWord::parse_all("есть=5, >=50=50,a,b=1,InStock=keep"), Some(due));
        for bad in ["", "есть", "=5", "есть=", "есть=много", "есть=5,", "есть=5,нет"]
        {
            assert_eq!(QuantityWord::parse_all(bad), None, "{bad}");
        }
        assert!(word("более  10", None).is(" Более 10"));
    }
}
