//! Authentication: tokens of 256 random bits, stored as their digest, and what each may do.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::headers::authorization::{Basic, Bearer};
use axum_extra::headers::{Authorization, HeaderMapExt};
use domain::{StartedBy, Starter, UnixMillis};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use sha2::{Digest, Sha256};
use std::num::NonZeroU32;
use sync::ports::{Access, TokenRecord};

use crate::Service;
use crate::background::CHECK_UP_TOKENS;
use crate::http::problem::{Kind, Problem, is_documentation};

/// The last use of a token is recorded at most this often, in milliseconds.
const USE_EVERY_MS: i64 = 60_000;
/// Failed tries allowed from one address in a minute.
const TRIES: NonZeroU32 = NonZeroU32::new(10).expect("not zero");
/// Above this number of addresses, those without recent tries are forgotten.
const ADDRESSES: usize = 10_000;

/// A new token, at the only time at which its text is known.
pub struct NewToken {
    /// The text that its owner sends.
    pub token: String,
    /// What the state database keeps.
    pub record: TokenRecord,
}

impl NewToken {
    /// A token of `bits`, which must be random.
    #[must_use]
    pub fn new(
        bits: [u8; 32],
        name: &str,
        access: Access,
        created_at: UnixMillis,
        expires_at: Option<UnixMillis>,
    ) -> Self {
        let token = format!("wxs_{}", hex::encode(bits));
        let hash = digest(token.as_bytes());
        let name = name.to_owned();
        Self { token, record: TokenRecord { name, hash, access, created_at, expires_at, used_at: None } }
    }
}

/// The SHA-256 digest, hexadecimal. A token is random, so it cannot be guessed, and a slow hash would add nothing.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Failed tries by address.
pub(crate) struct Tries(DefaultKeyedRateLimiter<IpAddr>);

impl Default for Tries {
    fn default() -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(TRIES)))
    }
}

impl Tries {
    /// Counts a failed try; `false` where it is one too many.
    fn count(&self, address: IpAddr) -> bool {
        if self.0.len() > ADDRESSES {
            self.0.retain_recent();
        }
        self.0.check_key(&address).is_ok()
    }
}

/// The authenticated sender of a request.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The digest of its token. The name would not do: an earlier token may have had the same one.
    pub(crate) token: String,
    /// The name of its token.
    name: String,
    access: Access,
}

impl Caller {
    /// Who starts what this caller asks for.
    pub(crate) fn starter(&self) -> Starter {
        if self.name.starts_with(CHECK_UP_TOKENS) {
            return Starter { by: StartedBy::Doctor, token: None };
        }
        Starter { by: StartedBy::Api, token: Some(self.name.clone()) }
    }

    /// Refuses a caller whose token does not allow `wanted`.
    pub(crate) fn may(&self, wanted: Access) -> Result<(), Problem> {
        if self.access >= wanted { Ok(()) } else { Err(Problem::new(Kind::NotAllowed)) }
    }
}

impl FromRequestParts<Arc<Service>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Service>) -> Result<Self, Problem> {
        // `check` puts it there; a route without that layer refuses every request.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::new(Kind::NoToken))
    }
}

/// The layer that checks tokens: reading takes any valid token, everything else one for `run` or `admin`.
pub(crate) async fn check(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    let tried = Try::of(&request);
    match admit(&service, tried).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// What a request says about its sender.
struct Try {
    token: Option<String>,
    address: Option<IpAddr>,
    wanted: Access,
}

impl Try {
    fn of(request: &Request) -> Self {
        let looks = matches!(*request.method(), Method::GET | Method::HEAD);
        Self {
            token: presented(request.headers(), request.uri().path()),
            address: request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip()),
            wanted: if looks { Access::Read } else { Access::Run },
        }
    }
}

async fn admit(service: &Service, tried: Try) -> Result<Caller, Problem> {
    let now = service.clock.now();
    let Some(token) = tried.token else { return Err(Problem::new(Kind::NoToken)) };
    let token = known_token(service, &digest(token.as_bytes()), now).await?;
    let Some(token) = token.filter(|token| token.expires_at.is_none_or(|end| now < end)) else {
        let few = tried.address.is_none_or(|address| service.tries.count(address));
        let problem = Problem::new(if few { Kind::NoToken } else { Kind::TooManyTries });
        return Err(if few { problem } else { problem.retry_after(60) });
    };
    // A use that lies ahead was recorded before the clock was set back.
    if token.used_at.is_none_or(|used| !(0..USE_EVERY_MS).contains(&now.saturating_sub(used))) {
        service.state.token_used(&token.name, now).await?;
    }
    let caller = Caller { token: token.hash, name: token.name, access: token.access };
    caller.may(tried.wanted)?;
    Ok(caller)
}

/// The token with this digest. One that was made by a clock that was ahead lives its life from now.
async fn known_token(service: &Service, hash: &str, now: UnixMillis) -> Result<Option<TokenRecord>, Problem> {
    let found = service.state.token(hash).await?;
    if found.as_ref().and_then(|token| token.as_short().life_anew(now)).is_none() {
        return Ok(found);
    }
    service.state.begin_lives_anew(now).await?;
    Ok(service.state.token(hash).await?)
}

/// The token of a request. On the pages of the documentation, the password of a basic sign-in counts as the token,
/// because a browser can ask for nothing else. It counts nowhere else: a browser repeats it by itself, and another site
/// could make it start a run.
pub(crate) fn presented(headers: &HeaderMap, path: &str) -> Option<String> {
    if let Some(bearer) = headers.typed_get::<Authorization<Bearer>>() {
        return Some(bearer.token().to_owned());
    }
    let basic = headers.typed_get::<Authorization<Basic>>().filter(|_| is_documentation(path))?;
    Some(basic.password().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_all_its_bits_and_is_kept_as_its_digest() {
        let made = NewToken::new([0xab; 32], "shop", Access::Run, 1, None);
        assert_eq!(made.token, format!("wxs_{}", "ab".repeat(32)));
        assert_eq!(made.record.hash, digest(made.token.as_bytes()));
        assert_eq!(
            digest(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "the example of FIPS 180-4"
        );
    }

    #[test]
    fn passwords_are_taken_for_tokens_in_the_documentation_alone() {
        let of = |value: &str, path| {
            let mut headers = HeaderMap::new();
            headers.insert(axum::http::header::AUTHORIZATION, value.parse().unwrap());
            presented(&headers, path)
        };
        // `me:wxs_1`.
        let basic = "Basic bWU6d3hzXzE=";
        assert_eq!(of("Bearer wxs_1", "/api/v1/runs").as_deref(), Some("wxs_1"));
        assert_eq!(of("bearer wxs_1", "/api/v1/runs").as_deref(), Some("wxs_1"));
        assert_eq!(of(basic, "/docs/").as_deref(), Some("wxs_1"));
        for elsewhere in ["/api/v1/runs", "/openapi.json", "/docsx", "/"] {
            assert_eq!(of(basic, elsewhere), None, "{elsewhere}");
        }
        assert_eq!(of("wxs_1", "/docs"), None);
    }

    #[test]
    fn the_eleventh_failed_try_in_a_minute_is_one_too_many() {
        let (tries, address) = (Tries::default(), IpAddr::from([127, 0, 0, 1]));
        assert!((0..10).all(|_| tries.count(address)));
        assert!(!tries.count(address));
        assert!(tries.count(IpAddr::from([127, 0, 0, 2])));
    }
}
