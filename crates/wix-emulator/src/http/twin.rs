//! The GET form of queries: `GET <path>?.r=<base64url of the JSON body>`. The official client uses it for most reads, up
//! to 4,000 characters of query string.

use axum::body::Bytes;
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The body that the query string of a GET request carries. A text that is not base64url is taken as it is, and refused
/// later because it is not JSON.
pub(super) fn carried_body(method: &Method, query: Option<&str>) -> Option<Bytes> {
    if *method != Method::GET {
        return None;
    }
    let text = query?.split('&').find_map(|part| part.strip_prefix(".r="))?;
    let decoded = URL_SAFE_NO_PAD.decode(text);
    Some(decoded.map_or_else(|_| Bytes::copy_from_slice(text.as_bytes()), Bytes::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_get_request_carries_a_body_in_its_query() {
        let query = Some("a=b&.r=eyJxdWVyeSI6e319");
        assert_eq!(carried_body(&Method::GET, query).as_deref(), Some(&br#"{"query":{}}"#[..]));
        assert_eq!(carried_body(&Method::POST, query), None);
        assert_eq!(carried_body(&Method::GET, Some("fields=A")), None);
        assert_eq!(carried_body(&Method::GET, Some(".r=%")).as_deref(), Some(&b"%"[..]));
    }
}
