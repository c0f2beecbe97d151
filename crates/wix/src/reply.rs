//! Parses Wix's answers into a value or an error with a class. No body can cause a panic.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, RETRY_AFTER};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use crate::error::MASK;
use crate::{Class, WixError};

/// Wix's id of a request, which its support asks for.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-wix-request-id");

/// The code of a write whose item has another revision than it names.
pub(crate) const INVALID_REVISION: &str = "INVALID_REVISION";

/// How many characters of the server's text an error quotes.
const QUOTED: usize = 300;

/// A complete answer.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The value of a success. Every other answer becomes an error. Wix signals success only with status 200.
    pub(crate) fn value<T: DeserializeOwned>(&self) -> Result<T, WixError> {
        if self.status != StatusCode::OK {
            return Err(self.refusal());
        }
        serde_json::from_slice(&self.body).map_err(|error| {
            self.error(
                Class::Malformed,
                None,
                format!("the answer cannot be read: {error}; it begins {:?}", quote(&self.body)),
            )
        })
    }

    /// The answer with `secret` masked wherever the server repeated it.
    pub(crate) fn without(&self, secret: &str) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        let body = if secret.is_empty() { body.into_owned() } else { body.replace(secret, MASK) };
        Self { status: self.status, headers: self.headers.clone(), body: body.into_bytes() }
    }

    fn refusal(&self) -> WixError {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or(Value::Null);
        let code = code_of(&body);
        let class = match (self.status.as_u16(), code.as_deref()) {
            (_, Some("CATALOG_V3_CALLING_CATALOG_V1_API" | "CATALOG_V1_SITE_CALLING_CATALOG_V3_API")) => {
                Class::WrongCatalog
            }
            (_, Some("CATALOG_V3_SITE_PROVISIONING")) => Class::Provisioning,
            (_, Some("REQUIRED_APP_NOT_INSTALLED")) => Class::NotInstalled,
            (400..=499, Some(INVALID_REVISION)) => Class::Conflict,
            (401, _) => Class::Unauthorised,
            (403, _) => Class::Forbidden,
            (404, _) => Class::NotFound,
            // A request may have been carried out even if the server timed out waiting for it.
            (408, _) => Class::NoAnswer,
            (429, _) if self.is_json() => Class::Throttled,
            (429, _) => Class::Blocked,
            (400..=499, _) => Class::Refused,
            (500..=599, _) => Class::ServerError,
            _ => Class::Malformed,
        };
        let reason = reason_of(&body).map_or_else(|| quote(&self.body), |reason| plain(&reason));
        self.error(class, code.map(|code| plain(&code)), reason)
    }

    fn error(&self, class: Class, code: Option<String>, reason: String) -> WixError {
        WixError {
            class,
            status: Some(self.status.as_u16()),
            code,
            reason,
            request_id: self.headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).map(plain),
            retry_after: self.retry_after(),
        }
    }

    /// Whether the body is a JSON document, or empty. Wix's API answers so; a page comes from the edge before it.
    pub(crate) fn is_json(&self) -> bool {
        self.body.is_empty() || serde_json::from_slice::<IgnoredAny>(&self.body).is_ok()
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let seconds: u64 = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds))
    }
}

/// `details.applicationError.code`, or the rule that the first field violation names.
fn code_of(body: &Value) -> Option<String> {
    let details = body.get("details")?;
    let application = details.pointer("/applicationError/code");
    let violation = details.pointer("/validationError/fieldViolations/0");
    let rule = || violation.and_then(|v| v.get("ruleName").or_else(|| v.get("violatedRule")));
    application.or_else(rule)?.as_str().map(str::to_owned)
}

/// The most specific text of an error body.
fn reason_of(body: &Value) -> Option<String> {
    let text = |path| body.pointer(path).and_then(Value::as_str).filter(|text: &&str| !text.is_empty());
    let application = text("/details/applicationError/description");
    let field = text("/details/validationError/fieldViolations/0/field");
    let description = text("/details/validationError/fieldViolations/0/description");
    match (application, field, description) {
        (Some(description), _, _) | (None, None, Some(description)) => Some(description.to_owned()),
        (None, Some(field), Some(description)) => Some(format!("{field}: {description}")),
        (None, _, None) => text("/message").map(str::to_owned),
    }
}

fn quote(body: &[u8]) -> String {
    if body.is_empty() { "an empty body".to_owned() } else { plain(&String::from_utf8_lossy(body)) }
}

/// A text from the server, made safe for log lines and terminals: short and without control characters.
pub(crate) fn plain(text: &str) -> String {
    text.chars().take(QUOTED).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &str) -> Reply {
        Reply {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: body.as_bytes().to_vec(),
        }
    }

    fn class(status: u16, body: &str) -> Class {
        reply(status, body).value::<Value>().unwrap_err().class
    }

    #[test]
    fn every_body_is_of_a_class() {
        assert_eq!(class(200, ""), Class::Malformed);
        assert_eq!(class(200, "<html>"), Class::Malformed);
        assert_eq!(class(200, "{\"products\":[{"), Class::Malformed);
        assert_eq!(class(204, ""), Class::Malformed);
        assert_eq!(class(302, ""), Class::Malformed);
        assert_eq!(class(400, "\u{0}\u{1}"), Class::Refused);
        assert_eq!(class(401, ""), Class::Unauthorised);
        assert_eq!(class(403, "{}"), Class::Forbidden);
        assert_eq!(class(404, "null"), Class::NotFound);
        assert_eq!(class(408, ""), Class::NoAnswer);
        assert_eq!(class(429, "[]"), Class::Throttled);
        assert_eq!(class(502, "<html>"), Class::ServerError);
    }

    #[test]
    fn the_wrong_catalog_is_known_by_its_code_whatever_the_status() {
        let body =
            r#"{"message":"m","details":{"applicationError":{"code":"CATALOG_V3_CALLING_CATALOG_V1_API"}}}"#;
        assert_eq!(class(428, body), Class::WrongCatalog);
        assert_eq!(class(400, body), Class::WrongCatalog);
    }

    #[test]
    fn what_a_site_lacks_is_known_by_its_code() {
        let of = |code: &str| format!(r#"{{"details":{{"applicationError":{{"code":"{code}"}}}}}}"#);
        assert_eq!(class(428, &of("CATALOG_V1_SITE_CALLING_CATALOG_V3_API")), Class::WrongCatalog);
        assert_eq!(class(428, &of("CATALOG_V3_SITE_PROVISIONING")), Class::Provisioning);
        assert_eq!(class(428, &of("REQUIRED_APP_NOT_INSTALLED")), Class::NotInstalled);
        assert_eq!(class(409, &of("INVALID_REVISION")), Class::Conflict);
        assert_eq!(class(428, &of("INSUFFICIENT_INVENTORY")), Class::Refused);
    }

    #[test]
    fn code_and_reason_are_kept() {
        let body = r#"{"message":"","details":{"validationError":{"fieldViolations":[
            {"field":"incrementData","description":"too many","violatedRule":"MAX_SIZE"}]}}}"#;
        let error = reply(400, body).value::<Value>().unwrap_err();
        assert_eq!(error.code.as_deref(), Some("MAX_SIZE"));
        assert_eq!(error.reason, "incrementData: too many");
    }
}
