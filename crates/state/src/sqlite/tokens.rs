//! Tokens of the service.

use async_trait::async_trait;
use domain::{Outcome, UnixMillis};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Row, Sqlite};
use sync::ports::{Access, StateError, TokenRecord, Tokens};

use super::{SqliteState, failure, unreadable};

/// Open dry runs that were begun with tokens that are swept. One that was there before the token belongs to somebody
/// else, whom the request has joined.
macro_rules! of_swept {
    ($set:literal, $which:literal) => {
        concat!(
            "UPDATE run SET ",
            $set,
            " WHERE outcome IS NULL AND durable = 1 AND dry_run = 1 AND EXISTS (
                 SELECT 1 FROM token JOIN request_key ON substr(key, 1, length(hash) + 1) = hash || char(10)
                 WHERE request_key.run_id = run.id AND substr(name, 1, length(?1)) = ?1
                   AND token.expires_at <= ?2 AND run.created_at >= token.created_at) AND ",
            $which
        )
    };
}

#[async_trait]
impl Tokens for SqliteState {
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
        let rows = sqlx::query("SELECT * FROM token ORDER BY name")
            .fetch_all(&self.readers)
            .await
            .map_err(failure)?;
        rows.iter().map(token).collect()
    }

    async fn revoke_token(&self, name: &str) -> Result<bool, StateError> {
        self.change(sqlx::query("DELETE FROM token WHERE name = ?").bind(name)).await
    }

    async fn renew_token(&self, name: &str, expires_at: UnixMillis) -> Result<bool, StateError> {
        let sql = "UPDATE token SET expires_at = ? WHERE name = ?";
        self.change(sqlx::query(sql).bind(expires_at).bind(name)).await
    }

    async fn sweep_tokens(&self, prefix: &str, now: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        for sql in [
            of_swept!(
                "status = ?3, outcome = ?4, finished_at = ?2",
                "(status = 'PENDING' OR NOT EXISTS (
                     SELECT 1 FROM lease WHERE run_id = run.id AND held = 1 AND lease.expires_at > ?2))"
            ),
            of_swept!("cancel_at = ?2", "cancel_at IS NULL"),
            "DELETE FROM token WHERE substr(name, 1, length(?1)) = ?1 AND expires_at <= ?2
               AND NOT EXISTS (
                   SELECT 1 FROM request_key JOIN run ON run.id = request_key.run_id
                   WHERE substr(key, 1, length(hash) + 1) = hash || char(10) AND run.outcome IS NULL
                     AND run.dry_run = 1 AND run.created_at >= token.created_at)",
        ] {
            let ended = Outcome::Interrupted;
            let query = sqlx::query(sql).bind(prefix).bind(now);
            // The numbers that a statement does not name are not asked for.
            let query = query.bind(ended.task_status().code()).bind(ended.code());
            query.execute(&mut *tx).await.map_err(failure)?;
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

impl SqliteState {
    /// One statement as a transaction; whether it changed anything.
    async fn change(&self, query: Query<'_>) -> Result<bool, StateError> {
        let mut tx = self.writing().await?;
        let done = query.execute(&mut *tx).await.map_err(failure)?;
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }
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
