//! The language of an answer.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use messages::{Lang, Messages};

use crate::Service;

/// The messages in the language of the request.
pub(crate) struct AnswerLanguage(pub(crate) Messages);

impl FromRequestParts<Arc<Service>> for AnswerLanguage {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Infallible> {
        Ok(Self(Messages::new(preferred_language(&parts.headers, service.settings.lang))))
    }
}

/// The language that `Accept-Language` (RFC 9110) prefers among the available ones; `otherwise` if it names none.
///
/// Weights and `q=0` count, which is why no crate does it: fluent-langneg drops the weights, and accept-language sorts
/// them by an order in which a weight of `nan` has no place, so that a request could make it panic.
pub(crate) fn preferred_language(headers: &HeaderMap, otherwise: Lang) -> Lang {
    let ranges = headers.get_all(ACCEPT_LANGUAGE).into_iter().filter_map(|value| value.to_str().ok());
    let mut best: Option<(Lang, f32)> = None;
    for range in ranges.flat_map(|value| value.split(',')) {
        let (name, parameter) = range.split_once(';').unwrap_or((range, "q=1"));
        // Spaces may stand around the semicolon, and the name of the weight is written in either case.
        let weight = parameter.trim().split_once('=').filter(|(q, _)| q.eq_ignore_ascii_case("q"));
        let weight: f32 = weight.and_then(|(_, weight)| weight.trim().parse().ok()).unwrap_or(0.0);
        let Some(lang) = Lang::of_locale(name.trim()) else { continue };
        if weight > 0.0 && best.is_none_or(|(_, before)| weight > before) {
            best = Some((lang, weight));
        }
    }
    best.map_or(otherwise, |(lang, _)| lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_liked_language_is_spoken() {
        let of = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, text.parse().unwrap());
            preferred_language(&headers, Lang::Ru)
        };
        assert_eq!(of("en-GB,en;q=0.9,ru;q=0.8"), Lang::En);
        assert_eq!(of("de, ru;q=0.5, en;q=0.7"), Lang::En);
        assert_eq!(of("en;q=0, *"), Lang::Ru);
        assert_eq!(of("ru ; q=0.3 , en; Q=0.9"), Lang::En);
        assert_eq!(of("en; q=0.2, ru; q=0.1"), Lang::En);
        assert_eq!(of("de"), Lang::Ru);
        assert_eq!(of(""), Lang::Ru);
        assert_eq!(preferred_language(&HeaderMap::new(), Lang::En), Lang::En);
    }
}
