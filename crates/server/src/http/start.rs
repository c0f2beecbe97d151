//! Turns a request into a task. The row of the task is written before the answer is sent.

use api_types::{ReportStatus, StartedTask};
use domain::{Policy, RunId, Scope, ShopName, Sku};
use messages::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use sync::ports::{Accepted, EarlierAttempt, NewTask, RequestKey, RunRecord};
use sync::{RunRequest, Work, alive_at, task_of};
use utoipa::ToSchema;

use crate::Service;
use crate::http::language::AnswerLanguage;
use crate::http::problem::{Kind, Problem};

/// The filters of a run, and what it may do.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StartBody {
    /// The shop, where several are configured.
    pub(crate) shop: Option<String>,
    /// Only these SKUs; all where none are named.
    #[schema(value_type = Option<Vec<String>>, min_items = 1, example = json!(["SKU1", "SKU2"]))]
    pub(crate) skus: Option<BTreeSet<Sku>>,
    /// Plan only, write nothing.
    pub(crate) dry_run: bool,
}

/// The filters of a plan.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PlanBody {
    /// The shop, where several are configured.
    pub(crate) shop: Option<String>,
    /// Only these SKUs; all where none are named.
    #[schema(value_type = Option<Vec<String>>, min_items = 1, example = json!(["SKU1", "SKU2"]))]
    pub(crate) skus: Option<BTreeSet<Sku>>,
}

/// The scope of a run. An empty list of SKUs is refused: a run over nothing is a mistake.
pub(crate) fn scope(skus: Option<BTreeSet<Sku>>) -> Result<Scope, Problem> {
    match skus {
        None => Ok(Scope::All),
        Some(skus) if skus.is_empty() => Err(empty("skus")),
        Some(skus) => Ok(Scope::Skus(skus)),
    }
}

/// The refusal of a field whose value must not be empty.
pub(crate) fn empty(field: &'static str) -> Problem {
    Problem::new(Kind::BadBody).say(Text::new("fit-empty").with("path", field))
}

/// A request to run `work` for `shop`.
pub(crate) fn request(service: &Service, shop: ShopName, work: Work, scope: Scope) -> RunRequest {
    let policy = if matches!(work, Work::Set { .. }) { Policy::default() } else { service.gateway.policy() };
    RunRequest { id: (service.new_id)(), shop, work, scope, policy }
}

/// Accepts a request and answers with its task.
pub(crate) async fn accept(
    service: &Service,
    language: &AnswerLanguage,
    request: &RunRequest,
    key: Option<RequestKey>,
) -> Result<StartedTask, Problem> {
    let now = service.clock.now();
    let task = NewTask { run: task_of(request, now), slot: None, key };
    match service.state.accept(&task, now, &alive_at(now)).await? {
        Accepted::New => {
            service.dispatch.activate();
            Ok(started(language, request, &task.run.id, domain::TaskStatus::Pending))
        }
        Accepted::Joined(record) => Ok(started(language, request, &record.run.id, record.status)),
        Accepted::Full(other) => Err(Problem::new(Kind::AnotherWaits).run(&other.run.id)),
        Accepted::KeyReused => Err(Problem::new(Kind::KeyReused)),
        Accepted::Paused(_) => Err(Problem::new(Kind::ShopPaused)),
        // Only a schedule fills slots.
        Accepted::SlotTaken => Err(Problem::new(Kind::Defect)),
    }
}

fn started(
    language: &AnswerLanguage,
    request: &RunRequest,
    id: &RunId,
    status: domain::TaskStatus,
) -> StartedTask {
    let message = match &request.work {
        Work::Sync { dry_run: false } => "api-started",
        Work::Sync { dry_run: true } => "api-started-dry-run",
        Work::Plan => "api-started-plan",
        Work::Apply { .. } => "api-started-apply",
        Work::Set { .. } => "api-started-set",
    };
    StartedTask {
        status: ReportStatus::Success,
        message: language.0.get(message),
        task_id: id.clone(),
        task_status: status,
    }
}

/// The attempts before the one that the result of the task describes.
pub(crate) async fn earlier_of(
    service: &Service,
    record: &RunRecord,
) -> Result<Vec<EarlierAttempt>, Problem> {
    match record.attempt {
        ..=1 => Ok(Vec::new()),
        _ => Ok(service.state.earlier_attempts(&record.run.id).await?),
    }
}

/// The record of a run. Its id is a UUID, which may be written in either case (RFC 9562).
pub(crate) async fn run_of(service: &Service, id: &str) -> Result<RunRecord, Problem> {
    let record = service.state.get(&RunId::new(&id.to_ascii_lowercase())).await?;
    record.ok_or_else(|| Problem::new(Kind::NoSuchRun).named(id))
}
