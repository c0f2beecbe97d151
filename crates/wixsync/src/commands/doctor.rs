//! `doctor`: checks everything that a run needs, before one is made. It writes nothing to the shop.

mod guest;
mod rehearsal;
mod service;

use std::sync::Arc;

use clap::ArgMatches;
use domain::checkup::{self as checks, Check, CheckId, Status};
use sync::doctor::{DoctorTarget, Examination, Records, Sources, examine};
use sync::ports::{Clock, Shop};

use self::service::{ServiceChecks, allows_rehearsal, check_service, has_fixed_port};
use super::option;
use crate::config::{self, Origin, Row, Settings, ShopSettings};
use crate::context::Context;
use crate::error::{FAILED, Failure};
use crate::known_states;
use crate::output::checkup::{self, CheckResult, CheckedPlaces};
use crate::output::{Output, ProgressReporter};
use crate::overlooked;
use crate::wiring;

/// The exit code of a check-up with warnings.
const WARNED: u8 = 3;

pub(super) async fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let (settings, messages) = (&context.settings, context.messages);
    let shop = wiring::choose_shop(settings, option(args, "shop"))?;
    let mut results = Vec::new();
    let mut opened = |id, failure: Failure| results.push(CheckResult::of_failure(messages, id, &failure));

    known_states::check(context, shop);
    let state = wiring::open_state(settings).await.map_err(|failure| opened(CheckId::State, failure)).ok();
    if let Some(state) = &state
        && let Err(error) = server::sweep(&**state, context.clock.now()).await
    {
        // A state database that cannot be written to is reported by the checks below.
        tracing::warn!(%error, "what earlier check-ups left could not be taken away");
    }
    let warehouse =
        wiring::open_warehouse(settings).map_err(|failure| opened(CheckId::Warehouse, failure)).ok();
    let port = wiring::open_shop(settings, shop, state.as_ref(), messages, context.clock)
        .map_err(|failure| opened(CheckId::Settings, failure))
        .ok();
    let reporter = ProgressReporter::new(messages, context.bars.clone(), context.clock);
    let records = state.as_ref().map(|state| Records {
        runs: &**state,
        journal: &**state,
        pauses: &**state,
        watch: &**state,
    });
    let sources = Sources {
        shop: port.as_ref().map(|port| port as &dyn Shop),
        warehouse: warehouse.as_deref(),
        records,
        clock: &context.clock,
        observer: &reporter,
    };
    let target = DoctorTarget {
        shop: &shop.name,
        policy: settings.policy.value,
        window: window(context),
        is_paced: settings.pace.value.is_some(),
    };
    let examined = examine(sources, target).await;
    let overlooked = check_tables(context).await;
    reporter.end();
    let is_well = results.is_empty() && examined.outcomes.iter().all(allows_rehearsal);
    let service = check_service(context, state.as_ref(), shop, &examined, is_well).await;
    if let Some(state) = &state {
        state.close().await;
    }
    let of_check = |check| CheckResult::of_check(messages, check, &places(settings));
    results.extend(overlooked.into_iter().map(of_check));
    let checkup = Checkup { context, shop, examined, service: service?, is_well };
    Ok(checkup.tell(results, port.is_some()))
}

/// How many requests the window of a shop holds; `None` where there is no limit.
fn window(context: &Context) -> Option<u64> {
    context.settings.rate_limit.value.map(|limit| u64::from(limit.requests))
}

/// What the warehouse's tables hold that runs do not read.
async fn check_tables(context: &Context) -> Vec<Check> {
    let Some(database) = &context.settings.warehouse.value else { return Vec::new() };
    let (reserved, prices) = overlooked::look(database, context.settings.query.value.as_deref()).await;
    let columns = reserved.iter().map(|one| Arc::from(one.name())).collect();
    let queries = reserved.iter().filter_map(|one| one.query.as_deref().map(Arc::from));
    let prices = prices.into_iter().map(Arc::from).collect();
    checks::of_reserved(columns, queries).into_iter().chain(checks::of_prices(prices)).collect()
}

/// Everything that was found.
struct Checkup<'a> {
    context: &'a Context,
    shop: &'a ShopSettings,
    examined: Examination,
    service: ServiceChecks,
    is_well: bool,
}

impl Checkup<'_> {
    /// Prints all results, `results` being those known so far. Gives the exit code.
    fn tell(self, mut results: Vec<CheckResult>, has_settings: bool) -> u8 {
        let (messages, shop) = (self.context.messages, &self.shop.name);
        let rows = config::rows(&self.context.settings);
        let expected = self.expected();
        let places = places(&self.context.settings);
        if has_settings {
            let check = of_settings(&rows);
            results.push(CheckResult::of_check(messages, check, &places));
        }
        let of_check = |check| CheckResult::of_check(messages, check, &places);
        let of_failure = |(id, failure)| CheckResult::of_failure(messages, id, &failure);
        results.extend(self.service.checks.into_iter().map(of_check));
        results.extend(self.service.failures.into_iter().map(of_failure));
        let of_outcome = |outcome| CheckResult::of_outcome(messages, outcome, &places);
        results.extend(self.examined.outcomes.into_iter().map(of_outcome));
        results.sort_by_key(CheckResult::id);
        let missing: Vec<CheckId> =
            expected.into_iter().filter(|id| !results.iter().any(|result| result.id() == *id)).collect();
        if self.context.output.json {
            Output::print(&checkup::json(shop, &rows, &results, &missing));
        } else {
            self.context.output.text(&checkup::page(messages, shop, &rows, &results, &missing));
        }
        match checkup::overall(&results) {
            Status::Ok | Status::NotChecked => 0,
            Status::Warning => WARNED,
            Status::Failed => FAILED,
        }
    }

    /// The checks that should have a result.
    fn expected(&self) -> Vec<CheckId> {
        let is_due = |id: &CheckId| match id {
            CheckId::Window => window(self.context).is_some(),
            CheckId::Service => has_fixed_port(self.context.settings.service.listen.value),
            CheckId::Background => self.service.hides_background,
            // Only what is there is told.
            CheckId::Reserved | CheckId::Prices => false,
            // Without a SKU there is nothing to rehearse with.
            CheckId::Rehearsal | CheckId::Api => self.examined.sample.is_some() || !self.is_well,
            _ => true,
        };
        CheckId::ALL.iter().copied().filter(is_due).collect()
    }
}

fn places(settings: &Settings) -> CheckedPlaces {
    CheckedPlaces {
        warehouse: settings.warehouse.value.as_ref().map(ToString::to_string).unwrap_or_default(),
        state: settings.state.value.as_ref().map(ToString::to_string).unwrap_or_default(),
        service: settings.service.listen.value.to_string(),
    }
}

/// The settings could be used; how many are not the defaults.
fn of_settings(rows: &[Row]) -> Check {
    let set = rows.iter().filter(|row| row.origin != Origin::Default).count();
    Check::ok(CheckId::Settings, count(set), count(rows.len()))
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
