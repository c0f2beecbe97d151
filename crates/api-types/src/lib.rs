//! What the HTTP API answers, as types.
//!
//! Each answer of a route is one type here: its JSON through serde, its schema in `/openapi.json` through utoipa. The
//! server builds them, the command line prints the same ones with `--json`, and a client reads them. Codes and the
//! report come from `domain`, which owns their meaning.
//!
//! - [`TaskState`], [`StartedTask`]: the guide's calls; [`Run`], [`RunDetail`], [`LinePage`]: the history.
//! - [`Shop`], [`Explanation`], [`Readiness`]: how things stand; [`ProblemDocument`]: every refusal.
//!
//! The JSON of a release stays: a key is added, never renamed or removed, and a value that is not known is `null`
//! unless its field says that it is left out.

mod background;
mod change;
mod explanation;
mod probe;
mod problem;
mod run;
mod shop;
mod task;
mod time;
mod welcome;

pub use background::{
    ActivationOutcome, ActivationReason, BackgroundReport, BackgroundTask, BackgroundTasks, ClockWatchReport,
    DeadManReport, DispatchReport, ImportsReport, PruningReport, SlotsReport, SweepingReport, TaskActivation,
};
pub use change::{Change, Line, LinePage};
pub use domain::guide::{InventoryUpdate, ProductInfo};
pub use domain::run::report::{Counters, Report, ReportStatus, SetReport};
pub use explanation::{
    Explanation, Listing, NearlyTheSame, NextAction, NextChange, ShopSide, SideFailure, SkuLine, SkuRun,
    Spelling, Stock, StockRow, WarehouseSide,
};
pub use probe::{ClockChange, Readiness, ReadinessStatus};
pub use problem::ProblemDocument;
pub use run::{PlannedChanges, Run, RunDetail, RunList, RunPage, RunResult, RunWithLines};
pub use shop::{Shop, ShopSchedule};
pub use task::{EarlierAttempt, Phase, Progress, StartedTask, TaskResult, TaskState};
pub use time::UtcTime;
pub use welcome::Welcome;
