//! What a digit means when one of us texts it. A digit stands for one lead of one person, from the alert that gave it on; it is
//! free again when the lead is taken, or after a day.

use crate::base::clock::DAY_MS;
use crate::base::ids::{LeadId, PersonId};
use crate::db::Conn;

/// The lead that a digit of this person names.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Digit {
    /// Which.
    pub lead_id: LeadId,
    /// waiting taken answered closed.
    pub state: String,
    /// Who of us has it.
    pub taken_by: Option<PersonId>,
}

/// The lead that this person means by this digit: the one that waits, else the newest that was told by it in the last day,
/// those that are closed last. `back`: first of all the one that they have.
///
/// # Errors
/// The database's.
pub async fn lead_by_digit(
    conn: &mut Conn,
    person: &PersonId,
    digit: u8,
    back: bool,
    now: i64,
) -> Result<Option<Digit>, sqlx::Error> {
    sqlx::query_as(
        "SELECT l.id AS lead_id, l.state, l.taken_by FROM alert_link a JOIN lead l ON l.id = a.lead_id \
         WHERE a.person_id = $1 AND a.digit = $2 AND a.created_at > $3 \
         ORDER BY CASE WHEN $4 AND l.taken_by = $1 AND l.state <> 'closed' THEN 0 WHEN l.state = 'waiting' THEN 1 \
           WHEN l.state = 'closed' THEN 3 ELSE 2 END, a.created_at DESC LIMIT 1",
    )
    .bind(person)
    .bind(i64::from(digit))
    .bind(now - DAY_MS)
    .bind(back)
    .fetch_optional(conn)
    .await
}

/// The digit by which this person takes this lead, if it waits.
///
/// # Errors
/// The database's.
pub async fn digit_of(conn: &mut Conn, person: &PersonId, lead: &str, now: i64) -> Result<Option<u8>, sqlx::Error> {
    let digit: Option<i64> = sqlx::query_scalar(
        "SELECT a.digit FROM alert_link a JOIN lead l ON l.id = a.lead_id WHERE a.person_id = $1 AND a.lead_id = $2 \
         AND a.digit IS NOT NULL AND a.created_at > $3 AND l.state = 'waiting' ORDER BY a.created_at DESC LIMIT 1",
    )
    .bind(person)
    .bind(lead)
    .bind(now - DAY_MS)
    .fetch_optional(conn)
    .await?;
    Ok(digit.and_then(|digit| u8::try_from(digit).ok()))
}

/// Whether this person has sent this digit alone before, at or after `since`, in another text than `this`.
///
/// # Errors
/// The database's.
pub async fn sent_digit_since(
    conn: &mut Conn,
    person: &PersonId,
    digit: u8,
    since: i64,
    this: &str,
) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM inbound WHERE person_id = $1 AND replace(trim(body), ' ', '') = CAST($2 AS TEXT) \
         AND received_at >= $3 AND vendor_id <> $4 LIMIT 1",
    )
    .bind(person)
    .bind(i64::from(digit))
    .bind(since)
    .bind(this)
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Who waits and can be taken by a digit of this person (digit, name).
///
/// # Errors
/// The database's.
pub async fn waiting_digits(conn: &mut Conn, person: &PersonId, now: i64) -> Result<Vec<(u8, String)>, sqlx::Error> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT a.digit, COALESCE(l.name, l.phone, l.email, 'someone') FROM alert_link a JOIN lead l ON l.id = a.lead_id \
         WHERE a.person_id = $1 AND a.digit IS NOT NULL AND a.created_at > $2 AND l.state = 'waiting' ORDER BY a.digit LIMIT 9",
    )
    .bind(person)
    .bind(now - DAY_MS)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().filter_map(|(digit, name)| Some((u8::try_from(digit).ok()?, name))).collect())
}
