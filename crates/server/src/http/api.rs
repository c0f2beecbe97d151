//! Our own routes, under `/api/v1`.

#[expect(unused_qualifications, reason = "in what the macro of a path's parameters writes")]
mod runs;
mod shops;
#[expect(unused_qualifications, reason = "in what the macro of a path's parameters writes")]
mod skus;
mod work;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;

use crate::Service;

pub(crate) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .merge(runs::routes())
        .merge(work::routes())
        .merge(skus::routes())
        .merge(shops::routes())
}
