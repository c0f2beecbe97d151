//! Finds the lines of the headings, up to four, and joins the texts above each column.

use crate::cell::Cell;
use crate::columns::layout::Column;
use crate::columns::sense::{self, Meaning};
use crate::table::{Record, Table};
use crate::total;
use crate::{Field, Found, Options, position, recognize};

/// The headings must be within this many records. A report's title may come before them.
pub(crate) const MAX_HEADING_RECORDS: usize = 50;
/// The largest number of lines that headings take up.
const MAX_LINES: usize = 4;
/// A longer text is a title, not a heading.
const MAX_HEADING_CHARS: usize = 120;

/// The headings of the columns.
#[derive(Debug)]
pub(crate) struct Headings {
    pub(crate) line: Option<u64>,
    /// The headings of each column, from the upper line to the lower; a line that says nothing about it is left out.
    columns: Vec<Vec<String>>,
    /// The index of the first record below them.
    pub(crate) first: usize,
    /// The texts of each line.
    pub(crate) lines: Vec<Vec<String>>,
}

/// Whether two headings are equal except for case and spaces.
pub(crate) fn is_same(a: &str, b: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    words(a) == words(b)
}

impl Headings {
    /// The headings in the records from `top` up to `first`.
    pub(crate) fn of(table: &Table, top: usize, first: usize) -> Self {
        let records = table.records.get(top..first).unwrap_or_default();
        let lines: Vec<Vec<String>> = records.iter().map(Record::headings).collect();
        let width = lines.iter().map(Vec::len).max().unwrap_or(0);
        let column = |index: usize| -> Vec<String> {
            let lowest = lines.iter().rposition(|line| line.get(index).is_some_and(|text| !text.is_empty()));
            let Some(lowest) = lowest else { return Vec::new() };
            let texts = records.iter().enumerate().take(lowest + 1);
            let mut texts: Vec<String> = texts
                .filter_map(|(at, record)| {
                    if at == lowest {
                        lines.get(at)?.get(index).cloned()
                    } else {
                        above(table, record, index)
                    }
                })
                .filter(|text| !text.is_empty())
                .collect();
            texts.dedup_by(|a, b| is_same(a, b));
            texts
        };
        let columns = (0..width).map(column).collect();
        Self { line: records.first().map(|record| record.line), columns, first, lines }
    }

    /// Columns without headings, for a file that has none.
    pub(crate) fn none(first: usize) -> Self {
        Self { line: None, columns: Vec::new(), first, lines: Vec::new() }
    }

    /// The number of columns with a heading, and those among them.
    pub(crate) fn width(&self) -> usize {
        self.columns.len()
    }

    fn texts(&self, index: usize) -> &[String] {
        self.columns.get(index).map(Vec::as_slice).unwrap_or_default()
    }

    /// A column with its whole heading: `Основной склад / Остаток`.
    pub(crate) fn column(&self, index: usize) -> Column {
        Column { index, heading: self.texts(index).join(" / ") }
    }

    /// Whether any heading has Cyrillic letters.
    pub(crate) fn is_russian(&self) -> bool {
        self.columns.iter().flatten().any(|text| text.contains(|c| matches!(c, '\u{400}'..='\u{4ff}')))
    }

    /// The indexes of the columns that a user names by heading, number or letter.
    pub(crate) fn named(&self, name: &str, width: usize) -> Vec<usize> {
        let all = || 0..self.width();
        let whole: Vec<usize> = all().filter(|index| is_same(&self.column(*index).heading, name)).collect();
        if !whole.is_empty() {
            return whole;
        }
        let of_line: Vec<usize> =
            all().filter(|index| self.texts(*index).iter().any(|text| is_same(text, name))).collect();
        if !of_line.is_empty() {
            return of_line;
        }
        position::parse(name).filter(|index| *index < width.max(self.width())).into_iter().collect()
    }

    /// The field of a column that holds no quantities.
    pub(crate) fn field(&self, index: usize) -> Option<Found> {
        if self.meaning(index).is_some() {
            return None;
        }
        let texts = self.texts(index);
        let not_quantity = |found: &Found| found.field != Field::Quantity;
        let lowest = texts.last().and_then(|text| recognize(text));
        let joined = || (texts.len() > 1).then(|| recognize(&texts.join(" "))).flatten();
        lowest.or_else(joined).filter(not_quantity)
    }

    /// Whether the lowest line calls the column a warehouse, whatever stands above it.
    pub(crate) fn may_be_warehouse(&self, index: usize) -> bool {
        let lowest = self.texts(index).last().and_then(|text| recognize(text));
        lowest.is_some_and(|found| found.field == Field::Warehouse)
    }

    /// What a column says about quantities, by all of its lines.
    pub(crate) fn meaning(&self, index: usize) -> Option<Meaning> {
        let (lowest, above) = self.texts(index).split_last()?;
        let is_of_field = |field| field != Field::Quantity && field != Field::Warehouse;
        if recognize(lowest).is_some_and(|found| is_of_field(found.field)) {
            return None;
        }
        let lowest = sense::of(lowest);
        let above: Vec<Meaning> = above.iter().filter_map(|text| sense::of(text)).collect();
        let mut all = above.iter().copied().chain(lowest);
        // What is no stock under one heading is none under all of them.
        if let Some(other) = all.rfind(|meaning| !meaning.sense.is_quantity()) {
            return Some(other);
        }
        // A title may have a stem of stock, so above the lowest line only known names count.
        let counted = above.iter().copied().filter(|meaning| meaning.is_certain).chain(lowest);
        counted.min_by_key(|meaning| (meaning.sense, !meaning.is_certain))
    }

    /// The texts of a column that say nothing about quantities: most likely the name of a warehouse.
    pub(crate) fn place(&self, index: usize) -> Option<String> {
        let texts = self.texts(index);
        let named = texts.iter().filter(|text| sense::of(text).is_none() && !is_unit(text));
        let named: Vec<&str> = named.map(String::as_str).collect();
        match (named.as_slice(), texts) {
            ([], [only]) => crate::warehouse_of(only),
            ([], _) => None,
            (named, _) => Some(named.join(" ")),
        }
    }

    /// Whether the heading may name a flag, as `in_stock` does.
    pub(crate) fn may_be_flag(&self, index: usize) -> bool {
        let flags = ["in stock", "instock", "в наличии", "наличие", "is in stock"];
        let plain = |text: &str| text.to_lowercase().replace('_', " ");
        self.texts(index).last().is_some_and(|text| flags.contains(&plain(text).trim()))
    }
}

fn is_unit(text: &str) -> bool {
    let last = format!("x {text}");
    crate::columns::field::words_of(&last).len() == 1
}

/// The text of a heading that spans a column from the left: a program stores it in the first of its cells.
fn above(table: &Table, record: &Record, index: usize) -> Option<String> {
    let own = |at: usize| record.cells.get(at).map(|cell| cell.text().trim().to_owned());
    if let Some(text) = own(index).filter(|text| !text.is_empty()) {
        return Some(text);
    }
    let left = (0..index).rev().find(|at| own(*at).is_some_and(|text| !text.is_empty()))?;
    let text = own(left)?;
    match table.region_of(record.line, left) {
        Some(region) => region.columns.contains(&index).then_some(text),
        // An article or a name does not span other columns.
        None => recognize(&text).is_none_or(|found| !is_closed(found.field)).then_some(text),
    }
}

fn is_closed(field: Field) -> bool {
    !matches!(field, Field::Quantity | Field::Warehouse)
}

/// The headings around each record that could be one of their lines, in the order of the file.
pub(crate) fn candidates<'a>(table: &'a Table, options: &'a Options) -> impl Iterator<Item = Headings> + 'a {
    let searched = table.records.len().min(MAX_HEADING_RECORDS);
    (0..searched).filter_map(move |at| {
        let sku = sku_column(table.records.get(at)?, options)?;
        let top = top(table, at, sku);
        let first = bottom(table, at, top, sku, options);
        Some(Headings::of(table, top, first))
    })
}

/// The index of the column whose heading in this record is that of the SKU.
fn sku_column(record: &Record, options: &Options) -> Option<usize> {
    let texts = record.headings();
    let mapped = options.columns.iter().find(|mapping| mapping.field == Field::Sku);
    let Some(mapped) = mapped else {
        let is_sku = |text: &String| recognize(text).is_some_and(|found| found.field == Field::Sku);
        return texts.iter().position(is_sku);
    };
    if let Some(named) = texts.iter().position(|text| is_same(text, &mapped.column)) {
        return Some(named);
    }
    // The column has a number, so any known heading shows the line.
    let is_known = |text: &String| {
        let named = options.columns.iter().any(|mapping| is_same(text, &mapping.column));
        named || recognize(text).is_some() || sense::of(text).is_some() || sense::speaks_of_stock(text)
    };
    let has_numbers = record.cells.iter().any(Cell::is_number);
    position::parse(&mapped.column).filter(|_| !has_numbers && texts.iter().any(is_known))
}

/// The index of the uppermost line of the headings that the record at `at` belongs to.
fn top(table: &Table, at: usize, sku: usize) -> usize {
    let mut top = at;
    while let Some((above, below)) = top.checked_sub(1).and_then(|above| {
        let records = table.records.get(above..=top)?;
        records.first().zip(records.last())
    }) {
        let is_near = above.line + 1 >= below.line;
        if !is_near || at - top + 1 >= MAX_LINES || !is_upper_line(table, above, below, sku) {
            break;
        }
        top -= 1;
    }
    top
}

/// Whether a record above a heading line is a heading line too, and no title.
fn is_upper_line(table: &Table, above: &Record, below: &Record, sku: usize) -> bool {
    let filled: Vec<usize> = above.filled().collect();
    let is_title = match filled.as_slice() {
        [] => true,
        [only] => {
            *only <= sku
                || table.region_of(above.line, *only).is_some_and(|region| region.columns.contains(&sku))
        }
        _ => false,
    };
    let texts = above.headings();
    let is_text = |text: &String| text.contains(':') || text.chars().nth(MAX_HEADING_CHARS).is_some();
    let covers = filled.iter().any(|column| *column > 0) && filled.first() <= below.filled().last().as_ref();
    !is_title && covers && !above.cells.iter().any(Cell::is_number) && !texts.iter().any(is_text)
}

/// The index of the first record below the headings that begin at `top` and have the record at `at`.
fn bottom(table: &Table, at: usize, top: usize, sku: usize, options: &Options) -> usize {
    let mut first = at + 1;
    while first - top < MAX_LINES {
        let Some(next) = table.records.get(first) else { break };
        if !is_lower_line(table, &Headings::of(table, top, first), next, sku, options) {
            break;
        }
        first += 1;
    }
    first
}

/// Whether a record below headings goes on with them: it has no SKU and no number, and names what stands open.
fn is_lower_line(table: &Table, above: &Headings, record: &Record, sku: usize, options: &Options) -> bool {
    let is_value = |text: &str| options.words.iter().any(|word| word.is(text));
    let has_values = record.cells.iter().any(|cell| cell.is_number() || is_value(&cell.text()));
    let is_total = record.cells.iter().any(|cell| total::is_total(&cell.text()));
    if !record.cell(sku).is_blank() || has_values || is_total {
        return false;
    }
    let is_open = |column: usize| {
        let spans = above.lines.len().checked_sub(1).and_then(|last| {
            let line = above.line? + u64::try_from(last).ok()?;
            table.region_of(line, column).map(|region| region.columns.end() > region.columns.start())
        });
        spans == Some(true) || above.field(column).is_none_or(|found| found.field == Field::Warehouse)
    };
    record.filled().any(is_open)
}
