//! Looks for the headings of a file and for the columns below them.

use crate::columns::finder::Finder;
use crate::columns::headings::{self, Headings};
use crate::columns::layout::Layout;
use crate::number::{self, NumberFormat};
use crate::table::{Record, Table};
use crate::{Field, Options, Refusal, position};

/// Finds the layout.
pub(crate) fn find(table: &Table, options: &Options) -> Result<Layout, Refusal> {
    if table.records.is_empty() {
        return Err(Refusal::Empty);
    }
    if !options.headings {
        return match numbered_quantity(options) {
            Some(_) => Finder::of(table, options, Headings::none(0)).layout(),
            None => Err(Refusal::NumbersNeeded),
        };
    }
    let mut nearest: Option<(usize, Refusal)> = None;
    for headings in headings::candidates(table, options) {
        let score = known_headings(&headings, options);
        match Finder::of(table, options, headings).layout() {
            Ok(layout) => return Ok(layout),
            Err(several @ (Refusal::SeveralColumns { .. } | Refusal::SubtractFrom)) => return Err(several),
            Err(other) => {
                if nearest.as_ref().is_none_or(|(best, _)| score > *best) {
                    nearest = Some((score, other));
                }
            }
        }
    }
    if let Some(quantity) = numbered_quantity(options) {
        return by_numbers(table, options, quantity);
    }
    Err(nearest.map_or_else(|| no_headings(table, options), |(_, refusal)| refusal))
}

/// A score for how much the lines look like headings.
fn known_headings(headings: &Headings, options: &Options) -> usize {
    let mapped = |index: usize| {
        options.columns.iter().any(|mapping| headings.named(&mapping.column, 0).contains(&index))
    };
    let is_known = |index: &usize| {
        mapped(*index) || headings.field(*index).is_some() || headings.meaning(*index).is_some()
    };
    (0..headings.width()).filter(is_known).count()
}

/// The refusal of a file without any line that has a heading for the SKU: it shows the line that comes nearest.
fn no_headings(table: &Table, options: &Options) -> Refusal {
    let searched = table.records.iter().take(headings::MAX_HEADING_RECORDS).enumerate();
    let all = searched.map(|(at, _)| Headings::of(table, at, at + 1));
    // If no text is known, the line with the most cells is the most likely.
    let score = |headings: &Headings| (known_headings(headings, options), headings.width());
    let mut best: Option<Headings> = None;
    for headings in all {
        if best.as_ref().is_none_or(|best| score(&headings) > score(best)) {
            best = Some(headings);
        }
    }
    let Some(headings) = best else { return Refusal::Empty };
    match Finder::of(table, options, headings).layout() {
        Err(refusal) => refusal,
        Ok(_) => Refusal::NumbersNeeded,
    }
}

/// The index of the first quantity column, if the caller gives all SKU and quantity columns by number.
fn numbered_quantity(options: &Options) -> Option<usize> {
    let numbers = |field| -> Option<Vec<usize>> {
        let of = options.columns.iter().filter(|mapping| mapping.field == field);
        of.map(|mapping| position::parse(&mapping.column)).collect()
    };
    let first_sku = numbers(Field::Sku)?.first().copied();
    first_sku.and(numbers(Field::Quantity)?.first().copied())
}

/// The layout by column numbers alone, where no heading is known. Products begin below the first line that has an
/// SKU and a quantity, unless that quantity is a number.
fn by_numbers(table: &Table, options: &Options, quantity: usize) -> Result<Layout, Refusal> {
    let is_number = |record: &Record| {
        let text = record.cell(quantity).text();
        let is_word = options.words.iter().any(|word| word.is(&text));
        is_word || number::parse(&text, NumberFormat::LENIENT).is_ok()
    };
    if !table.records.iter().any(is_number) {
        return Err(Refusal::NoNumbers { column: quantity + 1 });
    }
    let sku = options.columns.iter().find(|mapping| mapping.field == Field::Sku);
    let sku = sku.and_then(|mapping| position::parse(&mapping.column)).unwrap_or_default();
    let is_filled = |record: &Record| {
        is_number(record) || !(record.cell(sku).is_blank() || record.cell(quantity).is_blank())
    };
    let at = table.records.iter().position(is_filled).unwrap_or_default();
    let has_headings = table.records.get(at).is_some_and(|record| !is_number(record));
    let headings = if has_headings { Headings::of(table, at, at + 1) } else { Headings::none(at) };
    let unknown_headings = headings.line;
    let layout = Finder::of(table, options, headings).layout()?;
    Ok(Layout { unknown_headings, heading_line: None, width: 0, ..layout })
}
