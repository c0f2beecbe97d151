//! The changes of a plan, for people: the riskiest first.

use std::cmp::Reverse;

use anstyle::Style;
use comfy_table::CellAlignment;
use domain::Target;
use domain::plan::{Change, Facts};
use messages::{Messages, Text};

use super::sku::printable;
use super::{BAD, CARE, GOOD, table};

/// How many lines of a group are shown; the rest are counted.
const SHOWN: usize = 10;

/// What a change means for the shop, in the order of what can go wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// It shows stock and goes off sale.
    ToZero,
    /// It shows less.
    Lower,
    /// It showed none and comes on sale.
    OnSale,
    /// It shows more.
    Raise,
}

impl Group {
    const ALL: [Self; 4] = [Self::ToZero, Self::Lower, Self::OnSale, Self::Raise];

    fn of(change: &Change) -> Self {
        match (change.delta.raises(), change.level.shown() > 0) {
            (false, true) if change.target == Target::ZERO => Self::ToZero,
            (false, _) => Self::Lower,
            (true, false) if change.target != Target::ZERO => Self::OnSale,
            (true, _) => Self::Raise,
        }
    }

    /// Its title, its sign and its color. The sign carries the meaning where there is no color.
    fn title_and_style(self) -> (&'static str, &'static str, Style) {
        match self {
            Self::ToZero => ("changes-to-zero", "!", BAD),
            Self::Lower => ("changes-lower", "-", CARE),
            Self::OnSale => ("changes-on-sale", "*", GOOD),
            Self::Raise => ("changes-raise", "+", GOOD),
        }
    }
}

/// The changes by group, the largest of each first, then the totals. Each line is without its line end.
pub(crate) fn lines(messages: Messages, facts: &Facts, changes: &[Change], run: u64) -> Vec<String> {
    let mut lines = Vec::new();
    for group in Group::ALL {
        let mut own: Vec<&Change> = changes.iter().filter(|change| Group::of(change) == group).collect();
        if own.is_empty() {
            continue;
        }
        own.sort_by_key(|change| (Reverse(change.delta.magnitude()), &change.sku));
        lines.extend(of_group(messages, group, &own));
    }
    if Group::ALL.iter().any(|group| changes.iter().filter(|one| Group::of(one) == *group).count() > SHOWN) {
        lines.push(format!("  {}", messages.say(&Text::new("changes-all").with("run", run))));
    }
    lines.push(format!("  {}", messages.say(&total(facts))));
    lines
}

fn of_group(messages: Messages, group: Group, changes: &[&Change]) -> Vec<String> {
    let (title, sign, style) = group.title_and_style();
    let units = changes.iter().map(|change| change.delta.magnitude()).fold(0, u64::saturating_add);
    let title = Text::new(title).count("count", number(changes.len())).count("units", units);
    let mut lines = vec![format!("  {}", messages.say(&title))];
    let rows = rows(messages, sign, changes);
    lines.extend(rows.lines().map(|row| format!("    {style}{row}{style:#}")));
    let rest = changes.len().saturating_sub(SHOWN);
    if rest > 0 {
        lines.push(format!("    {}", messages.say(&Text::new("changes-more").count("count", number(rest)))));
    }
    lines
}

/// The first changes, in columns.
fn rows(messages: Messages, sign: &str, changes: &[&Change]) -> String {
    let mut rows = table::table(&[]);
    for change in changes.iter().take(SHOWN) {
        rows.add_row([
            sign.to_owned(),
            printable(change.sku.as_str()),
            messages.figure(change.level),
            "->".to_owned(),
            messages.figure(change.target),
            format!("({})", messages.figure(change.delta)),
        ]);
    }
    for column in [2, 4, 5] {
        if let Some(column) = rows.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for column in rows.column_iter_mut() {
        column.set_padding((0, 1));
    }
    table::lines(&rows)
}

/// The totals of all changes.
fn total(facts: &Facts) -> Text {
    let after = facts.units_shown.saturating_sub(facts.units_taken).saturating_add(facts.units_added);
    Text::new("changes-total")
        .count("before", facts.units_shown)
        .count("after", after)
        .figure("added", format_args!("+{}", facts.units_added))
        .figure("taken", format_args!("-{}", facts.units_taken))
}

fn number(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Delta, InventoryItemId, Level, ListingKey, ProductId, Sku, VariantId};
    use messages::Lang;

    fn change(sku: &str, from: i64, to: u32) -> Change {
        Change {
            revision: None,
            sku: Sku::parse(sku).unwrap(),
            key: ListingKey::new(ProductId::new("p"), VariantId::whole_product()),
            inventory_item: InventoryItemId::new("i"),
            level: Level::new(from).unwrap(),
            target: Target::new(to).unwrap(),
            delta: Delta::new(i64::from(to) - from).unwrap(),
        }
    }

    fn rendered(lang: Lang, changes: &[Change]) -> String {
        let facts = Facts { units_shown: 300, units_taken: 118, units_added: 35, ..Facts::default() };
        anstream::adapter::strip_str(&lines(Messages::new(lang), &facts, changes, 7).join("\n")).to_string()
    }

    #[test]
    fn what_goes_off_sale_stands_first_and_the_largest_change_of_a_group_too() {
        let changes = [
            change("raised", 1, 11),
            change("lowered", 9, 7),
            change("small", 4, 0),
            change("LARGE", 112, 0),
            change("back", 0, 25),
        ];
        let due = "  Off sale: 2 (116 units)
    ! LARGE 112 -> 0 (-112)
    ! small   4 -> 0   (-4)
  Lower: 1 (2 units)
    - lowered 9 -> 7 (-2)
  On sale again: 1 (25 units)
    * back 0 -> 25 (+25)
  Higher: 1 (10 units)
    + raised 1 -> 11 (+10)
  Units in Wix: 300 -> 217 (+35, -118)";
        assert_eq!(rendered(Lang::En, &changes), due);
    }

    #[test]
    fn a_long_list_says_how_to_see_all_of_it() {
        let changes: Vec<Change> = (0..13).map(|n| change(&format!("s{n:02}"), 5, 0)).collect();
        let text = rendered(Lang::Ru, &changes);
        assert!(text.contains("! s09") && !text.contains("! s10"), "{text}");
        assert!(text.contains("и ещё 3\n  Все изменения: `wixsync run 7`"), "{text}");
    }
}
