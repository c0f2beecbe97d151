//! Whether the database still lies where it was opened.
//!
//! Where the file is deleted or replaced under a running process, its open connections go on in a file that nobody
//! can open any more: tasks would be accepted and changes sent that no later process knows of.

use std::path::{Path, PathBuf};

use sync::ports::StateError;

/// The file as it was when it was opened.
pub(super) struct Whereabouts {
    file: PathBuf,
    identity: Option<Identity>,
}

impl Whereabouts {
    /// Remembers which file lies there now.
    pub(super) fn of(file: &Path) -> Self {
        Self { file: file.to_owned(), identity: identity(file) }
    }

    /// Fails where it is another one by now, or none.
    ///
    /// The path is looked up and never opened: closing any handle of a file takes the locks away that SQLite holds on
    /// it in this process.
    pub(super) fn check(&self) -> Result<(), StateError> {
        if identity(&self.file) == self.identity {
            return Ok(());
        }
        Err(StateError::failed(format_args!(
            "{} was deleted, moved or replaced while it was in use; put it back and start wixsync again",
            self.file.display()
        )))
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
