//! Who may write the files that settings come from, and who may read the secrets among them.
//!
//! Who can write the configuration decides where the API key goes and which query runs on the warehouse. So a file that
//! other users own or may write is refused, as ssh refuses its own.

use std::path::{Path, PathBuf};

use messages::Text;

use super::Settings;
use super::table::all;
use crate::environment::Environment;
use crate::error::Failure;

/// Refuses a configuration file that other users own or may write, and one in such a folder.
#[cfg(unix)]
pub(super) fn refuse_foreign(file: &Path) -> Result<(), Failure> {
    let user = rustix::process::geteuid().as_raw();
    let real = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    // A link can be replaced by those who may write the folder that it stands in.
    let folders = [file.parent(), real.parent()];
    for path in [Some(real.as_path())].into_iter().chain(folders).flatten() {
        let Ok(found) = std::fs::metadata(path) else { continue };
        if let Some(why) = Rights::of(&found).danger(user) {
            let text = Text::new("config-foreign").with("file", file.display());
            return Err(Failure::usage(text.with("path", path.display()).with("why", why)));
        }
    }
    Ok(())
}

/// Owners are not known here.
#[cfg(not(unix))]
pub(super) fn refuse_foreign(_file: &Path) -> Result<(), Failure> {
    Ok(())
}

/// Owner, group and mode of a file or folder.
#[cfg(unix)]
struct Rights {
    owner: u32,
    group: u32,
    mode: u32,
    is_folder: bool,
}

#[cfg(unix)]
impl Rights {
    fn of(found: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self { owner: found.uid(), group: found.gid(), mode: found.mode(), is_folder: found.is_dir() }
    }

    /// Why `user` cannot trust it.
    fn danger(&self, user: u32) -> Option<&'static str> {
        if self.owner != user && self.owner != 0 {
            return Some("owner");
        }
        // In a folder with this bit, such as /tmp, users can only replace what is their own.
        if self.is_folder && self.mode & 0o1000 != 0 {
            return None;
        }
        // Many systems give each user a group of the same number, with no other member, and a umask of 002.
        let private_group = self.group == self.owner || self.group == 0;
        let others = if private_group { 0o002 } else { 0o022 };
        (self.mode & others != 0).then_some("writable")
    }
}

/// Whether other users of this machine may read a file.
#[cfg(unix)]
pub(crate) fn others_may_read(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

/// Whether other users of this machine may read a file: not known here.
#[cfg(not(unix))]
pub(crate) fn others_may_read(_file: &Path) -> bool {
    false
}

impl Settings {
    /// The files with secrets that other users of this machine may read.
    pub(crate) fn open_secret_files(&self, environment: &Environment) -> Vec<PathBuf> {
        let named = all().into_iter().filter_map(|one| one.variable.file_name());
        let named = named.filter_map(|name| environment.get(&name).map(PathBuf::from));
        let kept = self.shops.iter().flat_map(|shop| shop.secrets_kept_in.clone());
        let mut files: Vec<PathBuf> = named.chain(kept).collect();
        files.sort();
        files.dedup();
        // systemd lets the service alone read its credentials, through an access list that looks like a group's right.
        let credentials = environment.get("CREDENTIALS_DIRECTORY").map(Path::new);
        files.retain(|file| {
            credentials.is_none_or(|folder| !file.starts_with(folder)) && others_may_read(file)
        });
        files
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_others_own_or_may_write_is_not_trusted() {
        let me = 1000;
        for (owner, group, mode, is_folder, due) in [
            (me, me, 0o644, false, None),
            (me, me, 0o664, false, None),
            (0, 0, 0o644, false, None),
            (0, 0, 0o664, false, None),
            (me, 100, 0o664, false, Some("writable")),
            (me, me, 0o646, false, Some("writable")),
            (0, 100, 0o775, true, Some("writable")),
            (0, 0, 0o1777, true, None),
            (0, 0, 0o777, true, Some("writable")),
            (0, 0, 0o1646, false, Some("writable")),
            (1001, 1001, 0o600, false, Some("owner")),
            (1001, 1001, 0o1777, true, Some("owner")),
        ] {
            let rights = Rights { owner, group, mode, is_folder };
            assert_eq!(rights.danger(me), due, "{owner} {group} {mode:o} {is_folder}");
        }
        let of_user = Rights { owner: me, group: me, mode: 0o644, is_folder: false };
        assert_eq!(of_user.danger(0), Some("owner"), "root does not trust a user's file");
    }
}
