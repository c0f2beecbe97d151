//! Reads the one file in a ZIP archive.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::{NotAList, Refusal};

/// The largest accepted size of the file in the archive.
const MAX_BYTES: u64 = 512 << 20;

/// The name and the content of the only file of an archive. Folders and what macOS adds do not count.
pub(crate) fn only_file(bytes: &[u8]) -> Result<(String, Vec<u8>), Refusal> {
    let broken = |error: &dyn std::fmt::Display| Refusal::BrokenWorkbook { detail: error.to_string() };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let mut files: Vec<(usize, String)> = Vec::new();
    for at in 0..archive.len() {
        let file = archive.by_index_raw(at).map_err(|error| broken(&error))?;
        let name = file.name().map_or_else(|_| format!("({})", at + 1), std::borrow::Cow::into_owned);
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        if !(last.is_empty() || last.starts_with('.') || name.starts_with("__MACOSX/")) {
            files.push((at, name));
        }
    }
    let (at, name) = match files.as_slice() {
        [] => return Err(Refusal::Empty),
        [only] => only.clone(),
        several => {
            return Err(Refusal::SeveralFiles {
                files: several.iter().map(|(_, name)| name.clone()).collect(),
            });
        }
    };
    let file = archive.by_index(at).map_err(|_| Refusal::NotAList(NotAList::Archive))?;
    let mut content = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut content).map_err(|error| broken(&error))?;
    if u64::try_from(content.len()).is_ok_and(|length| length > MAX_BYTES) {
        return Err(Refusal::UnzippedTooLarge { mib: MAX_BYTES >> 20 });
    }
    Ok((name, content))
}
