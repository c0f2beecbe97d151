//! The user's answers to `init`: from flags, from the environment, and from questions at a terminal.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use dialoguer::{Confirm, Input, MultiSelect, Password, Select};
use domain::Outcome;
use messages::{Messages, Text};
use secrecy::SecretString;
use warehouse::WarehouseUrl;

use super::super::option;
use super::words::Words;
use crate::config::{Origin, read_secret, warehouse_url};
use crate::context::Context;
use crate::error::Failure;
use crate::setup::proposals::Proposal;

/// Where the key is kept.
pub(super) enum Key {
    /// In the environment, where it stays.
    Environment,
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
    pub(super) database: WarehouseUrl,
}

/// The shop.
pub(super) struct ShopAnswers {
    pub(super) key: Key,
    pub(super) site: Option<String>,
    /// Where a flag or the environment names one.
    pub(super) base_url: Option<String>,
}

/// Asks the user questions, if it may.
#[derive(Clone, Copy)]
pub(super) struct Asker {
    messages: Messages,
    /// Whether there is a user to answer.
    asks: bool,
}

impl Asker {
    /// `--yes` means no questions; without it there must be a terminal.
    pub(super) fn new(context: &Context, args: &ArgMatches) -> Result<Self, Failure> {
        let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        let asks = !args.get_flag("yes");
        if asks && !terminal {
            return Err(Failure::usage(Text::new("init-no-terminal")));
        }
        Ok(Self { messages: context.messages, asks })
    }

    pub(super) fn asks(self) -> bool {
        self.asks
    }

    /// Asks a yes/no question.
    pub(super) fn confirm(self, question: &Text) -> Result<bool, Failure> {
        let (words, question) = (Words(self.messages), self.messages.say(question));
        Confirm::with_theme(&words).with_prompt(question).default(true).interact().map_err(stopped)
    }

    fn text(
        self,
        question: &'static str,
        check: impl Fn(&str) -> Result<(), Failure>,
    ) -> Result<String, Failure> {
        let m = self.messages;
        let words = Words(m);
        let input = Input::<String>::with_theme(&words).with_prompt(m.get(question));
        let check = |text: &String| check(text.trim()).map_err(|failure| m.say(&failure.text));
        let answer = input.validate_with(check).interact_text().map_err(stopped)?;
        Ok(answer.trim().to_owned())
    }

    fn secret(self, question: &'static str) -> Result<SecretString, Failure> {
        let (words, question) = (Words(self.messages), self.messages.get(question));
        let answer = Password::with_theme(&words).with_prompt(question).interact().map_err(stopped)?;
        Ok(SecretString::from(answer.trim()))
    }

    /// One of several proposals; `None` for a query of one's own.
    pub(super) fn choose(self, proposals: &[Proposal]) -> Result<Option<&Proposal>, Failure> {
        let mut items: Vec<String> = proposals.iter().map(|proposal| proposal.tables.join(" + ")).collect();
        items.push(self.messages.get("init-own-query"));
        let prompt = self.messages.get("init-which-tables");
        let at = Select::new().with_prompt(prompt).items(&items).default(0).interact().map_err(stopped)?;
        Ok(proposals.get(at))
    }

    pub(super) fn query(self) -> Result<String, Failure> {
        self.text("init-ask-query", |_| Ok(()))
    }

    /// Which warehouses are summed; `None` for all.
    pub(super) fn warehouses(self, names: &[String]) -> Result<Option<Vec<String>>, Failure> {
        let prompt = self.messages.get("init-which-warehouses");
        let all = vec![true; names.len()];
        let select = MultiSelect::new().with_prompt(prompt).items(names).defaults(&all);
        let chosen = select.interact().map_err(stopped)?;
        let is_all = chosen.len() == names.len() || chosen.is_empty();
        Ok((!is_all).then(|| chosen.iter().filter_map(|at| names.get(*at).cloned()).collect()))
    }
}

/// Ctrl-C at a question.
fn stopped(_: dialoguer::Error) -> Failure {
    Failure::new(Text::new("init-stopped"), Outcome::Interrupted.exit_code())
}

/// Collects the answers: flags first, then the environment, then questions.
pub(super) fn collect(context: &Context, args: &ArgMatches, asker: Asker) -> Result<Answers, Failure> {
    refuse_two_answers(context, args)?;
    let offline = args.get_flag("offline");
    let mut shop = ShopAnswers::given(context, args)?;
    if asker.asks() && !offline {
        shop.ask(asker)?;
    }
    let mut database = match option(args, "database") {
        Some(text) => Some(database_of(text)?),
        None => context.settings.warehouse.value.clone(),
    };
    if database.is_none() && asker.asks() {
        let text = asker.text("init-ask-database", |text| is_usable(&database_of(text)?))?;
        database = Some(database_of(&text)?);
    }
    let needs = [
        ("WIX_API_KEY, WIX_API_KEY_FILE, --api-key-file", matches!(shop.key, Key::Missing) && !offline),
        ("WIX_SITE_ID, --site-id", shop.needs_site() && !offline),
        ("WIXSYNC_WAREHOUSE_URL, --database", database.is_none()),
    ];
    let missing: Vec<&str> = needs.iter().filter(|(_, missing)| *missing).map(|(name, _)| *name).collect();
    match database {
        Some(database) if missing.is_empty() => {
            is_usable(&database)?;
            Ok(Answers { shop, database })
        }
        _ => {
            let text = Text::new("init-missing").with("missing", missing.join("; "));
            Err(Failure::usage(text))
        }
    }
}

impl ShopAnswers {
    fn given(context: &Context, args: &ArgMatches) -> Result<Self, Failure> {
        let shop = context.settings.shops.first();
        let app = app_of(args)?.map(Key::App);
        let key = match args.get_one::<PathBuf>("api-key-file") {
            Some(file) if file.as_os_str() == "-" => Key::New(key_of_stdin()?),
            Some(file) => {
                let _ = read_secret(file, "--api-key-file")?;
                Key::File(file.clone())
            }
            None if app.is_some() => app.unwrap_or(Key::Missing),
            None if shop.is_some_and(|shop| shop.api_key.value.is_some()) => Key::Environment,
            None => Key::Missing,
        };
        let site = option(args, "site-id").map(str::to_owned);
        let site = site.or_else(|| shop?.site_id.value.clone());
        // A later run without the variable would send this key and this site to Wix.
        let set = shop.map(|shop| &shop.base_url).filter(|url| url.origin != Origin::Default);
        let base_url = option(args, "base-url").map(str::to_owned);
        let base_url = base_url.or_else(|| set.map(|url| url.value.to_string()));
        Ok(Self { key, site, base_url })
    }

    /// Whether the site is not known yet. A token of an app names it by itself.
    fn needs_site(&self) -> bool {
        self.site.is_none() && !matches!(self.key, Key::App(_))
    }

    /// Asks for what is missing.
    fn ask(&mut self, asker: Asker) -> Result<(), Failure> {
        if matches!(self.key, Key::Missing) {
            self.key = Key::New(asker.secret("init-ask-key")?);
        }
        if self.needs_site() {
            self.site = Some(asker.text("init-ask-site", |_| Ok(()))?);
        }
        Ok(())
    }

    /// Asks for key and site again, unless the environment sets them, which takes precedence.
    pub(super) fn ask_again(&mut self, context: &Context, asker: Asker) -> Result<(), Failure> {
        if !matches!(self.key, Key::Environment | Key::App(_)) {
            self.key = Key::Missing;
        }
        if context.settings.shops.first().is_none_or(|shop| shop.site_id.value.is_none()) {
            self.site = None;
        }
        self.ask(asker)
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
