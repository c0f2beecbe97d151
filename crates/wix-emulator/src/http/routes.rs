//! Which endpoint a request goes to. This is the one place that knows which catalog versions there are.

use axum::http::Method;
use serde_json::{Value, json};

use crate::endpoint::Endpoint;
use crate::fault::{Mutation, NamedListing};
use crate::rest::Reply;
use crate::site::{Site, issue_token};
use crate::{v1, v3};

/// Where a request goes.
#[derive(Debug, Clone)]
pub(super) enum Route {
    CatalogVersion,
    V1(v1::Operation),
    V3(v3::Operation),
    /// An access token for an app.
    Token,
    Unknown,
}

impl Route {
    /// The route of a request. `carries_body` says that it is the GET form of a query, which only reads have.
    pub(super) fn find(method: &Method, path: &str, query: &str, carries_body: bool) -> Self {
        if carries_body {
            let route = Self::of(&Method::POST, path, query);
            return if route.endpoint().has_get_form() { route } else { Self::of(method, path, query) };
        }
        Self::of(method, path, query)
    }

    fn of(method: &Method, path: &str, query: &str) -> Self {
        let path: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        if *method == Method::GET && path == ["stores", "v3", "provision", "version"] {
            return Self::CatalogVersion;
        }
        if *method == Method::POST && path == ["oauth2", "token"] {
            return Self::Token;
        }
        if let Some(operation) = v3::Operation::find(method, &path, query) {
            return Self::V3(operation);
        }
        v1::Operation::find(method, &path).map_or(Self::Unknown, Self::V1)
    }

    pub(super) fn endpoint(&self) -> Endpoint {
        match self {
            Self::CatalogVersion => Endpoint::CatalogVersion,
            Self::Token => Endpoint::Token,
            Self::V1(operation) => operation.endpoint(),
            Self::V3(operation) => operation.endpoint(),
            Self::Unknown => Endpoint::Unknown,
        }
    }

    /// Whether the request carries a JSON body.
    pub(super) fn has_body(&self) -> bool {
        match self {
            Self::V1(operation) => operation.has_body(),
            Self::V3(operation) => operation.has_body(),
            Self::Token => true,
            Self::CatalogVersion | Self::Unknown => false,
        }
    }

    /// The listings that the body of a write names, for chaos to aim at.
    pub(super) fn named_listings(&self, body: &[u8]) -> Vec<NamedListing> {
        match self {
            Self::V1(operation) => operation.named_listings(body),
            Self::V3(operation) => operation.named_listings(body),
            Self::CatalogVersion | Self::Token | Self::Unknown => Vec::new(),
        }
    }

    /// Does what the request asks for. `number` is the request's number in the log.
    pub(super) fn answer(
        &self,
        site: &Site,
        body: &Value,
        number: u64,
        mutation: Mutation,
    ) -> Result<Reply, Reply> {
        match self {
            Self::CatalogVersion => Ok(Reply::ok(&json!({"catalogVersion": site.catalog_version().shown()}))),
            Self::V1(operation) => v1::answer(site, operation, body, number, mutation),
            Self::V3(operation) => v3::answer(site, operation, body, number, mutation),
            Self::Token => issue_token(site, body),
            Self::Unknown => Err(Reply::not_found("NOT_FOUND", "there is no such endpoint")),
        }
    }
}
