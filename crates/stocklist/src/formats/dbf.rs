//! Reads tables of `dBASE`, `FoxPro` and Clipper (DBF), which older accounting programs export.
//!
//! Numbers stand there as texts. They are taken digit by digit: a library that makes 32-bit floats of them changes
//! quantities. What a table keeps in a file beside it (memo fields) is not read.

use crate::cell::{Cell, Face};
use crate::formats::decoding::{self, Encoding};
use crate::table::{Record, Table};
use crate::{NotAList, Refusal};

const HEADER: usize = 32;
const FIELD: usize = 32;
const END_OF_FIELDS: u8 = 0x0D;
/// No encoding has another sign for it, and no text holds it.
const SEPARATOR: u8 = 0x1F;

/// A column.
struct Field {
    kind: u8,
    /// Its place in a record, after the mark of deletion.
    start: usize,
    length: usize,
}

/// What a header states.
struct Header {
    records: usize,
    begin: usize,
    record: usize,
    language: u8,
}

/// The table, and the name of its encoding.
pub(crate) fn table(bytes: &[u8], chosen: Option<Encoding>) -> Result<(Table, &'static str), Refusal> {
    let header = Header::of(bytes).ok_or(Refusal::NotAList(NotAList::Dbf))?;
    let (names, fields) = header.fields(bytes).ok_or(Refusal::NotAList(NotAList::Dbf))?;
    let all = bytes.get(header.begin..).unwrap_or_default();
    if all.len() < header.records.saturating_mul(header.record) {
        return Err(Refusal::BrokenWorkbook { detail: "it is shorter than its header says".to_owned() });
    }
    let mut texts = names;
    let mut records = vec![Record::new(1, vec![Cell::Text(String::new()); fields.len()])];
    for (record, line) in all.chunks_exact(header.record).take(header.records).zip(2_u64..) {
        if record.first() == Some(&b'*') {
            continue;
        }
        let mut cells = Vec::with_capacity(fields.len());
        for field in &fields {
            let value = record.get(field.start..field.start + field.length).unwrap_or_default();
            let slot = field.read(value);
            if let Slot::Text(text) = slot {
                texts.push(text);
            }
            cells.push(slot.cell());
        }
        records.push(Record::new(line, cells));
    }
    if texts.iter().any(|text| text.contains(&SEPARATOR)) {
        return Err(Refusal::NotAList(NotAList::Dbf));
    }
    let (decoded, encoding) = decode(&texts, chosen.or_else(|| of_language(header.language)))?;
    let mut decoded = decoded.split(char::from(SEPARATOR));
    for cell in records.iter_mut().flat_map(|record| &mut record.cells) {
        if matches!(cell, Cell::Text(_)) {
            *cell = Cell::of_text(decoded.next().unwrap_or_default());
        }
    }
    records.retain(|record| !record.is_blank());
    Ok((Table::of_sheet(records, Vec::new()), encoding))
}

/// Decodes all texts at once, because one alone has too few letters to tell the encoding.
fn decode(texts: &[&[u8]], chosen: Option<Encoding>) -> Result<(String, &'static str), Refusal> {
    let joined = texts.join(&SEPARATOR);
    let decoded = decoding::decode(&joined, chosen)?;
    Ok((decoded.text, decoded.encoding))
}

/// What the header says about the encoding.
fn of_language(language: u8) -> Option<Encoding> {
    match language {
        0x26 | 0x65 => Encoding::named("cp866"),
        0xC9 => Encoding::named("windows-1251"),
        _ => None,
    }
}

impl Header {
    fn of(bytes: &[u8]) -> Option<Self> {
        let two = |at: usize| Some(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
        let count = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?);
        let header = Self {
            records: usize::try_from(count).ok()?,
            begin: usize::from(two(8)?),
            record: usize::from(two(10)?),
            language: *bytes.get(29)?,
        };
        (header.record > 1).then_some(header)
    }

    /// The names and the places of the columns. `None` if they do not add up to the length of a record.
    fn fields<'a>(&self, bytes: &'a [u8]) -> Option<(Vec<&'a [u8]>, Vec<Field>)> {
        let (mut names, mut fields, mut start) = (Vec::new(), Vec::new(), 1);
        for descriptor in bytes.get(HEADER..self.begin)?.chunks_exact(FIELD) {
            let (name, kind) = (descriptor.get(..11)?, *descriptor.get(11)?);
            if name.first() == Some(&END_OF_FIELDS) {
                break;
            }
            let (length, decimals) = (usize::from(*descriptor.get(16)?), usize::from(*descriptor.get(17)?));
            // Clipper keeps the upper half of a text's length where other columns have their decimals.
            let length = if kind == b'C' { length + 256 * decimals } else { length };
            names.push(name.split(|byte| *byte == 0).next().unwrap_or_default());
            fields.push(Field { kind, start, length });
            start += length;
        }
        (start == self.record && !fields.is_empty()).then_some((names, fields))
    }
}

/// A value before its text is decoded.
enum Slot<'a> {
    Text(&'a [u8]),
    Cell(Cell),
}

impl Slot<'_> {
    /// The cell; a text stands empty until all are decoded.
    fn cell(self) -> Cell {
        match self {
            Slot::Text(_) => Cell::Text(String::new()),
            Slot::Cell(cell) => cell,
        }
    }
}

impl Field {
    fn read<'a>(&self, value: &'a [u8]) -> Slot<'a> {
        let number = |number: Option<f64>| {
            Slot::Cell(number.map_or(Cell::Empty, |number| Cell::Number(number, Face::Digits)))
        };
        let is_blank = value.iter().all(|byte| matches!(byte, b' ' | 0));
        match self.kind {
            b'C' => Slot::Text(trimmed(value)),
            _ if is_blank && self.kind.is_ascii_uppercase() && !matches!(self.kind, b'I' | b'Y' | b'B') => {
                Slot::Cell(Cell::Empty)
            }
            b'N' | b'F' => {
                let text = String::from_utf8_lossy(value.trim_ascii()).into_owned();
                match text.parse::<f64>() {
                    Ok(of_text) if of_text.is_finite() => number(Some(of_text)),
                    _ => Slot::Cell(Cell::Other(text)),
                }
            }
            b'L' => Slot::Cell(match value.first() {
                Some(b'T' | b't' | b'Y' | b'y') => Cell::Other("TRUE".to_owned()),
                Some(b'F' | b'f' | b'N' | b'n') => Cell::Other("FALSE".to_owned()),
                _ => Cell::Empty,
            }),
            b'D' | b'T' => Slot::Cell(Cell::Date),
            b'I' => number(value.try_into().ok().map(|bytes| f64::from(i32::from_le_bytes(bytes)))),
            b'B' if value.len() == 8 => {
                let of_bytes = value.try_into().ok().map(f64::from_le_bytes);
                number(of_bytes.filter(|number| number.is_finite()))
            }
            b'0' => Slot::Cell(Cell::Empty),
            _ => Slot::Cell(Cell::Other("(memo)".to_owned())),
        }
    }
}

/// A text without the blanks that fill its column.
fn trimmed(value: &[u8]) -> &[u8] {
    let end = value.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |last| last + 1);
    value.get(..end).unwrap_or_default()
}
