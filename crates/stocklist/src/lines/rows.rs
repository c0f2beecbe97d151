//! Turns records into rows. Each record is a product, is skipped because it names no product, or is invalid.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::Sku;
use rust_decimal::Decimal;

use crate::cell::Cell;
use crate::columns::layout::{Layout, Quantities};
use crate::formats::quoting::{self, LineShape};
use crate::lines::article::{self, unguarded};
use crate::lines::line_kind::{LineKind, LineKinds};
use crate::lines::quantity::QuantityReader;
use crate::lines::stated::StatedTotals;
use crate::number;
use crate::remark::Remarks;
use crate::table::{Record, Table};
use crate::{BadLine, BadReason, Field, Options, Refusal, Remark, RemarkKind};

/// The units of one SKU in one warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The number of its line; of the first line if several were added up.
    pub line: u64,
    /// The SKU, byte for byte as in the file.
    pub sku: Sku,
    /// The trimmed name of the warehouse; `None` if the file has no warehouse column.
    pub warehouse: Option<Arc<str>>,
    /// The quantity in units; `None` if it is unknown, so that the stock stays as it is.
    pub quantity: Option<Decimal>,
    /// What else the file says about the product.
    pub details: Details,
}

/// Descriptive fields of a product. No decision depends on them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// Texts by field (name, brand, price, description), none of them blank. A price is written with a decimal point
    /// and without spaces.
    pub texts: Vec<(Field, Box<str>)>,
}

/// Lines that were skipped because they name no product, with line number and text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Totals.
    pub totals: Vec<(u64, String)>,
    /// Headings of groups, signatures, and numbers of columns: texts in the column of the SKU.
    pub groups: Vec<(u64, String)>,
    /// How many lines have neither a SKU nor a quantity, or repeat the headings.
    pub headings: u64,
    /// Lines with a quantity but no SKU, if the caller allows them.
    pub without_sku: Vec<(u64, String)>,
    /// Hidden lines, if the caller wants them left out.
    pub hidden: Vec<(u64, String)>,
}

/// The rows of a table and what else there is to say.
pub(crate) struct Read {
    pub(crate) rows: Vec<Row>,
    pub(crate) left_out: LeftOut,
    pub(crate) remarks: Vec<Remark>,
}

/// All rows of the table, or all invalid lines.
pub(crate) fn read(table: &Table, layout: &Layout, options: &Options) -> Result<Read, Refusal> {
    let mut reader = Reader::new(table, layout, options);
    let numbers =
        layout.first.checked_sub(1).and_then(|at| table.records.get(at)).filter(|_| layout.numbered);
    reader.left_out.groups.extend(numbers.map(|record| (record.line, table.text_of(record))));
    for (at, record) in table.records.iter().enumerate().take(layout.first) {
        reader.take_above(record, at >= layout.top);
    }
    for record in table.records.get(layout.first..).unwrap_or_default() {
        reader.take(record);
    }
    reader.finish()
}

struct Reader<'a> {
    table: &'a Table,
    layout: &'a Layout,
    options: &'a Options,
    kinds: LineKinds<'a>,
    quantities: QuantityReader<'a>,
    columns: Vec<usize>,
    stated: StatedTotals,
    rows: Vec<Row>,
    /// The index of the row for each SKU and warehouse.
    known: HashMap<(Sku, Option<Arc<str>>), usize>,
    /// SKUs of which a line may be the total.
    alone: HashSet<Sku>,
    warehouses: HashMap<String, Arc<str>>,
    left_out: LeftOut,
    remarks: Remarks,
    bad: Vec<BadLine>,
}

impl<'a> Reader<'a> {
    fn new(table: &'a Table, layout: &'a Layout, options: &'a Options) -> Self {
        let records = table.records.get(layout.first..).unwrap_or_default();
        let columns: Vec<usize> = layout.quantities.iter().map(|of| of.column.index).collect();
        Self {
            table,
            layout,
            options,
            kinds: LineKinds::of(table, layout),
            quantities: QuantityReader::of(records, layout, options),
            stated: StatedTotals::new(columns.len(), options),
            columns,
            rows: Vec::with_capacity(table.records.len()),
            known: HashMap::with_capacity(table.records.len()),
            alone: HashSet::new(),
            warehouses: HashMap::new(),
            left_out: LeftOut::default(),
            remarks: Remarks::default(),
            bad: Vec::new(),
        }
    }

    /// A line above the headings is part of a title. One with a SKU and a quantity is not: the headings were found too
    /// far below, because those above it are damaged. A title or a heading may also have swallowed lines.
    fn take_above(&mut self, record: &Record, is_heading: bool) {
        if self.holds_lines(record) || (is_heading && self.swallows_lines(record)) {
            return self.wrong(record, BadReason::LinesInCell);
        }
        if is_heading {
            return;
        }
        let is_number = |column: &usize| record.cell(*column).is_number();
        let mut details = self.layout.details.iter();
        let is_described =
            details.len() == 0 || details.any(|(_, column)| !record.cell(column.index).is_blank());
        let has_sku = !record.cell(self.layout.sku.index).is_blank();
        if has_sku && is_described && self.columns.iter().any(is_number) {
            self.wrong(record, BadReason::AboveHeadings);
        }
    }

    fn take(&mut self, record: &Record) {
        if self.holds_lines(record) {
            return self.wrong(record, BadReason::LinesInCell);
        }
        let text = || (record.line, self.table.text_of(record));
        let kind = match self.kinds.kind_of(record) {
            LineKind::MaybeTotal if self.stated.ends_group(&self.counted(record)) => LineKind::Total,
            LineKind::MaybeTotal => LineKind::Goods,
            LineKind::MaybeSkuTotal => self.sku_total(record),
            kind => kind,
        };
        match kind {
            LineKind::Heading => {
                self.left_out.headings += 1;
                self.stated.bound();
            }
            LineKind::Group => {
                self.left_out.groups.push(text());
                self.stated.bound();
            }
            LineKind::Total => {
                self.left_out.totals.push(text());
                self.stated.total(record.line, &self.counted(record));
            }
            LineKind::SkuTotal => {
                self.left_out.totals.push(text());
                if let Some(sku) = self.sku(record) {
                    self.stated.total_of_sku(record.line, sku, &self.counted(record));
                }
            }
            LineKind::WithoutSku if self.options.skip_without_sku => {
                self.left_out.without_sku.push(text());
                self.stated.line_without_sku(&self.counted(record));
            }
            LineKind::WithoutSku => self.wrong(record, BadReason::NoSku),
            LineKind::Goods | LineKind::MaybeTotal | LineKind::MaybeSkuTotal
                if record.is_hidden && self.options.skip_hidden =>
            {
                self.left_out.hidden.push(text());
                self.stated.hidden_line(&self.counted(record));
            }
            LineKind::Goods | LineKind::MaybeTotal | LineKind::MaybeSkuTotal => {
                if let Err(reason) = self.goods(record) {
                    self.wrong(record, reason);
                }
            }
        }
    }

    fn sku(&self, record: &Record) -> Option<Sku> {
        article::read(record.cell(self.layout.sku.index)).ok().map(|article| article.sku)
    }

    /// A line with the word Total sums up its SKU if that has lines already. If it has none, it is goods, and lines
    /// that come later must not be added to it.
    fn sku_total(&mut self, record: &Record) -> LineKind {
        let sku = self.sku(record);
        if sku.as_ref().is_some_and(|sku| self.stated.has_lines(sku)) {
            return LineKind::SkuTotal;
        }
        self.alone.extend(sku);
        LineKind::Goods
    }

    fn wrong(&mut self, record: &Record, reason: BadReason) {
        self.bad.push(BadLine::new(record.line, self.table.text_of(record), reason));
    }

    /// The numbers in the quantity columns, as totals count them.
    fn counted(&self, record: &Record) -> Vec<Option<Decimal>> {
        self.columns.iter().map(|column| self.quantities.total(record.cell(*column))).collect()
    }

    /// Whether a cell holds what looks like other lines.
    fn holds_lines(&self, record: &Record) -> bool {
        let Some(delimiter) = self.table.delimiter else { return false };
        let shape = LineShape {
            delimiter,
            sku: self.layout.sku.index,
            quantities: &self.columns,
            width: self.layout.width,
        };
        let is_quantity = |text: &str| self.quantities.is_quantity(text);
        let has_both = !record.cell(self.layout.sku.index).is_blank()
            && self.columns.iter().any(|column| !record.cell(*column).is_blank());
        if !has_both {
            let texts: Vec<_> = record.cells.iter().map(Cell::text).collect();
            let cells: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
            if quoting::joins_cells(&cells, &shape, &is_quantity) {
                return true;
            }
        }
        record.cells.iter().enumerate().any(|(at, cell)| match cell {
            Cell::Text(text) => {
                let after = record.cells.len() - at - 1;
                quoting::holds_lines(text, (at, after), &shape, &is_quantity)
            }
            _ => false,
        })
    }

    /// Whether a cell of a heading begins in one line of the table and ends in another.
    fn swallows_lines(&self, record: &Record) -> bool {
        let Some(delimiter) = self.table.delimiter else { return false };
        let below = self.table.records.get(self.layout.first).map_or(0, |record| record.cells.len());
        let widths = [self.table.width(), below];
        record.cells.iter().zip(0..).any(|(cell, at)| match cell {
            Cell::Text(text) => {
                let after = record.cells.len() - at - 1;
                quoting::joins_lines(text, at, after, delimiter, &widths)
            }
            _ => false,
        })
    }

    fn goods(&mut self, record: &Record) -> Result<(), BadReason> {
        self.check_width(record)?;
        let article = article::read(record.cell(self.layout.sku.index))?;
        let by_column = match &self.layout.warehouse {
            Some(column) => Some(self.warehouse_of(record.cell(column.index))?),
            None => None,
        };
        let details = self.details(record, &article.sku);
        let mut counted = Vec::with_capacity(self.columns.len());
        for of in &self.layout.quantities {
            let quantity = self.quantities.read(record.cell(of.column.index))?;
            let subtracted = match &of.subtracted {
                Some(column) => self.quantities.read_subtracted(record.cell(column.index))?,
                None => Decimal::ZERO,
            };
            counted.push(quantity.counted);
            let units = quantity.units.map(|units| units.saturating_sub(subtracted).normalize());
            let warehouse = by_column.clone().or_else(|| self.named_warehouse(of));
            self.remarks.look_at(&article.sku, units.unwrap_or_default());
            let (line, sku, details) = (record.line, article.sku.clone(), details.clone());
            self.add(Row { line, sku, warehouse, quantity: units, details })?;
        }
        let kinds = [
            (RemarkKind::NumberSku, article.is_number),
            (RemarkKind::GuardedSku, article.is_unguarded),
            (RemarkKind::Hidden, record.is_hidden),
            (RemarkKind::FilledWarehouse, self.is_filled(record)),
        ];
        for (kind, _) in kinds.into_iter().filter(|(_, holds)| *holds) {
            self.remarks.add(kind, &article.sku);
        }
        self.stated.line(&article.sku, &counted);
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
        let filled = || self.options.fill_warehouse.clone();
        let name = match cell {
            Cell::NoResult => return Err(BadReason::NoResult),
            blank if blank.is_blank() => filled().ok_or(BadReason::NoWarehouse)?,
            // A trailing space would create a second warehouse.
            cell => unguarded(cell.text().trim()).into_owned(),
        };
        Ok(shared(&mut self.warehouses, &name))
    }

    /// Whether the warehouse of a record is not its own.
    fn is_filled(&self, record: &Record) -> bool {
        self.layout.warehouse.as_ref().is_some_and(|column| record.cell(column.index).is_blank())
    }

    fn details(&mut self, record: &Record, sku: &Sku) -> Details {
        let mut texts = Vec::new();
        for (field, column) in &self.layout.details {
            let cell = record.cell(column.index);
            if cell.is_blank() || !matches!(cell, Cell::Text(_) | Cell::Number(..)) {
                continue;
            }
            let text = match (field, cell) {
                (Field::Price, Cell::Number(number, _)) => Some(crate::cell::digits_of(*number)),
                (Field::Price, cell) => self.price(&cell.text()),
                (_, cell) => Some(cell.text().into_owned()),
            };
            match text {
                Some(text) => texts.push((*field, text.into_boxed_str())),
                None => self.remarks.add(RemarkKind::OddPrice, sku),
            }
        }
        Details { texts }
    }

    /// A price as a plain number. `None` for any other text: `10.00 USD` is not 10 of the shop's currency.
    fn price(&self, text: &str) -> Option<String> {
        number::parse(text.trim(), self.quantities.format()).ok().map(|price| price.to_string())
    }

    fn add(&mut self, row: Row) -> Result<(), BadReason> {
        let key = (row.sku.clone(), row.warehouse.clone());
        let Some(at) = self.known.get(&key).copied() else {
            self.known.insert(key, self.rows.len());
            self.rows.push(row);
            return Ok(());
        };
        let Some(first) = self.rows.get_mut(at) else { return Ok(()) };
        if !self.options.sum || self.alone.contains(&row.sku) {
            return Err(BadReason::Twice { first: first.line, place: None });
        }
        first.quantity = added(first.quantity, row.quantity)?;
        Ok(())
    }

    fn finish(mut self) -> Result<Read, Refusal> {
        if self.bad.is_empty() && !self.options.ignore_total {
            for (line, total, sum) in self.stated.wrong() {
                let record = self.table.records.iter().find(|record| record.line == line);
                let text = record.map(|record| self.table.text_of(record)).unwrap_or_default();
                self.bad.push(BadLine::new(line, text, BadReason::TotalDisagrees { total, sum }));
            }
        }
        if !self.bad.is_empty() {
            return Err(Refusal::of_bad(self.bad));
        }
        if self.rows.is_empty() {
            return Err(Refusal::NoRows);
        }
        if self.layout.only_flags {
            let count = u64::try_from(self.rows.len()).unwrap_or(u64::MAX);
            self.remarks.add_all(RemarkKind::OnlyFlags, count);
        }
        Ok(Read { rows: self.rows, left_out: self.left_out, remarks: self.remarks.finish() })
    }
}

/// The sum of two quantities; unknown if one of them is.
pub(crate) fn added(one: Option<Decimal>, other: Option<Decimal>) -> Result<Option<Decimal>, BadReason> {
    let (Some(one), Some(other)) = (one, other) else { return Ok(None) };
    let sum = one.checked_add(other).map(|sum| sum.normalize());
    match sum.filter(|sum| number::is_exact(*sum)) {
        Some(sum) => Ok(Some(sum)),
        None => Err(BadReason::LongNumber { value: format!("{one} + {other}") }),
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
