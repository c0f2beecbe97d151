//! The listing maps.

use async_trait::async_trait;
use domain::listing::Revision;
use domain::listing::map::{ListingMap, MapUpdate, MappedListing, Shown};
use domain::{InventoryItemId, Level, ShopName, Sku};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};
use sync::ports::{Fence, ListingMaps, StateError};

use super::SqliteStore;
use super::error::{failure, unreadable};
use super::leases::pass;
use super::rows::{key, location};

/// Rows of one INSERT: SQLite takes 32,766 values in a statement, and a listing has nine.
const ROWS: usize = 3_600;

#[async_trait]
impl ListingMaps for SqliteStore {
    async fn load_map(&self, shop: &ShopName) -> Result<Option<ListingMap>, StateError> {
        let mut tx = self.readers.begin().await.map_err(failure)?;
        let head: Option<(String, String, i64, i64, i64)> = sqlx::query_as(
            "SELECT site, catalog, crawled_at, fresh_from, products FROM listing_map WHERE shop = ?",
        )
        .bind(shop.as_str())
        .fetch_optional(&mut *tx)
        .await
        .map_err(failure)?;
        let Some((site, catalog, crawled_at, fresh_from, products)) = head else { return Ok(None) };
        let rows = sqlx::query(
            "SELECT product_id, variant_id, location_id, inventory_item_id, sku, tracked, level, revision
             FROM mapped_listing WHERE shop = ?
             ORDER BY product_id, variant_id, location_id",
        )
        .bind(shop.as_str())
        .fetch_all(&mut *tx)
        .await
        .map_err(failure)?;
        let products = u64::try_from(products).map_err(|error| unreadable("a listing map", error))?;
        let listings = rows.iter().map(mapped).collect::<Result<_, _>>()?;
        let (site, catalog) = (site.into(), catalog.into());
        Ok(Some(ListingMap { site, catalog, crawled_at, fresh_from, products, listings }))
    }

    async fn replace_map(&self, fence: &Fence, map: &ListingMap) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        pass(&mut tx, fence).await?;
        forget(&mut tx, fence).await?;
        sqlx::query(
            "INSERT INTO listing_map (shop, site, catalog, crawled_at, fresh_from, products)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(fence.shop.as_str())
        .bind(&*map.site)
        .bind(&*map.catalog)
        .bind(map.crawled_at)
        .bind(map.fresh_from)
        .bind(i64::try_from(map.products).unwrap_or(i64::MAX))
        .execute(&mut *tx)
        .await
        .map_err(failure)?;
        insert(&mut tx, fence, &map.listings).await?;
        tx.commit().await
    }

    async fn update_map(&self, fence: &Fence, update: &MapUpdate) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        pass(&mut tx, fence).await?;
        let done = sqlx::query("UPDATE listing_map SET fresh_from = ?, products = ? WHERE shop = ?")
            .bind(update.fresh_from)
            .bind(i64::try_from(update.products).unwrap_or(i64::MAX))
            .bind(fence.shop.as_str())
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        if done.rows_affected() != 1 {
            return Err(StateError::defect(format_args!("shop {} has no listing map", fence.shop)));
        }
        let changed = update.changed.iter().map(|product| &product.id);
        for product in changed.chain(&update.removed) {
            sqlx::query("DELETE FROM mapped_listing WHERE shop = ? AND product_id = ?")
                .bind(fence.shop.as_str())
                .bind(product.as_str())
                .execute(&mut *tx)
                .await
                .map_err(failure)?;
        }
        let listings: Vec<MappedListing> =
            update.changed.iter().flat_map(|product| &product.listings).map(Into::into).collect();
        insert(&mut tx, fence, &listings).await?;
        insert(&mut tx, fence, &update.listings).await?;
        tx.commit().await
    }

    async fn forget_map(&self, fence: &Fence) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        pass(&mut tx, fence).await?;
        forget(&mut tx, fence).await?;
        tx.commit().await
    }
}

/// The listings go with their map.
async fn forget(tx: &mut SqliteConnection, fence: &Fence) -> Result<(), StateError> {
    sqlx::query("DELETE FROM listing_map WHERE shop = ?")
        .bind(fence.shop.as_str())
        .execute(tx)
        .await
        .map_err(failure)?;
    Ok(())
}

async fn insert(
    tx: &mut SqliteConnection,
    fence: &Fence,
    listings: &[MappedListing],
) -> Result<(), StateError> {
    for group in listings.chunks(ROWS) {
        // A catalog that changed while it was read may name a listing twice; the later one is the newer.
        let mut sql = QueryBuilder::<Sqlite>::new(
            "INSERT OR REPLACE INTO mapped_listing
             (shop, product_id, variant_id, location_id, inventory_item_id, sku, tracked, level, revision) ",
        );
        sql.push_values(group, |mut row, listing| {
            row.push_bind(fence.shop.as_str())
                .push_bind(listing.key.product.as_str())
                .push_bind(listing.key.variant.as_str())
                .push_bind(location(&listing.key))
                .push_bind(listing.inventory_item.as_str())
                .push_bind(listing.sku.as_ref().map(Sku::as_str))
                .push_bind(listing.shown.map(|shown| shown.tracked))
                .push_bind(listing.shown.and_then(|shown| shown.level).map(Level::units))
                .push_bind(listing.shown.map(|shown| shown.revision.number()));
        });
        sql.build().execute(&mut *tx).await.map_err(failure)?;
    }
    Ok(())
}

fn mapped(row: &SqliteRow) -> Result<MappedListing, StateError> {
    let text = |name: &str| row.try_get::<&str, _>(name).map_err(failure);
    let sku: Option<&str> = row.try_get("sku").map_err(failure)?;
    Ok(MappedListing {
        key: key(row)?,
        inventory_item: InventoryItemId::new(text("inventory_item_id")?),
        sku: sku.map(Sku::parse).transpose().map_err(|error| unreadable("a listing map", error))?,
        shown: shown(row)?,
    })
}

/// What the listing showed; `None` in a catalog without revisions.
fn shown(row: &SqliteRow) -> Result<Option<Shown>, StateError> {
    let revision: Option<i64> = row.try_get("revision").map_err(failure)?;
    let Some(revision) = revision.map(Revision::new) else { return Ok(None) };
    let level: Option<i64> = row.try_get("level").map_err(failure)?;
    let level = level
        .map(|units| {
            Level::new(units).ok_or_else(|| unreadable("a listing map", format_args!("level {units}")))
        })
        .transpose()?;
    Ok(Some(Shown { tracked: row.try_get("tracked").map_err(failure)?, level, revision }))
}
