//! A folder whose new files are stock lists: which of them are whole, and where they go afterwards.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::config::WatchedFolder;

/// A file is whole when its size and its time have not changed for so long. One that is renamed into the folder has
/// them from the beginning.
pub(crate) const STABLE: Duration = Duration::from_secs(3);
/// The pause between two looks.
pub(crate) const LOOK: Duration = Duration::from_secs(1);

/// Where files go that were imported, and those that were not.
const DONE: &str = "done";
const REFUSED: &str = "refused";

/// Endings of files that another program is still writing.
const UNFINISHED: &[&str] = &["part", "partial", "tmp", "temp", "crdownload", "download", "swp", "filepart"];

/// What a file looked like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    length: u64,
    changed_at: Option<SystemTime>,
}

#[derive(Debug)]
struct Seen {
    shape: Shape,
    since: Duration,
    /// Whether it was taken, but could not be moved away.
    is_taken: bool,
}

/// A watched folder.
#[derive(Debug)]
pub(crate) struct Inbox {
    watched: WatchedFolder,
    seen: HashMap<OsString, Seen>,
}

impl Inbox {
    pub(crate) fn new(watched: WatchedFolder) -> Self {
        Self { watched, seen: HashMap::new() }
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.watched.folder
    }

    /// The files that are whole, the oldest first. `now` is a steady time.
    pub(crate) fn look(&mut self, now: Duration) -> io::Result<Vec<PathBuf>> {
        let mut there = HashMap::new();
        for entry in fs::read_dir(&self.watched.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            // A file that has just gone is none.
            let Ok(metadata) = fs::metadata(entry.path()) else { continue };
            if metadata.is_file() && name.to_str().is_some_and(|name| self.is_list(name)) {
                there.insert(name, shape(&metadata));
            }
        }
        self.seen.retain(|name, _| there.contains_key(name));
        let mut whole = Vec::new();
        for (name, shape) in there {
            let fresh = Seen { shape, since: now, is_taken: false };
            let seen = self.seen.entry(name.clone()).or_insert(fresh);
            if seen.shape != shape {
                *seen = Seen { shape, since: now, is_taken: false };
            }
            if !seen.is_taken && now.saturating_sub(seen.since) >= STABLE {
                whole.push((shape.changed_at, self.watched.folder.join(name)));
            }
        }
        whole.sort();
        Ok(whole.into_iter().map(|(_, path)| path).collect())
    }

    fn is_list(&self, name: &str) -> bool {
        let is_hidden = name.starts_with('.') || name.starts_with("~$");
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
        let is_unfinished = ending.is_some_and(|ending| UNFINISHED.contains(&ending.as_str()));
        !is_hidden && !is_unfinished && fits(&self.watched.names.to_lowercase(), &name.to_lowercase())
    }

    /// Moves a file that was taken away: to `done`, or to `refused` with the reason beside it. Gives its new place.
    pub(crate) fn put_away(&mut self, file: &Path, reason: Option<&str>) -> io::Result<PathBuf> {
        // Even where it cannot be moved it is not taken again, unless it changes.
        if let Some(seen) = file.file_name().and_then(|name| self.seen.get_mut(name)) {
            seen.is_taken = true;
        }
        let folder = self.watched.folder.join(if reason.is_some() { REFUSED } else { DONE });
        fs::create_dir_all(&folder)?;
        let place = free_place(&folder, file);
        if let Some(reason) = reason {
            fs::write(beside(&place), format!("{}\n", reason.trim_end()))?;
        }
        fs::rename(file, &place)?;
        Ok(place)
    }
}

fn shape(metadata: &Metadata) -> Shape {
    Shape { length: metadata.len(), changed_at: metadata.modified().ok() }
}

/// Whether a name has the pattern, in which `*` stands for any text.
fn fits(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = rest.get(at + piece.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// A name in the folder that no other file has.
fn free_place(folder: &Path, file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem.to_owned(), format!(".{ending}")),
        _ => (name, String::new()),
    };
    let numbered = (1_u64..).map(|number| match number {
        1 => folder.join(format!("{stem}{ending}")),
        number => folder.join(format!("{stem}-{number}{ending}")),
    });
    let is_free = |place: &PathBuf| !place.exists() && !beside(place).exists();
    numbered.into_iter().find(is_free).unwrap_or_else(|| folder.join(stem))
}

/// Where the reason for a refused file stands.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".txt");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn inbox(folder: &Path, names: &str) -> Inbox {
        Inbox::new(WatchedFolder { folder: folder.to_owned(), names: names.to_owned() })
    }

    fn names(found: Vec<PathBuf>) -> Vec<String> {
        found.into_iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_file_is_taken_when_it_has_been_still_for_a_while() {
        let folder = tempfile::tempdir().unwrap();
        let mut inbox = inbox(folder.path(), "*.csv");
        let file = folder.path().join("a.csv");
        fs::write(&file, "sku").unwrap();
        assert_eq!(inbox.look(at(0)).unwrap(), [] as [PathBuf; 0]);
        fs::write(&file, "sku;quantity").unwrap();
        assert_eq!(inbox.look(at(2)).unwrap(), [] as [PathBuf; 0], "it grew");
        assert_eq!(inbox.look(at(4)).unwrap(), [] as [PathBuf; 0], "still for two seconds only");
        assert_eq!(names(inbox.look(at(5)).unwrap()), ["a.csv"]);
        assert_eq!(names(inbox.look(at(6)).unwrap()), ["a.csv"], "as long as it is not put away");
        fs::remove_file(&file).unwrap();
        assert_eq!(inbox.look(at(7)).unwrap(), [] as [PathBuf; 0]);
    }

    #[test]
    fn what_is_no_list_or_not_finished_stays() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.CSV", "b.csv.part", ".c.csv", "~$d.csv", "e.txt", "f.csv.TMP"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        fs::create_dir(folder.path().join("g.csv")).unwrap();
        let mut inbox = inbox(folder.path(), "*.csv");
        let _ = inbox.look(at(0)).unwrap();
        assert_eq!(names(inbox.look(at(9)).unwrap()), ["a.CSV"]);
    }

    #[test]
    fn files_go_to_done_or_to_refused_with_the_reason_and_none_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let mut inbox = inbox(folder.path(), "*");
        let file = folder.path().join("a.csv");
        for (reason, due) in [
            (None, "done/a.csv"),
            (None, "done/a-2.csv"),
            (Some("why"), "refused/a.csv"),
            (Some("again"), "refused/a-2.csv"),
        ] {
            fs::write(&file, due).unwrap();
            let place = inbox.put_away(&file, reason).unwrap();
            assert_eq!(place, folder.path().join(due));
            assert_eq!(fs::read_to_string(&place).unwrap(), due);
            assert!(!file.exists());
        }
        let reason = |name: &str| fs::read_to_string(folder.path().join("refused").join(name)).unwrap();
        assert_eq!((reason("a.csv.txt"), reason("a-2.csv.txt")), ("why\n".to_owned(), "again\n".to_owned()));
    }

    #[test]
    fn a_file_that_cannot_be_moved_is_taken_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut inbox = inbox(folder.path(), "*");
        let file = folder.path().join("a.csv");
        fs::write(&file, "x").unwrap();
        // No folder can have this name.
        fs::write(folder.path().join(DONE), "").unwrap();
        let _ = inbox.look(at(0)).unwrap();
        assert_eq!(names(inbox.look(at(9)).unwrap()), ["a.csv", DONE]);
        assert!(inbox.put_away(&file, None).is_err());
        assert_eq!(names(inbox.look(at(10)).unwrap()), [DONE]);
        fs::write(&file, "more").unwrap();
        let _ = inbox.look(at(11)).unwrap();
        assert_eq!(names(inbox.look(at(20)).unwrap()), [DONE, "a.csv"]);
    }

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, name, due) in [
            ("*", "a", true),
            ("*.xlsx", "a.xlsx", true),
            ("*.xlsx", "a.xls", false),
            ("stock-*.csv", "stock-1.csv", true),
            ("stock-*.csv", "stock.csv", false),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "ac", false),
            ("a*a", "a", false),
            ("list.csv", "list.csv", true),
            ("list.csv", "list.csv2", false),
        ] {
            assert_eq!(fits(pattern, name), due, "{pattern} {name}");
        }
    }
}
