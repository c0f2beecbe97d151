//! How a service proves to a check-up that it works with the same state database, before the check-up shows it a token.
//!
//! The check-up stores a token of its own and sends a challenge: which token, and a random text. Only who can read the
//! state database knows the token's digest, from which the answer is made. The token itself has not been shown then. The
//! answer is made for the port that was asked, so that no program can pass on the answer of a service at another port.

use axum::http::{HeaderMap, HeaderName};
use domain::UnixMillis;
use sync::ports::{StateError, Tokens};

use crate::background::CHECK_UP_TOKENS;
use crate::http::digest;

/// The request header: the beginning of the token's digest, a space, and a random text.
pub(crate) const CHALLENGE: HeaderName = HeaderName::from_static("wixsync-challenge");
/// The answer's header.
pub(crate) const PROOF: HeaderName = HeaderName::from_static("wixsync-proof");

/// How much of the digest names the token. It says nothing useful about the rest.
const NAME: usize = 16;

/// The port at which a request came in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OwnPort(pub(crate) u16);

/// A challenge about `token`, and the proof with which the service at `port` answers it. `random` must be new each time.
pub(crate) fn challenge(token: &str, port: u16, random: &str) -> (String, String) {
    let hash = digest(token.as_bytes());
    let name = hash.get(..NAME).unwrap_or_default();
    (format!("{name} {random}"), proof(&hash, port, random))
}

/// The proof that this service answers a challenge with; `None` without a challenge or if the token is not known.
pub(crate) async fn answer(
    state: &(impl Tokens + ?Sized),
    headers: &HeaderMap,
    port: u16,
    now: UnixMillis,
) -> Result<Option<String>, StateError> {
    let challenge = headers.get(CHALLENGE).and_then(|challenge| challenge.to_str().ok());
    let Some((name, random)) = challenge.and_then(|challenge| challenge.split_once(' ')) else {
        return Ok(None);
    };
    let is_meant = |hash: &str| name.len() == NAME && hash.starts_with(name);
    let tokens = state.tokens().await?;
    let token = tokens.iter().find(|token| {
        token.name.starts_with(CHECK_UP_TOKENS)
            && is_meant(&token.hash)
            && token.expires_at.is_some_and(|end| now < end)
    });
    Ok(token.map(|token| proof(&token.hash, port, random)))
}

fn proof(hash: &str, port: u16, random: &str) -> String {
    digest(format!("wixsync proof\n{hash}\n{port}\n{random}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_depends_on_the_token_and_on_the_random_text_and_shows_neither() {
        let (asked, due) = challenge("wxs_1", 1, "r1");
        assert!(asked.ends_with(" r1") && !asked.contains("wxs_1"));
        let hash = digest(b"wxs_1");
        assert_eq!(due, proof(&hash, 1, "r1"));
        assert!(!asked.contains(&hash) && !due.contains(&hash));
        assert_ne!(challenge("wxs_1", 1, "r2").1, due);
        assert_ne!(challenge("wxs_2", 1, "r1").1, due);
        assert_ne!(challenge("wxs_1", 2, "r1").1, due);
    }
}
