//! Whether the database still lies where it was opened.
//!
//! Where the file is deleted or replaced under a running process, its open connections go on in a file that no other
//! process can open: it would accept tasks and send changes that no later process knows of. The same holds for the
//! two files beside it: the write-ahead log has what was committed last, and over the shared memory processes keep out
//! of each other's way. Both stay as they are while any connection is open.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use sync::ports::StateError;

/// The files as they were when the database was opened.
pub(super) struct FileIdentity(Vec<Known>);

struct Known {
    file: PathBuf,
    identity: Option<Identity>,
}

impl FileIdentity {
    /// Remembers which files lie there now, while a connection is open.
    pub(super) fn of(file: &Path) -> Self {
        // SQLite puts them beside the file itself, and not beside a link to it.
        let real = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        let beside = ["-wal", "-shm"].map(|suffix| {
            let mut name = OsString::from(&real);
            name.push(suffix);
            PathBuf::from(name)
        });
        let files = std::iter::once(file.to_owned()).chain(beside);
        Self(files.map(|file| Known { identity: identity(&file), file }).collect())
    }

    /// Fails where one of them was replaced or is gone.
    ///
    /// The path is looked up and never opened: closing any handle of a file takes the locks away that SQLite holds on
    /// it in this process.
    pub(super) fn check(&self) -> Result<(), StateError> {
        match self.0.iter().find(|known| identity(&known.file) != known.identity) {
            None => Ok(()),
            Some(known) => Err(StateError::unavailable(format_args!(
                "{} was deleted, moved or replaced while it was in use; put it back and start wixsync again",
                known.file.display()
            ))),
        }
    }
}

/// Device and inode.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(file: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(file).ok().map(|found| (found.dev(), found.ino()))
}

/// Elsewhere a file that is open cannot be deleted.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    None
}
