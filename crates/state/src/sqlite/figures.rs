//! Figures of a shop.

use async_trait::async_trait;
use domain::{ShopName, UnixMillis};
use sync::ports::{Figures, StateError, Watch};

use super::{SqliteState, failure, unknown_code};

#[async_trait]
impl Watch for SqliteState {
    async fn figures(&self, shop: &ShopName, now: UnixMillis) -> Result<Figures, StateError> {
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
                     (SELECT min(created_at) FROM run
                      WHERE shop = ?1 AND outcome IS NULL AND durable = 1
                        AND NOT EXISTS (SELECT 1 FROM lease WHERE shop = ?1 AND held = 1 AND expires_at > ?2)),
                     (SELECT count(*) FROM run WHERE shop = ?1 AND outcome IS NULL AND durable = 1)",
            )
            .bind(shop.as_str())
            .bind(now)
            .fetch_one(&self.readers)
            .await
            .map_err(failure)?;
        let lines: Vec<(String, i64)> = sqlx::query_as(
            "SELECT state, count(*) FROM line JOIN run ON run.id = line.run_id AND line.attempt = run.line_attempt
             WHERE shop = ? AND outcome IS NULL GROUP BY state",
        )
        .bind(shop.as_str())
        .fetch_all(&self.readers)
        .await
        .map_err(failure)?;
        let open_lines = lines
            .into_iter()
            .map(|(state, lines)| Ok((state.parse().map_err(unknown_code)?, count(lines))))
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
        })
    }
}

type Row = (i64, Option<i64>, Option<i64>, Option<i64>, i64, Option<i64>, i64);

fn count(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or(0)
}
