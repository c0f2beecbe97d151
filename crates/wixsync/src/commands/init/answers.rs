//! The user's answers to `init`: from flags, from the environment, from the file that is there, and from questions at a
//! terminal.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use messages::Text;
use secrecy::SecretString;
use warehouse::WarehouseUrl;

use super::super::option;
use super::asker::Asker;
use super::files::Known;
use crate::config::{Origin, ShopSettings, read_secret, warehouse_url};
use crate::context::Context;
use crate::error::Failure;

/// Where the key is kept.
pub(super) enum Key {
    /// In the environment, where it stays.
    Environment,
    /// Where the configuration file that is there says.
    Kept,
    /// There is none: the site is reached as the app that the configuration file names.
    KeptApp,
    /// In this file, where it stays.
    File(PathBuf),
    /// Nowhere yet: a file of its own is made for it.
    New(SecretString),
    /// There is none: the site is reached as an app.
    App(AppAnswers),
    /// Not known yet.
    Missing,
}

/// An app's client credentials. The secret stays in its file.
pub(super) struct AppAnswers {
    pub(super) app_id: String,
    pub(super) secret_file: PathBuf,
    pub(super) instance_id: String,
}

/// All that is needed before the tables are looked at.
pub(super) struct Answers {
    pub(super) shop: ShopAnswers,
    database: Option<WarehouseUrl>,
    /// Whether a flag or the environment names the database.
    is_database_set: bool,
}

/// The shop.
pub(super) struct ShopAnswers {
    pub(super) key: Key,
    pub(super) site: Option<String>,
    site_from: SiteFrom,
    /// Where a flag or the environment names one.
    pub(super) base_url: Option<String>,
}

/// Who names the site.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SiteFrom {
    Flag,
    Environment,
    /// The user, who may find the one of the configuration file proposed.
    Question,
}

impl Answers {
    /// What is given without a question: by flags, by the environment, by the file that is there.
    pub(super) fn given(context: &Context, args: &ArgMatches, known: &Known) -> Result<Self, Failure> {
        refuse_two_answers(context, args)?;
        let database = match option(args, "database") {
            Some(text) => Some(database_of(text)?),
            None => known.settings.warehouse.value.clone(),
        };
        if let Some(database) = &database {
            is_usable(database)?;
        }
        let is_set = option(args, "database").is_some()
            || matches!(known.settings.warehouse.origin, Origin::Environment(_));
        Ok(Self { shop: ShopAnswers::given(args, known)?, database, is_database_set: is_set })
    }

    /// Fails with all that is missing, where it cannot be asked for.
    pub(super) fn refuse_missing(&self, offline: bool) -> Result<(), Failure> {
        let needs = [
            (
                "WIX_API_KEY, WIX_API_KEY_FILE, --api-key-file",
                matches!(self.shop.key, Key::Missing) && !offline,
            ),
            ("WIX_SITE_ID, --site-id", self.shop.site.is_none() && !self.shop.is_app() && !offline),
            ("WIXSYNC_WAREHOUSE_URL, --database", self.database.is_none()),
        ];
        let missing: Vec<&str> =
            needs.iter().filter(|(_, missing)| *missing).map(|(name, _)| *name).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Failure::usage(Text::new("init-missing").with("missing", missing.join("; "))))
    }

    /// The database; asked for where neither a flag nor the environment names it.
    pub(super) fn ask_database(&mut self, asker: Asker) -> Result<WarehouseUrl, Failure> {
        match &self.database {
            Some(database) if self.is_database_set || !asker.asks() => Ok(database.clone()),
            before => ask_database(asker, before.as_ref()),
        }
    }
}

/// Asks for the database.
pub(super) fn ask_database(asker: Asker, before: Option<&WarehouseUrl>) -> Result<WarehouseUrl, Failure> {
    let shown = before.map(|url| match url.file() {
        Some(file) => file.display().to_string(),
        None => url.to_string(),
    });
    // What is shown has no password, so that an answer which is the same stands for the whole address.
    let of_answer = |text: &str| match before {
        Some(before) if shown.as_deref() == Some(text) => Ok(before.clone()),
        _ => database_of(text),
    };
    let check = |text: &str| is_usable(&of_answer(text)?);
    of_answer(&asker.text("init-ask-database", shown.as_deref(), check)?)
}

impl ShopAnswers {
    fn given(args: &ArgMatches, known: &Known) -> Result<Self, Failure> {
        let shop = known.shop();
        let has_app = shop.is_some_and(ShopSettings::has_app);
        let key_origin = shop.filter(|shop| shop.api_key.value.is_some()).map(|shop| &shop.api_key.origin);
        let key = match (args.get_one::<PathBuf>("api-key-file"), app_of(args)?) {
            (Some(file), _) if file.as_os_str() == "-" => Key::New(key_of_stdin()?),
            (Some(file), _) => {
                let _ = read_secret(file, "--api-key-file")?;
                Key::File(file.clone())
            }
            (None, Some(app)) => Key::App(app),
            (None, None) => match key_origin {
                Some(Origin::Environment(_)) => Key::Environment,
                Some(_) => Key::Kept,
                None if has_app => Key::KeptApp,
                None => Key::Missing,
            },
        };
        let flag = option(args, "site-id").map(str::to_owned);
        let of_settings = shop.map(|shop| &shop.site_id);
        let of_environment = of_settings.is_some_and(|site| matches!(site.origin, Origin::Environment(_)));
        let site_from = match flag {
            Some(_) => SiteFrom::Flag,
            None if of_environment => SiteFrom::Environment,
            None => SiteFrom::Question,
        };
        let site = flag.or_else(|| of_settings?.value.clone());
        // A later run without the variable would send this key and this site to Wix.
        let set = shop.map(|shop| &shop.base_url).filter(|url| matches!(url.origin, Origin::Environment(_)));
        let base_url = option(args, "base-url").map(str::to_owned);
        let base_url = base_url.or_else(|| set.map(|url| url.value.to_string()));
        Ok(Self { key, site, site_from, base_url })
    }

    /// Whether the shop is reached as an app. Its token names the site by itself.
    pub(super) fn is_app(&self) -> bool {
        matches!(self.key, Key::App(_) | Key::KeptApp)
    }

    /// Asks for what neither flags nor the environment give.
    pub(super) fn ask(&mut self, asker: Asker) -> Result<(), Failure> {
        match self.key {
            Key::Missing => self.key = Key::New(asker.secret("init-ask-key")?),
            Key::Kept => self.ask_another_key(asker)?,
            _ => {}
        }
        if self.site_from == SiteFrom::Question && !self.is_app() {
            self.ask_site(asker)?;
        }
        Ok(())
    }

    /// Asks for key and site again, unless the environment sets them, which takes precedence.
    pub(super) fn ask_again(&mut self, asker: Asker) -> Result<(), Failure> {
        if matches!(self.key, Key::New(_) | Key::File(_) | Key::Kept) {
            self.ask_another_key(asker)?;
        }
        if self.site_from != SiteFrom::Environment && !self.is_app() {
            self.ask_site(asker)?;
        }
        Ok(())
    }

    /// Whether a question can change anything.
    pub(super) fn can_be_asked(&self) -> bool {
        !self.is_app() && (!matches!(self.key, Key::Environment) || self.site_from != SiteFrom::Environment)
    }

    fn ask_another_key(&mut self, asker: Asker) -> Result<(), Failure> {
        if let Some(key) = asker.another_secret("init-ask-key-again")? {
            self.key = Key::New(key);
        }
        Ok(())
    }

    fn ask_site(&mut self, asker: Asker) -> Result<(), Failure> {
        self.site = Some(asker.text("init-ask-site", self.site.as_deref(), |_| Ok(()))?);
        Ok(())
    }
}

/// A flag whose variable is set too would be overridden by it in every later run.
fn refuse_two_answers(context: &Context, args: &ArgMatches) -> Result<(), Failure> {
    let pairs = [
        ("api-key-file", "--api-key-file", "WIX_API_KEY"),
        ("api-key-file", "--api-key-file", "WIX_API_KEY_FILE"),
        ("site-id", "--site-id", "WIX_SITE_ID"),
        ("base-url", "--base-url", "WIX_BASE_URL"),
        ("database", "--database", "WIXSYNC_WAREHOUSE_URL"),
        ("database", "--database", "WIXSYNC_WAREHOUSE_URL_FILE"),
    ];
    let given = |name: &str| args.value_source(name).is_some();
    let both = pairs.iter().find(|(arg, _, name)| given(arg) && context.environment.get(name).is_some());
    match both {
        Some((_, flag, name)) => {
            Err(Failure::usage(Text::new("config-twice").with("setting", name).with("other", flag)))
        }
        None => Ok(()),
    }
}

/// The app that the flags name: all three of them, or none.
fn app_of(args: &ArgMatches) -> Result<Option<AppAnswers>, Failure> {
    let (app_id, instance_id) = (option(args, "app-id"), option(args, "instance-id"));
    let secret_file = args.get_one::<PathBuf>("app-secret-file");
    match (app_id, secret_file, instance_id) {
        (None, None, None) => Ok(None),
        (Some(app_id), Some(secret_file), Some(instance_id)) => {
            let _ = read_secret(secret_file, "--app-secret-file")?;
            let (app_id, instance_id) = (app_id.to_owned(), instance_id.to_owned());
            Ok(Some(AppAnswers { app_id, secret_file: secret_file.clone(), instance_id }))
        }
        _ => {
            let is_missing = [
                ("--app-id", app_id.is_none()),
                ("--app-secret-file", secret_file.is_none()),
                ("--instance-id", instance_id.is_none()),
            ];
            let missing: Vec<&str> =
                is_missing.iter().filter(|(_, missing)| *missing).map(|(flag, _)| *flag).collect();
            Err(Failure::usage(Text::new("init-missing").with("missing", missing.join("; "))))
        }
    }
}

fn key_of_stdin() -> Result<SecretString, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().lock().take(64 * 1024).read_to_string(&mut text);
    match read {
        Ok(_) if !text.trim().is_empty() => Ok(SecretString::from(text.trim())),
        _ => Err(Failure::usage(Text::new("init-no-key-on-stdin"))),
    }
}

/// A database by its URL, or a SQLite file by its path.
fn database_of(text: &str) -> Result<WarehouseUrl, Failure> {
    let here = std::path::absolute(".").unwrap_or_else(|_| PathBuf::from("."));
    let is_path = !text.contains("://") && !text.starts_with("sqlite:");
    if is_path {
        return Ok(WarehouseUrl::in_file(here.join(Path::new(text))));
    }
    warehouse_url("--database", text, &here)
}

/// Refuses a file that is no database, and a path whose folder does not exist.
fn is_usable(database: &WarehouseUrl) -> Result<(), Failure> {
    let Some(path) = database.file() else { return Ok(()) };
    if path.parent().is_some_and(|folder| !folder.is_dir()) {
        return Err(Failure::usage(Text::new("init-no-folder").with("file", path.display())));
    }
    // One that cannot be read is refused with its reason when its tables are looked at.
    let Ok(mut file) = File::open(path) else { return Ok(()) };
    let mut head = [0; SQLITE.len()];
    match file.read_exact(&mut head) {
        Ok(()) if head != *SQLITE => {
            Err(Failure::usage(Text::new("init-not-a-database").with("file", path.display())))
        }
        _ => Ok(()),
    }
}

/// What every SQLite database begins with (SQLite's file format, 1.3.1).
const SQLITE: &[u8; 16] = b"SQLite format 3\0";
