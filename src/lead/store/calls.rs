//! Calls to our numbers: when they began, who answered, how they ended. Written by the vendor's callbacks, which come in
//! any order and may repeat: a call only ever moves from ringing to answered or missed.

use crate::base::ids::{BusinessId, LeadId, PersonId};
use crate::db::{Conn, Pool};

/// A call that came in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Call {
    /// The vendor's id.
    pub vendor_id: String,
    /// Whose number rang.
    pub business_id: BusinessId,
    /// Who called, as the vendor wrote it.
    pub caller: String,
    /// Our number.
    pub number: String,
    /// `ringing`, `answered` or `missed`.
    pub state: String,
    /// Who of us answered.
    pub person_id: Option<PersonId>,
    /// Whose call it was.
    pub lead_id: Option<LeadId>,
    /// UTC milliseconds.
    pub began_at: i64,
    /// UTC milliseconds.
    pub answered_at: Option<i64>,
    /// UTC milliseconds.
    pub ended_at: Option<i64>,
}

/// A call begins. One that is known already stays as it is.
///
/// # Errors
/// The database's.
pub async fn begin(
    conn: &mut Conn,
    vendor_id: &str,
    business: &BusinessId,
    caller: &str,
    number: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO call (vendor_id, business_id, caller, number, state, began_at) \
         VALUES ($1, $2, $3, $4, 'ringing', $5) ON CONFLICT (vendor_id) DO NOTHING",
    )
    .bind(vendor_id)
    .bind(business)
    .bind(caller)
    .bind(number)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

/// One call, inside a transaction.
///
/// # Errors
/// The database's.
pub async fn one(conn: &mut Conn, vendor_id: &str) -> Result<Option<Call>, sqlx::Error> {
    sqlx::query_as(
        "SELECT vendor_id, business_id, caller, number, state, person_id, lead_id, began_at, answered_at, ended_at \
         FROM call WHERE vendor_id = $1",
    )
    .bind(vendor_id)
    .fetch_optional(conn)
    .await
}

/// One of us took it. The first one counts.
///
/// # Errors
/// The database's.
pub async fn answered(conn: &mut Conn, vendor_id: &str, by: Option<&PersonId>, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE call SET state = 'answered', person_id = $2, answered_at = $3 WHERE vendor_id = $1 AND state = 'ringing'",
    )
    .bind(vendor_id)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

/// It is over. Returns whether that is news.
///
/// # Errors
/// The database's.
pub async fn ended(
    conn: &mut Conn,
    vendor_id: &str,
    is_missed: bool,
    talk_secs: Option<i64>,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let state = if is_missed { "missed" } else { "answered" };
    let done = sqlx::query(
        "UPDATE call SET state = $2, ended_at = $3, talk_secs = $4, answered_at = CASE WHEN $2 = 'answered' THEN \
         coalesce(answered_at, began_at) END WHERE vendor_id = $1 AND ended_at IS NULL",
    )
    .bind(vendor_id)
    .bind(state)
    .bind(now)
    .bind(talk_secs)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Whose call it was.
///
/// # Errors
/// The database's.
pub async fn of_lead(conn: &mut Conn, vendor_id: &str, lead: &LeadId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE call SET lead_id = $2 WHERE vendor_id = $1")
        .bind(vendor_id)
        .bind(lead)
        .execute(conn)
        .await
        .map(drop)
}

/// Calls that began before `before` and whose end nobody told us, oldest first: those that somebody of ours answered too.
///
/// # Errors
/// When the database cannot be read.
pub async fn forgotten(pool: &Pool, before: i64, limit: i64) -> Result<Vec<Call>, sqlx::Error> {
    sqlx::query_as(
        "SELECT vendor_id, business_id, caller, number, state, person_id, lead_id, began_at, answered_at, ended_at FROM call \
         WHERE ended_at IS NULL AND began_at < $1 ORDER BY began_at LIMIT $2",
    )
    .bind(before)
    .bind(limit)
    .fetch_all(pool)
    .await
}
