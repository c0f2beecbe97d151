//! What a zipped workbook is once it is unzipped, measured before anything of it is kept: a few kilobytes can hold
//! gigabytes. It is unzipped as its reader will unzip it, so that nothing hangs on what an archive says of itself.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::Refusal;
use crate::cell::LONGEST;

/// More than this, all parts together, is no stock list: a sheet with every row that there can be and eight columns
/// has less.
const LARGEST: u64 = 512 << 20;
const CHUNK: usize = 64 << 10;

/// Refuses a workbook that is too large, or one of whose cells is too long.
pub(crate) fn check(bytes: &[u8]) -> Result<(), Refusal> {
    check_up_to(bytes, LARGEST)
}

fn check_up_to(bytes: &[u8], largest: u64) -> Result<(), Refusal> {
    // What is wrong with an archive, the reader of workbooks says.
    let Ok(mut parts) = ZipArchive::new(Cursor::new(bytes)) else { return Ok(()) };
    let mut left = largest;
    let mut chunk = vec![0; CHUNK];
    for at in 0..parts.len() {
        let Ok(mut part) = parts.by_index(at) else { continue };
        let is_xml = part.name().is_ok_and(|name| name.to_ascii_lowercase().ends_with(".xml"));
        let mut cells = Cells::default();
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

/// Elements that begin a cell, or that follow each other in great number where no cells are: the text before them and
/// the text after them are not of one cell. Names without their prefix; as a text, a cell may have many elements.
const APART: &[&[u8]] = &[
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
/// The longest of them, with a prefix.
const LONGEST_NAME: usize = 40;

/// Measures the texts of cells in XML, byte for byte.
#[derive(Default)]
struct Cells {
    /// Since the last tag that stands apart.
    text: usize,
    /// Since the tag began, where one has.
    tag: Option<usize>,
    name: Vec<u8>,
}

impl Cells {
    /// `false` where a text or a tag is longer than any may be.
    fn take(&mut self, byte: u8) -> bool {
        let Some(length) = self.tag else {
            if byte == b'<' {
                self.tag = Some(0);
                self.name.clear();
            } else {
                self.text += 1;
            }
            return self.text <= LONGEST;
        };
        let ends = matches!(byte, b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n');
        if length == self.name.len() && length < LONGEST_NAME && !ends {
            self.name.push(byte);
        } else if length == self.name.len() && ends {
            let local = self.name.rsplit(|byte| *byte == b':').next();
            if local.is_some_and(|local| APART.contains(&local)) {
                self.text = 0;
            }
        }
        self.tag = (byte != b'>').then_some(length + 1);
        length <= LONGEST
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
        assert_eq!(check("xl/a.xml", &of(LONGEST)), Ok(()));
        assert_eq!(check("xl/a.xml", &of(LONGEST + 1)), Err(Refusal::LongCell));
        assert_eq!(check("xl/a.XML", &of(10 * LONGEST)), Err(Refusal::LongCell));
        assert_eq!(check("xl/a.png", &of(10 * LONGEST)), Ok(()));
        // A text in many pieces is one, and many texts are many.
        let half = of(LONGEST / 2);
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
            check("xl/a.xml", &format!("<t a=\"{}\"/>", "a".repeat(2 * LONGEST))),
            Err(Refusal::LongCell)
        );
    }
}
