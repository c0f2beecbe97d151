//! Detects the kind of a file by its first bytes, because file names can be wrong.

use crate::Refusal;

/// A kind of file that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Delimited text, judging by the first bytes.
    Text,
    Workbook(Workbook),
}

/// A workbook's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Workbook {
    /// Excel since 2007.
    Xlsx,
    /// Excel before 2007; also a password-protected workbook of any kind.
    Xls,
    /// `LibreOffice` and others.
    Ods,
}

/// A kind of file that is not a stock list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotAList {
    /// A web page or XML, often named like a spreadsheet.
    Markup,
    /// A PDF document.
    Pdf,
    /// An archive or a compressed file.
    Archive,
    /// A spreadsheet in the native format of 1C:Enterprise (`.mxl`).
    Moxel,
    /// A database.
    Database,
    /// Any other binary file.
    Binary,
}

const ZIP: &[u8] = b"PK\x03\x04";
const COMPOUND_FILE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// The offset of the first file's name in a ZIP archive.
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

/// Detects the kind of the file.
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
