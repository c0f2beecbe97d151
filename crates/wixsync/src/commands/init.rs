//! `init`: from key, site and database to a configuration file, with both sides shown before it is written.

mod answers;
mod files;
mod record;
mod words;

use std::path::PathBuf;

use clap::ArgMatches;
use domain::stock::Warehouses;
use domain::{Listing, Outcome};
use messages::Text;
use secrecy::ExposeSecret;
use sync::ports::{Shop, ShopError, WarehouseError, WarehouseRead};
use tempfile::NamedTempFile;
use warehouse::{Source, WarehouseUrl};

use self::answers::{Answers, Asker, Key};
use self::files::SetupFiles;
use self::record::Record;
use super::option;
use crate::config::{self, Example, Settings};
use crate::context::Context;
use crate::error::Failure;
use crate::output::{Diagnostic, Output, ProgressReporter, setup};
use crate::setup::Chosen;
use crate::setup::preview::SetupPreview;
use crate::setup::proposals::{Proposal, Shape, likeliest, proposals};
use crate::wiring;

pub(super) async fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let files = SetupFiles::of(context, args)?;
    let asker = Asker::new(context, args)?;
    let mut answers = answers::collect(context, args, asker)?;
    if matches!(answers.shop.key, Key::New(_)) {
        files.refuse_existing(&files.key())?;
    }
    let chosen = choose(context, args, asker, answers.database.clone()).await?;
    let read = if args.get_flag("offline") {
        // Settings that are not valid fail here too.
        draft(context, &files, &answers, &chosen)?;
        None
    } else {
        Some(ask_shop(context, asker, &files, &mut answers, &chosen).await?)
    };
    let policy = context.settings.policy.value;
    let of_shop = read.as_ref().map(|(listings, _)| listings.as_slice());
    let preview = chosen.read.as_ref().map(|read| SetupPreview::of(read, of_shop, policy));
    setup::show(context, &chosen, preview.as_ref());
    if asker.asks() && !asker.confirm(&Text::new("init-write").with("file", files.config.display()))? {
        return Err(Failure::new(Text::new("init-stopped"), Outcome::Interrupted.exit_code()));
    }
    write(context, &files, &answers, &chosen)?;
    if let Some((_, record)) = read {
        record.keep()?;
    }
    let key_file = matches!(answers.shop.key, Key::New(_)).then(|| files.key());
    setup::tell(context, &chosen, preview.as_ref(), &files.config, key_file.as_deref());
    Ok(0)
}

/// Reads the shop. At a terminal the user may correct key and site until that works.
async fn ask_shop(
    context: &Context,
    asker: Asker,
    files: &SetupFiles,
    answers: &mut Answers,
    chosen: &Chosen,
) -> Result<(Vec<Listing>, Record), Failure> {
    let (_, mut settings) = draft(context, files, answers, chosen)?;
    let mut record = Record::of(&settings)?;
    loop {
        let failure = match read_shop(context, &settings, &mut record).await? {
            Ok(listings) => return Ok((listings, record)),
            Err(error) => setup::shop_failure(&error),
        };
        if !asker.asks() {
            return Err(failure);
        }
        Output::error(context.messages, &Diagnostic::of(context.messages, &failure.text));
        if !asker.confirm(&Text::new("init-again"))? {
            return Err(Failure::new(Text::new("init-stopped"), Outcome::Failed.exit_code()));
        }
        answers.shop.ask_again(context, asker)?;
        settings = draft(context, files, answers, chosen)?.1;
    }
}

/// The tables that the stock comes from: by the flag, the one clear proposal, or the user's choice.
async fn choose(
    context: &Context,
    args: &ArgMatches,
    asker: Asker,
    database: WarehouseUrl,
) -> Result<Chosen, Failure> {
    let warehouses: Option<Vec<String>> = args.get_many("warehouse").map(|names| names.cloned().collect());
    let is_missing = database.file().is_some_and(|file| !file.exists());
    if is_missing && option(args, "query").is_none() {
        return Ok(Chosen { database, shape: None, query: None, warehouses, read: None });
    }
    let (shape, query) = match option(args, "query") {
        Some(query) => (None, Some(query.to_owned())),
        None => proposed(context, asker, &database).await?,
    };
    let source = query.clone().map_or(Source::Tables, Source::Query);
    let port = warehouse::open(&database, source, Warehouses::All, warehouse::BUSY_TIMEOUT);
    let mut read = port.read().await.map_err(|error| setup::warehouse_failure(&error))?;
    let warehouses = choose_warehouses(context, asker, warehouses, &mut read)?;
    Ok(Chosen { database, shape, query, warehouses, read: Some(read) })
}

/// Which warehouses are summed: by the flags or the user's choice, else all.
fn choose_warehouses(
    context: &Context,
    asker: Asker,
    said: Option<Vec<String>>,
    read: &mut WarehouseRead,
) -> Result<Option<Vec<String>>, Failure> {
    let preview = SetupPreview::of(read, None, context.settings.policy.value);
    let there: Vec<String> = preview.warehouses.keys().map(ToString::to_string).collect();
    if let Some(name) = said.iter().flatten().find(|name| !there.contains(name)) {
        let text = Text::new("init-no-such-warehouse").with("name", name).with("names", there.join(", "));
        return Err(Failure::usage(text));
    }
    let chosen = match said {
        None if asker.asks() && there.len() > 1 => asker.warehouses(&there)?,
        said => said,
    };
    if let Some(names) = &chosen {
        read.warehouses = Warehouses::Chosen(names.iter().map(|name| name.as_str().into()).collect());
    }
    Ok(chosen)
}

async fn proposed(
    context: &Context,
    asker: Asker,
    database: &WarehouseUrl,
) -> Result<(Option<Shape>, Option<String>), Failure> {
    let catalog = warehouse::catalog(database);
    let failed = |error: WarehouseError| setup::warehouse_failure(&error);
    let tables = catalog.tables().await.map_err(failed)?;
    let found = proposals(&tables, catalog.as_ref());
    let clear = likeliest(&found);
    let chosen = match (clear, asker.asks()) {
        (Some(clear), false) => Some(clear),
        (Some(clear), true) if clear.shape == Shape::Default => Some(clear),
        (_, false) => {
            setup::show_proposals(context, &tables, &found);
            let id = if found.is_empty() { "init-no-tables" } else { "init-several-tables" };
            let text = Text::new(id).with("database", database);
            return Err(Failure::usage(text));
        }
        (_, true) => {
            setup::show_proposals(context, &tables, &found);
            asker.choose(&found)?
        }
    };
    match chosen {
        Some(Proposal { shape, source: Source::Query(query), .. }) => Ok((Some(*shape), Some(query.clone()))),
        Some(Proposal { shape, source: Source::Tables, .. }) => Ok((Some(*shape), None)),
        None => Ok((None, Some(asker.query()?))),
    }
}

/// The configuration as a draft beside its final place, and the settings that later commands will read from it.
fn draft(
    context: &Context,
    files: &SetupFiles,
    answers: &Answers,
    chosen: &Chosen,
) -> Result<(NamedTempFile, Settings), Failure> {
    let url = match chosen.database.file() {
        Some(file) => WarehouseUrl::in_file(PathBuf::from(files.named(file))).to_string(),
        None => chosen.database.to_string(),
    };
    let mut example = Example::default().set("warehouse.url", url);
    if let Some(query) = &chosen.query {
        example = example.set("warehouse.query", query.as_str());
    }
    if let Some(names) = &chosen.warehouses {
        example = example.set("warehouse.warehouses", names.clone());
    }
    for (key, value) in [("shop.site_id", &answers.shop.site), ("shop.base_url", &answers.shop.base_url)] {
        if let Some(value) = value {
            example = example.set(key, value.as_str());
        }
    }
    if let Key::File(file) = &answers.shop.key {
        example = example.set("shop.api_key_file", files.named(file));
    }
    if let Key::App(app) = &answers.shop.key {
        example = example.set("shop.app_id", app.app_id.as_str());
        example = example.set("shop.app_secret_file", files.named(&app.secret_file));
        example = example.set("shop.instance_id", app.instance_id.as_str());
    }
    let mut environment = context.environment.clone();
    if let Key::New(key) = &answers.shop.key {
        // Its file is made last, when all else is well.
        environment = environment.with("WIX_API_KEY", key.expose_secret());
        let draft = files.draft(&example.text(context.messages))?;
        let settings = config::load(&environment, config::File::Find(Some(draft.path())), None)?;
        let named = example.set("shop.api_key_file", files.named(&files.key()));
        return Ok((files.draft(&named.text(context.messages))?, settings));
    }
    let draft = files.draft(&example.text(context.messages))?;
    let settings = config::load(&environment, config::File::Find(Some(draft.path())), None)?;
    Ok((draft, settings))
}

async fn read_shop(
    context: &Context,
    settings: &Settings,
    record: &mut Record,
) -> Result<Result<Vec<Listing>, ShopError>, Failure> {
    let shop = wiring::choose_shop(settings, None)?;
    let record = record.open().await?;
    let port = wiring::open_shop(settings, shop, &record.state, context.messages, context.clock)?;
    let reporter = ProgressReporter::new(context.messages, context.bars.clone(), context.clock);
    let read = port.read_all(&reporter).await;
    reporter.end();
    drop(port);
    record.close().await?;
    Ok(read.map(|catalog| catalog.listings))
}

fn write(context: &Context, files: &SetupFiles, answers: &Answers, chosen: &Chosen) -> Result<(), Failure> {
    let (draft, _) = draft(context, files, answers, chosen)?;
    if let Key::New(key) = &answers.shop.key {
        files.keep_key(key)?;
    }
    if let Err(failure) = files.keep(draft, &files.config) {
        if matches!(answers.shop.key, Key::New(_)) {
            // A key without its configuration would stand in the way of the next try.
            files.forget_key();
        }
        return Err(failure);
    }
    let secret_file = match &answers.shop.key {
        Key::File(file) => Some(file),
        Key::App(app) => Some(&app.secret_file),
        Key::Environment | Key::New(_) | Key::Missing => None,
    };
    if let Some(file) = secret_file.filter(|file| config::others_may_read(file)) {
        let text = super::open_key(file);
        Output::warning(context.messages, &text);
        Output::hint(context.messages, &context.messages.hint(&text).unwrap_or_default());
    }
    Ok(())
}
