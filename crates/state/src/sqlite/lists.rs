//! The lists of summaries. Most of them stay the same from run to run, so each text is kept once.

use domain::RunSummary;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use sync::ports::StateError;

use super::error::failure;
use super::json::{from_json, to_json};

/// A summary as its row keeps it: without its lists, which have rows of their own.
pub(super) struct SplitSummary {
    /// The rest, as JSON.
    pub(super) rest: String,
    /// The row of [`RunSummary::skipped`]; `None` if it is empty.
    pub(super) skipped: Option<i64>,
    /// The row of [`RunSummary::notes`]; `None` if it is empty.
    pub(super) notes: Option<i64>,
}

/// Keeps the lists of a summary.
pub(super) async fn split(
    tx: &mut SqliteConnection,
    summary: &RunSummary,
) -> Result<SplitSummary, StateError> {
    let mut rest = summary.clone();
    let (skipped, notes) = (std::mem::take(&mut rest.skipped), std::mem::take(&mut rest.notes));
    Ok(SplitSummary {
        rest: to_json(&rest)?,
        skipped: keep(tx, skipped.is_empty(), to_json(&skipped)?).await?,
        notes: keep(tx, notes.is_empty(), to_json(&notes)?).await?,
    })
}

/// A summary with its lists, from a row of `run_record`.
pub(super) fn whole_summary(row: &SqliteRow, rest: &str) -> Result<RunSummary, StateError> {
    let list = |name: &str| row.try_get::<Option<String>, _>(name).map_err(failure);
    let mut summary: RunSummary = from_json("the summary of a run", rest)?;
    if let Some(skipped) = list("skipped_text")? {
        summary.skipped = from_json("the SKUs that a run left alone", &skipped)?;
    }
    if let Some(notes) = list("notes_text")? {
        summary.notes = from_json("the notes of a run", &notes)?;
    }
    Ok(summary)
}

/// Keeps a list once more; gives its row.
async fn keep(tx: &mut SqliteConnection, is_empty: bool, text: String) -> Result<Option<i64>, StateError> {
    if is_empty {
        return Ok(None);
    }
    let hash = hash_of(&text);
    let known: Option<i64> = sqlx::query_scalar(
        "UPDATE summary_list SET uses = uses + 1 WHERE hash = ? AND text = ? RETURNING id",
    )
    .bind(hash)
    .bind(&text)
    .fetch_optional(&mut *tx)
    .await
    .map_err(failure)?;
    if known.is_some() {
        return Ok(known);
    }
    let made = sqlx::query("INSERT INTO summary_list (hash, uses, text) VALUES (?, 1, ?)")
        .bind(hash)
        .bind(text)
        .execute(tx)
        .await
        .map_err(failure)?;
    Ok(Some(made.last_insert_rowid()))
}

/// FNV-1a. It only narrows the search, so it need not be safe against those who know it; it must stay the same, because
/// it is stored.
fn hash_of(text: &str) -> i64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    hash.cast_signed()
}

#[cfg(test)]
mod tests {
    use super::hash_of;

    #[test]
    fn the_hash_is_that_of_its_published_test_vectors() {
        assert_eq!(hash_of("").cast_unsigned(), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash_of("a").cast_unsigned(), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash_of("foobar").cast_unsigned(), 0x8594_4171_f739_67e8);
    }
}
