//! Background work of the service: what it does without a request.
//!
//! Every task implements [`BackgroundTask`]. One [`Driver`] runs them all: it activates a task when it is due or when
//! another part of the service asks for it, contains its panics and keeps its status, which `GET /api/v1/background`
//! shows. A task does
//! one step per activation and takes no input, so a missed or repeated activation does no harm.
//!
//! To add a task, write `background/NAME.rs` with its type and its report, and add its line to the list below.

mod dead_man;
mod dispatch;
mod driver;
#[cfg(test)]
mod hand_clock;
mod pruning;
mod route;
mod slots;
mod status;
mod sweeping;
mod task;

use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use self::dead_man::GoodRuns;
pub use self::dead_man::ping_dead_man;
pub use self::driver::Driver;
use self::driver::{Runnable, Runner};
pub(crate) use self::route::routes;
pub(crate) use self::status::Board;
pub use self::sweeping::{CHECK_UP_TOKENS, sweep};
pub use self::task::Role;
pub(crate) use self::task::{Activation, Activator, BackgroundTask, Next, Setup};

macro_rules! background_tasks {
    ($($module:ident::$task:ident reports $report:ident,)*) => {
        /// What the last activation of a task did. `task` names the task.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(tag = "task", rename_all = "snake_case")]
        pub(crate) enum BackgroundReport {
            $(
                #[doc = concat!("Of the task `", stringify!($module), "`.")]
                $task($module::$report),
            )*
        }

        /// The tasks of this process, in the order of the list.
        fn tasks(setup: &Setup) -> Vec<Runnable> {
            let mut tasks: Vec<Runnable> = Vec::new();
            $(
                if let Some(task) = $module::$task::new(setup) {
                    tasks.push(Runner::boxed(task, &setup.service.background, &setup.service.clock, BackgroundReport::$task));
                }
            )*
            tasks
        }

        #[cfg(test)]
        const NAMES: &[(&str, &str)] = &[$((stringify!($module), <$module::$task as BackgroundTask>::NAME)),*];
    };
}

// At a stop, tasks finish in this order: the last runs end before the dead-man's address hears of them.
background_tasks! {
    dispatch::Dispatch reports DispatchReport,
    dead_man::DeadMan reports DeadManReport,
    slots::Slots reports SlotsReport,
    pruning::Pruning reports PruningReport,
    sweeping::Sweeping reports SweepingReport,
}

#[cfg(test)]
mod tests;
