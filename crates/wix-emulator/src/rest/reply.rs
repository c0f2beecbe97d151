//! Answers: JSON with status 200, and the standard error bodies (Wix: Errors).

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-wix-request-id");
/// The read-your-writes header (Wix: Consistency): every answer has it, and good clients send it back.
pub(crate) const CONSISTENT: HeaderName = HeaderName::from_static("x-wix-consistent");

/// An answer before it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    content_type: &'static str,
    pub(crate) body: Bytes,
    retry_after: Option<u64>,
    /// What the client did wrong.
    pub(crate) violations: Vec<String>,
}

impl Reply {
    fn new(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self { status, content_type, body: body.into(), retry_after: None, violations: Vec::new() }
    }

    /// 200 with this JSON body.
    pub(crate) fn ok(body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => Self::new(StatusCode::OK, "application/json", bytes),
            Err(error) => {
                Self::application(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", &error.to_string())
            }
        }
    }

    /// 200 `{}`: what every write answers.
    pub(crate) fn done() -> Self {
        Self::new(StatusCode::OK, "application/json", "{}")
    }

    /// This status with this JSON body.
    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// An error with an application code.
    pub(crate) fn application(status: StatusCode, code: &str, message: &str) -> Self {
        Self::application_with(status, code, message, &json!({}))
    }

    /// An error with an application code and data.
    pub(crate) fn application_with(status: StatusCode, code: &str, message: &str, data: &Value) -> Self {
        let error = json!({"code": code, "description": message, "data": data});
        Self::json(status, &json!({"message": message, "details": {"applicationError": error}}))
    }

    /// 404 with an application code.
    pub(crate) fn not_found(code: &str, message: &str) -> Self {
        Self::application(StatusCode::NOT_FOUND, code, message)
    }

    /// An error without details, as Wix's system errors are.
    pub(crate) fn bare(status: StatusCode, message: &str) -> Self {
        Self::json(status, &json!({"message": message, "details": {}}))
    }

    /// An HTML page, as a proxy sends it.
    pub(crate) fn html(status: StatusCode) -> Self {
        let page = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
        Self::new(status, "text/html; charset=utf-8", page)
    }

    /// A status and no body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self::new(status, "text/plain", Bytes::new())
    }

    /// A text that is not JSON, announced as JSON.
    pub(crate) fn not_json() -> Self {
        Self::new(StatusCode::OK, "application/json", "upstream says: all good, try the dashboard")
    }

    pub(crate) fn with_retry_after(mut self, seconds: Option<u64>) -> Self {
        self.retry_after = seconds;
        self
    }

    /// Notes something that the client did wrong.
    pub(crate) fn noting(mut self, violation: impl Into<String>) -> Self {
        self.violations.push(violation.into());
        self
    }

    /// The same answer with the first half of its body.
    pub(crate) fn halved(mut self) -> Self {
        self.body = self.first_half();
        self
    }

    pub(crate) fn first_half(&self) -> Bytes {
        self.body.slice(..self.body.len() / 2)
    }

    /// The response with this body, without the headers that Wix adds.
    pub(crate) fn into_bare_response(self, body: Body) -> Response<Body> {
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(self.body.len()));
        response
    }

    /// The response to the request with this number, with this body.
    pub(crate) fn into_response(self, number: u64, body: Body) -> Response<Body> {
        let retry_after = self.retry_after;
        let mut response = self.into_bare_response(body);
        let headers = response.headers_mut();
        headers.insert(REQUEST_ID, HeaderValue::from(number));
        headers.insert(CONSISTENT, HeaderValue::from(number));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
