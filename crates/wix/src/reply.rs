//! Parses Wix's answers into a value or an error with a class. No body can cause a panic.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_ENCODING, HeaderMap, HeaderName, LOCATION, RETRY_AFTER};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use url::Url;

use crate::error::MASK;
use crate::{Class, WixError};

/// Wix's id of a request, which its support asks for.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-wix-request-id");

/// The code of a write whose item has another revision than it names.
pub(crate) const INVALID_REVISION: &str = "INVALID_REVISION";

/// How many characters of the server's text an error quotes.
const QUOTED: usize = 300;

/// U+FEFF in UTF-8. RFC 8259 lets a reader ignore it in front of JSON.
const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// What each gzip stream begins with (RFC 1952).
const GZIP: &[u8] = &[0x1F, 0x8B];

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
        if let Some(coding) = self.compressed() {
            let reason = format!("the answer is compressed ({coding}), which wixsync did not ask for");
            return Err(self.error(Class::Malformed, None, reason));
        }
        serde_json::from_slice(self.json()).map_err(|error| {
            self.error(
                Class::Malformed,
                None,
                format!("the answer cannot be read: {error}; it begins {:?}", quote(&self.body)),
            )
        })
    }

    /// The body without a byte order mark.
    fn json(&self) -> &[u8] {
        self.body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&self.body)
    }

    /// The compression of a body that is still compressed: the client undoes those that it knows, with their header.
    fn compressed(&self) -> Option<String> {
        let coding = self.headers.get(CONTENT_ENCODING).and_then(|coding| coding.to_str().ok()).map(plain);
        let coding = coding.filter(|coding| !coding.eq_ignore_ascii_case("identity"));
        coding.or_else(|| self.body.starts_with(GZIP).then(|| "gzip".to_owned()))
    }

    /// Where a redirect leads, without what may be secret in it.
    fn redirect(&self) -> Option<String> {
        if !matches!(self.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        let target = self.headers.get(LOCATION).and_then(|target| target.to_str().ok());
        Some(target.map_or_else(|| "no address".to_owned(), address))
    }

    /// The value of an answer that may hold a secret of its own, such as a token. No error quotes anything of a success,
    /// nor of a body that names `member`.
    pub(crate) fn secret_value<T: DeserializeOwned>(&self, member: &str) -> Result<T, WixError> {
        self.value().map_err(|error| {
            let names_it = String::from_utf8_lossy(&self.body).contains(member);
            if names_it || self.status.is_success() || error.class == Class::Malformed {
                let reason = "the answer cannot be read; it is not shown, because it may hold a secret";
                let class = if self.status.is_success() { Class::Malformed } else { error.class };
                return self.error(class, None, reason.to_owned());
            }
            error
        })
    }

    /// The answer with `secret` masked wherever the server repeated it.
    pub(crate) fn without(&self, secret: &str) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        let body = if secret.is_empty() { body.into_owned() } else { body.replace(secret, MASK) };
        Self { status: self.status, headers: self.headers.clone(), body: body.into_bytes() }
    }

    fn refusal(&self) -> WixError {
        if let Some(target) = self.redirect() {
            return self.error(Class::Redirected, None, target);
        }
        let body: Value = serde_json::from_slice(self.json()).unwrap_or(Value::Null);
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
    match str::from_utf8(body) {
        Ok("") => "an empty body".to_owned(),
        Ok(text) => plain(text),
        Err(error) if error.error_len().is_none() => plain(&String::from_utf8_lossy(body)),
        // Raw bytes say nothing, and a terminal may take them for commands.
        Err(_) => format!("{} bytes that are no text", body.len()),
    }
}

/// The target of a redirect: scheme, host and path. User, password, query and fragment may be secrets.
fn address(target: &str) -> String {
    let whole = Url::parse(target).ok().filter(Url::has_host);
    let shown = whole.map(|url| format!("{}{}", url.origin().ascii_serialization(), url.path()));
    let path = || target.split(['?', '#']).next().unwrap_or_default().to_owned();
    plain(&shown.unwrap_or_else(path))
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
        assert_eq!(class(302, ""), Class::Redirected);
        assert_eq!(class(304, ""), Class::Malformed);
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
    fn a_byte_order_mark_before_json_is_ignored() {
        assert_eq!(reply(200, "\u{feff}{\"a\": 1}").value::<Value>().unwrap()["a"], 1);
        let error = reply(400, "\u{feff}{\"message\": \"too many\"}").value::<Value>().unwrap_err();
        assert_eq!(error.reason, "too many");
        assert_eq!(class(200, "\u{feff}"), Class::Malformed);
    }

    #[test]
    fn a_redirect_names_its_target_without_what_may_be_secret() {
        for (target, due) in [
            ("https://www.wixapis.com/stores/v1?token=s3cret#s3cret", "https://www.wixapis.com/stores/v1"),
            ("https://user:s3cret@host.example:8443/", "https://host.example:8443/"),
            ("/login?next=s3cret", "/login"),
            ("//host.example/a", "//host.example/a"),
        ] {
            let mut redirect = reply(301, "");
            redirect.headers.insert(LOCATION, target.parse().unwrap());
            let error = redirect.value::<Value>().unwrap_err();
            assert_eq!((error.class, error.reason.as_str()), (Class::Redirected, due));
        }
    }

    #[test]
    fn a_compression_that_is_not_undone_is_named_and_no_raw_byte_is_shown() {
        let reason = |coding: Option<&'static str>, body: &[u8]| {
            let mut answer = reply(200, "");
            answer.body = body.to_vec();
            let coding = coding.map(reqwest::header::HeaderValue::from_static);
            answer.headers.extend(coding.map(|coding| (CONTENT_ENCODING, coding)));
            answer.value::<Value>().unwrap_err().reason
        };
        assert!(reason(Some("zstd"), b"\x28\xb5\x2f\xfd").contains("compressed (zstd)"));
        assert!(reason(None, b"\x1f\x8b\x08\x00").contains("compressed (gzip)"));
        let raw = reason(None, b"\x80\x81{}");
        assert!(raw.contains("4 bytes that are no text"), "{raw}");
        assert!(reason(Some("identity"), b"<html>").contains("<html>"));
    }

    #[test]
    fn i9_no_error_quotes_an_answer_that_may_hold_a_secret() {
        let code = r#"{"access_token":"hidden","details":{"applicationError":{"code":"hidden","description":"hidden"}}}"#;
        for status in [200, 201, 202, 204, 302, 400, 401, 500] {
            for body in ["\"hidden", "hidden", r#"{"access_token":{"hidden":1}}"#, code] {
                if status >= 400 && !body.contains("access_token") {
                    continue;
                }
                let error = reply(status, body).secret_value::<u8>("access_token").unwrap_err();
                assert!(!format!("{error} {error:?}").contains("hidden"), "{status} {body}: {error:?}");
                assert_eq!(error.status, Some(status));
            }
        }
        let refused =
            reply(401, r#"{"error":"invalid_client"}"#).secret_value::<u8>("access_token").unwrap_err();
        assert!(refused.reason.contains("invalid_client"), "{refused}");
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
