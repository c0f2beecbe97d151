//! Whose the files of a state database are.
//!
//! A command that root gives beside a service must not leave files that the service cannot open. So what root makes
//! gets the owner of the database, or that of its folder while there is no database. Another user's database is refused
//! before anything is made beside it.

use std::path::Path;

use sync::ports::StateError;

/// The owner that the files should have; `None` where files have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner(Option<(u32, u32)>);

#[cfg(unix)]
impl Owner {
    /// That of the database, else that of its folder.
    pub(super) fn of(file: &Path) -> Self {
        use std::os::unix::fs::MetadataExt;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let found = std::fs::metadata(file).or_else(|_| std::fs::metadata(folder.unwrap_or(Path::new("."))));
        Self(found.ok().map(|found| (found.uid(), found.gid())))
    }

    /// Refuses another user's database, unless this is root.
    pub(super) fn refuse_foreign(self, file: &Path) -> Result<(), StateError> {
        let user = rustix::process::geteuid().as_raw();
        match self.0 {
            Some((owner, _)) if file.exists() && !may_use(user, owner) => {
                Err(StateError::unavailable(format_args!(
                    "{} belongs to another user; use the same command as that one: sudo -u '#{owner}' wixsync …",
                    file.display()
                )))
            }
            _ => Ok(()),
        }
    }

    /// Gives a file that root made to this owner.
    pub(super) fn give(self, file: &Path) -> Result<(), StateError> {
        let Some((user, group)) = self.0.filter(|_| rustix::process::geteuid().is_root()) else {
            return Ok(());
        };
        std::os::unix::fs::chown(file, Some(user), Some(group)).map_err(|error| {
            StateError::unavailable(format_args!(
                "{} cannot be given to the owner of the state database ({error}); \
                 use the command as that one: sudo -u '#{user}' wixsync …",
                file.display()
            ))
        })
    }
}

/// Whether a user may work with the database of `owner`.
#[cfg(unix)]
fn may_use(user: u32, owner: u32) -> bool {
    user == owner || user == 0
}

#[cfg(not(unix))]
impl Owner {
    /// Not known here.
    pub(super) fn of(_file: &Path) -> Self {
        Self(None)
    }

    /// Nothing to refuse.
    pub(super) fn refuse_foreign(self, _file: &Path) -> Result<(), StateError> {
        Ok(())
    }

    /// Nothing to give.
    pub(super) fn give(self, _file: &Path) -> Result<(), StateError> {
        Ok(())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn root_may_use_any_database_and_others_their_own() {
        assert!(may_use(1000, 1000) && may_use(0, 1000) && may_use(0, 0));
        assert!(!may_use(1000, 1001) && !may_use(1000, 0));
    }
}
