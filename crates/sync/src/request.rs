//! Requests for runs, and the records that they become.

use domain::admission::record::Work;
use domain::{Policy, RunId, Scope, ShopName, Starter, UnixMillis};

use crate::ports::NewRun;

/// A request for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRequest {
    /// The id of the run.
    pub id: RunId,
    /// Its shop.
    pub shop: ShopName,
    /// Its work.
    pub work: Work,
    /// The SKUs that it covers. `Set` and `Apply` ignore it: the quantities or the plan name the SKUs.
    pub scope: Scope,
    /// The rules that it plans under.
    pub policy: Policy,
    /// Who asks for it.
    pub starter: Starter,
}

/// The record of a request as a task that was accepted at `created_at`.
#[must_use]
pub fn task_of(request: &RunRequest, created_at: UnixMillis) -> NewRun {
    record_of(request, true, created_at)
}

/// The record of a request that only this process works on, accepted at `created_at`.
pub(crate) fn own_run_of(request: &RunRequest, created_at: UnixMillis) -> NewRun {
    record_of(request, false, created_at)
}

fn record_of(request: &RunRequest, durable: bool, created_at: UnixMillis) -> NewRun {
    let RunRequest { id, shop, work, scope, policy, starter } = request.clone();
    let scope = match &work {
        Work::Set { quantities } => Scope::Skus(quantities.iter().map(|(sku, _)| sku.clone()).collect()),
        _ => scope,
    };
    NewRun { id, shop, work, scope, policy, durable, created_at, starter }
}
