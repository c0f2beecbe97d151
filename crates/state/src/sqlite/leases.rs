//! The lease of a shop, and the fence that every commit passes.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::admission::lease::{Grant, LIFE_MS, LeaseRow, grant};
use domain::admission::queue::goes_before;
use domain::{RunId, ShopName, UnixMillis};
use sqlx::SqliteConnection;
use sync::ports::{Acquired, Fence, HeldLease, Leases, StateError};

use super::SqliteStore;
use super::error::failure;
use super::pauses::paused;
use super::rows::{lease, open_runs, waits_at};

#[async_trait]
impl Leases for SqliteStore {
    async fn acquire(
        &self,
        shop: &ShopName,
        run: &RunId,
        until: UnixMillis,
        lapsed: Option<HeldLease>,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Acquired, StateError> {
        let mut tx = self.writing().await?;
        let open = open_runs(&mut tx, shop).await?;
        let paused = paused(&mut tx, shop).await?.is_some();
        let first = goes_before(run, &open, paused, alive).map(|first| &first.record.run.id);
        let token = match grant(lease(&mut tx, shop).await?.as_ref(), lapsed, first) {
            Grant::Busy { run, lease } => return Ok(Acquired::Busy { run, lease }),
            Grant::Behind(first) => return Ok(Acquired::Behind(first)),
            Grant::Token(token) => token,
        };
        let fence = Fence { shop: shop.clone(), token };
        sqlx::query(
            "INSERT INTO lease (shop, run_id, token, expires_at, held) VALUES (?1, ?2, ?3, ?4, 1)
             ON CONFLICT (shop) DO UPDATE SET run_id = ?2, token = ?3, expires_at = ?4, held = 1",
        )
        .bind(shop.as_str())
        .bind(run.as_str())
        .bind(number(&fence)?)
        .bind(until)
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
        tx.commit().await?;
        Ok(Acquired::Granted { fence, expires_at: until })
    }

    async fn renew(&self, fence: &Fence, until: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        pass(&mut tx, fence).await?;
        sqlx::query("UPDATE lease SET expires_at = ? WHERE shop = ?")
            .bind(until)
            .bind(fence.shop.as_str())
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        keep_next_places(&mut tx, &fence.shop, until - LIFE_MS).await?;
        tx.commit().await
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

/// Records that the process that works on a task also waits for the tasks behind it.
async fn keep_next_places(
    tx: &mut SqliteConnection,
    shop: &ShopName,
    now: UnixMillis,
) -> Result<(), StateError> {
    let open = open_runs(tx, shop).await?;
    let Some(holder) = open.iter().find(|run| run.holds_lease) else { return Ok(()) };
    for next in open.iter().filter(|run| run.is_next_of(holder)) {
        waits_at(tx, &next.record.run.id, now).await?;
    }
    Ok(())
}

fn number(fence: &Fence) -> Result<i64, StateError> {
    i64::try_from(fence.token).map_err(StateError::defect)
}

/// Refuses a commit whose lease is not the shop's any more. Gives that lease.
pub(super) async fn pass(tx: &mut SqliteConnection, fence: &Fence) -> Result<LeaseRow, StateError> {
    let lease = lease(tx, &fence.shop).await?;
    lease.filter(|lease| lease.admits(fence.token)).ok_or(StateError::Fenced)
}
