//! Idempotency keys of requests, and the tokens that sent them.

use super::lease::LeaseRow;
use super::record::{NewRun, RunRecord};
use crate::UnixMillis;
use crate::moment::lies_ahead;
use crate::run::TaskStatus;

/// Separates the token's digest from the text that the sender chose.
const SEPARATOR: char = '\n';

/// The `Idempotency-Key` of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// The digest of the sender's token and the sender's own text. Two senders may therefore choose the same text.
    pub key: String,
    /// A digest of the request. A key may not be used again for a different request.
    pub fingerprint: String,
}

impl RequestKey {
    /// The key `text`, as sent with the token that has this digest.
    #[must_use]
    pub fn of_token(token_hash: &str, text: &str, fingerprint: String) -> Self {
        Self { key: format!("{token_hash}{SEPARATOR}{text}"), fingerprint }
    }
}

/// The digest of the token that sent a request with this key.
#[must_use]
pub fn sender(key: &str) -> Option<&str> {
    key.split_once(SEPARATOR).map(|(token_hash, _)| token_hash)
}

/// No short-lived token is renewed for longer than this, in milliseconds.
const LONGEST_RENEWAL_MS: i64 = 10 * 60 * 1_000;

/// A short-lived token. The process that created it renews it, so it expires soon after that process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortToken<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its digest.
    pub hash: &'a str,
    /// When it was created.
    pub created_at: UnixMillis,
    /// When it expires, unless it is renewed.
    pub expires_at: Option<UnixMillis>,
}

impl ShortToken<'_> {
    /// Whether it must be swept: its name begins with `prefix` and it has expired, so its process has died. An expiry
    /// that no renewal can reach was written before the clock was set back, so its process has not renewed it since.
    #[must_use]
    pub fn is_swept(&self, prefix: &str, now: UnixMillis) -> bool {
        let renewed = now.saturating_add(1)..=now.saturating_add(LONGEST_RENEWAL_MS);
        self.name.starts_with(prefix) && self.expires_at.is_some_and(|end| !renewed.contains(&end))
    }

    /// The moments of creation and of expiry of a token whose life counts anew from `now`: its creation lies ahead, so
    /// it was made by a clock that was ahead, and its expiry would not come for as long. `None` for any other token.
    #[must_use]
    pub fn life_anew(&self, now: UnixMillis) -> Option<(UnixMillis, UnixMillis)> {
        let end = self.expires_at.filter(|_| lies_ahead(self.created_at, now))?;
        Some((now, now.saturating_add(end.saturating_sub(self.created_at).max(0))))
    }

    /// Whether `run` is a dry run that a request with this key started with this token. Such a run ends with the
    /// token. A run that is older than the token belongs to another sender; the request only joined it.
    #[must_use]
    pub fn owns_run(&self, key: &str, run: &NewRun) -> bool {
        run.durable && run.dry_run() && sender(key) == Some(self.hash) && run.created_at >= self.created_at
    }
}

/// What happens to an open run whose token is swept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sweep {
    /// The run ends as interrupted: it has not started, or its process has died.
    EndNow,
    /// A live process works on the run and is asked to end it. The token stays until then.
    AskToEnd,
}

/// Decides what happens to an open run whose token is swept at `now`. `lease` is the lease of its shop.
#[must_use]
pub fn sweep(record: &RunRecord, lease: Option<&LeaseRow>, now: UnixMillis) -> Sweep {
    let is_worked_on = lease.is_some_and(|lease| lease.run == record.run.id && lease.is_alive_at(now));
    if record.status == TaskStatus::Pending || !is_worked_on { Sweep::EndNow } else { Sweep::AskToEnd }
}
