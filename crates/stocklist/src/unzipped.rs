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
        let mut run = 0;
        loop {
            let read = match part.read(&mut chunk) {
                Ok(0) | Err(_) => break,
                Ok(read) => read,
            };
            left = left
                .checked_sub(u64::try_from(read).unwrap_or(u64::MAX))
                .ok_or(Refusal::UnzippedTooLarge { mib: largest >> 20 })?;
            let text = chunk.get(..read).unwrap_or_default();
            // Every text of a cell lies between two tags.
            let mut tags = text.split(|byte| *byte == b'<').map(<[u8]>::len);
            run += tags.next().unwrap_or(0);
            let longest = run;
            if let Some(last) = tags.next_back() {
                run = last;
            }
            if is_xml && longest > LONGEST {
                return Err(Refusal::LongCell);
            }
        }
    }
    Ok(())
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
    fn a_text_between_two_tags_is_no_longer_than_a_cell_may_be() {
        let of = |length: usize| format!("<t>{}</t>", "a".repeat(length)).into_bytes();
        // The name of the tag before counts too.
        assert_eq!(check(&archive("xl/a.xml", &of(LONGEST - 2))), Ok(()));
        assert_eq!(check(&archive("xl/a.xml", &of(LONGEST - 1))), Err(Refusal::LongCell));
        assert_eq!(check(&archive("xl/a.XML", &of(10 * LONGEST))), Err(Refusal::LongCell));
        assert_eq!(check(&archive("xl/a.xml", &of(LONGEST / 2).repeat(9))), Ok(()));
    }
}
