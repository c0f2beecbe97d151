//! Figures of a shop.

use std::collections::BTreeMap;
use std::iter::repeat_n;

use async_trait::async_trait;
use domain::report::Counters;
use domain::{LineState, RunId, ShopName, UnixMillis};
use sync::lease::LIFE_MS;
use sync::ports::{EarlierAttempt, Figures, StateError, Watch};

use super::{SqliteState, failure, unknown_code};

#[async_trait]
impl Watch for SqliteState {
    async fn mark(&self, now: UnixMillis) -> Result<(), StateError> {
        let mut tx = self.writing().await?;
        sqlx::query("INSERT INTO mark (id, at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET at = ?1")
            .bind(now)
            .execute(&mut *tx)
            .await
            .map_err(failure)?;
        tx.commit().await
    }

    async fn figures(&self, shop: &ShopName, now: UnixMillis) -> Result<Figures, StateError> {
        self.whereabouts.check()?;
        let (window_used, window_closed_until, last_good_at, scheduled_since, slots_missed, waiting_since, open_tasks): Row =
            sqlx::query_as(
                "SELECT
                     (SELECT count(*) FROM request WHERE shop = ?1 AND held_until > ?2),
                     (SELECT until FROM window_closed WHERE shop = ?1 AND until > ?2),
                     (SELECT max(finished_at) FROM run
                      WHERE shop = ?1 AND filtered = 0 AND kind IN ('sync', 'apply')
                        AND outcome IN ('converged', 'partial')),
                     (SELECT since FROM schedule WHERE shop = ?1),
                     (SELECT coalesce(sum(missed), 0) FROM slot WHERE shop = ?1),
                     -- A lease that was given back tells by its moment when: a lease's life before it, or later. One
                     -- whose moment is further away than that is of a clock that was turned back since.
                     (SELECT max(min(max(created_at, CASE dry_run WHEN 1 THEN 0 ELSE
                                     coalesce((SELECT at FROM resumed WHERE shop = ?1 AND at <= ?2), 0) END)),
                                 min(coalesce((SELECT expires_at FROM lease WHERE shop = ?1 AND expires_at <= ?3), 0), ?2))
                      FROM run
                      WHERE shop = ?1 AND outcome IS NULL AND durable = 1
                        AND (dry_run = 1 OR NOT EXISTS (SELECT 1 FROM pause WHERE shop = ?1))
                        AND NOT EXISTS (SELECT 1 FROM lease WHERE shop = ?1 AND held = 1 AND expires_at > ?2)),
                     (SELECT count(*) FROM run WHERE shop = ?1 AND outcome IS NULL AND durable = 1)",
            )
            .bind(shop.as_str())
            .bind(now)
            .bind(now.saturating_add(LIFE_MS))
            .fetch_one(&self.watchers)
            .await
            .map_err(failure)?;
        let lines: Vec<(String, i64)> = sqlx::query_as(
            "SELECT state, count(*) FROM line JOIN run ON run.id = line.run_id AND line.attempt = run.line_attempt
             WHERE shop = ? AND outcome IS NULL GROUP BY state",
        )
        .bind(shop.as_str())
        .fetch_all(&self.watchers)
        .await
        .map_err(failure)?;
        let open_lines = lines
            .into_iter()
            .map(|(state, lines)| Ok((state.parse().map_err(unknown_code)?, count(lines))))
            .collect::<Result<_, StateError>>()?;
        let ended: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT kind, outcome, runs FROM ended_runs WHERE shop = ?")
                .bind(shop.as_str())
                .fetch_all(&self.watchers)
                .await
                .map_err(failure)?;
        let ended_runs = ended
            .into_iter()
            .map(|(kind, outcome, runs)| {
                let kind = kind.parse().map_err(unknown_code)?;
                Ok((kind, outcome.parse().map_err(unknown_code)?, count(runs)))
            })
            .collect::<Result<_, StateError>>()?;
        Ok(Figures {
            window_used: count(window_used),
            window_closed_until,
            open_lines,
            last_good_at,
            scheduled_since,
            slots_missed: count(slots_missed),
            waiting_since,
            open_tasks: count(open_tasks),
            ended_runs,
        })
    }

    async fn earlier_attempts(&self, id: &RunId) -> Result<Vec<EarlierAttempt>, StateError> {
        // A task that is open has its next number already; what ended tells of the attempt whose lines count.
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
            let lines = usize::try_from(lines).map_err(failure)?;
            attempts.entry(attempt).or_default().extend(repeat_n(state, lines));
        }
        let told = |(attempt, states)| EarlierAttempt { attempt, counters: Counters::tally(states) };
        Ok(attempts.into_iter().map(told).collect())
    }
}

type Row = (i64, Option<i64>, Option<i64>, Option<i64>, i64, Option<i64>, i64);

fn count(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or(0)
}
