//! The files that `init` writes: the configuration, and the key where no file holds it yet.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use messages::Text;
use secrecy::{ExposeSecret, SecretString};
use tempfile::NamedTempFile;

use crate::config;
use crate::context::Context;
use crate::error::Failure;

/// The name of the key's file.
const KEY_FILE: &str = "wix-api-key";

/// The files of one setup.
pub(super) struct SetupFiles {
    /// The configuration file, absolute.
    pub(super) config: PathBuf,
    folder: PathBuf,
    /// Whether files that are there may be overwritten.
    force: bool,
}

impl SetupFiles {
    /// `--config`, `WIXSYNC_CONFIG`, else `wixsync.toml` here. A file that is there is not overwritten unasked.
    pub(super) fn of(context: &Context, args: &ArgMatches) -> Result<Self, Failure> {
        let flag = args.get_one::<PathBuf>("config").cloned();
        let named = flag.or_else(|| context.environment.get("WIXSYNC_CONFIG").map(PathBuf::from));
        let config = named.unwrap_or_else(|| PathBuf::from(config::FILE));
        let config = std::path::absolute(&config).unwrap_or(config);
        let folder = config.parent().map(Path::to_owned).unwrap_or_default();
        let files = Self { config, folder, force: args.get_flag("force") };
        files.refuse_existing(&files.config)?;
        Ok(files)
    }

    /// Where the key goes.
    pub(super) fn key(&self) -> PathBuf {
        self.folder.join(KEY_FILE)
    }

    /// A path as the configuration names it: from its folder where it lies there.
    pub(super) fn named(&self, path: &Path) -> String {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        path.strip_prefix(&self.folder).unwrap_or(&path).display().to_string()
    }

    pub(super) fn refuse_existing(&self, file: &Path) -> Result<(), Failure> {
        if file.exists() && !self.force {
            let text = Text::new("init-exists").with("file", file.display());
            return Err(Failure::usage(text));
        }
        Ok(())
    }

    /// A draft beside the final place of a file. Only the user may read it.
    pub(super) fn draft(&self, content: &str) -> Result<NamedTempFile, Failure> {
        let made = tempfile::Builder::new().prefix(".wixsync-").suffix(".toml").tempfile_in(&self.folder);
        let mut file = made.map_err(|error| unwritable(&self.folder, &error))?;
        file.write_all(content.as_bytes()).map_err(|error| unwritable(&self.folder, &error))?;
        Ok(file)
    }

    /// Moves a draft to its final place.
    pub(super) fn keep(&self, draft: NamedTempFile, file: &Path) -> Result<(), Failure> {
        let synced = draft.as_file().sync_all();
        synced.map_err(|error| unwritable(file, &error))?;
        let kept = if self.force { draft.persist(file) } else { draft.persist_noclobber(file) };
        kept.map(drop).map_err(|error| unwritable(file, &error.error))
    }

    /// Writes the key.
    pub(super) fn keep_key(&self, key: &SecretString) -> Result<(), Failure> {
        let draft = self.draft(&format!("{}\n", key.expose_secret()))?;
        self.keep(draft, &self.key())
    }

    /// Takes the key away again that was just written.
    pub(super) fn forget_key(&self) {
        // Where even that fails, the next try says that the file is there.
        let _ = std::fs::remove_file(self.key());
    }
}

fn unwritable(file: &Path, error: &std::io::Error) -> Failure {
    let text = Text::new("init-unwritable").with("file", file.display()).with("detail", error);
    Failure::failed(text)
}
