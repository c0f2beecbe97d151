//! Which tables the stock comes from: by a flag, by the configuration file, by a clear proposal, or by the user's choice.

use clap::ArgMatches;
use domain::stock::Warehouses;
use messages::Text;
use stocklist::Field;
use sync::ports::{WarehouseError, WarehouseRead};
use warehouse::inspect::{Catalog, Column, Table};
use warehouse::{Patience, Source, WarehouseUrl};

use super::super::option;
use super::answers::ask_database;
use super::asker::Asker;
use super::files::Known;
use crate::context::Context;
use crate::error::Failure;
use crate::output::setup;
use crate::overlooked;
use crate::setup::Chosen;
use crate::setup::preview::SetupPreview;
use crate::setup::proposals::{Columns, Proposal, Shape, best, likeliest, proposals};

/// Chooses the tables of `database`. At a terminal the user may name another database until one can be read.
pub(super) async fn choose(
    context: &Context,
    args: &ArgMatches,
    asker: Asker,
    known: &Known,
    mut database: WarehouseUrl,
) -> Result<Chosen, Failure> {
    loop {
        match of_database(context, args, asker, known, &database).await {
            Ok(chosen) => return Ok(chosen),
            Err(failure) => asker.refuse(failure)?,
        }
        database = ask_database(asker, Some(&database))?;
    }
}

async fn of_database(
    context: &Context,
    args: &ArgMatches,
    asker: Asker,
    known: &Known,
    database: &WarehouseUrl,
) -> Result<Chosen, Failure> {
    let said: Option<Vec<String>> = args.get_many("warehouse").map(|names| names.cloned().collect());
    let (query, before) = known.source(database);
    let is_missing = database.file().is_some_and(|file| !file.exists());
    if is_missing && option(args, "query").is_none() {
        let (database, query) = (database.clone(), query.map(str::to_owned));
        let warehouses = said.or_else(|| before.map(<[String]>::to_vec));
        let (reserved, odd_prices) = (Vec::new(), Vec::new());
        return Ok(Chosen { database, shape: None, query, warehouses, read: None, reserved, odd_prices });
    }
    let (mut shape, mut query) = match (option(args, "query"), query) {
        (Some(query), _) => (None, Some(query.to_owned())),
        (None, Some(query)) if !asker.asks() => (None, Some(query.to_owned())),
        (None, kept) => proposed(context, asker, database, kept).await?,
    };
    let mut read = read(asker, database, &mut shape, &mut query).await?;
    let preview = SetupPreview::of(&read, None, context.settings.policy.value);
    let there: Vec<String> = preview.warehouses.keys().map(ToString::to_string).collect();
    let warehouses = warehouses(asker, said, before, &there)?;
    if let Some(names) = &warehouses {
        read.warehouses = Warehouses::Chosen(names.iter().map(|name| name.as_str().into()).collect());
    }
    let (reserved, odd_prices) = overlooked::look(database, query.as_deref()).await;
    let (database, read) = (database.clone(), Some(read));
    Ok(Chosen { database, shape, query, warehouses, read, reserved, odd_prices })
}

/// Reads the stock. A query that fails can be corrected at a terminal.
async fn read(
    asker: Asker,
    database: &WarehouseUrl,
    shape: &mut Option<Shape>,
    query: &mut Option<String>,
) -> Result<WarehouseRead, Failure> {
    loop {
        let source = query.clone().map_or(Source::Tables, Source::Query);
        let port = warehouse::open(database, source, Warehouses::All, Patience::default());
        let failure = match port.read().await {
            Ok(read) => return Ok(read),
            Err(error) => setup::warehouse_failure(&error),
        };
        let Some(wrong) = query.as_deref() else { return Err(failure) };
        asker.refuse(failure)?;
        (*shape, *query) = (None, Some(asker.text("init-ask-query", Some(wrong), |_| Ok(()))?));
    }
}

/// Which warehouses are summed: by the flags, the user's choice or the configuration file, else all.
fn warehouses(
    asker: Asker,
    said: Option<Vec<String>>,
    before: Option<&[String]>,
    there: &[String],
) -> Result<Option<Vec<String>>, Failure> {
    if let Some(name) = said.iter().flatten().find(|name| !there.contains(name)) {
        let text = Text::new("init-no-such-warehouse").with("name", name).with("names", there.join(", "));
        asker.refuse(Failure::usage(text))?;
        return asker.warehouses(there, None);
    }
    match said {
        None if asker.asks() && there.len() > 1 => asker.warehouses(there, before),
        None => Ok(before.map(<[String]>::to_vec)),
        said => Ok(said),
    }
}

async fn proposed(
    context: &Context,
    asker: Asker,
    database: &WarehouseUrl,
    kept: Option<&str>,
) -> Result<(Option<Shape>, Option<String>), Failure> {
    let catalog = warehouse::catalog(database);
    let failed = |error: WarehouseError| setup::warehouse_failure(&error);
    let tables = catalog.tables().await.map_err(failed)?;
    let found = proposals(&tables, catalog.as_ref());
    let clear = likeliest(&found).filter(|_| kept.is_none());
    let chosen = match clear {
        Some(clear) if !asker.asks() || clear.shape == Shape::Default => clear,
        _ if asker.asks() => {
            setup::show_proposals(context, &tables, &found);
            return pick(context, asker, &tables, catalog.as_ref(), &found, kept);
        }
        _ => {
            setup::show_proposals(context, &tables, &found);
            let id = if found.is_empty() { "init-no-tables" } else { "init-several-tables" };
            return Err(Failure::usage(Text::new(id).with("database", database)));
        }
    };
    Ok(source_of(chosen))
}

fn source_of(proposal: &Proposal) -> (Option<Shape>, Option<String>) {
    match &proposal.source {
        Source::Query(query) => (Some(proposal.shape), Some(query.clone())),
        Source::Tables => (Some(proposal.shape), None),
    }
}

/// Lets the user choose: the query that the configuration file has, a proposal, columns, or a query of one's own.
fn pick(
    context: &Context,
    asker: Asker,
    tables: &[Table],
    catalog: &dyn Catalog,
    found: &[Proposal],
    kept: Option<&str>,
) -> Result<(Option<Shape>, Option<String>), Failure> {
    let m = context.messages;
    let mut items: Vec<String> = kept.map(|_| m.get("init-kept-query")).into_iter().collect();
    let before = items.len();
    items.extend(found.iter().map(|proposal| proposal.tables.join(" + ")));
    let own = items.len();
    items.extend([m.get("init-own-columns"), m.get("init-own-query")]);
    match asker.pick("init-which-tables", &items, 0)? {
        at if at < before => Ok((None, kept.map(str::to_owned))),
        at if at == own && !tables.is_empty() => {
            let query = pick_columns(asker, &m.get("init-no-warehouse-column"), tables, catalog)?;
            Ok((Some(Shape::OneTable), Some(query)))
        }
        at => match found.get(at - before) {
            Some(proposal) => Ok(source_of(proposal)),
            None => Ok((None, Some(asker.text("init-ask-query", None, |_| Ok(()))?))),
        },
    }
}

/// The query over the table and the columns that the user picks.
fn pick_columns(
    asker: Asker,
    no_warehouse: &str,
    tables: &[Table],
    catalog: &dyn Catalog,
) -> Result<String, Failure> {
    let names: Vec<String> = tables.iter().map(|table| table.name.clone()).collect();
    let at = if tables.len() > 1 { asker.pick("init-which-table", &names, 0)? } else { 0 };
    let nothing = || Failure::usage(Text::new("init-no-tables").with("database", names.join(", ")));
    let table = tables.get(at).ok_or_else(nothing)?;
    let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let likely = |field| {
        let (column, _) = best(table, field)?;
        columns.iter().position(|name| *name == column.name)
    };
    let pick = |question, field| -> Result<&Column, Failure> {
        let at = asker.pick(question, &columns, likely(field).unwrap_or(0))?;
        table.columns.get(at).ok_or_else(nothing)
    };
    let sku = pick("init-which-sku", Field::Sku)?;
    let quantity = pick("init-which-quantity", Field::Quantity)?;
    let or_none: Vec<String> = columns.iter().cloned().chain([no_warehouse.to_owned()]).collect();
    let proposed = likely(Field::Warehouse).unwrap_or(columns.len());
    let at = asker.pick("init-which-warehouse-column", &or_none, proposed)?;
    Ok(Columns { sku, quantity, warehouse: table.columns.get(at) }.query(table, catalog))
}
