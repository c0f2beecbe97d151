//! The request window of a shop, over all processes that share the file, and over restarts (I10).

use domain::{ShopName, UnixMillis};
use sync::ports::StateError;

use super::{SqliteState, failure};

/// How much longer than ours another process's places may count, in milliseconds; also the longest pause that a
/// 429 asks for.
const LONGEST_EXTRA_MS: i64 = 60 * 60 * 1_000;

/// What came of asking for a place in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It is taken, under this number.
    Taken(i64),
    /// None is free; one may be from this moment on.
    FreeFrom(UnixMillis),
}

/// A window: so many requests in any so many milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowLimit {
    /// Requests.
    pub requests: u32,
    /// Milliseconds.
    pub window_ms: i64,
    /// How long a request may be under way, in milliseconds: so long its place is held where its process does
    /// not live to give the reply's moment.
    pub timeout_ms: i64,
}

impl WindowLimit {
    fn longest_hold(&self) -> i64 {
        self.window_ms.saturating_add(self.timeout_ms)
    }
}

impl SqliteState {
    /// Takes a place in the shop's window at `now`, if there is one.
    pub async fn enter_window(
        &self,
        shop: &ShopName,
        limit: WindowLimit,
        now: UnixMillis,
    ) -> Result<Place, StateError> {
        let mut tx = self.writing_hastily().await?;
        sqlx::query("DELETE FROM request WHERE shop = ? AND held_until <= ?")
            .bind(shop.as_str())
            .bind(now)
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        // A clock that was turned back must not keep the window closed for longer than this. Places of other
        // processes, whose time-outs may be longer than ours, stay as they are.
        let latest = now.saturating_add(limit.longest_hold()).saturating_add(LONGEST_EXTRA_MS);
        sqlx::query("UPDATE request SET held_until = ?1 WHERE shop = ?2 AND held_until > ?1")
            .bind(latest)
            .bind(shop.as_str())
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        let closed: Option<i64> = sqlx::query_scalar("SELECT until FROM window_closed WHERE shop = ?")
            .bind(shop.as_str())
            .fetch_optional(&mut *tx)
            .await
            .map_err(failure)?;
        let (taken, first_free): (i64, Option<i64>) =
            sqlx::query_as("SELECT count(*), min(held_until) FROM request WHERE shop = ?")
                .bind(shop.as_str())
                .fetch_one(&mut *tx)
                .await
                .map_err(failure)?;
        let wait = match closed.filter(|until| *until > now) {
            Some(until) => Some(until.min(now.saturating_add(LONGEST_EXTRA_MS))),
            None => first_free.filter(|_| taken >= i64::from(limit.requests)),
        };
        if let Some(moment) = wait {
            tx.commit().await?;
            return Ok(Place::FreeFrom(moment));
        }
        let id = sqlx::query("INSERT INTO request (shop, held_until) VALUES (?, ?)")
            .bind(shop.as_str())
            .bind(now.saturating_add(limit.longest_hold()))
            .execute(&mut *tx)
            .await
            .map_err(failure)?
            .last_insert_rowid();
        tx.commit().await?;
        Ok(Place::Taken(id))
    }

    /// The reply of the request at place `id` came at `now`: it counts for one window more.
    pub async fn leave_window(
        &self,
        shop: &ShopName,
        id: i64,
        limit: WindowLimit,
        now: UnixMillis,
    ) -> Result<(), StateError> {
        let mut tx = self.writing_hastily().await?;
        // A reply that came after its place was given up counts all the same.
        sqlx::query(
            "INSERT INTO request (id, shop, held_until) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO UPDATE SET held_until = ?3",
        )
        .bind(id)
        .bind(shop.as_str())
        .bind(now.saturating_add(limit.window_ms))
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
        tx.commit().await
    }

    /// Lets no request of the shop through until `until`; a later moment that was set before stays.
    pub async fn close_window(&self, shop: &ShopName, until: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing_hastily().await?;
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
