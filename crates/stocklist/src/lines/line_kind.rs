//! Decides what a line is: goods, a total, a heading, or a line without a SKU.

use crate::cell::Cell;
use crate::columns::layout::Layout;
use crate::table::{Record, Table};
use crate::{Field, total};

/// What kind of line a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineKind {
    Goods,
    /// A total of lines around it.
    Total,
    /// A total of the lines of its SKU.
    SkuTotal,
    /// Such a total if the SKU has lines already: a brand or a product may be named Total.
    MaybeSkuTotal,
    /// A text that may be a total or a SKU: its quantity decides.
    MaybeTotal,
    /// A line without SKU and quantity, or headings once more.
    Heading,
    /// The heading of a group, or a signature, in the column of the SKU.
    Group,
    WithoutSku,
}

/// Decides line by line.
pub(crate) struct LineKinds<'a> {
    table: &'a Table,
    layout: &'a Layout,
    quantities: Vec<usize>,
    /// Columns beside those of SKU, warehouse and quantity that every line of goods fills.
    always_filled: bool,
    /// The number of the last line of goods.
    last_goods: u64,
    has_totals: bool,
}

impl<'a> LineKinds<'a> {
    pub(crate) fn of(table: &'a Table, layout: &'a Layout) -> Self {
        let quantities: Vec<usize> = layout.quantities.iter().map(|of| of.column.index).collect();
        let records = table.records.get(layout.first..).unwrap_or_default();
        let is_goods = |record: &&Record| {
            let has_quantity = quantities.iter().any(|column| !record.cell(*column).is_blank());
            let has_both = has_quantity && !record.cell(layout.sku.index).is_blank();
            has_both && !texts(record).any(total::is_total)
        };
        let is_own = |column: &usize| *column == layout.sku.index || quantities.contains(column);
        let mut goods = records.iter().filter(is_goods);
        let mut filled: Vec<usize> =
            goods.clone().next().map(|first| first.filled().collect()).unwrap_or_default();
        filled.retain(|column| !is_own(column));
        for record in goods.clone() {
            filled.retain(|column| !record.cell(*column).is_blank());
        }
        let last_goods = goods.next_back().map_or(0, |record| record.line);
        let always_filled = !filled.is_empty();
        Self { table, layout, quantities, always_filled, last_goods, has_totals: false }
    }

    /// What the next record is.
    pub(crate) fn kind_of(&mut self, record: &Record) -> LineKind {
        let sku = record.cell(self.layout.sku.index);
        let has_quantity = self.quantities.iter().any(|column| !record.cell(*column).is_blank());
        let kind = if self.repeats_headings(record) {
            LineKind::Heading
        } else if sku.is_blank() {
            without_sku(record, has_quantity)
        } else {
            self.with_sku(record, sku, has_quantity)
        };
        self.has_totals |= kind == LineKind::Total;
        kind
    }

    /// Whether the record is one of the heading lines once more, as on a new page.
    fn repeats_headings(&self, record: &Record) -> bool {
        self.layout.heading_texts.iter().any(|heading| {
            let mut columns = std::iter::once(&self.layout.sku.index).chain(&self.quantities);
            let of = |column: usize| heading.get(column).map_or("", String::as_str);
            columns.clone().any(|column| !of(*column).is_empty())
                && columns.all(|column| match record.cell(*column) {
                    Cell::Text(text) => text.trim() == of(*column),
                    other => other.is_blank() && of(*column).is_empty(),
                })
        })
    }

    fn with_sku(&self, record: &Record, sku: &Cell, has_quantity: bool) -> LineKind {
        let text = sku.text();
        if total::is_total(&text) {
            return LineKind::Total;
        }
        if has_quantity {
            let warehouse = self.layout.warehouse.as_ref().map(|column| record.cell(column.index).text());
            return match self.other_total(record) {
                _ if warehouse.is_some_and(|name| total::is_total(&name)) => LineKind::SkuTotal,
                Some(text) if total::is_russian(text) => LineKind::SkuTotal,
                Some(_) => LineKind::MaybeSkuTotal,
                None if total::may_be_total(&text) => LineKind::MaybeTotal,
                None => LineKind::Goods,
            };
        }
        let is_below = self.has_totals && record.line > self.last_goods;
        if is_below || self.is_alone(record) { LineKind::Group } else { LineKind::Goods }
    }

    /// The text of a column beside those of SKU, warehouse and brand that names a total.
    fn other_total<'r>(&self, record: &'r Record) -> Option<&'r str> {
        let brand =
            self.layout.details.iter().find(|(field, _)| *field == Field::Brand).map(|(_, c)| c.index);
        let own = [Some(self.layout.sku.index), self.layout.warehouse.as_ref().map(|c| c.index), brand];
        let others = record.cells.iter().enumerate().filter(|(at, _)| !own.contains(&Some(*at)));
        others.filter_map(|(_, cell)| text_of(cell)).find(|text| total::is_total(text))
    }

    /// Whether the SKU's column is the only one with a text, where goods have more.
    fn is_alone(&self, record: &Record) -> bool {
        let is_only = record.filled().eq([self.layout.sku.index]);
        let spans = self
            .table
            .region_of(record.line, self.layout.sku.index)
            .is_some_and(|region| self.quantities.iter().any(|column| region.columns.contains(column)));
        is_only && (spans || self.always_filled)
    }
}

fn without_sku(record: &Record, has_quantity: bool) -> LineKind {
    match has_quantity {
        _ if texts(record).any(total::may_be_total) => LineKind::Total,
        true => LineKind::WithoutSku,
        false => LineKind::Heading,
    }
}

/// The texts of a record.
fn texts(record: &Record) -> impl Iterator<Item = &str> {
    record.cells.iter().filter_map(text_of)
}

/// The text of a cell that could be a total's; most cells are ruled out at a glance.
fn text_of(cell: &Cell) -> Option<&str> {
    let Cell::Text(text) = cell else { return None };
    let may_be = text.len() <= MAX_TOTAL_BYTES && total::has_letters_of_one(text);
    may_be.then_some(text.as_str())
}

/// A longer text is no total.
const MAX_TOTAL_BYTES: usize = 120;
