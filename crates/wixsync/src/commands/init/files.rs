//! The files that `init` writes: the configuration, and the key where no file holds it yet. A configuration that is there
//! is kept beside the new one.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use messages::{Messages, Text};
use secrecy::{ExposeSecret, SecretString};
use tempfile::NamedTempFile;
use warehouse::WarehouseUrl;

use crate::config::{self, Changes, Example, SavedConfig, Settings, ShopSettings};
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
    /// The configuration that is there. What is not asked about stays as it is in it.
    saved: Option<SavedConfig>,
}

/// What is known before a question is asked: the environment over the configuration file that is there.
pub(super) struct Known {
    pub(super) settings: Settings,
    /// The name of the shop that is set up.
    shop: Option<String>,
}

impl Known {
    /// The shop that is set up, as far as it is known.
    pub(super) fn shop(&self) -> Option<&ShopSettings> {
        let shops = &self.settings.shops;
        match &self.shop {
            Some(name) => shops.iter().find(|shop| shop.name.as_str() == name),
            None => shops.first(),
        }
    }

    /// The query and the warehouses that the configuration file has for this database.
    pub(super) fn source(&self, database: &WarehouseUrl) -> (Option<&str>, Option<&[String]>) {
        if self.settings.warehouse.value.as_ref() != Some(database) {
            return (None, None);
        }
        (self.settings.query.value.as_deref(), self.settings.warehouses.value.as_deref())
    }
}

impl SetupFiles {
    /// `--config`, `WIXSYNC_CONFIG`, else `wixsync.toml` here. A file that is there is not overwritten unasked.
    pub(super) fn of(context: &Context, args: &ArgMatches) -> Result<Self, Failure> {
        let flag = args.get_one::<PathBuf>("config").cloned();
        let named = flag.or_else(|| context.environment.get("WIXSYNC_CONFIG").map(PathBuf::from));
        let config = named.unwrap_or_else(|| PathBuf::from(config::FILE));
        let config = std::path::absolute(&config).unwrap_or(config);
        let folder = config.parent().map(Path::to_owned).unwrap_or_default();
        let mut files = Self { config, folder, force: args.get_flag("force"), saved: None };
        files.refuse_existing(&files.config)?;
        if files.config.is_file() {
            files.saved = Some(SavedConfig::read(&files.config)?);
        }
        Ok(files)
    }

    /// What is known before a question is asked. A file with a value that cannot be used gives no answers; that value is
    /// told when the new file is checked, unless it was replaced.
    pub(super) fn known(&self, context: &Context) -> Known {
        let file = config::File::Find(Some(&self.config));
        let saved = self.saved.as_ref().and_then(|saved| {
            let settings = config::load(&context.environment, file, None).ok()?;
            Some(Known { settings, shop: Some(saved.shop_name().to_owned()) })
        });
        saved.unwrap_or_else(|| Known { settings: context.settings.clone(), shop: None })
    }

    /// The name of the shop that is set up, where a file names it.
    pub(super) fn shop_name(&self) -> Option<&str> {
        self.saved.as_ref().map(SavedConfig::shop_name)
    }

    /// The new configuration: the one that is there, else the commented example, with these values.
    pub(super) fn text(&self, messages: Messages, changes: &Changes) -> String {
        match &self.saved {
            Some(saved) => saved.with(changes),
            None => Example::default().with(changes).text(messages),
        }
    }

    /// Copies the configuration that is there to a file beside it, and gives that file.
    pub(super) fn keep_old(&self) -> Result<Option<PathBuf>, Failure> {
        if self.saved.is_none() {
            return Ok(None);
        }
        let mut name = self.config.clone().into_os_string();
        name.push(".old");
        let old = PathBuf::from(name);
        let unwritable = |error: std::io::Error| unwritable(&old, &error);
        let content = std::fs::read(&self.config).map_err(unwritable)?;
        let mut copy = self.draft("")?;
        copy.write_all(&content).map_err(unwritable)?;
        self.as_the_config(&copy).map_err(unwritable)?;
        copy.persist(&old).map_err(|error| unwritable(error.error))?;
        Ok(Some(old))
    }

    /// Gives a draft the owner and the mode of the configuration that is there, so that a service can still read it.
    fn as_the_config(&self, draft: &NamedTempFile) -> std::io::Result<()> {
        let Ok(there) = std::fs::metadata(&self.config) else { return Ok(()) };
        #[cfg(unix)]
        if rustix::process::geteuid().is_root() {
            use std::os::unix::fs::MetadataExt;
            std::os::unix::fs::chown(draft.path(), Some(there.uid()), Some(there.gid()))?;
        }
        draft.as_file().set_permissions(there.permissions())
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

    /// Puts the configuration in its place.
    pub(super) fn keep_config(&self, draft: NamedTempFile) -> Result<(), Failure> {
        self.as_the_config(&draft).map_err(|error| unwritable(&self.config, &error))?;
        self.keep(draft, &self.config)
    }

    /// Moves a draft to its final place.
    fn keep(&self, draft: NamedTempFile, file: &Path) -> Result<(), Failure> {
        let synced = draft.as_file().sync_all();
        synced.map_err(|error| unwritable(file, &error))?;
        let kept = if self.force { draft.persist(file) } else { draft.persist_noclobber(file) };
        kept.map(drop).map_err(|error| unwritable(file, &error.error))
    }

    /// A draft of the key's file.
    pub(super) fn draft_key(&self, key: &SecretString) -> Result<NamedTempFile, Failure> {
        self.draft(&format!("{}\n", key.expose_secret()))
    }

    /// Writes the key.
    pub(super) fn keep_key(&self, key: &SecretString) -> Result<(), Failure> {
        self.keep(self.draft_key(key)?, &self.key())
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
