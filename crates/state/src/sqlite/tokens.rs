//! The access tokens of the service.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::UnixMillis;
use domain::admission::attempt::RunEnd;
use domain::admission::key::{self, Sweep};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Row, Sqlite, SqliteConnection};
use sync::ports::{Access, StateError, TokenRecord, Tokens};

use super::SqliteStore;
use super::ends::end_run;
use super::error::{failure, unreadable};
use super::rows::{lease, record};
use super::tasks::ask_to_end;

#[async_trait]
impl Tokens for SqliteStore {
    async fn add_token(&self, token: &TokenRecord) -> Result<bool, StateError> {
        let sql = "INSERT INTO token (name, hash, scope, created_at, expires_at) VALUES (?, ?, ?, ?, ?)
                   ON CONFLICT DO NOTHING";
        self.change(bound(sqlx::query(sql), token)).await
    }

    async fn add_first_token(&self, token: &TokenRecord) -> Result<bool, StateError> {
        let sql = "INSERT INTO token (name, hash, scope, created_at, expires_at) SELECT ?, ?, ?, ?, ?
                   WHERE NOT EXISTS (SELECT 1 FROM token)";
        self.change(bound(sqlx::query(sql), token)).await
    }

    async fn token(&self, hash: &str) -> Result<Option<TokenRecord>, StateError> {
        let row = sqlx::query("SELECT * FROM token WHERE hash = ?")
            .bind(hash)
            .fetch_optional(&self.watchers)
            .await
            .map_err(failure)?;
        row.as_ref().map(token).transpose()
    }

    async fn tokens(&self) -> Result<Vec<TokenRecord>, StateError> {
        let mut db = self.readers.acquire().await.map_err(failure)?;
        all_tokens(&mut db).await
    }

    async fn revoke_token(&self, name: &str) -> Result<bool, StateError> {
        self.change(sqlx::query("DELETE FROM token WHERE name = ?").bind(name)).await
    }

    async fn renew_token(&self, name: &str, expires_at: UnixMillis) -> Result<bool, StateError> {
        let sql = "UPDATE token SET expires_at = ? WHERE name = ?";
        self.change(sqlx::query(sql).bind(expires_at).bind(name)).await
    }

    async fn begin_lives_anew(&self, now: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        for token in all_tokens(&mut tx).await? {
            let Some((created_at, expires_at)) = token.as_short().life_anew(now) else { continue };
            sqlx::query("UPDATE token SET created_at = ?, expires_at = ? WHERE name = ?")
                .bind(created_at)
                .bind(expires_at)
                .bind(&token.name)
                .execute(&mut *tx)
                .await
                .map_err(failure)?;
        }
        tx.commit().await
    }

    async fn sweep_tokens(&self, prefix: &str, now: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        for token in all_tokens(&mut tx).await?.iter().filter(|token| token.as_short().is_swept(prefix, now))
        {
            if sweep_runs_of(&mut tx, token, now).await? {
                sqlx::query("DELETE FROM token WHERE name = ?")
                    .bind(&token.name)
                    .execute(&mut *tx)
                    .await
                    .map_err(failure)?;
            }
        }
        tx.commit().await
    }

    async fn token_used(&self, name: &str, at: UnixMillis) -> Result<(), StateError> {
        self.change(sqlx::query("UPDATE token SET used_at = ? WHERE name = ?").bind(at).bind(name)).await?;
        Ok(())
    }
}

type Query<'q> = sqlx::query::Query<'q, Sqlite, SqliteArguments>;

fn bound<'q>(query: Query<'q>, token: &'q TokenRecord) -> Query<'q> {
    query
        .bind(&token.name)
        .bind(&token.hash)
        .bind(token.access.code())
        .bind(token.created_at)
        .bind(token.expires_at)
}

impl SqliteStore {
    /// Executes one statement as a transaction. Gives whether it changed anything.
    async fn change(&self, query: Query<'_>) -> Result<bool, StateError> {
        let mut tx = self.writing().await?;
        let done = query.execute(&mut *tx).await.map_err(failure)?;
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }
}

async fn all_tokens(db: &mut SqliteConnection) -> Result<Vec<TokenRecord>, StateError> {
    let rows = sqlx::query("SELECT * FROM token ORDER BY name").fetch_all(db).await.map_err(failure)?;
    rows.iter().map(token).collect()
}

/// Ends the open dry runs that were started with a token. Gives whether all of them have ended.
async fn sweep_runs_of(
    tx: &mut SqliteConnection,
    token: &TokenRecord,
    now: UnixMillis,
) -> Result<bool, StateError> {
    let rows = sqlx::query(
        "SELECT run.*, request_key.key FROM run_record AS run JOIN request_key ON request_key.run_id = run.id
         WHERE run.outcome IS NULL ORDER BY run.id",
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(failure)?;
    let mut none_goes_on = true;
    let mut swept = BTreeSet::new();
    for row in &rows {
        let record = record(row)?;
        let key: String = row.try_get("key").map_err(failure)?;
        // Two keys may stand for one run.
        if !token.as_short().owns_run(&key, &record.run) || !swept.insert(record.run.id.clone()) {
            continue;
        }
        match key::sweep(&record, lease(tx, &record.run.shop).await?.as_ref(), now) {
            Sweep::EndNow => end_run(tx, &RunEnd::interrupted(&record.run.id, now)).await?,
            Sweep::AskToEnd => {
                ask_to_end(tx, &record.run.id, now).await?;
                none_goes_on = false;
            }
        }
    }
    Ok(none_goes_on)
}

fn token(row: &SqliteRow) -> Result<TokenRecord, StateError> {
    let text = |name: &str| row.try_get::<String, _>(name).map_err(failure);
    let scope = text("scope")?;
    Ok(TokenRecord {
        name: text("name")?,
        hash: text("hash")?,
        access: Access::of_code(&scope).ok_or_else(|| unreadable("a token", &scope))?,
        created_at: row.try_get("created_at").map_err(failure)?,
        expires_at: row.try_get("expires_at").map_err(failure)?,
        used_at: row.try_get("used_at").map_err(failure)?,
    })
}
