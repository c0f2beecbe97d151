//! `import FILE`: a stock list becomes the content of the embedded warehouse.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ArgMatches;
use domain::Outcome;
use messages::Text;
use stocklist::{
    DecimalMark, Encoding, Field, File, Mapping, Options, QuantityWord, Refusal, RemarkKind, StockList,
};
use sync::ports::WarehouseErrorClass;
use warehouse::WarehouseUrl;
use warehouse::import::{Details, Import, ImportError, ImportRow, Kept, ReplaceScope};

use super::option;
use crate::context::Context;
use crate::error::{FAILED, Failure};
use crate::output::{self, import, refusal};
use crate::wiring;

/// A larger file is no stock list.
const LARGEST: u64 = 1 << 30;

/// The warehouse of a list that names none, where the database has none either.
const ONLY_WAREHOUSE: &str = "main";

pub(super) async fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let paths: Vec<&Path> =
        args.get_many::<PathBuf>("file").into_iter().flatten().map(PathBuf::as_path).collect();
    let name = paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    let database = wiring::embedded_warehouse(&context.settings)?;
    if is_state(database).await {
        return Err(Failure::usage(Text::new("import-state-database").with("database", database)));
    }
    let list = match read(&paths, &options(args))? {
        Ok(list) => list,
        Err(refused) => {
            let shown = args.get_one::<u16>("errors").copied().map_or(20, usize::from);
            refusal::tell(context, &name, &refused, shown);
            return Ok(FAILED);
        }
    };
    let dry_run = args.get_flag("dry-run");
    let busy_timeout = context.settings.busy_timeout.value;
    let begun = warehouse::begin_import(database, dry_run, busy_timeout).await.map_err(failure)?;
    let (rows, kept, mut reach) = placed(context, args, &list, &begun)?;
    if args.get_flag("merge") {
        reach = ReplaceScope::Nothing;
    }
    let changes = begun.compare(&rows, &kept, &reach);
    let done = import::Done {
        file: &name,
        database: database.to_string(),
        list: &list,
        rows: &rows,
        changes: &changes,
        reach: &reach,
        dry_run,
    };
    if let Some(part) = changes.part.filter(|_| !args.get_flag("replace")) {
        import::tell_held(context, &done, part);
        return Ok(Outcome::HeldByGuard.exit_code());
    }
    if !dry_run {
        let bar = output::bar(
            &context.bars,
            context.messages,
            "progress-importing",
            u64::try_from(rows.len()).unwrap_or(u64::MAX),
        );
        let mut progress = |done: usize, of: usize| {
            bar.set_length(u64::try_from(of).unwrap_or(u64::MAX));
            bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
        };
        let written = begun.write(&rows, &changes, &mut progress).await;
        bar.finish_and_clear();
        written.map_err(failure)?;
    }
    import::tell(context, &done);
    Ok(0)
}

/// Whether the warehouse's address is that of a state database.
async fn is_state(database: &WarehouseUrl) -> bool {
    match database.file() {
        Some(file) => state::is_state_file(file).await,
        None => false,
    }
}

/// The list in the files, or why it is refused.
fn read(paths: &[&Path], options: &Options) -> Result<Result<StockList, Refusal>, Failure> {
    let contents = paths.iter().map(|path| content(path)).collect::<Result<Vec<_>, _>>()?;
    let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    Ok(quietly(|| match contents.as_slice() {
        [only] => stocklist::read(only, options),
        several => {
            let files = names.iter().zip(several).map(|(name, bytes)| File { name, bytes });
            stocklist::read_all(&files.collect::<Vec<_>>(), options)
        }
    }))
}

fn content(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        let text = Text::new("import-file").with("file", path.display()).with("detail", error);
        Failure::usage(text)
    };
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
        Ok(_) => Ok(bytes),
        Err(error) => Err(failed(&error)),
    }
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
    context: &Context,
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
        (false, None) => Some(only_warehouse(context, begun)?),
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
fn only_warehouse(context: &Context, begun: &Import) -> Result<Arc<str>, Failure> {
    let chosen = context.settings.warehouses.value.as_ref();
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
    Failure::failed(match error {
        ImportError::Database(error) if error.class == WarehouseErrorClass::Damaged => {
            Text::new("fail-warehouse-damaged").with("detail", error.detail)
        }
        ImportError::Database(error) if error.class == WarehouseErrorClass::Unfinished => {
            Text::new("fail-warehouse-unfinished").with("detail", error.detail)
        }
        ImportError::Database(error) => Text::new("import-database").with("detail", error.detail),
        ImportError::NotATable { name } => Text::new("import-not-a-table").with("table", name),
        ImportError::MissingColumns { table, missing } => {
            Text::new("import-missing-columns").with("table", table).with("columns", missing)
        }
        ImportError::NotKept { sku, found } => {
            Text::new("import-not-kept").with("sku", sku).with("found", found)
        }
    })
}
