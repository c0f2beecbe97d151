//! Refusals, as RFC 9457 problem documents.
//!
//! A handler returns a [`Problem`]; a layer around all routes writes it as a document in the language of the request.

use api_types::ProblemDocument;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::run::{FailedAt, Failure};
use messages::{ErrorCode, Messages, Text};
use std::sync::Arc;
use sync::ports::{ShopError, StateError};

use crate::Service;
use crate::WorkError;
use crate::http::language::preferred_language;
use crate::http::validation::{InvalidInput, shortened};

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $slug:literal, $status:ident;)+) => {
        /// What kind of refusal.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Kind { $($(#[$doc])* $kind,)+ }

        impl Kind {
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$kind,)+];

            /// The code that programs read; it never changes.
            pub(crate) fn code(self) -> &'static str {
                match self { $(Self::$kind => $slug,)+ }
            }

            /// One sentence. Where the command line knows the error too, it is the title of its page.
            fn title(self, messages: Messages) -> Option<String> {
                let own = messages.coded("problem", self.code(), &Text::new(""));
                own.or_else(|| self.error_code().map(|error| error.title(messages.lang()).to_owned()))
            }

            /// The code of the pages of errors.
            fn error_code(self) -> Option<&'static ErrorCode> {
                match self {
                    // As the command line has it.
                    Self::SkuTwice => ErrorCode::of("set-twice"),
                    _ => ErrorCode::of_coded("problem", self.code()),
                }
            }

            fn status(self) -> StatusCode {
                match self { $(Self::$kind => StatusCode::$status,)+ }
            }
        }
    };
}

kinds! {
    /// No such path.
    NoSuchPath = "no_such_path", NOT_FOUND;
    /// The path does not take the method.
    WrongMethod = "wrong_method", METHOD_NOT_ALLOWED;
    /// No such run.
    NoSuchRun = "no_such_run", NOT_FOUND;
    /// No such shop.
    NoSuchShop = "no_such_shop", NOT_FOUND;
    /// Several shops, and the request names none.
    WhichShop = "which_shop", UNPROCESSABLE_ENTITY;
    /// No token, or one that is not valid.
    NoToken = "no_token", UNAUTHORIZED;
    /// The token does not allow it.
    NotAllowed = "not_allowed", FORBIDDEN;
    /// Too many tries with tokens that are not valid.
    TooManyTries = "too_many_tries", TOO_MANY_REQUESTS;
    /// Too many explanations with one token.
    TooManyExplanations = "too_many_explanations", TOO_MANY_REQUESTS;
    /// The body is not JSON.
    NotJson = "not_json", BAD_REQUEST;
    /// The body has a field that is not known, or a value that is not allowed.
    BadBody = "bad_body", UNPROCESSABLE_ENTITY;
    /// An object of SKUs has the same SKU twice.
    SkuTwice = "sku_twice", UNPROCESSABLE_ENTITY;
    /// The query has a parameter that is not known, or a value that is not allowed.
    BadQuery = "bad_query", UNPROCESSABLE_ENTITY;
    /// The body is too large.
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE;
    /// The body is compressed.
    EncodedBody = "encoded_body", UNSUPPORTED_MEDIA_TYPE;
    /// The header `Idempotency-Key` cannot be a key.
    BadKey = "bad_key", BAD_REQUEST;
    /// The key was used for another request.
    KeyReused = "key_reused", UNPROCESSABLE_ENTITY;
    /// The shop is busy, and another request already waits for it.
    AnotherWaits = "another_waits", CONFLICT;
    /// The shop is paused.
    ShopPaused = "shop_paused", CONFLICT;
    /// The run has ended.
    RunIsOver = "run_is_over", CONFLICT;
    /// The run works in its own process, not in this one.
    NotATask = "not_a_task", CONFLICT;
    /// The shop could not be asked.
    ShopFailed = "shop_failed", BAD_GATEWAY;
    /// The request took too long.
    TookTooLong = "took_too_long", GATEWAY_TIMEOUT;
    /// The state database cannot be used.
    StateFailed = "state_failed", SERVICE_UNAVAILABLE;
    /// The state database is damaged.
    StateDamaged = "state_damaged", SERVICE_UNAVAILABLE;
    /// A defect.
    Defect = "defect", INTERNAL_SERVER_ERROR;
}

/// A refusal.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) kind: Kind,
    detail: Option<Detail>,
    run: Option<String>,
    retry_after: Option<u64>,
}

#[derive(Debug, Clone)]
enum Detail {
    /// A name from the request, which is not translated.
    Named(String),
    Said(Text),
    InvalidInput(Box<InvalidInput>),
    Failure(Failure),
}

impl Problem {
    pub(crate) fn new(kind: Kind) -> Self {
        Self { kind, detail: None, run: None, retry_after: None }
    }

    /// With a name from the request.
    pub(crate) fn named(mut self, name: &str) -> Self {
        self.detail = Some(Detail::Named(shortened(name)));
        self
    }

    /// With a sentence.
    pub(crate) fn say(mut self, text: Text) -> Self {
        self.detail = Some(Detail::Said(text));
        self
    }

    /// With the input that failed validation.
    pub(crate) fn invalid(mut self, invalid: InvalidInput) -> Self {
        self.detail = Some(Detail::InvalidInput(Box::new(invalid)));
        self
    }

    /// The run that causes the refusal.
    pub(crate) fn run(mut self, run: impl std::fmt::Display) -> Self {
        self.run = Some(run.to_string());
        self
    }

    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    fn document(&self, messages: Messages) -> ProblemDocument {
        let code = self.kind.code();
        let title = self.kind.title(messages).unwrap_or_else(|| code.to_owned());
        let (detail, error, hint) = match &self.detail {
            None => (None, None, None),
            Some(Detail::Named(name)) => (Some(name.clone()), None, None),
            Some(Detail::Said(text)) => (Some(messages.say(text)), None, None),
            Some(Detail::InvalidInput(invalid)) => (Some(invalid.say(messages)), None, None),
            Some(Detail::Failure(failure)) => (
                Some(messages.failure(failure)),
                ErrorCode::of_failure(&failure.code),
                Some(messages.failure_hint(failure)),
            ),
        };
        let error = error.or_else(|| self.kind.error_code());
        let hint = hint.or_else(|| error.map(|error| messages.hint_of(error, &Text::new(""))));
        ProblemDocument {
            problem_type: format!("urn:wixsync:problem:{code}"),
            title,
            status: self.kind.status().as_u16(),
            detail,
            code: code.to_owned(),
            error_code: error.map(ToString::to_string),
            hint,
            run_id: self.run.clone(),
        }
    }
}

impl From<WorkError> for Problem {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::State(error) => error.into(),
            WorkError::Settings(sentence) => {
                tracing::error!(error = %sentence, "the settings of the service cannot be used any more");
                Self::new(Kind::Defect)
            }
        }
    }
}

impl From<StateError> for Problem {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Paused => Self::new(Kind::ShopPaused),
            StateError::Defect(_) => {
                tracing::error!(%error, "wixsync asked its state database for a step that must not happen");
                Self::new(Kind::Defect)
            }
            StateError::Corrupt(_) => {
                tracing::error!(%error, "the state database is damaged");
                Self::new(Kind::StateDamaged)
            }
            error => {
                tracing::error!(%error, "the state database cannot be used");
                Self::new(Kind::StateFailed)
            }
        }
    }
}

impl From<ShopError> for Problem {
    fn from(error: ShopError) -> Self {
        let code = error.class.code().to_owned();
        let failure = Failure { at: FailedAt::Shop, code, detail: error.detail };
        Self { detail: Some(Detail::Failure(failure)), ..Self::new(Kind::ShopFailed) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What any route may refuse with.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "stands for responses in the OpenAPI document")]
pub(crate) enum Refusals {
    /// What was sent cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(ProblemDocument),
    /// No valid token.
    #[response(status = 401, content_type = "application/problem+json")]
    NoToken(ProblemDocument),
    /// The token does not allow it.
    #[response(status = 403, content_type = "application/problem+json")]
    NotAllowed(ProblemDocument),
    /// There is no such thing.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(ProblemDocument),
    /// Something stands in the way.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(ProblemDocument),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(ProblemDocument),
    /// The body is compressed.
    #[response(status = 415, content_type = "application/problem+json")]
    Encoded(ProblemDocument),
    /// What was sent has an unknown field or a value that is not allowed.
    #[response(status = 422, content_type = "application/problem+json")]
    Unprocessable(ProblemDocument),
    /// Too many tries with tokens that are not valid, or too many explanations.
    #[response(status = 429, content_type = "application/problem+json")]
    TooManyTries(ProblemDocument),
    /// A defect.
    #[response(status = 500, content_type = "application/problem+json")]
    Defect(ProblemDocument),
    /// The shop could not be asked.
    #[response(status = 502, content_type = "application/problem+json")]
    ShopFailed(ProblemDocument),
    /// The state database cannot be used.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(ProblemDocument),
    /// The request took too long.
    #[response(status = 504, content_type = "application/problem+json")]
    TookTooLong(ProblemDocument),
}

/// Whether a path belongs to the pages of the documentation, where a browser may sign in.
pub(crate) fn is_documentation(path: &str) -> bool {
    path == "/docs" || path.starts_with("/docs/")
}

/// The layer that writes problem documents, in the language of the request.
pub(crate) async fn write_out(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let lang = preferred_language(request.headers(), service.settings.lang);
    // A browser that is asked for a password elsewhere would send it along with requests that other sites cause.
    let may_ask_for_password = is_documentation(request.uri().path());
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let document = problem.document(Messages::new(lang));
    // The document's keys and values are texts and numbers, so it always has a JSON form.
    let body = serde_json::to_string(&document).unwrap_or_default();
    let allow = response.headers().get(ALLOW).cloned();
    let mut written = Response::new(Body::from(body));
    *written.status_mut() = problem.kind.status();
    let headers = written.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if problem.kind == Kind::NoToken {
        headers.append(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"wixsync\""));
        if may_ask_for_password {
            let basic = HeaderValue::from_static("Basic realm=\"wixsync\", charset=\"UTF-8\"");
            headers.append(WWW_AUTHENTICATE, basic);
        }
    }
    if let Some(allow) = allow {
        headers.insert(ALLOW, allow);
    }
    if let Some(seconds) = problem.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use messages::Lang;

    #[test]
    fn every_kind_has_its_title_in_every_language() {
        for lang in Lang::ALL {
            for kind in Kind::ALL {
                let title = kind.title(Messages::new(*lang));
                assert!(title.is_some(), "{lang} has no title for {}", kind.code());
            }
        }
    }
}
