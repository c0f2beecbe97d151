//! Detects that the database file was moved, deleted or replaced while it is open.
//!
//! If the file is deleted or replaced, the open connections of a running process continue to use a file that no other
//! process can open. The process would accept tasks and send changes that no later process knows about. The same
//! holds for the two files beside it: the write-ahead log holds the last commits, and the shared memory coordinates
//! processes. Both stay the same files while any connection is open.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use sync::ports::StateError;

/// The identities of the database's files when it was opened.
pub(super) struct FileIdentity(Vec<OpenedFile>);

struct OpenedFile {
    file: PathBuf,
    identity: Option<Identity>,
}

impl FileIdentity {
    /// Records the current files. A connection must be open.
    pub(super) fn of(file: &Path) -> Self {
        // SQLite puts the other files beside the file itself, not beside a link to it.
        let real = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        let beside = ["-wal", "-shm"].map(|suffix| {
            let mut name = OsString::from(&real);
            name.push(suffix);
            PathBuf::from(name)
        });
        let files = std::iter::once(file.to_owned()).chain(beside);
        Self(files.map(|file| OpenedFile { identity: identity(&file), file }).collect())
    }

    /// Fails if one of the files was replaced or is missing.
    ///
    /// It only looks up the paths and never opens a file, because closing any handle of a file releases the locks
    /// that SQLite holds on it in this process.
    pub(super) fn check(&self) -> Result<(), StateError> {
        match self.0.iter().find(|opened| identity(&opened.file) != opened.identity) {
            None => Ok(()),
            Some(opened) => Err(StateError::unavailable(format_args!(
                "{} was deleted, moved or replaced while it was in use; put it back and start wixsync again",
                opened.file.display()
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

/// On other systems an open file cannot be deleted.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    None
}
