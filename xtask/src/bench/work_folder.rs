//! The folder of the bench's files. Only one bench may run at a time, because two would disturb each other's figures.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tempfile::TempDir;

/// The locked folder; held while the bench runs.
pub(super) struct WorkFolder {
    folder: PathBuf,
    /// The system releases the lock when the process ends for any reason.
    _lock: File,
}

impl WorkFolder {
    /// Locks the folder in `target` and deletes what a killed bench left there.
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

    /// A temporary folder in it, deleted on drop.
    pub(super) fn temporary(&self) -> anyhow::Result<TempDir> {
        tempfile::tempdir_in(&self.folder).context("cannot make a folder")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_nothing_is_left_of_the_one_before() {
        let target = tempfile::tempdir().unwrap();
        let work_folder = WorkFolder::take(target.path()).unwrap();
        let left = work_folder.temporary().unwrap().keep();
        let second = WorkFolder::take(target.path()).map(drop).unwrap_err().to_string();
        assert_eq!(second, "another bench is running here");
        assert!(left.is_dir());
        drop(work_folder);
        WorkFolder::take(target.path()).unwrap();
        assert!(!left.exists());
    }
}
