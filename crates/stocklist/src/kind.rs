//! What the bytes are, by their first ones: names of files lie.

use crate::Refusal;

/// What can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text with delimiters, as far as the first bytes tell.
    Text,
    Workbook(Workbook),
}

/// A workbook's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Workbook {
    /// Excel since 2007.
    Xlsx,
    /// Excel before; also a protected workbook of any kind.
    Xls,
    /// `LibreOffice` and others.
    Ods,
}

/// A file that is something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotAList {
    /// A web page or XML, often under the name of a spreadsheet.
    Markup,
    /// A PDF document.
    Pdf,
    /// An archive or a compressed file.
    Archive,
    /// A spreadsheet in the own format of 1C:Enterprise (`.mxl`).
    Moxel,
    /// A database.
    Database,
    /// Anything else that is no text.
    Binary,
}

const ZIP: &[u8] = b"PK\x03\x04";
const COMPOUND_FILE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// The name of the first file in an `OpenDocument` archive stands here.
const FIRST_NAME_AT: usize = 30;

const OTHERS: &[(&[u8], NotAList)] = &[
    (b"%PDF", NotAList::Pdf),
    (b"\x1F\x8B", NotAList::Archive),
    (b"Rar!", NotAList::Archive),
    (b"7z\xBC\xAF", NotAList::Archive),
    (b"MOXCEL", NotAList::Moxel),
    (b"SQLite format 3\0", NotAList::Database),
    (b"\x89PNG", NotAList::Binary),
    (b"\xFF\xD8\xFF", NotAList::Binary),
];

/// What the file is.
pub(crate) fn of(bytes: &[u8]) -> Result<Kind, Refusal> {
    if let Some((_, other)) = OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(Refusal::NotAList(*other));
    }
    if bytes.starts_with(COMPOUND_FILE) {
        return Ok(Kind::Workbook(Workbook::Xls));
    }
    if bytes.starts_with(ZIP) {
        let names = bytes.get(FIRST_NAME_AT..).unwrap_or_default();
        let kind = if names.starts_with(b"mimetype") { Workbook::Ods } else { Workbook::Xlsx };
        return Ok(Kind::Workbook(kind));
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    if text.is_empty() {
        return Err(Refusal::Empty);
    }
    if text.starts_with(b"<") {
        return Err(Refusal::NotAList(NotAList::Markup));
    }
    Ok(Kind::Text)
}
