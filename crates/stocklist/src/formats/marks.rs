//! What the XML of a workbook says beside the values of its cells: hidden lines, merged cells, formulas without
//! results, and the texts that are shown for numbers.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use crate::formats::tags::{self, Part};
use crate::table::Region;

/// The largest length of a shown number that is kept.
const MAX_SHOWN: usize = 64;

/// The marks of one sheet. Lines count from 1, columns from 0.
#[derive(Debug, Default)]
pub(crate) struct SheetMarks {
    pub(crate) hidden: Vec<RangeInclusive<u64>>,
    pub(crate) merges: Vec<Region>,
    /// Formulas, each with whether the file holds its result.
    pub(crate) formulas: HashMap<(u64, usize), bool>,
    /// The texts that are shown for numbers.
    pub(crate) shown: HashMap<(u64, usize), String>,
}

impl SheetMarks {
    pub(crate) fn is_hidden(&self, line: u64) -> bool {
        // The ranges are in the order of the sheet.
        let at = self.hidden.partition_point(|range| *range.end() < line);
        self.hidden.get(at).is_some_and(|range| range.contains(&line))
    }
}

/// The marks of a workbook.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// By the path of the sheet's part (XLSX), or by its name (ODS).
    sheets: HashMap<String, SheetMarks>,
    /// The name of each sheet and the id of its part.
    names: Vec<(String, String)>,
    /// The path of a part by its id.
    parts: HashMap<String, String>,
    /// Whether the program that wrote the file left all results to the program that opens it.
    pub(crate) are_results_missing: bool,
    /// Whether elements of an ODS are not closed as they were opened. The workbook library would wait for their ends for
    /// ever.
    pub(crate) is_unbalanced: bool,
}

impl Marks {
    /// The marks of a sheet by its name.
    pub(crate) fn of(&self, sheet: &str) -> Option<&SheetMarks> {
        let id = self.names.iter().find(|(name, _)| name == sheet).map(|(_, id)| id);
        let path = id.and_then(|id| self.parts.get(id)).map(|path| path.to_lowercase());
        self.sheets.get(path.as_deref().unwrap_or(sheet))
    }

    /// The collector for a part of the workbook.
    pub(crate) fn collector(&mut self, path: &str) -> Collector<'_> {
        // Some programs write other slashes and letters of another case.
        let path = path.replace('\\', "/").to_lowercase();
        let reader = match path.rsplit_once('/').map_or(path.as_str(), |(_, name)| name) {
            "content.xml" => PartReader::Ods(Box::default()),
            "workbook.xml" => PartReader::Workbook,
            "workbook.xml.rels" => PartReader::Relations,
            _ => PartReader::Sheet { path, reader: Box::default() },
        };
        Collector { marks: self, reader }
    }
}

/// Collects the marks of one part.
pub(crate) struct Collector<'a> {
    marks: &'a mut Marks,
    reader: PartReader,
}

enum PartReader {
    Workbook,
    Relations,
    Sheet { path: String, reader: Box<XlsxSheet> },
    Ods(Box<OdsContent>),
}

impl Collector<'_> {
    pub(crate) fn take(&mut self, part: &Part<'_>) {
        match (&mut self.reader, part) {
            (PartReader::Workbook, Part::Tag(tag)) => self.marks.take_workbook(tag),
            (PartReader::Relations, Part::Tag(tag)) => self.marks.take_relation(tag),
            (PartReader::Sheet { reader, .. }, part) => reader.take(part),
            (PartReader::Ods(content), part) => content.take(part, &mut self.marks.sheets),
            (PartReader::Workbook | PartReader::Relations, Part::Text(_)) => {}
        }
    }

    pub(crate) fn finish(self) {
        match self.reader {
            PartReader::Sheet { path, reader } => drop(self.marks.sheets.insert(path, reader.marks)),
            PartReader::Ods(content) => {
                self.marks.is_unbalanced |= content.is_unbalanced || !content.open.is_empty();
            }
            PartReader::Workbook | PartReader::Relations => {}
        }
    }
}

impl Marks {
    fn take_workbook(&mut self, tag: &[u8]) {
        match tags::name(tag) {
            (false, b"sheet") => {
                let names = tags::attribute(tag, "name").zip(tags::attribute(tag, "id"));
                self.names.extend(names.map(|(name, id)| (tags::unescaped(name), id.to_owned())));
            }
            (false, b"calcPr") => self.are_results_missing = is_on(tags::attribute(tag, "fullCalcOnLoad")),
            _ => {}
        }
    }

    fn take_relation(&mut self, tag: &[u8]) {
        let (Some(id), Some(target)) = (tags::attribute(tag, "Id"), tags::attribute(tag, "Target")) else {
            return;
        };
        let target = tags::unescaped(target);
        let path = match target.strip_prefix('/') {
            Some(whole) => whole.to_owned(),
            None => format!("xl/{target}"),
        };
        self.parts.insert(id.to_owned(), path);
    }
}

fn is_on(value: Option<&str>) -> bool {
    matches!(value, Some("1" | "true" | "on"))
}

/// The reader of a sheet of XLSX (ECMA-376 part 1, 18.3).
#[derive(Default)]
struct XlsxSheet {
    marks: SheetMarks,
    line: u64,
    column: usize,
    cell: Option<XlsxCell>,
}

#[derive(Default)]
struct XlsxCell {
    tag: Vec<u8>,
    is_formula: bool,
    in_value: bool,
    has_value: bool,
}

impl XlsxSheet {
    fn take(&mut self, part: &Part<'_>) {
        let tag = match part {
            Part::Text(_) => {
                if let Some(cell) = self.cell.as_mut().filter(|cell| cell.in_value) {
                    cell.has_value = true;
                }
                return;
            }
            Part::Tag(tag) => *tag,
        };
        match tags::name(tag) {
            (false, b"row") => self.begin_row(tag),
            (false, b"c") if !tags::is_empty(tag) => {
                self.cell = Some(XlsxCell { tag: tag.to_vec(), ..XlsxCell::default() });
            }
            (false, b"c") => self.column += 1,
            (true, b"c") => self.end_cell(),
            (false, b"mergeCell") => self.marks.merges.extend(tags::attribute(tag, "ref").and_then(region)),
            (is_end, name) => {
                if let Some(cell) = self.cell.as_mut() {
                    match name {
                        b"f" => cell.is_formula = true,
                        b"v" => cell.in_value = !is_end && !tags::is_empty(tag),
                        _ => {}
                    }
                }
            }
        }
    }

    fn begin_row(&mut self, tag: &[u8]) {
        let numbered = tags::attribute(tag, "r").and_then(|number| number.parse().ok());
        self.line = numbered.unwrap_or(self.line + 1);
        self.column = 0;
        let is_flat = tags::attribute(tag, "ht").is_some_and(|height| height.parse() == Ok(0.0))
            && is_on(tags::attribute(tag, "customHeight"));
        if is_on(tags::attribute(tag, "hidden")) || is_flat {
            self.marks.hidden.push(self.line..=self.line);
        }
    }

    fn end_cell(&mut self) {
        let Some(cell) = self.cell.take() else { return };
        let place = tags::attribute(&cell.tag, "r").and_then(position);
        let (line, column) = place.unwrap_or((self.line, self.column));
        self.column = column.saturating_add(1);
        if cell.is_formula {
            // An empty text is a result.
            let has_result = cell.has_value || tags::attribute(&cell.tag, "t") == Some("str");
            self.marks.formulas.insert((line, column), has_result);
        }
    }
}

/// The line and the column of a cell such as `B3`.
fn position(name: &str) -> Option<(u64, usize)> {
    let at = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = name.split_at(at);
    Some((digits.parse().ok()?, crate::position::of_letters(letters)?))
}

fn region(name: &str) -> Option<Region> {
    let (from, to) = name.split_once(':')?;
    let ((top, left), (bottom, right)) = (position(from)?, position(to)?);
    Some(Region { lines: top..=bottom, columns: left..=right })
}

/// The reader of the content of ODS (`OpenDocument` 1.3 part 3, 9).
#[derive(Default)]
struct OdsContent {
    sheet: Option<(String, SheetMarks)>,
    line: u64,
    lines: u64,
    column: usize,
    /// The number of columns that the current cell takes up, if it holds a number.
    shown: Option<String>,
    seen: HashSet<String>,
    /// The elements among [`OdsContent::NESTED`] that are open.
    open: Vec<&'static [u8]>,
    is_unbalanced: bool,
}

impl OdsContent {
    /// Elements whose ends the workbook library waits for, with the prefixes that it knows.
    const NESTED: [&'static [u8]; 6] = [
        b"table:table",
        b"table:table-row",
        b"table:table-cell",
        b"table:covered-table-cell",
        b"table:named-expressions",
        b"office:annotation",
    ];

    /// Checks that what was opened last is closed first.
    fn balance(&mut self, tag: &[u8]) {
        let opened = tag.strip_prefix(b"/");
        let name = opened.unwrap_or(tag).split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next();
        let Some(name) = Self::NESTED.iter().find(|nested| Some(**nested) == name) else { return };
        if opened.is_some() {
            self.is_unbalanced |= self.open.pop() != Some(*name);
        } else if !tags::is_empty(tag) {
            self.open.push(name);
        }
    }

    fn take(&mut self, part: &Part<'_>, sheets: &mut HashMap<String, SheetMarks>) {
        let tag = match part {
            Part::Text(text) => {
                if let Some(shown) = self.shown.as_mut().filter(|shown| shown.len() < MAX_SHOWN) {
                    shown.push_str(&String::from_utf8_lossy(text));
                }
                return;
            }
            Part::Tag(tag) => *tag,
        };
        self.balance(tag);
        match tags::name(tag) {
            (false, b"table") => {
                let name = tags::unescaped(tags::attribute(tag, "name").unwrap_or_default());
                if self.seen.insert(name.clone()) {
                    self.sheet = Some((name, SheetMarks::default()));
                }
                (self.line, self.lines) = (1, 0);
            }
            (true, b"table") => sheets.extend(self.sheet.take()),
            (false, b"table-row") => self.begin_row(tag),
            (false, b"table-cell" | b"covered-table-cell") => self.begin_cell(tag),
            (true, b"table-cell") => self.end_cell(),
            _ => {}
        }
    }

    fn begin_row(&mut self, tag: &[u8]) {
        self.line += self.lines;
        self.lines = repeated(tag, "number-rows-repeated");
        self.column = 0;
        if matches!(tags::attribute(tag, "visibility"), Some("collapse" | "filter"))
            && let Some((_, marks)) = &mut self.sheet
        {
            marks.hidden.push(self.line..=self.line.saturating_add(self.lines - 1));
        }
    }

    fn begin_cell(&mut self, tag: &[u8]) {
        let Some((_, marks)) = &mut self.sheet else { return };
        let place = (self.line, self.column);
        let kind = tags::attribute(tag, "value-type");
        if tags::attribute(tag, "formula").is_some() {
            marks.formulas.insert(place, kind.is_some());
        }
        let spanned =
            |name| tags::attribute(tag, name).and_then(|text| text.parse::<u64>().ok()).unwrap_or(1);
        let (down, right) = (spanned("number-rows-spanned"), spanned("number-columns-spanned"));
        if down > 1 || right > 1 {
            let last = self.column.saturating_add(usize::try_from(right).unwrap_or(1).saturating_sub(1));
            let lines = self.line..=self.line.saturating_add(down.saturating_sub(1));
            marks.merges.push(Region { lines, columns: self.column..=last });
        }
        self.shown = (kind == Some("float") && !tags::is_empty(tag)).then(String::new);
        let cells = repeated(tag, "number-columns-repeated");
        self.column = self.column.saturating_add(usize::try_from(cells).unwrap_or(usize::MAX));
    }

    fn end_cell(&mut self) {
        let (Some(shown), Some((_, marks))) = (self.shown.take(), &mut self.sheet) else { return };
        if let Some(column) = self.column.checked_sub(1) {
            marks.shown.insert((self.line, column), tags::unescaped(&shown));
        }
    }
}

fn repeated(tag: &[u8], name: &str) -> u64 {
    tags::attribute(tag, name).and_then(|text| text.parse().ok()).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(path: &str, xml: &str) -> Marks {
        let mut marks = Marks::default();
        let mut collector = marks.collector(path);
        assert!(tags::Splitter::default().split(xml.as_bytes(), 1_000, |part| {
            collector.take(&part);
            true
        }));
        collector.finish();
        marks
    }

    #[test]
    fn a_sheet_tells_hidden_lines_merged_cells_and_formulas() {
        let xml = "<sheetData><row r=\"2\" hidden=\"1\"><c r=\"B2\"><f>1+1</f><v>2</v></c></row><row><c><v>1</v>\
                   </c><c><f>A3</f><v></v></c><c t=\"str\"><f>A3</f><v></v></c><c/><c><f>A3</f></c></row></sheetData>\
                   <mergeCells><mergeCell ref=\"B1:D2\"/></mergeCells>";
        let marks = marks("xl/worksheets/sheet1.xml", xml);
        let sheet = marks.of("xl/worksheets/sheet1.xml").unwrap();
        assert!(sheet.is_hidden(2) && !sheet.is_hidden(1) && !sheet.is_hidden(3));
        assert_eq!(sheet.merges, [Region { lines: 1..=2, columns: 1..=3 }]);
        let due = [((2, 1), true), ((3, 1), false), ((3, 2), true), ((3, 4), false)];
        assert_eq!(sheet.formulas, HashMap::from(due));
    }

    #[test]
    fn elements_that_are_not_closed_are_told() {
        let is_unbalanced = |xml: &str| marks("content.xml", xml).is_unbalanced;
        let table = "table:table";
        let row = "table:table-row";
        assert!(!is_unbalanced(&format!(
            "<{table} a=\"1\"><{row}><table:table-cell/></{row}></{table}><{table}/>"
        )));
        for xml in [
            format!("<{table}>"),
            format!("<{table}></{table}></{table}>"),
            format!("<{table}><{row}></{table}></{row}>"),
            format!("<{table}></x:{table}>"),
        ] {
            assert!(is_unbalanced(&xml), "{xml}");
        }
    }

    #[test]
    fn a_sheet_of_opendocument_tells_the_same() {
        let xml = "<table:table table:name=\"A &amp; B\"><table:table-row table:number-rows-repeated=\"2\">\
                   <table:table-cell/></table:table-row><table:table-row table:visibility=\"filter\">\
                   <table:table-cell table:number-columns-spanned=\"2\"/><table:covered-table-cell/>\
                   <table:table-cell office:value-type=\"float\" office:value=\"7\"><text:p>007</text:p>\
                   </table:table-cell><table:table-cell table:formula=\"of:=1\"/></table:table-row></table:table>";
        let marks = marks("content.xml", xml);
        let sheet = marks.of("A & B").unwrap();
        assert_eq!(sheet.hidden, [3..=3]);
        assert_eq!(sheet.merges, [Region { lines: 3..=3, columns: 0..=1 }]);
        assert_eq!(sheet.shown, HashMap::from([((3, 2), "007".to_owned())]));
        assert_eq!(sheet.formulas, HashMap::from([((3, 3), false)]));
    }
}
