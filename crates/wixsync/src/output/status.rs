//! How the shops stand, for people and for programs.

use domain::{Outcome, ShopName, UnixMillis};
use messages::{Messages, Text};
use serde_json::{Value, json};
use server::run_view;
use sync::ports::RunRecord;

use super::time::{local, utc};
use super::{CARE, GOOD};

/// How a shop stands.
pub(crate) struct ShopStatus {
    pub(crate) shop: ShopName,
    /// When the last whole run ended of which nothing was left open.
    pub(crate) last_good_at: Option<UnixMillis>,
    pub(crate) last_run: Option<RunRecord>,
    /// When the service starts the next run; `None` without a schedule and while the shop is paused.
    pub(crate) next_slot: Option<UnixMillis>,
    pub(crate) open_tasks: u64,
    /// How many requests the window still takes; `None` without a limit.
    pub(crate) requests_left: Option<u64>,
    pub(crate) problems: Vec<Problem>,
}

/// What waits for the user.
pub(crate) enum Problem {
    /// Nothing is written to the shop. `command` resumes it.
    Paused { since: UnixMillis, command: String },
    /// The guard holds the plan of this run.
    Held {
        /// The run.
        run: u64,
        /// Whether there is something in it, and it is not too old, to be applied.
        may_apply: bool,
    },
    /// The last run did not do all its work.
    NotGood { run: u64, outcome: Outcome },
    /// A task waits for a service or a worker.
    TaskWaits { since: UnixMillis },
    /// Wix refused requests as too many.
    WindowClosed { until: UnixMillis },
}

impl Problem {
    fn code(&self) -> &'static str {
        match self {
            Self::Paused { .. } => "paused",
            Self::Held { .. } => "held_by_guard",
            Self::NotGood { .. } => "last_run_not_good",
            Self::TaskWaits { .. } => "task_waits",
            Self::WindowClosed { .. } => "window_closed",
        }
    }

    fn text(&self, messages: Messages) -> String {
        messages.say(&match self {
            Self::Paused { since, command } => {
                Text::new("status-paused").with("since", local(*since)).with("command", command)
            }
            Self::Held { run, may_apply: true } => Text::new("status-held").with("run", run),
            Self::Held { run, may_apply: false } => Text::new("status-held-empty").with("run", run),
            Self::NotGood { run, outcome } => {
                Text::new("status-not-good").with("run", run).with("outcome", messages.outcome(*outcome))
            }
            Self::TaskWaits { since } => Text::new("status-task-waits").with("since", local(*since)),
            Self::WindowClosed { until } => Text::new("status-window-closed").with("until", local(*until)),
        })
    }
}

/// For people.
pub(crate) fn page(messages: Messages, shops: &[ShopStatus], state: &str) -> String {
    let mut lines: Vec<String> = shops.iter().flat_map(|shop| of_shop(messages, shop)).collect();
    if shops.is_empty() {
        lines.push(messages.get("status-no-shops"));
    }
    lines.push(messages.say(&Text::new("serve-state").with("state", state)));
    lines.join("\n")
}

fn of_shop(messages: Messages, shop: &ShopStatus) -> Vec<String> {
    let moment = |at: Option<UnixMillis>| at.map_or_else(|| messages.get("status-never"), local);
    let (style, head) =
        if shop.problems.is_empty() { (GOOD, "status-well") } else { (CARE, "status-problems") };
    let title = messages.say(&Text::new("status-title").with("shop", &shop.shop));
    let mut lines = vec![format!("{title}: {style}{}{style:#}", messages.get(head))];
    let mut say = |text: &Text| lines.push(format!("  {}", messages.say(text)));
    say(&Text::new("status-last-good").with("at", moment(shop.last_good_at)));
    match &shop.last_run {
        None => say(&Text::new("runs-none")),
        Some(record) => {
            let (run, summary) = (&record.run, record.summary.as_ref());
            let outcome =
                summary.map_or_else(|| messages.task_status(record.status), |it| messages.end_of(it));
            let text = Text::new("status-last-run").with("run", record.number).with("outcome", outcome);
            let text = text.with("kind", messages.kind(run.kind(), run.dry_run()));
            say(&text.with("at", local(run.created_at)));
        }
    }
    match shop.next_slot {
        Some(at) => say(&Text::new("status-next").with("at", local(at))),
        None => say(&Text::new("status-no-next")),
    }
    if shop.open_tasks > 0 {
        say(&Text::new("status-open-tasks").count("count", shop.open_tasks));
    }
    if let Some(left) = shop.requests_left {
        say(&Text::new("status-requests-left").count("left", left));
    }
    for problem in &shop.problems {
        lines.push(format!("  {CARE}!{CARE:#} {}", problem.text(messages)));
    }
    lines
}

/// For programs.
pub(crate) fn json(messages: Messages, shops: &[ShopStatus], state: &str) -> Value {
    let problem = |problem: &Problem| json!({"code": problem.code(), "message": problem.text(messages)});
    let of_shop = |shop: &ShopStatus| {
        json!({
            "shop": shop.shop,
            "last_good_at": shop.last_good_at.map(utc),
            "last_run": shop.last_run.as_ref().map(|record| run_view(messages, record)),
            "next_slot": shop.next_slot.map(utc),
            "open_tasks": shop.open_tasks,
            "requests_left": shop.requests_left,
            "problems": shop.problems.iter().map(problem).collect::<Vec<_>>(),
        })
    };
    json!({"state": state, "shops": shops.iter().map(of_shop).collect::<Vec<_>>()})
}
