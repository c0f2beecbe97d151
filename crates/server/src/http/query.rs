//! Refuses a query on routes that take none, so that `?dry_run=true` does not start a real run.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use messages::Text;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterIn};

use crate::http::problem::{Kind, Problem};
use crate::http::validation::shortened;

/// The routes that take no query. The others refuse unknown parameters themselves.
pub(crate) struct RoutesWithoutQuery(HashSet<(Method, String)>);

impl RoutesWithoutQuery {
    /// Reads these routes from the OpenAPI document.
    pub(crate) fn of(document: &Document) -> Arc<Self> {
        let mut routes = HashSet::new();
        for (path, item) in &document.paths.paths {
            let operations = [
                (Method::GET, &item.get),
                // A route that answers GET also answers HEAD.
                (Method::HEAD, &item.get),
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
                (Method::PATCH, &item.patch),
                (Method::DELETE, &item.delete),
            ];
            for (method, operation) in operations {
                if operation.as_ref().is_some_and(takes_none) {
                    routes.insert((method, path.clone()));
                }
            }
        }
        Arc::new(Self(routes))
    }
}

fn takes_none(operation: &Operation) -> bool {
    operation.parameters.iter().flatten().all(|parameter| match parameter {
        RefOr::T(parameter) => parameter.parameter_in != ParameterIn::Query,
        // It may be one of a query.
        RefOr::Ref(_) => false,
    })
}

/// The layer that refuses such queries.
pub(crate) async fn check(
    State(routes): State<Arc<RoutesWithoutQuery>>,
    request: Request,
    next: Next,
) -> Response {
    let query = request.uri().query().filter(|query| !query.is_empty());
    let path = request.extensions().get::<MatchedPath>();
    if let (Some(query), Some(path)) = (query, path) {
        let route = (request.method().clone(), path.as_str().to_owned());
        if routes.0.contains(&route) {
            let text = Text::new("fit-no-parameters").with("query", shortened(query));
            return Problem::new(Kind::BadQuery).say(text).into_response();
        }
    }
    next.run(request).await
}
