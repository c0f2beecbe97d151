//! Pauses, and the slots of the shops' schedules.

use async_trait::async_trait;
use domain::admission::schedule::{NONE, begins_anew};
use domain::{ShopName, UnixMillis};
use sqlx::SqliteConnection;
use sync::ports::{Pauses, Slots, StateError};

use super::SqliteStore;
use super::error::failure;

/// When a shop was paused; `None` if it is not.
pub(super) async fn paused(
    tx: &mut SqliteConnection,
    shop: &ShopName,
) -> Result<Option<UnixMillis>, StateError> {
    sqlx::query_scalar("SELECT since FROM pause WHERE shop = ?")
        .bind(shop.as_str())
        .fetch_optional(tx)
        .await
        .map_err(failure)
}

#[async_trait]
impl Pauses for SqliteStore {
    async fn pause(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        sqlx::query("INSERT INTO pause (shop, since) VALUES (?, ?) ON CONFLICT (shop) DO NOTHING")
            .bind(shop.as_str())
            .bind(now)
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        tx.commit().await
    }

    async fn resume(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        let done = sqlx::query("DELETE FROM pause WHERE shop = ?")
            .bind(shop.as_str())
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        if done.rows_affected() > 0 {
            sqlx::query("INSERT OR REPLACE INTO resumed (shop, at) VALUES (?, ?)")
                .bind(shop.as_str())
                .bind(now)
                .execute(&mut *tx)
                .await
                .map_err(failure)?;
        }
        tx.commit().await
    }

    async fn paused_since(&self, shop: &ShopName) -> Result<Option<UnixMillis>, StateError> {
        let mut db = self.watchers.acquire().await.map_err(failure)?;
        paused(&mut db, shop).await
    }
}

#[async_trait]
impl Slots for SqliteStore {
    async fn last_slot(&self, shop: &ShopName, now: UnixMillis) -> Result<UnixMillis, StateError> {
        let known: Option<i64> = sqlx::query_scalar(
            "SELECT max(coalesce((SELECT max(at) FROM slot WHERE shop = ?1), since), since)
             FROM schedule WHERE shop = ?1",
        )
        .bind(shop.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(failure)?;
        if let Some(last) = known {
            return Ok(last);
        }
        let mut tx = self.writing().await?;
        sqlx::query("INSERT INTO schedule (shop, since) VALUES (?, ?) ON CONFLICT (shop) DO NOTHING")
            .bind(shop.as_str())
            .bind(now)
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        tx.commit().await?;
        Ok(now)
    }

    async fn begin_schedule(
        &self,
        shop: &ShopName,
        fingerprint: Option<&str>,
        now: UnixMillis,
    ) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        let recorded: Option<(i64, Option<String>)> =
            sqlx::query_as("SELECT since, fingerprint FROM schedule WHERE shop = ?")
                .bind(shop.as_str())
                .fetch_optional(&mut *tx)
                .await
                .map_err(failure)?;
        if recorded.is_none() && fingerprint.is_none() {
            return Ok(());
        }
        let since = match recorded {
            Some((since, recorded)) if !begins_anew(recorded.as_deref(), fingerprint) => since,
            _ => now,
        };
        sqlx::query("INSERT OR REPLACE INTO schedule (shop, since, fingerprint) VALUES (?, ?, ?)")
            .bind(shop.as_str())
            .bind(since)
            .bind(fingerprint.unwrap_or(NONE))
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        tx.commit().await
    }

    async fn set_slots_back(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        for sql in [
            "DELETE FROM slot WHERE shop = ?1 AND at > ?2",
            "UPDATE schedule SET since = min(since, ?2) WHERE shop = ?1",
        ] {
            sqlx::query(sql).bind(shop.as_str()).bind(now).execute(&mut *tx).await.map_err(failure)?;
        }
        tx.commit().await
    }

    async fn installation(&self, fresh: &str) -> Result<String, StateError> {
        let known = sqlx::query_scalar("SELECT id FROM installation").fetch_optional(&self.readers).await;
        if let Some(id) = known.map_err(failure)? {
            return Ok(id);
        }
        let mut tx = self.writing().await?;
        sqlx::query("INSERT INTO installation (one, id) VALUES (1, ?) ON CONFLICT (one) DO NOTHING")
            .bind(fresh)
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        let id =
            sqlx::query_scalar("SELECT id FROM installation").fetch_one(&mut *tx).await.map_err(failure)?;
        tx.commit().await?;
        Ok(id)
    }
}
