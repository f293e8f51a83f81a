//! Who of us was put through to which lead, and how that ended. Written by the vendor's callbacks, which come in any
//! order and may repeat.

use crate::base::ids::{BusinessId, LeadId, PersonId};
use crate::db::Conn;
use crate::lead::deed::Who;

/// One of us and a lead on the line, or the attempt at it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Bridge {
    /// Whose lead it is.
    pub business_id: BusinessId,
    /// The lead.
    pub lead_id: LeadId,
    /// Who of us.
    pub person_id: Option<PersonId>,
    /// When somebody or something picked up at the lead's (UTC milliseconds).
    pub connected_at: Option<i64>,
    /// UTC milliseconds.
    pub ended_at: Option<i64>,
}

/// The lead's telephone begins to ring. `message` is the call that rang one of us.
///
/// # Errors
/// The database's.
pub async fn dial(
    conn: &mut Conn,
    message: &str,
    business: &BusinessId,
    lead: &LeadId,
    person: Option<&PersonId>,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO bridge (message_id, business_id, lead_id, person_id, dialed_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (message_id) DO NOTHING",
    )
    .bind(message)
    .bind(business)
    .bind(lead)
    .bind(person)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

/// The bridge of a call.
///
/// # Errors
/// The database's.
pub async fn one(conn: &mut Conn, message: &str) -> Result<Option<Bridge>, sqlx::Error> {
    sqlx::query_as("SELECT business_id, lead_id, person_id, connected_at, ended_at FROM bridge WHERE message_id = $1")
        .bind(message)
        .fetch_optional(conn)
        .await
}

/// The lead's end was picked up. Returns whether that is news.
///
/// # Errors
/// The database's.
pub async fn connected(conn: &mut Conn, message: &str, at: i64) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE bridge SET connected_at = $2 WHERE message_id = $1 AND connected_at IS NULL")
        .bind(message)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// It is over; the timeline says how. Returns whether that is news.
///
/// # Errors
/// The database's.
pub async fn ended(
    conn: &mut Conn,
    message: &str,
    who: &Who,
    outcome: &str,
    talk_secs: Option<i64>,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE bridge SET ended_at = $2, outcome = $3, talk_secs = $4 WHERE message_id = $1 AND ended_at IS NULL",
    )
    .bind(message)
    .bind(now)
    .bind(outcome)
    .bind(talk_secs)
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    let detail = talk_secs.map_or_else(|| outcome.to_owned(), |secs| format!("{outcome} {secs}"));
    sqlx::query(
        "INSERT INTO event (business_id, lead_id, at, kind, by, detail) \
         SELECT business_id, lead_id, $2, 'called', $3, $4 FROM bridge WHERE message_id = $1",
    )
    .bind(message)
    .bind(now)
    .bind(&who.name)
    .bind(detail)
    .execute(conn)
    .await?;
    Ok(true)
}
