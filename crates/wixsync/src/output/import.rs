//! What an import changes, for people and for programs.

use std::collections::BTreeSet;

use domain::Outcome;
use domain::stock::near_miss::Slip;
use messages::{Messages, Text};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use stocklist::{Column, Format, Remark, RemarkKind, Source, StockList, UnusedColumn, UsedColumn};
use warehouse::import::{Change, PartialList, ReplaceScope};

use super::refusal::{self, shortened};
use super::sku::printable;
use super::{Diagnostic, Output, count, near_miss, table};
use crate::context::Context;
use crate::importing::take::{Imported, Taken};

/// How many totals are shown.
const TOTALS: usize = 3;
/// How many SKUs that are not sold out because of their spelling are shown.
const NEAR_MISSES: usize = 20;
/// How many SKUs whose stock is kept are named.
const KEPT: usize = 5;

/// Prints what was done, or what would be done.
pub(crate) fn tell(context: &Context, done: &Imported) {
    let m = context.messages;
    warn_of_not_counted(context, done);
    if context.output.json {
        let (message, outcome) =
            if done.dry_run { ("import-nothing-written", "planned") } else { ("import-done", "imported") };
        let head = json!({"status": "success", "outcome": outcome, "message": m.get(message)});
        Output::print(&merged(head, json(m, done)));
        return;
    }
    context.output.text(&page(m, done, !done.dry_run));
    if !done.dry_run {
        Output::hint(m, &m.get("import-next"));
    }
}

/// Tells that the list may be a part of the stock, and was not imported.
pub(crate) fn tell_held(context: &Context, done: &Imported, part: PartialList) {
    let m = context.messages;
    let diagnostic = Diagnostic::of(m, &self::part(part));
    if context.output.json {
        let mut head = diagnostic.json();
        if let Some(object) = head.as_object_mut() {
            // As in the report of a run: the command came to its end, and `outcome` says what became of the list.
            object.insert("status".to_owned(), json!("success"));
            object.insert("outcome".to_owned(), json!(Outcome::HeldByGuard));
        }
        Output::print(&merged(head, json(m, done)));
    } else {
        context.output.text(&page(m, done, false));
    }
    Output::error(m, &diagnostic);
}

/// Why a list that may be a part of the stock is not imported.
pub(crate) fn part(part: PartialList) -> Text {
    Text::new("import-part").count("lacking", part.lacking).count("of", part.of)
}

/// Why a list was not imported, as people read it, without colors; `None` if it was.
pub(crate) fn reason(m: Messages, taken: &Taken, file: &str) -> Option<String> {
    let lines = match taken {
        Taken::Imported(_) => return None,
        Taken::Held(_, held) => Diagnostic::of(m, &part(*held)).lines(m),
        Taken::Refused(refused) => refusal::lines(m, file, refused, usize::MAX),
        Taken::Unusable(failure) => Diagnostic::of(m, &failure.text).lines(m),
    };
    Some(uncolored(&lines.join("\n")))
}

/// A text without colors.
pub(crate) fn uncolored(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// Warns about units in a warehouse that no run counts: most likely a typing mistake.
fn warn_of_not_counted(context: &Context, done: &Imported) {
    let Some(chosen) = &context.settings.warehouses.value else { return };
    let mut names: BTreeSet<&str> = done.rows.iter().map(|row| &*row.warehouse).collect();
    names.retain(|name| !chosen.iter().any(|chosen| chosen == name));
    if !names.is_empty() {
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        Output::warning(context.messages, &Text::new("import-not-counted").with("names", names));
    }
}

/// What was read and what changes, or would change where nothing `is_written`.
fn page(m: Messages, done: &Imported, is_written: bool) -> String {
    let changes = &done.changes;
    let title = if is_written { "import-title" } else { "import-title-dry-run" };
    let title = Text::new(title).with("file", &done.file).with("database", &done.database);
    let mut lines = vec![m.say(&title.count("rows", count(done.rows.len())))];
    let mut say = |depth: usize, text: &Text| lines.push(format!("{}{}", "  ".repeat(depth), m.say(text)));
    for source in &done.list.sources {
        for text in read_as(source) {
            say(1, &text);
        }
    }
    say(1, &mode(&done.reach));
    let counts = Text::new("import-rows").count("new", changes.new).count("changed", changes.changed);
    say(1, &counts.count("removed", changes.removed).count("unchanged", changes.unchanged));
    say(1, &Text::new("import-products").count("count", changes.new_products));
    let units = Text::new("import-units").figure("before", plain(changes.units_before));
    say(1, &units.figure("after", plain(changes.units_after)));
    if !changes.largest.is_empty() {
        say(1, &Text::new("import-largest"));
    }
    lines.extend(largest(m, &changes.largest));
    left_out(m, &done.list, &mut lines);
    lines.extend(kept(m, &done.list));
    slips(m, &changes.slips, &mut lines);
    for remark in &done.list.remarks {
        let skus: Vec<String> = remark.skus.iter().map(|sku| printable(sku.as_str())).collect();
        let text = m.say(&remark_text(remark.kind, remark.count));
        lines.push(with_skus(&text, &skus, remark.count));
    }
    lines.join("\n")
}

/// `quantity[North] = Stock N`, as `--column` takes it; the number of a column without a heading.
fn column_name(used: &UsedColumn) -> String {
    let UsedColumn { field, warehouse, column, is_subtracted } = used;
    let warehouse = warehouse.as_ref().map(|name| format!("[{name}]")).unwrap_or_default();
    let name = if *is_subtracted { "reserved" } else { field.code() };
    format!("{name}{warehouse} = {}", heading(column))
}

/// The heading of a column, or its letter if it has none.
fn heading(column: &Column) -> String {
    if column.heading.is_empty() { column.letter() } else { shortened(&column.heading) }
}

/// A text and the SKUs that it is about.
fn with_skus(text: &str, skus: &[String], count_of_all: u64) -> String {
    if skus.is_empty() {
        return format!("  {text}");
    }
    let more = if count_of_all > count(skus.len()) { ", …" } else { "" };
    format!("  {text}: {}{more}", skus.join(", "))
}

/// The SKUs whose stock stays as it is, because a word stands for their quantity.
fn kept(m: Messages, list: &StockList) -> Option<String> {
    let kept = || list.rows.iter().filter(|row| row.quantity.is_none());
    let all = count(kept().count());
    let skus: Vec<String> = kept().take(KEPT).map(|row| printable(row.sku.as_str())).collect();
    (all > 0).then(|| with_skus(&m.say(&Text::new("import-kept").count("count", all)), &skus, all))
}

/// The SKUs that are not sold out, because what newly came in is spelled almost so.
fn slips(m: Messages, slips: &[Slip], lines: &mut Vec<String>) {
    if slips.is_empty() {
        return;
    }
    lines.push(format!("  {}", m.say(&Text::new("import-near-misses").count("count", count(slips.len())))));
    for slip in slips.iter().take(NEAR_MISSES) {
        let text = Text::new("import-near-miss").with("stored", printable(slip.sold_out.as_str()));
        let text = text.with("listed", printable(slip.instead.as_str()));
        let text = text.with("differences", near_miss::differences(m, &slip.differences));
        lines.push(format!("    {}", m.say(&text)));
    }
    if slips.len() > NEAR_MISSES {
        lines.push("    …".to_owned());
    }
}

/// How a file or a sheet was read, and what was not.
fn read_as(source: &Source) -> Vec<Text> {
    let mut texts: Vec<Text> =
        source.file.iter().map(|file| Text::new("import-read-file").with("file", file)).collect();
    texts.push(match &source.format {
        Format::Delimited { encoding, delimiter } => {
            let delimiter = if *delimiter == '\t' { "tab".to_owned() } else { delimiter.to_string() };
            Text::new("import-read-text").with("encoding", encoding).with("delimiter", delimiter)
        }
        Format::Sheet { name } => Text::new("import-read-sheet").with("sheet", name),
        Format::Json => Text::new("import-read-json"),
        Format::Dbf { encoding } => Text::new("import-read-dbf").with("encoding", encoding),
    });
    let columns = source.columns.iter().map(column_name).collect::<Vec<_>>();
    texts.push(Text::new("import-columns").with("columns", columns.join(", ")));
    if !source.unused.is_empty() {
        let name = |unused: &UnusedColumn| match unused.column.heading.as_str() {
            "" => unused.column.letter(),
            _ => format!("{} ({})", heading(&unused.column), unused.column.letter()),
        };
        let names = source.unused.iter().map(name).collect::<Vec<_>>();
        texts.push(Text::new("import-unused").with("columns", names.join(", ")));
    }
    let reserved = source.unused.iter().find(|unused| unused.is_reserved);
    texts.extend(reserved.map(|one| Text::new("import-reserved").with("column", &one.reference)));
    texts.extend(source.unknown_headings.map(|line| Text::new("import-unknown-headings").with("line", line)));
    if !source.passed_over.is_empty() {
        texts.push(Text::new("import-passed-over").with("sheets", source.passed_over.join(", ")));
    }
    texts
}

fn mode(reach: &ReplaceScope) -> Text {
    match reach {
        ReplaceScope::Nothing => Text::new("import-mode-merge"),
        ReplaceScope::Warehouse(name) => Text::new("import-mode-replace-one").with("warehouse", name),
        ReplaceScope::Everything => Text::new("import-mode-replace"),
    }
}

fn largest(m: Messages, changes: &[Change]) -> Vec<String> {
    let mut lines = table::table(&[]);
    for change in changes {
        let units = |units: Option<Decimal>| {
            units.map_or_else(|| "-".to_owned(), |units| m.figure(units.normalize()))
        };
        let warehouse = change.warehouse.as_deref().unwrap_or_default();
        let arrow = format!("{} -> {}", units(change.before), units(change.after));
        lines.add_row([printable(&change.sku), warehouse.to_owned(), arrow]);
    }
    table::lines(&lines).lines().map(|line| format!("    {line}")).collect()
}

fn left_out(m: Messages, list: &StockList, lines: &mut Vec<String>) {
    let left = &list.left_out;
    for (id, some) in [
        ("import-totals", &left.totals),
        ("import-groups", &left.groups),
        ("import-without-sku", &left.without_sku),
        ("import-hidden", &left.hidden),
    ] {
        if some.is_empty() {
            continue;
        }
        lines.push(format!("  {}", m.say(&Text::new(id).count("count", count(some.len())))));
        for (line, text) in some.iter().take(TOTALS) {
            let shown = Text::new("import-line").with("line", line).with("text", shortened(text));
            lines.push(format!("    {}", m.say(&shown)));
        }
    }
    if left.headings > 0 {
        lines.push(format!("  {}", m.say(&Text::new("import-headings").count("count", left.headings))));
    }
}

fn remark_text(kind: RemarkKind, count: u64) -> Text {
    let id = match kind {
        RemarkKind::NumberSku => "import-remark-number-sku",
        RemarkKind::SpacedSku => "import-remark-spaced-sku",
        RemarkKind::LongSku => "import-remark-long-sku",
        RemarkKind::Negative => "import-remark-negative",
        RemarkKind::Fraction => "import-remark-fraction",
        RemarkKind::GuardedSku => "import-remark-guarded-sku",
        RemarkKind::ApostropheSku => "import-remark-apostrophe-sku",
        RemarkKind::Hidden => "import-remark-hidden",
        RemarkKind::FilledWarehouse => "import-remark-filled-warehouse",
        RemarkKind::OddPrice => "import-remark-odd-price",
        RemarkKind::OnlyFlags => "import-remark-only-flags",
    };
    Text::new(id).count("count", count)
}

fn remark_json(m: Messages, remark: &Remark) -> Value {
    let text = m.say(&remark_text(remark.kind, remark.count));
    json!({"code": remark.kind.code(), "count": remark.count, "skus": remark.skus, "text": text})
}

fn json(m: Messages, done: &Imported) -> Value {
    let (changes, list) = (&done.changes, &done.list);
    let sources: Vec<Value> = list.sources.iter().map(source_json).collect();
    let kept: Vec<Value> =
        list.rows.iter().filter(|row| row.quantity.is_none()).map(|row| json!(row.sku)).collect();
    let change = |change: &Change| {
        json!({
            "sku": change.sku,
            "warehouse": change.warehouse,
            "before": change.before.map(plain),
            "after": change.after.map(plain),
        })
    };
    let slip = |slip: &Slip| json!({"stored": slip.sold_out, "listed": slip.instead, "differences": slip.differences});
    let lines = |some: &[(u64, String)]| -> Vec<Value> {
        some.iter().map(|(line, text)| json!({"line": line, "text": text})).collect()
    };
    let remarks: Vec<Value> = list.remarks.iter().map(|remark| remark_json(m, remark)).collect();
    json!({
        "file": done.file,
        "warehouse": done.database,
        "dry_run": done.dry_run,
        "mode": if done.reach == ReplaceScope::Nothing { "merge" } else { "replace" },
        "replaced_warehouse": match &done.reach { ReplaceScope::Warehouse(name) => Some(name), _ => None },
        "source": sources.first(),
        "sources": sources,
        "rows": done.rows.len(),
        "new": changes.new,
        "changed": changes.changed,
        "removed": changes.removed,
        "unchanged": changes.unchanged,
        "new_products": changes.new_products,
        "units_before": plain(changes.units_before),
        "units_after": plain(changes.units_after),
        "largest": changes.largest.iter().map(change).collect::<Vec<_>>(),
        "left_out": {
            "totals": lines(&list.left_out.totals),
            "groups": lines(&list.left_out.groups),
            "hidden": lines(&list.left_out.hidden),
            "without_sku": lines(&list.left_out.without_sku),
            "headings": list.left_out.headings,
        },
        "kept": kept,
        "near_misses": changes.slips.iter().map(slip).collect::<Vec<_>>(),
        "remarks": remarks,
    })
}

/// How a file or a sheet was read.
fn source_json(source: &Source) -> Value {
    let (format, encoding, delimiter, sheet) = match &source.format {
        Format::Delimited { encoding, delimiter } => ("csv", Some(encoding), Some(delimiter), None),
        Format::Sheet { name } => ("workbook", None, None, Some(name)),
        Format::Json => ("json", None, None, None),
        Format::Dbf { encoding } => ("dbf", Some(encoding), None, None),
    };
    let columns = source.columns.iter().map(|used| {
        json!({
            "field": used.field.code(),
            "warehouse": used.warehouse,
            "subtracted": used.is_subtracted,
            "column": used.column.index + 1,
            "heading": used.column.heading,
        })
    });
    let unused = source.unused.iter().map(|unused| {
        let column = &unused.column;
        json!({"column": column.index + 1, "heading": column.heading, "reserved": unused.is_reserved})
    });
    json!({
        "file": source.file,
        "format": format,
        "encoding": encoding,
        "delimiter": delimiter,
        "sheet": sheet,
        "heading_line": source.heading_line,
        "unknown_headings": source.unknown_headings,
        "columns": columns.collect::<Vec<_>>(),
        "unused": unused.collect::<Vec<_>>(),
        "passed_over": source.passed_over,
    })
}

/// The keys of one object, then those of the other.
fn merged(mut head: Value, rest: Value) -> Value {
    if let (Some(head), Value::Object(rest)) = (head.as_object_mut(), rest) {
        head.extend(rest);
    }
    head
}

fn plain(units: Decimal) -> String {
    units.normalize().to_string()
}
