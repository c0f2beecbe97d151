//! Limits the decompressed size of a workbook, because a few kilobytes can expand to gigabytes (a "zip bomb").
//!
//! The check decompresses the archive exactly as the workbook library does, so it does not depend on the sizes
//! that the archive declares.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::Refusal;
use crate::cell::MAX_CELL_BYTES;

/// The largest accepted size of all parts together, in bytes. A sheet with the maximum number of rows and eight
/// columns is smaller.
const MAX_UNZIPPED_BYTES: u64 = 512 << 20;
const CHUNK: usize = 64 << 10;

/// Refuses a workbook that is too large or has a cell that is too long.
pub(crate) fn check(bytes: &[u8]) -> Result<(), Refusal> {
    check_up_to(bytes, MAX_UNZIPPED_BYTES)
}

fn check_up_to(bytes: &[u8], largest: u64) -> Result<(), Refusal> {
    // The workbook library reports a broken archive later.
    let Ok(mut parts) = ZipArchive::new(Cursor::new(bytes)) else { return Ok(()) };
    let mut left = largest;
    let mut chunk = vec![0; CHUNK];
    for at in 0..parts.len() {
        let Ok(mut part) = parts.by_index(at) else { continue };
        let is_xml = part.name().is_ok_and(|name| name.to_ascii_lowercase().ends_with(".xml"));
        let mut cells = CellMeter::default();
        loop {
            let read = match part.read(&mut chunk) {
                Ok(0) | Err(_) => break,
                Ok(read) => read,
            };
            left = left
                .checked_sub(u64::try_from(read).unwrap_or(u64::MAX))
                .ok_or(Refusal::UnzippedTooLarge { mib: largest >> 20 })?;
            if is_xml && !chunk.iter().take(read).all(|byte| cells.take(*byte)) {
                return Err(Refusal::LongCell);
            }
        }
    }
    Ok(())
}

/// XML elements that end the text of the cell before them: those that begin a cell, and those that repeat many
/// times where there are no cells. Names without their prefix. A cell may itself contain many other elements.
const BOUNDARY_ELEMENTS: &[&[u8]] = &[
    b"c",
    b"si",
    b"row",
    b"col",
    b"xf",
    b"style",
    b"mergeCell",
    b"cfRule",
    b"dataValidation",
    b"hyperlink",
    b"comment",
    b"table-cell",
    b"covered-table-cell",
    b"table-row",
    b"table-column",
];
/// The longest element name that is compared, with its prefix.
const MAX_ELEMENT_NAME: usize = 40;

/// Measures the text of each cell in XML, byte by byte.
#[derive(Default)]
struct CellMeter {
    /// Bytes of text since the last boundary element.
    text: usize,
    /// Bytes since the current tag began; `None` outside a tag.
    tag: Option<usize>,
    name: Vec<u8>,
}

impl CellMeter {
    /// Takes one byte. Returns `false` if a text or a tag is too long.
    fn take(&mut self, byte: u8) -> bool {
        let Some(length) = self.tag else {
            if byte == b'<' {
                self.tag = Some(0);
                self.name.clear();
            } else {
                self.text += 1;
            }
            return self.text <= MAX_CELL_BYTES;
        };
        let ends = matches!(byte, b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n');
        if length == self.name.len() && length < MAX_ELEMENT_NAME && !ends {
            self.name.push(byte);
        } else if length == self.name.len() && ends {
            let local = self.name.rsplit(|byte| *byte == b':').next();
            if local.is_some_and(|local| BOUNDARY_ELEMENTS.contains(&local)) {
                self.text = 0;
            }
        }
        self.tag = (byte != b'>').then_some(length + 1);
        length <= MAX_CELL_BYTES
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(name: &str, content: &[u8]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn a_workbook_has_a_size_that_it_must_not_pass() {
        let zipped = archive("xl/a.bin", &vec![b'a'; 3 << 20]);
        assert_eq!(check_up_to(&zipped, 3 << 20), Ok(()));
        assert_eq!(check_up_to(&zipped, 2 << 20), Err(Refusal::UnzippedTooLarge { mib: 2 }));
        assert_eq!(check(b"PK\x03\x04 no archive"), Ok(()));
    }

    #[test]
    fn the_text_of_a_cell_is_no_longer_than_one_may_be() {
        let of = |length: usize| format!("<t>{}</t>", "a".repeat(length));
        let check = |name: &str, content: &str| check(&archive(name, content.as_bytes()));
        assert_eq!(check("xl/a.xml", &of(MAX_CELL_BYTES)), Ok(()));
        assert_eq!(check("xl/a.xml", &of(MAX_CELL_BYTES + 1)), Err(Refusal::LongCell));
        assert_eq!(check("xl/a.XML", &of(10 * MAX_CELL_BYTES)), Err(Refusal::LongCell));
        assert_eq!(check("xl/a.png", &of(10 * MAX_CELL_BYTES)), Ok(()));
        // A text in many pieces is one, and many texts are many.
        let half = of(MAX_CELL_BYTES / 2);
        assert_eq!(check("xl/a.xml", &format!("<si>{half}{half}<r/></si>")), Ok(()));
        assert_eq!(check("xl/a.xml", &format!("<si>{half}<r>{half}</r>{half}</si>")), Err(Refusal::LongCell));
        for cell in ["c r=\"A1\"", "x:si", "table:table-cell office:value=\"1\"", "row"] {
            assert_eq!(check("content.xml", &format!("<{cell}>{half}").repeat(9)), Ok(()), "{cell}");
        }
        for cell in ["cell", "sic", "/c", "!--c--"] {
            assert_eq!(
                check("content.xml", &format!("<{cell}>{half}").repeat(9)),
                Err(Refusal::LongCell),
                "{cell}"
            );
        }
        assert_eq!(
            check("xl/a.xml", &format!("<t a=\"{}\"/>", "a".repeat(2 * MAX_CELL_BYTES))),
            Err(Refusal::LongCell)
        );
    }
}
