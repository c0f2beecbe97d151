//! The folder in which a bench works: one bench at a time, since two would measure each other.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tempfile::TempDir;

/// Held while the bench runs.
pub(super) struct Place {
    folder: PathBuf,
    /// Let go by the system, however the process ends.
    _lock: File,
}

impl Place {
    /// Takes the folder in `target`, and clears away what a bench left there that was killed.
    pub(super) fn take(target: &Path) -> anyhow::Result<Self> {
        let folder = target.join("bench");
        let lock = File::create(target.join("bench.lock")).context("cannot lock the bench's folder")?;
        if lock.try_lock().is_err() {
            bail!("another bench is running here");
        }
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot clear {}", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self { folder, _lock: lock })
    }

    /// A folder in it, deleted when it is dropped.
    pub(super) fn room(&self) -> anyhow::Result<TempDir> {
        tempfile::tempdir_in(&self.folder).context("cannot make a folder")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_nothing_is_left_of_the_one_before() {
        let target = tempfile::tempdir().unwrap();
        let place = Place::take(target.path()).unwrap();
        let left = place.room().unwrap().keep();
        let second = Place::take(target.path()).map(drop).unwrap_err().to_string();
        assert_eq!(second, "another bench is running here");
        assert!(left.is_dir());
        drop(place);
        Place::take(target.path()).unwrap();
        assert!(!left.exists());
    }
}
