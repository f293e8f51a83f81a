//! What reading a stored submission again changes: its receipt, and the lead that it made.

use crate::base::ids::{LeadId, ReceiptId, SourceId};
use crate::db::Conn;
use crate::lead::reading::Reading;

/// Where a lead stands, as far as messages that were never planned depend on it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    /// `waiting`, `taken`, `answered` or `closed`.
    pub state: String,
    /// A test.
    pub is_test: bool,
    /// Spam.
    pub is_spam: bool,
    /// When a person first answered, UTC milliseconds.
    pub person_at: Option<i64>,
    /// The other answers, as JSON.
    pub fields: String,
    /// Whether this lead had an automatic answer, however long ago.
    pub answered: bool,
}

/// Where a lead stands.
///
/// # Errors
/// The database's.
pub async fn standing(conn: &mut Conn, lead: &LeadId) -> Result<Option<Standing>, sqlx::Error> {
    sqlx::query_as(
        "SELECT state, is_test, is_spam, person_at, fields, first_text_at IS NOT NULL \
         OR EXISTS (SELECT 1 FROM first_message f WHERE f.business_id = lead.business_id AND f.lead_id = lead.id) AS answered \
         FROM lead WHERE id = $1",
    )
    .bind(lead)
    .fetch_optional(conn)
    .await
}

/// Fills in what a lead is missing. Nothing is overwritten; `fields` (JSON) takes the place of the other answers.
///
/// # Errors
/// The database's.
pub async fn fill(conn: &mut Conn, lead: &LeadId, reading: &Reading, fields: &str) -> Result<(), sqlx::Error> {
    let consent = reading.consent.as_ref().and_then(|consent| serde_json::to_string(consent).ok());
    sqlx::query(
        "UPDATE lead SET name = COALESCE(name, $2), first_name = COALESCE(first_name, $3), phone = COALESCE(phone, $4), \
         phone_given = COALESCE(phone_given, $5), email = COALESCE(email, $6), message = COALESCE(message, $7), \
         page = COALESCE(page, $8), consent = COALESCE(consent, $9), fields = $10, \
         marketing = COALESCE(marketing, $11) WHERE id = $1",
    )
    .bind(lead)
    .bind(reading.name.as_deref())
    .bind(reading.first_name.as_deref())
    .bind(reading.phone.as_ref().map(|phone| phone.as_str()))
    .bind(reading.phone_as_given.as_deref())
    .bind(reading.email.as_ref().map(|email| email.as_str()))
    .bind(reading.message.as_deref())
    .bind(reading.page.as_deref())
    .bind(consent)
    .bind(fields)
    .bind(reading.marketing.as_ref().and_then(|box_| serde_json::to_string(box_).ok()))
    .execute(conn)
    .await
    .map(drop)
}

/// Keeps a new reading of a receipt, and what that makes of it.
///
/// # Errors
/// The database's.
pub async fn reread(
    conn: &mut Conn,
    receipt: &ReceiptId,
    state: &str,
    problem: Option<&str>,
    reading: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE receipt SET state = $2, problem = $3, reading = $4 WHERE id = $1")
        .bind(receipt)
        .bind(state)
        .bind(problem)
        .bind(reading)
        .execute(conn)
        .await
        .map(drop)
}

/// Whether a receipt still is what it was when it was read: in this state, with this lead or none.
///
/// # Errors
/// The database's.
pub async fn is_still(
    conn: &mut Conn,
    receipt: &ReceiptId,
    state: &str,
    lead: Option<&LeadId>,
) -> Result<bool, sqlx::Error> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM receipt WHERE id = $1 AND state = $2 AND COALESCE(lead_id, '') = $3")
            .bind(receipt)
            .bind(state)
            .bind(lead.map_or("", |lead| lead.as_str()))
            .fetch_optional(conn)
            .await?;
    Ok(found.is_some())
}

/// Takes a receipt out, for the road to store it anew in the same transaction.
///
/// # Errors
/// The database's.
pub async fn take_out(conn: &mut Conn, receipt: &ReceiptId) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM receipt WHERE id = $1").bind(receipt).execute(conn).await.map(drop)
}

/// Gives a receipt that was stored anew its own time and count back.
///
/// # Errors
/// The database's.
pub async fn put_back(conn: &mut Conn, receipt: &ReceiptId, at: i64, repeats: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE receipt SET received_at = $2, repeats = $3 WHERE id = $1")
        .bind(receipt)
        .bind(at)
        .bind(repeats)
        .execute(conn)
        .await
        .map(drop)
}

/// Gives a lead that was made by reading again the time at which it really came. Nothing happens if there is none of
/// that id: the submission joined another one.
///
/// # Errors
/// The database's.
pub async fn backdate(conn: &mut Conn, lead: &LeadId, at: i64, was_closed: bool) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE lead SET received_at = $2, last_write_at = $2, was_closed = $3 WHERE id = $1")
        .bind(lead)
        .bind(at)
        .bind(was_closed)
        .execute(&mut *conn)
        .await?;
    sqlx::query("UPDATE event SET at = $2 WHERE lead_id = $1 AND kind = 'received'")
        .bind(lead)
        .bind(at)
        .execute(conn)
        .await
        .map(drop)
}

/// Gives sales of a source that were made or paid by reading again, just `now`, the time at which that was really told.
///
/// # Errors
/// The database's.
pub async fn backdate_sales(conn: &mut Conn, source: &SourceId, now: i64, at: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE payment SET created_at = CASE created_at WHEN $2 THEN $3 ELSE created_at END, \
         paid_at = CASE paid_at WHEN $2 THEN $3 ELSE paid_at END WHERE source_id = $1 AND changed_at = $2",
    )
    .bind(source)
    .bind(now)
    .bind(at)
    .execute(conn)
    .await
    .map(drop)
}
