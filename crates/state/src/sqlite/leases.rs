//! The lease of a shop, and the fence that every commit passes.

use async_trait::async_trait;
use domain::{RunId, ShopName, UnixMillis};
use sqlx::SqliteConnection;
use sync::ports::{Acquired, Fence, HeldLease, Leases, StateError};

use super::{SqliteState, failure};

#[async_trait]
impl Leases for SqliteState {
    async fn acquire(
        &self,
        shop: &ShopName,
        run: &RunId,
        until: UnixMillis,
        lapsed: Option<HeldLease>,
    ) -> Result<Acquired, StateError> {
        let mut tx = self.writing().await?;
        let holder: Option<(String, i64, i64, bool)> =
            sqlx::query_as("SELECT run_id, token, expires_at, held FROM lease WHERE shop = ?")
                .bind(shop.as_str())
                .fetch_optional(&mut *tx)
                .await
                .map_err(failure)?;
        if let Some((holder, token, expires_at, true)) = &holder {
            let lease = HeldLease { token: u64::try_from(*token).map_err(failure)?, expires_at: *expires_at };
            if lapsed != Some(lease) {
                return Ok(Acquired::Busy { run: RunId::new(holder), lease });
            }
        }
        let token = holder.map_or(0, |(_, token, _, _)| token) + 1;
        sqlx::query(
            "INSERT INTO lease (shop, run_id, token, expires_at, held) VALUES (?1, ?2, ?3, ?4, 1)
             ON CONFLICT (shop) DO UPDATE SET run_id = ?2, token = ?3, expires_at = ?4, held = 1",
        )
        .bind(shop.as_str())
        .bind(run.as_str())
        .bind(token)
        .bind(until)
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
        tx.commit().await?;
        let token = u64::try_from(token).map_err(failure)?;
        Ok(Acquired::Granted { fence: Fence { shop: shop.clone(), token }, expires_at: until })
    }

    async fn renew(&self, fence: &Fence, until: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        let done = sqlx::query("UPDATE lease SET expires_at = ? WHERE shop = ? AND token = ? AND held = 1")
            .bind(until)
            .bind(fence.shop.as_str())
            .bind(number(fence)?)
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        tx.commit().await?;
        if done.rows_affected() == 1 { Ok(()) } else { Err(StateError::Fenced) }
    }

    async fn release(&self, fence: &Fence) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        sqlx::query("UPDATE lease SET held = 0 WHERE shop = ? AND token = ?")
            .bind(fence.shop.as_str())
            .bind(number(fence)?)
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        tx.commit().await
    }
}

fn number(fence: &Fence) -> Result<i64, StateError> {
    i64::try_from(fence.token).map_err(failure)
}

/// Refuses a commit whose lease is not the shop's any more. Gives the moment at which the lease is over.
pub(super) async fn pass(tx: &mut SqliteConnection, fence: &Fence) -> Result<UnixMillis, StateError> {
    let expires_at: Option<i64> =
        sqlx::query_scalar("SELECT expires_at FROM lease WHERE shop = ? AND token = ? AND held = 1")
            .bind(fence.shop.as_str())
            .bind(number(fence)?)
            .fetch_optional(tx)
            .await
            .map_err(failure)?;
    expires_at.ok_or(StateError::Fenced)
}
