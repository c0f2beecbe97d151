//! What `init` found and wrote, for people and for programs.

use std::path::Path;

use domain::plan::explain::NextStep;
use domain::stock::Amount;
use domain::{Level, Listing, SkipReason};
use messages::{ErrorCode, Messages, Text};
use serde_json::{Value, json};
use sync::ports::{ShopError, WarehouseError};
use warehouse::Source;
use warehouse::inspect::Table;

use super::sku::printable;
use super::{Output, near_miss, table};
use crate::config::set_by_environment;
use crate::context::Context;
use crate::error::Failure;
use crate::setup::Chosen;
use crate::setup::preview::{Named, Sample, SetupPreview, SidesCompared};
use crate::setup::proposals::{Proposal, Shape};

/// The tables of a database, and what they may be read as.
pub(crate) fn show_proposals(context: &Context, tables: &[Table], proposals: &[Proposal]) {
    let m = context.messages;
    Output::aside(&m.get("init-tables"));
    for table in tables {
        let columns = table.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ");
        let text = Text::new("init-table").with("table", &table.name).with("columns", columns);
        Output::aside(&format!("  {}", m.say(&text.count("rows", table.rows))));
    }
    for proposal in proposals {
        let shape = m.say(&Text::new(shape(proposal.shape)).with("tables", proposal.tables.join(", ")));
        Output::aside(&format!("{shape}\n{}", indented(query_of(&proposal.source).unwrap_or_default())));
    }
}

fn query_of(source: &Source) -> Option<&str> {
    match source {
        Source::Tables => None,
        Source::Query(query) => Some(query),
    }
}

fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Default => "init-shape-default",
        Shape::TwoTables => "init-shape-two-tables",
        Shape::OneTable => "init-shape-one-table",
        Shape::Wide => "init-shape-wide",
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// Both sides, before anything is written: on stderr, as what it is asked about.
pub(crate) fn show(context: &Context, chosen: &Chosen, preview: Option<&SetupPreview>) {
    if !context.output.json {
        context.output.text(&page(context.messages, chosen, preview));
    }
}

/// Which answers the environment gives. It overrides the configuration file in every later run too.
pub(crate) fn show_environment(context: &Context) {
    let names = set_by_environment(&context.settings);
    if !names.is_empty() {
        let text = Text::new("init-environment").with("names", names.join(", "));
        Output::aside(&context.messages.say(&text));
    }
}

/// The files that were written.
pub(crate) struct Written<'a> {
    pub(crate) config: &'a Path,
    pub(crate) key: Option<&'a Path>,
    /// The configuration that was there before.
    pub(crate) old: Option<&'a Path>,
    /// The key that was there before.
    pub(crate) old_key: Option<&'a Path>,
}

/// What was written.
pub(crate) fn tell(context: &Context, chosen: &Chosen, preview: Option<&SetupPreview>, files: &Written<'_>) {
    let m = context.messages;
    let shown = |path: Option<&Path>| path.map(|path| path.display().to_string());
    let written = m.say(&Text::new("init-written").with("file", files.config.display()));
    if context.output.json {
        let mut value = json!({
            "status": "success",
            "message": written,
            "file": files.config.display().to_string(),
            "key_file": shown(files.key),
            "old_file": shown(files.old),
            "old_key_file": shown(files.old_key),
            "environment": set_by_environment(&context.settings),
        });
        if let (Some(head), Value::Object(rest)) = (value.as_object_mut(), json_of(m, chosen, preview)) {
            head.extend(rest);
        }
        Output::print(&value);
        return;
    }
    context.output.text(&written);
    if let Some(old) = files.old {
        context.output.text(&m.say(&Text::new("init-kept").with("file", old.display())));
    }
    if let Some(key) = files.key {
        context.output.text(&m.say(&Text::new("init-written-key").with("file", key.display())));
    }
    if let Some(old) = files.old_key {
        context.output.text(&m.say(&Text::new("init-kept-key").with("file", old.display())));
    }
    let next = if preview.is_some() { "init-next" } else { "init-next-import" };
    Output::hint(m, &m.get(next));
}

fn page(m: Messages, chosen: &Chosen, preview: Option<&SetupPreview>) -> String {
    let database = Text::new("init-database").with("database", &chosen.database);
    let mut lines = vec![m.say(&database)];
    let Some(preview) = preview else {
        lines.push(format!("  {}", m.get("init-no-database-yet")));
        return lines.join("\n");
    };
    if let Some(query) = &chosen.query {
        lines.push(indented(query));
    }
    let found = Text::new("init-found").count("skus", count(preview.skus)).count("rows", count(preview.rows));
    lines.push(format!("  {}", m.say(&found)));
    if !preview.warehouses.is_empty() {
        let is_summed =
            |name: &str| chosen.warehouses.as_ref().is_none_or(|names| names.iter().any(|n| n == name));
        let names = preview.warehouses.iter().map(|(name, units)| {
            let left_out =
                if is_summed(name) { String::new() } else { format!(", {}", m.get("init-not-summed")) };
            format!("{name} ({}{left_out})", m.figure(units.normalize()))
        });
        let names = names.collect::<Vec<_>>().join(", ");
        lines.push(format!("  {}", m.say(&Text::new("init-warehouses").with("names", names))));
    }
    named(m, "init-twice-in-warehouse", &preview.twice_in_warehouse, &mut lines);
    overlooked(m, chosen, &mut lines);
    match &preview.wix {
        Some(wix) => compared(m, wix, &mut lines),
        None => lines.push(format!("  {}", m.get("init-wix-not-asked"))),
    }
    lines.join("\n")
}

/// What runs do not read of the tables.
fn overlooked(m: Messages, chosen: &Chosen, lines: &mut Vec<String>) {
    for reserved in &chosen.reserved {
        lines.push(format!("  {}", m.say(&Text::new("init-reserved").with("column", reserved.name()))));
        if let Some(query) = &reserved.query {
            lines.push(format!("  {}", m.get("init-reserved-query")));
            lines.push(format!("    {query}"));
        }
    }
    if !chosen.odd_prices.is_empty() {
        let some: Vec<String> = chosen.odd_prices.iter().take(3).map(|price| printable(price)).collect();
        let text = Text::new("init-odd-prices").count("count", count(chosen.odd_prices.len()));
        lines.push(format!("  {}", m.say(&text.with("examples", some.join(", ")))));
    }
}

fn compared(m: Messages, wix: &SidesCompared, lines: &mut Vec<String>) {
    let facts = &wix.plan.facts;
    let foreign = wix.plan.skips.iter().filter(|skip| skip.reason == SkipReason::NotInWarehouse).count();
    let text = Text::new("init-compared").count("listings", facts.listings).count("found", facts.found);
    let text = text.count("foreign", count(foreign)).count("changes", count(wix.plan.changes.len()));
    lines.push(format!("  {}", m.say(&text)));
    named(m, "init-twice-in-wix", &wix.twice_in_wix, lines);
    if wix.near > 0 {
        lines.push(format!("  {}:", m.say(&Text::new("init-near").count("count", wix.near))));
        lines.extend(wix.first_near.iter().map(|pair| format!("    {}", near_miss::text(m, pair))));
        if wix.near > count(wix.first_near.len()) {
            lines.push("    …".to_owned());
        }
    }
    let headings = ["line-sku", "init-warehouse", "init-wix", "init-would"].map(|id| m.get(id));
    let mut shown = table::table(&headings);
    for sample in &wix.sample {
        let amount = stock_of(sample).unwrap_or_else(|| "?".to_owned());
        let level =
            level_of(&sample.listings).map_or_else(|| "-".to_owned(), |level| m.figure(level.units()));
        shown.add_row([printable(sample.sku.as_str()), m.figure(amount), level, would(m, &sample.next)]);
    }
    lines.extend(table::lines(&shown).lines().map(|line| format!("  {line}")));
    if facts.warehouse_skus > 0 && facts.found * 2 < facts.warehouse_skus {
        lines.push(format!("  {}", m.get("init-few-match")));
    }
}

fn named(m: Messages, id: &'static str, skus: &Named, lines: &mut Vec<String>) {
    if skus.count == 0 {
        return;
    }
    let more = if skus.count > count(skus.first.len()) { ", …" } else { "" };
    let names = skus.first.iter().map(|sku| printable(sku)).collect::<Vec<_>>().join(", ");
    lines.push(format!("  {}: {names}{more}", m.say(&Text::new(id).count("count", skus.count))));
}

fn stock_of(sample: &Sample) -> Option<String> {
    match sample.stock.amount {
        Some(Amount::Known(sum)) => Some(sum.normalize().to_string()),
        Some(Amount::Unknown(_)) | None => None,
    }
}

/// The level that Wix shows, where one listing has the SKU.
fn level_of(listings: &[Listing]) -> Option<Level> {
    match listings {
        [only] => only.level.filter(|_| only.tracked),
        _ => None,
    }
}

fn would(m: Messages, next: &NextStep) -> String {
    match next {
        NextStep::Change(change) => format!("{} -> {}", m.figure(change.level), m.figure(change.target)),
        NextStep::InStep(_) => m.get("init-in-step"),
        NextStep::LeftAlone(reason) => {
            m.say(&Text::new("init-left-alone").with("reason", m.skip_reason(*reason)))
        }
    }
}

fn json_of(m: Messages, chosen: &Chosen, preview: Option<&SetupPreview>) -> Value {
    let names = |skus: &Named| json!({"count": skus.count, "skus": skus.first});
    let sample = |sample: &Sample| {
        let (action, delta, reason) = match sample.next.clone() {
            NextStep::Change(change) => ("change", Some(change.delta), None),
            NextStep::InStep(_) => ("none", None, None),
            NextStep::LeftAlone(reason) => ("left_alone", None, Some(reason)),
        };
        json!({
            "sku": sample.sku,
            "warehouse": stock_of(sample),
            "wix": level_of(&sample.listings),
            "action": action,
            "delta": delta,
            "reason": reason,
            "text": would(m, &sample.next),
        })
    };
    let wix = preview.and_then(|preview| preview.wix.as_ref()).map(|wix| {
        json!({
            "listings": wix.plan.facts.listings,
            "found": wix.plan.facts.found,
            "changes": wix.plan.changes.len(),
            "duplicates": names(&wix.twice_in_wix),
            "near_misses": {
                "count": wix.near,
                "pairs": wix.first_near.iter().map(near_miss::json).collect::<Vec<_>>(),
            },
            "sample": wix.sample.iter().map(sample).collect::<Vec<_>>(),
        })
    });
    json!({
        "database": chosen.database.to_string(),
        "shape": chosen.shape.map(Shape::code),
        "query": chosen.query,
        "warehouses": chosen.warehouses,
        "reserved": chosen.reserved.iter().map(|one| json!({"column": one.name(), "query": one.query})).collect::<Vec<_>>(),
        "odd_prices": chosen.odd_prices.iter().take(10).collect::<Vec<_>>(),
        "warehouse": preview.map(|preview| json!({
            "skus": preview.skus,
            "rows": preview.rows,
            "warehouses": preview.warehouses.keys().collect::<Vec<_>>(),
            "duplicates": names(&preview.twice_in_warehouse),
        })),
        "wix": wix,
    })
}

/// Why the shop cannot be read.
pub(crate) fn shop_failure(error: &ShopError) -> Failure {
    failure(error.class.code(), &error.detail)
}

/// Why the database cannot be read.
pub(crate) fn warehouse_failure(error: &WarehouseError) -> Failure {
    failure(error.class.code(), &error.detail)
}

fn failure(code: &str, detail: &str) -> Failure {
    // Each class has a code; the tests of `messages` hold that.
    let message = ErrorCode::of_failure(code).map_or("error-client", |code| code.message);
    Failure::failed(Text::new(message).with("detail", detail))
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
