//! Tokens: who may ask the service for what. What is kept of a token is its digest.

use async_trait::async_trait;
use domain::UnixMillis;
use domain::admission::key::ShortToken;

use super::StateError;

/// What a token allows; each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// To look.
    Read,
    /// To start and cancel runs.
    Run,
    /// Everything: also pauses.
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

    /// The access of a code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|access| access.code() == code)
    }
}

/// What is kept of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    /// Its name; no two have the same.
    pub name: String,
    /// Its SHA-256 digest, hexadecimal.
    pub hash: String,
    /// What it allows.
    pub access: Access,
    /// When it was made.
    pub created_at: UnixMillis,
    /// When it ends, where it does.
    pub expires_at: Option<UnixMillis>,
    /// When it was last used, to about a minute.
    pub used_at: Option<UnixMillis>,
}

impl TokenRecord {
    /// The token as the rules of short tokens see it.
    #[must_use]
    pub fn as_short(&self) -> ShortToken<'_> {
        let Self { name, hash, created_at, expires_at, .. } = self;
        ShortToken { name, hash, created_at: *created_at, expires_at: *expires_at }
    }
}

/// The tokens of the service.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// Keeps a new token; `false` where its name is taken.
    async fn add_token(&self, token: &TokenRecord) -> Result<bool, StateError>;

    /// Keeps a token where there is none at all; `false` where there is one.
    async fn add_first_token(&self, token: &TokenRecord) -> Result<bool, StateError>;

    /// The token of a digest.
    async fn token(&self, hash: &str) -> Result<Option<TokenRecord>, StateError>;

    /// All of them, by name.
    async fn tokens(&self) -> Result<Vec<TokenRecord>, StateError>;

    /// Removes a token; `false` where there is none of that name.
    async fn revoke_token(&self, name: &str) -> Result<bool, StateError>;

    /// Moves the end of a token to `expires_at`; `false` where there is none of that name.
    async fn renew_token(&self, name: &str, expires_at: UnixMillis) -> Result<bool, StateError>;

    /// Removes the tokens whose names begin with `prefix` and that have expired at `now`: the processes that renewed
    /// them have died. The dry runs that were started with them end with them; see [`domain::admission::key::sweep`].
    async fn sweep_tokens(&self, prefix: &str, now: UnixMillis) -> Result<(), StateError>;

    /// Records that a token was used.
    async fn token_used(&self, name: &str, at: UnixMillis) -> Result<(), StateError>;
}
