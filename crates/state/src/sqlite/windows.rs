//! The request windows of shops, across all processes that share the file and across restarts (I10).

use async_trait::async_trait;
use domain::admission::window::{WindowLimit, WindowPlace, WindowState, wait_for_place};
use domain::{ShopName, UnixMillis};
use sqlx::SqliteConnection;
use sync::ports::{RequestWindows, StateError};

use super::SqliteStore;
use super::error::failure;

#[async_trait]
impl RequestWindows for SqliteStore {
    async fn enter_window(
        &self,
        shop: &ShopName,
        limit: WindowLimit,
        now: UnixMillis,
    ) -> Result<WindowPlace, StateError> {
        let mut tx = self.writing_relaxed().await?;
        sqlx::query("DELETE FROM request WHERE shop = ? AND held_until <= ?")
            .bind(shop.as_str())
            .bind(now)
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        sqlx::query("UPDATE request SET held_until = ?1 WHERE shop = ?2 AND held_until > ?1")
            .bind(limit.latest_hold(now))
            .bind(shop.as_str())
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        sqlx::query("UPDATE window_closed SET until = ?1 WHERE shop = ?2 AND until > ?1")
            .bind(WindowLimit::latest_close(now))
            .bind(shop.as_str())
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        if let Some(moment) = wait_for_place(window(&mut tx, shop).await?, limit, now) {
            tx.commit().await?;
            return Ok(WindowPlace::FreeFrom(moment));
        }
        let id = sqlx::query("INSERT INTO request (shop, held_until) VALUES (?, ?)")
            .bind(shop.as_str())
            .bind(limit.held_from_sending(now))
            .execute(&mut *tx)
            .await
            .map_err(failure)?
            .last_insert_rowid();
        tx.commit().await?;
        Ok(WindowPlace::Taken(id))
    }

    async fn leave_window(
        &self,
        shop: &ShopName,
        place: i64,
        limit: WindowLimit,
        now: UnixMillis,
    ) -> Result<(), StateError> {
        let mut tx = self.writing_relaxed().await?;
        // A reply counts even if its place has already expired.
        sqlx::query(
            "INSERT INTO request (id, shop, held_until) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO UPDATE SET held_until = ?3",
        )
        .bind(place)
        .bind(shop.as_str())
        .bind(limit.held_from_reply(now))
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
        tx.commit().await
    }

    async fn close_window(&self, shop: &ShopName, until: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing_relaxed().await?;
        sqlx::query(
            "INSERT INTO window_closed (shop, until) VALUES (?1, ?2)
             ON CONFLICT (shop) DO UPDATE SET until = max(until, ?2)",
        )
        .bind(shop.as_str())
        .bind(until)
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
        tx.commit().await
    }
}

/// The state of a shop's window.
async fn window(tx: &mut SqliteConnection, shop: &ShopName) -> Result<WindowState, StateError> {
    let (taken, first_free, closed_until): (i64, Option<i64>, Option<i64>) = sqlx::query_as(
        "SELECT count(*), min(held_until), (SELECT until FROM window_closed WHERE shop = ?1)
         FROM request WHERE shop = ?1",
    )
    .bind(shop.as_str())
    .fetch_one(tx)
    .await
    .map_err(failure)?;
    Ok(WindowState { taken: u64::try_from(taken).unwrap_or(0), first_free, closed_until })
}
