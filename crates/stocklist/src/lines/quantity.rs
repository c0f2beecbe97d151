//! Reads the quantity of a line: numbers in every writing, words with a meaning, and units of measure.

use rust_decimal::Decimal;

use crate::cell::{Cell, clipped, decimal_of};
use crate::columns::layout::Layout;
use crate::lines::article::{EXACT_BELOW, unguarded};
use crate::number::{self, NotANumber, NumberFormat};
use crate::table::Record;
use crate::{BadReason, Options};

/// Units of measure that count pieces; lines with any of them can be read together.
const PIECES: &[&str] = &[
    "шт",
    "штук",
    "штука",
    "штуки",
    "ед",
    "единиц",
    "экз",
    "pcs",
    "pc",
    "pce",
    "piece",
    "pieces",
    "ea",
    "each",
    "unit",
    "units",
];

/// Other units of measure, all of which must be the same.
const OTHERS: &[&str] = &[
    "кг",
    "г",
    "гр",
    "т",
    "л",
    "мл",
    "м",
    "м2",
    "м3",
    "см",
    "мм",
    "пог.м",
    "уп",
    "упак",
    "пач",
    "пачек",
    "кор",
    "короб",
    "пар",
    "пара",
    "пары",
    "компл",
    "комплект",
    "рул",
    "рулон",
    "kg",
    "g",
    "l",
    "m",
    "pack",
    "packs",
    "box",
    "boxes",
    "pair",
    "pairs",
    "set",
    "sets",
];

/// A quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quantity {
    /// The units; `None` if they are unknown, so that the stock stays as it is.
    pub(crate) units: Option<Decimal>,
    /// The number in the cell, as a total of the file counts it.
    pub(crate) counted: Decimal,
}

/// Reads the quantities of a file.
pub(crate) struct QuantityReader<'a> {
    options: &'a Options,
    format: NumberFormat,
    /// The unit of measure of the first quantity that has one.
    unit: Option<&'static str>,
}

impl<'a> QuantityReader<'a> {
    pub(crate) fn of(records: &[Record], layout: &Layout, options: &'a Options) -> Self {
        let columns: Vec<usize> = layout
            .quantities
            .iter()
            .flat_map(|of| std::iter::once(of.column.index).chain(of.subtracted.iter().map(|c| c.index)))
            .collect();
        let cells = records.iter().flat_map(|record| columns.iter().map(|column| record.cell(*column)));
        let texts: Vec<&str> = cells
            .filter_map(|cell| match cell {
                Cell::Text(text) if options.strip_units => Some(bare(text).0),
                Cell::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        let detected = || number::detect_format(texts.iter().copied(), layout.russian);
        let format = options.decimal.map_or_else(detected, NumberFormat::from);
        Self { options, format, unit: None }
    }

    pub(crate) fn format(&self) -> NumberFormat {
        self.format
    }

    /// Whether a text could be a quantity.
    pub(crate) fn is_quantity(&self, text: &str) -> bool {
        let text = if self.options.strip_units { bare(text).0 } else { text };
        number::is_number(text) || self.options.words.iter().any(|word| word.is(text))
    }

    /// The quantity of a cell.
    pub(crate) fn read(&mut self, cell: &Cell) -> Result<Quantity, BadReason> {
        let value = || clipped(cell.text().trim());
        let known = |units| Quantity { units: Some(units), counted: units };
        match cell {
            blank if blank.is_blank() && self.options.empty_as_zero => Ok(known(Decimal::ZERO)),
            blank if blank.is_blank() => Err(BadReason::NoQuantity),
            Cell::Number(number, _) if number.abs() < EXACT_BELOW => {
                decimal_of(*number).map(known).ok_or_else(|| BadReason::NotANumber { value: value() })
            }
            Cell::Number(..) => Err(BadReason::LongNumber { value: value() }),
            Cell::Text(text) => self.of_text(&unguarded(text), &value),
            Cell::NoResult => Err(BadReason::NoResult),
            Cell::Other(text) => self.of_word(text).ok_or_else(|| BadReason::NotANumber { value: value() }),
            Cell::Empty | Cell::Date => Err(BadReason::NotANumber { value: value() }),
        }
    }

    /// Units that are taken away; an empty cell takes none.
    pub(crate) fn read_subtracted(&mut self, cell: &Cell) -> Result<Decimal, BadReason> {
        if cell.is_blank() {
            return Ok(Decimal::ZERO);
        }
        let quantity = self.read(cell)?;
        quantity.units.ok_or_else(|| BadReason::NotANumber { value: clipped(cell.text().trim()) })
    }

    /// The number in a cell of a total; `None` if it holds none.
    pub(crate) fn total(&self, cell: &Cell) -> Option<Decimal> {
        match cell {
            Cell::Number(number, _) => decimal_of(*number),
            Cell::Text(text) => {
                let text = unguarded(text);
                let text = if self.options.strip_units { bare(&text).0 } else { &text };
                number::parse(text, self.format).ok()
            }
            Cell::Empty | Cell::Date | Cell::NoResult | Cell::Other(_) => None,
        }
    }

    fn of_word(&self, text: &str) -> Option<Quantity> {
        let word = self.options.words.iter().find(|word| word.is(text))?;
        Some(Quantity { units: word.quantity, counted: Decimal::ZERO })
    }

    fn of_text(&mut self, text: &str, value: &dyn Fn() -> String) -> Result<Quantity, BadReason> {
        if let Some(quantity) = self.of_word(text) {
            return Ok(quantity);
        }
        let (number, unit) = if self.options.strip_units { bare(text) } else { (text, None) };
        let units = number::parse(number, self.format).map_err(|error| match error {
            NotANumber::Malformed => BadReason::NotANumber { value: value() },
            NotANumber::Unclear => BadReason::UnclearNumber { value: value() },
            NotANumber::TooLong => BadReason::LongNumber { value: value() },
        })?;
        let unit = unit.unwrap_or(PIECE);
        if self.options.strip_units && *self.unit.get_or_insert(unit) != unit {
            return Err(BadReason::MixedUnits { value: value() });
        }
        Ok(Quantity { units: Some(units), counted: units })
    }
}

/// The unit of all pieces.
const PIECE: &str = "pcs";

/// A number without the unit of measure behind it, and that unit.
pub(crate) fn bare(text: &str) -> (&str, Option<&'static str>) {
    let text = text.trim();
    let start = text.find(|c: char| c.is_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(start);
    let unit = unit.trim_end_matches('.').to_lowercase();
    let pieces = PIECES.iter().find(|known| **known == unit).map(|_| PIECE);
    match pieces.or_else(|| OTHERS.iter().find(|known| **known == unit).copied()) {
        Some(unit) if !number.trim().is_empty() => (number.trim_end(), Some(unit)),
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_measure_stand_behind_a_number() {
        for (text, due) in [
            ("5 шт", ("5", Some(PIECE))),
            ("5шт.", ("5", Some(PIECE))),
            (" 1 200,5 кг ", ("1 200,5", Some("кг"))),
            ("5 pcs", ("5", Some(PIECE))),
            ("5", ("5", None)),
            ("шт", ("шт", None)),
            ("5 раз", ("5 раз", None)),
        ] {
            assert_eq!(bare(text), due, "{text}");
        }
    }
}
