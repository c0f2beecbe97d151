//! Detects the kind of a file by its first bytes, because file names can be wrong.

use std::io::Cursor;

use zip::ZipArchive;

use crate::Refusal;

/// A kind of file that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Delimited text, judging by the first bytes.
    Text,
    Workbook(Workbook),
    /// A ZIP archive that is no workbook.
    Archive,
    /// A table of `dBASE` or `FoxPro`.
    Dbf,
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
    /// A workbook in a binary format of Excel (`.xlsb`) or of Numbers.
    BinaryWorkbook,
    /// A table of `dBASE` or `FoxPro` (`.dbf`) whose columns do not add up.
    Dbf,
    /// Any other binary file.
    Binary,
}

const ZIP: &[u8] = b"PK\x03\x04";
const COMPOUND_FILE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

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
        return of_archive(bytes);
    }
    if is_dbf(bytes) {
        return Ok(Kind::Dbf);
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

/// The kind of a ZIP archive by the names in it. What cannot be opened is left to the workbook library to report.
fn of_archive(bytes: &[u8]) -> Result<Kind, Refusal> {
    let Ok(archive) = ZipArchive::new(Cursor::new(bytes)) else { return Ok(Kind::Workbook(Workbook::Xlsx)) };
    let names: Vec<String> = archive
        .file_names()
        .filter_map(Result::ok)
        .map(|name| name.replace('\\', "/").to_lowercase())
        .collect();
    let has = |name: &str| names.iter().any(|other| other == name);
    if has("xl/workbook.bin") || has("index/document.iwa") || has("index.zip") {
        return Err(Refusal::NotAList(NotAList::BinaryWorkbook));
    }
    Ok(match (has("[content_types].xml"), has("mimetype") && has("content.xml")) {
        (true, _) => Kind::Workbook(Workbook::Xlsx),
        (_, true) => Kind::Workbook(Workbook::Ods),
        _ => Kind::Archive,
    })
}

/// Whether the file begins with the header of a `dBASE` table: a version, a date, and lengths that fit each other.
fn is_dbf(bytes: &[u8]) -> bool {
    let Some(&[version, _, month, day, _, _, _, _, low, high, ..]) = bytes.get(..32) else { return false };
    let header = usize::from(u16::from_le_bytes([low, high]));
    let is_version = matches!(version, 0x02 | 0x03 | 0x30 | 0x31 | 0x32 | 0x43 | 0x83 | 0x8B | 0xCB | 0xF5);
    is_version && (1..=12).contains(&month) && (1..=31).contains(&day) && header > 32 && header <= bytes.len()
}
