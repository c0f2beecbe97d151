//! Text with delimiters: which delimiter, and the records.

use csv::{ReaderBuilder, StringRecord};

use crate::cell::{Cell, LONGEST, clipped};
use crate::table::{Record, Table};
use crate::{BadLine, BadReason, Options, Refusal, layout};

/// In the order in which they are tried. A comma comes last but one: it may be a decimal comma.
const DELIMITERS: [u8; 4] = [b';', b'\t', b',', b'|'];

/// So much of a text is looked at to find its delimiter.
const LOOKED_AT: usize = 64 * 1024;

/// Stands behind the text as a line of its own. A quotation mark that is never closed swallows it.
const END: &str = "\u{1}end of the text\u{1}";

/// The text without its first line where that is `sep=;`, a hint for Excel, and the delimiter that it names. The
/// line's end stays, so that lines keep their numbers.
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

/// The delimiter under which the text has headings; where none gives any, the one that makes the most cells.
pub(crate) fn detect(text: &str, options: &Options) -> u8 {
    let head = head(text);
    let mut widest = (0, b';');
    for delimiter in DELIMITERS {
        let table = Table::of_text(records(head, delimiter).0, String::new());
        match layout::find(&table, options) {
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

/// The whole lines at the beginning of a text.
fn head(text: &str) -> &str {
    if text.len() <= LOOKED_AT {
        return text;
    }
    let head = text.get(..text.floor_char_boundary(LOOKED_AT)).unwrap_or(text);
    head.rfind('\n').and_then(|end| head.get(..=end)).unwrap_or(head)
}

/// The records of a text.
pub(crate) fn table(text: String, delimiter: u8) -> Result<Table, Refusal> {
    let (records, wrong) = records(&text, delimiter);
    match wrong {
        None => Ok(Table::of_text(records, text)),
        Some((line, reason)) => {
            let first = text.lines().nth(usize::try_from(line - 1).unwrap_or(usize::MAX)).unwrap_or_default();
            Err(Refusal::of_bad(vec![BadLine { line, text: clipped(first), reason }]))
        }
    }
}

/// The records up to the first that cannot be one, and what is wrong with that.
fn records(text: &str, delimiter: u8) -> (Vec<Record>, Option<(u64, BadReason)>) {
    let end = format!("\n{END}\n");
    let bytes = std::io::Read::chain(text.as_bytes(), end.as_bytes());
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes);
    let lines = Lines::of(text);
    let mut records = Vec::new();
    let mut record = StringRecord::new();
    // Reading from memory does not fail, nor are the bytes anything but UTF-8.
    while reader.read_record(&mut record).unwrap_or(false) {
        let start = usize::try_from(record.position().map_or(0, csv::Position::byte)).unwrap_or(usize::MAX);
        // Ends of lines before a record belong to none.
        let skipped =
            text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        let start = start.saturating_add(skipped);
        let stop = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX).min(text.len());
        if start >= text.len() {
            return (records, None);
        }
        let line = lines.line_of(start);
        if record.iter().any(|cell| cell.contains(END)) {
            return (records, Some((line, BadReason::OpenQuote)));
        }
        if record.iter().any(|cell| cell.len() > LONGEST) {
            return (records, Some((line, BadReason::LongCell)));
        }
        let cells: Vec<Cell> = record.iter().map(Cell::of_text).collect();
        let record = Record { line, cells, place: start..stop };
        if !record.is_blank() {
            records.push(record);
        }
    }
    (records, None)
}

/// Where the lines of a text begin, as an editor counts them.
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
