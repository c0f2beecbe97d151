//! Takes one stock list: reads it, compares it with the warehouse, and writes it.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use clap::ArgMatches;
use messages::Text;
use stocklist::{
    DecimalMark, Encoding, Field, File, Mapping, Options, QuantityWord, Refusal, RemarkKind, StockList,
};
use sync::ports::WarehouseErrorClass;
use warehouse::WarehouseUrl;
use warehouse::import::{Changes, Details, Import, ImportError, ImportRow, Kept, PartialList, ReplaceScope};

use crate::commands::option;
use crate::config::Settings;
use crate::error::Failure;
use crate::wiring;

/// A larger file is no stock list.
pub(crate) const LARGEST: u64 = 1 << 30;

/// The warehouse of a list that names none, where the database has none either.
const ONLY_WAREHOUSE: &str = "main";

/// A file of a list.
#[derive(Debug)]
pub(crate) struct ListFile {
    /// Its name in messages.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// A list that was imported, or would be.
#[derive(Debug)]
pub(crate) struct Imported {
    pub(crate) file: String,
    pub(crate) database: String,
    pub(crate) list: StockList,
    pub(crate) rows: Vec<ImportRow>,
    pub(crate) changes: Changes,
    pub(crate) reach: ReplaceScope,
    pub(crate) dry_run: bool,
}

/// What became of a list.
#[derive(Debug)]
pub(crate) enum Taken {
    /// It was imported; in a dry run it would have been.
    Imported(Box<Imported>),
    /// It may be a part of the stock, and was not imported.
    Held(Box<Imported>, PartialList),
    /// It cannot be read as a stock list.
    Refused(Refusal),
    /// It does not fit the options or the warehouse.
    Unusable(Failure),
}

impl ListFile {
    /// Reads a file; `-` is stdin.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let mut bytes = Vec::new();
        let mut read = |source: &mut dyn Read| source.take(LARGEST + 1).read_to_end(&mut bytes);
        let length = if path.as_os_str() == "-" {
            read(&mut std::io::stdin().lock())
        } else {
            std::fs::File::open(path).and_then(|mut file| read(&mut file))
        };
        match length {
            Ok(length) if u64::try_from(length).is_ok_and(|length| length > LARGEST) => {
                Err(Failure::usage(Text::new("import-too-large").with("file", path.display())))
            }
            Ok(_) => Ok(Self { name: path.display().to_string(), bytes }),
            Err(error) => {
                let text = Text::new("import-file").with("file", path.display()).with("detail", error);
                Err(Failure::usage(text))
            }
        }
    }
}

/// The warehouse that lists are imported into.
pub(crate) async fn database(settings: &Settings) -> Result<&WarehouseUrl, Failure> {
    let database = wiring::embedded_warehouse(settings)?;
    match database.file() {
        Some(file) if state::is_state_file(file).await => {
            Err(Failure::usage(Text::new("import-state-database").with("database", database)))
        }
        _ => Ok(database),
    }
}

/// Takes a list in one or several files with the options `args`. `progress` receives the number of written rows and the
/// total.
pub(crate) async fn take(
    settings: &Settings,
    args: &ArgMatches,
    files: &[ListFile],
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<Taken, Failure> {
    let database = database(settings).await?;
    let list = match tokio::task::block_in_place(|| read(files, &options(args))) {
        Ok(list) => list,
        Err(refused) => return Ok(Taken::Refused(refused)),
    };
    let dry_run = args.get_flag("dry-run");
    let begun =
        warehouse::begin_import(database, dry_run, settings.busy_timeout.value).await.map_err(failure)?;
    let (rows, kept, mut reach) = match placed(settings, args, &list, &begun) {
        Ok(placed) => placed,
        Err(failure) => return Ok(Taken::Unusable(failure)),
    };
    if args.get_flag("merge") {
        reach = ReplaceScope::Nothing;
    }
    let changes = begun.compare(&rows, &kept, &reach);
    let file = files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ");
    let done = Imported { file, database: database.to_string(), list, rows, changes, reach, dry_run };
    let done = Box::new(done);
    if let Some(part) = done.changes.part.filter(|_| !args.get_flag("replace")) {
        return Ok(Taken::Held(done, part));
    }
    if !dry_run {
        begun.write(&done.rows, &done.changes, progress).await.map_err(failure)?;
    }
    Ok(Taken::Imported(done))
}

/// The list in the files, or why it is refused.
fn read(files: &[ListFile], options: &Options) -> Result<StockList, Refusal> {
    quietly(|| match files {
        [only] => stocklist::read(&only.bytes, options),
        several => {
            let files = several.iter().map(|file| File { name: &file.name, bytes: &file.bytes });
            stocklist::read_all(&files.collect::<Vec<_>>(), options)
        }
    })
}

/// A damaged workbook may make the library that reads it panic. `stocklist` catches that and refuses the file; the
/// library's own panic message is kept from the user.
fn quietly<T>(read: impl FnOnce() -> T) -> T {
    let hook = Arc::new(std::panic::take_hook());
    let own = Arc::clone(&hook);
    std::panic::set_hook(Box::new(move |info| {
        if info.location().is_some_and(|place| place.file().starts_with("crates/")) {
            own(info);
        }
    }));
    let done = read();
    std::panic::set_hook(Box::new(move |info| hook(info)));
    done
}

fn options(args: &ArgMatches) -> Options {
    Options {
        encoding: args.get_one::<Encoding>("encoding").copied(),
        delimiter: args.get_one::<u8>("delimiter").copied(),
        decimal: args.get_one::<DecimalMark>("decimal").copied(),
        sheet: option(args, "sheet").map(str::to_owned),
        columns: args.get_many::<Mapping>("column").map(|all| all.cloned().collect()).unwrap_or_default(),
        subtract: args.get_many::<Mapping>("subtract").map(|all| all.cloned().collect()).unwrap_or_default(),
        fill_warehouse: option(args, "warehouse").map(str::to_owned),
        words: args
            .get_many::<Vec<QuantityWord>>("quantity-words")
            .map(|all| all.flatten().cloned().collect())
            .unwrap_or_default(),
        strip_units: args.get_flag("strip-units"),
        skip_hidden: args.get_flag("skip-hidden"),
        ignore_total: args.get_flag("ignore-total"),
        headings: !args.get_flag("no-headings"),
        sum: args.get_flag("sum"),
        empty_as_zero: args.get_flag("empty-as-zero"),
        skip_without_sku: args.get_flag("skip-without-sku"),
    }
}

/// The rows, each with its warehouse, those whose stock stays as it is, and what a list of the whole stock replaces.
fn placed(
    settings: &Settings,
    args: &ArgMatches,
    list: &StockList,
    begun: &Import,
) -> Result<(Vec<ImportRow>, Kept, ReplaceScope), Failure> {
    let says = list.rows.iter().any(|row| row.warehouse.is_some());
    let is_filled = list.remarks.iter().any(|remark| remark.kind == RemarkKind::FilledWarehouse);
    let name = match (says, option(args, "warehouse")) {
        (true, Some(_)) if is_filled => None,
        (true, Some(_)) => return Err(Failure::usage(Text::new("import-warehouse-twice"))),
        (true, None) => None,
        (false, Some(name)) => Some(Arc::from(name)),
        (false, None) => Some(only_warehouse(settings, begun)?),
    };
    let (mut rows, mut kept) = (Vec::with_capacity(list.rows.len()), Vec::new());
    for row in &list.rows {
        // A list names the warehouse of all rows or of none.
        let Some(warehouse) = row.warehouse.clone().or_else(|| name.clone()) else { continue };
        match row.quantity {
            Some(quantity) => {
                rows.push(ImportRow { sku: row.sku.clone(), warehouse, quantity, details: details(row) });
            }
            None => kept.push((row.sku.clone(), warehouse)),
        }
    }
    Ok((rows, Kept::of(kept), name.map_or(ReplaceScope::Everything, ReplaceScope::Warehouse)))
}

/// The warehouse of units for which the list names none: the one that is chosen or the only one there is. A second
/// name for the same units would count them twice.
fn only_warehouse(settings: &Settings, begun: &Import) -> Result<Arc<str>, Failure> {
    let chosen = settings.warehouses.value.as_ref();
    let names: Vec<Option<Arc<str>>> = match chosen {
        Some(names) => names.iter().map(|name| Some(Arc::from(name.as_str()))).collect(),
        None => begun.warehouses(),
    };
    match names.as_slice() {
        [] => Ok(Arc::from(ONLY_WAREHOUSE)),
        [Some(only)] => Ok(Arc::clone(only)),
        several => {
            let names: Vec<&str> = several.iter().map(|name| name.as_deref().unwrap_or("NULL")).collect();
            let text = Text::new("import-which-warehouse").with("names", names.join(", "));
            Err(Failure::usage(text))
        }
    }
}

fn details(row: &stocklist::Row) -> Details {
    let of = |field: Field| {
        let found = row.details.texts.iter().find(|(found, _)| *found == field);
        found.map(|(_, text)| text.clone())
    };
    Details {
        name: of(Field::Name),
        brand: of(Field::Brand),
        price: of(Field::Price),
        description: of(Field::Description),
    }
}

fn failure(error: ImportError) -> Failure {
    // Asking for what a server never gets is a wrong setting, not a failure.
    let tells = if matches!(error, ImportError::OnServer { .. }) { Failure::usage } else { Failure::failed };
    tells(match error {
        ImportError::Database(error) if error.class == WarehouseErrorClass::Damaged => {
            Text::new("fail-warehouse-damaged").with("detail", error.detail)
        }
        ImportError::Database(error) if error.class == WarehouseErrorClass::Unfinished => {
            Text::new("fail-warehouse-unfinished").with("detail", error.detail)
        }
        ImportError::Database(error) => Text::new("import-database").with("detail", error.detail),
        ImportError::OnServer { address } => Text::new("import-on-server").with("address", address),
        ImportError::NotATable { name } => Text::new("import-not-a-table").with("table", name),
        ImportError::MissingColumns { table, missing } => {
            Text::new("import-missing-columns").with("table", table).with("columns", missing)
        }
        ImportError::NotKept { sku, found } => {
            Text::new("import-not-kept").with("sku", sku).with("found", found)
        }
    })
}
