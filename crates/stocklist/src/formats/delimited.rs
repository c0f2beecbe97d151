//! Reads delimited text: detects the delimiter and splits the text into records.

use csv::{ReaderBuilder, StringRecord};

use crate::cell::{Cell, MAX_CELL_BYTES, clipped};
use crate::columns::search;
use crate::formats::quoting::{self, Fault};
use crate::table::{Record, Table};
use crate::{BadLine, BadReason, Options, Refusal};

/// The delimiters in the order in which they are tried. A comma is tried late because it may be a decimal comma.
const DELIMITERS: [u8; 4] = [b';', b'\t', b',', b'|'];

/// How many bytes of a text are used to detect its delimiter.
const DETECTION_BYTES: usize = 64 * 1024;

/// Added after the text as its last line. If it is missing in the result, a quotation mark was never closed.
const END_MARKER: &str = "\u{1}end of the text\u{1}";

/// Removes a first line such as `sep=;`, a hint for Excel, and returns the delimiter that it names. The line break
/// stays, so that lines keep their numbers.
pub(crate) fn declared_delimiter(mut text: String) -> (String, Option<u8>) {
    let first = text.lines().next().unwrap_or_default();
    let declared = first.get(..4).filter(|word| word.eq_ignore_ascii_case("sep=")).and_then(|_| match first
        .get(4..)?
        .as_bytes()
    {
        [one] if one.is_ascii() && *one != b'"' => Some(*one),
        _ => None,
    });
    if declared.is_some() {
        text.replace_range(..first.len(), "");
    }
    (text, declared)
}

/// Detects the delimiter: the first one that gives valid headings, or the one that gives the most cells.
pub(crate) fn detect(text: &str, options: &Options) -> u8 {
    let head = head(text);
    let mut widest = (0, b';');
    for delimiter in DELIMITERS {
        let table = Table::of_text(records(head, delimiter).0, String::new(), delimiter);
        match search::find(&table, options) {
            Ok(_) | Err(Refusal::SeveralColumns { .. }) => return delimiter,
            Err(_) => {
                let width = table.records.iter().take(20).map(|record| record.cells.len()).max().unwrap_or(0);
                if width > widest.0 {
                    widest = (width, delimiter);
                }
            }
        }
    }
    widest.1
}

/// The complete lines at the beginning of a text.
fn head(text: &str) -> &str {
    if text.len() <= DETECTION_BYTES {
        return text;
    }
    let head = text.get(..text.floor_char_boundary(DETECTION_BYTES)).unwrap_or(text);
    head.rfind('\n').and_then(|end| head.get(..=end)).unwrap_or(head)
}

/// Splits a text into records.
pub(crate) fn table(text: String, delimiter: u8) -> Result<Table, Refusal> {
    let (records, wrong) = records(&text, delimiter);
    match wrong {
        None => Ok(Table::of_text(records, text, delimiter)),
        Some((line, reason)) => {
            let first = text.lines().nth(usize::try_from(line - 1).unwrap_or(usize::MAX)).unwrap_or_default();
            Err(Refusal::of_bad(vec![BadLine::new(line, clipped(first), reason)]))
        }
    }
}

/// The records before the first invalid one, and the error of that one.
fn records(text: &str, delimiter: u8) -> (Vec<Record>, Option<(u64, BadReason)>) {
    let end = format!("\n{END_MARKER}\n");
    let bytes = std::io::Read::chain(text.as_bytes(), end.as_bytes());
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes);
    let lines = Lines::of(text);
    let mut records = Vec::new();
    let mut record = StringRecord::new();
    // Reading from memory cannot fail, and the bytes are valid UTF-8.
    while reader.read_record(&mut record).unwrap_or(false) {
        let start = usize::try_from(record.position().map_or(0, csv::Position::byte)).unwrap_or(usize::MAX);
        // Line breaks before a record belong to no record.
        let skipped =
            text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        let start = start.saturating_add(skipped);
        let stop = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX).min(text.len());
        if start >= text.len() {
            return (records, None);
        }
        let line = lines.line_of(start);
        if record.iter().any(|cell| cell.contains(END_MARKER)) {
            return (records, Some((line, BadReason::OpenQuote)));
        }
        if record.iter().any(|cell| cell.len() > MAX_CELL_BYTES) {
            return (records, Some((line, BadReason::LongCell)));
        }
        match quoting::fault(text.get(start..stop).unwrap_or_default(), delimiter) {
            None => {}
            Some(Fault::TextAfterMark) => return (records, Some((line, BadReason::TextAfterQuote))),
            Some(Fault::TextAfterLines) => return (records, Some((line, BadReason::OpenQuote))),
        }
        let cells: Vec<Cell> = record.iter().map(Cell::of_text).collect();
        let record = Record { bytes: start..stop, ..Record::new(line, cells) };
        if !record.is_blank() {
            records.push(record);
        }
    }
    (records, None)
}

/// Byte offsets of the lines of a text, as an editor counts lines.
struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        Self { starts: std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect() }
    }

    fn line_of(&self, at: usize) -> u64 {
        u64::try_from(self.starts.partition_point(|start| *start <= at)).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str, delimiter: u8) -> Vec<(u64, Vec<String>)> {
        let table = table(text.to_owned(), delimiter).unwrap();
        table
            .records
            .iter()
            .map(|r| (r.line, r.cells.iter().map(|c| c.text().into_owned()).collect()))
            .collect()
    }

    #[test]
    fn records_know_their_lines() {
        let due = |rows: &[(u64, &[&str])]| -> Vec<(u64, Vec<String>)> {
            rows.iter()
                .map(|(line, cells)| (*line, cells.iter().map(|c| (*c).to_owned()).collect()))
                .collect()
        };
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a;b", "", "\"x", "y\";1", ";", "c;2"].join(end);
            let inner = format!("x{end}y");
            let rows: &[(u64, &[&str])] = &[(1, &["a", "b"]), (3, &[&inner, "1"]), (6, &["c", "2"])];
            assert_eq!(cells(&text, b';'), due(rows), "{end:?}");
        }
        assert_eq!(
            cells("19\" экран;1\n\"a\"\"b\";2", b';'),
            due(&[(1, &["19\" экран", "1"]), (2, &["a\"b", "2"])])
        );
    }

    #[test]
    fn an_open_quotation_mark_is_told_with_its_line() {
        for text in ["a;b\n\"c;1\nd;2\n", "a;b\n\"c;1", "a;b\nx;\"\n"] {
            let Err(Refusal::Bad { lines, total: 1 }) = table(text.to_owned(), b';') else {
                panic!("{text:?}")
            };
            assert_eq!((lines[0].line, &lines[0].reason), (2, &BadReason::OpenQuote), "{text:?}");
        }
    }

    #[test]
    fn delimiters_are_found_by_the_headings_that_they_give() {
        let options = Options::default();
        for (text, due) in [
            ("Артикул;Остаток\nA-1;12,5\n", b';'),
            ("sku,qty\nA-1,5\n", b','),
            ("sku\tqty\nA;1\t5\n", b'\t'),
            ("sku|qty\nA-1|5\n", b'|'),
            ("Остатки, склад, 2025\n\nАртикул;Остаток\nA-1;5\n", b';'),
            ("x;y;z\n1;2;3\n", b';'),
        ] {
            assert_eq!(detect(text, &options), due, "{text:?}");
        }
        assert_eq!(declared_delimiter("SEP=,\nsku,qty\n".to_owned()), ("\nsku,qty\n".to_owned(), Some(b',')));
        assert_eq!(declared_delimiter("sep=ab\nx".to_owned()), ("sep=ab\nx".to_owned(), None));
    }
}
