//! Decides which sheets of a workbook are the list.

use crate::columns::layout::Layout;
use crate::columns::search;
use crate::formats::spreadsheet::Book;
use crate::table::Table;
use crate::{Options, Refusal};

/// In place of a sheet's name: all visible sheets with a list.
const ALL: &str = "all";

/// A sheet with a list.
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) table: Table,
    pub(crate) layout: Layout,
}

/// The sheets that are the list, and those that are not read.
pub(crate) struct Chosen {
    pub(crate) sheets: Vec<Sheet>,
    /// Sheets with content that are not read: hidden ones, and those without a list.
    pub(crate) passed_over: Vec<String>,
}

/// Chooses the sheet that the caller names, all of them, or the only visible sheet with a stock list.
pub(crate) fn choose(book: &mut Book<'_>, options: &Options) -> Result<Chosen, Refusal> {
    let sheets = book.sheets();
    let named = options.sheet.as_deref();
    match named.filter(|name| *name != ALL || sheets.iter().any(|(sheet, _)| sheet == *name)) {
        Some(name) => only(book, name, options, sheets),
        None => by_content(book, options, sheets, named.is_some()),
    }
}

fn only(
    book: &mut Book<'_>,
    name: &str,
    options: &Options,
    sheets: Vec<(String, bool)>,
) -> Result<Chosen, Refusal> {
    if !sheets.iter().any(|(sheet, _)| sheet == name) {
        let sheets = sheets.into_iter().map(|(name, _)| name).collect();
        return Err(Refusal::NoSuchSheet { name: name.to_owned(), sheets });
    }
    let table = book.table(name)?;
    let layout = search::find(&table, options)?;
    Ok(Chosen { sheets: vec![Sheet { name: name.to_owned(), table, layout }], passed_over: Vec::new() })
}

fn by_content(
    book: &mut Book<'_>,
    options: &Options,
    sheets: Vec<(String, bool)>,
    all: bool,
) -> Result<Chosen, Refusal> {
    let mut found = Vec::new();
    let mut passed_over = Vec::new();
    // The refusal of a sheet with content says more than that of an empty sheet.
    let mut refused: Vec<(String, Refusal)> = Vec::new();
    for (name, is_visible) in sheets {
        let table = book.table(&name)?;
        if table.records.is_empty() {
            continue;
        }
        if !is_visible {
            passed_over.push(name);
            continue;
        }
        match search::find(&table, options) {
            Ok(layout) => found.push(Sheet { name, table, layout }),
            Err(refusal) => refused.push((name, refusal)),
        }
    }
    let (unclear, without): (Vec<_>, Vec<_>) =
        refused.into_iter().partition(|(_, refusal)| is_unclear_list(refusal, all));
    let lists = found.len() + unclear.len();
    if lists > 1 && !all {
        let names = found.iter().map(|sheet| &sheet.name).chain(unclear.iter().map(|(name, _)| name));
        return Err(Refusal::SeveralSheets { sheets: names.cloned().collect() });
    }
    if let Some((name, refusal)) = unclear.into_iter().next() {
        return Err(if lists > 1 { refusal.at(&name) } else { refusal });
    }
    if found.is_empty() {
        return Err(without.into_iter().next().map_or(Refusal::Empty, |(_, refusal)| refusal));
    }
    passed_over.extend(without.into_iter().map(|(name, _)| name));
    Ok(Chosen { sheets: found, passed_over })
}

/// Whether a refused sheet is a list all the same: one whose columns are unclear. Where all sheets are wanted, also one
/// that has a column of SKUs.
fn is_unclear_list(refusal: &Refusal, all: bool) -> bool {
    match refusal {
        Refusal::NoHeadings { missing, .. } => all && missing.len() == 1,
        Refusal::Empty | Refusal::NoNumbers { .. } => false,
        _ => true,
    }
}
