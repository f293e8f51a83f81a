//! Messages that did not go out and of which nobody was told yet.

use crate::db::Conn;
use sqlx::SqlitePool;

/// Businesses with such messages that had no notice since `quiet_since`.
///
/// # Errors
/// The database's.
pub async fn untold(readers: &SqlitePool, quiet_since: i64) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT DISTINCT o.business_id FROM outbox o WHERE o.state IN ('held', 'failed', 'expired') AND o.told_at IS NULL \
         AND o.purpose <> 'notice' AND NOT EXISTS (SELECT 1 FROM outbox n WHERE n.business_id = o.business_id \
         AND n.queued_at > $1 AND n.purpose = 'notice' AND n.step = 'trouble') LIMIT 100",
    )
    .bind(quiet_since)
    .fetch_all(readers)
    .await
}

/// Whether a notice of this step was planned for the business since `quiet_since`.
///
/// # Errors
/// The database's.
pub async fn was_told(conn: &mut Conn, business: &str, step: &str, quiet_since: i64) -> Result<bool, sqlx::Error> {
    let found: Vec<i64> = sqlx::query_scalar(
        "SELECT 1 FROM outbox WHERE business_id = $1 AND queued_at > $2 AND purpose = 'notice' AND step = $3 LIMIT 1",
    )
    .bind(business)
    .bind(quiet_since)
    .bind(step)
    .fetch_all(conn)
    .await?;
    Ok(!found.is_empty())
}

/// Marks them told and returns the reasons with their counts, most frequent first.
///
/// # Errors
/// The database's.
pub async fn mark_told(conn: &mut Conn, business: &str, now: i64) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let reasons = sqlx::query_as(
        "SELECT COALESCE(reason, 'No reason was given.'), count(*) FROM outbox WHERE business_id = $1 \
         AND state IN ('held', 'failed', 'expired') AND told_at IS NULL AND purpose <> 'notice' GROUP BY 1 ORDER BY 2 DESC LIMIT 20",
    )
    .bind(business)
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE outbox SET told_at = $1 WHERE business_id = $2 AND state IN ('held', 'failed', 'expired') AND told_at IS NULL",
    )
    .bind(now)
    .bind(business)
    .execute(conn)
    .await?;
    Ok(reasons)
}
