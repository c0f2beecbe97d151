//! Turns records into rows. Each record is a product, is skipped because it names no product, or is invalid.

use std::collections::HashMap;
use std::sync::Arc;

use domain::Sku;
use rust_decimal::Decimal;

use crate::cell::{Cell, clipped, decimal_of};
use crate::layout::{Column, Layout, Quantities};
use crate::number::{self, NotANumber, NumberFormat};
use crate::remark::Remarks;
use crate::table::{Record, Table};
use crate::{BadLine, BadReason, Field, Options, Refusal, Remark};

/// The largest number of characters of a SKU. Wix stores only 40, which gives a remark; a text longer than this is
/// a description in the wrong column.
const MAX_SKU_CHARS: usize = 1_000;

/// A spreadsheet stores whole numbers below this exactly.
const EXACT_BELOW: f64 = 1e15;

/// The units of one SKU in one warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The number of its line; of the first line if several were added up.
    pub line: u64,
    /// The SKU, byte for byte as in the file.
    pub sku: Sku,
    /// The trimmed name of the warehouse; `None` if the file has no warehouse column.
    pub warehouse: Option<Arc<str>>,
    /// The quantity in units.
    pub quantity: Decimal,
    /// What else the file says about the product.
    pub details: Details,
}

/// Descriptive fields of a product. No decision depends on them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// Texts by field (name, brand, price, description), none of them blank. A numeric price is written with a
    /// decimal point and without spaces.
    pub texts: Vec<(Field, Box<str>)>,
}

/// Lines that were skipped because they name no product.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Totals, with line number and text.
    pub totals: Vec<(u64, String)>,
    /// Group headings, signatures and repeated headings.
    pub headings: u64,
    /// Lines with a quantity but no SKU, if the caller allows them, with line number and text.
    pub without_sku: Vec<(u64, String)>,
}

/// What kind of line a record is.
enum RecordKind {
    Goods,
    Total,
    Heading,
    WithoutSku,
}

/// All rows of the table, or all invalid lines.
pub(crate) fn read(
    table: &Table,
    layout: &Layout,
    options: &Options,
) -> Result<(Vec<Row>, LeftOut, Vec<Remark>), Refusal> {
    let records = table.records.get(layout.first..).unwrap_or_default();
    let signs = options.decimal.map_or_else(|| column_format(records, layout), NumberFormat::from);
    let mut reader = Reader::new(table, layout, options, signs);
    for record in records {
        reader.take(record);
    }
    reader.finish()
}

/// Detects what commas and points mean from all quantities.
fn column_format(records: &[Record], layout: &Layout) -> NumberFormat {
    let cells =
        records.iter().flat_map(|record| layout.quantities.iter().map(|of| record.cell(of.column.index)));
    let texts = cells.filter_map(|cell| match cell {
        Cell::Text(text) => Some(text.as_str()),
        _ => None,
    });
    number::detect_format(texts, layout.russian)
}

struct Reader<'a> {
    table: &'a Table,
    layout: &'a Layout,
    options: &'a Options,
    signs: NumberFormat,
    rows: Vec<Row>,
    /// The index of the row for each SKU and warehouse.
    known: HashMap<(Sku, Option<Arc<str>>), usize>,
    warehouses: HashMap<String, Arc<str>>,
    left_out: LeftOut,
    remarks: Remarks,
    bad: Vec<BadLine>,
}

impl<'a> Reader<'a> {
    fn new(table: &'a Table, layout: &'a Layout, options: &'a Options, signs: NumberFormat) -> Self {
        Self {
            table,
            layout,
            options,
            signs,
            rows: Vec::with_capacity(table.records.len()),
            known: HashMap::with_capacity(table.records.len()),
            warehouses: HashMap::new(),
            left_out: LeftOut::default(),
            remarks: Remarks::default(),
            bad: Vec::new(),
        }
    }

    fn take(&mut self, record: &Record) {
        match self.kind_of(record) {
            RecordKind::Heading => self.left_out.headings += 1,
            RecordKind::Total => self.left_out.totals.push((record.line, self.table.text_of(record))),
            RecordKind::WithoutSku if self.options.skip_without_sku => {
                self.left_out.without_sku.push((record.line, self.table.text_of(record)));
            }
            RecordKind::WithoutSku => self.wrong(record, BadReason::NoSku),
            RecordKind::Goods => {
                if let Err(reason) = self.goods(record) {
                    self.wrong(record, reason);
                }
            }
        }
    }

    fn wrong(&mut self, record: &Record, reason: BadReason) {
        self.bad.push(BadLine { line: record.line, text: self.table.text_of(record), reason });
    }

    fn kind_of(&self, record: &Record) -> RecordKind {
        let layout = self.layout;
        let sku = record.cell(layout.sku.index);
        let has_quantity = layout.quantities.iter().any(|of| !record.cell(of.column.index).is_blank());
        let repeats = |column: &Column| {
            !column.heading.is_empty() && record.cell(column.index).text().trim() == column.heading
        };
        if repeats(&layout.sku) && layout.quantities.iter().all(|of| repeats(&of.column)) {
            return RecordKind::Heading;
        }
        match (sku.is_blank(), has_quantity) {
            (true, _) if is_total(&record.first_text(), true) => RecordKind::Total,
            (false, _) if is_total(sku.text().trim(), false) => RecordKind::Total,
            (true, true) => RecordKind::WithoutSku,
            (true, false) => RecordKind::Heading,
            // A line without quantities below the totals is a signature.
            (false, false) if !self.left_out.totals.is_empty() => RecordKind::Heading,
            (false, _) => RecordKind::Goods,
        }
    }

    fn goods(&mut self, record: &Record) -> Result<(), BadReason> {
        self.check_width(record)?;
        let (sku, is_number) = sku_of(record.cell(self.layout.sku.index))?;
        let by_column = match &self.layout.warehouse {
            Some(column) => Some(self.warehouse_of(record.cell(column.index))?),
            None => None,
        };
        let details = self.details(record);
        for of in &self.layout.quantities {
            let quantity = self.quantity_of(record.cell(of.column.index))?;
            let warehouse = by_column.clone().or_else(|| self.named_warehouse(of));
            self.remarks.look_at(&sku, quantity, is_number);
            let row =
                Row { line: record.line, sku: sku.clone(), warehouse, quantity, details: details.clone() };
            self.add(row)?;
        }
        Ok(())
    }

    fn named_warehouse(&mut self, of: &Quantities) -> Option<Arc<str>> {
        of.warehouse.as_ref().map(|name| shared(&mut self.warehouses, name))
    }

    fn check_width(&self, record: &Record) -> Result<(), BadReason> {
        let headings = self.layout.width;
        if !self.table.fixed_width || headings == 0 {
            return Ok(());
        }
        let cells = record.cells.iter().rposition(|cell| !cell.is_blank()).map_or(0, |last| last + 1);
        if cells > headings { Err(BadReason::TooManyCells { cells, headings }) } else { Ok(()) }
    }

    fn warehouse_of(&mut self, cell: &Cell) -> Result<Arc<str>, BadReason> {
        if cell.is_blank() {
            return Err(BadReason::NoWarehouse);
        }
        // A trailing space would create a second warehouse.
        Ok(shared(&mut self.warehouses, cell.text().trim()))
    }

    fn quantity_of(&self, cell: &Cell) -> Result<Decimal, BadReason> {
        let value = || clipped(cell.text().trim());
        match cell {
            blank if blank.is_blank() => {
                if self.options.empty_as_zero {
                    Ok(Decimal::ZERO)
                } else {
                    Err(BadReason::NoQuantity)
                }
            }
            Cell::Number(number) if number.abs() < EXACT_BELOW => {
                decimal_of(*number).ok_or_else(|| BadReason::NotANumber { value: value() })
            }
            Cell::Number(_) => Err(BadReason::LongNumber { value: value() }),
            Cell::Text(text) => number::parse(text, self.signs).map_err(|error| match error {
                NotANumber::Malformed => BadReason::NotANumber { value: value() },
                NotANumber::Unclear => BadReason::UnclearNumber { value: value() },
                NotANumber::TooLong => BadReason::LongNumber { value: value() },
            }),
            Cell::Empty | Cell::Date | Cell::Other(_) => Err(BadReason::NotANumber { value: value() }),
        }
    }

    fn details(&self, record: &Record) -> Details {
        let texts = self.layout.details.iter().filter_map(|(field, column)| {
            let cell = record.cell(column.index);
            let shown = matches!(cell, Cell::Text(_) | Cell::Number(_)) && !cell.is_blank();
            let text = shown.then(|| cell.text())?;
            let price = (*field == Field::Price).then(|| self.price(&text)).flatten();
            Some((*field, price.unwrap_or_else(|| text.into_owned()).into_boxed_str()))
        });
        Details { texts: texts.collect() }
    }

    /// A price as a plain number, if it is a number.
    fn price(&self, text: &str) -> Option<String> {
        let bare =
            text.trim().trim_end_matches(|c: char| c.is_alphabetic() || matches!(c, '₽' | '$' | '€' | '.'));
        number::parse(bare, self.signs).ok().map(|price| price.to_string())
    }

    fn add(&mut self, row: Row) -> Result<(), BadReason> {
        let key = (row.sku.clone(), row.warehouse.clone());
        let Some(at) = self.known.get(&key).copied() else {
            self.known.insert(key, self.rows.len());
            self.rows.push(row);
            return Ok(());
        };
        let Some(first) = self.rows.get_mut(at) else { return Ok(()) };
        if !self.options.sum {
            return Err(BadReason::Twice { first: first.line });
        }
        let sum = first.quantity.checked_add(row.quantity).map(|sum| sum.normalize());
        match sum.filter(|sum| number::is_exact(*sum)) {
            Some(sum) => first.quantity = sum,
            None => {
                return Err(BadReason::LongNumber {
                    value: format!("{} + {}", first.quantity, row.quantity),
                });
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<(Vec<Row>, LeftOut, Vec<Remark>), Refusal> {
        if !self.bad.is_empty() {
            return Err(Refusal::of_bad(self.bad));
        }
        if self.rows.is_empty() {
            return Err(Refusal::NoRows);
        }
        Ok((self.rows, self.left_out, self.remarks.finish()))
    }
}

/// One shared text for all rows of a warehouse.
fn shared(names: &mut HashMap<String, Arc<str>>, name: &str) -> Arc<str> {
    if let Some(known) = names.get(name) {
        return Arc::clone(known);
    }
    let shared: Arc<str> = Arc::from(name);
    names.insert(name.to_owned(), Arc::clone(&shared));
    shared
}

/// Whether a line's first text marks a total. `may_go_on` allows English totals with more words after them, as in
/// `Total for main`; it is off where the text may be a SKU that begins with such a word.
fn is_total(text: &str, may_go_on: bool) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| c.is_whitespace() || c == ':').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let rest = words.next();
    match first {
        "итого" | "всего" => true,
        "total" | "totals" | "subtotal" => rest.is_none() || may_go_on,
        "grand" => rest == Some("total"),
        _ => false,
    }
}

/// The SKU, and whether the spreadsheet stores it as a number.
fn sku_of(cell: &Cell) -> Result<(Sku, bool), BadReason> {
    let value = || clipped(&cell.text());
    let number = matches!(cell, Cell::Number(_));
    match cell {
        Cell::Number(number) if number.abs() >= EXACT_BELOW || decimal_of(*number).is_none() => {
            return Err(BadReason::LongNumberSku { value: value() });
        }
        Cell::Date => return Err(BadReason::DateSku),
        Cell::Other(_) => return Err(BadReason::OddSku { value: value() }),
        Cell::Text(text) if text.chars().nth(MAX_SKU_CHARS).is_some() => {
            return Err(BadReason::LongSku { most: MAX_SKU_CHARS });
        }
        Cell::Text(text) if is_shortened(text) => return Err(BadReason::ShortenedSku { value: value() }),
        Cell::Text(text) if text.contains(char::is_control) => return Err(BadReason::ControlInSku),
        Cell::Text(text) if text.contains(char::REPLACEMENT_CHARACTER) => return Err(BadReason::DamagedSku),
        Cell::Empty | Cell::Text(_) | Cell::Number(_) => {}
    }
    Sku::parse(&cell.text()).map(|sku| (sku, number)).map_err(|_| BadReason::NoSku)
}

/// Whether a text is a number in scientific notation, such as `1.2E+10`. Spreadsheet programs write long numbers
/// this way; no shop uses it as a SKU.
fn is_shortened(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.trim().split_once("E+") else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once([',', '.']).unwrap_or((mantissa, "0"));
    whole.len() == 1 && digits(whole) && digits(fraction) && exponent.len() >= 2 && digits(exponent)
}
