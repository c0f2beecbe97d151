//! From records to rows: every line is goods, or names none, or is wrong.

use std::collections::HashMap;
use std::sync::Arc;

use domain::Sku;
use rust_decimal::Decimal;

use crate::cell::{Cell, clipped, decimal_of};
use crate::layout::{Column, Layout, Quantities};
use crate::number::{self, NotANumber, Signs};
use crate::remark::Remarks;
use crate::table::{Record, Table};
use crate::{BadLine, BadReason, Field, Options, Refusal, Remark};

/// So many characters a SKU may have here. Wix stores fewer, and a longer one is told; one beyond this is a description
/// in the wrong column.
const LONGEST_SKU: usize = 1_000;

/// A spreadsheet keeps whole numbers below this exactly.
const EXACT: f64 = 1e15;

/// The units of one SKU in one warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line that it comes from; of several that were added up, the first.
    pub line: u64,
    /// The SKU, byte for byte as the file has it.
    pub sku: Sku,
    /// The warehouse, without the space around its name; `None` where the file does not say.
    pub warehouse: Option<Arc<str>>,
    /// The units.
    pub quantity: Decimal,
    /// What else the file says about the goods.
    pub details: Details,
}

/// What a file says about goods beside their stock. Nothing is decided by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// Texts by field, none of them blank: name, brand, price, description. A price that is a number is written
    /// with a decimal point and without spaces.
    pub texts: Vec<(Field, Box<str>)>,
}

/// Lines that name no goods and were left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Totals, by line and text.
    pub totals: Vec<(u64, String)>,
    /// Headings of groups, signatures and repeated headings.
    pub headings: u64,
    /// Quantities without a SKU, which the caller has left out, by line and text.
    pub without_sku: Vec<(u64, String)>,
}

/// What a record is.
enum Meaning {
    Goods,
    Total,
    Heading,
    WithoutSku,
}

/// All rows of the table, or all lines that are wrong.
pub(crate) fn read(
    table: &Table,
    layout: &Layout,
    options: &Options,
) -> Result<(Vec<Row>, LeftOut, Vec<Remark>), Refusal> {
    let records = table.records.get(layout.first..).unwrap_or_default();
    let signs = options.decimal.map_or_else(|| column_signs(records, layout), Signs::from);
    let mut reader = Reader::new(table, layout, options, signs);
    for record in records {
        reader.take(record);
    }
    reader.finish()
}

/// What the signs in the quantities mean, from all of them.
fn column_signs(records: &[Record], layout: &Layout) -> Signs {
    let cells =
        records.iter().flat_map(|record| layout.quantities.iter().map(|of| record.cell(of.column.index)));
    let texts = cells.filter_map(|cell| match cell {
        Cell::Text(text) => Some(text.as_str()),
        _ => None,
    });
    number::signs_of(texts, layout.russian)
}

struct Reader<'a> {
    table: &'a Table,
    layout: &'a Layout,
    options: &'a Options,
    signs: Signs,
    rows: Vec<Row>,
    /// Where the row of a SKU and warehouse stands.
    known: HashMap<(Sku, Option<Arc<str>>), usize>,
    warehouses: HashMap<String, Arc<str>>,
    left_out: LeftOut,
    remarks: Remarks,
    bad: Vec<BadLine>,
}

impl<'a> Reader<'a> {
    fn new(table: &'a Table, layout: &'a Layout, options: &'a Options, signs: Signs) -> Self {
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
        match self.meaning(record) {
            Meaning::Heading => self.left_out.headings += 1,
            Meaning::Total => self.left_out.totals.push((record.line, self.table.text_of(record))),
            Meaning::WithoutSku if self.options.skip_without_sku => {
                self.left_out.without_sku.push((record.line, self.table.text_of(record)));
            }
            Meaning::WithoutSku => self.wrong(record, BadReason::NoSku),
            Meaning::Goods => {
                if let Err(reason) = self.goods(record) {
                    self.wrong(record, reason);
                }
            }
        }
    }

    fn wrong(&mut self, record: &Record, reason: BadReason) {
        self.bad.push(BadLine { line: record.line, text: self.table.text_of(record), reason });
    }

    fn meaning(&self, record: &Record) -> Meaning {
        let layout = self.layout;
        let sku = record.cell(layout.sku.index);
        let has_quantity = layout.quantities.iter().any(|of| !record.cell(of.column.index).is_blank());
        let repeats = |column: &Column| {
            !column.heading.is_empty() && record.cell(column.index).text().trim() == column.heading
        };
        if repeats(&layout.sku) && layout.quantities.iter().all(|of| repeats(&of.column)) {
            return Meaning::Heading;
        }
        match (sku.is_blank(), has_quantity) {
            (true, _) if is_total(&record.first_text(), true) => Meaning::Total,
            (false, _) if is_total(sku.text().trim(), false) => Meaning::Total,
            (true, true) => Meaning::WithoutSku,
            (true, false) => Meaning::Heading,
            // What stands below the totals is a signature.
            (false, false) if !self.left_out.totals.is_empty() => Meaning::Heading,
            (false, _) => Meaning::Goods,
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
        // A space behind a name would make a second warehouse of it.
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
            Cell::Number(number) if number.abs() < EXACT => {
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

    /// A price as a plain number, where it is one.
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

/// One text for all rows of a warehouse.
fn shared(names: &mut HashMap<String, Arc<str>>, name: &str) -> Arc<str> {
    if let Some(known) = names.get(name) {
        return Arc::clone(known);
    }
    let shared: Arc<str> = Arc::from(name);
    names.insert(name.to_owned(), Arc::clone(&shared));
    shared
}

/// Whether a line's first text says that it is a total. `may_go_on`: more may follow (`Итого по складу`); the SKU of
/// goods may well begin with such a word.
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

/// The SKU, and whether it stood as a number.
fn sku_of(cell: &Cell) -> Result<(Sku, bool), BadReason> {
    let value = || clipped(&cell.text());
    let number = matches!(cell, Cell::Number(_));
    match cell {
        Cell::Number(number) if number.abs() >= EXACT || decimal_of(*number).is_none() => {
            return Err(BadReason::LongNumberSku { value: value() });
        }
        Cell::Date => return Err(BadReason::DateSku),
        Cell::Other(_) => return Err(BadReason::OddSku { value: value() }),
        Cell::Text(text) if text.chars().nth(LONGEST_SKU).is_some() => {
            return Err(BadReason::LongSku { most: LONGEST_SKU });
        }
        Cell::Text(text) if is_shortened(text) => return Err(BadReason::ShortenedSku { value: value() }),
        Cell::Text(text) if text.contains(char::is_control) => return Err(BadReason::ControlInSku),
        Cell::Text(text) if text.contains(char::REPLACEMENT_CHARACTER) => return Err(BadReason::DamagedSku),
        Cell::Empty | Cell::Text(_) | Cell::Number(_) => {}
    }
    Sku::parse(&cell.text()).map(|sku| (sku, number)).map_err(|_| BadReason::NoSku)
}

/// `1.2E+10`: what a spreadsheet program writes for a long number. No shop names its goods so.
fn is_shortened(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.trim().split_once("E+") else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once([',', '.']).unwrap_or((mantissa, "0"));
    whole.len() == 1 && digits(whole) && digits(fraction) && exponent.len() >= 2 && digits(exponent)
}
