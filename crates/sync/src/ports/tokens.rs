//! Access tokens of the service. Only the digest of a token is stored.

use async_trait::async_trait;
use domain::UnixMillis;
use domain::admission::key::ShortToken;

use super::StateError;

/// What a token allows. Each level includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Reading.
    Read,
    /// Starting and canceling runs.
    Run,
    /// Everything, including pauses.
    Admin,
}

impl Access {
    /// Every value, the narrowest first.
    pub const ALL: &'static [Self] = &[Self::Read, Self::Run, Self::Admin];

    /// The code that programs read; it never changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Run => "run",
            Self::Admin => "admin",
        }
    }

    /// The access with this code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|access| access.code() == code)
    }
}

/// The stored record of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    /// Its name, which is unique.
    pub name: String,
    /// Its SHA-256 digest, hexadecimal.
    pub hash: String,
    /// What it allows.
    pub access: Access,
    /// When it was created.
    pub created_at: UnixMillis,
    /// When it expires; `None` if it does not.
    pub expires_at: Option<UnixMillis>,
    /// When it was last used, to about a minute.
    pub used_at: Option<UnixMillis>,
}

impl TokenRecord {
    /// The token for the rules of short-lived tokens.
    #[must_use]
    pub fn as_short(&self) -> ShortToken<'_> {
        let Self { name, hash, created_at, expires_at, .. } = self;
        ShortToken { name, hash, created_at: *created_at, expires_at: *expires_at }
    }
}

/// The tokens of the service.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// Adds a token; `false` if its name is taken.
    async fn add_token(&self, token: &TokenRecord) -> Result<bool, StateError>;

    /// Adds a token if there are no tokens at all; `false` if there are.
    async fn add_first_token(&self, token: &TokenRecord) -> Result<bool, StateError>;

    /// The token with this digest.
    async fn token(&self, hash: &str) -> Result<Option<TokenRecord>, StateError>;

    /// All tokens, sorted by name.
    async fn tokens(&self) -> Result<Vec<TokenRecord>, StateError>;

    /// Removes a token; `false` if there is none with this name.
    async fn revoke_token(&self, name: &str) -> Result<bool, StateError>;

    /// Sets the expiry of a token to `expires_at`; `false` if there is none with this name.
    async fn renew_token(&self, name: &str, expires_at: UnixMillis) -> Result<bool, StateError>;

    /// Counts the life of tokens anew that were made by a clock that was ahead; see
    /// [`domain::admission::key::ShortToken::life_anew`].
    async fn begin_lives_anew(&self, now: UnixMillis) -> Result<(), StateError>;

    /// Removes the tokens whose name begins with `prefix` and that have expired at `now`, because the processes that
    /// renewed them have died. Also ends the dry runs that were started with them; see
    /// [`domain::admission::key::sweep`].
    async fn sweep_tokens(&self, prefix: &str, now: UnixMillis) -> Result<(), StateError>;

    /// Records that a token was used.
    async fn token_used(&self, name: &str, at: UnixMillis) -> Result<(), StateError>;
}
