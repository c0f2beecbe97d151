//! The files that `init` writes: the configuration, and the key where no file holds it yet. A configuration that is there
//! is kept beside the new one.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use messages::{Lang, Messages, Text};
use secrecy::{ExposeSecret, SecretString};
use tempfile::NamedTempFile;
use warehouse::WarehouseUrl;

use crate::config::{self, Changes, Example, Origin, SavedConfig, Settings, ShopSettings};
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
    /// The language that the configuration is to name; `None` if that stays as it is.
    pub(super) lang: Option<Lang>,
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
        // Where nobody asked for English, the API keeps its own default, Russian.
        let is_asked_for = context.settings.lang.origin != Origin::Default;
        let lang = Some(context.messages.lang()).filter(|lang| is_asked_for || *lang == Lang::Ru);
        let mut files = Self { config, folder, force: args.get_flag("force"), saved: None, lang };
        files.refuse_existing(&files.config)?;
        if files.config.is_file() {
            let saved = SavedConfig::read(&files.config)?;
            // What the file says, or leaves open, stays unless the user asks for something else.
            files.lang = files.lang.filter(|_| matches!(context.settings.lang.origin, Origin::Flag(_)));
            files.saved = Some(saved);
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
    pub(super) fn keep_old_config(&self) -> Result<Option<PathBuf>, Failure> {
        if self.saved.is_none() { Ok(None) } else { self.keep_old(&self.config).map(Some) }
    }

    /// Copies the key that is there to a file beside it, and gives that file.
    pub(super) fn keep_old_key(&self) -> Result<Option<PathBuf>, Failure> {
        if self.key().is_file() { self.keep_old(&self.key()).map(Some) } else { Ok(None) }
    }

    fn keep_old(&self, file: &Path) -> Result<PathBuf, Failure> {
        let mut name = file.to_path_buf().into_os_string();
        name.push(".old");
        let old = PathBuf::from(name);
        let unwritable = |error: std::io::Error| unwritable(&old, &error);
        let content = std::fs::read(file).map_err(unwritable)?;
        let mut copy = self.draft("")?;
        copy.write_all(&content).map_err(unwritable)?;
        as_before(&copy, file).map_err(unwritable)?;
        copy.persist(&old).map_err(|error| unwritable(error.error))?;
        Ok(old)
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
        as_before(&draft, &self.config).map_err(|error| unwritable(&self.config, &error))?;
        self.keep(draft, &self.config)
    }

    /// Moves a draft to its final place. A link stays, and what it points to is replaced.
    fn keep(&self, draft: NamedTempFile, file: &Path) -> Result<(), Failure> {
        let place = behind_links(file);
        let draft = if place == file {
            draft
        } else {
            beside(&place, &draft).map_err(|error| unwritable(&place, &error))?
        };
        let file = place.as_path();
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

    /// Takes the key away again that was just written, and puts back the one before it.
    pub(super) fn forget_key(&self, old: Option<&Path>) {
        let key = behind_links(&self.key());
        // Where even that fails, the next try says that the file is there.
        let _ = match old {
            Some(old) => std::fs::copy(old, &key).map(drop),
            None => std::fs::remove_file(&key),
        };
    }
}

/// Gives a draft the owner and the mode of the file that is there, so that a service can still read it.
fn as_before(draft: &NamedTempFile, file: &Path) -> std::io::Result<()> {
    let Ok(there) = std::fs::metadata(file) else { return Ok(()) };
    #[cfg(unix)]
    if rustix::process::geteuid().is_root() {
        use std::os::unix::fs::MetadataExt;
        std::os::unix::fs::chown(draft.path(), Some(there.uid()), Some(there.gid()))?;
    }
    draft.as_file().set_permissions(there.permissions())
}

/// How many links are followed, as the system does.
const MOST_LINKS: usize = 40;

/// The file that a path names in the end, also where the last link points to nothing yet.
fn behind_links(file: &Path) -> PathBuf {
    let mut place = file.to_path_buf();
    for _ in 0..MOST_LINKS {
        let Ok(target) = std::fs::read_link(&place) else { break };
        place = place.parent().unwrap_or(Path::new("")).join(target);
    }
    place
}

/// The draft again, in the folder of `place`, with the same owner and mode: a file is moved only within a file system.
fn beside(place: &Path, draft: &NamedTempFile) -> std::io::Result<NamedTempFile> {
    let mut copy =
        tempfile::Builder::new().prefix(".wixsync-").tempfile_in(place.parent().unwrap_or(place))?;
    copy.write_all(&std::fs::read(draft.path())?)?;
    as_before(&copy, draft.path())?;
    Ok(copy)
}

fn unwritable(file: &Path, error: &std::io::Error) -> Failure {
    let text = Text::new("init-unwritable").with("file", file.display()).with("detail", error);
    Failure::failed(text)
}
