//! Finds the line of the headings and which column holds which field, by the headings or by the caller's mappings.

use crate::number::{self, NumberFormat};
use crate::table::{Record, Table};
use crate::{Field, Mapping, Options, Refusal, recognize};

/// The headings must be within this many records. A report's title may come before them.
const MAX_HEADING_RECORDS: usize = 50;

/// The largest number of columns that a sheet can have.
const MAX_COLUMNS: usize = 16_384;

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its index, from 0.
    pub index: usize,
    /// Its heading; empty if it has none.
    pub heading: String,
}

/// A column that is used, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedColumn {
    /// The field that it holds.
    pub field: Field,
    /// For a quantity: the warehouse whose units it holds, if each warehouse has its own column.
    pub warehouse: Option<String>,
    /// Where it is.
    pub column: Column,
}

/// A column of quantities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quantities {
    pub(crate) column: Column,
    /// The warehouse whose units the column holds, if each warehouse has its own column.
    pub(crate) warehouse: Option<String>,
}

/// Which column holds which field, and where the products begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) heading_line: Option<u64>,
    /// The index of the first record after the headings.
    pub(crate) first: usize,
    pub(crate) sku: Column,
    pub(crate) warehouse: Option<Column>,
    pub(crate) quantities: Vec<Quantities>,
    /// Columns that describe the product.
    pub(crate) details: Vec<(Field, Column)>,
    /// The number of headings; 0 if there are none.
    pub(crate) width: usize,
    /// Whether the headings contain Cyrillic letters.
    pub(crate) russian: bool,
}

impl Layout {
    /// All columns that are used, in the order of the file.
    pub(crate) fn columns(&self) -> Vec<UsedColumn> {
        let used = |field, column: &Column| UsedColumn { field, warehouse: None, column: column.clone() };
        let mut columns = vec![used(Field::Sku, &self.sku)];
        columns.extend(self.warehouse.iter().map(|column| used(Field::Warehouse, column)));
        columns.extend(
            self.quantities.iter().map(|of| UsedColumn {
                warehouse: of.warehouse.clone(),
                ..used(Field::Quantity, &of.column)
            }),
        );
        columns.extend(self.details.iter().map(|(field, column)| used(*field, column)));
        columns.sort_by_key(|used| used.column.index);
        columns
    }
}

/// Finds the layout.
pub(crate) fn find(table: &Table, options: &Options) -> Result<Layout, Refusal> {
    if table.records.is_empty() {
        return Err(Refusal::Empty);
    }
    if let Some(quantity) = numbered_quantity(options) {
        return by_numbers(table, options, quantity);
    }
    if !options.headings {
        return Err(Refusal::NumbersNeeded);
    }
    let searched = table.records.get(..MAX_HEADING_RECORDS).unwrap_or(&table.records);
    let mut nearest: Option<(usize, Refusal)> = None;
    for (at, record) in searched.iter().enumerate() {
        for height in [2, 1] {
            let Some(lines) = searched.get(at..at + height).filter(|lines| is_one_heading(lines, options))
            else {
                continue;
            };
            match Headings::of(lines).layout(options, at + height) {
                Ok(layout) => return Ok(layout),
                Err(several @ Refusal::SeveralColumns { .. }) => return Err(several),
                Err(other) => {
                    let known = known_headings(record, options);
                    if nearest.as_ref().is_none_or(|(best, _)| known > *best) {
                        nearest = Some((known, other));
                    }
                }
            }
        }
    }
    Err(nearest.map_or(Refusal::Empty, |(_, refusal)| refusal))
}

/// Whether two lines form one heading: the lower line names quantities or the SKU below a name of the upper line.
/// If the lower line is sufficient alone, the upper line is a report's title.
fn is_one_heading(lines: &[Record], options: &Options) -> bool {
    let [_, lower] = lines else { return true };
    if Headings::of(std::slice::from_ref(lower)).layout(options, 0).is_ok() {
        return false;
    }
    let names = lower.cells.iter().filter_map(|cell| recognize(&cell.text()));
    names.into_iter().any(|found| matches!(found.field, Field::Quantity | Field::Sku))
}

/// A score for how much a record looks like headings.
fn known_headings(record: &Record, options: &Options) -> usize {
    let mapped = |text: &str| options.columns.iter().any(|mapping| is_same(text, &mapping.column));
    let texts = record.headings();
    let known = texts.iter().filter(|text| mapped(text) || recognize(text).is_some()).count();
    // If no text is known, the line with the most cells is the most likely.
    let cells = texts.iter().filter(|text| !text.is_empty()).count();
    known * 1_000 + cells.min(999)
}

/// The index of the first quantity column, if the caller gives all SKU and quantity columns by number.
fn numbered_quantity(options: &Options) -> Option<usize> {
    let numbers = |field| -> Option<Vec<usize>> {
        let of = options.columns.iter().filter(|mapping| mapping.field == field);
        of.map(|mapping| column_number(&mapping.column)).collect()
    };
    let first_sku = numbers(Field::Sku)?.first().copied();
    first_sku.and(numbers(Field::Quantity)?.first().copied())
}

/// The layout by column numbers alone. Products begin at the first record whose quantity is a number; the lines
/// before it are ignored.
fn by_numbers(table: &Table, options: &Options, quantity: usize) -> Result<Layout, Refusal> {
    let is_number = |record: &Record| {
        let text = record.cell(quantity).text();
        number::parse(&text, NumberFormat::DecimalCommaOrPoint).is_ok()
    };
    let first_number = table.records.iter().position(is_number);
    let first_number = first_number.ok_or(Refusal::NoNumbers { column: quantity + 1 })?;
    let first = if options.headings { first_number } else { 0 };
    let above = first.checked_sub(1).and_then(|at| table.records.get(at..=at)).unwrap_or_default();
    let layout = Headings::of(above).widened(options).layout(options, first)?;
    Ok(Layout { heading_line: None, width: 0, ..layout })
}

/// Parses a column number (from 1) to an index (from 0).
fn column_number(text: &str) -> Option<usize> {
    text.parse::<usize>().ok()?.checked_sub(1)
}

/// Whether two headings are equal except for case and spaces.
fn is_same(a: &str, b: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    words(a) == words(b)
}

/// The headings of the columns, in one line or in two lines.
struct Headings {
    line: Option<u64>,
    upper: Vec<String>,
    /// Empty if there is only one line.
    lower: Vec<String>,
}

impl Headings {
    fn of(lines: &[Record]) -> Self {
        let line = lines.first().map(|record| record.line);
        let mut texts = lines.iter().map(Record::headings);
        let (mut upper, lower) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
        // A heading that spans several columns is stored in the first of them.
        for at in 1..lower.len().max(upper.len()).min(lower.len()) {
            let before = upper.get(at - 1).cloned().unwrap_or_default();
            if upper.len() <= at {
                upper.push(before);
            } else if let Some(text) = upper.get_mut(at).filter(|text| text.is_empty()) {
                *text = before;
            }
        }
        Self { line, upper, lower }
    }

    /// Adds empty headings up to the last column that the caller gives by number.
    fn widened(mut self, options: &Options) -> Self {
        let numbers = options.columns.iter().filter_map(|mapping| column_number(&mapping.column));
        let last = numbers.filter(|number| *number < MAX_COLUMNS).max().map_or(0, |last| last + 1);
        self.upper.resize(self.upper.len().max(last), String::new());
        self
    }

    fn width(&self) -> usize {
        self.upper.len().max(self.lower.len())
    }

    fn column(&self, index: usize) -> Column {
        let text = |texts: &[String]| texts.get(index).cloned().unwrap_or_default();
        let (upper, lower) = (text(&self.upper), text(&self.lower));
        let heading = match (upper.is_empty(), lower.is_empty()) {
            (false, false) if !is_same(&upper, &lower) => format!("{upper} / {lower}"),
            (true, _) => lower,
            _ => upper,
        };
        Column { index, heading }
    }

    /// The field of a column and the rank of its heading.
    fn recognize(&self, index: usize) -> Option<(Field, u8)> {
        let upper = self.upper.get(index).map_or("", String::as_str);
        let lower = self.lower.get(index).map_or("", String::as_str);
        let (above, below) = (recognize(upper), recognize(lower));
        match (above, below) {
            (Some(above), _) if lower.is_empty() => Some((above.field, above.rank)),
            // `Остаток` above `Количество` and `Сумма`: only `Количество` holds units.
            (Some(above), Some(below)) if above.field == below.field => Some((above.field, above.rank)),
            (_, Some(below)) if upper.is_empty() => Some((below.field, below.rank)),
            // `Количество` below `Приход` holds units, but probably not the stock.
            (None, Some(below)) => Some((below.field, below.rank.saturating_add(10))),
            _ => None,
        }
    }

    fn layout(&self, options: &Options, first: usize) -> Result<Layout, Refusal> {
        let sku = self.only(Field::Sku, options)?;
        let quantities = self.quantities(options)?;
        let warehouse = match quantities.as_slice() {
            [Quantities { warehouse: Some(_), .. }, ..] => None,
            _ => self.only(Field::Warehouse, options)?,
        };
        let (Some(sku), false) = (&sku, quantities.is_empty()) else {
            let missing = [(Field::Sku, sku.is_none()), (Field::Quantity, quantities.is_empty())];
            let missing = missing.into_iter().filter(|(_, gone)| *gone).map(|(field, _)| field).collect();
            let headings = (0..self.width()).map(|index| self.column(index).heading).collect();
            return Err(Refusal::NoHeadings { missing, line: self.line.unwrap_or(0), headings });
        };
        let mut details = Vec::new();
        for field in [Field::Name, Field::Brand, Field::Price, Field::Description] {
            details.extend(self.first_of(field, options)?.map(|column| (field, column)));
        }
        Ok(Layout {
            heading_line: self.line,
            first,
            sku: sku.clone(),
            warehouse,
            quantities,
            details,
            width: self.width(),
            russian: self.upper.iter().chain(&self.lower).any(|text| text.contains(is_cyrillic)),
        })
    }

    /// The columns that the caller maps to a field.
    fn mapped(&self, field: Field, options: &Options) -> Result<Vec<(Column, Mapping)>, Refusal> {
        let mut columns = Vec::new();
        for mapping in options.columns.iter().filter(|mapping| mapping.field == field) {
            let named = (0..self.width()).map(|index| self.column(index));
            let named: Vec<Column> = named.filter(|column| self.is_named(column, &mapping.column)).collect();
            let column = match (named.as_slice(), column_number(&mapping.column)) {
                ([only], _) => only.clone(),
                ([], Some(index)) if index < self.width() => self.column(index),
                ([], _) => {
                    let headings = (0..self.width()).map(|index| self.column(index).heading).collect();
                    return Err(Refusal::NoSuchColumn { field, column: mapping.column.clone(), headings });
                }
                (several, _) => return Err(several_columns(field, several)),
            };
            columns.push((column, mapping.clone()));
        }
        Ok(columns)
    }

    fn is_named(&self, column: &Column, name: &str) -> bool {
        let one_of = |texts: &[String]| texts.get(column.index).is_some_and(|text| is_same(text, name));
        is_same(&column.heading, name) || one_of(&self.upper) || one_of(&self.lower)
    }

    /// The columns with the best rank for a field, without columns that the caller maps.
    fn recognized(&self, field: Field, options: &Options) -> Vec<Column> {
        let is_mapped = |column: &Column| {
            options.columns.iter().any(|mapping| {
                self.is_named(column, &mapping.column) || column_number(&mapping.column) == Some(column.index)
            })
        };
        let columns = (0..self.width()).filter_map(|index| {
            let (found, rank) = self.recognize(index)?;
            (found == field).then(|| (rank, self.column(index)))
        });
        let columns: Vec<(u8, Column)> = columns.filter(|(_, column)| !is_mapped(column)).collect();
        let best = columns.iter().map(|(rank, _)| *rank).min();
        columns.into_iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, column)| column).collect()
    }

    /// The only column of a field; `None` if there is none, an error if there are several.
    fn only(&self, field: Field, options: &Options) -> Result<Option<Column>, Refusal> {
        let mapped = self.mapped(field, options)?;
        let columns = if mapped.is_empty() {
            self.recognized(field, options)
        } else {
            mapped.into_iter().map(|(column, _)| column).collect()
        };
        match columns.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(only.clone())),
            several => Err(several_columns(field, several)),
        }
    }

    /// The first column of a descriptive field.
    fn first_of(&self, field: Field, options: &Options) -> Result<Option<Column>, Refusal> {
        let mapped = self.mapped(field, options)?.into_iter().map(|(column, _)| column);
        Ok(mapped.chain(self.recognized(field, options)).next())
    }

    /// The quantity column, or one per warehouse if the caller maps several.
    fn quantities(&self, options: &Options) -> Result<Vec<Quantities>, Refusal> {
        let mapped = self.mapped(Field::Quantity, options)?;
        if mapped.is_empty() {
            let column = self.only(Field::Quantity, options)?;
            return Ok(column.map(|column| Quantities { column, warehouse: None }).into_iter().collect());
        }
        let several = mapped.len() > 1;
        let of = |(column, mapping): (Column, Mapping)| {
            let by_heading = Some(column.heading.clone()).filter(|_| several);
            Quantities { warehouse: mapping.warehouse.or(by_heading), column }
        };
        let columns: Vec<Quantities> = mapped.into_iter().map(of).collect();
        for (at, one) in columns.iter().enumerate() {
            let same = columns.iter().skip(at + 1).find(|other| other.warehouse == one.warehouse);
            let nameless = one.warehouse.as_ref().is_some_and(|name| name.trim().is_empty());
            if same.is_some() || (several && nameless) {
                let all: Vec<Column> = columns.iter().map(|of| of.column.clone()).collect();
                return Err(several_columns(Field::Quantity, &all));
            }
        }
        Ok(columns)
    }
}

/// Lists each column with its heading and number, so that the caller can choose one by number.
fn several_columns(field: Field, columns: &[Column]) -> Refusal {
    let headings =
        columns.iter().map(|column| format!("{} ({})", column.heading, column.index + 1)).collect();
    Refusal::SeveralColumns { field, headings }
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{4ff}')
}
