//! Reads and writes rows of runs, and reads rows of leases.

use domain::admission::lease::LeaseRow;
use domain::admission::queue::OpenRun;
use domain::admission::record::Work;
use domain::{ListingKey, LocationId, ProductId, RunId, RunKind, ShopName, Starter, UnixMillis, VariantId};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use sync::ports::{NewRun, RunRecord, StateError};

use super::error::{failure, unknown_code, unreadable};
use super::json::{from_json, to_json};
use super::lists;

/// Records a run as PENDING, unless it is already recorded.
pub(super) async fn insert(tx: &mut SqliteConnection, run: &NewRun) -> Result<(), StateError> {
    let pending = RunRecord::pending(run.clone());
    let inserted = sqlx::query(
        "INSERT INTO run (id, shop, kind, dry_run, scope, filtered, policy, plan_id, status, attempt, created_at,
                          durable, quantities, started_by, token_name, arrival, number)
         SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                (SELECT coalesce(max(arrival), 0) + 1 FROM run WHERE outcome IS NULL), last + 1
         FROM run_number WHERE true ON CONFLICT (id) DO NOTHING",
    )
    .bind(run.id.as_str())
    .bind(run.shop.as_str())
    .bind(run.kind().code())
    .bind(run.dry_run())
    .bind(to_json(&run.scope)?)
    .bind(run.scope.is_filtered())
    .bind(to_json(&run.policy)?)
    .bind(run.work.plan().map(RunId::as_str))
    .bind(pending.status.code())
    .bind(pending.attempt)
    .bind(run.created_at)
    .bind(run.durable)
    .bind(to_json(&run.work.quantities())?)
    .bind(run.starter.by.code())
    .bind(run.starter.token.as_deref())
    .execute(&mut *tx)
    .await
    .map_err(failure)?;
    if inserted.rows_affected() > 0 {
        sqlx::query("UPDATE run_number SET last = last + 1").execute(tx).await.map_err(failure)?;
    }
    Ok(())
}

/// Records that a process waits for a run that has not ended.
pub(super) async fn waits_at(
    tx: &mut SqliteConnection,
    id: &RunId,
    now: UnixMillis,
) -> Result<(), StateError> {
    sqlx::query("UPDATE run SET waited_at = ? WHERE id = ? AND outcome IS NULL")
        .bind(now)
        .bind(id.as_str())
        .execute(tx)
        .await
        .map_err(failure)?;
    Ok(())
}

/// The record of a run; `None` if there is none.
pub(super) async fn find(tx: &mut SqliteConnection, id: &RunId) -> Result<Option<RunRecord>, StateError> {
    let row = sqlx::query("SELECT * FROM run_record WHERE id = ?").bind(id.as_str()).fetch_optional(tx).await;
    row.map_err(failure)?.as_ref().map(record).transpose()
}

/// The record of a run that must exist.
pub(super) async fn expect(tx: &mut SqliteConnection, id: &RunId) -> Result<RunRecord, StateError> {
    find(tx, id).await?.ok_or_else(|| StateError::defect(format_args!("no run {id}")))
}

/// The runs of a shop that have not ended.
pub(super) async fn open_runs(
    tx: &mut SqliteConnection,
    shop: &ShopName,
) -> Result<Vec<OpenRun>, StateError> {
    let lease = lease(tx, shop).await?;
    let rows = sqlx::query("SELECT * FROM run_record WHERE shop = ? AND outcome IS NULL")
        .bind(shop.as_str())
        .fetch_all(tx)
        .await
        .map_err(failure)?;
    rows.iter()
        .map(|row| {
            let record = record(row)?;
            let holds_lease = lease.as_ref().is_some_and(|lease| lease.is_held_by(&record.run.id));
            let waited_at = row.try_get("waited_at").map_err(failure)?;
            let arrival: i64 = row.try_get("arrival").map_err(failure)?;
            Ok(OpenRun { record, waited_at, holds_lease, arrival: u64::try_from(arrival).unwrap_or(0) })
        })
        .collect()
}

/// The newest lease of a shop.
pub(super) async fn lease(
    tx: &mut SqliteConnection,
    shop: &ShopName,
) -> Result<Option<LeaseRow>, StateError> {
    let row: Option<(String, i64, i64, bool)> =
        sqlx::query_as("SELECT run_id, token, expires_at, held FROM lease WHERE shop = ?")
            .bind(shop.as_str())
            .fetch_optional(tx)
            .await
            .map_err(failure)?;
    row.map(|(run, token, expires_at, held)| {
        let token = u64::try_from(token).map_err(|error| unreadable("a lease", error))?;
        Ok(LeaseRow { run: RunId::new(&run), token, expires_at, held })
    })
    .transpose()
}

pub(super) fn record(row: &SqliteRow) -> Result<RunRecord, StateError> {
    let text = |name: &str| row.try_get::<String, _>(name).map_err(failure);
    let summary: Option<String> = row.try_get("summary").map_err(failure)?;
    let facts: Option<String> = row.try_get("facts").map_err(failure)?;
    let run = NewRun {
        id: RunId::new(&text("id")?),
        shop: ShopName::new(&text("shop")?),
        work: work(row)?,
        scope: from_json("the scope of a run", &text("scope")?)?,
        policy: from_json("the policy of a run", &text("policy")?)?,
        durable: row.try_get("durable").map_err(failure)?,
        created_at: row.try_get("created_at").map_err(failure)?,
        starter: Starter {
            by: text("started_by")?.parse().map_err(unknown_code)?,
            token: row.try_get("token_name").map_err(failure)?,
        },
    };
    let number: i64 = row.try_get("number").map_err(failure)?;
    Ok(RunRecord {
        run,
        number: u64::try_from(number).map_err(|error| unreadable("the number of a run", error))?,
        status: text("status")?.parse().map_err(unknown_code)?,
        attempt: row.try_get("attempt").map_err(failure)?,
        deaths: row.try_get("deaths").map_err(failure)?,
        cancel_asked: row.try_get::<Option<i64>, _>("cancel_at").map_err(failure)?.is_some(),
        snapshot_of: row.try_get("snapshot_of").map_err(failure)?,
        started_at: row.try_get("started_at").map_err(failure)?,
        facts: facts.map(|json| from_json("the figures of a plan", &json)).transpose()?,
        summary: summary.map(|json| lists::whole_summary(row, &json)).transpose()?,
    })
}

/// The work of a run, from its columns.
fn work(row: &SqliteRow) -> Result<Work, StateError> {
    let text = |name: &str| row.try_get::<String, _>(name).map_err(failure);
    Ok(match text("kind")?.parse().map_err(unknown_code)? {
        RunKind::Sync => Work::Sync { dry_run: row.try_get("dry_run").map_err(failure)? },
        RunKind::Plan => Work::Plan,
        RunKind::Apply => {
            let plan: Option<String> = row.try_get("plan_id").map_err(failure)?;
            let plan = plan.ok_or_else(|| unreadable("a run", "it applies a plan and names none"))?;
            Work::Apply { plan: RunId::new(&plan) }
        }
        RunKind::Set => Work::Set { quantities: from_json("the quantities of a run", &text("quantities")?)? },
    })
}

/// What names a listing, from columns of the usual names. An empty location stands for a catalog without locations.
pub(super) fn key(row: &SqliteRow) -> Result<ListingKey, StateError> {
    let text = |name: &str| row.try_get::<&str, _>(name).map_err(failure);
    let location = text("location_id")?;
    Ok(ListingKey {
        product: ProductId::new(text("product_id")?),
        variant: VariantId::new(text("variant_id")?),
        location: (!location.is_empty()).then(|| LocationId::new(location)),
    })
}

/// The location of a listing as its column has it.
pub(super) fn location(key: &ListingKey) -> &str {
    key.location.as_ref().map_or("", LocationId::as_str)
}
