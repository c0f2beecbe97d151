//! Why a SKU has its level, for people and for programs.

use api_types::{
    NearlyTheSame, NextAction, NextChange, ShopSide, SideFailure, SkuLine, SkuRun, Spelling, Stock, StockRow,
    WarehouseSide,
};
use domain::plan::explain::{NextStep, SkuStock, SkuStockRow};
use domain::run::FailedAt;
use domain::stock::Amount;
use domain::stock::near_miss::Alike;
use domain::{Change, Level, LineState, Listing, ShopName, Sku};
use messages::{Messages, Text};
use sync::explain::{Explanation, Passage};
use sync::ports::{LineRecord, ShopError, SkuRecord, WarehouseError};

use super::near_miss;
use super::sku::printable;
use super::time::{local, utc};

/// For people.
pub(crate) fn page(messages: Messages, shop: &ShopName, sku: &Sku, found: &Explanation) -> String {
    let mut page = Page { messages, text: String::new() };
    page.say(0, &Text::new("explain-title").with("sku", printable(sku.as_str())).with("shop", shop));
    page.say(1, &Text::new("explain-warehouse"));
    match &found.stock {
        Ok(stock) => page.stock(stock),
        Err(error) => page.line(2, &warehouse_failure(messages, error)),
    }
    page.alike(&found.alike_in_warehouse);
    page.say(1, &Text::new("explain-shop"));
    match &found.listings {
        Ok(listings) => page.listings(listings),
        Err(error) => page.line(2, &shop_failure(messages, error)),
    }
    page.alike(&found.alike_in_shop);
    page.say(1, &Text::new("explain-next"));
    page.line(2, &next(messages, found.next.as_ref()));
    page.records(found);
    page.text
}

struct Page {
    messages: Messages,
    text: String,
}

impl Page {
    fn line(&mut self, depth: usize, text: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn say(&mut self, depth: usize, text: &Text) {
        let text = self.messages.say(text);
        self.line(depth, &text);
    }

    fn stock(&mut self, stock: &SkuStock) {
        let width =
            stock.rows.iter().filter_map(|row| row.warehouse.as_ref()).map(|name| name.chars().count());
        let width = width.max().unwrap_or(0);
        for row in &stock.rows {
            let text = self.row(row, width);
            self.line(2, &text);
        }
        match stock.amount {
            None => self.say(2, &Text::new("explain-unknown-to-warehouse")),
            Some(Amount::Unknown(reason)) => {
                let reason = self.messages.skip_reason(reason);
                self.line(2, &reason);
            }
            Some(Amount::Known(sum)) => {
                if stock.rows.is_empty() {
                    self.say(2, &Text::new("explain-no-rows"));
                }
                self.say(2, &Text::new("explain-sum").figure("sum", sum.normalize()));
            }
        }
        if let Some(target) = stock.ruled.and_then(|ruled| ruled.target) {
            self.say(2, &Text::new("explain-target").figure("target", target));
        }
    }

    fn row(&self, row: &SkuStockRow, width: usize) -> String {
        let name = row.warehouse.as_deref().unwrap_or_default();
        let quantity = match row.quantity {
            Ok(quantity) => self.messages.figure(quantity.normalize()),
            Err(reason) => self.messages.skip_reason(reason),
        };
        let text = format!("{name:width$}  {quantity}");
        if row.counts { text } else { format!("{text}  ({})", self.messages.get("explain-not-counted")) }
    }

    fn listings(&mut self, listings: &[Listing]) {
        for listing in listings {
            let id = match (listing.tracked, listing.level) {
                _ if listing.inventory_item.is_missing() => "explain-no-item",
                (false, _) if listing.key.location.is_some() => "explain-by-status",
                (false, _) => "explain-untracked",
                (true, None) => "explain-no-level",
                (true, Some(_)) if listing.key.variant.is_whole_product() => "explain-listing",
                (true, Some(_)) => "explain-listing-variant",
            };
            let text = Text::new(id).figure("level", listing.level.map(Level::units).unwrap_or_default());
            let key = &listing.key;
            self.say(2, &text.with("product", &key.product).with("variant", &key.variant));
        }
        if listings.is_empty() {
            self.say(2, &Text::new("explain-unknown-to-shop"));
        }
    }

    fn alike(&mut self, found: &[Alike]) {
        for one in found {
            let text = Text::new("explain-alike").with("sku", printable(one.sku.as_str()));
            self.say(2, &text.with("differences", near_miss::differences(self.messages, &one.differences)));
        }
    }

    fn records(&mut self, found: &Explanation) {
        if found.records.is_empty() && found.earlier_changes.is_empty() {
            return self.say(1, &Text::new("explain-no-history"));
        }
        let count = u64::try_from(found.records.len()).unwrap_or(u64::MAX);
        self.say(1, &Text::new("explain-history").count("count", count));
        for (passage, group) in found.passages() {
            match group {
                [record] => self.record(found, record),
                several => self.fold(passage, several),
            }
        }
        if !found.earlier_changes.is_empty() {
            self.say(1, &Text::new("explain-earlier-changes"));
            for record in &found.earlier_changes {
                self.record(found, record);
            }
        }
    }

    /// One run.
    fn record(&mut self, found: &Explanation, record: &SkuRecord) {
        let text = Text::new("explain-passage").with("time", local(record.run.run.created_at));
        let text = text.with("kind", kind(self.messages, record)).with("run", &record.run.run.id);
        self.say(2, &text);
        for line in what(self.messages, found, record) {
            self.line(3, &line);
        }
        if let Some(text) = drift(found, record).and_then(|units| since(self.messages, units)) {
            self.line(3, &text);
        }
    }

    /// Several runs that tell the same, newest first.
    fn fold(&mut self, passage: Passage, group: &[SkuRecord]) {
        let moment = |record: Option<&SkuRecord>| record.map(|record| local(record.run.run.created_at));
        let (first, last) = (moment(group.last()), moment(group.first()));
        let text = Text::new("explain-folded").with("first", first.unwrap_or_default());
        let text = text.count("runs", u64::try_from(group.len()).unwrap_or(u64::MAX));
        let text = text.with("last", last.unwrap_or_default());
        self.say(2, &text.with("what", idle(self.messages, passage)));
    }
}

fn warehouse_failure(messages: Messages, error: &WarehouseError) -> String {
    failure(messages, FailedAt::Warehouse, error.class.code(), &error.detail)
}

fn shop_failure(messages: Messages, error: &ShopError) -> String {
    failure(messages, FailedAt::Shop, error.class.code(), &error.detail)
}

fn failure(messages: Messages, at: FailedAt, code: &str, detail: &str) -> String {
    messages.failure(&domain::run::Failure { at, code: code.to_owned(), detail: detail.to_owned() })
}

fn next(messages: Messages, next: Option<&NextStep>) -> String {
    let text = match next {
        None => Text::new("explain-next-unknown"),
        Some(NextStep::InStep(_)) => Text::new("explain-next-in-step"),
        Some(NextStep::LeftAlone(reason)) => {
            Text::new("explain-next-left-alone").with("reason", messages.skip_reason(*reason))
        }
        Some(NextStep::Change(change)) => with_change(Text::new("explain-next-change"), change),
    };
    messages.say(&text)
}

fn with_change(text: Text, change: &Change) -> Text {
    text.figure("from", change.level).figure("to", change.target).figure("delta", change.delta)
}

fn kind(messages: Messages, record: &SkuRecord) -> String {
    let run = &record.run.run;
    messages.kind(run.kind(), run.dry_run())
}

/// What a run did with the SKU, in sentences.
fn what(messages: Messages, found: &Explanation, record: &SkuRecord) -> Vec<String> {
    match found.passage(record) {
        Passage::Changes => record.lines.iter().flat_map(|record| line(messages, record)).collect(),
        passage => vec![idle(messages, passage)],
    }
}

/// What a run tells that changed nothing.
fn idle(messages: Messages, passage: Passage) -> String {
    let id = match passage {
        Passage::LeftAlone(reason) => {
            let reason = messages.skip_reason(reason);
            return messages.say(&Text::new("explain-passage-left-alone").with("reason", reason));
        }
        Passage::InStep => "explain-passage-in-step",
        Passage::Changes | Passage::NoChange => "explain-passage-no-change",
        Passage::Unrecorded => "explain-passage-unrecorded",
    };
    messages.get(id)
}

fn line(messages: Messages, record: &LineRecord) -> Vec<String> {
    let id = match (record.state, record.level_after) {
        (LineState::SkippedInApply, _) => "explain-passage-line-left-out",
        (_, Some(_)) => "explain-passage-line-after",
        (_, None) => "explain-passage-line",
    };
    let text = with_change(Text::new(id), &record.line.change);
    let text = text.with("state", messages.line_state(record.state));
    let after = record.level_after.map(Level::units);
    let mut sentences = vec![messages.say(&text.figure("after", after.unwrap_or_default()))];
    sentences.extend(messages.line_detail(record.state, record.detail.as_deref()));
    if let Some(units) = sold_meanwhile(record) {
        sentences.push(messages.say(&Text::new("explain-sold-meanwhile").count("units", units)));
    }
    sentences
}

/// By how many units the level was lower when the run read it back than what it had written. `None` if the run does
/// not know that it wrote.
fn sold_meanwhile(record: &LineRecord) -> Option<u64> {
    let change = &record.line.change;
    let written = change.level.units().checked_add(change.delta.units())?;
    let missing = written.checked_sub(record.level_after?.units())?;
    let landed = matches!(record.state, LineState::MovedSince | LineState::Converged);
    u64::try_from(missing).ok().filter(|missing| landed && *missing > 0)
}

/// By how much the level that a run read differs from the last level that the run before it read.
fn drift(found: &Explanation, record: &SkuRecord) -> Option<i64> {
    // The run before an earlier change need not be among those that are told.
    let before = found.records.iter().skip_while(|one| one.run.run.id != record.run.run.id).nth(1);
    let read = record.lines.first()?.level_read()?;
    let after = before?.lines.iter().rev().find_map(|record| record.level_after)?;
    read.units().checked_sub(after.units())
}

fn since(messages: Messages, units: i64) -> Option<String> {
    let id = match units {
        0 => return None,
        ..0 => "explain-fewer-since",
        1.. => "explain-more-since",
    };
    Some(messages.say(&Text::new(id).count("units", units.unsigned_abs())))
}

/// For programs.
pub(crate) fn view(
    messages: Messages,
    shop: &ShopName,
    sku: &Sku,
    found: &Explanation,
) -> api_types::Explanation {
    let warehouse = match &found.stock {
        Ok(stock) => WarehouseSide::Stock(stock_view(stock)),
        Err(error) => WarehouseSide::Failure(SideFailure {
            error: warehouse_failure(messages, error),
            code: error.class.code().to_owned(),
        }),
    };
    let wix = match &found.listings {
        Ok(listings) => ShopSide::Listings { listings: listings.iter().map(listing_view).collect() },
        Err(error) => ShopSide::Failure(SideFailure {
            error: shop_failure(messages, error),
            code: error.class.code().to_owned(),
        }),
    };
    let runs =
        |records: &[SkuRecord]| records.iter().map(|record| run_view(messages, found, record)).collect();
    api_types::Explanation {
        sku: sku.clone(),
        shop: shop.clone(),
        warehouse,
        wix,
        nearly_the_same: NearlyTheSame {
            warehouse: found.alike_in_warehouse.iter().map(spelling_view).collect(),
            wix: found.alike_in_shop.iter().map(spelling_view).collect(),
        },
        next: next_view(messages, found.next.as_ref()),
        history: runs(&found.records),
        earlier_changes: runs(&found.earlier_changes),
    }
}

fn stock_view(stock: &SkuStock) -> Stock {
    let row = |row: &SkuStockRow| StockRow {
        warehouse: row.warehouse.as_deref().map(str::to_owned),
        quantity: row.quantity.ok().map(|quantity| quantity.normalize().to_string()),
        problem: row.quantity.err(),
        counted: row.counts,
    };
    let (sum, problem) = match stock.amount {
        Some(Amount::Known(sum)) => (Some(sum.normalize().to_string()), None),
        Some(Amount::Unknown(reason)) => (None, Some(reason)),
        None => (None, Some(domain::SkipReason::NotInWarehouse)),
    };
    Stock {
        rows: stock.rows.iter().map(row).collect(),
        sum,
        problem,
        target: stock.ruled.and_then(|ruled| ruled.target),
        note: stock.ruled.and_then(|ruled| ruled.note),
    }
}

fn spelling_view(alike: &Alike) -> Spelling {
    Spelling { sku: alike.sku.clone(), differences: alike.differences.clone() }
}

fn listing_view(listing: &Listing) -> api_types::Listing {
    api_types::Listing {
        product_id: listing.key.product.clone(),
        variant_id: listing.key.variant.clone(),
        inventory_item_id: listing.inventory_item.clone(),
        tracked: listing.tracked,
        level: listing.level,
    }
}

fn next_view(messages: Messages, found: Option<&NextStep>) -> NextChange {
    let (action, delta, reason) = match found {
        None => (NextAction::Unknown, None, None),
        Some(NextStep::InStep(_)) => (NextAction::None, None, None),
        Some(NextStep::LeftAlone(reason)) => (NextAction::LeftAlone, None, Some(*reason)),
        Some(NextStep::Change(change)) => (NextAction::Change, Some(change.delta), None),
    };
    NextChange { action, delta, reason, text: next(messages, found) }
}

fn run_view(messages: Messages, found: &Explanation, record: &SkuRecord) -> SkuRun {
    let run = &record.run.run;
    let line = |record: &LineRecord| SkuLine {
        level: record.line.change.level,
        target: record.line.change.target,
        delta: record.line.change.delta,
        state: record.state,
        level_after: record.level_after,
        detail: record.detail.clone(),
        sold_meanwhile: sold_meanwhile(record),
    };
    SkuRun {
        run_id: run.id.clone(),
        kind: run.kind(),
        dry_run: run.dry_run(),
        created_at: utc(run.created_at),
        outcome: record.run.summary.as_ref().map(|summary| summary.outcome),
        recorded: found.first_record.is_some_and(|first| record.run.number >= first),
        left_alone: record.skip,
        lines: record.lines.iter().map(line).collect(),
        since_the_run_before: drift(found, record),
        text: what(messages, found, record),
    }
}
