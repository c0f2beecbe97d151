//! Turns a request into a task. The row of the task is written before the answer is sent.

use std::collections::BTreeSet;
use std::sync::Arc;

use api_types::{ReportStatus, StartedTask};
use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::{Policy, RunId, RunName, Scope, ShopName, Sku, Starter};
use messages::Text;
use serde::{Deserialize, Serialize};
use sync::ports::{Accepted, EarlierAttempt, NewTask, RequestKey, RunRecord};
use sync::{RunRequest, Work, alive_at, task_of};
use utoipa::{IntoParams, ToSchema};

use crate::Service;
use crate::http::access::Caller;
use crate::http::extract::{Key, null_is_default, shop_of};
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
    #[serde(deserialize_with = "null_is_default")]
    #[schema(value_type = Option<bool>)]
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
pub(crate) fn request(
    service: &Service,
    shop: ShopName,
    work: Work,
    scope: Scope,
    starter: Starter,
) -> RunRequest {
    let policy = if matches!(work, Work::Set { .. }) { Policy::default() } else { service.gateway.policy() };
    RunRequest { id: (service.new_id)(), shop, work, scope, policy, starter }
}

/// What every route that starts work takes from the request besides its body. The only way in which a route starts
/// work.
pub(crate) struct Start {
    pub(crate) service: Arc<Service>,
    language: AnswerLanguage,
    key: Key,
    starter: Starter,
}

impl FromRequestParts<Arc<Service>> for Start {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Problem> {
        let Ok(language) = AnswerLanguage::from_request_parts(parts, service).await;
        let key = Key::from_request_parts(parts, service).await?;
        let starter = Caller::from_request_parts(parts, service).await?.starter();
        Ok(Self { service: Arc::clone(service), language, key, starter })
    }
}

impl Start {
    /// The start for a request with this body and for this shop; `None` for the default shop.
    pub(crate) fn of(self, body: &impl Serialize, shop: Option<&str>) -> Result<StartOf, Problem> {
        let Self { service, language, key, starter } = self;
        let key = key.of(body);
        let shop = shop_of(&service, shop)?;
        Ok(StartOf { service, language, key, starter, shop })
    }
}

/// A [`Start`] whose body and shop are known.
pub(crate) struct StartOf {
    service: Arc<Service>,
    language: AnswerLanguage,
    key: Option<RequestKey>,
    starter: Starter,
    shop: ShopName,
}

/// The answer of our own routes that start work.
pub(crate) type Started = Result<(StatusCode, Json<StartedTask>), Problem>;

impl StartOf {
    /// Accepts the work and answers with its task, as our own routes do.
    pub(crate) async fn accept(self, work: Work, scope: Scope) -> Started {
        Ok((StatusCode::ACCEPTED, Json(self.task(work, scope).await?)))
    }

    /// Accepts the work and gives its task in the words of the guide's call: one sentence whatever is asked for,
    /// because programs are written against it.
    pub(crate) async fn accept_in_guide_words(
        self,
        work: Work,
        scope: Scope,
    ) -> Result<Json<StartedTask>, Problem> {
        let message = self.language.0.get("api-started");
        Ok(Json(StartedTask { message, ..self.task(work, scope).await? }))
    }

    async fn task(self, work: Work, scope: Scope) -> Result<StartedTask, Problem> {
        let Self { service, language, key, starter, shop } = self;
        let request = request(&service, shop, work, scope, starter);
        accept(&service, &language, &request, key).await
    }
}

/// The header that every route that starts work takes.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header in the OpenAPI document; `Key` reads it")]
pub(crate) struct IdempotencyKey {
    /// Starts once however often it is sent
    #[param(rename = "Idempotency-Key", required = false)]
    key: Option<String>,
}

/// Accepts a request and answers with its task.
async fn accept(
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

/// The record of the run that a request names: by its id, by its running number, or as `last`.
pub(crate) async fn run_of(service: &Service, name: &str) -> Result<RunRecord, Problem> {
    let record = service.state.named(&RunName::parse(name)).await?;
    record.ok_or_else(|| Problem::new(Kind::NoSuchRun).named(name))
}
