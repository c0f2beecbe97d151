//! The checks of `doctor`: they judge what was read, which comes in as arguments.

mod check;
mod codes;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::count::count;
use crate::hash::FastMap;
use crate::listing::drift::Drift;
use crate::moment;
use crate::plan::Facts;
use crate::plan::NoteCode;
use crate::plan::guard::Trip;
use crate::run::report::LISTED;
use crate::stock::near_miss::near_misses;
use crate::stock::{Amount, StockRows, Warehouses};
use crate::write::another_writer::AnotherWriter;
use crate::{Listing, Outcome, Policy, SkipReason, Sku, Stock, UnixMillis};

pub use self::check::{Check, Examples, LastRun};
pub use self::codes::{CheckId, Finding, Status};

/// How far Wix's clock may differ from ours, in milliseconds: twice the life of a lease, because machines that share
/// a shop rely on leases.
const CLOCK_TOLERANCE_MS: u64 = 60_000;
/// The request window counts as nearly full from this percentage.
const WINDOW_FULL_PERCENT: u64 = 80;
/// How long a task of an idle shop may wait, in milliseconds. The readiness probe of the service allows the same.
const TASK_PATIENCE_MS: i64 = 5 * 60 * 1_000;

/// The checks of the warehouse.
#[must_use]
pub fn of_warehouse(rows: &StockRows, warehouses: &Warehouses, stock: &Stock) -> Vec<Check> {
    let mut texts: FastMap<CheckId, Vec<Arc<str>>> = FastMap::default();
    for (sku, amount) in stock.iter() {
        if sku.is_too_long() {
            texts.entry(CheckId::TooLong).or_default().push(sku.as_str().into());
        }
        if let Some(id) = problem_with(amount) {
            texts.entry(id).or_default().push(sku.as_str().into());
        }
    }
    let of = count(stock.len());
    let mut take = |id, finding| Check::of_texts(id, finding, texts.remove(&id).unwrap_or_default(), of);
    vec![
        selection(rows, warehouses),
        take(CheckId::TooLong, Finding::TooLong),
        take(CheckId::DuplicateRows, Finding::DuplicateRows),
        take(CheckId::NoProductRow, Finding::NoProductRow),
        match count(stock.rows_without_sku()) {
            0 => Check::ok(CheckId::SkuEmpty, 0, of),
            some => Check::found(CheckId::SkuEmpty, Finding::SkuEmpty, some, of, Examples::None),
        },
        take(CheckId::UnreadableStock, Finding::UnreadableStock),
        take(CheckId::NegativeStock, Finding::NegativeStock),
        take(CheckId::FractionalStock, Finding::FractionalStock),
        take(CheckId::AboveCeiling, Finding::AboveCeiling),
    ]
}

fn problem_with(amount: Amount) -> Option<CheckId> {
    match amount {
        // The note does not depend on the policy for sold-out goods.
        Amount::Known(sum) => Policy::default().rule(sum).note.map(|note| match note {
            NoteCode::NegativeStock => CheckId::NegativeStock,
            NoteCode::FractionDropped => CheckId::FractionalStock,
            NoteCode::ClampedToCeiling => CheckId::AboveCeiling,
        }),
        Amount::Unknown(SkipReason::DuplicateRow) => Some(CheckId::DuplicateRows),
        Amount::Unknown(SkipReason::NoProductRow) => Some(CheckId::NoProductRow),
        Amount::Unknown(_) => Some(CheckId::UnreadableStock),
    }
}

/// The check for chosen warehouses without rows, which usually have a misspelled name.
fn selection(rows: &StockRows, warehouses: &Warehouses) -> Check {
    let of = warehouses.chosen().map_or(0, count);
    let mut check =
        Check::of_texts(CheckId::Selection, Finding::WarehouseWithoutRows, warehouses.without_rows(rows), of);
    if check.finding.is_none() {
        check.found = of;
    }
    check
}

/// The checks that compare warehouse and shop. `facts` belong to the plan that a run would make.
#[must_use]
pub fn of_both(stock: &Stock, listings: &[Listing], facts: &Facts, trips: Vec<Trip>) -> Vec<Check> {
    vec![
        matching(facts),
        near_miss_check(stock, listings),
        duplicates(listings),
        of_matching(CheckId::Untracked, Finding::Untracked, stock, listings, |one| !one.tracked),
        of_matching(CheckId::NoLevel, Finding::NoLevel, stock, listings, |one| {
            one.tracked && one.level.is_none()
        }),
        if trips.is_empty() {
            Check::ok(CheckId::Guard, 0, 0)
        } else {
            let found = count(trips.len());
            Check::found(CheckId::Guard, Finding::Guard, found, found, Examples::Trips(trips))
        },
    ]
}

/// The check of columns with reserved units that nothing subtracts, each with the query that does where it is known;
/// `None` if there are none.
#[must_use]
pub fn of_reserved(columns: Vec<Arc<str>>, queries: impl IntoIterator<Item = Arc<str>>) -> Option<Check> {
    let found = count(columns.len());
    let texts: Vec<Arc<str>> = columns.into_iter().chain(queries).collect();
    let check = Check::found(CheckId::Reserved, Finding::ReservedColumn, found, 0, Examples::Texts(texts));
    (found > 0).then_some(check)
}

/// The check of prices that are no plain numbers; `None` if there are none.
#[must_use]
pub fn of_prices(odd: Vec<Arc<str>>) -> Option<Check> {
    let found = count(odd.len());
    (found > 0).then(|| Check::of_texts(CheckId::Prices, Finding::OddPrices, odd, found))
}

fn matching(facts: &Facts) -> Check {
    let (found, of) = (facts.found, facts.warehouse_skus);
    let finding = if facts.listings == facts.listings_without_sku {
        Some(Finding::ShopEmpty)
    } else if found == 0 && of > 0 {
        Some(Finding::NothingMatches)
    } else if facts.found_with_stock.saturating_mul(2) < facts.with_stock {
        Some(Finding::FewMatch)
    } else {
        None
    };
    let (found, of) = match finding {
        Some(Finding::FewMatch) => (facts.found_with_stock, facts.with_stock),
        _ => (found, of),
    };
    Check { id: CheckId::Matching, finding, found, of, examples: Examples::None }
}

fn near_miss_check(stock: &Stock, listings: &[Listing]) -> Check {
    let here = stock.iter().map(|(sku, _)| sku);
    let mut pairs = near_misses(here, listings.iter().filter_map(|listing| listing.sku.as_ref()));
    let (id, found, of) = (CheckId::NearMisses, count(pairs.len()), count(stock.len()));
    if pairs.is_empty() {
        return Check::ok(id, 0, of);
    }
    pairs.truncate(LISTED);
    Check::found(id, Finding::NearMisses, found, of, Examples::Pairs(pairs))
}

fn duplicates(listings: &[Listing]) -> Check {
    let mut seen: FastMap<&Sku, u32> = FastMap::default();
    for sku in listings.iter().filter_map(|listing| listing.sku.as_ref()) {
        *seen.entry(sku).or_default() += 1;
    }
    let several: BTreeSet<&Sku> = seen.iter().filter(|(_, times)| **times > 1).map(|(sku, _)| *sku).collect();
    let texts = several.into_iter().map(|sku| sku.as_str().into()).collect();
    Check::of_texts(CheckId::DuplicateSkus, Finding::DuplicateSkus, texts, count(seen.len()))
}

/// The check for SKUs of the warehouse whose listing has the property `is_so`.
fn of_matching(
    id: CheckId,
    finding: Finding,
    stock: &Stock,
    listings: &[Listing],
    is_so: impl Fn(&Listing) -> bool,
) -> Check {
    let skus = listings.iter().filter(|listing| is_so(listing)).filter_map(|listing| listing.sku.as_ref());
    let known: BTreeSet<&Sku> = skus.filter(|sku| stock.get(sku.as_str()).is_some()).collect();
    let texts = known.into_iter().map(|sku| sku.as_str().into()).collect();
    Check::of_texts(id, finding, texts, count(listings.len()))
}

/// The check of the clock. Wix's clock is `ahead_ms` milliseconds ahead of ours. The check reports whole seconds.
#[must_use]
pub fn of_clock(ahead_ms: i64) -> Check {
    let seconds = ahead_ms.unsigned_abs() / 1_000;
    let finding = (ahead_ms.unsigned_abs() > CLOCK_TOLERANCE_MS).then_some(Finding::ClockOff);
    Check { finding, ..Check::ok(CheckId::Clock, seconds, 0) }
}

/// The check whether the clock was ahead: `latest` is the latest moment that the state database holds. `None` if it
/// does not lie ahead.
#[must_use]
pub fn of_moments(latest: Option<UnixMillis>, now: UnixMillis) -> Option<Check> {
    let ahead = latest.filter(|latest| moment::lies_ahead(*latest, now))?.saturating_sub(now);
    let seconds = ahead.unsigned_abs() / 1_000;
    Some(Check::found(CheckId::Clock, Finding::ClockWasAhead, seconds, 0, Examples::None))
}

/// The check whether writing to the shop is paused.
#[must_use]
pub fn of_pause(paused: bool) -> Check {
    Check { finding: paused.then_some(Finding::Paused), ..Check::ok(CheckId::Pause, 0, 0) }
}

/// The check of the site's catalog, by its name.
#[must_use]
pub fn of_catalog(name: &'static str) -> Check {
    Check { examples: Examples::Catalog(name), ..Check::ok(CheckId::Catalog, 0, 0) }
}

/// The check of the permission to read levels; `levels` is how many were read.
#[must_use]
pub fn of_levels(levels: u64) -> Check {
    let finding = (levels == 0).then_some(Finding::LevelsUnknown);
    Check { finding, ..Check::ok(CheckId::Levels, levels, levels) }
}

/// The check of the permission to write; `confirmed` is how many changes of past runs Wix confirmed.
#[must_use]
pub fn of_writes(confirmed: u64) -> Check {
    let finding = (confirmed == 0).then_some(Finding::WriteUnknown);
    Check { finding, ..Check::ok(CheckId::Write, confirmed, confirmed) }
}

/// The check of the request window: `taken` of `limit` places are used. `closed`: the shop refuses requests for now.
/// `slowed`: the pace is halved after such a refusal.
#[must_use]
pub fn of_window(taken: u64, limit: u64, closed: bool, slowed: bool) -> Check {
    let full = taken.saturating_mul(100) >= limit.saturating_mul(WINDOW_FULL_PERCENT);
    let finding = match (closed, full) {
        (true, _) => Some(Finding::WindowClosed),
        (false, true) => Some(Finding::WindowFull),
        (false, false) if slowed => Some(Finding::PaceSlowed),
        (false, false) => None,
    };
    Check { finding, ..Check::ok(CheckId::Window, taken, limit) }
}

/// The check of the run that ended last; `None` if there was none.
#[must_use]
pub fn of_last_run(last: Option<LastRun>) -> Check {
    let Some(last) = last else { return Check::ok(CheckId::LastRun, 0, 0) };
    let finding = (last.outcome != Outcome::Converged).then_some(Finding::LastRunNotGood);
    Check { finding, examples: Examples::Run(Box::new(last)), ..Check::ok(CheckId::LastRun, 1, 1) }
}

/// The check whether another program writes to the shop: by what a run read back, else by how levels moved between runs.
#[must_use]
pub fn of_other_writers(drift: &Drift, seen: Option<AnotherWriter>) -> Check {
    let id = CheckId::OtherWriters;
    if let Some(AnotherWriter { lines, of }) = seen {
        return Check::found(id, Finding::AnotherWriter, lines, of, Examples::None);
    }
    let texts: Vec<Arc<str>> = drift.risen.iter().map(|(sku, _)| sku.as_str().into()).collect();
    let check = Check::of_texts(id, Finding::OtherWriter, texts, drift.compared);
    if drift.suggests_another_writer() {
        return check;
    }
    Check { finding: (drift.compared == 0).then_some(Finding::WritersUnknown), ..check }
}

/// The check of the service's tasks: how many are open, and how long the oldest task that could start has waited.
#[must_use]
pub fn of_tasks(open: u64, waited_ms: Option<i64>) -> Check {
    let finding = waited_ms.filter(|waited| *waited > TASK_PATIENCE_MS).map(|_| Finding::TasksWait);
    Check { finding, ..Check::ok(CheckId::Tasks, open, open) }
}

/// A background task of the service, as the service reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackgroundTask {
    /// Its name.
    pub name: String,
    /// Why it failed when it last ran; `None` if it did not fail.
    pub error: Option<String>,
    /// Whether it should have run, or ended, by now.
    pub is_overdue: bool,
}

/// The checks of the service's background tasks: one for each that failed or is overdue, or a single one if all are
/// well.
#[must_use]
pub fn of_background(tasks: &[BackgroundTask]) -> Vec<Check> {
    let (id, of) = (CheckId::Background, count(tasks.len()));
    let problem = |task: &BackgroundTask| {
        let (finding, example) = match (&task.error, task.is_overdue) {
            (Some(error), _) => (Finding::BackgroundFailed, format!("{}: {error}", task.name)),
            (None, true) => (Finding::BackgroundOverdue, task.name.clone()),
            (None, false) => return None,
        };
        Some(Check::found(id, finding, 1, of, Examples::Texts(vec![example.into()])))
    };
    let checks: Vec<Check> = tasks.iter().filter_map(problem).collect();
    if checks.is_empty() { vec![Check::ok(id, of, of)] } else { checks }
}

/// The worst status of all. A check that had nothing to judge by stands above those that are well, because it says less.
#[must_use]
pub fn overall(statuses: impl IntoIterator<Item = Status>) -> Status {
    statuses.into_iter().max().unwrap_or(Status::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RunId;

    #[test]
    fn the_clock_may_be_a_minute_off_and_the_window_four_fifths_full() {
        let clock = |ahead| (of_clock(ahead).finding, of_clock(ahead).found);
        assert_eq!((clock(60_000), clock(-60_000)), ((None, 60), (None, 60)));
        assert_eq!(clock(60_001), (Some(Finding::ClockOff), 60));
        assert_eq!(clock(-3_600_000), (Some(Finding::ClockOff), 3_600));
        assert_eq!(of_clock(i64::MIN).finding, Some(Finding::ClockOff));
        let window = |taken, closed| of_window(taken, 200, closed, false).finding;
        assert_eq!(of_window(1, 200, false, true).finding, Some(Finding::PaceSlowed));
        assert_eq!(of_window(1, 200, true, true).finding, Some(Finding::WindowClosed));
        assert_eq!((window(159, false), window(160, false)), (None, Some(Finding::WindowFull)));
        assert_eq!(
            (window(0, true), window(200, true)),
            (Some(Finding::WindowClosed), Some(Finding::WindowClosed))
        );
    }

    #[test]
    fn a_moment_that_lies_ahead_tells_that_the_clock_was_ahead() {
        assert_eq!((of_moments(None, 0), of_moments(Some(60_000), 0)), (None, None));
        let check = of_moments(Some(7_200_000), 0).unwrap();
        assert_eq!((check.id, check.finding), (CheckId::Clock, Some(Finding::ClockWasAhead)));
        assert_eq!((check.found, check.status()), (7_200, Status::Warning));
    }

    #[test]
    fn what_a_run_read_back_says_more_than_what_moved_between_runs() {
        let seen = of_other_writers(&Drift::default(), Some(AnotherWriter { lines: 4, of: 9 }));
        assert_eq!((seen.finding, seen.found, seen.of), (Some(Finding::AnotherWriter), 4, 9));
        assert_eq!(of_other_writers(&Drift::default(), None).status(), Status::NotChecked);
        let compared = Drift { compared: 1, ..Drift::default() };
        assert_eq!(of_other_writers(&compared, None).status(), Status::Ok);
    }

    #[test]
    fn a_task_may_wait_for_five_minutes() {
        let tasks = |waited| of_tasks(1, waited).finding;
        assert_eq!(
            (tasks(None), tasks(Some(300_000)), tasks(Some(300_001))),
            (None, None, Some(Finding::TasksWait))
        );
    }

    #[test]
    fn each_background_task_that_failed_or_is_overdue_is_named() {
        let task = |name: &str, error: Option<&str>, is_overdue| BackgroundTask {
            name: name.to_owned(),
            error: error.map(str::to_owned),
            is_overdue,
        };
        let well = [task("dispatch", None, false), task("slots", None, false)];
        assert_eq!(of_background(&well), [Check::ok(CheckId::Background, 2, 2)]);
        let mixed = [
            task("dispatch", None, true),
            task("slots", None, false),
            task("pruning", Some("no disk"), false),
            task("dead_man", Some("502"), true),
        ];
        let details = |check: &Check| match &check.examples {
            Examples::Texts(texts) => (check.finding, check.found, check.of, texts.concat()),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            of_background(&mixed).iter().map(details).collect::<Vec<_>>(),
            [
                (Some(Finding::BackgroundOverdue), 1, 4, "dispatch".to_owned()),
                (Some(Finding::BackgroundFailed), 1, 4, "pruning: no disk".to_owned()),
                (Some(Finding::BackgroundFailed), 1, 4, "dead_man: 502".to_owned()),
            ]
        );
        assert_eq!(overall(of_background(&mixed).iter().map(Check::status)), Status::Warning);
    }

    #[test]
    fn half_of_the_goods_in_stock_are_enough_to_match() {
        let facts = |found_with_stock| Facts {
            warehouse_skus: 10,
            with_stock: 10,
            found_with_stock,
            found: found_with_stock,
            listings: 10,
            ..Facts::default()
        };
        let found = |n| matching(&facts(n)).finding;
        assert_eq!(
            (found(0), found(4), found(5)),
            (Some(Finding::NothingMatches), Some(Finding::FewMatch), None)
        );
        let bare = Facts { listings_without_sku: 10, ..facts(0) };
        assert_eq!(matching(&bare).finding, Some(Finding::ShopEmpty));
        assert_eq!(matching(&Facts { listings: 1, ..Facts::default() }).finding, None);
    }

    #[test]
    fn what_had_nothing_to_judge_by_is_not_called_well() {
        for (nothing, something) in [(of_levels(0), of_levels(1)), (of_writes(0), of_writes(1))] {
            assert_eq!((nothing.status(), something.status()), (Status::NotChecked, Status::Ok));
        }
    }

    #[test]
    fn only_a_run_that_left_the_shop_right_is_good() {
        let last = |outcome| {
            let id = RunId::new("r");
            of_last_run(Some(LastRun { id, number: 1, outcome, finished_at: 1, good_at: None })).status()
        };
        for outcome in Outcome::ALL {
            assert_eq!(last(*outcome) == Status::Ok, *outcome == Outcome::Converged, "{outcome}");
        }
        assert_eq!(of_last_run(None).status(), Status::Ok);
    }

    #[test]
    fn the_worst_status_is_the_whole_s() {
        use Status::{Failed, NotChecked, Ok, Warning};
        assert_eq!(overall([]), Ok);
        assert_eq!(overall([Ok, Warning, Ok]), Warning);
        assert_eq!(overall([Warning, Failed, Ok]), Failed);
        assert_eq!((overall([Ok, NotChecked]), overall([NotChecked, Warning])), (NotChecked, Warning));
    }
}
