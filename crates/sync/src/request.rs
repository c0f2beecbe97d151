//! A request for a run, and the row that records it.

use domain::admission::record::Work;
use domain::{Policy, RunId, Scope, ShopName, UnixMillis};

use crate::ports::NewRun;

/// A request for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRequest {
    /// The id that the run will have.
    pub id: RunId,
    /// Of which shop.
    pub shop: ShopName,
    /// What to do.
    pub work: Work,
    /// The SKUs to look at. For `Set` and `Apply` what they name decides.
    pub scope: Scope,
    /// The rules to plan under.
    pub policy: Policy,
}

/// The record of a request as a task, accepted at `created_at`.
#[must_use]
pub fn task_of(request: &RunRequest, created_at: UnixMillis) -> NewRun {
    record_of(request, true, created_at)
}

/// The record of a request that only the asking process works on, accepted at `created_at`.
pub(crate) fn own_run_of(request: &RunRequest, created_at: UnixMillis) -> NewRun {
    record_of(request, false, created_at)
}

fn record_of(request: &RunRequest, durable: bool, created_at: UnixMillis) -> NewRun {
    let RunRequest { id, shop, work, scope, policy } = request.clone();
    let scope = match &work {
        Work::Set { quantities } => Scope::Skus(quantities.iter().map(|(sku, _)| sku.clone()).collect()),
        _ => scope,
    };
    NewRun { id, shop, work, scope, policy, durable, created_at }
}
