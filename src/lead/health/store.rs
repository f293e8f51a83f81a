//! Where it is remembered how sources are doing, and what the rounds look at.

use super::{Health, Watched};
use crate::base::ids::{BusinessId, SourceId};
use crate::db::{Conn, Pool};
use std::collections::HashMap;

/// Bodies above this are not looked at again, in bytes: a form is far below.
const BODY_MAX: i64 = 256 * 1024;

/// A stored submission, as the rounds look at it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Stored {
    /// UTC milliseconds.
    pub received_at: i64,
    /// What became of it.
    pub state: String,
    /// As declared.
    pub content_type: Option<String>,
    /// A JSON list of pairs.
    pub headers: String,
    /// Without the question mark.
    pub query: String,
    /// Raw; `None` for very long ones.
    pub body: Option<Vec<u8>>,
    /// What was read, as JSON.
    pub reading: Option<String>,
}

/// The next sources after the id `after` (empty = from the start), by their ids, each with what is remembered of it.
///
/// # Errors
/// When the database cannot be read.
pub async fn watched(pool: &Pool, after: &str, limit: i64) -> Result<Vec<Watched>, sqlx::Error> {
    sqlx::query_as(
        "SELECT s.id AS source_id, s.business_id, s.name, s.last_at, s.created_at, b.slug, b.timezone \
         FROM source s JOIN business b ON b.id = s.business_id WHERE s.id > $1 ORDER BY s.id LIMIT $2",
    )
    .bind(after)
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// What is remembered of one source.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_source(pool: &Pool, source: &SourceId) -> Result<Option<Health>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM source_health WHERE source_id = $1").bind(source).fetch_optional(pool).await
}

#[derive(sqlx::FromRow)]
struct Remembered {
    source_id: String,
    #[sqlx(flatten)]
    health: Health,
}

/// What is remembered of each source of a business, by the source's id.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_business(pool: &Pool, business: &BusinessId) -> Result<HashMap<String, Health>, sqlx::Error> {
    let rows: Vec<Remembered> =
        sqlx::query_as("SELECT * FROM source_health WHERE business_id = $1").bind(business).fetch_all(pool).await?;
    Ok(rows.into_iter().map(|row| (row.source_id, row.health)).collect())
}

/// The same of every business that `within` allows; `None` allows all.
///
/// # Errors
/// When the database cannot be read.
pub async fn within(pool: &Pool, within: Option<&BusinessId>) -> Result<HashMap<String, Health>, sqlx::Error> {
    let rows: Vec<Remembered> = sqlx::query_as("SELECT * FROM source_health WHERE $1 IS NULL OR business_id = $1")
        .bind(within)
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(|row| (row.source_id, row.health)).collect())
}

/// The submissions of a source after `after` and up to `until` (UTC milliseconds), oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn news(
    pool: &Pool,
    business: &BusinessId,
    source: &SourceId,
    after: i64,
    until: i64,
    limit: i64,
) -> Result<Vec<Stored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT received_at, state, content_type, headers, query, CASE WHEN length(body) <= $6 THEN body END AS body, reading \
         FROM receipt WHERE business_id = $1 AND received_at > $3 AND received_at <= $4 AND source_id = $2 \
         ORDER BY received_at, id LIMIT $5",
    )
    .bind(business)
    .bind(source)
    .bind(after)
    .bind(until)
    .bind(limit)
    .bind(BODY_MAX)
    .fetch_all(pool)
    .await
}

/// The instants at which a source's newest leads came since `since`, oldest first; at most 2,000. What we asked for
/// ourselves did not come by itself.
///
/// # Errors
/// When the database cannot be read.
pub async fn arrivals(
    pool: &Pool,
    business: &BusinessId,
    source: &SourceId,
    since: i64,
) -> Result<Vec<i64>, sqlx::Error> {
    let mut found: Vec<i64> = sqlx::query_scalar(
        "SELECT received_at FROM receipt WHERE business_id = $1 AND received_at >= $3 AND source_id = $2 \
         AND state = 'accepted' AND substr(dedupe_key, 1, 8) <> 'fetched:' ORDER BY received_at DESC LIMIT 2000",
    )
    .bind(business)
    .bind(source)
    .bind(since)
    .fetch_all(pool)
    .await?;
    found.reverse();
    Ok(found)
}

/// Remembers how a source is doing.
///
/// # Errors
/// The database's.
pub async fn remember(
    conn: &mut Conn,
    business: &BusinessId,
    source: &SourceId,
    health: &Health,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO source_health (source_id, business_id, baseline, read_at, recent, changed_at, changed_told_at, usual, \
         quiet_at, quiet_told_at, refused_told_at, unreadable_told_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (source_id) DO UPDATE SET baseline = excluded.baseline, read_at = excluded.read_at, \
         recent = excluded.recent, changed_at = excluded.changed_at, changed_told_at = excluded.changed_told_at, \
         usual = excluded.usual, quiet_at = excluded.quiet_at, quiet_told_at = excluded.quiet_told_at, \
         refused_told_at = excluded.refused_told_at, unreadable_told_at = excluded.unreadable_told_at",
    )
    .bind(source)
    .bind(business)
    .bind(&health.baseline)
    .bind(health.read_at)
    .bind(&health.recent)
    .bind(health.changed_at)
    .bind(health.changed_told_at)
    .bind(&health.usual)
    .bind(health.quiet_at)
    .bind(health.quiet_told_at)
    .bind(health.refused_told_at)
    .bind(health.unreadable_told_at)
    .execute(conn)
    .await
    .map(drop)
}

/// Takes what a source sends since its change for what it usually sends: everything from there on is learned anew.
/// False when nothing had changed, or the source is not this business's.
///
/// # Errors
/// The database's.
pub async fn accept(conn: &mut Conn, business: &BusinessId, source: &SourceId) -> Result<bool, sqlx::Error> {
    sqlx::query(
        "UPDATE source_health SET baseline = '', read_at = changed_at - 1, changed_at = NULL, recent = '' \
         WHERE source_id = $1 AND business_id = $2 AND changed_at IS NOT NULL",
    )
    .bind(source)
    .bind(business)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() > 0)
}
