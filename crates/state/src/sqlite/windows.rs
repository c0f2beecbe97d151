//! The request windows of shops, across all processes that share the file and across restarts (I10).

use async_trait::async_trait;
use domain::admission::pace::{self, PaceState, Throttling};
use domain::admission::window::{self, WindowLimit, WindowPlace, WindowState};
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
        let before = window(&mut tx, shop).await?;
        match window::enter(before, limit, now) {
            Ok(pace) if pace == before.pace => {}
            Ok(pace) => keep_pace(&mut tx, shop, pace).await?,
            Err(moment) => {
                tx.commit().await?;
                return Ok(WindowPlace::FreeFrom(moment));
            }
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

    async fn close_window(
        &self,
        shop: &ShopName,
        what: Throttling,
        now: UnixMillis,
    ) -> Result<UnixMillis, StateError> {
        let mut tx = self.writing_relaxed().await?;
        let before = window(&mut tx, shop).await?;
        let after = pace::throttled(what, before.pace, before.closed_until, now);
        keep_pace(&mut tx, shop, after.pace).await?;
        sqlx::query(
            "INSERT INTO window_closed (shop, until) VALUES (?1, ?2)
             ON CONFLICT (shop) DO UPDATE SET until = ?2",
        )
        .bind(shop.as_str())
        .bind(after.closed_until)
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
        tx.commit().await?;
        Ok(after.closed_until)
    }
}

/// The state of a shop's window.
async fn window(tx: &mut SqliteConnection, shop: &ShopName) -> Result<WindowState, StateError> {
    let (taken, first_free, closed_until): (i64, Option<i64>, Option<i64>) = sqlx::query_as(
        "SELECT count(*), min(held_until), (SELECT until FROM window_closed WHERE shop = ?1)
         FROM request WHERE shop = ?1",
    )
    .bind(shop.as_str())
    .fetch_one(&mut *tx)
    .await
    .map_err(failure)?;
    let pace = pace_of(tx, shop).await?;
    Ok(WindowState { taken: u64::try_from(taken).unwrap_or(0), first_free, closed_until, pace })
}

/// The pace of a shop, as it was left.
pub(super) async fn pace_of(tx: &mut SqliteConnection, shop: &ShopName) -> Result<PaceState, StateError> {
    let row: Option<(i64, u32, i64, u32, i64)> = sqlx::query_as(
        "SELECT used_until, halvings, slowed_at, blocks, blocked_until FROM pace WHERE shop = ?",
    )
    .bind(shop.as_str())
    .fetch_optional(tx)
    .await
    .map_err(failure)?;
    let state = |(used_until, halvings, slowed_at, blocks, blocked_until)| PaceState {
        used_until,
        halvings,
        slowed_at,
        blocks,
        blocked_until,
    };
    Ok(row.map(state).unwrap_or_default())
}

async fn keep_pace(tx: &mut SqliteConnection, shop: &ShopName, pace: PaceState) -> Result<(), StateError> {
    sqlx::query(
        "INSERT INTO pace (shop, used_until, halvings, slowed_at, blocks, blocked_until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (shop) DO UPDATE SET used_until = ?2, halvings = ?3, slowed_at = ?4, blocks = ?5,
             blocked_until = ?6",
    )
    .bind(shop.as_str())
    .bind(pace.used_until)
    .bind(pace.halvings)
    .bind(pace.slowed_at)
    .bind(pace.blocks)
    .bind(pace.blocked_until)
    .execute(tx)
    .await
    .map_err(failure)?;
    Ok(())
}
