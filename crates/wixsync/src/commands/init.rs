//! `init`: from key, site and database to a configuration file, with both sides shown before it is written.

mod answers;
mod asker;
mod files;
mod record;
mod tables;
mod words;

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use domain::{Listing, Outcome};
use messages::Text;
use secrecy::ExposeSecret;
use sync::ports::{Shop, ShopError};
use tempfile::NamedTempFile;
use warehouse::WarehouseUrl;

use self::answers::{Answers, Key, ShopAnswers};
use self::asker::Asker;
use self::files::SetupFiles;
use self::record::Record;
use crate::config::{self, Changes, Settings};
use crate::context::Context;
use crate::error::Failure;
use crate::output::{Output, ProgressReporter, setup};
use crate::setup::Chosen;
use crate::setup::preview::SetupPreview;
use crate::wiring;

pub(super) async fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let files = SetupFiles::of(context, args)?;
    let asker = Asker::new(context, args)?;
    let known = files.known(context);
    let offline = args.get_flag("offline");
    let mut answers = Answers::given(context, args, &known)?;
    if !asker.asks() {
        answers.refuse_missing(offline)?;
    }
    if matches!(answers.shop.key, Key::New(_)) {
        files.refuse_existing(&files.key())?;
    }
    setup::show_environment(context);
    // A user learns at once whether key and site are right. Without one, the database comes first: it costs no requests.
    let mut read = None;
    if asker.asks() && !offline {
        answers.shop.ask(asker)?;
        read = Some(ask_shop(context, asker, &files, &mut answers.shop).await?);
    }
    let database = answers.ask_database(asker)?;
    let chosen = tables::choose(context, args, asker, &known, database).await?;
    if read.is_none() && !offline {
        read = Some(ask_shop(context, asker, &files, &mut answers.shop).await?);
    }
    // Settings that are not valid fail here, before anything is written.
    let (_, settings) = draft(context, &files, &answers.shop, Some(&chosen))?;
    let of_shop = read.as_ref().map(|(listings, _)| listings.as_slice());
    let policy = settings.policy.value;
    let preview = chosen.read.as_ref().map(|read| SetupPreview::of(read, of_shop, policy));
    setup::show(context, &chosen, preview.as_ref());
    if asker.asks() && !asker.confirm(&Text::new("init-write").with("file", files.config.display()))? {
        return Err(Failure::new(Text::new("init-stopped"), Outcome::Interrupted.exit_code()));
    }
    let old = write(context, &files, &answers.shop, &chosen)?;
    if let Some((_, record)) = read {
        record.keep()?;
    }
    let key = matches!(answers.shop.key, Key::New(_)).then(|| files.key());
    let written = setup::Written {
        config: &files.config,
        key: key.as_deref(),
        old: old.config.as_deref(),
        old_key: old.key.as_deref(),
    };
    setup::tell(context, &chosen, preview.as_ref(), &written);
    Ok(0)
}

/// Reads the shop. At a terminal the user may correct key and site until that works.
async fn ask_shop(
    context: &Context,
    asker: Asker,
    files: &SetupFiles,
    answers: &mut ShopAnswers,
) -> Result<(Vec<Listing>, Record), Failure> {
    let mut record = None;
    loop {
        if matches!(answers.key, Key::New(_)) {
            files.refuse_existing(&files.key())?;
        }
        let (_, settings) = draft(context, files, answers, None)?;
        let mut open = match record.take() {
            Some(record) => record,
            None => Record::of(&settings)?,
        };
        let failure = match read_shop(context, files, &settings, &mut open).await? {
            Ok(listings) => return Ok((listings, open)),
            Err(error) => setup::shop_failure(&error),
        };
        if !answers.can_be_asked() {
            return Err(failure);
        }
        asker.refuse(failure)?;
        if !asker.confirm(&Text::new("init-again"))? {
            return Err(Failure::new(Text::new("init-stopped"), Outcome::Failed.exit_code()));
        }
        answers.ask_again(asker)?;
        record = Some(open);
    }
}

/// The configuration as a draft beside its final place, and the settings that later commands will read from it.
fn draft(
    context: &Context,
    files: &SetupFiles,
    answers: &ShopAnswers,
    chosen: Option<&Chosen>,
) -> Result<(NamedTempFile, Settings), Failure> {
    let load = |key_file: &Path| {
        let changes = changes(files, answers, chosen, key_file);
        let draft = files.draft(&files.text(context.messages, &changes))?;
        let settings = config::load(&context.environment, config::File::Find(Some(draft.path())), None)?;
        Ok::<_, Failure>((draft, settings))
    };
    let Key::New(key) = &answers.key else { return load(&files.key()) };
    // The key's file is made last, when all else is well. The settings are read with a draft of it.
    let key = files.draft_key(key)?;
    let (_, settings) = load(key.path())?;
    let changes = changes(files, answers, chosen, &files.key());
    Ok((files.draft(&files.text(context.messages, &changes))?, settings))
}

/// What the configuration is to say.
fn changes(files: &SetupFiles, answers: &ShopAnswers, chosen: Option<&Chosen>, key_file: &Path) -> Changes {
    let mut changes = Changes::new();
    // A service has no locale to follow.
    changes.extend(files.lang.map(|lang| ("lang", Some(lang.to_string().into()))));
    if let Some(chosen) = chosen {
        let url = match chosen.database.file() {
            Some(file) => WarehouseUrl::in_file(PathBuf::from(files.named(file))).to_string(),
            // Only its owner can read the new file.
            None => chosen.database.with_credentials().expose_secret().to_owned(),
        };
        changes.push(("warehouse.url", Some(url.into())));
        changes.push(("warehouse.query", chosen.query.as_deref().map(Into::into)));
        let names = chosen.warehouses.as_ref().map(|names| names.iter().map(String::as_str).collect());
        changes.push(("warehouse.warehouses", names));
    }
    let is_replaced = matches!(answers.key, Key::File(_) | Key::New(_) | Key::App(_));
    let mut credentials: Changes =
        CREDENTIALS.iter().filter(|_| is_replaced).map(|name| (*name, None)).collect();
    let mut set = |key: &str, value: &str| {
        for (_, slot) in credentials.iter_mut().filter(|(name, _)| *name == key) {
            *slot = Some(value.into());
        }
    };
    match &answers.key {
        Key::File(file) => set("shop.api_key_file", &files.named(file)),
        Key::New(_) => set("shop.api_key_file", &files.named(key_file)),
        Key::App(app) => {
            set("shop.app_id", &app.app_id);
            set("shop.app_secret_file", &files.named(&app.secret_file));
            set("shop.instance_id", &app.instance_id);
        }
        Key::Environment | Key::Kept | Key::KeptApp | Key::Missing => {}
    }
    changes.extend(credentials);
    for (key, value) in [("shop.site_id", &answers.site), ("shop.base_url", &answers.base_url)] {
        changes.extend(value.as_deref().map(|value| (key, Some(value.into()))));
    }
    changes
}

/// All that says how a site is reached. One way takes the place of another.
const CREDENTIALS: [&str; 6] = [
    "shop.api_key",
    "shop.api_key_file",
    "shop.app_id",
    "shop.app_secret",
    "shop.app_secret_file",
    "shop.instance_id",
];

async fn read_shop(
    context: &Context,
    files: &SetupFiles,
    settings: &Settings,
    record: &mut Record,
) -> Result<Result<Vec<Listing>, ShopError>, Failure> {
    let shop = wiring::choose_shop(settings, files.shop_name())?;
    let record = record.open().await?;
    let port = wiring::open_shop(settings, shop, &record.state, context.messages, context.clock)?;
    let reporter = ProgressReporter::new(context.messages, context.bars.clone(), context.clock);
    let read = port.read_all(&reporter).await;
    reporter.end();
    drop(port);
    record.close().await?;
    Ok(read.map(|catalog| catalog.listings))
}

/// The files with what was there before.
struct Kept {
    config: Option<PathBuf>,
    key: Option<PathBuf>,
}

/// Writes the files. What they said before is kept beside them.
fn write(
    context: &Context,
    files: &SetupFiles,
    answers: &ShopAnswers,
    chosen: &Chosen,
) -> Result<Kept, Failure> {
    let (draft, _) = draft(context, files, answers, Some(chosen))?;
    let is_new_key = matches!(answers.key, Key::New(_));
    let old_key = if is_new_key { files.keep_old_key()? } else { None };
    let old = Kept { config: files.keep_old_config()?, key: old_key };
    if let Key::New(key) = &answers.key {
        files.keep_key(key)?;
    }
    if let Err(failure) = files.keep_config(draft) {
        if matches!(answers.key, Key::New(_)) {
            // A key without its configuration would stand in the way of the next try.
            files.forget_key(old.key.as_deref());
        }
        return Err(failure);
    }
    let secret_file = match &answers.key {
        Key::File(file) => Some(file),
        Key::App(app) => Some(&app.secret_file),
        Key::Environment | Key::Kept | Key::KeptApp | Key::New(_) | Key::Missing => None,
    };
    if let Some(file) = secret_file.filter(|file| config::others_may_read(file)) {
        let text = super::open_key(file);
        Output::warning(context.messages, &text);
        Output::hint(context.messages, &context.messages.hint(&text).unwrap_or_default());
    }
    Ok(old)
}
