//! Businesses whose number the carriers block: known from the text that was blocked until one arrives. Meanwhile new leads
//! are answered by mail, but for one text an hour that finds out whether it is over.

use crate::base::clock::{DAY_MS, HOUR_MS};
use crate::base::ids::BusinessId;
use crate::db::{Conn, Pool};
use crate::outbox::block::Block;
use sqlx::{QueryBuilder, Sqlite};

/// How often a text to a lead finds out whether it is over, in milliseconds.
pub const PROBE_EVERY_MS: i64 = HOUR_MS;
/// What was blocked so long ago, in milliseconds, says nothing about today.
const FORGOTTEN_MS: i64 = 7 * DAY_MS;

/// How a blocked number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Blocked {
    /// The vendor's code for the newest text that was blocked.
    pub code: i64,
    /// From then on the next text may find out (UTC milliseconds).
    pub probe_at: i64,
}

/// Whether a business's number is blocked, as far as is known at `now`.
///
/// # Errors
/// When the database cannot be read.
pub async fn of(pool: &Pool, business: &BusinessId, now: i64) -> Result<Option<Blocked>, sqlx::Error> {
    let sql = "SELECT code, probe_at FROM blocked_number WHERE business_id = $1 AND last_at > $2";
    sqlx::query_as(sql).bind(business).bind(now - FORGOTTEN_MS).fetch_optional(pool).await
}

/// A text was blocked. Of those after the first one the owner need not be told.
///
/// # Errors
/// The database's.
pub async fn was_blocked(
    conn: &mut Conn,
    message: &str,
    business: &str,
    code: i64,
    sent_at: i64,
    now: i64,
) -> Result<(), sqlx::Error> {
    if Block::of_code(code).is_none() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO blocked_number (business_id, code, last_at, probe_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (business_id) DO UPDATE SET code = excluded.code, last_at = max(last_at, excluded.last_at), \
         told_at = CASE WHEN last_at > $5 THEN told_at END, probe_at = excluded.probe_at",
    )
    .bind(business)
    .bind(code)
    .bind(sent_at)
    .bind(now + PROBE_EVERY_MS)
    .bind(now - FORGOTTEN_MS)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE outbox SET told_at = $2 WHERE id = $1 AND told_at IS NULL AND EXISTS (SELECT 1 FROM blocked_number b \
         WHERE b.business_id = outbox.business_id AND b.told_at IS NOT NULL)",
    )
    .bind(message)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

/// A text arrived that was sent at that instant: the carriers let the number through. Of a trial account that one of us
/// got a text says nothing.
///
/// # Errors
/// The database's.
pub async fn got_through(conn: &mut Conn, business: &str, to_lead: bool, sent_at: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "DELETE FROM blocked_number WHERE business_id = $1 AND last_at < $2 AND ($3 OR code NOT IN (21219, 21608))",
    )
    .bind(business)
    .bind(sent_at)
    .bind(to_lead)
    .execute(conn)
    .await
    .map(drop)
}

/// A text that finds out whether it is over was planned for this business; the next one waits its time.
///
/// # Errors
/// The database's.
pub async fn probed(conn: &mut Conn, business: &str, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE blocked_number SET probe_at = $2 WHERE business_id = $1")
        .bind(business)
        .bind(now + PROBE_EVERY_MS)
        .execute(conn)
        .await
        .map(drop)
}

/// Businesses whose owner does not know yet, with the code.
///
/// # Errors
/// When the database cannot be read.
pub async fn untold(pool: &Pool) -> Result<Vec<(BusinessId, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT business_id, code FROM blocked_number WHERE told_at IS NULL LIMIT 100").fetch_all(pool).await
}

/// The owner is told, and with that of every text that was blocked so far.
///
/// # Errors
/// The database's.
pub async fn told(conn: &mut Conn, business: &BusinessId, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE blocked_number SET told_at = $2 WHERE business_id = $1")
        .bind(business)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    let mut sql = QueryBuilder::<Sqlite>::new("UPDATE outbox SET told_at = ");
    sql.push_bind(now).push(" WHERE business_id = ").push_bind(business.as_str());
    sql.push(" AND state IN ('held', 'failed', 'expired', 'unknown') AND told_at IS NULL AND last_code IN (");
    let mut list = sql.separated(", ");
    for code in Block::CODES {
        list.push_bind(code);
    }
    sql.push(")");
    sql.build().execute(conn).await.map(drop)
}
