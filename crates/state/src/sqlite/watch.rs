//! The figures of shops.

use std::collections::BTreeMap;
use std::iter::repeat_n;

use async_trait::async_trait;
use domain::admission::waiting::{Obstacles, OpenTask, waiting_since};
use domain::moment::SteadyRecord;
use domain::run::report::Counters;
use domain::{LineState, Outcome, RunId, RunKind, ShopName, StartedBy, UnixMillis};
use futures::TryStreamExt;
use sqlx::SqliteConnection;
use sync::ports::{EarlierAttempt, Figures, StateError, Watch};

use super::SqliteStore;
use super::error::{failure, unknown_code, unreadable};
use super::rows::lease;
use super::windows::pace_of;

#[async_trait]
impl Watch for SqliteStore {
    async fn probe_write(&self, now: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        sqlx::query("INSERT INTO mark (id, at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET at = ?1")
            .bind(now)
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        tx.commit().await
    }

    async fn figures(&self, shop: &ShopName, now: UnixMillis) -> Result<Figures, StateError> {
        self.file_identity.check()?;
        let mut db = self.watchers.begin().await.map_err(failure)?;
        let kept: Row = sqlx::query_as(
            "SELECT
                 (SELECT count(*) FROM request WHERE shop = ?1 AND held_until > ?2),
                 (SELECT until FROM window_closed WHERE shop = ?1 AND until > ?2),
                 (SELECT since FROM schedule WHERE shop = ?1),
                 (SELECT max(at) FROM slot WHERE shop = ?1),
                 (SELECT last_end_at FROM shop_figures WHERE shop = ?1),
                 (SELECT last_good_at FROM shop_figures WHERE shop = ?1),
                 (SELECT last_converged_at FROM shop_figures WHERE shop = ?1),
                 (SELECT slots_missed FROM shop_figures WHERE shop = ?1),
                 (SELECT since FROM pause WHERE shop = ?1)",
        )
        .bind(shop.as_str())
        .bind(now)
        .fetch_one(&mut *db)
        .await
        .map_err(failure)?;
        let (
            window_used,
            window_closed_until,
            scheduled_since,
            last_slot,
            last_end,
            last_good_at,
            last_converged_at,
            missed,
            paused,
        ) = kept;
        let tasks = open_tasks(&mut db, shop).await?;
        let open_count = u64::try_from(tasks.len()).unwrap_or(u64::MAX);
        let lease = lease(&mut db, shop).await?;
        let obstacles = Obstacles {
            paused: paused.is_some(),
            resumed_at: resumed(&mut db, shop).await?,
            lease: lease.as_ref(),
        };
        Ok(Figures {
            window_used: count(window_used),
            window_closed_until,
            halvings: pace_of(&mut db, shop).await?.halvings_at(now),
            open_lines: open_lines(&mut db, shop).await?,
            last_good_at,
            last_converged_at,
            scheduled_since,
            last_slot,
            slots_missed: missed.map_or(0, count),
            waiting_since: waiting_since(tasks, obstacles, now),
            open_tasks: open_count,
            latest_moment: [last_end, last_slot, scheduled_since, paused].into_iter().flatten().max(),
            ended_runs: ended_runs(&mut db, shop).await?,
        })
    }

    async fn is_clock_believed(&self, now: UnixMillis) -> Result<bool, StateError> {
        let mut ends = sqlx::query_scalar(
            "SELECT finished_at FROM run WHERE ended_no IS NOT NULL ORDER BY ended_no DESC",
        )
        .fetch(&self.readers);
        let mut record = SteadyRecord::at(now);
        while let Some(ended_at) = ends.try_next().await.map_err(failure)? {
            if let Some(believed) = record.add(ended_at) {
                return Ok(believed);
            }
        }
        Ok(false)
    }

    async fn earlier_attempts(&self, id: &RunId) -> Result<Vec<EarlierAttempt>, StateError> {
        // An open task already has the number of its next attempt. The result of an ended task describes the attempt
        // whose lines count.
        let rows: Vec<(u32, String, i64)> = sqlx::query_as(
            "SELECT line.attempt, state, count(*) FROM line JOIN run ON run.id = line.run_id
             WHERE run.id = ?
               AND line.attempt < CASE WHEN outcome IS NULL THEN run.attempt ELSE run.line_attempt END
             GROUP BY line.attempt, state ORDER BY line.attempt",
        )
        .bind(id.as_str())
        .fetch_all(&self.readers)
        .await
        .map_err(failure)?;
        let mut attempts: BTreeMap<u32, Vec<LineState>> = BTreeMap::new();
        for (attempt, state, lines) in rows {
            let state: LineState = state.parse().map_err(unknown_code)?;
            let lines = usize::try_from(lines).map_err(|error| unreadable("a count of lines", error))?;
            attempts.entry(attempt).or_default().extend(repeat_n(state, lines));
        }
        let earlier = |(attempt, states)| EarlierAttempt { attempt, counters: Counters::tally(states) };
        Ok(attempts.into_iter().map(earlier).collect())
    }
}

type Moment = Option<UnixMillis>;
/// What is kept of a shop: places taken, closing of the window, beginning of the schedule, last slot, last end, last good
/// end, last end of a run that left nothing open, missed slots, beginning of a pause.
type Row = (i64, Moment, Moment, Moment, Moment, Moment, Moment, Option<i64>, Moment);

async fn open_tasks(db: &mut SqliteConnection, shop: &ShopName) -> Result<Vec<OpenTask>, StateError> {
    let rows: Vec<(UnixMillis, bool)> = sqlx::query_as(
        "SELECT created_at, dry_run FROM run WHERE shop = ? AND outcome IS NULL AND durable = 1",
    )
    .bind(shop.as_str())
    .fetch_all(db)
    .await
    .map_err(failure)?;
    Ok(rows.into_iter().map(|(created_at, dry_run)| OpenTask { created_at, dry_run }).collect())
}

/// When the last pause of a shop ended.
async fn resumed(db: &mut SqliteConnection, shop: &ShopName) -> Result<Option<UnixMillis>, StateError> {
    sqlx::query_scalar("SELECT at FROM resumed WHERE shop = ?")
        .bind(shop.as_str())
        .fetch_optional(db)
        .await
        .map_err(failure)
}

async fn open_lines(db: &mut SqliteConnection, shop: &ShopName) -> Result<Vec<(LineState, u64)>, StateError> {
    let lines: Vec<(String, i64)> = sqlx::query_as(
        "SELECT state, count(*) FROM line JOIN run ON run.id = line.run_id AND line.attempt = run.line_attempt
         WHERE shop = ? AND outcome IS NULL GROUP BY state",
    )
    .bind(shop.as_str())
    .fetch_all(db)
    .await
    .map_err(failure)?;
    lines.into_iter().map(|(state, lines)| Ok((state.parse().map_err(unknown_code)?, count(lines)))).collect()
}

type EndedCount = (RunKind, Outcome, StartedBy, u64);

async fn ended_runs(db: &mut SqliteConnection, shop: &ShopName) -> Result<Vec<EndedCount>, StateError> {
    let rows: Vec<(String, String, String, i64)> =
        sqlx::query_as("SELECT kind, outcome, started_by, runs FROM ended_runs WHERE shop = ?")
            .bind(shop.as_str())
            .fetch_all(db)
            .await
            .map_err(failure)?;
    let figure = |(kind, outcome, by, runs): (String, String, String, i64)| {
        let (kind, by) = (kind.parse().map_err(unknown_code)?, by.parse().map_err(unknown_code)?);
        Ok((kind, outcome.parse().map_err(unknown_code)?, by, count(runs)))
    };
    rows.into_iter().map(figure).collect()
}

fn count(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or(0)
}
