//! Finds which column holds which field, by the headings or by the caller's mappings.

use crate::cell::Cell;
use crate::columns::headings::Headings;
use crate::columns::layout::{Column, ColumnChoice, Layout, Quantities, UnusedColumn};
use crate::columns::sense;
use crate::columns::sense::Sense;
use crate::columns::stock_column::{self, Candidate, Choice, Values};
use crate::table::{Record, Table};
use crate::{Field, Mapping, Options, Refusal, recognize, total};

/// So many lines show that a column is no flag.
const ENOUGH_LINES: usize = 64;

/// Finds the column of each field below some headings.
pub(crate) struct Finder<'a> {
    table: &'a Table,
    options: &'a Options,
    headings: Headings,
    /// Whether the line below the headings numbers the columns.
    is_numbered: bool,
    /// The number of columns, with and without headings.
    width: usize,
}

impl<'a> Finder<'a> {
    pub(crate) fn of(table: &'a Table, options: &'a Options, headings: Headings) -> Self {
        let width = table.width().max(headings.width());
        let mut finder = Self { table, options, headings, is_numbered: false, width };
        finder.is_numbered = finder.has_numbers_below();
        finder
    }

    pub(crate) fn layout(self) -> Result<Layout, Refusal> {
        let sku = self.only(Field::Sku)?;
        let quantities = self.quantities()?;
        let (Some(sku), false) = (&sku, quantities.is_empty()) else {
            let missing = [(Field::Sku, sku.is_none()), (Field::Quantity, quantities.is_empty())];
            let missing = missing.into_iter().filter(|(_, gone)| *gone).map(|(field, _)| field).collect();
            return Err(Refusal::NoHeadings {
                missing,
                line: self.headings.line.unwrap_or(0),
                columns: self.shown(),
            });
        };
        let has_own_columns = quantities.iter().any(|of| of.warehouse.is_some());
        let warehouse = if has_own_columns { None } else { self.warehouse()? };
        let mut details = Vec::new();
        for field in [Field::Name, Field::Brand, Field::Price, Field::Description] {
            details.extend(self.first_of(field)?.map(|column| (field, column)));
        }
        let only_flags = quantities.iter().any(|of| {
            self.headings.may_be_flag(of.column.index) && self.values(of.column.index) == Values::ZeroOrOne
        });
        let mut layout = Layout {
            heading_line: self.headings.line,
            unknown_headings: None,
            heading_texts: self.headings.lines.clone(),
            top: self.headings.first.saturating_sub(self.headings.lines.len()),
            first: self.headings.first + usize::from(self.is_numbered),
            sku: sku.clone(),
            warehouse,
            quantities,
            details,
            unused: Vec::new(),
            only_flags,
            numbered: self.is_numbered,
            width: self.headings.width(),
            russian: self.headings.is_russian(),
        };
        layout.unused = self.unused(&layout);
        Ok(layout)
    }

    /// The records below the headings and the numbers of the columns.
    fn records(&self) -> &'a [Record] {
        let first = self.headings.first + usize::from(self.is_numbered);
        self.table.records.get(first..).unwrap_or_default()
    }

    /// All columns with a heading, as a refusal shows them.
    fn shown(&self) -> Vec<Column> {
        let all = (0..self.headings.width()).map(|index| self.headings.column(index));
        all.filter(|column| !column.heading.is_empty()).collect()
    }

    /// The columns that the caller maps to a field.
    fn mapped(&self, field: Field) -> Result<Vec<(Column, &'a Mapping)>, Refusal> {
        let mappings = self.options.columns.iter().filter(|mapping| mapping.field == field);
        mappings.map(|mapping| Ok((self.mapped_column(mapping)?, mapping))).collect()
    }

    fn mapped_column(&self, mapping: &Mapping) -> Result<Column, Refusal> {
        match self.headings.named(&mapping.column, self.width).as_slice() {
            [only] => Ok(self.headings.column(*only)),
            [] => Err(Refusal::NoSuchColumn {
                field: mapping.field,
                column: mapping.column.clone(),
                columns: self.shown(),
            }),
            several => Err(self.several(mapping.field, several)),
        }
    }

    fn several(&self, field: Field, indexes: &[usize]) -> Refusal {
        let mut indexes = indexes.to_vec();
        indexes.sort_unstable();
        let choice = |index: &usize| ColumnChoice {
            reference: self.reference(*index),
            place: self.headings.place(*index),
            column: self.headings.column(*index),
        };
        Refusal::SeveralColumns { field, columns: indexes.iter().map(choice).collect() }
    }

    /// What names this column alone: its letter, unless that is the heading of another one.
    fn reference(&self, index: usize) -> String {
        let column = self.headings.column(index);
        let references = [column.letter(), (index + 1).to_string(), column.heading.clone()];
        let own = |name: &&String| self.headings.named(name, self.width) == [index];
        references.iter().find(own).cloned().unwrap_or_else(|| column.letter())
    }

    /// The columns with the best rank for a field, without columns that the caller maps.
    fn recognized(&self, field: Field) -> Vec<usize> {
        let is_mapped = |index: &usize| {
            let all = self.options.columns.iter().chain(&self.options.subtract);
            all.clone().any(|mapping| self.headings.named(&mapping.column, self.width) == [*index])
        };
        let found = (0..self.headings.width()).filter(|index| !is_mapped(index)).filter_map(|index| {
            let found = self.headings.field(index)?;
            (found.field == field).then_some((found.rank, index))
        });
        let found: Vec<(u8, usize)> = found.collect();
        let best = found.iter().map(|(rank, _)| *rank).min();
        found.into_iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, index)| index).collect()
    }

    /// The only column of a field; `None` if there is none, an error if there are several.
    fn only(&self, field: Field) -> Result<Option<Column>, Refusal> {
        let mapped = self.mapped(field)?;
        let columns = match mapped.as_slice() {
            [] => self.recognized(field),
            mapped => mapped.iter().map(|(column, _)| column.index).collect(),
        };
        match columns.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(self.headings.column(*only))),
            several => Err(self.several(field, several)),
        }
    }

    /// The column of the warehouses, if the list has one and the caller does not deny it. An empty one names none.
    fn warehouse(&self) -> Result<Option<Column>, Refusal> {
        let mut mappings = self.options.columns.iter().filter(|mapping| mapping.field == Field::Warehouse);
        let is_denied = mappings.any(|mapping| {
            mapping.column == Mapping::NONE && self.headings.named(Mapping::NONE, 0).is_empty()
        });
        if is_denied {
            return Ok(None);
        }
        let column = match self.only(Field::Warehouse)? {
            Some(column) => Some(column),
            None => self.places_below_stock(),
        };
        let is_empty =
            |column: &Column| self.records().iter().all(|record| record.cell(column.index).is_blank());
        Ok(column.filter(|column| !is_empty(column)))
    }

    /// A column of warehouses that stands below a heading of stock, as the stock beside it does.
    fn places_below_stock(&self) -> Option<Column> {
        let mut places = (0..self.headings.width()).filter(|index| self.holds_places(*index));
        let only = places.next().filter(|_| places.next().is_none());
        only.map(|index| self.headings.column(index))
    }

    /// Whether a column is called a warehouse and holds texts, not quantities.
    fn holds_places(&self, index: usize) -> bool {
        let has_texts = || self.records().iter().any(|record| !record.cell(index).is_blank());
        self.headings.may_be_warehouse(index) && !self.holds_numbers(index) && has_texts()
    }

    /// The first column of a descriptive field.
    fn first_of(&self, field: Field) -> Result<Option<Column>, Refusal> {
        let mapped = self.mapped(field)?.into_iter().map(|(column, _)| column);
        let recognized = self.recognized(field).into_iter().map(|index| self.headings.column(index));
        Ok(mapped.chain(recognized).next())
    }

    /// The quantity column, or one per warehouse if the caller maps several.
    fn quantities(&self) -> Result<Vec<Quantities>, Refusal> {
        let mapped = self.mapped(Field::Quantity)?;
        let mut columns: Vec<Quantities> = Vec::new();
        if mapped.is_empty() {
            let column = self.stock()?;
            columns.extend(column.map(|column| Quantities { column, warehouse: None, subtracted: None }));
        }
        let several = mapped.len() > 1;
        columns.extend(mapped.into_iter().map(|(column, mapping)| {
            let by_heading = Some(column.heading.clone()).filter(|_| several);
            Quantities { warehouse: mapping.warehouse.clone().or(by_heading), column, subtracted: None }
        }));
        for (at, one) in columns.iter().enumerate() {
            let same = columns
                .iter()
                .skip(at + 1)
                .any(|other| other.warehouse == one.warehouse || other.column.index == one.column.index);
            let nameless = one.warehouse.as_ref().is_none_or(|name| name.trim().is_empty());
            if same || (several && nameless) {
                let all: Vec<usize> = columns.iter().map(|of| of.column.index).collect();
                return Err(self.several(Field::Quantity, &all));
            }
        }
        for mapping in &self.options.subtract {
            self.subtract(mapping, &mut columns)?;
        }
        Ok(columns)
    }

    fn subtract(&self, mapping: &Mapping, columns: &mut [Quantities]) -> Result<(), Refusal> {
        let subtracted = self.mapped_column(mapping)?;
        let of = match columns {
            [only] if mapping.warehouse.is_none() => Some(only),
            several => {
                several.iter_mut().find(|of| mapping.warehouse.is_some() && of.warehouse == mapping.warehouse)
            }
        };
        match of {
            Some(of) if of.subtracted.is_none() && of.column.index != subtracted.index => {
                of.subtracted = Some(subtracted);
                Ok(())
            }
            _ => Err(Refusal::SubtractFrom),
        }
    }

    /// The column of the stock by its heading.
    fn stock(&self) -> Result<Option<Column>, Refusal> {
        let used_otherwise: Vec<usize> = self
            .options
            .columns
            .iter()
            .chain(&self.options.subtract)
            .flat_map(|mapping| self.headings.named(&mapping.column, self.width))
            .collect();
        let candidates: Vec<Candidate> = (0..self.width)
            .filter(|index| !used_otherwise.contains(index))
            .filter_map(|index| self.candidate(index))
            .collect();
        match stock_column::choose(&candidates) {
            Choice::None => Ok(None),
            Choice::One(index) => Ok(Some(self.headings.column(index))),
            Choice::Several(indexes) => Err(self.several(Field::Quantity, &indexes)),
        }
    }

    fn candidate(&self, index: usize) -> Option<Candidate> {
        // A heading may span a column that has none of its own: its numbers count as those of that heading.
        let of = self.spanning(index).unwrap_or(index);
        if self.holds_places(index) {
            return None;
        }
        let meaning = self.headings.meaning(of)?;
        meaning.sense.is_quantity().then(|| Candidate {
            index,
            sense: meaning.sense,
            is_certain: meaning.is_certain,
            may_be_flag: self.headings.may_be_flag(of),
            values: self.values(index),
        })
    }

    /// The column whose heading spans this one, if this one has no heading and holds numbers.
    fn spanning(&self, index: usize) -> Option<usize> {
        let has_heading = !self.headings.column(index).heading.is_empty();
        if has_heading || !self.holds_numbers(index) {
            return None;
        }
        let from = self.headings.first.saturating_sub(self.headings.lines.len());
        let lines = self.table.records.get(from..self.headings.first).unwrap_or_default();
        let region =
            lines.iter().filter_map(|record| self.table.region_of(record.line, index)).next_back()?;
        Some(*region.columns.start()).filter(|first| *first != index)
    }

    fn holds_numbers(&self, index: usize) -> bool {
        self.records().iter().any(|record| record.cell(index).is_number())
    }

    /// What the cells of a column are, in the lines of goods.
    fn values(&self, index: usize) -> Values {
        let sku = self.only(Field::Sku).ok().flatten().map(|column| column.index);
        let (mut digits, mut words, mut others) = (0_usize, 0_usize, 0_usize);
        for record in self.records() {
            match record.cell(index).text().trim().to_lowercase().as_str() {
                "" => {}
                "0" | "1" => digits += 1,
                "yes" | "no" | "true" | "false" | "да" | "нет" | "есть" | "истина" | "ложь" | "+" | "-"
                | "y" | "n" => words += 1,
                _ if self.is_no_goods(record, index, sku) => {}
                _ => others += 1,
            }
            if others > ENOUGH_LINES && others > digits + words {
                return Values::Any;
            }
        }
        match (digits, words, others) {
            (0, 0, 0) => Values::None,
            (_, 0, 0) => Values::ZeroOrOne,
            (_, _, 0) => Values::YesOrNo,
            (digits, words, others) if digits + words > others => Values::Mixed,
            _ => Values::Any,
        }
    }

    /// Whether a record repeats the headings, has no SKU, or is a total.
    fn is_no_goods(&self, record: &Record, index: usize, sku: Option<usize>) -> bool {
        let text = record.cell(index).text();
        let repeats =
            self.headings.lines.iter().any(|line| line.get(index).is_some_and(|own| own == text.trim()));
        let has_sku = sku.is_none_or(|sku| !record.cell(sku).is_blank());
        repeats || !has_sku || record.cells.iter().any(|cell| total::is_total(&cell.text()))
    }

    /// Columns that look like stock, or hold numbers without a heading, and are not used.
    fn unused(&self, layout: &Layout) -> Vec<UnusedColumn> {
        let used: Vec<usize> = layout.columns().iter().map(|used| used.column.index).collect();
        let speaks = |index: usize| match self.headings.column(index).heading.as_str() {
            "" => self.headings.width() > 0 && self.holds_numbers(index),
            heading => {
                self.headings.meaning(index).is_some_and(|meaning| meaning.sense.is_quantity())
                    || heading.split(" / ").any(sense::speaks_of_stock)
                    || recognize(heading).is_some_and(|found| found.field == Field::Warehouse)
            }
        };
        let all = (0..self.width).filter(|index| !used.contains(index));
        let unused = all.filter(|index| speaks(*index)).map(|index| UnusedColumn {
            column: self.headings.column(index),
            reference: self.reference(index),
            is_reserved: self.headings.meaning(index).is_some_and(|meaning| meaning.sense == Sense::Reserved),
        });
        unused.collect()
    }

    /// Whether the line below the headings numbers the columns.
    fn has_numbers_below(&self) -> bool {
        let [numbers, more @ ..] = self.records() else { return false };
        if self.headings.line.is_none() {
            return false;
        }
        let plain = |cell: &Cell| cell.text().trim().trim_matches(['(', ')']).to_owned();
        let filled: Vec<String> = numbers.cells.iter().filter(|cell| !cell.is_blank()).map(plain).collect();
        let sku = self.only(Field::Sku).ok().flatten();
        let next = sku.zip(more.first()).map(|(sku, record)| plain(record.cell(sku.index)));
        filled.len() > 2
            && filled.iter().zip(1..).all(|(text, number)| *text == number.to_string())
            && filled.len()
                == (0..self.headings.width())
                    .filter(|at| !self.headings.column(*at).heading.is_empty())
                    .count()
            && next.is_none_or(|next| next != "2")
    }
}
