//! Keys of requests, and the tokens with which they were sent.

use super::lease::LeaseRow;
use super::record::{NewRun, RunRecord};
use crate::UnixMillis;
use crate::run::TaskStatus;

/// Stands between the sender and the sender's own key.
const BETWEEN: char = '\n';

/// The `Idempotency-Key` of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// The key, with the digest of the token that tells its senders apart.
    pub key: String,
    /// A digest of what was asked for: a key stands for one request.
    pub fingerprint: String,
}

impl RequestKey {
    /// The key `text` of a request that was sent with the token of this digest.
    #[must_use]
    pub fn of_token(token_hash: &str, text: &str, fingerprint: String) -> Self {
        Self { key: format!("{token_hash}{BETWEEN}{text}"), fingerprint }
    }
}

/// The digest of the token with which a request of this key was sent.
#[must_use]
pub fn sender(key: &str) -> Option<&str> {
    key.split_once(BETWEEN).map(|(token_hash, _)| token_hash)
}

/// A token that ends with the process that made it, which renews it while it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortToken<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its digest.
    pub hash: &'a str,
    /// When it was made.
    pub created_at: UnixMillis,
    /// When it ends, unless it is renewed.
    pub expires_at: Option<UnixMillis>,
}

impl ShortToken<'_> {
    /// Whether it is swept: its name begins with `prefix`, and it has expired, so its process has died.
    #[must_use]
    pub fn is_swept(&self, prefix: &str, now: UnixMillis) -> bool {
        self.name.starts_with(prefix) && self.expires_at.is_some_and(|end| end <= now)
    }

    /// Whether a run was started with it, by a request of this key, and ends with it: a dry run. A run that was there
    /// before the token belongs to another sender, whose run the request joined.
    #[must_use]
    pub fn takes_along(&self, key: &str, run: &NewRun) -> bool {
        run.durable && run.dry_run() && sender(key) == Some(self.hash) && run.created_at >= self.created_at
    }
}

/// What becomes of an open run whose token is swept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sweep {
    /// It ends as interrupted: it has not started, or its process has died.
    End,
    /// A living process works on it and is asked to end it. The token stays until then.
    Ask,
}

/// Decides about an open run whose token is swept at `now`. `lease` is its shop's.
#[must_use]
pub fn sweep(record: &RunRecord, lease: Option<&LeaseRow>, now: UnixMillis) -> Sweep {
    let is_worked_on = lease.is_some_and(|lease| lease.run == record.run.id && lease.is_alive_at(now));
    if record.status == TaskStatus::Pending || !is_worked_on { Sweep::End } else { Sweep::Ask }
}
