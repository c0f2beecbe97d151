//! Limits the decompressed size of a workbook, because a few kilobytes can expand to gigabytes (a "zip bomb"), and
//! collects the marks of its sheets on the way.
//!
//! The check decompresses the archive exactly as the workbook library does, so it does not depend on the sizes
//! that the archive declares.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::Refusal;
use crate::cell::MAX_CELL_BYTES;
use crate::formats::marks::Marks;
use crate::formats::tags::{self, Part, Splitter};

/// The largest accepted size of all parts together, in bytes. A sheet with the maximum number of rows and eight
/// columns is smaller.
const MAX_UNZIPPED_BYTES: u64 = 512 << 20;
const CHUNK: usize = 64 << 10;

/// The marks of a workbook; refuses one that is too large or has a cell that is too long.
pub(crate) fn check(bytes: &[u8]) -> Result<Marks, Refusal> {
    check_up_to(bytes, MAX_UNZIPPED_BYTES)
}

fn check_up_to(bytes: &[u8], largest: u64) -> Result<Marks, Refusal> {
    let mut marks = Marks::default();
    // The workbook library reports a broken archive later.
    let Ok(mut parts) = ZipArchive::new(Cursor::new(bytes)) else { return Ok(marks) };
    let mut left = largest;
    let mut chunk = vec![0; CHUNK];
    for at in 0..parts.len() {
        let Ok(mut part) = parts.by_index(at) else { continue };
        let path = part.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
        let extension = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let mut xml = matches!(extension.as_str(), "xml" | "rels")
            .then(|| (Splitter::default(), CellMeter::default(), marks.collector(&path)));
        loop {
            let read = match part.read(&mut chunk) {
                Ok(0) | Err(_) => break,
                Ok(read) => read,
            };
            left = left
                .checked_sub(u64::try_from(read).unwrap_or(u64::MAX))
                .ok_or(Refusal::UnzippedTooLarge { mib: largest >> 20 })?;
            let Some((splitter, cells, collector)) = &mut xml else { continue };
            let read = chunk.get(..read).unwrap_or_default();
            let is_short = splitter.split(read, MAX_CELL_BYTES, |part| {
                collector.take(&part);
                cells.take(&part)
            });
            if !is_short {
                return Err(Refusal::LongCell);
            }
            left = left
                .checked_sub(std::mem::take(&mut cells.spaces))
                .ok_or(Refusal::UnzippedTooLarge { mib: largest >> 20 })?;
        }
        if let Some((_, _, collector)) = xml {
            collector.finish();
        }
    }
    Ok(marks)
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

/// Measures the text of each cell in XML.
#[derive(Default)]
struct CellMeter {
    /// Bytes of text since the last boundary element.
    text: usize,
    /// Spaces that an element stands for, in all cells: `<text:s text:c="9"/>`.
    spaces: u64,
}

impl CellMeter {
    /// Takes a part. Returns `false` if a text is too long.
    fn take(&mut self, part: &Part<'_>) -> bool {
        match part {
            Part::Text(text) => self.text += text.len(),
            Part::Tag(tag) => {
                let (is_end, name) = tags::name(tag);
                if !is_end && BOUNDARY_ELEMENTS.contains(&name) {
                    self.text = 0;
                } else if !is_end && name == b"s" {
                    let spaces = tags::attribute(tag, "c").and_then(|count| count.parse::<usize>().ok());
                    self.text = self.text.saturating_add(spaces.unwrap_or(1));
                    self.spaces =
                        self.spaces.saturating_add(u64::try_from(spaces.unwrap_or(1)).unwrap_or(u64::MAX));
                }
            }
        }
        self.text <= MAX_CELL_BYTES
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
        assert!(check_up_to(&zipped, 3 << 20).is_ok());
        assert_eq!(check_up_to(&zipped, 2 << 20).err(), Some(Refusal::UnzippedTooLarge { mib: 2 }));
        assert!(check(b"PK\x03\x04 no archive").is_ok());
    }

    #[test]
    fn the_text_of_a_cell_is_no_longer_than_one_may_be() {
        let of = |length: usize| format!("<t>{}</t>", "a".repeat(length));
        let check = |name: &str, content: &str| check(&archive(name, content.as_bytes())).map(drop);
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
        let spaces = |count: usize| check("content.xml", &format!("<text:s text:c=\"{count}\"/>"));
        assert_eq!((spaces(9), spaces(4_000_000_000)), (Ok(()), Err(Refusal::LongCell)));
        let many = format!("<table-cell><text:s text:c=\"{MAX_CELL_BYTES}\"/>").repeat(600);
        assert_eq!(check("content.xml", &many), Err(Refusal::UnzippedTooLarge { mib: 512 }));
        assert_eq!(
            check("xl/a.xml", &format!("<t a=\"{}\"/>", "a".repeat(2 * MAX_CELL_BYTES))),
            Err(Refusal::LongCell)
        );
    }
}
