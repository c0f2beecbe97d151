//! Background work of the service: what it does without a request.
//!
//! Every task implements [`BackgroundTask`]. One [`Driver`] runs them all: it activates a task when it is due or when
//! another part of the service asks for it, contains its panics and keeps its status, which `GET /api/v1/background`
//! shows. A task does one step per activation and takes no input, so a missed or repeated activation does no harm.
//!
//! To add a task, write `background/NAME.rs` with its type, add its line to the list below, and add its report to
//! `api_types::BackgroundReport` under the same name.

mod clock_watch;
mod dead_man;
mod dispatch;
mod driver;
#[cfg(test)]
mod hand_clock;
mod imports;
mod pruning;
mod route;
mod slots;
mod status;
mod sweeping;
mod task;

use api_types::BackgroundReport;

pub(crate) use self::dead_man::GoodRuns;
pub use self::dead_man::{DeadManAddress, ping_dead_man};
pub use self::driver::Driver;
use self::driver::{Runnable, Runner};
pub(crate) use self::route::routes;
pub(crate) use self::status::Board;
pub use self::sweeping::{CHECK_UP_TOKENS, sweep};
pub use self::task::Role;
pub(crate) use self::task::{Activation, Activator, BackgroundTask, Next, Setup};

macro_rules! background_tasks {
    ($($module:ident::$task:ident,)*) => {
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
    dispatch::Dispatch,
    dead_man::DeadMan,
    slots::Slots,
    pruning::Pruning,
    sweeping::Sweeping,
    clock_watch::ClockWatch,
    imports::Imports,
}

#[cfg(test)]
mod tests;
