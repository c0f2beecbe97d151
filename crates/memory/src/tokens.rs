//! Tokens of the service.

use async_trait::async_trait;
use domain::RunId;
use domain::UnixMillis;
use domain::admission::attempt::RunEnd;
use domain::admission::key::{self, Sweep};
use sync::ports::{StateError, TokenRecord, Tokens};

use crate::MemoryStore;
use crate::tables::Tables;

#[async_trait]
impl Tokens for MemoryStore {
    async fn add_token(&self, token: &TokenRecord) -> Result<bool, StateError> {
        let mut tables = self.tables();
        let exists = tables.tokens.values().any(|old| old.name == token.name || old.hash == token.hash);
        if !exists {
            tables.tokens.insert(token.name.clone(), TokenRecord { used_at: None, ..token.clone() });
        }
        Ok(!exists)
    }

    async fn add_first_token(&self, token: &TokenRecord) -> Result<bool, StateError> {
        if !self.tables().tokens.is_empty() {
            return Ok(false);
        }
        self.add_token(token).await
    }

    async fn token(&self, hash: &str) -> Result<Option<TokenRecord>, StateError> {
        Ok(self.tables().tokens.values().find(|token| token.hash == hash).cloned())
    }

    async fn tokens(&self) -> Result<Vec<TokenRecord>, StateError> {
        Ok(self.tables().tokens.values().cloned().collect())
    }

    async fn revoke_token(&self, name: &str) -> Result<bool, StateError> {
        Ok(self.tables().tokens.remove(name).is_some())
    }

    async fn renew_token(&self, name: &str, expires_at: UnixMillis) -> Result<bool, StateError> {
        let mut tables = self.tables();
        let Some(token) = tables.tokens.get_mut(name) else { return Ok(false) };
        token.expires_at = Some(expires_at);
        Ok(true)
    }

    async fn begin_lives_anew(&self, now: UnixMillis) -> Result<(), StateError> {
        for token in self.tables().tokens.values_mut() {
            if let Some((created_at, expires_at)) = token.as_short().life_anew(now) {
                (token.created_at, token.expires_at) = (created_at, Some(expires_at));
            }
        }
        Ok(())
    }

    async fn sweep_tokens(&self, prefix: &str, now: UnixMillis) -> Result<(), StateError> {
        let mut tables = self.tables();
        let tokens: Vec<TokenRecord> = tables.tokens.values().cloned().collect();
        for token in tokens.iter().filter(|token| token.as_short().is_swept(prefix, now)) {
            if tables.sweep_runs_of(token, now)? {
                tables.tokens.remove(&token.name);
            }
        }
        Ok(())
    }

    async fn token_used(&self, name: &str, at: UnixMillis) -> Result<(), StateError> {
        if let Some(token) = self.tables().tokens.get_mut(name) {
            token.used_at = Some(at);
        }
        Ok(())
    }
}

impl Tables {
    /// Ends the open dry runs of a token. Returns whether none of them continues.
    fn sweep_runs_of(&mut self, token: &TokenRecord, now: UnixMillis) -> Result<bool, StateError> {
        let runs = self.keys.iter().filter_map(|(key, row)| Some((key, &self.find(&row.run)?.record)));
        let open = runs.filter(|(_, record)| !record.status.is_ready());
        let own = open.filter(|(key, record)| token.as_short().owns_run(key, &record.run));
        let decided: Vec<(RunId, Sweep)> = own
            .map(|(_, record)| {
                let lease = self.leases.get(&record.run.shop);
                (record.run.id.clone(), key::sweep(record, lease, now))
            })
            .collect();
        for (run, sweep) in &decided {
            match sweep {
                // Two keys may stand for one run.
                Sweep::EndNow if self.row(run)?.record.status.is_ready() => {}
                Sweep::EndNow => self.end_run(&RunEnd::interrupted(run, now))?,
                Sweep::AskToEnd => self.row(run)?.record.cancel_asked = true,
            }
        }
        Ok(decided.iter().all(|(_, sweep)| *sweep == Sweep::EndNow))
    }
}
