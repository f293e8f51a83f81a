//! Hooks and what they are still to be told, in SQL. Every query names its business.

use super::Hook;
use crate::base::ids::{BusinessId, LeadId};
use crate::db::{Conn, Pool};

macro_rules! columns {
    () => {
        "id, business_id, kind, host, url_sealed, secret_sealed, old_secret_sealed, old_until_at, events, is_on, off_why, \
         failures, created_at"
    };
}

/// The hooks of a business, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_business(pool: &Pool, business: &BusinessId) -> Result<Vec<Hook>, sqlx::Error> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM hook WHERE business_id = $1 ORDER BY created_at, id");
    sqlx::query_as(SQL).bind(business).fetch_all(pool).await
}

/// One hook of a business.
///
/// # Errors
/// When the database cannot be read.
pub async fn one(pool: &Pool, business: &BusinessId, id: &str) -> Result<Option<Hook>, sqlx::Error> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM hook WHERE business_id = $1 AND id = $2");
    sqlx::query_as(SQL).bind(business).bind(id).fetch_optional(pool).await
}

/// Stores a new hook.
///
/// # Errors
/// The database's.
pub async fn add(conn: &mut Conn, hook: &Hook) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO hook (id, business_id, kind, host, url_sealed, secret_sealed, events, is_on, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)",
    )
    .bind(&hook.id)
    .bind(&hook.business_id)
    .bind(&hook.kind)
    .bind(&hook.host)
    .bind(&hook.url_sealed)
    .bind(hook.secret_sealed.as_deref())
    .bind(&hook.events)
    .bind(hook.created_at)
    .execute(conn)
    .await
    .map(drop)
}

/// Puts a new secret in force; the one before signs along until `until` (UTC milliseconds).
///
/// # Errors
/// The database's.
pub async fn rotate(
    conn: &mut Conn,
    business: &BusinessId,
    id: &str,
    sealed: &str,
    until: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE hook SET old_secret_sealed = secret_sealed, old_until_at = $1, secret_sealed = $2 \
         WHERE id = $3 AND business_id = $4 AND secret_sealed IS NOT NULL",
    )
    .bind(until)
    .bind(sealed)
    .bind(id)
    .bind(business)
    .execute(conn)
    .await
    .map(drop)
}

/// Switches a hook on or off, and forgets its failures.
///
/// # Errors
/// The database's.
pub async fn switch(conn: &mut Conn, business: &BusinessId, id: &str, on: bool) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE hook SET is_on = $1, off_why = NULL, failures = 0, paused_until = NULL WHERE id = $2 AND business_id = $3",
    )
    .bind(on)
    .bind(id)
    .bind(business)
    .execute(conn)
    .await
    .map(drop)
}

/// Removes a hook. What was planned for it is called off when its turn comes.
///
/// # Errors
/// The database's.
pub async fn remove(conn: &mut Conn, business: &BusinessId, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM hook WHERE id = $1 AND business_id = $2")
        .bind(id)
        .bind(business)
        .execute(conn)
        .await
        .map(drop)
}

/// A line of a timeline that hooks may want to hear of.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Due {
    /// Its place among what is due.
    pub seq: i64,
    /// Its place among all events.
    pub event_seq: i64,
    /// Whose lead.
    pub business_id: BusinessId,
    /// The lead.
    pub lead_id: LeadId,
    /// When it happened (UTC milliseconds).
    pub at: i64,
    /// The kind of the line; empty if the line is gone.
    pub kind: String,
    /// Words, or a message's id.
    pub detail: Option<String>,
    /// Whether the lead had such a line before.
    pub is_repeated: bool,
}

/// What is due, oldest first, at most `most`. Of a line that was erased meanwhile nothing is left but its place.
///
/// # Errors
/// When the database cannot be read.
pub async fn due(pool: &Pool, most: i64) -> Result<Vec<Due>, sqlx::Error> {
    sqlx::query_as(
        "SELECT d.seq, d.event_seq, COALESCE(e.business_id, '') AS business_id, COALESCE(e.lead_id, '') AS lead_id, \
         COALESCE(e.at, 0) AS at, COALESCE(e.kind, '') AS kind, e.detail, EXISTS (SELECT 1 FROM event f \
           WHERE f.lead_id = e.lead_id AND f.kind = e.kind AND f.seq < e.seq) AS is_repeated \
         FROM hook_due d LEFT JOIN event e ON e.seq = d.event_seq ORDER BY d.seq LIMIT $1",
    )
    .bind(most)
    .fetch_all(pool)
    .await
}

/// Takes one off the list; `false` if somebody else did.
///
/// # Errors
/// The database's.
pub async fn done(conn: &mut Conn, due: &Due) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("DELETE FROM hook_due WHERE seq = $1 AND event_seq = $2")
        .bind(due.seq)
        .bind(due.event_seq)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}
